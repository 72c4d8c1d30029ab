from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from surveys.thresholds import (
    DEFAULTS,
    Standing,
    Thresholds,
    from_mapping,
    is_lawful,
    standing,
    strictest,
    to_mapping,
    whole_answers,
)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, Standing.NONE),
        (1, Standing.SUPPRESSED),
        (9, Standing.SUPPRESSED),
        (10, Standing.INDICATIVE),
        (29, Standing.INDICATIVE),
        (30, Standing.VERDICT),
        (49, Standing.VERDICT),
        (50, Standing.RANK),
        (10_000, Standing.RANK),
    ],
)
def test_the_number_of_answers_decides_what_is_printed(n: int, expected: Standing) -> None:
    assert standing(n) is expected
    assert standing(n, float(n)) is expected


@pytest.mark.parametrize(
    ("n", "n_eff", "expected"),
    [
        (12, 4.0, Standing.INDICATIVE),
        (9, 200.0, Standing.SUPPRESSED),
        (100, 29.99, Standing.INDICATIVE),
        (100, 29.999999999999996, Standing.VERDICT),
        (100, 49.7, Standing.VERDICT),
        (29, 400.0, Standing.INDICATIVE),
    ],
)
def test_disclosure_looks_at_people_and_precision_at_what_they_are_worth(
    n: int, n_eff: float, expected: Standing
) -> None:
    assert standing(n, n_eff) is expected


def test_thresholds_are_configuration() -> None:
    strict = Thresholds(disclosure=20, verdict=100, rank=400)
    assert standing(19, 19, strict) is Standing.SUPPRESSED
    assert standing(99, 99, strict) is Standing.INDICATIVE
    assert standing(400, 399.5, strict) is Standing.VERDICT


def test_whole_answers_forgive_binary_noise_only() -> None:
    assert whole_answers(30 * (1 - 1e-16)) == 30
    assert whole_answers(29.9999) == 29


@pytest.mark.parametrize(
    ("changed", "lawful"),
    [
        ({}, True),
        ({"disclosure": 9}, False),
        ({"disclosure": 30, "verdict": 30, "rank": 30}, True),
        ({"disclosure": 31}, False),
        ({"verdict": 51}, False),
        ({"rank": 29}, False),
        ({"rank": 1000}, True),
        ({"rank": 1001}, False),
        ({"response_rate": Fraction(0)}, False),
        ({"response_rate": Fraction(1)}, True),
        ({"merge": 0}, False),
    ],
)
def test_a_set_never_protects_less_than_the_method(changed: dict[str, Any], lawful: bool) -> None:
    assert is_lawful(replace(DEFAULTS, **changed)) is lawful


def test_a_set_is_kept_as_plain_values() -> None:
    found = replace(DEFAULTS, disclosure=15, response_rate=Fraction(1, 3))
    assert to_mapping(found)["response_rate"] == "1/3"
    assert from_mapping(to_mapping(found)) == found
    assert from_mapping({}) == DEFAULTS


def test_a_window_protects_as_much_as_any_of_its_quarters() -> None:
    strict, late = replace(DEFAULTS, disclosure=20), replace(DEFAULTS, disclosure=12, rank=60)
    assert strictest([strict, late]) == replace(late, disclosure=20)
    assert strictest([late]) == late
