"""A set of thresholds changes what the quarters from its first one print, and no quarter before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, scoped_session

from app.approvals.actions import decide
from app.approvals.queries import get_approval
from app.extensions import db
from app.results import queries
from app.results.models import Digest, QuarterState
from app.results.opening import open_count, open_counts
from app.results.windows import period_sheet
from app.thresholds import actions
from app.thresholds.models import ThresholdSet
from app.thresholds.queries import thresholds_between, thresholds_of
from app.thresholds.rules import QuarterBegun, SameSet, UnlawfulSet
from app.transactions import transaction
from surveys.periods import Quarter
from surveys.thresholds import DEFAULTS, Thresholds
from tests.integration.results.conftest import NOW
from tests.support.audit import recorded
from tests.support.editions import publish_all, revise_all
from tests.support.staff import words
from tests.support.tallies import TallyWriter

JUNE = datetime(2026, 6, 20, 3, tzinfo=UTC)
Q3 = Quarter(2026, 3)
STRICT = replace(DEFAULTS, disclosure=25, verdict=60, rank=120, response_rate=Fraction(3, 10))


def proposed(quarter: Quarter = Q3, wanted: Thresholds = STRICT, now: datetime = JUNE) -> Any:
    with transaction():
        return actions.propose_change(quarter, wanted, reason="Thận trọng hơn", by="person-1", now=now)


def decided(approval: Any, now: datetime = JUNE) -> None:
    with transaction():
        decide(approval, approve=True, by="person-2", now=now)


def digested_again() -> None:
    with transaction():
        db.session.execute(update(QuarterState).values(moves=QuarterState.moves + 1))
    revise_all(NOW, only="2026-Q3")


def printed(client: FlaskClient, quarter: str) -> list[str]:
    paths = ("", "/14", "/14-SKHCN", "/14-STP", "/14-SNV", "/51")
    return [words(client.get(f"/ket-qua/{quarter}{path}?kind=all").text) for path in paths]


def stored(quarter: str) -> dict[str, str]:
    rows = db.session.execute(select(Digest.place, Digest.figures).where(Digest.quarter == quarter))
    return dict(rows.all())


def test_a_set_changes_the_new_quarter_and_none_of_the_old(counted: Flask, client: FlaskClient) -> None:
    publish_all(NOW)
    before, old_pages, new_pages = stored("2026-Q2"), printed(client, "2026-Q2"), printed(client, "2026-Q3")
    decided(proposed())
    digested_again()
    assert stored("2026-Q2") == before
    assert printed(client, "2026-Q2") == old_pages
    now = printed(client, "2026-Q3")
    assert all(page != was for page, was in zip(now, new_pages, strict=True))
    assert "Ô có từ 1 đến 24 phiếu" in now[2] and "dưới 60 phiếu chỉ để tham khảo" in now[2]
    assert "khi tỷ lệ trả lời từ 30 % trở lên" in now[2].replace("\u00a0", " ")
    assert "Ô có từ 1 đến 9 phiếu" in old_pages[2]
    assert queries.get_figures("14-SKHCN", "2026-Q3").thresholds == STRICT
    assert queries.get_figures("14-SKHCN", "2026-Q2").thresholds == DEFAULTS


def test_the_threshold_of_disclosure_hides(counted: Flask, session: scoped_session[Session]) -> None:
    publish_all(NOW)
    assert not queries.get_figures("03646", "2026-Q3").official.hidden
    decided(proposed(wanted=replace(DEFAULTS, disclosure=61, verdict=61, rank=61)))
    digested_again()
    assert queries.get_figures("03646", "2026-Q3").official.hidden


def test_the_threshold_of_the_verdict_judges(counted: Flask, session: scoped_session[Session]) -> None:
    """And with it the words of change and the levels."""
    publish_all(NOW)
    agency = queries.get_figures("14-SKHCN", "2026-Q3")
    assert agency.official.levels is not None and agency.movement.change is not None
    decided(proposed(wanted=replace(DEFAULTS, verdict=101, rank=101)))
    digested_again()
    agency = queries.get_figures("14-SKHCN", "2026-Q3")
    assert agency.official.n == 100 and agency.official.levels is None
    assert agency.movement.change is None
    assert all(found.rank is None for found in queries.list_children("14", "2026-Q3"))


def test_an_open_quarter_tells_nothing_below_its_minimum(counted: Flask) -> None:
    with transaction():
        running = TallyWriter("2026-Q4")
        running.rated("14-SKHCN", (20, 4, 0, 0, 0))
        running.values("14-SKHCN", "_set_aside", {"too-fast": 24})
        running.write()
    assert open_count("14-SKHCN", "2026-Q4") == 20
    decided(proposed(Quarter(2026, 4)))
    assert open_count("14-SKHCN", "2026-Q4") == 0
    counts = open_counts("2026-Q4", date(2026, 10, 20))
    assert set(counts.streams.values()) == {0} and set(counts.set_aside.values()) == {0}


def test_a_window_of_days_protects_as_much_as_its_strictest_quarter(counted: Flask) -> None:
    decided(proposed(Q3, STRICT))
    later = replace(DEFAULTS, rank=70)
    decided(proposed(Quarter(2026, 4), later, now=datetime(2026, 9, 30, 16, 59, tzinfo=UTC)))
    assert thresholds_between(date(2026, 1, 1), date(2026, 6, 30)) == DEFAULTS
    assert thresholds_between(date(2026, 1, 1), date(2026, 10, 31)) == replace(later, disclosure=25)
    sheet = period_sheet(date(2026, 1, 1), date(2026, 10, 31), NOW)
    assert sheet["14"].thresholds == replace(later, disclosure=25)


def test_the_latest_decision_about_a_quarter_holds(counted: Flask) -> None:
    assert thresholds_of("2026-Q3") == DEFAULTS
    decided(proposed(Quarter(2026, 4), STRICT))
    milder = replace(DEFAULTS, disclosure=12)
    decided(proposed(Q3, milder))
    assert [thresholds_of(f"2026-Q{number}") for number in (1, 2, 3, 4)] == [
        DEFAULTS,
        DEFAULTS,
        milder,
        STRICT,
    ]
    decided(proposed(Quarter(2026, 4), milder))
    assert thresholds_of("2027-Q2") == milder
    event = recorded()[-2]
    assert (event.action, event.scope, event.details["from"]) == ("thresholds-changed", "nation", "2026-Q4")


@pytest.mark.parametrize(
    ("quarter", "wanted", "now", "rule"),
    [
        (Q3, STRICT, datetime(2026, 6, 30, 17, 0, tzinfo=UTC), QuarterBegun),
        (Quarter(2026, 2), STRICT, JUNE, QuarterBegun),
        (Quarter(2026, 1), STRICT, JUNE, QuarterBegun),
        (Q3, replace(DEFAULTS, disclosure=9), JUNE, UnlawfulSet),
        (Q3, replace(DEFAULTS, verdict=60), JUNE, UnlawfulSet),
        (Q3, DEFAULTS, JUNE, SameSet),
    ],
)
def test_what_the_method_forbids_cannot_be_proposed(
    app: Flask, session: Session, quarter: Quarter, wanted: Thresholds, now: datetime, rule: type[Exception]
) -> None:
    with pytest.raises(rule):
        proposed(quarter, wanted, now)


def test_a_set_that_is_decided_after_its_quarter_began_changes_nothing(app: Flask, session: Session) -> None:
    approval = proposed()
    with pytest.raises(QuarterBegun):
        decided(approval, now=datetime(2026, 6, 30, 17, 0, tzinfo=UTC))
    assert get_approval(approval).decision is None
    assert db.session.scalar(select(func.count()).select_from(ThresholdSet)) == 0
    decided(approval, now=datetime(2026, 6, 30, 16, 59, tzinfo=UTC))
    assert thresholds_of("2026-Q3") == STRICT


def test_a_change_that_breaks_half_way_leaves_the_proposal_waiting(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = proposed()

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(RuntimeError):
        decided(approval)
    assert get_approval(approval).decision is None
    assert thresholds_of("2026-Q3") == DEFAULTS
