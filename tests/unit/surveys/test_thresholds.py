from __future__ import annotations

import pytest

from surveys.thresholds import Standing, Thresholds, standing, whole_answers


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
