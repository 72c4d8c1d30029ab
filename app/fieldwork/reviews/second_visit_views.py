"""Second visits in the console: where to go, and what was found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.catalogue.queries import get_questionnaire
from app.directory.staff_queries import names_of_agencies
from app.errors import Conflict, explanation
from app.fieldwork import staff_words
from app.fieldwork.models import RoundVillage
from app.fieldwork.queries import RoundLine, get_round, list_villages
from app.fieldwork.reviews.comparing import facts_of, list_checkers, record_second_visit
from app.fieldwork.reviews.drawing import list_to_check
from app.fieldwork.reviews.forms import SecondVisitForm
from app.fieldwork.rules import UnknownVillage
from app.fieldwork.staff_views import blueprint
from app.i18n import current_language
from app.transactions import transaction
from app.ui.links import done_at
from surveys.periods import local_day
from surveys.questions import Question


@dataclass(frozen=True, slots=True)
class _Place:
    """A commune of a round that this person leads, with its villages there and the facts to ask."""

    line: RoundLine
    commune: str
    name: str
    villages: Sequence[RoundVillage]
    facts: Sequence[Question]


@blueprint.route("/dot/<code>/tham-lai/<commune>", methods=["GET", "POST"])
def second_visits(code: str, commune: str) -> ResponseReturnValue:
    """Also for who leads that commune only, in a round of the province."""
    place, form = _place(code, commune), SecondVisitForm()
    form.checker.choices = [("", ""), *list_checkers(commune).items()]
    if not form.validate_on_submit():
        return _page(place, form), 400 if request.method == "POST" else 200
    facts = {question.id: request.form.get(f"q-{question.id}", "") for question in place.facts}
    try:
        with transaction():
            record_second_visit(
                place.line.row, form.slip.data, facts, UUID(form.checker.data),
                within={village.village for village in place.villages}, by=current_actor().id,
                now=clock.now(),
            )  # fmt: skip
    except Conflict as error:
        form.form_errors.append(". ".join(explanation(409, error)))
        return _page(_place(code, commune), form), 409
    return done_at(".second_visits", "second-visit", code=code, commune=commune)


def _place(code: str, commune: str) -> _Place:
    """Raises UnknownVillage for a commune that is not of the round or not this person's."""
    scopes, today = current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now())
    line = get_round(code, scopes, today)
    villages = list_villages(line.row, scopes, today, commune)
    if not villages:
        raise UnknownVillage(commune)
    name = names_of_agencies({commune}, today).get(commune, commune)
    facts = facts_of(get_questionnaire(line.row.questionnaire, line.row.version))
    return _Place(line, commune, name, villages, facts)


def _page(place: _Place, form: SecondVisitForm) -> str:
    return render_template(
        "console/fieldwork/second_visits.html",
        place=place, line=place.line, row=place.line.row, form=form, given=request.form,
        groups=list_to_check(place.line.row, place.villages), language=current_language(),
        **staff_words.shared(),
    )  # fmt: skip
