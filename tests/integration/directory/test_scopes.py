"""What a person may see follows the tree: the nation, a province, an agency and what became a part of it."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.directory.models import Agency, AgencyName
from app.directory.queries import UnknownAgency
from app.directory.scopes import agency_condition, is_covered, province_codes
from app.directory.staff_queries import get_agency_row
from app.extensions import db

START = date(2025, 7, 1)
MERGED = date(2026, 6, 30)
AFTER = date(2026, 7, 1)


def agency(code: str, province: str, *, into: str | None = None, last: date | None = None) -> None:
    db.session.add(
        Agency(code=code, province=province, kind="other", valid_from=START, valid_to=last, merged_into=into)
    )
    db.session.flush()
    db.session.add(AgencyName(agency=code, valid_from=START, valid_to=last, name=code, folded=code.lower()))
    db.session.flush()


def covered(scopes: set[str], on: date = AFTER) -> set[str]:
    return set(db.session.scalars(select(Agency.code).where(agency_condition(scopes, on))))


@pytest.fixture
def tree(session: Any) -> None:
    agency("14-A", "14")
    agency("14-B", "14", into="14-A", last=MERGED)
    agency("14-C", "14", into="14-B", last=date(2026, 3, 31))
    agency("31-A", "31")
    agency("31-X", "31", into="14-A", last=MERGED)


def test_the_nation_covers_everything(tree: None) -> None:
    assert covered({"nation"}) == {"14-A", "14-B", "14-C", "31-A", "31-X"}


def test_no_scope_covers_nothing(tree: None) -> None:
    assert covered(set()) == set()


def test_a_province_covers_its_agencies_and_what_became_a_part_of_them(tree: None) -> None:
    assert covered({"31"}) == {"31-A", "31-X"}
    assert covered({"14"}) >= {"14-A", "14-B", "14-C", "31-X"}
    assert "31-A" not in covered({"14"})


def test_an_agency_covers_itself_and_its_predecessors_through_others(tree: None) -> None:
    assert covered({"14-A"}) == {"14-A", "14-B", "14-C", "31-X"}
    assert covered({"14-B"}) == {"14-B", "14-C"}


def test_a_merger_widens_a_scope_only_from_its_day_on(tree: None) -> None:
    assert covered({"14-A"}, on=MERGED) == {"14-A"}
    assert covered({"14-A"}, on=AFTER) == {"14-A", "14-B", "14-C", "31-X"}


def test_what_lies_outside_is_not_found(tree: None) -> None:
    assert get_agency_row("14-A", {"14"}, AFTER).code == "14-A"
    for code in ("31-A", "99-NONE", ""):
        with pytest.raises(UnknownAgency):
            get_agency_row(code, {"14"}, AFTER)


def test_the_provinces_of_a_scope(tree: None) -> None:
    assert province_codes({"nation"}, AFTER) is None
    assert province_codes({"31-A"}, AFTER) == ["31"]
    assert province_codes({"14-A"}, AFTER) == ["14", "31"]


@pytest.mark.parametrize("seed", range(6))
def test_random_trees_agree_with_a_walk_by_hand(session: Any, seed: int) -> None:
    """The condition of the database against a few lines that follow mergers one by one."""
    draw = random.Random(seed)
    codes = [f"{draw.choice(['11', '12', '13'])}-{number}" for number in range(25)]
    rows: dict[str, tuple[str, str | None, date | None]] = {}
    for at, code in enumerate(codes):
        into = draw.choice(codes[:at]) if at and draw.random() < 0.5 else None
        last = draw.choice([date(2026, 3, 31), MERGED, date(2026, 9, 30)]) if into else None
        rows[code] = (code[:2], into, last)
        agency(code, code[:2], into=into, last=last)
    for _ in range(10):
        scopes = set(draw.sample([*codes, "11", "12", "13"], k=draw.randint(1, 3)))
        on = draw.choice([date(2026, 1, 1), date(2026, 4, 1), AFTER, date(2026, 12, 1)])
        expected = {code for code in codes if _within(code, rows, scopes, on)}
        assert covered(scopes, on) == expected
        assert all(is_covered(scopes, code, on) is (code in expected) for code in codes[:5])


def _within(code: str | None, rows: dict[str, Any], scopes: set[str], on: date) -> bool:
    while code is not None:
        province, into, last = rows[code]
        if code in scopes or province in scopes:
            return True
        code = into if last is not None and last < on else None
    return False
