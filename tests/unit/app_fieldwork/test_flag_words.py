"""Every indicator has a name, a sentence with its own numbers, and words on what may lie behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import Babel

from app.fieldwork.reviews.flags import FlagLine
from app.fieldwork.reviews.models import Flag
from app.fieldwork.reviews.words import flag_advice, flag_sentence, flag_words
from surveys.interview_signs import signs
from surveys.interviews import Indicator, Interview, SecondVisits
from tests.support.falsifiers import wave


@pytest.fixture(autouse=True, scope="module")
def words() -> Iterator[None]:
    """Messages need an application, and nothing of ours."""
    app = Flask(__name__)
    Babel(app, default_locale="vi")
    with app.test_request_context():
        yield


@pytest.fixture(scope="module")
def numbers() -> dict[Indicator, dict[str, float]]:
    """Those of somebody for whom an indicator was computed, of each indicator."""
    one = wave(3, honest=12, each=1, long=True)
    when = datetime(2026, 10, 6, 3, tzinfo=UTC)
    same = [
        Interview("TV-999", "10000-01", date(2026, 10, 6), at, ("yes",), 5, (5,), 1, 0, when, 60)
        for at in range(12)
    ]
    found = signs([*one.interviews, *same], one.doors, [SecondVisits("TV-001", 8, 5)])
    found = {**found, Indicator.TOGETHER: {}}
    return {
        indicator: dict(next(iter(by.values())).numbers) if by else {"indicators": 18}
        for indicator, by in found.items()
    }


def test_every_indicator_says_what_was_counted(numbers: dict[Indicator, dict[str, float]]) -> None:
    assert set(numbers) == set(Indicator)
    for indicator in Indicator:
        told = flag_sentence(a_flag(indicator, numbers[indicator]))
        assert "%(" not in told and re.search(r"\d", told), told
        assert flag_words(indicator) and flag_advice(indicator)


def test_shares_are_percentages_and_counts_are_whole() -> None:
    told = flag_sentence(a_flag(Indicator.GAPS, {"cases": 14.0, "of": 50, "expected": 0.104, "limit": 38.2}))
    said = "14 trên 50 lần sang phiếu sau trong chưa đầy 38 giây; ở những người khác khoảng 10,4\u00a0%."
    assert told == said


def a_flag(indicator: Indicator, numbers: dict[str, float]) -> FlagLine:
    return FlagLine(Flag(id=uuid4(), indicator=indicator.value), "TV-01", "Tổ 1", "03646", numbers)
