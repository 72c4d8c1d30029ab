from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from surveys.comparison import (
    Change,
    NoChange,
    Sample,
    Word,
    benjamini_hochberg,
    change_or_reason,
    change_words,
    channel_for_change,
    compare,
)
from surveys.scoring import Channel

SAMPLES = st.integers(1, 3000).flatmap(lambda n: st.builds(Sample.simple, st.integers(0, n), st.just(n)))
PS = st.lists(st.floats(0, 1), min_size=1, max_size=40)
ENOUGH = Sample.simple(90, 100)


@given(SAMPLES, SAMPLES)
def test_a_change_equals_statsmodels(before: Sample, now: Sample) -> None:
    change = compare(before, now)
    low, high = confint_proportions_2indep(
        now.satisfied, now.n, before.satisfied, before.n, method="newcomb", compare="diff"
    )
    assert (change.low, change.high) == pytest.approx((low, high), abs=1e-10)
    assert change.low <= float(change.diff) <= change.high
    assume(0 < before.satisfied + now.satisfied < before.n + now.n)
    z, p = proportions_ztest([now.satisfied, before.satisfied], [now.n, before.n])
    assert change.z == pytest.approx(z, abs=1e-10)
    assert change.p == pytest.approx(p, rel=1e-9, abs=1e-300)


@given(SAMPLES, SAMPLES)
def test_time_turned_round_turns_the_change_round(before: Sample, now: Sample) -> None:
    there, back = compare(before, now), compare(now, before)
    assert there.diff == -back.diff
    assert (there.low, there.high, there.p) == pytest.approx((-back.high, -back.low, back.p), abs=1e-12)


@pytest.mark.parametrize("satisfied", [0, 40])
def test_no_variation_at_all_is_no_evidence(satisfied: int) -> None:
    change = compare(Sample.simple(satisfied, 40), Sample.simple(satisfied, 40))
    assert (change.z, change.p) == (0.0, 1.0)


def test_clustered_answers_are_tested_with_what_they_are_worth() -> None:
    plain = compare(Sample.simple(800, 1000), Sample.simple(840, 1000))
    clustered = compare(Sample(800, 1000, 400.0), Sample(840, 1000, 400.0))
    z, p = proportions_ztest([0.84 * 400, 0.8 * 400], [400, 400])
    low, high = confint_proportions_2indep(0.84 * 400, 400, 0.8 * 400, 400, method="newcomb", compare="diff")
    assert clustered.diff == plain.diff
    assert (clustered.z, clustered.p) == pytest.approx((z, p), rel=1e-9)
    assert (clustered.low, clustered.high) == pytest.approx((low, high), abs=1e-12)
    assert plain.p < 0.05 < clustered.p


@given(PS)
def test_benjamini_hochberg_equals_statsmodels(ps: list[float]) -> None:
    _, expected, _, _ = multipletests(ps, method="fdr_bh")
    assert benjamini_hochberg(ps) == pytest.approx(list(expected), rel=1e-12, abs=1e-300)


@given(PS)
def test_adjusted_values_keep_the_order_and_never_fall_below_the_p(ps: list[float]) -> None:
    qs = benjamini_hochberg(ps)
    assert all(p <= q <= 1 or math.isclose(p, q) for p, q in zip(ps, qs, strict=True))
    pairs = sorted(zip(ps, qs, strict=True))
    assert [q for _, q in pairs] == sorted(qs)


def test_an_empty_family_has_no_words() -> None:
    assert benjamini_hochberg([]) == []
    assert change_words([]) == []


def test_a_lone_figure_is_a_family_of_one() -> None:
    change = compare(Sample.simple(850, 1000), Sample.simple(900, 1000))
    assert change_words([change]) == [Word.UP]
    assert change_words([compare(Sample.simple(900, 1000), Sample.simple(850, 1000))]) == [Word.DOWN]


def test_a_q_of_exactly_one_in_twenty_is_still_a_word() -> None:
    at_the_limit = Change(Fraction(1, 10), 0.0, 0.2, 1.96, 0.05)
    assert change_words([at_the_limit]) == [Word.UP]
    assert change_words([replace(at_the_limit, p=0.0500001)]) == [Word.UNCLEAR]


def test_a_large_family_asks_for_more_evidence() -> None:
    borderline = compare(Sample.simple(180, 200), Sample.simple(190, 200))
    slight = compare(Sample.simple(170, 200), Sample.simple(185, 200))
    assert slight.p < 0.05 < borderline.p
    assert change_words([slight]) == [Word.UP]
    assert change_words([slight, borderline, borderline]) == [Word.UNCLEAR] * 3


def test_those_without_a_change_are_not_in_the_family() -> None:
    slight = compare(Sample.simple(170, 200), Sample.simple(185, 200))
    words = change_words([NoChange.TOO_FEW_NOW, slight, NoChange.VERSION, NoChange.UNPUBLISHED])
    assert words == [Word.NONE, Word.UP, Word.BROKEN, Word.NONE]


@pytest.mark.parametrize(
    ("previous", "now", "reason"),
    [
        (ENOUGH, None, NoChange.TOO_FEW_NOW),
        (ENOUGH, Sample.simple(29, 29), NoChange.TOO_FEW_NOW),
        (ENOUGH, Sample(90, 100, 29.9), NoChange.TOO_FEW_NOW),
        (None, ENOUGH, NoChange.TOO_FEW_BEFORE),
        (Sample.simple(28, 29), ENOUGH, NoChange.TOO_FEW_BEFORE),
    ],
)
def test_too_few_answers_on_either_side_tell_no_change(
    previous: Sample | None, now: Sample | None, reason: NoChange
) -> None:
    assert change_or_reason(previous, now) is reason
    assert reason.word is Word.NONE


def test_thirty_answers_on_both_sides_are_enough() -> None:
    thirty = Sample(27, 30, 29.999999999999996)
    assert isinstance(change_or_reason(thirty, thirty), Change)


def test_a_broken_series_outranks_too_few_answers() -> None:
    assert change_or_reason(None, None, same_agency=False) is NoChange.AGENCY
    assert change_or_reason(None, None, comparable_version=False) is NoChange.VERSION
    assert {NoChange.AGENCY.word, NoChange.VERSION.word} == {Word.BROKEN}


def test_change_is_told_in_links_or_else_in_the_field() -> None:
    assert channel_for_change(has_link=True) is Channel.LINK
    assert channel_for_change(has_link=False) is Channel.FIELD
