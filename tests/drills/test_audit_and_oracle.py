"""The audit over editions against programs over every cell, on many invented worlds.

`DRILL=whole` invents hundreds; `DRILL_SEED` invents others.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.attacks.conftest import SEED, WHOLE
from tests.unit.app_results.overlap_verdicts import by_attack, by_levels, by_oracle, compare
from tests.unit.app_results.overlapping_worlds import ONE, TWO, World, level_worlds, worlds
from tests.unit.app_results.test_overlaps import SLOW

KINDS = {
    "one number": worlds(family=ONE),
    "two channels": worlds(family=TWO),
    "levels": level_worlds(),
    "levels of two channels": level_worlds(family=TWO),
}


def over_many(strategy: SearchStrategy[World], check: Callable[[World], None]) -> None:
    many = settings(SLOW, max_examples=300 if WHOLE else 10, derandomize=False, database=None)
    seed(SEED)(many(given(strategy)(check)))()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["one number", "two channels"])
def test_after_the_audit_the_oracle_finds_only_what_the_audit_tells(kind: str) -> None:
    def check(world: World) -> None:
        compared = compare(world)
        assert (compared.missed, compared.invented) == (set(), set())

    over_many(KINDS[kind], check)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_attack_finds_what_a_program_over_every_cell_finds(kind: str) -> None:
    oracle = by_levels if "levels" in kind else by_oracle

    def check(world: World) -> None:
        assert by_attack(world) == oracle(world)

    over_many(KINDS[kind], check)
