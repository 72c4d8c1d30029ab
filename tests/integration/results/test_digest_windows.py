"""Figures of a window of days say what the digest of a quarter says of the same answers."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session, scoped_session

from app.dossiers.models import LinkBatch
from app.responding.models import Response
from app.results import queries
from app.results.queries import UnknownPlace
from tests.integration.results.conftest import NOW

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)


def answer(at: int, agency: str, day: date, rating: int, channel: str = "link") -> dict[str, object]:
    return {
        "agency": agency, "id": str(UUID(int=at + 1, version=4)), "questionnaire": "COT_LOI",
        "version": "1.0", "procedure": None, "phase": "after-result", "channel": channel,
        "source_channel": None,
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}", "day": day, "language": "vi", "cluster": None,
        "answers": json.dumps({"satisfaction": rating, "access": rating}), "comment": None,
        "fill_seconds": 40, "quarantine": "", "test": False, "tallied": False,
    }  # fmt: skip


@pytest.fixture
def answered(country: Flask, session: scoped_session[Session]) -> Flask:
    """60 and 7 answers in the quarter, 40 before it."""
    rows = [answer(at, "14-SKHCN", date(2026, 7, 1 + at % 28), 5 if at % 4 else 2) for at in range(60)]
    rows += [answer(100 + at, "14-SNV", date(2026, 9, 30), 4) for at in range(7)]
    rows += [answer(200 + at, "14-STP", date(2026, 8, 5), 4 if at % 3 else 3) for at in range(30)]
    rows += [answer(300 + at, "14-SKHCN", date(2026, 6, 30), 1 + at % 5) for at in range(40)]
    session.execute(insert(Response), rows)
    session.commit()
    return country


def test_a_window_of_one_quarter_is_that_quarter(answered: Flask) -> None:
    queries.prepare(NOW)
    for place in ("VN", "14", "14-SKHCN", "14-SNV", "14-STP"):
        window = queries.period_figures(place, FIRST, LAST, NOW)
        quarter = queries.get_figures(place, "2026-Q3")
        assert (window.official, window.channels, window.factors) == (
            quarter.official, quarter.channels, quarter.factors,
        )  # fmt: skip
    assert queries.period_figures("14-SNV", FIRST, LAST, NOW).official.hidden


def test_a_window_counts_both_its_days_and_compares_nothing(answered: Flask) -> None:
    queries.prepare(NOW)
    found = queries.period_figures("14-SKHCN", date(2026, 6, 30), date(2026, 7, 1), NOW)
    assert found.quarter == "2026-06-30..2026-07-01"
    assert found.official.n == 40 + 3
    assert found.movement.change is None
    children = queries.list_period_children("14", FIRST, LAST, NOW)
    assert [item.place.code for item in children][:3] == ["14-SKHCN", "14-SNV", "14-STP"]


def test_a_place_hidden_in_a_quarter_is_hidden_in_a_longer_window(
    country: Flask, session: scoped_session[Session]
) -> None:
    """7 answers are hidden in the third quarter; 47 in the half-year less the printed 40 would tell them."""
    rows = [answer(at, "14-SNV", date(2026, 7, 1), 4) for at in range(7)]
    rows += [answer(100 + at, "14-SNV", date(2026, 6, 1), 4) for at in range(40)]
    for start, agency in ((200, "14-SKHCN"), (600, "14-STP")):
        rows += [answer(start + at, agency, date(2026, 7, 1 + at % 28), 5) for at in range(60)]
        rows += [answer(start + 100 + at, agency, date(2026, 6, 1 + at % 28), 4) for at in range(60)]
    session.execute(insert(Response), rows)
    session.commit()
    queries.prepare(NOW)
    assert queries.get_figures("14-SNV", "2026-Q2").official.n == 40
    assert queries.get_figures("14-SNV", "2026-Q3").official.hidden
    window = {
        place: queries.period_figures(place, date(2026, 4, 1), LAST, NOW).official
        for place in ("14-SNV", "14-SKHCN", "14-STP", "14")
    }
    assert window["14-SNV"].hidden
    # What the province prints must not lead back to it either.
    assert window["14"].hidden or window["14-SKHCN"].hidden or window["14-STP"].hidden


def test_a_window_withholds_the_links_of_a_quarter_that_hid_the_answers(
    answered: Flask, session: scoped_session[Session]
) -> None:
    """The seven used links of the quarter would be all that the window tells of links."""
    rows = [answer(400 + at, "14-SNV", date(2026, 10, 5), 4) for at in range(40)]
    rows += [answer(500 + at, "14-STP", date(2026, 10, 5), 4) for at in range(40)]
    session.execute(insert(Response), rows)
    session.add_all(
        LinkBatch(
            id=f"b-{agency}", agency=agency, questionnaire="COT_LOI", version="1.0", phase="after-result",
            channel="link", quarter="2026-Q3", issued=100, expires_on=date(2026, 12, 1),
        )
        for agency in ("14-SNV", "14-STP", "14-SKHCN")
    )  # fmt: skip
    session.commit()
    queries.prepare(NOW)
    window = {
        place: queries.period_figures(place, FIRST, date(2026, 10, 10), NOW)
        for place in ("14-SNV", "14-STP", "14-SKHCN", "14")
    }
    assert [window[place].official.n for place in ("14-SNV", "14-STP")] == [47, 70]
    withheld = {place for place, figures in window.items() if figures.channels[0].withheld}
    assert withheld == {"14-SNV", "14-STP"}
    assert window["14"].channels[0].offered == 300


def test_a_window_does_not_know_a_place_that_does_not_exist(answered: Flask) -> None:
    with pytest.raises(UnknownPlace):
        queries.period_figures("14-KHONG", FIRST, LAST, NOW)


def test_answers_that_come_later_are_in_the_next_window(
    answered: Flask, session: scoped_session[Session]
) -> None:
    assert queries.period_figures("14-SKHCN", FIRST, LAST, NOW).official.n == 60
    session.execute(insert(Response), [answer(500, "14-SKHCN", date(2026, 8, 1), 5)])
    session.commit()
    assert queries.period_figures("14-SKHCN", FIRST, LAST, NOW).official.n == 61
