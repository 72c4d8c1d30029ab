"""Quarantined answers for staff: how many there are by agency and reason, and a review of a group."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.approvals.kinds import Kind
from app.approvals.queries import find_waiting
from app.directory.staff_queries import get_agency_row
from app.errors import Conflict
from app.results import field_removal_views
from app.results import review_words as words
from app.results.review_forms import ReviewForm
from app.results.review_queries import GroupRow, get_group_row, page_of_groups
from app.results.review_rules import UnknownGroup
from app.results.reviewing import check, propose_review
from app.results.reviews import Group, ReviewAct, list_reviews
from app.results.staff_counts import list_quarters
from app.results.staff_views import blueprint, locale
from app.results.wording import set_aside_reason
from app.transactions import transaction
from app.ui.links import done_at
from surveys.periods import ZONE, Quarter, local_day

__all__ = ["field_removal_views"]


@blueprint.get("/de-rieng")
def set_aside() -> ResponseReturnValue:
    now = clock.now()
    quarters = [quarter for quarter in list_quarters(now) if quarter.last_day < local_day(now)]
    wanted = request.args.get("quarter", "")
    quarter = next((item for item in quarters if item.code == wanted), quarters[0] if quarters else None)
    scopes = current_actor().scopes(Permission.QUARANTINE_REVIEW)
    page = page_of_groups(quarter.code, scopes, local_day(now), request.args) if quarter else None
    return render_template(
        "console/results/set_aside.html",
        quarter=quarter,
        quarters=[(item.code, item.label_in(locale())) for item in quarters],
        page=page,
        closed=quarter is not None and quarter.is_closable(now),
        **_words(),
    )


@blueprint.route("/de-rieng/<quarter>/<agency>/<reason>", methods=["GET", "POST"])
def review(quarter: str, agency: str, reason: str) -> ResponseReturnValue:
    """A group, what was decided about it, and the form that proposes a decision."""
    actor, now = current_actor(), clock.now()
    scopes = actor.scopes(Permission.QUARANTINE_REVIEW)
    row = _group(quarter, agency, reason)
    form = ReviewForm()
    form.act.choices = _possible(row.group, now)
    if not form.validate_on_submit():
        return _page(row, form, now), 400 if request.method == "POST" else 200
    with transaction():
        approval = propose_review(
            row.group,
            ReviewAct(form.act.data),
            # Numbers of what was set aside are for the province, not for the agency that is judged.
            scope=get_agency_row(agency, scopes, local_day(now)).province,
            reason=form.reason.data,
            by=actor.id,
            now=now,
        )
    return done_at("approvals_staff.approval", "proposed", approval=approval)


def _group(quarter: str, agency: str, reason: str) -> GroupRow:
    """Raises UnknownGroup for what is not there, not reviewable or not this person's."""
    try:
        group = Group(Quarter.parse(quarter).code, agency, reason)
    except ValueError:
        raise UnknownGroup(quarter) from None
    scopes = current_actor().scopes(Permission.QUARANTINE_REVIEW)
    return get_group_row(group, scopes, local_day(clock.now()))


def _possible(group: Group, now: datetime) -> list[tuple[str, str]]:
    """The acts that the rules allow now."""
    found = []
    for act in ReviewAct:
        try:
            check(group, act, now)
        except Conflict:
            continue
        found.append((act.value, words.act_words(act)))
    return found


def _page(row: GroupRow, form: ReviewForm, now: datetime) -> str:
    reviews = list_reviews(row.group)
    quarter = Quarter.parse(row.group.quarter)
    return render_template(
        "console/results/review.html",
        row=row,
        form=form,
        quarter=quarter,
        runs=local_day(now) <= quarter.last_day,
        closed=quarter.is_closable(now),
        reviews=[(item, ReviewAct(item.act)) for item in reviews],
        waiting=find_waiting(Kind.REMOVE_QUARANTINED, row.group.subject),
        names=names_of({person for item in reviews for person in (item.proposed_by, item.decided_by)}),
        effects=words.effects_of,
        undo=words.undo_words(quarter),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "act_words": words.act_words,
        "number_words": words.number_words,
        "reason_words": set_aside_reason,
        "locale": locale(),
        "acts": ReviewAct,
        "zone": ZONE,
    }
