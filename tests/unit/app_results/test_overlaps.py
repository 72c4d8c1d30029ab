"""Editions that overlap in days: the attack finds what a full program finds, and hiding ends it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.results.overlap_control import audit, find_all
from surveys.segments import Family, Leaf, Numbers, Seen, SeenEdition, What
from tests.unit.app_results.overlap_verdicts import by_attack, by_levels, by_oracle, compare
from tests.unit.app_results.overlapping_worlds import (
    NATION,
    ONE,
    PROVINCE,
    TWO,
    World,
    day,
    edition,
    level_worlds,
    marking_empty,
    worlds,
)

SLOW = settings(
    max_examples=4,
    # The same worlds every time; the drill invents others.
    derandomize=True,
    deadline=None,
    # A world takes a second; making it smaller would take minutes.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("family", [ONE, TWO])
@SLOW
@given(st.data())
def test_the_attack_finds_what_a_program_over_every_cell_finds(family: Family, data: st.DataObject) -> None:
    world = data.draw(worlds(family=family))
    assert by_attack(world) == by_oracle(world)


@settings(SLOW, max_examples=20)
@given(level_worlds())
def test_the_attack_on_levels_finds_what_a_program_over_every_level_finds(world: World) -> None:
    assert by_attack(world) == by_levels(world)


@SLOW
@given(worlds())
def test_after_the_audit_the_oracle_finds_only_what_the_audit_tells(world: World) -> None:
    compared = compare(world)
    assert (compared.missed, compared.invented) == (set(), set())


def weeks_and_quarter(*, marks_empty: bool) -> World:
    """Of twelve weeks nine have an answer of one agency; others are printed in all of them."""
    few = [1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1]
    answers = tuple({("u0", "official"): (n, 0), ("u1", "official"): (20, 20),
                     ("u2", "official"): (15, 15)} for n in few)  # fmt: skip
    weeks = [edition(f"w{at}", at, at, ONE, answers) for at in range(len(few))]
    if marks_empty:
        weeks = [marking_empty(week, ONE) for week in weeks]
    return World(ONE, answers, (edition("q", 0, len(few) - 1, ONE, answers), *weeks))


def test_marks_that_each_say_at_least_one_add_up_and_marks_that_say_nothing_do_not() -> None:
    """Nine weeks with few answers make nine of the quarter, whose own mark says at most nine."""
    telling = weeks_and_quarter(marks_empty=False)
    quarter, *weeks = telling.editions
    assert "u0" in {narrow.key[0] for narrow in audit(quarter, weeks, ONE, telling.count).left}
    silent = weeks_and_quarter(marks_empty=True)
    quarter, *weeks = silent.editions
    assert audit(quarter, weeks, ONE, silent.count).left == ()
    # Nor do the weeks narrow each other when the quarter stands first.
    last = weeks.pop()
    assert audit(last, [quarter, *weeks], ONE, silent.count).left == ()


MOST = 14


@st.composite
def tiny_worlds(draw: st.DrawFn) -> World:
    """Two agencies and two spans of days, or one and three; everybody is satisfied, and few answered."""
    units, length = draw(st.sampled_from([(["u0", "u1"], 2), (["u0"], 3)]))
    numbers = st.sampled_from((0, 1, 3, 5, 9, 10, 12, MOST))
    answers = tuple({(unit, "official"): (draw(numbers), 0) for unit in units} for _ in range(length))
    spans = [(0, length - 1), (0, 0), *([(1, 2)] if length > 2 else [])]
    chosen = draw(st.lists(st.sampled_from(spans), min_size=1, unique=True))
    editions = tuple(edition(f"e{at}", *span, ONE, answers) for at, span in enumerate(chosen))
    return World(ONE, answers, editions)


@SLOW
@given(tiny_worlds())
def test_what_is_found_narrow_is_narrow_among_all_tables_of_whole_numbers(world: World) -> None:
    leaves, length, days = world.leaves, len(world.answers), world.days
    possible = list(_possible(world, leaves, length, MOST + 6))
    truth = tuple(world.answers[at][leaf][0] for leaf in leaves for at in range(length))
    assert truth in possible
    for kind, key, *rest in by_attack(world):
        if kind == "days" and isinstance(key, tuple):
            first, last = ((days[at] - day(0)).days for at in rest if isinstance(at, int))
            at = leaves.index(key) * length
            values = [sum(table[at + first : at + last]) for table in possible]
            assert max(values) - min(values) < 4


def _possible(world: World, leaves: list[Leaf], length: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every table of whole numbers, a number for each leaf and day, that agrees with all that is printed."""
    for table in product(range(most + 1), repeat=len(leaves) * length):
        if all(_agrees(one, leaves, length, table) for one in world.editions):
            yield table


