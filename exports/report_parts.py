"""The parts that the quarterly and the November report share: each adds itself to a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from exports.criteria_rows import CriterionRow, question_for
from exports.document import CHART_WIDTH, OfficialDocument
from exports.figure_charts import bands_chart, factors_chart, shown_quarters
from exports.report_input import SOURCE, ReportInput, source_line
from exports.tables import Column
from exports.wording import (
    CHANNEL_NAMES,
    FROM_SURVEY,
    NO_DATA,
    PHASE_NAMES,
    factors_sentence,
    no_doors_sentence,
    printed,
)
from surveys.criteria import RANDOM_ERROR_NOTE
from surveys.figures import Cell, ChannelFigures, FactorFigures, PlaceFigures
from surveys.periods import ROMAN
from surveys.printing import DASH, SUPPRESSED, PrintedRate, decimal_text, number, percent
from surveys.scoring import LEVELS, Phase, level_label, rounded
from surveys.thresholds import Standing, Thresholds

SET_ASIDE_WORDS: Final[Mapping[str, str]] = {
    "honeypot": "có dấu hiệu máy tự gửi",
    "no-time": "không rõ thời điểm mở phiếu",
    "too-fast": "trả lời nhanh bất thường",
    "budget": "vượt giới hạn của phiếu mở trong một phút",
    "two-agencies": "trùng mã phiếu ở hai cơ quan",
    "no-rating": "không trả lời câu hỏi về sự hài lòng",
    "field-removed": "phiếu của một thành viên khảo sát, hai người quyết định loại",
}


APART_LINE: Final = "In riêng, không tính vào tỷ lệ chính thức"
FACTOR_SOURCE: Final = (
    f"Nguồn: {SOURCE}; n là số phiếu được rút ngẫu nhiên để hỏi từng dòng. Câu trả lời “Đánh giá thêm” do "
    "người dân tự chọn nên in riêng."
)


def add_channels(
    document: OfficialDocument, report: ReportInput, *, label: str = "", everything: bool = False
) -> None:
    """Offered, answered, response rate, valid answers and what they are worth, by channel.

    `everything` adds the channels that never enter the official rate, under a line that says so.
    """
    columns = (
        Column("Kênh (sau khi có kết quả)", 26), Column("Phát ra", 10, "number"),
        Column("Đã trả lời", 10, "number"), Column("Tỷ lệ trả lời", 11, "number"),
        Column("Phiếu hợp lệ (n)", 11, "number"), Column("n hiệu dụng", 11, "number"),
        Column("Tỷ lệ hài lòng, khoảng tin cậy 95\u00a0%", 21, "centre"),
    )  # fmt: skip
    rows = [_channel_row(item, report.thresholds) for item in report.figures.channels]
    rows.append(_pooled_row(report))
    bold = [len(rows) - 1]
    n = rows[-1][4]
    if everything and report.figures.apart:
        bold.append(len(rows))
        rows.append((APART_LINE, "", "", "", "", "", ""))
        rows += [_channel_row(item, report.thresholds, phase=True) for item in report.figures.apart]
    document.table("Số phiếu theo kênh", columns, rows, source_line(n), bold_rows=bold, label=label)
    document.paragraph(no_doors_sentence(report.figures))


def _pooled_row(report: ReportInput) -> tuple[str, ...]:
    text = printed(report.figures.official, None, report.thresholds)
    marked = text.n in (DASH, SUPPRESSED)
    worth = text.n if marked else _size(report.figures.official.n_eff)
    return ("Gộp các kênh đã xác minh", DASH, DASH, DASH, text.n, worth, rate_and_span(text))


def rate_and_span(text: PrintedRate) -> str:
    """Rate over interval in one cell; a mark stands once."""
    if text.interval in (DASH, SUPPRESSED):
        return text.rate
    note = f"\n({text.note})" if text.note else ""
    return f"{text.rate}\n({text.interval}){note}"


def _noted(text: PrintedRate) -> str:
    """The rate, with "tham khảo" under it where few answered."""
    return f"{text.rate}\n({text.note})" if text.note else text.rate


def _size(n_eff: float) -> str:
    return decimal_text(rounded(Fraction(n_eff), 1))


def _channel_row(item: ChannelFigures, thresholds: Thresholds, *, phase: bool = False) -> tuple[str, ...]:
    text = printed(item.cell, None, thresholds)
    name = CHANNEL_NAMES[item.channel]
    if phase and item.phase is Phase.JUST_SUBMITTED:
        name += f" ({PHASE_NAMES[item.phase]})"
    if text.standing is Standing.SUPPRESSED:
        return (name, *[SUPPRESSED] * 6)
    offered, answered = item.offered, item.answered
    unknown = share = SUPPRESSED if item.withheld else DASH
    if offered and answered is not None and answered <= offered:
        share = percent(Fraction(answered, offered), against=(thresholds.response_rate,))
    return (
        name,
        unknown if offered is None else number(offered),
        unknown if answered is None else number(answered),
        share,
        text.n,
        _size(item.cell.n_eff) if item.cell.n else DASH,
        rate_and_span(text),
    )


def set_aside_sentence(figures: PlaceFigures) -> str:
    """How many answers were set aside and why; nothing is hidden by leaving a reason out."""
    if not figures.set_aside:
        return "Không có phiếu nào bị tách ra để xem xét."
    parts = [
        f"{SET_ASIDE_WORDS.get(reason, reason)}: {SUPPRESSED if n is None else number(n)}"
        for reason, n in figures.set_aside
    ]
    return f"Phiếu được tách ra để xem xét, không tính vào kết quả: {'; '.join(parts)}."


def add_levels(document: OfficialDocument, report: ReportInput, when: str, label: str = "") -> None:
    """The five levels, or satisfied and not where few answered."""
    cell = report.figures.official
    text = printed(cell, None, report.thresholds)
    columns = (Column("Mức độ", 50), Column("Số phiếu", 25, "number"), Column("Tỷ lệ", 25, "number"))
    if text.standing in (Standing.NONE, Standing.SUPPRESSED):
        rows = [("Tất cả", text.n, text.rate)]
    elif text.levels is None or cell.levels is None:
        rows = [
            ("Hài lòng hoặc rất hài lòng", _count(cell, cell.satisfied), text.satisfied),
            ("Các mức còn lại", _count(cell, cell.n - cell.satisfied), text.not_satisfied),
        ]
    else:
        rows = [
            (level_label(level), number(count), share)
            for level, count, share in zip(LEVELS, cell.levels, text.levels, strict=True)
        ]
        rows.append(("Hài lòng hoặc rất hài lòng", number(cell.satisfied), text.rate))
    bold = (len(rows) - 1,) if len(rows) > 2 else ()
    caption = f"Mức độ hài lòng chung {when}"
    document.table(caption, columns, rows, source_line(text.n), bold_rows=bold, label=label)


def _count(cell: Cell, part: int) -> str:
    """The answers of one part; all or none of a few would say more than the hedged share beside it."""
    return number(part) if 0 < cell.satisfied < cell.n else DASH


def add_quarters(document: OfficialDocument, report: ReportInput, last: str, label: str = "") -> None:
    """The numbers behind the two drawings of quarters."""
    columns = (
        Column("Quý", 15), Column("n", 9, "number"),
        *(Column(level_label(level), 10.6, "number") for level in LEVELS),
        Column("Tỷ lệ hài lòng", 15, "number"), Column("Khoảng tin cậy 95\u00a0%", 15.5, "centre"),
    )  # fmt: skip
    rows = []
    for quarter, item in shown_quarters(report.history or (report.figures,), last):
        cell = item.official if item else Cell()
        text = printed(cell, report.target(quarter.year), report.thresholds)
        levels = text.levels or [SUPPRESSED if text.n == SUPPRESSED else DASH] * len(LEVELS)
        name = f"{ROMAN[quarter.number - 1]}/{quarter.year}"
        rows.append((f"Quý {name}", text.n, *levels, _noted(text), text.interval))
    document.table(
        "Mức độ và tỷ lệ hài lòng theo quý", columns, rows,
        f"Nguồn: {SOURCE}, gộp các kênh đã xác minh; n ghi ở từng dòng.", label=label,
    )  # fmt: skip


def add_criteria(
    document: OfficialDocument, rows: Sequence[CriterionRow], year: int, caption: str, *, gaps: bool = False,
    label: str = "",
) -> None:  # fmt: skip
    """TC1 to TC4 with result, source, target and verdict; `gaps` adds the distance to the target."""
    columns = [
        Column("Tiêu chí", 26), Column("Kết quả", 23), Column("n", 9, "number"), Column("Nguồn số liệu", 19),
        Column(f"Chỉ tiêu năm {year}", 15, "centre"),
    ]  # fmt: skip
    if gaps:
        columns.append(Column("Chênh lệch", 15, "centre"))
    columns.append(Column("Đánh giá", 18 if gaps else 22, "centre"))
    cells = [
        (f"{row.code}. {row.name}", row.result, row.n, row.source, row.target,
         *([row.gap] if gaps else []), row.verdict)
        for row in rows
    ]  # fmt: skip
    note = f"Đánh giá TC4 {RANDOM_ERROR_NOTE}. TC1, TC2: {FROM_SURVEY}."
    document.table(caption, columns, cells, note, label=label)


def add_factors(document: OfficialDocument, report: ReportInput, labels: tuple[str, str] = ("", "")) -> None:
    """The five factors: table, sentence and drawing; volunteered answers apart. `labels`: of both."""
    factors, caption = report.figures.factors, "Năm yếu tố của sự hài lòng"
    drawing = "Tỷ lệ hài lòng theo từng yếu tố, với khoảng tin cậy 95\u00a0%"
    if not factors:
        few = f"Số liệu theo yếu tố không công bố vì số phiếu quá ít (“{SUPPRESSED}”)."
        reason = few if report.figures.official.hidden else "Chưa có số liệu theo yếu tố."
        document.empty_table(caption, reason, labels[0])
        document.empty_chart(drawing, reason, labels[1])
        return
    columns = (
        Column("Yếu tố", 31), Column("n", 10, "number"), Column("Tỷ lệ hài lòng", 14, "number"),
        Column("Khoảng tin cậy 95\u00a0%", 18, "centre"), Column("Điểm (0–100)", 11, "number"),
        Column("Đánh giá thêm: tỷ lệ (n)", 19, "centre"),
    )  # fmt: skip
    rows = [_factor_row(factor, report.thresholds) for factor in factors]
    document.table(caption, columns, rows, FACTOR_SOURCE, label=labels[0])
    sentence = factors_sentence(factors, report.thresholds)
    if all(factor.cell.hidden or not factor.cell.n for factor in factors):
        # Axes without a bar would look like bars of nothing.
        document.empty_chart(drawing, sentence, labels[1])
        return
    document.chart(
        drawing,
        sentence,
        factors_chart(factors, width=CHART_WIDTH, thresholds=report.thresholds),
        f"Nguồn: {SOURCE}; n ghi ở cuối mỗi dòng.",
        labels[1],
    )


def _factor_row(factor: FactorFigures, thresholds: Thresholds) -> tuple[str, ...]:
    text = printed(factor.cell, None, thresholds)
    more = printed(factor.volunteered, None, thresholds)
    score = DASH if factor.cell.score is None else decimal_text(rounded(factor.cell.score, 1))
    return (
        factor.label,
        text.n,
        _noted(text),
        text.interval,
        SUPPRESSED if text.n == SUPPRESSED else score,
        more.rate if more.n in (DASH, SUPPRESSED) else _volunteered(more),
    )


def _volunteered(text: PrintedRate) -> str:
    note = f"\n({text.note})" if text.note else ""
    return f"{text.rate} ({text.n}){note}"


def add_apart(document: OfficialDocument, report: ReportInput) -> None:
    """Open channels and "just submitted" answers: printed, never mixed with the official rate."""
    groups = (
        ("Kênh mở và kênh khác (không tính vào tỷ lệ chính thức)", Phase.AFTER_RESULT),
        ("Phiếu “vừa nộp xong” (không tính vào tỷ lệ chính thức)", Phase.JUST_SUBMITTED),
    )
    columns = (
        Column("Kênh", 46), Column("n", 14, "number"), Column("Tỷ lệ hài lòng", 20, "number"),
        Column("Khoảng tin cậy 95\u00a0%", 20, "centre"),
    )  # fmt: skip
    found = False
    for caption, phase in groups:
        items = [item for item in report.figures.apart if item.phase is phase]
        if items:
            found = True
            rows = [_apart_row(item, report.thresholds) for item in items]
            document.table(caption, columns, rows, f"Nguồn: {SOURCE}; n ghi ở từng dòng.")
    if not found:
        document.paragraph("Kỳ này không có phiếu từ kênh mở và phiếu “vừa nộp xong”.")


def _apart_row(item: ChannelFigures, thresholds: Thresholds) -> tuple[str, ...]:
    text = printed(item.cell, None, thresholds)
    return (CHANNEL_NAMES[item.channel], text.n, _noted(text), text.interval)


def add_time_bands(document: OfficialDocument, report: ReportInput, year: int, label: str = "") -> None:
    """How long it took to submit, as people remember it: drawing, and the same numbers as a table."""
    question = question_for(report.figures, "TC2")
    target = report.target(year, "TC2")
    chart = bands_chart(question, target, width=CHART_WIDTH) if question else None
    caption = f"Phân bố thời gian nộp hồ sơ ({FROM_SURVEY})"
    if question is None or chart is None or question.n < report.thresholds.disclosure:
        few = f"Không công bố vì số phiếu quá ít (“{SUPPRESSED}”)."
        hidden = report.figures.official.hidden or (question is not None and question.counts is None)
        reason = f"Thời gian nộp hồ sơ (TC2): {few if hidden else NO_DATA}"
        document.empty_chart(caption, reason, label)
        return
    counts, words = dict(question.counts or ()), dict(question.options)
    n = sum(counts.get(value, 0) for value, _ in question.minutes)
    source = source_line(number(n), f"{SOURCE} ({FROM_SURVEY})")
    name = document.chart(
        caption,
        "Thời gian nộp hồ sơ do người dân tự nhớ, ghi theo khoảng; trung bình chỉ là ước lượng nên không kết "
        "luận đạt hay chưa đạt.",
        chart,
        source,
        label,
    )
    rows = [
        (words[value], number(counts.get(value, 0)), percent(Fraction(counts.get(value, 0), n)))
        for value, _ in question.minutes
    ]
    columns = (Column("Thời gian nộp", 50), Column("Số phiếu", 25, "number"), Column("Tỷ lệ", 25, "number"))
    document.table("", columns, rows, source, label=data_of(name))


def data_of(*charts: str) -> str:
    """What the table is called that repeats the numbers of drawings."""
    return f"Số liệu của {' và '.join(charts)}"
