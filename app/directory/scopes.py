"""Which agencies the scopes of a person cover. What lies outside is not found, as if it were not there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from app.accounts import places
from app.accounts.identity import NATION_SCOPE
from app.clock import now
from app.directory.models import Agency, AgencyName
from app.directory.queries import list_provinces
from app.extensions import db
from surveys.periods import local_day


def agency_condition(scopes: Collection[str], on: date, column: Any = Agency.code) -> ColumnElement[bool]:
    """The condition that a column with the code of an agency lies within scopes as they reach on a day.

    A scope is `nation`, the code of a province or the code of an agency. With an agency come those that had
    become a part of it by that day, directly or through others: who answers for the whole answers for what
    went before. No scope covers nothing.
    """
    if NATION_SCOPE in scopes:
        return true()
    if not scopes:
        return false()
    wanted = sorted(scopes)
    own = select(Agency.code).where(or_(Agency.code.in_(wanted), Agency.province.in_(wanted)))
    # Without a name: a statement may ask for two scopes.
    covered = own.cte(recursive=True)
    merged = select(Agency.code).where(Agency.merged_into == covered.c.code, Agency.valid_to < on)
    covered = covered.union(merged)
    return column.in_(select(covered.c.code))  # type: ignore[no-any-return]  # a given column is Any


def is_covered(scopes: Collection[str], code: str, on: date) -> bool:
    """Whether an agency that there is, or was, lies within the scopes."""
    statement = select(Agency.code).where(Agency.code == code, agency_condition(scopes, on))
    return db.session.scalar(statement) is not None


def province_codes(scopes: Collection[str], on: date) -> list[str] | None:
    """The provinces in which the scopes cover anything; None where they cover the nation."""
    if NATION_SCOPE in scopes:
        return None
    statement = select(Agency.province).where(agency_condition(scopes, on)).distinct()
    return sorted(db.session.scalars(statement))


def may_add_in(scopes: Collection[str], province: str) -> bool:
    """Whether a new agency of a province would lie within the scopes: one agency is no place for another."""
    return NATION_SCOPE in scopes or province in scopes


def find_places(codes: Collection[str]) -> Mapping[str, places.Place]:
    """Provinces as they are today, and agencies, those that ended too, under their latest names."""
    wanted = sorted(codes)
    found = {
        view.code: places.Place(view.code, view.name)
        for view in list_provinces(local_day(now()))
        if view.code in codes
    }
    named = (
        select(Agency.code, Agency.province, AgencyName.name)
        .join(AgencyName, AgencyName.agency == Agency.code)
        .where(Agency.code.in_(wanted))
        .order_by(AgencyName.valid_from)
    )
    for code, province, name in db.session.execute(named):
        found[code] = places.Place(code, name, province)
    return found


places.register(find_places)


def covered_codes(scopes: Collection[str], on: date) -> frozenset[str] | None:
    """Every agency within the scopes, for a list that is not made by SQL; None where that is all of them."""
    if NATION_SCOPE in scopes:
        return None
    return frozenset(db.session.scalars(select(Agency.code).where(agency_condition(scopes, on))))
