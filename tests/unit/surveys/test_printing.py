from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.comparison import Sample, compare
from surveys.intervals import Interval, wilson
from surveys.printing import (
    NBSP,
    PrintedRate,
    Standing,
    change_text,
    date_text,
    fitted,
    interval_text,
    long_date,
    minutes,
    number,
    percent,
    points,
    printed_rate,
    score,
    thresholds_note,
)
from surveys.scoring import Distribution, round_half_away
from surveys.thresholds import Thresholds

RATES = st.integers(1, 10**7).flatmap(lambda n: st.builds(Fraction, st.integers(0, n), st.just(n)))
TARGETS = st.sampled_from(
    [Fraction(9, 10), Fraction(95, 100), Fraction(92, 100), Fraction(1, 5), Fraction(0)]
)


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def read(text: str) -> Fraction:
    return Fraction(text.replace(f"{NBSP}%", "").replace(".", "").replace(",", "."))


@pytest.mark.parametrize(
    ("fraction", "against", "printed"),
    [
        (Fraction(23, 80), (), "28,8 %"),
        (Fraction(8996, 10000), (Fraction(9, 10),), "89,96 %"),
        (Fraction(8996, 10000), (), "90,0 %"),
        (Fraction(89996, 100000), (Fraction(9, 10),), "89,996 %"),
        (Fraction(9, 10), (Fraction(9, 10),), "90,0 %"),
        (Fraction(89949, 100000), (Fraction(9, 10), Fraction(95, 100)), "89,9 %"),
        (Fraction(94996, 100000), (Fraction(9, 10), Fraction(95, 100)), "94,996 %"),
        (0.950007992, (Fraction(95, 100),), "95,0 %"),
        (0.89999999999, (Fraction(9, 10),), "89,999999999 %"),
        (Fraction(0), (), "0,0 %"),
        (Fraction(1), (), "100,0 %"),
        (Fraction(-1, 5), (Fraction(3, 10),), "−20,0 %"),
        (Fraction(-1, 10000), (), "0,0 %"),
    ],
)
def test_a_share_is_printed_on_its_side_of_every_threshold(
    fraction: Fraction | float, against: tuple[Fraction, ...], printed: str
) -> None:
    assert plain(percent(fraction, against=against)) == printed


@given(RATES, st.lists(TARGETS, max_size=3))
def test_the_printed_side_is_the_exact_side(rate: Fraction, targets: list[Fraction]) -> None:
    printed = read(percent(rate, against=targets))
    assert all((printed >= 100 * target) is (rate >= target) for target in targets)
    assert abs(printed - 100 * rate) <= Fraction(1, 20)


@given(st.floats(0, 1), TARGETS)
def test_a_bound_is_printed_on_its_side_too(bound: float, target: Fraction) -> None:
    assert (read(percent(bound, against=[target])) >= 100 * target) is (bound >= target)


@given(RATES, TARGETS)
def test_no_decimal_is_spent_without_need(rate: Fraction, target: Fraction) -> None:
    places = -int(fitted(100 * rate, [100 * target]).as_tuple().exponent)
    for fewer in range(1, places):
        shorter = round_half_away(100 * rate, fewer)
        assert (shorter >= 100 * target) is not (rate >= target)


def test_the_space_before_the_sign_does_not_break_and_english_has_none() -> None:
    assert percent(Fraction(899, 1000)) == "89,9\u00a0%"
    assert percent(Fraction(899, 1000), locale="en") == "89.9%"
    assert plain(percent(Fraction(899, 1000), decimal_mark=".")) == "89.9 %"


def test_a_threshold_that_no_decimal_expresses_ends_the_search() -> None:
    assert percent(Fraction(1, 3), against=[Fraction(1, 3)]).startswith("33,3")


@pytest.mark.parametrize(
    ("value", "against", "printed"),
    [("4.96", ["5"], "4,96"), ("4.96", [], "5,0"), ("5.04", ["5"], "5,0"), ("7.999", ["8"], "7,999")],
)
def test_minutes_keep_their_side_of_a_strict_limit(value: str, against: list[str], printed: str) -> None:
    assert minutes(Fraction(value), [Fraction(limit) for limit in against]) == printed


def test_numbers_are_grouped_as_each_language_does() -> None:
    assert number(999) == "999"
    assert number(1234567) == "1.234.567"
    assert number(1234567, "en") == "1,234,567"
    assert minutes(Fraction("1234.5"), locale="en") == "1,234.5"
    assert score(Fraction(74)) == "74,0"


@pytest.mark.parametrize(
    ("value", "side", "printed"),
    [
        (Fraction(12, 1000), False, "+1,2"),
        (Fraction(-12, 1000), False, "−1,2"),
        (Fraction(0), True, "0,0"),
        (Fraction(-4, 10000), False, "0,0"),
        (Fraction(4, 10000), False, "0,0"),
        (Fraction(-4, 10000), True, "−0,04"),
        (0.000123, True, "+0,01"),
        (-0.0, True, "0,0"),
    ],
)
def test_points_carry_a_sign_and_a_bound_shows_its_side_of_zero(
    value: Fraction | float, side: bool, printed: str
) -> None:
    assert plain(points(value, side_of_zero=side)) == f"{printed} điểm phần trăm"


