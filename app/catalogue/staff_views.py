"""Questionnaires for staff: the published versions, what one asks, and what two of them ask differently."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import security
from app.catalogue.queries import get_questionnaire, list_questionnaires
from app.catalogue.staff_words import part_words, phase_words, type_words
from surveys.differences import Fate, differences, frame_differences

blueprint = Blueprint("catalogue_staff", __name__, url_prefix="/quan-tri")


@blueprint.get("/phieu")
def questionnaires() -> ResponseReturnValue:
    names = list_questionnaires()
    return render_template(
        "console/catalogue/questionnaires.html",
        questionnaires=[get_questionnaire(name.code, name.version) for name in reversed(names)],
    )


@blueprint.get("/phieu/<code>/<version>")
def questionnaire(code: str, version: str) -> ResponseReturnValue:
    """The version as it was published; it never changes, so there is nothing to edit."""
    found = get_questionnaire(code, version)
    return render_template(
        "console/catalogue/questionnaire.html", questionnaire=found, others=_others(code, version), **_words()
    )


@blueprint.get("/phieu/<code>/<version>/xem-thu")
def preview(code: str, version: str) -> ResponseReturnValue:
    """The page that people get, in a frame as wide as a phone."""
    found = get_questionnaire(code, version)
    security.hold_frame()
    given = request.args
    wanted: dict[str, Any] = {name: given[name] for name in ("phase", "draw", "in") if given.get(name)}
    return render_template(
        "console/catalogue/preview.html",
        questionnaire=found,
        wanted=wanted,
        draws=len(found.combinations),
        draw_choices=[(str(at), str(at)) for at in range(1, len(found.combinations) + 1)],
        frame=url_for("responding_staff.preview_frame", code=code, version=version, **wanted),
    )


@blueprint.get("/phieu/<code>/so-sanh/<old>/<new>")
def compare(code: str, old: str, new: str) -> ResponseReturnValue:
    before, after = get_questionnaire(code, old), get_questionnaire(code, new)
    found = differences(before, after)
    return render_template(
        "console/catalogue/compare.html",
        before=before,
        after=after,
        frame=frame_differences(before, after),
        changed=[item for item in found if item.fate is not Fate.SAME],
        same=[item for item in found if item.fate is Fate.SAME],
        comparable=before.version in after.comparable_with or after.version in before.comparable_with,
        **_words(),
    )


def _others(code: str, version: str) -> list[str]:
    return [name.version for name in list_questionnaires() if name.code == code and name.version != version]


def _words() -> dict[str, Any]:
    return {"type_words": type_words, "phase_words": phase_words, "part_words": part_words}
