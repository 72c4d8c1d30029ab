"""Planted falsifiers are found, honest collectors are left alone, and what is missed is said."""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest

from surveys.interview_signs import review
from tests.support.falsifiers import DISHONEST, wave

# The waves on which nothing was tuned; those below a hundred were looked at while the indicators were made.
FIRST_SEED = 100 + int(os.environ.get("DRILL_SEED", "2026"))
WAVES = 24 if os.environ.get("DRILL") == "whole" else 3


@pytest.mark.slow
@pytest.mark.parametrize("long", [False, True], ids=["sheet used at home", "sheet with scales"])
def test_planted_falsifiers(long: bool) -> None:
    people: Counter[str] = Counter()
    found: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + WAVES):
        one = wave(seed, long=long)
        findings = review(one.interviews, one.doors)
        people.update(one.kinds.values())
        found.update(one.kinds[who] for who in {finding.collector for finding in findings})
        flags.update(finding.indicator.value for finding in findings)
    shares = {kind: round(found[kind] / people[kind], 4) for kind in ("honest", *DISHONEST)}
    print(json.dumps({
        "drill": "planted falsifiers", "long": long, "waves": WAVES, "first_seed": FIRST_SEED,
        "people": dict(people), "found": shares,
        "missed_careful": round(1 - shares["careful"], 4), "flags": dict(flags.most_common()),
    }))  # fmt: skip
    assert shares["full"] >= 0.95
    assert shares["partial"] >= 0.60
    assert shares["honest"] <= 0.03
