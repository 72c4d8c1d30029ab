"""The survey page as people get it, for staff to look at: nothing of it can be sent or counted."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app import security
from app.catalogue.queries import get_questionnaire
from app.i18n import DEFAULT, LANGUAGES
from app.installation import is_demonstration
from app.responding.pages import preview_page
from app.responding.sheets import Sheet
from surveys.questionnaire import Questionnaire
from surveys.scoring import Channel, Phase

blueprint = Blueprint("responding_staff", __name__, url_prefix="/quan-tri")
# The draw of rows follows from the id of an answer: enough ids hold every draw.
MOST_TRIES = 10_000


@blueprint.get("/phieu/<code>/<version>/xem-thu/khung")
def preview_frame(code: str, version: str) -> Response:
    """`phase`, `draw` (which of the drawn rows, from 1) and `in` (the language) come from the page around."""
    questionnaire = get_questionnaire(code, version)
    phase = request.args.get("phase", "")
    language = request.args.get("in", DEFAULT)
    security.stand_in_frame()
    sheet = Sheet(
        questionnaire=questionnaire,
        agency="",
        agency_name=_("Tên cơ quan"),
        procedure=None,
        procedure_name=_("Tên thủ tục"),
        phase=Phase(phase) if phase in {known.value for known in Phase} else None,
        channel=Channel.WEB.value,
        one_time=False,
        demonstration=is_demonstration(),
    )
    response_id = _id_with(questionnaire, request.args.get("draw", ""))
    page = preview_page(sheet, response_id, language if language in LANGUAGES else DEFAULT)
    return Response(page, content_type="text/html; charset=utf-8")


def _id_with(questionnaire: Questionnaire, draw: str) -> UUID:
    """An id that is asked the wanted draw of rows; the first draw for anything else."""
    wanted = int(draw) - 1 if draw.isascii() and draw.isdigit() and len(draw) < 4 else 0
    candidates = (UUID(int=number) for number in range(MOST_TRIES))
    right = (found for found in candidates if questionnaire.combination_index(found) == wanted)
    return next(right, UUID(int=0))
