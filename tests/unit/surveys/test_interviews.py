from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.interview_signs import FLOOR_SECONDS, review, signs
from surveys.interviews import FAMILIES, Doors, Indicator, Interview, SecondVisits, interview
from surveys.questionnaire import Questionnaire
from tests.support.falsifiers import Wave, wave

START = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def round_with_fakes() -> Wave:
    """Thirty-six honest collectors and two of each dishonest kind."""
    return wave(7, honest=36, each=2, mean_size=40, long=True)


def flagged(one: Wave) -> set[str]:
    return {finding.collector for finding in review(one.interviews, one.doors)}


def test_who_makes_everything_up_is_found_and_the_honest_are_left_alone(round_with_fakes: Wave) -> None:
    found = flagged(round_with_fakes)
    kinds = round_with_fakes.kinds
    assert {who for who, kind in kinds.items() if kind == "full"} <= found
    assert not {who for who in found if kinds[who] == "honest"}


def test_a_round_of_honest_people_opens_hardly_a_review() -> None:
    waves = [wave(seed, honest=20, each=0, mean_size=25) for seed in range(8, 14)]
    assert sum(len(flagged(one)) for one in waves) <= 3


def test_nothing_depends_on_names_or_order(round_with_fakes: Wave) -> None:
    names = sorted(round_with_fakes.kinds)
    draw = random.Random(3)
    new = dict(zip(names, draw.sample(names, len(names)), strict=True))
    interviews = [replace(one, collector=new[one.collector]) for one in round_with_fakes.interviews]
    doors = [replace(one, collector=new[one.collector]) for one in round_with_fakes.doors]
    draw.shuffle(interviews)
    before = review(round_with_fakes.interviews, round_with_fakes.doors)
    after = review(interviews, doors)
    assert sorted((new[f.collector], f.indicator) for f in before) == sorted(
        (f.collector, f.indicator) for f in after
    )
    told = {(f.collector, f.indicator): f for f in after}
    for finding in before:
        twin = told[new[finding.collector], finding.indicator]
        assert (twin.p, twin.q) == pytest.approx((finding.p, finding.q), rel=1e-6)
        assert twin.numbers == pytest.approx(finding.numbers)


