"""Sentences at their borders: no claim that the interval does not carry."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from exports import wording
from surveys.comparison import Change, NoChange, Sample, Word, compare
from surveys.criteria import Judgement, Target, Verdict
from surveys.figures import HIDDEN, Cell, FactorFigures, Movement, Place, PlaceFigures, WeightedFigures
from surveys.scoring import Channel, Distribution
from surveys.thresholds import Thresholds

TARGET = Target("TC4", ">=", 95)
BEFORE = "quý II năm 2026"


def cell(satisfied: int, n: int) -> Cell:
    return Cell.of(Distribution((satisfied, 0, 0, 0, n - satisfied)), n)


def told(word: Word, before: tuple[int, int] = (80, 100), now: tuple[int, int] = (95, 100)) -> Movement:
    return Movement(Channel.LINK, word, compare(Sample.simple(*before), Sample.simple(*now)), 0.01)


def test_a_level_is_told_with_n_and_interval() -> None:
    text = wording.level_sentence(cell(576, 640), "quý III năm 2026", TARGET)
    assert text == (
        "Trong 640 phiếu hợp lệ quý III năm 2026, tỷ lệ hài lòng là 90,0\u00a0% "
        "(khoảng tin cậy 95\u00a0%: 87,4–92,1\u00a0%)."
    )


@pytest.mark.parametrize(("n", "indicative"), [(10, True), (29, True), (30, False)])
def test_below_thirty_answers_nothing_is_concluded(n: int, indicative: bool) -> None:
    assert ("tham khảo" in wording.level_sentence(cell(n - 1, n), "quý III")) is indicative


def test_all_of_a_few_answers_is_told_as_at_least() -> None:
    text = wording.level_sentence(cell(12, 12), "quý III")
    assert "100,0\u00a0% (" not in text
    assert "từ 75,7\u00a0% trở lên" in text


@pytest.mark.parametrize("shown", [HIDDEN, cell(9, 9), cell(3, 5)])
def test_a_hidden_cell_tells_no_number(shown: Cell) -> None:
    text = wording.level_sentence(shown, "kỳ này")
    assert "bm" in text
    assert not any(character.isdigit() for character in text)


def test_no_answers_are_told_as_none() -> None:
    assert wording.level_sentence(Cell(), "kỳ này") == "Chưa có phiếu nào kỳ này."


def test_a_rate_just_below_the_target_is_printed_below_it() -> None:
    assert "94,96\u00a0%" in wording.level_sentence(cell(9496, 10000), "kỳ này", TARGET)


def test_rise_and_fall_are_told_only_by_the_stored_word() -> None:
    assert "tỷ lệ hài lòng tăng: +15,0" in wording.movement_sentence(told(Word.UP), BEFORE)
    assert "tỷ lệ hài lòng giảm: −15,0" in wording.movement_sentence(
        told(Word.DOWN, (95, 100), (80, 100)), BEFORE
    )
    # The same difference under another word, as the family of comparisons may decide.
    unclear = wording.movement_sentence(told(Word.UNCLEAR), BEFORE)
    assert "chưa thấy tỷ lệ hài lòng thay đổi rõ rệt" in unclear
    assert "tăng" not in unclear


def test_a_change_names_its_channel() -> None:
    assert "tính riêng kênh “liên kết một lần gửi theo hồ sơ”" in wording.movement_sentence(
        told(Word.UP), BEFORE
    )


@pytest.mark.parametrize("reason", list(NoChange))
def test_without_a_change_the_reason_is_told(reason: NoChange) -> None:
    movement = Movement(Channel.LINK, reason.word, reason=reason)
    text = wording.movement_sentence(movement, BEFORE)
    assert reason.value in text
    assert ("gián đoạn" in text) is (reason.word is Word.BROKEN)
    assert wording.movement_title(movement, BEFORE) == "Tỷ lệ hài lòng theo quý"


def test_titles_claim_what_the_word_says() -> None:
    assert wording.movement_title(told(Word.UP), BEFORE) == f"Tỷ lệ hài lòng tăng so với {BEFORE}"
    assert "chưa thấy thay đổi rõ rệt" in wording.movement_title(told(Word.UNCLEAR), BEFORE)


def test_a_verdict_never_stands_without_its_certainty() -> None:
    assert wording.judgement_text(Judgement(Verdict.MET, False)) == "Đạt (chưa đủ căn cứ thống kê)"
    assert wording.judgement_cell(Judgement(Verdict.NOT_MET, True)) == "Chưa đạt\nđủ căn cứ thống kê"
    assert wording.judgement_text(Judgement(Verdict.TOO_FEW, False)) == "Chưa đủ dữ liệu"


def test_a_year_without_a_target_has_no_verdict() -> None:
    assert "không có kết luận" in wording.verdict_sentence(None, None, 2027)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target("TC4", ">=", 95), "từ 95\u00a0% trở lên"),
        (Target("TC2", "<", 5, "phút"), "dưới 5\u00a0phút"),
        (None, "–"),
    ],
)
def test_targets_read_as_the_plan_writes_them(target: Target | None, words: str) -> None:
    assert wording.target_text(target) == words


@pytest.mark.parametrize(
    ("covered", "members", "name"),
    [
        (34, 34, "cả nước"),
        (33, 34, "33/34 tỉnh, thành phố có số liệu"),
        (4, 4, "4/34 tỉnh, thành phố có số liệu"),
        (33, 33, "33/34 tỉnh, thành phố có số liệu"),
    ],
)
def test_only_all_34_provinces_are_the_whole_country(covered: int, members: int, name: str) -> None:
    assert wording.nation_name(covered, members) == name


@pytest.mark.parametrize(
    ("rate", "flagged", "words"),
    [
        (None, False, "Chưa biết tỷ lệ trả lời"),
        (Fraction(1999, 10000), False, "19,99\u00a0%, dưới 20\u00a0%"),
        (Fraction(1, 5), False, "Tỷ lệ trả lời là 20,0\u00a0%."),
        (None, True, "vượt 100\u00a0%"),
    ],
)
def test_the_response_rate_and_what_it_costs(rate: Fraction | None, flagged: bool, words: str) -> None:
    figures = place_figures(Cell(), None)
    told = replace(figures, response_rate=rate, response_rate_flagged=flagged)
    assert words in wording.response_rate_sentence(told)
    withheld = replace(figures, response_rate_withheld=True)
    assert "không công bố (“bm”)" in wording.response_rate_sentence(withheld)


def test_what_a_response_rate_costs_is_told_only_where_there_is_a_verdict() -> None:
    cost = "đánh giá chung ghi “chưa đủ căn cứ thống kê”"
    for rate in (None, Fraction(1, 10)):
        judged, few, none = (
            wording.response_rate_sentence(replace(place_figures(official, None), response_rate=rate))
            for official in (cell(96, 100), cell(19, 22), Cell())
        )
        assert cost in judged
        assert cost not in few and cost not in none


def test_agencies_that_meet_the_target_are_split_by_certainty() -> None:
    judgements = [
        Judgement(Verdict.MET, True), Judgement(Verdict.MET, False), Judgement(Verdict.NOT_MET, True),
        Judgement(Verdict.TOO_FEW, False),
    ]  # fmt: skip
    assert wording.agencies_sentence(judgements, TARGET) == (
        "Trong 3 cơ quan đủ dữ liệu để đánh giá, 2 nơi đạt (1 đủ căn cứ thống kê, 1 chưa đủ căn cứ "
        "thống kê) và 1 nơi chưa đạt (đủ căn cứ thống kê); 1 nơi chưa đủ dữ liệu."
    )
    assert "không nơi nào đạt" in wording.agencies_sentence(judgements[2:], TARGET)
    assert wording.agencies_sentence(judgements[3:], TARGET) == "1 cơ quan chưa đủ dữ liệu để đánh giá."
    assert wording.agencies_sentence(judgements[3:] * 2, TARGET, "sở, ban, ngành") == (
        "Cả 2 sở, ban, ngành đều chưa đủ dữ liệu để đánh giá."
    )
    assert wording.agencies_sentence(judgements[1:2] * 2, TARGET).endswith(
        "2 nơi đạt (đều chưa đủ căn cứ thống kê) và không nơi nào chưa đạt."
    )
    assert "không đặt chỉ tiêu" in wording.agencies_sentence(judgements, None)


def factor(label: str, satisfied: int, n: int) -> FactorFigures:
    return FactorFigures(label, label, cell(satisfied, n), Cell())


def test_a_factor_stands_out_only_where_the_intervals_lie_apart() -> None:
    apart = wording.factors_sentence([factor("A", 990, 1000), factor("B", 900, 1000), factor("C", 700, 1000)])
    assert apart.startswith("Yếu tố được hài lòng nhiều nhất là “A”, yếu tố được hài lòng ít nhất là “C”")
    low_only = wording.factors_sentence(
        [factor("A", 901, 1000), factor("B", 900, 1000), factor("C", 700, 1000)]
    )
    assert "nhiều nhất" not in low_only
    assert "ít nhất là “C”" in low_only
    assert "chưa đủ căn cứ" in wording.factors_sentence([factor("A", 31, 40), factor("B", 30, 40)])


def test_factors_with_few_answers_are_not_compared() -> None:
    assert "Chưa đủ phiếu" in wording.factors_sentence([factor("A", 29, 29), factor("B", 0, 29)])
    assert "Chưa đủ phiếu" in wording.factors_sentence([factor("A", 30, 30)])


def test_the_gap_to_a_later_target() -> None:
    assert (
        "còn cách chỉ tiêu năm 2026 (từ 95\u00a0% trở lên) 4,1\u00a0điểm phần trăm"
        in wording.gap_sentence(cell(909, 1000), TARGET, 2026)
    )
    assert "ở phía đạt" in wording.gap_sentence(cell(95, 100), TARGET, 2026)
    for too_few in (cell(20, 29), HIDDEN, Cell()):
        assert "Chưa đủ dữ liệu" in wording.gap_sentence(too_few, TARGET, 2026)


def test_minutes_are_an_estimate_that_concludes_nothing_and_the_limit_is_strict() -> None:
    target = Target("TC2", "<", 5, "phút")
    above = wording.minutes_gap_sentence((Fraction(67, 10), 200), target, 2026)
    assert "khoảng 6,7\u00a0phút (ước lượng từ khảo sát), còn cao hơn mốc 1,7\u00a0phút" in above
    assert "đúng bằng mốc" in wording.minutes_gap_sentence((Fraction(5), 200), target, 2026)
    assert "phía đạt" in wording.minutes_gap_sentence((Fraction(499, 100), 200), target, 2026)
    assert "chưa đủ dữ liệu" in wording.minutes_gap_sentence((Fraction(4), 29), target, 2026)
    for known in (Fraction(4), Fraction(5), Fraction(6)):
        assert "không kết luận" in wording.minutes_gap_sentence((known, 200), target, 2026)


def place_figures(official: Cell, weighted: WeightedFigures | None) -> PlaceFigures:
    place = Place("14-SYT", "Sở Y tế", "department", "14")
    return PlaceFigures(place, "2026-Q3", official, Movement(Channel.LINK, Word.NONE), weighted=weighted)


def test_a_weighted_rate_on_the_other_side_says_so() -> None:
    turned = wording.weighted_sentence(
        place_figures(cell(96, 100), WeightedFigures(Fraction(9496, 10000), 80.0)), TARGET
    )
    assert "94,96\u00a0%" in turned
    assert "kết luận thay đổi khi gia quyền" in turned
    same = wording.weighted_sentence(
        place_figures(cell(96, 100), WeightedFigures(Fraction(95, 100), 80.0)), TARGET
    )
    assert "kết luận thay đổi" not in same
    assert (
        wording.weighted_sentence(place_figures(HIDDEN, WeightedFigures(Fraction(9, 10), 80.0)), TARGET) == ""
    )


def test_other_thresholds_move_the_border() -> None:
    assert "tham khảo" in wording.level_sentence(cell(40, 40), "quý III", None, Thresholds(verdict=50))


def test_reasons_get_letters_in_a_fixed_order() -> None:
    def child(reason: NoChange | None, change: Change | None = None) -> PlaceFigures:
        word = Word.UNCLEAR if change else Word.NONE
        return PlaceFigures(
            Place("a", "A", "department"),
            "2026-Q3",
            cell(40, 40),
            Movement(Channel.LINK, word, change, None, reason),
        )

    told_change = told(Word.UP).change
    letters = wording.change_reasons(
        [child(NoChange.AGENCY), child(None, told_change), child(NoChange.TOO_FEW_NOW)]
    )
    assert letters == {NoChange.TOO_FEW_NOW: "(a)", NoChange.AGENCY: "(b)"}


def test_all_is_all_and_not_at_least_all() -> None:
    assert wording.target_text(Target("CT1b", ">=", 100)) == "100\u00a0%"
    assert wording.target_text(Target("CT1", ">=", 92)) == "từ 92\u00a0% trở lên"


def test_a_gap_that_is_there_is_not_printed_as_none() -> None:
    assert "còn cách" in wording.gap_sentence(cell(9496, 10000), TARGET, 2026)
    assert "0,04\u00a0điểm phần trăm" in wording.gap_sentence(cell(9496, 10000), TARGET, 2026)
