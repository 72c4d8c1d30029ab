"""Months, weeks and revisions beside a quarter: nobody is found by taking one edition from another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert

from app.catalogue.actions import publish_shipped
from app.directory.models import Unit
from app.editions import leaks
from app.editions.edition_cli import edition as edition_commands
from app.editions.fileset import editions_folder
from app.editions.leaks import LeakFound
from app.editions.listing import find_edition, frozen, get_edition
from app.editions.verification import verify
from app.extensions import db
from app.responding.models import Response
from app.results.elsewhere import ALONE
from app.results.folding import fold_waiting
from app.transactions import transaction
from surveys.figures import Place, PlaceFigures
from surveys.periods import week_of_day
from surveys.revisions import WAITING
from tests.integration.results.conftest import BEGIN, add_agency
from tests.support.acts import ACT
from tests.support.editions import close_and_publish

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
NOBODY = Place("", "", "department")
SMALL, OTHERS = "14-SNV", ("14-SKHCN", "14-STP", "14-SXD")
JULY, AUGUST, SEPTEMBER = date(2026, 7, 8), date(2026, 8, 12), date(2026, 9, 9)
_numbers = iter(range(1, 1_000_000))


@pytest.fixture
def country(app: Flask) -> Iterator[Flask]:
    """One province with four agencies."""
    app.extensions["clock"] = lambda: NOW
    with app.app_context():
        with transaction():
            db.session.add(Unit(code="14", valid_from=BEGIN, name="Tỉnh Sơn La", level="province"))
            for code in (SMALL, *OTHERS):
                add_agency(code, "14", "department", f"Sở {code[3:]}")
            publish_shipped(**ACT)
        yield app


def answer(agency: str, day: date, n: int, rating: int = 5, channel: str = "link") -> None:
    """n answers, every fourth of which is not satisfied."""
    rows = [
        {
            "agency": agency, "id": str(UUID(int=next(_numbers), version=4)), "questionnaire": "COT_LOI",
            "version": "1.0", "procedure": None, "phase": "after-result", "channel": channel,
            "source_channel": None, "quarter": f"{day.year}-Q{(day.month + 2) // 3}", "day": day,
            "language": "vi", "cluster": None, "comment": None, "quarantine": "", "fill_seconds": 40,
            "answers": json.dumps({"satisfaction": rating if at % 4 else 2}), "test": False, "tallied": False,
        }
        for at in range(n)
    ]  # fmt: skip
    with transaction():
        db.session.execute(insert(Response), rows)
    fold_waiting()


def answer_months(*small: int, channel: str = "link") -> None:
    for day, n in zip((JULY, AUGUST, SEPTEMBER), small, strict=True):
        for agency in OTHERS:
            answer(agency, day, 43, channel=channel)
        if n:
            answer(SMALL, day, n, channel=channel)


def read(code: str) -> Mapping[str, PlaceFigures]:
    return {figures.place.code: figures for figures in frozen(get_edition(code)).every()}


def hidden(code: str) -> set[str]:
    return {place for place, figures in read(code).items() if figures.official.hidden}


def test_a_quarter_hides_what_its_printed_months_would_leave_of_it(country: Flask) -> None:
    answer_months(20, 25, 8)
    close_and_publish("2026-07", NOW)
    close_and_publish("2026-08", NOW)
    assert hidden("2026-07") == hidden("2026-08") == set()

    close_and_publish("2026-Q3", NOW)
    # The complement is a place of the same province.
    assert SMALL in hidden("2026-Q3")
    assert len(hidden("2026-Q3") & set(OTHERS)) == 1
    assert not hidden("2026-Q3") & {"14", "VN"}

    # September has eight answers: hidden by itself, and nothing of the others gives them away.
    close_and_publish("2026-09", NOW)
    assert SMALL in hidden("2026-09")
    assert all(not verify(get_edition(code)).problems for code in ("2026-07", "2026-Q3", "2026-09"))


def test_a_channel_apart_is_hidden_for_the_same_reason_and_the_official_figure_is_not(country: Flask) -> None:
    answer_months(43, 44, 45)
    answer_months(20, 25, 8, channel="qr")
    for code in ("2026-07", "2026-08", "2026-Q3"):
        close_and_publish(code, NOW)

    figures = read("2026-Q3")
    assert not any(each.official.hidden for each in figures.values())
    assert all(part.cell.hidden for part in figures[SMALL].apart)
    assert figures[SMALL].apart
    assert sum(part.cell.hidden for place in OTHERS for part in figures[place].apart) == 1


def test_a_quarter_alone_reads_and_counts_nothing_more(
    country: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_months(20, 25, 8)

    def refuse(*_args: object) -> None:
        raise AssertionError("nothing touches the quarter")

    monkeypatch.setattr(leaks, "withhold_for", refuse)
    close_and_publish("2026-Q3", NOW)
    assert hidden("2026-Q3") == set()


def test_a_leak_that_nothing_prevents_stops_the_close_and_is_named(
    country: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quarter, July and August were closed without an audit: what September hides is known already."""
    answer_months(20, 25, 8)
    with monkeypatch.context() as patch:
        patch.setattr(leaks, "withhold_for", lambda *_args: ALONE)
        for code in ("2026-07", "2026-08", "2026-Q3"):
            close_and_publish(code, NOW)
    before = {path.name for path in editions_folder().iterdir()}

    with pytest.raises(LeakFound) as found:
        close_and_publish("2026-09", NOW)
    assert {(leak.edition, leak.place) for leak in found.value.leaks} >= {("2026-09", SMALL)}
    assert find_edition("2026-09") is None
    assert {path.name for path in editions_folder().iterdir()} == before

    told = country.test_cli_runner().invoke(edition_commands, ["close", "2026-09"])
    assert told.exit_code != 0
    assert "Sở SNV (14-SNV), số chính thức: số đang ẩn trong kỳ 2026-09 tính ra được." in told.output
    assert "Chưa chốt gì" in told.output


