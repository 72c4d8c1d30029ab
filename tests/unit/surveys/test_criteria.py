from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.criteria import (
    CERTAIN,
    UNCERTAIN,
    Hours,
    ProcedureHours,
    Target,
    Thresholds,
    Verdict,
    field_response_rate,
    interval_decides,
    judge,
    judge_reduction,
    processing_reduction,
    response_rate,
    weighting_changes_verdict,
)
from surveys.intervals import Interval, wilson

NINETY = Target("TC4", ">=", 90, "%")
FIVE_MINUTES = Target("TC2", "<", 5, "phút")
TWENTY_PERCENT_FASTER = Target("TC3", ">=", 20, "%")
HALF_ANSWERED = Fraction(1, 2)
PAIRS = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_a_target_in_percent_and_one_as_a_share_mean_the_same() -> None:
    assert NINETY.limit == Target("TC4", ">=", Decimal("0.90"), "share").limit == Fraction(9, 10)
    assert FIVE_MINUTES.limit == 5


@pytest.mark.parametrize(
    ("operator", "value", "unit"),
    [(">=", Decimal("0.9"), "%"), (">=", 90, "share"), (">=", 101, "%"), (">", 90, "%")],
)
def test_a_target_in_the_wrong_unit_or_with_an_unknown_operator_is_refused(
    operator: str, value: Decimal | int, unit: str
) -> None:
    with pytest.raises(ValueError, match="TC4"):
        Target("TC4", operator, value, unit)


def test_the_comparison_is_exact_and_below_is_strict() -> None:
    assert NINETY.met(Fraction(9, 10))
    assert not NINETY.met(Fraction(89999, 100000))
    assert not FIVE_MINUTES.met(Fraction(5))
    assert FIVE_MINUTES.met(Decimal("4.999"))


def judged(satisfied: int, n: int, n_eff: float | None = None, rate: Fraction | None = HALF_ANSWERED) -> str:
    share, size = Fraction(satisfied, n), n_eff or n
    found = judge(share, wilson(share, size), NINETY, n=n, n_eff=size, response_rate=rate)
    return f"{found.verdict} {found.words}".strip()


def test_a_verdict_carries_its_certainty() -> None:
    assert judged(35, 35) == f"Đạt {CERTAIN}"
    assert judged(27, 30) == f"Đạt {UNCERTAIN}"
    assert judged(80, 100) == f"Chưa đạt {CERTAIN}"
    assert judged(8996, 10000) == f"Chưa đạt {UNCERTAIN}"


def test_too_few_answers_are_not_judged() -> None:
    assert judged(29, 29) == "Chưa đủ dữ liệu"
    assert judged(86, 100, n_eff=24.6) == "Chưa đủ dữ liệu"
    assert judged(29, 29, n_eff=500) == "Chưa đủ dữ liệu"
    nothing = judge(None, None, NINETY, n=0, n_eff=0, response_rate=None)
    assert (nothing.verdict, nothing.words) == (Verdict.TOO_FEW, "")


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (None, UNCERTAIN),
        (Fraction(1999, 10000), UNCERTAIN),
        (Fraction(1, 5), CERTAIN),
        (Fraction(1), CERTAIN),
    ],
)
def test_without_a_response_rate_of_a_fifth_nothing_is_certain(rate: Fraction | None, words: str) -> None:
    assert judged(35, 35, rate=rate) == f"Đạt {words}"


def test_recorded_events_need_no_response_rate() -> None:
    found = judge(
        Fraction(4), Interval(3.5, 4.5), FIVE_MINUTES, n=40, n_eff=40, response_rate=None, from_answers=False
    )
    assert (found.verdict, found.words) == (Verdict.MET, CERTAIN)


@pytest.mark.parametrize(
    ("interval", "verdict", "decides"),
    [
        (Interval(4.0, 4.9999), Verdict.MET, True),
        (Interval(4.0, 5.0), Verdict.MET, False),
        (Interval(5.0, 6.0), Verdict.NOT_MET, True),
        (Interval(4.9999, 6.0), Verdict.NOT_MET, False),
    ],
)
def test_the_bounds_of_a_strict_target(interval: Interval, verdict: Verdict, decides: bool) -> None:
    assert interval_decides(interval, FIVE_MINUTES, verdict) is decides


