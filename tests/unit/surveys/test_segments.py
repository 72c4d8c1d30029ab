"""How editions cut the days, and which numbers an attacker can write down about the pieces."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from surveys.periods import Month, Period, Quarter, Week
from surveys.segment_problem import list_remainders, small_runs, state_problem
from surveys.segments import Family, Key, Leaf, Numbers, Seen, SeenEdition, What, concerned, cut, derivable

ONE = Family("official", ("official",))
Q3, JULY, AUGUST, SEPTEMBER = Quarter(2026, 3), Month(2026, 7), Month(2026, 8), Month(2026, 9)
LEAF: Leaf = ("a", "official")


def edition(period: Period, n: int, *, hidden: bool = False) -> SeenEdition:
    """Of one agency under the nation."""
    cells: dict[Key, Seen] = {}
    if n:
        cells = {("VN", "official"): Seen((n, 0)), ("a", "official"): Seen((n, 0), hidden)}
    parents, units = {"VN": "", "a": "VN"}, {"a": "a"}
    return SeenEdition(period.code, period.first_day, period.last_day, parents, units, cells)


def counting(july: int, august: int, september: int) -> Mapping[date, Numbers]:
    months = zip((JULY, AUGUST, SEPTEMBER), (july, august, september), strict=True)
    return {month.first_day: (n, 0) for month, n in months}


def test_days_are_cut_where_any_edition_begins_or_ends() -> None:
    week = Week(2026, 31)
    spans = [(each.first_day, each.last_day) for each in (JULY, week)]
    assert cut(spans) == (date(2026, 7, 1), date(2026, 7, 27), date(2026, 8, 1), date(2026, 8, 3))


def test_an_edition_that_shares_no_day_with_another_concerns_nobody() -> None:
    others = [edition(Quarter(2026, 2), 50), edition(Quarter(2026, 4), 50)]
    assert concerned(edition(Q3, 60), others) == []


def test_editions_of_the_same_quarter_and_those_across_its_end_are_concerned() -> None:
    october, december = edition(Month(2026, 10), 20), edition(Month(2026, 12), 20)
    others = [edition(JULY, 20), edition(Week(2026, 40), 20), october, december]
    # The week of 28 September reaches into October.
    assert concerned(edition(SEPTEMBER, 20), [*others, edition(Week(2026, 36), 20)]) == [
        *others[:3],
        edition(Week(2026, 36), 20),
    ]
    # Nothing shares a day with September: what is printed of July is of no use.
    assert concerned(edition(SEPTEMBER, 20), others[:1]) == []


def test_a_quarter_whose_months_are_printed_follows_from_them() -> None:
    months = [edition(month, 20) for month in (JULY, AUGUST, SEPTEMBER)]
    keys = {("VN", "official"), ("a", "official")}
    assert derivable(edition(Q3, 60), months) == keys
    months[1] = edition(AUGUST, 20, hidden=True)
    assert derivable(edition(Q3, 60), months) == {("VN", "official")}


def test_segments_are_counted_once_each_and_add_up_to_the_editions() -> None:
    counted = counting(20, 30, 10)
    asked: list[tuple[date, date]] = []

    def count(first: date, last: date) -> dict[Leaf, Numbers]:
        asked.append((first, last))
        months = [month for month in counted if first <= month <= last]
        return {LEAF: (sum(counted[month][0] for month in months), 0)}

    problem = state_problem([edition(Q3, 60), edition(JULY, 20)], ONE, count)
    assert asked == [(date(2026, 7, 1), date(2026, 7, 31)), (date(2026, 8, 1), date(2026, 9, 30))]
    assert [row.terms for row in problem.rows] == [((0, 0, 2),), ((0, 0, 1),)]
    assert [known[1:] for row in problem.rows for known in row.known] == [(60, 60), (0, 0), (20, 20), (0, 0)]


def test_answers_that_came_after_a_close_loosen_its_sum_and_are_wanted_where_they_are_few() -> None:
    counted = counting(20, 30, 10)
    problem = state_problem(
        [edition(Q3, 60), edition(JULY, 17)], ONE, lambda first, last: {LEAF: (counted[first][0] or 0, 0)}
        if first == JULY.first_day else {LEAF: (40, 0)},
    )  # fmt: skip
    of_july = next(row for row in problem.rows if row.terms == ((0, 0, 1),))
    assert [(low, high) for _, low, high in of_july.known] == [(17, math.inf), (0, math.inf)]
    assert [(wanted.what, wanted.n) for wanted in problem.wanted][:1] == [(What.LATE, 3)]


def test_editions_that_divide_answers_differently_are_refused() -> None:
    other = replace(edition(JULY, 20), cells={("a", "official"): Seen((20, 0, 0, 0, 0))})
    with pytest.raises(ValueError, match="cách chia"):
        state_problem([edition(Q3, 60), other], ONE, lambda _first, _last: {})


def test_the_runs_with_few_answers_are_listed() -> None:
    assert list(small_runs([4, 0, 5, 1], 10)) == [
        (0, 1, 4), (0, 2, 4), (0, 3, 9), (1, 3, 5), (1, 4, 6), (2, 3, 5), (2, 4, 6), (3, 4, 1),
    ]  # fmt: skip


def test_what_known_days_leave_of_known_days_around_them_is_listed_where_it_is_little() -> None:
    # A month with two days before and three days after its whole weeks.
    assert list(list_remainders([(0, 3), (1, 2)], [2, 40, 5], 10)) == [(0, 3, 1, 2)]
    assert not list(list_remainders([(0, 3), (1, 2)], [5, 40, 5], 10))
    assert not list(list_remainders([(0, 3), (0, 2)], [2, 40, 5], 10))