def test_a_week_over_the_end_of_a_month_is_audited_with_it(country: Flask) -> None:
    """Whole weeks and their month leave a few days at its ends."""
    for week in (date(2026, 7, 7), date(2026, 7, 14), date(2026, 7, 21)):
        for agency in OTHERS:
            answer(agency, week, 40)
        answer(SMALL, week, 20)
    for agency in OTHERS:
        answer(agency, date(2026, 7, 30), 40)
    answer(SMALL, date(2026, 7, 30), 6)
    for code in ("2026-W28", "2026-W29", "2026-W30"):
        close_and_publish(code, NOW)
        assert hidden(code) == set()

    close_and_publish("2026-07", NOW)
    assert SMALL in hidden("2026-07")


def test_a_week_says_of_nobody_whether_somebody_answered(country: Flask) -> None:
    """An agency without an answer, and one with a few of every sort, are printed alike."""
    for agency in OTHERS[:2]:
        for channel in ("link", "qr"):
            answer(agency, JULY, 43, channel=channel)
    for channel in ("link", "qr", "field"):
        answer(SMALL, JULY, 3, channel=channel)
    close_and_publish("2026-W28", NOW)
    few, empty = (replace(read("2026-W28")[code], place=NOBODY) for code in (SMALL, OTHERS[2]))
    assert few == empty
    assert few.official.hidden and few.apart and all(part.cell.hidden for part in few.apart)
    assert not verify(get_edition("2026-W28")).problems
    client = country.test_client()
    pages = [
        client.get(f"/ket-qua/2026-W28/{code}").text.replace(code[3:], "") for code in (SMALL, OTHERS[2])
    ]
    assert pages[0] == pages[1] and "không có phiếu nào" in pages[0]
    province = client.get("/ket-qua/2026-W28/14").text
    assert f"{len(hidden('2026-W28'))} nơi ghi “bm”" in province and province.count(f"/2026-W28/{SMALL}") == 1
    # A month says more: there are too few of them to add up.
    close_and_publish("2026-07", NOW)
    assert SMALL in hidden("2026-07") and OTHERS[2] not in hidden("2026-07")


def test_nine_weeks_with_one_answer_each_do_not_stop_the_quarter(country: Flask) -> None:
    for at in range(9):
        day = date(2026, 7, 8) + timedelta(weeks=at)
        for agency in OTHERS:
            answer(agency, day, 43)
        answer(SMALL, day, 1)
        close_and_publish(week_of_day(day).code, NOW)
    close_and_publish("2026-Q3", NOW)
    assert SMALL in hidden("2026-Q3")
    assert not verify(get_edition("2026-Q3")).problems


def test_small_changes_of_a_revision_wait_and_are_marked(country: Flask) -> None:
    answer_months(20, 25, 15)
    close_and_publish("2026-Q3", NOW)
    answer(SMALL, SEPTEMBER, 4, channel="link")
    answer(OTHERS[0], SEPTEMBER, 30, channel="link")
    close_and_publish("2026-Q3.r1", NOW, reason="Phiếu đến muộn")

    first, second = read("2026-Q3"), read("2026-Q3.r1")
    assert second[SMALL].official == first[SMALL].official
    assert second[OTHERS[0]].official.n == first[OTHERS[0]].official.n + 30
    # The totals keep silent about the four as well.
    assert second["14"].official.n == first["14"].official.n + 30
    assert {place for place, figures in second.items() if WAITING in figures.marks} == {SMALL, "14", "VN"}
    assert hidden("2026-Q3.r1") == set()

    answer(SMALL, SEPTEMBER, 8, channel="link")
    close_and_publish("2026-Q3.r2", NOW, reason="Phiếu đến muộn")
    assert read("2026-Q3.r2")[SMALL].official.n == first[SMALL].official.n + 12
    assert not verify(get_edition("2026-Q3.r2")).problems