def test_a_change_is_printed_with_its_interval() -> None:
    change = compare(Sample.simple(850, 1000), Sample.simple(900, 1000))
    assert plain(change_text(change)) == "+5,0 điểm phần trăm (từ +2,1 đến +7,9)"
    assert plain(change_text(change, "en")) == "+5.0 percentage points (+2.1 to +7.9)"
    assert plain(points(change)) == "+5,0 điểm phần trăm"


def test_an_interval_keeps_the_sides_of_its_bounds() -> None:
    assert plain(interval_text(wilson(Fraction(45, 50), 50))) == "78,6–95,7 %"
    assert interval_text(wilson(Fraction(45, 50), 50), locale="en") == "78.6–95.7%"
    assert plain(interval_text(Interval(0.89999, 0.9), against=[Fraction(9, 10)])) == "89,999–90,0 %"
    assert plain(interval_text(Interval(-0.02, 0.05))) == "−2,0 đến 5,0 %"
    assert interval_text(Interval(4.96, 6.5), against=[5], unit="") == "4,96–6,5"


def printed(counts: tuple[int, int, int, int, int], n_eff: float | None = None) -> PrintedRate:
    found = Distribution(counts)
    size = found.n if n_eff is None else n_eff
    return printed_rate(found, wilson(found.rate, size) if found.rate is not None else None, n_eff=n_eff)


def texts(cell: PrintedRate) -> set[str]:
    return {cell.n, cell.rate, cell.interval, cell.satisfied, cell.not_satisfied}


def test_no_answers_print_a_dash() -> None:
    cell = printed((0, 0, 0, 0, 0))
    assert cell.standing is Standing.NONE
    assert texts(cell) == {"–"}


@pytest.mark.parametrize("n", range(1, 10))
def test_one_to_nine_answers_print_nothing_but_the_mark(n: int) -> None:
    cell = printed((n, 0, 0, 0, 0))
    assert cell.standing is Standing.SUPPRESSED
    assert texts(cell) == {"bm"}
    assert (cell.levels, cell.note) == (None, "")


def test_ten_to_twenty_nine_are_indicative_without_the_five_levels() -> None:
    cell = printed((8, 10, 2, 0, 0))
    assert cell.standing is Standing.INDICATIVE
    assert cell.note == "tham khảo"
    assert cell.levels is None
    assert (plain(cell.satisfied), plain(cell.not_satisfied)) == ("90,0 %", "10,0 %")


def test_all_or_none_of_a_few_are_printed_as_one_sided() -> None:
    everyone, nobody = printed((12, 0, 0, 0, 0)), printed((0, 0, 0, 0, 12))
    assert plain(everyone.rate) == plain(everyone.satisfied) == "từ 75,7 % trở lên"
    assert plain(everyone.not_satisfied) == "không quá 24,3 %"
    assert plain(nobody.rate) == "không quá 24,3 %"
    assert plain(nobody.not_satisfied) == "từ 75,7 % trở lên"
    english = printed_rate(Distribution((12, 0, 0, 0, 0)), wilson(Fraction(1), 12), locale="en")
    assert english.rate == "at least 75.7%"


@pytest.mark.parametrize("n", range(10, 30))
def test_one_bound_is_one_number_beside_its_interval(n: int) -> None:
    everyone, nobody = printed((n, 0, 0, 0, 0)), printed((0, 0, 0, 0, n))
    low, high = plain(everyone.interval).partition("–")[0], plain(nobody.interval).partition("–")[2]
    assert plain(everyone.rate) == f"từ {low} % trở lên"
    assert plain(nobody.rate) == f"không quá {high}"


def test_thirty_and_more_show_every_level() -> None:
    cell = printed((30, 0, 0, 0, 0))
    assert cell.standing is Standing.VERDICT
    assert (plain(cell.rate), cell.note) == ("100,0 %", "")
    assert cell.levels is not None
    assert [plain(share) for share in cell.levels] == ["100,0 %", "0,0 %", "0,0 %", "0,0 %", "0,0 %"]
    assert printed((50, 0, 0, 0, 0)).standing is Standing.RANK


def test_clustered_answers_are_indicative_however_many() -> None:
    assert printed((60, 30, 5, 5, 0), n_eff=20.0).note == "tham khảo"


def test_dates_are_written_as_official_papers_write_them() -> None:
    assert date_text(date(2026, 11, 30)) == "30/11/2026"
    assert date_text(date(2026, 9, 5)) == "05/09/2026"
    assert date_text(date(2026, 9, 5), "en") == "5 September 2026"
    assert long_date(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert long_date(date(2026, 3, 10)) == "ngày 10 tháng 3 năm 2026"
    assert long_date(date(2026, 3, 10), "en") == "10 March 2026"


def test_a_table_names_the_thresholds_it_used() -> None:
    note = thresholds_note(Thresholds(disclosure=20, verdict=40, rank=60))
    assert all(part in plain(note) for part in ("từ 1 đến 19", "dưới 40", "từ 60", "20 %"))
    assert "1 to 9" in thresholds_note(locale="en")