def _agrees(one: SeenEdition, leaves: list[Leaf], length: int, table: tuple[int, ...]) -> bool:
    start, end = (one.first_day - day(0)).days, (one.last_day - day(0)).days + 1
    sums = {leaf: sum(table[at * length + start : at * length + end]) for at, leaf in enumerate(leaves)}
    whole = sum(sums.values())
    values = {**sums, (PROVINCE, "official"): whole, (NATION, "official"): whole}
    for key, n in values.items():
        seen = one.cells.get(key, Seen((0, 0)))
        if not seen.hidden and n != seen.n:
            return False
        if seen.hidden and (not n or (n < 10) != (seen.n < 10)):
            return False
    return True


def country(*months: Mapping[str, Numbers]) -> tuple[Mapping[Leaf, Numbers], ...]:
    """One number for each agency and span of days."""
    return tuple({(unit, "official"): numbers for unit, numbers in month.items()} for month in months)


BESIDE = {"b": (40, 10), "c": (60, 10)}


def test_the_month_that_two_months_and_their_quarter_leave_is_found_and_the_quarter_hides() -> None:
    answers = country({"a": (20, 10), **BESIDE}, {"a": (25, 5), **BESIDE}, {"a": (3, 2), **BESIDE})
    world = World(ONE, answers, ())
    months = [edition("2026-07", 0, 0, ONE, answers), edition("2026-08", 1, 1, ONE, answers)]
    quarter = edition("2026-Q3", 0, 2, ONE, answers)
    found = find_all(quarter, months, ONE, world.count)
    assert (("a", "official"), What.DAYS, 5) in {(each.key, each.what, each.n) for each in found.left}
    outcome = audit(quarter, months, ONE, world.count)
    # The complement is the sibling with the smallest n.
    assert outcome.withheld == {("a", "official"), ("b", "official")}
    assert not outcome.left and not outcome.known_before


def test_the_days_between_whole_weeks_and_the_ends_of_their_month_are_found() -> None:
    quiet, full = {"a": (2, 1), **BESIDE}, {"a": (12, 8), **BESIDE}
    answers = country(quiet, full, full, quiet)
    weeks = [edition("W28", 1, 1, ONE, answers), edition("W29", 2, 2, ONE, answers)]
    month = edition("2026-07", 0, 3, ONE, answers)
    count = World(ONE, answers, ()).count
    found = find_all(month, weeks, ONE, count)
    assert [(each.key, each.n) for each in found.left if each.what is What.REST] == [(("a", "official"), 6)]
    assert ("a", "official") in audit(month, weeks, ONE, count).withheld


def test_few_answers_that_came_between_two_revisions_are_found() -> None:
    before = country({"a": (20, 10), **BESIDE})
    after = country({"a": (24, 10), **BESIDE})
    first, second = edition("2026-Q3", 0, 0, ONE, before), edition("2026-Q3.r1", 0, 0, ONE, after)
    count = World(ONE, after, ()).count
    found = find_all(second, [first], ONE, count)
    assert {(each.key, each.what, each.n) for each in found.left} >= {(("a", "official"), What.LATE, 4)}
    # A revision that keeps the old number tells nothing.
    assert find_all(replace(first, code="2026-Q3.r1"), [first], ONE, count).left == ()


