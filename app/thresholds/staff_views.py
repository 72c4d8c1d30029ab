"""The thresholds of the method: what holds today, what was decided, and a proposal to change it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import NATION_SCOPE, current_actor
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.approvals.kinds import Kind
from app.approvals.queries import find_waiting
from app.errors import NotFound
from app.thresholds import actions, words
from app.thresholds.forms import ChangeForm
from app.thresholds.queries import list_sets, read_set, thresholds_of
from app.thresholds.rules import SameSet
from app.transactions import transaction
from app.ui.links import done_at
from surveys.periods import ZONE, Quarter, quarter_of

blueprint = Blueprint("thresholds_staff", __name__, url_prefix="/quan-tri/nguong")
QUARTERS_AHEAD = 4


@blueprint.get("")
def thresholds() -> ResponseReturnValue:
    running = quarter_of(clock.now())
    sets = list_sets()
    ahead = [quarter.code for quarter in _ahead(running)]
    return render_template(
        "console/thresholds/thresholds.html",
        running=running,
        columns=[(code, thresholds_of(code)) for code in [running.code, *ahead]],
        sets=[(item, read_set(item.thresholds)) for item in sets],
        names=names_of({person for item in sets for person in (item.proposed_by, item.decided_by)}),
        waiting=find_waiting(Kind.CHANGE_THRESHOLDS, actions.SUBJECT),
        may_change=NATION_SCOPE in current_actor().scopes(Permission.THRESHOLDS_CHANGE),
        **_words(),
    )


@blueprint.route("/doi", methods=["GET", "POST"])
def change() -> ResponseReturnValue:
    """Only for who answers for the whole nation: thresholds are the same everywhere."""
    actor, now = current_actor(), clock.now()
    if NATION_SCOPE not in actor.scopes(Permission.THRESHOLDS_CHANGE):
        raise NotFound
    form = _form(now)
    if not form.validate_on_submit():
        return _page(form)
    quarter = Quarter.parse(form.first_quarter.data)
    wanted = form.thresholds(thresholds_of(quarter.code))
    try:
        with transaction():
            approval = actions.propose_change(quarter, wanted, reason=form.reason.data, by=actor.id, now=now)
    except SameSet as error:
        form.refuse("first_quarter", error.words()[1])
        return _page(form)
    return done_at("approvals_staff.approval", "proposed", approval=approval)


def _form(now: datetime) -> ChangeForm:
    ahead = _ahead(quarter_of(now))
    known = thresholds_of(ahead[0].code)
    form = ChangeForm(
        disclosure=str(known.disclosure),
        verdict=str(known.verdict),
        rank=str(known.rank),
        response_rate=str(int(known.response_rate * 100)),
        merge=str(known.merge),
    )
    form.first_quarter.choices = [(quarter.code, words.quarter_words(quarter.code)) for quarter in ahead]
    return form


def _page(form: ChangeForm) -> ResponseReturnValue:
    page = render_template("console/thresholds/change.html", form=form)
    return page, 400 if request.method == "POST" else 200


def _ahead(running: Quarter) -> list[Quarter]:
    quarters = [running.next]
    while len(quarters) < QUARTERS_AHEAD:
        quarters.append(quarters[-1].next)
    return quarters


def _words() -> dict[str, Any]:
    return {
        "settable": words.SETTABLE,
        "threshold_words": words.threshold_words,
        "value_words": words.value_words,
        "quarter_words": words.quarter_words,
        "zone": ZONE,
    }
