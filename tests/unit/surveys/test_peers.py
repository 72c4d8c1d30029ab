from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from surveys.peers import Score, Tally, excess_counts, excess_scores, together


def tallies(draw: random.Random, collectors: int, likeness: float, rate: float = 0.2) -> dict[str, Tally]:
    """Counts of collectors who differ, two to a village."""
    made: dict[str, Tally] = {}
    for number in range(collectors):
        strength = 1 / likeness - 1
        own = draw.betavariate(rate * strength, (1 - rate) * strength)
        n = draw.randint(20, 60)
        made[f"c{number:03}"] = {f"v{number // 2:03}": (sum(draw.random() < own for _ in range(n)), n)}
    return made


@settings(max_examples=12, derandomize=True)
@given(st.integers(0, 10_000), st.sampled_from((0.01, 0.05, 0.15)))
def test_honest_collectors_are_as_suspect_as_chance_allows(seed: int, likeness: float) -> None:
    """Whatever honest people differ by, few p-values are small: the law is as wide as they are."""
    ps = [excess.p for excess in excess_counts(tallies(random.Random(seed), 100, likeness)).values()]
    assert sum(p < 0.1 for p in ps) <= 25
    assert sum(p < 0.01 for p in ps) <= 8
    assert sum(p < 0.001 for p in ps) <= 2


@settings(max_examples=8, derandomize=True)
@given(st.integers(0, 10_000))
def test_p_values_of_like_collectors_are_uniform_or_larger(seed: int) -> None:
    ps = [excess.p for excess in excess_counts(tallies(random.Random(seed), 100, 0.01)).values()]
    assert stats.kstest(ps, "uniform", alternative="greater").pvalue > 1e-4


def test_a_binomial_test_would_suspect_many_of_them() -> None:
    """Why the spread is measured: taken for independent draws, one honest collector in ten is "proven"."""
    made = tallies(random.Random(1), 200, 0.15)
    cases = [(k, n) for tally in made.values() for k, n in tally.values()]
    naive = [stats.binom.sf(k - 1, n, 0.2) for k, n in cases]
    assert sum(p < 0.001 for p in naive) > 15
    assert sum(excess.p < 0.001 for excess in excess_counts(made).values()) == 0


def test_those_who_lie_do_not_hide_each_other() -> None:
    made = tallies(random.Random(2), 60, 0.02)
    liars = {f"z{number}": {"v000": (38, 40)} for number in range(6)}
    found = excess_counts({**made, **liars})
    assert max(found[who].p for who in liars) < 1e-4
    assert min(found[who].p for who in made) > 1e-3


def test_too_few_is_too_many_of_the_others() -> None:
    made = tallies(random.Random(3), 30, 0.02)
    found = excess_counts({**made, "never": {"v000": (0, 60)}}, tail="low")
    assert found["never"].p == min(excess.p for excess in found.values()) < 0.01
    assert (found["never"].observed, found["never"].size) == (0, 60)
    assert found["never"].expected == pytest.approx(0.2, abs=0.1)


def test_a_happy_village_suspects_nobody() -> None:
    """Ninety of a hundred against two of ten elsewhere: both collectors there found the same."""
    made = tallies(random.Random(4), 60, 0.02)
    found = excess_counts({**made, "a": {"happy": (45, 50)}, "b": {"happy": (44, 50)}}, of_places=True)
    alone = excess_counts({**made, "a": {"happy": (45, 50)}}, of_places=True)
    assert alone["a"].p < 1e-4
    assert min(found["a"].p, found["b"].p) > 0.05


def test_what_hardly_happens_may_happen_once() -> None:
    made = {f"c{number}": {"v": (0, 50)} for number in range(40)}
    found = excess_counts({**made, "slip": {"v": (1, 50)}, "often": {"v": (9, 50)}}, floor=0.002)
    assert found["slip"].p > 0.01
    assert found["often"].p < 1e-4


@settings(max_examples=12, derandomize=True)
@given(st.integers(0, 10_000), st.sampled_from((1.0, 1.5, 2.5)))
def test_scores_of_honest_people_are_uniform_or_less_suspect(seed: int, spread: float) -> None:
    draw = random.Random(seed)
    scores = {f"c{at:03}": Score(100 + 10 * draw.gauss(0.5, spread), 100, 100, 50) for at in range(150)}
    ps = [excess.p for excess in excess_scores(scores).values()]
    assert stats.kstest(ps, "uniform", alternative="greater").pvalue > 1e-4
    assert sum(p < 0.001 for p in ps) <= 2


def test_a_score_without_variance_says_nothing() -> None:
    assert excess_scores({"a": Score(1, 1, 0, 1)}) == {}
    assert excess_counts({"a": {}}) == {} == together({"a": []})


@settings(max_examples=12, derandomize=True)
@given(st.integers(0, 10_000))
def test_many_small_signs_add_up_and_chance_does_not(seed: int) -> None:
    draw = random.Random(seed)
    honest = {f"c{at:03}": [draw.random() for _ in range(12)] for at in range(120)}
    found = together({**honest, "many": [0.02] * 12})
    assert found["many"] < 1e-3
    assert sum(p < 0.001 for who, p in found.items() if who != "many") <= 2