def plain(collector: str, village: str, at: int, draw: random.Random, **changes: Any) -> Interview:
    """An ordinary interview: about a minute long, ten minutes after the one before."""
    rating = draw.choice((5, 4, 4, 3, 2))
    sheet = (str(rating), *(draw.choice("abcd") for _ in range(6)))
    one = Interview(
        collector, village, date(2026, 10, 5) + timedelta(days=at // 10), at, sheet, rating, (rating,), 7,
        int(draw.random() < 0.2), START + timedelta(days=at // 10, minutes=10 * (at % 10)),
        draw.randint(45, 110),
    )  # fmt: skip
    return replace(one, **changes)


def ordinary(collectors: int = 12, size: int = 30) -> list[Interview]:
    draw = random.Random(11)
    return [
        plain(f"TV-{number:02}", f"v{number // 2}", at, draw)
        for number in range(collectors)
        for at in range(size)
    ]


def indicators(interviews: list[Interview], collector: str, **more: Any) -> set[Indicator]:
    return {f.indicator for f in review(interviews, **more) if f.collector == collector}


def with_odd(**changes: Any) -> list[Interview]:
    draw = random.Random(5)
    return [*ordinary(), *(plain("odd", "v0", at, draw, **changes) for at in range(30))]


def test_interviews_under_twenty_seconds() -> None:
    assert Indicator.FLOOR in indicators(with_odd(seconds=FLOOR_SECONDS - 1), "odd")
    assert Indicator.FLOOR not in indicators(with_odd(seconds=FLOOR_SECONDS), "odd")


def test_two_interviews_at_once() -> None:
    """Each begins ten minutes after the last and is said to have taken fifteen."""
    assert Indicator.OVERLAPS in indicators(with_odd(seconds=900), "odd")


def test_in_another_village_within_a_minute() -> None:
    draw = random.Random(5)
    odd = [plain("odd", f"v{at % 2}", at, draw, seconds=560) for at in range(30)]
    assert Indicator.TRAVEL in indicators([*ordinary(), *odd], "odd")


def test_ten_alike_in_a_row() -> None:
    draw = random.Random(5)
    odd = [plain("odd", "v0", at, draw) for at in range(30)]
    for count, expected in ((9, False), (10, True)):
        alike = [replace(one, sheet=odd[5].sheet) if 5 <= one.at < 5 + count else one for one in odd]
        found = indicators([*ordinary(), *alike], "odd")
        assert (Indicator.IDENTICAL_IN_ROW in found) is expected


def test_one_level_in_every_interview() -> None:
    assert Indicator.ONE_ANSWER in indicators(with_odd(rating=5), "odd")


def test_a_village_where_everybody_is_content_suspects_nobody() -> None:
    """Two collectors with nothing but the best level, in the same village: neither stands out there."""
    draw = random.Random(6)
    content = [plain(who, "happy", at, draw, rating=5) for who in ("x", "y") for at in range(30)]
    found = review([*ordinary(), *content])
    assert not [f for f in found if f.collector in ("x", "y")]


def test_doors_that_always_open() -> None:
    interviews = ordinary(20)
    doors = [Doors(f"TV-{number:02}", f"v{number // 2}", 30, 5, 9 + number % 3) for number in range(19)]
    doors.append(Doors("TV-19", "v9", 30, 0, 0))
    assert Indicator.NO_REFUSALS in indicators(interviews, "TV-19", doors=doors)


def test_straight_lines() -> None:
    draw = random.Random(4)
    interviews = [
        replace(one, scales=tuple(draw.choice((5, 4, 3, 2)) for _ in range(5))) for one in ordinary()
    ]
    odd = [plain("odd", "v0", at, draw) for at in range(30)]
    odd = [replace(one, scales=(one.rating or 3,) * 5) for one in odd]
    assert Indicator.STRAIGHT_LINES in indicators([*interviews, *odd], "odd")


def test_second_visits_that_find_other_facts() -> None:
    visits = [SecondVisits("TV-01", 20, 11), SecondVisits("TV-02", 20, 2)]
    found = review(ordinary(), second_visits=visits)
    assert {f.collector for f in found if f.indicator is Indicator.BACKCHECK} == {"TV-01"}


def test_a_second_visit_counts_where_nobody_can_be_compared() -> None:
    found = review([], second_visits=[SecondVisits("TV-01", 20, 15)])
    assert [(f.collector, f.indicator) for f in found] == [("TV-01", Indicator.BACKCHECK)]


def test_two_collectors_are_not_compared_and_few_interviews_neither() -> None:
    assert not signs(ordinary(2))
    assert not signs(ordinary(12, size=9))


def test_without_times_the_answers_are_still_looked_at() -> None:
    """As on paper, or where the clock of a telephone was wrong."""
    found = signs([replace(one, started=None, seconds=None) for one in ordinary()])
    assert Indicator.SHORT not in found
    assert Indicator.SAMENESS in found


def test_every_indicator_has_a_family() -> None:
    assert set(FAMILIES) == set(Indicator)


@settings(max_examples=15, derandomize=True)
@given(st.integers(0, 100_000))
def test_honest_rounds_open_hardly_a_review(seed: int) -> None:
    """Exchangeable interviews: no indicator may name more than a stray collector."""
    draw = random.Random(seed)
    interviews = [plain(f"c{n}", f"v{n // 2}", at, draw) for n in range(10) for at in range(15)]
    assert len({f.collector for f in review(interviews)}) <= 1


def test_an_interview_is_read_from_stored_answers(cot_loi: Questionnaire) -> None:
    one = interview(
        cot_loi,
        {
            "satisfaction": 4,
            "submit_time": "forgot",
            "result_time": "not_yet",
            "access": 5,
            "officer": "not_met",
        },
        collector="TV-01",
        village="14001-01",
        day=date(2026, 10, 5),
        at=3,
    )
    assert one.rating == 4
    assert sorted(one.scales) == [4, 5]
    # Of the rows drawn by lot only the answered ones were put; the result is not asked of who has none.
    assert (one.asked, one.missing) == (6, 3)
    assert one.sheet == ("4", "forgot", "-", "not_yet", "5", "-", "not_met", "", "-", "")


def test_a_collector_s_last_interview_is_not_the_first_of_the_next() -> None:
    """Overlaps are of one person: everybody else works at the same time."""
    assert Indicator.OVERLAPS not in {f.indicator for f in review(ordinary())}