def channels(link: int, field: int) -> dict[Leaf, Numbers]:
    others = {("b", "link"): (40, 10), ("b", "field"): (30, 10), ("c", "link"): (70, 20)}
    return {("a", "link"): (link, 0), ("a", "field"): (field, 0), **others}


def test_a_channel_is_found_through_the_total_of_its_place() -> None:
    answers = (channels(20, 30), channels(3, 60))
    month, quarter = edition("2026-07", 0, 0, TWO, answers), edition("2026-Q3", 0, 1, TWO, answers)
    count = World(TWO, answers, ()).count
    keys = {each.key for each in find_all(quarter, [month], TWO, count).left}
    assert ("a", "link") in keys
    withheld = audit(quarter, [month], TWO, count).withheld
    assert {("a", "link"), ("a", "field")} <= withheld or ("a", "official") in withheld


def test_levels_are_attacked_one_by_one() -> None:
    """Satisfied and others alone leave a hidden week wide; its levels in the month do not."""
    spans: tuple[dict[Leaf, Numbers], ...] = (
        {("a", "official"): (0, 3, 0, 0, 0), ("b", "official"): (10, 0, 0, 7, 0)},
        {("a", "official"): (0, 37, 20, 0, 0), ("b", "official"): (30, 0, 0, 9, 0)},
    )

    def seen(levels: Numbers, *, hidden: bool = False) -> Seen:
        return Seen(levels, hidden, tells_levels=sum(levels) >= 30)

    def made(code: str, first: int, last: int, hidden: Collection[str]) -> SeenEdition:
        plain = edition(code, first, last, ONE, spans, is_controlled=False)
        cells = {key: seen(each.numbers, hidden=key[0] in hidden) for key, each in plain.cells.items()}
        # The province tells its levels although it is small here.
        cells |= {key: replace(each, tells_levels=True) for key, each in cells.items() if key[0] in "PVN"}
        return replace(plain, cells=cells)

    def merged(found: SeenEdition) -> SeenEdition:
        two = {
            key: Seen((sum(each.numbers[:2]), sum(each.numbers[2:])), each.hidden)
            for key, each in found.cells.items()
        }
        return replace(found, cells=two)

    week, month = made("W27", 0, 0, "ab"), made("2026-07", 0, 1, "")
    count = World(ONE, spans, ()).count

    def count_two(first: object, last: object) -> dict[Leaf, Numbers]:
        counted = count(first, last)
        return {leaf: (sum(levels[:2]), sum(levels[2:])) for leaf, levels in counted.items()}

    by_two = {each.key for each in find_all(merged(month), [merged(week)], ONE, count_two).left}
    by_level = {each.key for each in find_all(month, [week], ONE, count).left}
    assert ("a", "official") not in by_two
    assert ("a", "official") in by_level


def test_days_that_two_crossing_editions_share_are_found_by_their_levels() -> None:
    """Thirty and more satisfied in both; but no level leaves room for more than two of the shared days."""
    beside = {"b": (50, 40, 20, 10, 5)}
    spans = country(
        {"a": (30, 0, 0, 0, 0), **beside}, {"a": (1, 1, 0, 0, 0), **beside}, {"a": (0, 30, 0, 0, 0), **beside}
    )

    def made(code: str, first: int, last: int) -> SeenEdition:
        plain = edition(code, first, last, ONE, spans, is_controlled=False)
        return replace(
            plain, cells={key: replace(each, tells_levels=True) for key, each in plain.cells.items()}
        )

    week, month = made("W31", 0, 1), made("2026-08", 1, 2)
    outcome = audit(month, [week], ONE, World(ONE, spans, ()).count)
    assert outcome.withheld == {("a", "official"), ("b", "official")}


