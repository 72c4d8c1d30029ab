"""What follows from the dates of a round, and which numbers an outsider may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fieldwork.actions import draw_start
from app.fieldwork.models import Round, RoundVillage
from app.fieldwork.progress import Doors, Progress, hidden_of
from app.fieldwork.rules import RoundState, last_accepting_day, parting_day, state_of
from app.fieldwork.tiles import BAR, tiles_of

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
ROW = Round(code="14-2026-1", agency="14", first_day=FIRST, last_day=LAST, grace_days=7, review_days=60)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 10, 31), RoundState.UPCOMING),
        (FIRST, RoundState.RUNNING),
        (LAST, RoundState.RUNNING),
        (date(2026, 12, 1), RoundState.SENDING),
        (date(2026, 12, 7), RoundState.SENDING),
        (date(2026, 12, 8), RoundState.CLOSED),
    ],
)
def test_a_state_follows_from_the_day(day: date, state: RoundState) -> None:
    assert state_of(ROW, day) is state


def test_the_last_day_of_sending_and_the_day_of_parting() -> None:
    assert last_accepting_day(ROW) == date(2026, 12, 7)
    assert parting_day(ROW) == LAST + timedelta(days=61)


@given(st.integers(1, 200))
def test_a_start_is_one_of_the_first_households(step: int) -> None:
    assert 1 <= draw_start(step) <= step


def doors(**outcomes: int) -> Doors:
    made = Doors()
    for outcome, n in outcomes.items():
        made.add(outcome, n)
    return made


def test_rates_of_doors() -> None:
    group = doors(answered=6, refused=2, absent=4, later=9, ineligible=5, helped=1)
    assert (group.asked, group.answered) == (12, 6)
    assert group.response == Fraction(1, 2) and group.refusal == Fraction(1, 4)
    assert doors().response is None and doors().refusal is None


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 40), max_size=8))
def test_what_is_hidden_is_never_alone_and_never_less_than_the_minimum(sizes: Mapping[int, int]) -> None:
    """Unless there is nothing more to hide."""
    groups = {key: doors(answered=n) for key, n in sizes.items()}
    hidden = hidden_of(groups, 10)
    assert {key for key, n in sizes.items() if 0 < n < 10} <= hidden
    if hidden:
        told = [n for key, n in sizes.items() if key not in hidden and n]
        enough = len(hidden) >= 2 and sum(sizes[key] for key in hidden) >= 10
        assert enough or not told
    assert hidden_of(groups, 0) == frozenset()


def test_tiles_stand_in_the_order_of_the_codes_and_are_full_when_the_target_is_reached() -> None:
    villages = [
        RoundVillage(round="r", village=f"{commune}-0{number}", commune=commune, name="Bản", target=10)
        for commune in ("03646", "03600")
        for number in (1, 2)
    ]
    communes = {"03646": doors(answered=25), "03600": doors(answered=5)}
    progress = Progress({}, communes, {}, {}, {}, doors(answered=30))
    first, second = tiles_of(villages, progress, {"03646": "Ủy ban nhân dân phường Tô Hiệu"})
    assert (first.commune, first.answered, first.target, first.filled) == ("03600", 5, 20, BAR // 4)
    assert second.short == "Tô Hiệu" and second.is_done and second.filled == BAR
