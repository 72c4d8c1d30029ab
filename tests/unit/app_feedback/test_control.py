"""Nobody finds a small number of contacts by adding and subtracting: tried by an attacker of its own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from app.comments.counting import Timing
from app.comments.themes import Theme
from app.feedback.control import Hidden, control
from app.feedback.heaps import Heaps, Part, heaps_of
from surveys.disclosure import N_WIDTH
from surveys.feedback import FeedbackStatus
from surveys.figures import NATION

MINIMUM = 10
PRINTED = (Timing.ON_TIME, Timing.LATE)
WHERE = (("14-A", "14"), ("14-B", "14"), ("14-C", "14"), ("31-A", "31"), ("31-B", "31"), ("51-A", "51"))
THEMES = (Theme.SYSTEM, Theme.FEES)
# What is to be found stands just below and just above the threshold.
SIZES = (0, 0, 0, 1, 2, 3, 5, 8, 9, 10, 11, 12, 15, 24, 60)


def invented(seed: int) -> tuple[Part, ...]:
    draw = random.Random(seed)
    found: dict[tuple[Any, ...], int] = {}
    for agency, province in WHERE:
        for theme in THEMES:
            for status in FeedbackStatus:
                left = draw.choice(SIZES)
                is_open = status in (FeedbackStatus.RECEIVED, FeedbackStatus.IN_PROGRESS)
                for timing in (Timing.LATE, Timing.RUNNING if is_open else Timing.ON_TIME):
                    n = draw.choice((0, left, draw.randint(0, left))) if timing is Timing.LATE else left
                    left -= n
                    if n:
                        found[agency, province, theme, status, timing] = n
    return tuple((*key, n) for key, n in sorted(found.items()))


class Attacker:
    """Writes down every unknown and every sum again, knowing nothing of how the control works.

    Statuses, both printed times and the number that still runs, for each place and theme; all that is printed
    is a constant, what is hidden lies below the threshold or not, and of what still runs only that it is none
    of the two others is known.
    """

    def __init__(self, heaps: dict[str, Heaps], hidden: Hidden) -> None:
        self.names: dict[tuple[str, Theme, str], int] = {}
        self.bounds: list[tuple[int, int]] = []
        self.secret: list[tuple[str, Theme, str]] = []
        self.hidden, self.heaps = hidden, heaps
        for place, own in heaps.items():
            for theme in THEMES:
                for status in FeedbackStatus:
                    n = own.statuses[theme, status]
                    self._name((place, theme, status), n, (place, theme, status) in hidden.statuses)
                for timing in Timing:
                    n = own.timings[theme, timing]
                    is_hidden = (place, theme) in hidden.timings
                    if timing is Timing.RUNNING:
                        self._unknown((place, theme, timing))
                    else:
                        self._name((place, theme, timing), n, is_hidden)
        self._write_sums(heaps)

    def _name(self, name: tuple[str, Theme, str], n: int, is_hidden: bool) -> None:
        """Of a group that is hidden whole it is not even known which are noughts."""
        self.names[name] = len(self.bounds)
        if is_hidden and self._is_silent(name):
            self.bounds.append((0, 10_000))
            self.secret += [name] if n else []
        elif is_hidden and n:
            self.secret.append(name)
            self.bounds.append((1, MINIMUM - 1) if n < MINIMUM else (MINIMUM, 10_000))
        else:
            self.bounds.append((n, n))

    def _is_silent(self, name: tuple[str, Theme, str]) -> bool:
        place, theme, word = name
        if place == NATION:
            return False
        provinces = [code for code in ("14", "31", "51") if code in self.heaps]
        group = [code for code, province in WHERE if province == place[:2] and code in self.heaps]
        return all(
            (code, theme) in self.hidden.timings
            if word in set(Timing)
            else (code, theme, word) in self.hidden.statuses
            for code in (provinces if place in provinces else group)
        )

    def _unknown(self, name: tuple[str, Theme, str]) -> None:
        self.names[name] = len(self.bounds)
        self.bounds.append((0, 10_000))

    def _write_sums(self, heaps: dict[str, Heaps]) -> None:
        rows = []
        for place in heaps:
            members = [agency for agency, province in WHERE if province == place and agency in heaps]
            if place == NATION:
                members = [code for code in ("14", "31", "51") if code in heaps]
            for theme in THEMES:
                words = [*FeedbackStatus, *Timing]
                if members:
                    rows += [
                        self._row({(place, theme, w): 1, **{(code, theme, w): -1 for code in members}})
                        for w in words
                    ]
                split = {(place, theme, w): 1 if w in set(FeedbackStatus) else -1 for w in words}
                rows.append(self._row(split))
        self.sums = np.array(rows)

    def _row(self, weights: dict[tuple[str, Theme, str], int]) -> Any:
        row = np.zeros(len(self.bounds))
        for name, weight in weights.items():
            row[self.names[name]] = weight
        return row

    def found(self) -> Iterator[tuple[tuple[str, Theme, str], float, float]]:
        for name in self.secret:
            objective = np.zeros(len(self.bounds))
            objective[self.names[name]] = 1
            ends = []
            for sign in (1, -1):
                answer = linprog(
                    sign * objective, A_eq=self.sums, b_eq=np.zeros(len(self.sums)), bounds=self.bounds,
                    method="highs",
                )  # fmt: skip
                assert answer.x is not None, answer.message
                ends.append(sign * answer.fun)
            yield name, ends[0], ends[1]


@pytest.mark.parametrize("seed", range(60))
def test_an_attacker_who_adds_and_subtracts_everything_finds_no_small_number(seed: int) -> None:
    parts = invented(seed)
    heaps, hidden = heaps_of(parts), control(parts, MINIMUM)
    for place, own in heaps.items():
        for (theme, status), n in own.statuses.items():
            assert not 0 < n < MINIMUM or (place, theme, status) in hidden.statuses
        for (theme, timing), n in own.timings.items():
            assert not 0 < n < MINIMUM or timing is Timing.RUNNING or (place, theme) in hidden.timings
    for name, low, high in Attacker(heaps, hidden).found():
        assert high - low >= N_WIDTH - 1e-6, (name, low, high)


def test_most_of_large_numbers_is_told() -> None:
    """Hiding everything would be safe, and of no use to anybody."""
    parts = tuple(
        (agency, province, theme, FeedbackStatus.ANSWERED, timing, 20 + 7 * number)
        for number, (agency, province) in enumerate(WHERE)
        for theme in THEMES
        for timing in PRINTED
    )
    hidden = control(parts, MINIMUM)
    assert hidden.statuses == frozenset() and hidden.timings == frozenset()


def test_a_theme_that_is_nowhere_late_enough_takes_no_other_theme_along() -> None:
    """One late contact at each of six agencies: not even the sum is told; that of another theme is."""
    parts = tuple(
        (agency, province, theme, FeedbackStatus.ANSWERED, timing, n)
        for agency, province in WHERE
        for theme, timing, n in (
            (Theme.SYSTEM, Timing.ON_TIME, 40), (Theme.SYSTEM, Timing.LATE, 20),
            (Theme.FEES, Timing.ON_TIME, 40), (Theme.FEES, Timing.LATE, 1),
        )
    )  # fmt: skip
    hidden = control(parts, MINIMUM)
    assert {theme for _place, theme in hidden.timings} == {Theme.FEES}
    assert (NATION, Theme.FEES) in hidden.timings


def test_one_small_agency_takes_one_other_along_and_leaves_the_sums() -> None:
    large = [
        (agency, "14", Theme.FEES, FeedbackStatus.ANSWERED, Timing.ON_TIME, 40) for agency in ("14-B", "14-C")
    ]
    small = ("14-A", "14", Theme.FEES, FeedbackStatus.ANSWERED, Timing.ON_TIME, 3)
    hidden = control((small, *large), MINIMUM)
    places = {place for place, _theme, _status in hidden.statuses}
    assert places == {"14-A", "14-B"}
    assert {place for place, _theme in hidden.timings} == {"14-A", "14-B"}


def test_of_single_contacts_of_a_small_sum_nothing_is_told() -> None:
    parts = tuple(
        (f"14-{letter}", "14", Theme.OTHER, FeedbackStatus.RECEIVED, Timing.RUNNING, 1) for letter in "ABC"
    )
    hidden = control(parts, MINIMUM)
    assert {place for place, *_rest in hidden.statuses} >= {"14-A", "14-B", "14-C", "14", NATION}


def test_a_sum_is_worth_more_than_its_parts() -> None:
    """Ten agencies with a few contacts each: of them nothing is told, of the province how many they are."""
    parts = tuple(
        (f"14-{letter}", "14", Theme.OTHER, FeedbackStatus.ANSWERED, Timing.ON_TIME, number % 5 + 1)
        for number, letter in enumerate("ABCDEFGHIJ")
    )
    hidden = control(parts, MINIMUM)
    assert {place for place, *_rest in hidden.statuses} == {f"14-{letter}" for letter in "ABCDEFGHIJ"}
    assert {"14", NATION}.isdisjoint(place for place, _theme in hidden.timings)


def test_a_sum_that_two_small_parts_make_nearly_whole_is_hidden() -> None:
    """Seventeen of two agencies that both stay below ten are eight and nine."""
    parts = (
        ("14-A", "14", Theme.OTHER, FeedbackStatus.ANSWERED, Timing.ON_TIME, 8),
        ("14-B", "14", Theme.OTHER, FeedbackStatus.ANSWERED, Timing.ON_TIME, 9),
        ("31-A", "31", Theme.OTHER, FeedbackStatus.ANSWERED, Timing.ON_TIME, 80),
    )
    assert "14" in {place for place, *_rest in control(parts, MINIMUM).statuses}


def test_the_same_counts_are_decided_once() -> None:
    parts = invented(3)
    assert control(parts, MINIMUM) is control((*parts,), MINIMUM)