@pytest.mark.parametrize(
    ("interval", "verdict", "decides"),
    [
        (Interval(0.25, 0.5), Verdict.MET, True),
        (Interval(0.2499, 0.5), Verdict.MET, False),
        (Interval(0.1, 0.25), Verdict.NOT_MET, False),
        (Interval(0.1, 0.2499), Verdict.NOT_MET, True),
    ],
)
def test_the_bounds_of_an_at_least_target(interval: Interval, verdict: Verdict, decides: bool) -> None:
    quarter = Target("TC3", ">=", Fraction(1, 4), "share")
    assert interval_decides(interval, quarter, verdict) is decides
    assert not interval_decides(interval, quarter, Verdict.TOO_FEW)


@given(PAIRS)
def test_a_certain_verdict_never_has_the_target_inside_its_interval(pair: tuple[int, int]) -> None:
    rate, n = Fraction(*pair), pair[1]
    interval = wilson(rate, n)
    found = judge(rate, interval, NINETY, n=n, n_eff=n, response_rate=HALF_ANSWERED)
    if found.certain:
        outside = interval.low >= NINETY.limit or interval.high < NINETY.limit
        assert outside
        assert n >= 30
    if found.verdict.decided:
        assert (found.verdict is Verdict.MET) is (pair[0] * 10 >= 9 * n)


def test_weighting_changes_the_verdict_only_across_the_target() -> None:
    assert weighting_changes_verdict(Fraction(91, 100), Fraction(89, 100), NINETY)
    assert weighting_changes_verdict(Fraction(89, 100), Fraction(90, 100), NINETY)
    assert not weighting_changes_verdict(Fraction(91, 100), Fraction(99, 100), NINETY)
    assert not weighting_changes_verdict(Fraction(91, 100), None, NINETY)


def test_a_response_rate_over_a_hundred_percent_is_flagged_and_has_no_value() -> None:
    assert response_rate(30, 120).value == Fraction(1, 4)
    assert response_rate(120, 120).value == 1
    over = response_rate(121, 120)
    assert (over.value, over.flagged) == (None, True)
    nobody = response_rate(0, 0)
    assert (nobody.value, nobody.flagged) == (None, False)
    assert field_response_rate(60, 20, 40).value == Fraction(1, 2)


def procedure(code: str, online: int, direct: int, hours: tuple[int, int] = (6, 10)) -> ProcedureHours:
    fast, slow = hours
    return ProcedureHours(
        code, Hours(online, Fraction(fast), Fraction(1)), Hours(direct, Fraction(slow), Fraction(1))
    )


def test_without_a_twin_there_is_no_reduction_and_never_zero() -> None:
    for procedures in (
        [],
        [procedure("a", 100, 4)],
        [procedure("a", 100, 0)],
        [procedure("a", 40, 40, (0, 0))],
    ):
        reduction = processing_reduction(procedures)
        assert reduction.value is None
        assert judge_reduction(reduction, TWENTY_PERCENT_FASTER).verdict is Verdict.NO_TWIN


@pytest.mark.parametrize(
    ("procedures", "verdict"),
    [
        ([procedure("a", 30, 30)], Verdict.MET),
        ([procedure("a", 30, 30, (9, 10))], Verdict.NOT_MET),
        ([procedure("a", 30, 29)], Verdict.TOO_FEW),
        ([procedure("a", 29, 30)], Verdict.TOO_FEW),
        ([procedure("a", 50, 50), procedure("b", 50, 0)], Verdict.MET),
        ([procedure("a", 50, 50), procedure("b", 51, 0)], Verdict.TOO_FEW),
    ],
)
def test_a_verdict_on_the_reduction_needs_half_the_dossiers_and_thirty_a_side(
    procedures: list[ProcedureHours], verdict: Verdict
) -> None:
    found = judge_reduction(processing_reduction(procedures), TWENTY_PERCENT_FASTER)
    assert found.verdict is verdict
    assert found.certain is (verdict is not Verdict.TOO_FEW)


def test_thresholds_of_the_reduction_are_configuration() -> None:
    lenient = Thresholds(tc3_per_side=1, tc3_dossiers=2, tc3_share=Fraction(1, 10))
    reduction = processing_reduction([procedure("a", 3, 2), procedure("b", 20, 0)], lenient)
    assert judge_reduction(reduction, TWENTY_PERCENT_FASTER, lenient).verdict is Verdict.MET
