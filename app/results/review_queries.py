"""Quarantined answers as staff see them: numbers of groups in tens, never an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from app.directory.scopes import agency_condition
from app.directory.staff_queries import names_of_agencies
from app.extensions import db
from app.results.models import QuarantineReview
from app.results.review_rules import UnknownGroup
from app.results.reviews import REVIEWABLE, Group, ReviewAct
from app.results.tally_tables import TALLIES
from app.results.tallying import RELEASED, SET_ASIDE
from app.thresholds.queries import thresholds_of
from app.ui.paging import Page, paged
from surveys.disclosure import coarse_open_count
from surveys.periods import local_day, quarter_of

_NUMBER = func.sum(TALLIES.c.n)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """`number` is rounded down to tens, nought below `minimum`; `act` is the latest decision, if any."""

    group: Group
    agency_name: str
    number: int
    minimum: int
    act: ReviewAct | None


def page_of_groups(quarter: str, scopes: Collection[str], on: date, arguments: Mapping[str, str]) -> Page:
    """By the code of the agency, then by reason."""
    statement = _groups(quarter, agency_condition(scopes, on, TALLIES.c.agency))
    page = paged(statement, (TALLIES.c.agency, TALLIES.c.value), arguments)
    return Page(_rows(quarter, page.rows, on), page.earlier, page.later)


def get_group_row(group: Group, scopes: Collection[str], on: date) -> GroupRow:
    """Raises UnknownGroup, also outside the scopes."""
    own = (TALLIES.c.agency == group.agency, TALLIES.c.value == group.reason)
    statement = _groups(group.quarter, agency_condition(scopes, on, TALLIES.c.agency), *own)
    found = _rows(group.quarter, db.session.execute(statement).all(), on)
    if not found:
        raise UnknownGroup(group.subject)
    return found[0]


def count_group(group: Group) -> int:
    """How many answers the reason set aside, whether or not they count by now."""
    own = (TALLIES.c.agency == group.agency, TALLIES.c.value == group.reason)
    return sum(row[2] for row in db.session.execute(_groups(group.quarter, *own)))


def count_unreviewed(scopes: Collection[str], now: datetime) -> int:
    """Groups of the quarter just over that could still be released and that nobody has decided about."""
    quarter = quarter_of(now).previous
    if quarter.is_closable(now):
        return 0
    decided = select(QuarantineReview.number).where(
        QuarantineReview.agency == TALLIES.c.agency,
        QuarantineReview.quarter == quarter.code,
        QuarantineReview.reason == TALLIES.c.value,
    )
    within = agency_condition(scopes, local_day(now), TALLIES.c.agency)
    least = thresholds_of(quarter.code).disclosure
    large = _groups(quarter.code, within, ~decided.exists()).having(least <= _NUMBER)
    return db.session.scalar(select(func.count()).select_from(large.subquery())) or 0


def _groups(quarter: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(TALLIES.c.agency, TALLIES.c.value, _NUMBER.label("number"))
        .where(
            TALLIES.c.quarter == quarter,
            TALLIES.c.question.in_((SET_ASIDE, RELEASED)),
            TALLIES.c.value.in_(REVIEWABLE),
            *conditions,
        )
        .group_by(TALLIES.c.agency, TALLIES.c.value)
    )


def _rows(quarter: str, found: Collection[Any], on: date) -> list[GroupRow]:
    agencies = {row[0] for row in found}
    names = names_of_agencies(agencies, on)
    acts, minimum = _latest_acts(quarter, agencies), thresholds_of(quarter).disclosure
    return [
        GroupRow(
            Group(quarter, agency, reason),
            names.get(agency, agency),
            coarse_open_count(int(number), minimum),
            minimum,
            acts.get((agency, reason)),
        )
        for agency, reason, number in found
    ]


def _latest_acts(quarter: str, agencies: Collection[str]) -> dict[tuple[str, str], ReviewAct]:
    statement = (
        select(QuarantineReview.agency, QuarantineReview.reason, QuarantineReview.act)
        .where(QuarantineReview.quarter == quarter, QuarantineReview.agency.in_(sorted(agencies)))
        .order_by(QuarantineReview.number)
    )
    return {(agency, reason): ReviewAct(act) for agency, reason, act in db.session.execute(statement)}