def test_beside_a_leak_that_nothing_prevents_all_that_programs_find_is_told_too() -> None:
    """The bounds find channels that no hiding protects; a hidden total of e2 takes a program."""
    numbers = (
        ((5, 15), (7, 13), (0, 8), (4, 0), (7, 2), (11, 0)),
        ((17, 3), (0, 0), (11, 9), (0, 0), (0, 0), (0, 0)),
        ((2, 0), (6, 8), (3, 5), (2, 18), (4, 1), (9, 1)),
    )
    leaves = tuple(product(("u0", "u1", "u2"), TWO.parts))
    answers = tuple(dict(zip(leaves, each, strict=True)) for each in numbers)
    spans = enumerate([(0, 1), (0, 2), (0, 0), (2, 2)])
    world = World(TWO, answers, tuple(edition(f"e{at}", *span, TWO, answers) for at, span in spans))
    compared = compare(world)
    assert compared.is_stopped
    assert (compared.missed, compared.invented) == (set(), set())


def test_without_a_common_day_nothing_is_counted_and_nothing_found() -> None:
    answers = country({"a": (3, 2), **BESIDE}, {"a": (2, 2), **BESIDE})
    first, second = edition("2026-Q2", 0, 0, ONE, answers), edition("2026-Q3", 1, 1, ONE, answers)

    def count(_first: object, _last: object) -> dict[Leaf, Numbers]:
        raise AssertionError("nothing is to be counted")

    assert audit(second, [first], ONE, count) == audit(first, [], ONE, count)
    assert find_all(second, [first], ONE, count).left == ()


def test_large_groups_cause_no_alarm_however_they_overlap() -> None:
    large = {"a": (200, 90), **BESIDE}
    answers = country(large, large, large)
    months = [edition(f"m{at}", at, at, ONE, answers) for at in range(3)]
    quarter = edition("2026-Q3", 0, 2, ONE, answers)
    outcome = audit(quarter, months, ONE, World(ONE, answers, ()).count)
    assert (outcome.withheld, outcome.left, outcome.known_before) == (frozenset(), (), ())


def test_a_printed_zero_that_gives_others_away_is_told_because_it_cannot_be_hidden() -> None:
    """The quarter and July are printed; September is empty, so that August is what is left."""
    answers = country({"a": (20, 10), **BESIDE}, {"a": (3, 2), **BESIDE}, BESIDE)
    quarter, july = edition("2026-Q3", 0, 2, ONE, answers), edition("2026-07", 0, 0, ONE, answers)
    september = edition("2026-09", 2, 2, ONE, answers)
    outcome = audit(september, [quarter, july], ONE, World(ONE, answers, ()).count)
    # August and September together were five before already.
    assert {(each.key, each.n) for each in outcome.known_before} >= {(("a", "official"), 5)}
    assert {(each.key, each.first, each.last) for each in outcome.left} == {(("a", "official"), 1, 2)}


def test_an_agency_that_took_another_over_is_attacked_with_it() -> None:
    """July was printed of each; the quarter counts both under the one that is left."""
    answers = country({"a": (20, 10), **BESIDE}, {"a": (2, 1), "b": (1, 1), "c": (60, 10)})
    july = edition("2026-07", 0, 0, ONE, answers)
    merged = []
    for counts in answers:
        both = zip(counts["a", "official"], counts["b", "official"], strict=True)
        merged.append({("b", "official"): tuple(map(sum, both)), ("c", "official"): counts["c", "official"]})
    quarter = replace(edition("2026-Q3", 0, 1, ONE, merged), units={"a": "b", "b": "b", "c": "c"})
    count = World(ONE, answers, ()).count
    found = find_all(quarter, [july], ONE, count).left
    assert (("b", "official"), What.DAYS, 5) in {(each.key, each.what, each.n) for each in found}
    assert audit(quarter, [july], ONE, count).withheld == {("b", "official"), ("c", "official")}
