"""Strengths and shortcomings: a claim only where a test or a whole interval carries it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from exports.findings import find
from exports.quarterly import QuarterlyReport
from surveys.comparison import Sample, Word, compare
from surveys.figures import Cell, FactorFigures, Movement, Place, PlaceFigures, RankFigures
from surveys.periods import Quarter
from surveys.ranking import Group
from surveys.scoring import Channel
from tests.support.reports import agency_report, plan_of

Q3 = Quarter(2026, 3)


def report(
    satisfied: int,
    n: int,
    *,
    word: Word = Word.UNCLEAR,
    response: Fraction | None = Fraction(1, 2),
    children: tuple[PlaceFigures, ...] = (),
    factors: tuple[tuple[int, int], ...] = (),
) -> QuarterlyReport:
    change = compare(Sample.simple(900, 1000), Sample.simple(satisfied, n))
    figures = PlaceFigures(
        Place("14", "Tỉnh Sơn La", "province", "VN"),
        "2026-Q3",
        Cell(False, n, satisfied, float(n)),
        Movement(Channel.LINK, word, change, 0.01),
        response_rate=response,
        factors=tuple(
            FactorFigures(str(at), f"Yếu tố {at}", Cell(False, size, good, float(size)), Cell())
            for at, (good, size) in enumerate(factors)
        ),
    )
    return replace(agency_report(), figures=figures, history=(), children=children, plan=plan_of("14"))


def child(at: int, satisfied: int, n: int, word: Word = Word.UNCLEAR, **more: object) -> PlaceFigures:
    change = compare(Sample.simple(90, 100), Sample.simple(satisfied, n))
    figures = PlaceFigures(
        Place(f"14-{at}", f"Sở số {at}", "department", "14"), "2026-Q3",
        Cell(False, n, satisfied, float(n)), Movement(Channel.LINK, word, change, 0.01),
        response_rate=Fraction(1, 2),
    )  # fmt: skip
    return replace(figures, **more)


def test_a_target_clearly_met_is_a_strength_and_clearly_missed_a_shortcoming() -> None:
    good, bad = find(report(990, 1000), Q3), find(report(900, 1000), Q3)

    assert good.strengths[0].startswith("Tỷ lệ hài lòng đạt chỉ tiêu năm 2026")
    assert good.shortcomings == ()
    assert bad.shortcomings[0].startswith("Tỷ lệ hài lòng chưa đạt chỉ tiêu năm 2026")
    assert bad.strengths == ()


@pytest.mark.parametrize(("satisfied", "n"), [(955, 1000), (945, 1000)])
def test_an_interval_that_holds_the_target_says_nothing(satisfied: int, n: int) -> None:
    found = find(report(satisfied, n), Q3)

    assert (found.strengths, found.shortcomings) == ((), ())
    assert "chưa đủ căn cứ thống kê" in found.note


def test_an_unknown_response_rate_takes_the_certainty_away() -> None:
    assert find(report(990, 1000, response=None), Q3).strengths == ()


def test_only_a_stored_word_of_change_is_repeated() -> None:
    assert "tăng so với quý II năm 2026" in find(report(955, 1000, word=Word.UP), Q3).strengths[0]
    assert "giảm so với quý II năm 2026" in find(report(945, 1000, word=Word.DOWN), Q3).shortcomings[0]


def test_a_factor_is_named_only_where_its_interval_lies_apart() -> None:
    apart = find(report(950, 1000, factors=((990, 1000), (930, 1000), (800, 1000))), Q3)
    together = find(report(950, 1000, factors=((935, 1000), (930, 1000), (925, 1000))), Q3)

    assert "“Yếu tố 0”" in apart.strengths[0]
    assert "“Yếu tố 2”" in apart.shortcomings[0]
    assert (together.strengths, together.shortcomings) == ((), ())


def test_places_below_are_named_up_to_three_and_counted_beyond() -> None:
    three = find(report(950, 1000, children=tuple(child(at, 70, 100) for at in range(3))), Q3)
    four = find(report(950, 1000, children=tuple(child(at, 70, 100) for at in range(4))), Q3)

    assert three.shortcomings[0].startswith("Sở số 0, Sở số 1 và Sở số 2 chưa đạt chỉ tiêu")
    assert four.shortcomings[0] == "4 cơ quan, đơn vị chưa đạt chỉ tiêu, đủ căn cứ thống kê."


def test_hidden_places_are_never_named() -> None:
    hidden = child(1, 70, 100, Word.DOWN, official=Cell(hidden=True))

    assert find(report(950, 1000, children=(hidden,)), Q3).shortcomings == ()


def test_groups_of_ranks_are_told_only_where_the_plan_ranks() -> None:
    low = child(1, 95, 100, rank=RankFigures(9, 10, 10, Group.LOWER))
    plain = report(950, 1000, children=(low,))
    ranked = replace(plain, plan=plan_of("51"))

    assert find(plain, Q3).shortcomings == ()
    assert find(ranked, Q3).shortcomings == (
        "Sở số 1 có tỷ lệ hài lòng thấp hơn rõ rệt so với các đơn vị cùng loại còn lại.",
    )


def test_there_are_never_more_than_three_and_then_no_excuse() -> None:
    below = (
        *(child(at, 60, 100, Word.DOWN) for at in range(4)),
        *(child(at, 100, 100, Word.UP) for at in range(4, 8)),
    )
    factors = ((990, 1000), (930, 1000), (800, 1000))
    bad = find(report(800, 1000, word=Word.DOWN, children=below, factors=factors), Q3)

    assert len(bad.shortcomings) == len(bad.strengths) == 3
    assert bad.note == ""
