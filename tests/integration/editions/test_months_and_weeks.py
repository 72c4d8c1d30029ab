"""Months and weeks at their borders: midnight is Vietnam's, weeks are those of ISO 8601."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import insert, select

from app.editions.closing import close
from app.editions.listing import frozen, get_edition
from app.editions.rules import NothingToClose, TooEarly
from app.extensions import db
from app.responding.models import Response
from app.results.folding import fold_waiting
from app.transactions import transaction
from surveys.editions import EditionCode
from surveys.periods import month_of_day, quarter_of_day, week_of_day
from tests.support import citizens
from tests.support.editions import close_and_publish
from tests.support.records import record

SetNow = Callable[[datetime], None]
INSTANT = timedelta(microseconds=1)
FORM = f"/phieu/{citizens.AGENCY}"


@pytest.fixture
def country(app: Flask) -> Flask:
    citizens.prepare(app)
    return app


def answered(day: date, n: int) -> None:
    """n answers of a day by one-time links."""
    of_day = {"day": day, "quarter": quarter_of_day(day).code, "channel": "link"}
    sheets = [record(**of_day) for _ in range(n)]
    rows = [{name: getattr(sheet, name) for name in sheet.__slots__} for sheet in sheets]
    db.session.execute(insert(Response), rows)


def counted(code: str) -> int:
    figures = frozen(get_edition(code)).find(citizens.AGENCY)
    assert figures is not None
    return figures.official.n


@pytest.mark.parametrize(
    ("last", "day", "next_day"),
    [
        ("2026-10-31T16:59:59.999999", date(2026, 10, 31), date(2026, 11, 1)),
        ("2026-12-31T16:59:59.999999", date(2026, 12, 31), date(2027, 1, 1)),
        ("2027-01-03T16:59:59.999999", date(2027, 1, 3), date(2027, 1, 4)),
    ],
)
def test_an_answer_belongs_to_the_day_that_it_is_in_vietnam(
    country: Flask, client: FlaskClient, set_now: SetNow, last: str, day: date, next_day: date
) -> None:
    instant = datetime.fromisoformat(last).replace(tzinfo=UTC)
    for moment, expected in ((instant, day), (instant + INSTANT, next_day)):
        set_now(moment)
        fields = citizens.hidden_fields(client.get(FORM).text)
        assert citizens.post(client, FORM, {**fields, "satisfaction": "5"}).status_code == 303
        with country.app_context():
            row = db.session.scalars(select(Response).where(Response.day == expected)).one()
            assert row.quarter == quarter_of_day(expected).code


def test_a_month_holds_its_own_days_and_closes_from_the_sixth(country: Flask) -> None:
    with country.app_context():
        with transaction():
            answered(date(2026, 9, 30), 11)
            answered(date(2026, 10, 1), 12)
            answered(date(2026, 10, 31), 13)
            answered(date(2026, 11, 1), 14)
        fold_waiting()
        opens = datetime(2026, 11, 5, 17, tzinfo=UTC)
        with pytest.raises(TooEarly):
            close(EditionCode.parse("2026-10"), by="command:test", now=opens - INSTANT)
        close(EditionCode.parse("2026-10"), by="command:test", now=opens)
        assert counted("2026-10") == 25


def test_the_page_of_a_month_speaks_of_no_quarter_before(country: Flask, client: FlaskClient) -> None:
    with country.app_context():
        with transaction():
            answered(date(2026, 10, 5), 40)
        fold_waiting()
        close_and_publish("2026-10", datetime(2026, 11, 10, tzinfo=UTC))
    for path in ("/ket-qua/2026-10", f"/ket-qua/2026-10/{citizens.AGENCY}"):
        page = client.get(path).text
        assert "Trong tháng 10 năm 2026, trên" in page
        assert "So với quý trước" not in page


def test_the_week_of_a_new_year_lies_in_two_quarters_and_years(country: Flask) -> None:
    """2026 has 53 weeks; the last one ends on 3 January."""
    with country.app_context():
        with transaction():
            answered(date(2026, 12, 27), 11)
            answered(date(2026, 12, 28), 12)
            answered(date(2026, 12, 31), 13)
            answered(date(2027, 1, 1), 14)
            answered(date(2027, 1, 3), 15)
            answered(date(2027, 1, 4), 16)
        fold_waiting()
        opens = datetime(2027, 1, 5, 17, tzinfo=UTC)
        with pytest.raises(TooEarly):
            close(EditionCode.parse("2026-W53"), by="command:test", now=opens - INSTANT)
        close(EditionCode.parse("2026-W53"), by="command:test", now=opens)
        assert counted("2026-W53") == 12 + 13 + 14 + 15
        row = get_edition("2026-W53")
        assert (row.first_day, row.last_day, row.kind) == (date(2026, 12, 28), date(2027, 1, 3), "week")
        with pytest.raises(NothingToClose):
            close(EditionCode.parse("2026-W51"), by="command:test", now=opens)


def test_days_around_every_new_year_are_in_exactly_one_month_and_week() -> None:
    for year in range(2020, 2040):
        for at in range(-10, 11):
            day = date(year, 1, 1) + timedelta(days=at)
            for period in (month_of_day(day), week_of_day(day), quarter_of_day(day)):
                assert period.first_day <= day <= period.last_day
                assert type(period).parse(period.code) == period
                assert period.start in period and period.end not in period
                assert period.end - INSTANT in period
                assert not period.is_closable(period.closable_from - INSTANT)
                assert period.is_closable(period.closable_from)


@pytest.mark.parametrize(
    ("code", "words"),
    [("2027-W53", "không có tuần 53"), ("2026-13", "không phải mã kỳ"), ("2026-W53", "Chưa đến ngày")],
)
def test_weeks_and_months_that_are_none_or_run_are_refused_in_words(
    country: Flask, runner: FlaskCliRunner, set_now: SetNow, code: str, words: str
) -> None:
    set_now(datetime(2027, 1, 5, 16, 59, tzinfo=UTC))
    result = runner.invoke(args=["edition", "close", code])
    assert result.exit_code
    assert words in result.output
