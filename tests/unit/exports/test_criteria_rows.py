"""The four criteria as a table prints them: estimates without a verdict, a verdict with its certainty."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from exports.columns import NAMES, Row
from exports.criteria_rows import CriterionRow, criteria_rows, estimated_minutes, positive_share, share_inside
from exports.observations import no_target, rows_of_place
from surveys.comparison import Word
from surveys.criteria import Target
from surveys.durations import banded_minutes
from surveys.figures import HIDDEN, Cell, Movement, Place, PlaceFigures, QuestionFigures
from surveys.intervals import wilson
from surveys.printing import interval_text
from surveys.scoring import Channel, Distribution
from tests.support.reports import plan_of

PLAN = plan_of("14")
BANDS = (("under_5", 40), ("5_to_8", 30), ("8_to_15", 20), ("15_plus", 10), ("forgot", 99))
TIMES = QuestionFigures(
    "submit_time", "Mất bao lâu?", "TC2", 100, BANDS, tuple((value, value) for value, _ in BANDS),
    ("forgot",), (),
    (("under_5", "5/2"), ("5_to_8", "13/2"), ("8_to_15", "23/2"), ("15_plus", "20")),
)  # fmt: skip
FILLED = QuestionFigures(
    "prefilled", "Có tự điền không?", "TC1", 100,
    (("mostly", 50), ("partly", 25), ("nothing", 25), ("unnoticed", 300)),
    (("mostly", "Có"),), ("unnoticed",), ("mostly", "partly"),
)  # fmt: skip


def figures(satisfied: int = 960, n: int = 1000, **changes: object) -> PlaceFigures:
    place = Place("14-SYT", "Sở Y tế", "department", "14")
    cell = Cell.of(Distribution((satisfied, 0, 0, 0, n - satisfied)), n)
    made = PlaceFigures(place, "2026-Q3", cell, Movement(Channel.LINK, Word.NONE), questions=(TIMES, FILLED),
                        response_rate=Fraction(1, 2))  # fmt: skip
    return replace(made, **changes)


def rows(made: PlaceFigures, year: int = 2026) -> dict[str, CriterionRow]:
    return {row.code: row for row in criteria_rows(made, PLAN, year)}


def test_minutes_agree_with_the_formula_of_the_method() -> None:
    by_method = banded_minutes([40, 30, 20, 10])
    assert estimated_minutes(TIMES) == (by_method.mean, by_method.n)
    assert share_inside(TIMES, Target("TC2", "<", 5, "phút")) == by_method.share_under_5
    assert share_inside(TIMES, Target("TC2", "<", 8, "phút")) == by_method.share_under_8


def test_a_missing_answer_is_in_no_denominator() -> None:
    assert positive_share(FILLED) == (Fraction(75, 100), 100)


def test_estimates_from_the_survey_get_no_verdict() -> None:
    found = rows(figures())
    for code in ("TC1", "TC2"):
        assert found[code].source == "Khảo sát (ước lượng từ khảo sát)"
        assert found[code].verdict == "Không kết luận"
    assert found["TC1"].result.startswith("75,0\u00a0% phiếu")
    assert found["TC2"].result == "khoảng 7,3\u00a0phút; 40,0\u00a0% phiếu trả lời dưới 5\u00a0phút"
    assert found["TC2"].gap == "+2,3\u00a0phút"


def test_a_share_is_as_uncertain_in_a_document_as_on_the_page_and_in_the_table() -> None:
    """Half of the answers are worth one: people of one village answer alike."""
    official = Cell.of(Distribution((960, 0, 0, 0, 40)), 500)
    clustered = figures(official=official)
    assert f"({interval_text(wilson(Fraction(3, 4), 50))})" in rows(clustered)["TC1"].result
    row = next(row for row in rows_of_place(clustered, "2026-Q3", no_target) if _is_share(row))
    assert (row[NAMES.index("low")], row[NAMES.index("high")]) == (0.615, 0.849)
    assert "khoảng tin cậy 95\u00a0%: 61,5–84,9\u00a0%" in rows(clustered)["TC1"].detail
    all_yes = replace(FILLED, n=12, counts=(("mostly", 12),))
    few = rows(figures(questions=(all_yes,)))["TC1"]
    assert few.result.startswith("từ 75,7\u00a0% trở lên phiếu")
    assert "(75,7–100,0\u00a0%) (tham khảo)" in few.result


def _is_share(row: Row) -> bool:
    return (row[NAMES.index("measure")], row[NAMES.index("criterion")]) == ("question", "TC1")


def test_the_time_without_twins_says_so_and_is_never_zero() -> None:
    row = rows(figures())["TC3"]
    assert row.result == "Không có số liệu đối chứng"
    assert row.gap == "–"
    assert "0,0" not in row.result


@pytest.mark.parametrize(
    ("satisfied", "verdict", "gap"),
    [
        (980, "Đạt\nđủ căn cứ thống kê", "+3,0\u00a0điểm phần trăm"),
        (950, "Đạt\nchưa đủ căn cứ thống kê", "0,0\u00a0điểm phần trăm"),
        (949, "Chưa đạt\nchưa đủ căn cứ thống kê", "−0,1\u00a0điểm phần trăm"),
        (900, "Chưa đạt\nđủ căn cứ thống kê", "−5,0\u00a0điểm phần trăm"),
    ],
)
def test_satisfaction_is_judged_at_the_border_of_the_target(satisfied: int, verdict: str, gap: str) -> None:
    row = rows(figures(satisfied))["TC4"]
    assert (row.verdict, row.gap) == (verdict, gap)


def test_a_gap_too_small_for_a_decimal_still_shows_its_side() -> None:
    row = rows(figures(9496, 10000))["TC4"]
    assert row.result.startswith("94,96\u00a0%")
    assert row.gap == "−0,04\u00a0điểm phần trăm"


def test_an_unknown_response_rate_is_never_enough() -> None:
    row = rows(figures(980, response_rate=None))["TC4"]
    assert row.verdict == "Đạt\nchưa đủ căn cứ thống kê"


def test_the_targets_are_those_of_the_year() -> None:
    of_2025 = rows(figures(), 2025)
    assert of_2025["TC2"].target == "dưới 8\u00a0phút"
    assert of_2025["TC4"].target == "từ 90\u00a0% trở lên"
    assert rows(figures())["TC3"].target == "từ 30\u00a0% trở lên"
    assert rows(figures(), 2027)["TC4"].target == "–"
    assert rows(figures(), 2027)["TC4"].verdict == "Không kết luận"


def test_hidden_figures_print_only_the_mark() -> None:
    hidden = figures(official=HIDDEN, questions=(), response_rate=None)
    found = rows(hidden)
    for code in ("TC1", "TC2", "TC4"):
        assert (found[code].result, found[code].n, found[code].gap) == ("bm", "bm", "–")
    assert found["TC4"].verdict == "bm"
    question = replace(TIMES, counts=None)
    assert rows(figures(questions=(question,)))["TC2"].result == "bm"


def test_few_answers_are_indicative() -> None:
    found = rows(figures(20, 25))
    assert found["TC4"].result.endswith("(tham khảo)")
    assert found["TC4"].verdict == "Chưa đủ dữ liệu"
    few = replace(TIMES, counts=(("under_5", 12), ("5_to_8", 9)))
    assert "(tham khảo)" in rows(figures(questions=(few,)))["TC2"].result
    fewer = replace(TIMES, counts=(("under_5", 4), ("5_to_8", 5)))
    assert rows(figures(questions=(fewer,)))["TC2"].result == "Chưa có số liệu"
