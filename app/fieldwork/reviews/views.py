"""The review of a round in the console: flags, and what people found out about them."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.errors import explanation
from app.fieldwork import staff_words
from app.fieldwork.queries import RoundLine, is_led
from app.fieldwork.reviews import words
from app.fieldwork.reviews.flags import FlagLine, FlagState, decide_flag, get_flag, list_flags, next_states
from app.fieldwork.reviews.forms import FlagForm
from app.fieldwork.reviews.rules import DecidedMeanwhile
from app.fieldwork.staff_views import blueprint, found_round
from app.transactions import transaction
from app.ui.links import done_at
from surveys.periods import local_day


@blueprint.get("/dot/<code>/ra-soat")
def flags(code: str) -> ResponseReturnValue:
    line = found_round(code)
    return render_template(
        "console/fieldwork/flags.html",
        line=line, row=line.row, flags=list_flags(code), **words.shared(), **staff_words.shared(),
    )  # fmt: skip


@blueprint.route("/dot/<code>/ra-soat/<uuid:flag>", methods=["GET", "POST"])
def flag(code: str, flag: UUID) -> ResponseReturnValue:
    line, form = found_round(code), FlagForm()
    found = get_flag(code, flag)
    form.state.choices = [(state.value, words.choice_words(state)) for state in next_states(found.row.state)]
    if not form.validate_on_submit():
        return _page(line, found, form), 400 if request.method == "POST" else 200
    try:
        with transaction():
            decide_flag(
                line.row, found.row, FlagState(form.state.data), form.note.data, seen=form.seen.data,
                by=current_actor().id, now=clock.now(),
            )  # fmt: skip
    except DecidedMeanwhile as error:
        form.form_errors.append(". ".join(explanation(409, error)))
        return _page(line, get_flag(code, flag), form), 409
    return done_at(".flags", "flag-decided", code=code)


def _page(line: RoundLine, found: FlagLine, form: FlagForm) -> str:
    scopes, today = current_actor().scopes(Permission.QUARANTINE_REVIEW), local_day(clock.now())
    form.seen.data = found.seen
    return render_template(
        "console/fieldwork/flag.html",
        line=line, row=line.row, flag=found, form=form, names=names_of({found.row.decided_by or ""}),
        may_remove=is_led(line.row, scopes, today), **words.shared(), **staff_words.shared(),
    )  # fmt: skip
