"""The page on which somebody proposes to leave a collector's interviews out, or to count them again."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.approvals.kinds import Kind
from app.approvals.queries import find_waiting
from app.directory.queries import get_agency
from app.extensions import db
from app.fieldwork.models import Collector, Round
from app.fieldwork.queries import RoundLine, get_round, is_led
from app.fieldwork.reach import is_commune
from app.fieldwork.rules import UnknownCollector, UnknownRound
from app.results import field_removal_words as words
from app.results.field_removal import (
    Act,
    Change,
    cases_of,
    change_of,
    has_visited,
    possible_acts,
    propose_removal,
    subject_of,
)
from app.results.review_forms import ReviewForm
from app.results.staff_views import blueprint
from app.transactions import commits
from app.ui.links import done_at
from surveys.periods import local_day


@blueprint.route("/thuc-dia/dot/<code>/loai/<uuid:collector>", methods=["GET", "POST"])
@commits
def field_removal(code: str, collector: UUID) -> ResponseReturnValue:
    """What leaves or comes back, how the score of the round moves by it, and the form that proposes it."""
    actor, now = current_actor(), clock.now()
    line = _round(code)
    member = db.session.get(Collector, collector)
    if member is None or not has_visited(line.row, collector):
        raise UnknownCollector(str(collector))
    cases = cases_of(line.row)
    acts = possible_acts(line.row, cases, collector, now)
    form = ReviewForm()
    form.act.choices = [(act.value, words.act_words(act.value)) for act in acts]
    if not form.validate_on_submit():
        page = render_template(
            "console/fieldwork/removal.html",
            line=line,
            row=line.row,
            member=member,
            form=form,
            effects={act.value: _effects(change_of(cases, collector, act), act) for act in acts},
            undo=words.undo_words(),
            waiting=find_waiting(Kind.REMOVE_FIELD_CASES, subject_of(line.row, member)),
        )
        return page, 400 if request.method == "POST" else 200
    approval = propose_removal(
        line.row, member, Act(form.act.data), scope=_province(line.row), reason=form.reason.data,
        by=actor.id, now=now,
    )  # fmt: skip
    return done_at("approvals_staff.approval", "proposed", approval=approval)


def _round(code: str) -> RoundLine:
    """Raises UnknownRound for one that this person does not lead, or may not judge the answers of."""
    actor, today = current_actor(), local_day(clock.now())
    scopes = actor.scopes(Permission.QUARANTINE_REVIEW) & actor.scopes(Permission.FIELD_LEAD)
    line = get_round(code, scopes, today)
    if not is_led(line.row, scopes, today):
        raise UnknownRound(code)
    return line


def _province(row: Round) -> str:
    """Whether answers count is for the province to decide, not for the commune that is judged by them."""
    return get_agency(row.agency, row.first_day).province if is_commune(row.agency) else row.agency


def _effects(change: Change, act: Act) -> tuple[str, ...]:
    number, before, after = change
    return words.effects_of({"act": act.value, "number": number, "before": before, "after": after})
