"""The quarterly report as its reader finds it: agency, province and nation."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from exports.quarterly import QuarterlyReport, render_quarterly
from surveys.comparison import Word
from surveys.figures import HIDDEN, Movement, Place, PlaceFigures
from surveys.scoring import Channel
from surveys.thresholds import Thresholds
from tests.support.reports import agency_report, history, place_figures, plan_of, province_report


def text_of(report: QuarterlyReport) -> str:
    pages = PdfReader(io.BytesIO(render_quarterly(report))).pages
    # The letters of "DỰ THẢO" and of the label of illustration come first on their page.
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def agency() -> str:
    return text_of(agency_report())


@pytest.fixture(scope="module")
def province() -> str:
    return text_of(province_report(communes=6))


def test_the_title_names_quarter_and_agency(agency: str) -> None:
    assert "quý III năm 2026 của Sở Y tế tỉnh Sơn La" in agency


def test_rate_interval_and_n_are_those_of_the_figures(agency: str) -> None:
    assert "Trong 640 phiếu hợp lệ quý III năm 2026, tỷ lệ hài lòng là 91,3 %" in agency.replace(
        "\u00a0", " "
    )
    assert agency_report().figures.official.satisfied == 584


def test_every_section_of_the_outline_is_there(agency: str) -> None:
    for title in (
        "Tóm tắt", "I. Phạm vi, phương pháp", "II. Kết quả chung", "III. Kết quả theo bốn nhóm tiêu chí",
        "IV. Kết quả theo cơ quan, địa phương", "V. Kết quả theo thủ tục hành chính",
        "VI. Năm yếu tố của sự hài lòng", "VII. Góp ý, phản ánh, kiến nghị", "VIII. Tiếp cận tại nhà",
        "IX. Việc đã cải tiến từ quý trước và kiến nghị quý tới", "Phụ lục I NGUYÊN VĂN PHIẾU KHẢO SÁT",
        "Phụ lục II CÔNG THỨC VÀ NGƯỠNG", "Phụ lục III SỐ LIỆU CẤP XÃ", "Phụ lục IV DỮ LIỆU MỞ",
    ):  # fmt: skip
        assert title in agency, title


def test_the_questionnaire_is_printed_word_by_word(agency: str) -> None:
    report = agency_report()
    for question in report.questionnaires[0].questions:
        assert question.label.get("vi") in agency
        for option in question.offered:
            assert option.label.get("vi") in agency


def test_limits_of_the_method_stand_beside_the_numbers(agency: str) -> None:
    assert "chỉ tính sai số ngẫu nhiên, chưa tính người không trả lời" in agency
    assert "trong khoảng hai mươi từ “tăng”, “giảm” có thể có một từ do ngẫu nhiên" in agency
    assert "ước lượng từ khảo sát" in agency
    assert "Không có số liệu đối chứng" in agency
    assert "Phiên bản phương pháp: 1" in agency


@pytest.mark.parametrize(("word", "count"), [("Bảng", 12), ("Biểu đồ", 5)])
def test_every_report_has_the_same_tables_and_drawings_in_order(
    agency: str, province: str, word: str, count: int
) -> None:
    for text in (agency, province, text_of(hidden_report())):
        body = text[: text.index("Trên đây là báo cáo")]
        found = [int(number) for number in re.findall(rf"{word} (\d+)[ab]?\. ", body)]
        assert sorted(set(found)) == list(range(1, count + 1))
        assert found == sorted(found)


def test_other_thresholds_are_printed() -> None:
    report = agency_report()
    text = text_of(replace(report, figures=replace(report.figures, thresholds=Thresholds(verdict=40))))
    assert "dưới 40 phiếu chỉ để tham khảo" in text


def test_a_province_lists_its_agencies_by_kind_and_hides_the_small(province: str) -> None:
    assert "Kết quả theo sở, ban, ngành" in province
    assert "Kết quả theo Ủy ban nhân dân cấp xã" in province
    assert "Ban Quản lý các khu công nghiệp bm bm bm bm bm" in province
    # The dictionary of the data explains ranks to everybody.
    assert "khoảng hạng" not in province[: province.rindex("Từ điển dữ liệu mở")].lower()


def test_ranks_are_printed_only_where_the_plan_ranks() -> None:
    text = text_of(province_report(communes=2, ranked=True))
    assert "Khoảng hạng; nhóm" in text
    assert "Chưa đủ 50 phiếu nên không xếp hạng (thứ tự chữ cái)" in text
    assert "không khác rõ rệt" in text
    assert plan_of("51").ranks


def nation(covered: int, members: int = 34) -> QuarterlyReport:
    place = Place("VN", "Việt Nam", "nation")
    past = history(place, "2026-Q3", 30_000, 0.93, 2)
    names = ("Tỉnh Sơn La", "Thành phố Hải Phòng")
    below = tuple(
        place_figures(Place(str(at), name, "province", "VN"), "2026-Q3", 4000, 0.93)
        for at, name in enumerate(names)
    )
    now = replace(past[-1], covered=covered, members=members)
    return replace(agency_report(), figures=now, history=(past[0], now), children=below, plan=plan_of(None))


def test_the_nation_is_whole_only_with_34_provinces() -> None:
    some = body_of(nation(4))
    assert "4/34 tỉnh, thành phố có số liệu" in some
    assert "cả nước" not in some
    assert "cả nước" in body_of(nation(34))
    assert some.count("4/34 tỉnh, thành phố có số liệu công bố được") == 1, "Section IV; the summary has it."


def hidden_report() -> QuarterlyReport:
    report = agency_report()
    hidden = PlaceFigures(report.figures.place, "2026-Q3", HIDDEN, Movement(Channel.LINK, Word.NONE))
    return replace(report, figures=hidden, history=(hidden,), questionnaires=())


def body_of(report: QuarterlyReport) -> str:
    text = text_of(report)
    return text[: text.index("Trên đây là báo cáo")]


def test_a_hidden_place_prints_no_number_of_its_own() -> None:
    report = hidden_report()
    body = body_of(report)
    assert "quá ít để công bố" in body
    assert not re.search(r"n = \d", body)
    assert "số phiếu không công bố (“bm”)" in body and "n = bm" not in body
    assert "Thời gian nộp hồ sơ (TC2): Không công bố vì số phiếu quá ít (“bm”)" in body
    # An empty drawing tells nobody anything: a sentence stands in its place.
    assert body.count("Chưa có quý nào đủ phiếu để vẽ.") == 2
    # The only percentages left are the level of the intervals, the targets and the threshold.
    shares = set(re.findall(r"(\d+(?:,\d+)?)\s%", body))
    assert shares <= {"95", "90", "20", "30", "100", "70", "80", "0"}


def test_a_place_with_few_answers_gets_no_verdict() -> None:
    place = Place("14-SYT", "Sở Y tế", "department", "14")
    figures = place_figures(place, "2026-Q3", 24, 0.9)
    body = body_of(replace(agency_report(), figures=figures, history=(figures,)))
    assert "chỉ để tham khảo, không kết luận" in body
    assert "Chưa đạt" not in body
    assert "Hài lòng hoặc rất hài lòng" in body
    assert "Rất không hài lòng 1" not in body


def test_without_a_plan_nothing_is_judged() -> None:
    body = body_of(replace(agency_report("2027-Q1"), plan=None))
    assert "Kế hoạch không đặt chỉ tiêu hài lòng cho năm 2027" in body
    assert "Chưa đạt" not in body


def test_the_same_figures_give_the_same_file() -> None:
    assert render_quarterly(agency_report()) == render_quarterly(agency_report())


def test_the_table_of_quarters_repeats_the_numbers_of_the_drawings(agency: str) -> None:
    text = agency.replace("\u00a0", " ")
    assert "Quý IV/2024 640" in text
    assert "Quý III/2026 640 53,8 % 37,5 % 4,5 % 2,8 % 1,4 % 91,3 % 88,7–93,3 %" in text


def test_all_of_a_few_answers_are_not_counted_out_beside_a_hedged_share() -> None:
    place = Place("14-SYT", "Sở Y tế", "department", "14")
    figures = place_figures(place, "2026-Q3", 12, 1.0)
    assert figures.official.satisfied == 12
    text = text_of(replace(agency_report(), figures=figures, history=(figures,))).replace("\u00a0", " ")
    assert "Hài lòng hoặc rất hài lòng – từ" in text
    assert "Các mức còn lại – không quá" in text


def test_a_factor_that_few_answered_is_marked() -> None:
    place = Place("14-SYT", "Sở Y tế", "department", "14")
    figures = place_figures(place, "2026-Q3", 45, 0.9)
    assert figures.factors[0].cell.n == 27
    text = text_of(replace(agency_report(), figures=figures, history=(figures,))).replace("\u00a0", " ")
    table = text[text.index("Năm yếu tố của sự hài lòng Yếu tố") : text.index("Người tiếp nhận, hướng dẫn")]
    assert table.count("(tham khảo)") == 2


def test_a_quarter_that_few_answered_is_marked() -> None:
    place = Place("14-SYT", "Sở Y tế", "department", "14")
    figures = place_figures(place, "2026-Q3", 24, 0.9)
    text = text_of(replace(agency_report(), figures=figures, history=(figures,)))
    assert "(tham khảo)" in text[text.index("Quý III/2026") : text.index("gộp các kênh đã xác minh; n ghi ở")]
