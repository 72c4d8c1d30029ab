"""The audit over editions against the program over every cell, on many invented worlds.

It does not hold in every world yet: docs/adr/0014-differencing.md, "What is not reached".
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from tests.unit.app_results.test_overlaps import SLOW, World, audit, by_oracle, derivable, hide, worlds


@pytest.mark.slow
@settings(SLOW, max_examples=40)
@given(worlds())
def test_after_the_audit_the_oracle_finds_only_what_followed_before(world: World) -> None:
    candidate, *others = world.editions
    outcome = audit(candidate, others, world.family, world.count)
    hidden = hide(candidate, outcome.withheld)
    after = by_oracle(replace(world, editions=(hidden, *others)))
    told = {*outcome.left, *outcome.known_before}
    excused = {("cell", each.key, each.edition) for each in told}
    excused |= {("days", each.key, each.first, each.last) for each in told}
    # What others print of the same cell is no secret of the candidate's.
    known = derivable(candidate, others)
    excused |= {("cell", key, candidate.code) for key in known if candidate.cells[key].n >= 10}
    assert after <= excused
