"""The parts of a report about what lies below a place: agencies, communes, provinces, procedures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from exports.criteria_rows import judge_cell
from exports.document import CHART_WIDTH, OfficialDocument
from exports.figure_charts import agencies_chart, short_name
from exports.report_input import SOURCE, ReportInput
from exports.shapes import Chart
from exports.tables import Column
from exports.wording import agencies_sentence, change_reasons, judgement_cell, printed
from surveys.collation import collation_key
from surveys.comparison import NoChange
from surveys.criteria import RANDOM_ERROR_NOTE, Judgement, Target, Verdict
from surveys.figures import Cell, Place, PlaceFigures
from surveys.printing import DASH, NBSP, SUPPRESSED, points, points_unit
from surveys.thresholds import Standing, Thresholds

ROWS_ON_A_PAGE: Final = 32
HIGHEST_CHART: Final = 840
LARGEST: Final = 10
COMMUNE: Final = "commune"
PROVINCE: Final = "tỉnh, thành phố"


def place_groups(report: ReportInput) -> list[tuple[list[PlaceFigures], str]]:
    """Agencies of one kind stand together: only they are compared with each other."""
    if report.figures.place.kind == "nation":
        return [(list(report.children), PROVINCE)]
    communes = [child for child in report.children if child.place.kind == COMMUNE]
    others = [child for child in report.children if child.place.kind != COMMUNE]
    groups = ((others, "sở, ban, ngành"), (communes, "Ủy ban nhân dân cấp xã"))
    return [(children, what) for children, what in groups if children]


def add_places(
    document: OfficialDocument,
    report: ReportInput,
    children: Sequence[PlaceFigures],
    year: int,
    what: str,
    *,
    changes: bool = True,
) -> None:
    """A table of places, with ranks where the plan asks, and the same places as dots.

    `changes` adds the column on the quarter before, which only a quarter has.
    """
    target = report.target(year)
    shown = ordered(children, report)
    judgements = [_judged(child, target, report) for child in shown]
    noun = PROVINCE if report.figures.place.kind == "nation" else "cơ quan"
    document.paragraph(agencies_sentence([item for item in judgements if item is not None], target, noun))
    _add_place_table(document, report, shown, judgements, what, changes)
    drawn = [child for child in shown if has_rate(child)]
    if len(shown) <= ROWS_ON_A_PAGE:
        drawn = list(shown)
    hidden = "" if len(drawn) == len(shown) else " Nơi chưa công bố được tỷ lệ không có trên hình."
    caption = f"Tỷ lệ hài lòng và khoảng tin cậy 95\u00a0%: {what}"
    charts = _charts(drawn, target, caption)
    for at, chart in enumerate(charts, start=1):
        part = f" (phần {at}/{len(charts)})" if len(charts) > 1 else ""
        document.chart(f"{caption}{part}", "", chart, f"Nguồn: {SOURCE}; n ghi ở cuối mỗi dòng.{hidden}")


def ordered(children: Sequence[PlaceFigures], report: ReportInput) -> list[PlaceFigures]:
    """By rate where the plan ranks, those without a rank behind by the alphabet; else as given."""
    if not report.ranks:
        return list(children)
    ranked = [child for child in children if child.rank is not None]
    apart = [child for child in children if child.rank is None]
    ranked.sort(key=lambda child: (-(child.official.rate or 0), *_by_name(child)))
    return ranked + sorted(apart, key=_by_name)


def _by_name(child: PlaceFigures) -> tuple[object, str]:
    return collation_key(child.place.name), child.place.code


def _judged(child: PlaceFigures, target: Target | None, report: ReportInput) -> Judgement | None:
    return judge_cell(child.official, target, child.response_rate, child.thresholds)


def has_rate(child: PlaceFigures) -> bool:
    text = printed(child.official, None, child.thresholds)
    return text.standing not in (Standing.NONE, Standing.SUPPRESSED)


def _charts(rows: Sequence[PlaceFigures], target: Target | None, title: str) -> list[Chart]:
    """As few drawings of about the same length as fit a page each; names on two lines need more room."""
    count = -(-len(rows) // ROWS_ON_A_PAGE)
    while count:
        size = -(-len(rows) // count)
        charts = [
            agencies_chart(rows[at : at + size], target, title=title, width=CHART_WIDTH)
            for at in range(0, len(rows), size)
        ]
        if size == 1 or all(chart.height <= HIGHEST_CHART for chart in charts):
            return charts
        count += 1
    return []


def _add_place_table(
    document: OfficialDocument,
    report: ReportInput,
    shown: Sequence[PlaceFigures],
    judgements: Sequence[Judgement | None],
    what: str,
    changes: bool,
) -> None:
    ranks = report.ranks and any(child.rank is not None for child in shown)
    letters = change_reasons(shown) if changes else {}
    rows = [
        (
            *_place_texts(at, child, report),
            *([_moved(child, letters)] if changes else []),
            *([_rank_text(child)] if ranks else []),
            _verdict_text(child, judgement, report.thresholds),
        )
        for at, (child, judgement) in enumerate(zip(shown, judgements, strict=True), start=1)
    ]
    notes = [f"Nguồn: {SOURCE}; n ghi ở từng dòng. Đánh giá {RANDOM_ERROR_NOTE}."]
    notes += [f"{letter} Không so sánh: {reason.value}." for reason, letter in letters.items()]
    if ranks:
        notes.append(
            "“Khoảng hạng” là các thứ hạng mà số liệu cho phép, so với các đơn vị cùng loại; đơn vị chưa đủ "
            f"{report.thresholds.rank} phiếu xếp riêng ở cuối, theo thứ tự chữ cái."
        )
    document.table(f"Kết quả theo {what}", _place_columns(what, changes, ranks), rows, " ".join(notes))


def _place_columns(what: str, changes: bool, ranks: bool) -> list[Column]:
    narrow = ranks and changes
    return [
        Column("STT", 6, "centre"), Column(what[:1].upper() + what[1:], 17.5 if narrow else 24),
        Column("n", 7, "number"), Column("Tỷ lệ hài lòng", 9.5, "number"),
        Column("Khoảng tin cậy 95\u00a0%", 14.5, "centre"),
        *([Column("So với quý trước (điểm\u00a0%)", 16.5, "centre")] if changes else []),
        *([Column("Khoảng hạng; nhóm", 12.5 if changes else 18, "centre")] if ranks else []),
        Column("Đánh giá", 17.5 if narrow else 25, "centre"),
    ]  # fmt: skip


def _place_texts(at: int, child: PlaceFigures, report: ReportInput) -> tuple[str, ...]:
    text = printed(child.official, report.target(_year_of(child)), report.thresholds)
    marks = f" ({', '.join(child.marks)})" if child.marks else ""
    return (str(at), short_name(child.place.name) + marks, text.n, text.rate, text.interval)


def _moved(child: PlaceFigures, letters: Mapping[NoChange, str]) -> str:
    """Difference and word on two lines, or the mark with the letter of its reason."""
    if child.official.hidden:
        return SUPPRESSED
    movement = child.movement
    if movement.change is None:
        return f"{movement.word} {letters.get(movement.reason, '') if movement.reason else ''}".strip()
    # The unit stands in the heading of the column.
    return f"{points(movement.change).replace(NBSP + points_unit(), '')}\n{movement.word}"


def _verdict_text(child: PlaceFigures, judgement: Judgement | None, thresholds: Thresholds) -> str:
    if child.official.hidden:
        return SUPPRESSED
    note = printed(child.official, None, thresholds).note
    verdict = judgement_cell(judgement) if judgement else DASH
    return f"{verdict}\n({note})" if note else verdict


def _year_of(figures: PlaceFigures) -> int:
    return int(figures.quarter[:4])


def _rank_text(child: PlaceFigures) -> str:
    if child.rank is None:
        return DASH
    span = str(child.rank.best)
    if child.rank.best != child.rank.worst:
        span = f"{child.rank.best}–{child.rank.worst}"
    return f"{span}/{child.rank.of}; {child.rank.group}"


def add_procedures(document: OfficialDocument, report: ReportInput, year: int) -> None:
    """The ten procedures with most answers, and those below the target."""
    target = report.target(year)
    shown = [
        (place, cell)
        for place, cell in report.figures.procedures
        if place.code and not cell.hidden and cell.n >= report.thresholds.disclosure
    ]
    if not shown:
        document.paragraph("Chưa có thủ tục nào đủ phiếu để công bố riêng.")
        return
    shown.sort(key=lambda item: (-item[1].n, item[0].code))
    columns = (
        Column("Mã thủ tục", 13, "centre"), Column("Tên thủ tục", 33), Column("n", 8, "number"),
        Column("Tỷ lệ hài lòng", 12, "number"), Column("Khoảng tin cậy 95\u00a0%", 15, "centre"),
        Column("Đánh giá", 29, "centre"),
    )  # fmt: skip
    few = report.thresholds.disclosure
    note = f"Nguồn: {SOURCE}; n ghi ở từng dòng. Thủ tục có dưới {few} phiếu không nêu."
    rows = [_procedure_row(place, cell, target, report.thresholds) for place, cell in shown[:LARGEST]]
    document.table("Các thủ tục có nhiều phiếu nhất", columns, rows, note)
    below = [(place, cell) for place, cell in shown if _is_below(cell, target, report.thresholds)]
    if below:
        rows = [_procedure_row(place, cell, target, report.thresholds) for place, cell in below]
        document.table("Các thủ tục có tỷ lệ hài lòng dưới chỉ tiêu", columns, rows, note)
    elif target is not None:
        document.paragraph("Trong các thủ tục đủ phiếu để đánh giá, không thủ tục nào dưới chỉ tiêu.")


def _procedure_row(
    place: Place, cell: Cell, target: Target | None, thresholds: Thresholds
) -> tuple[str, ...]:
    text = printed(cell, target, thresholds)
    # Nobody knows how many were asked about one procedure, so no verdict on it is certain.
    judgement = judge_cell(cell, target, None, thresholds)
    verdict = judgement_cell(judgement) if judgement else DASH
    verdict = f"{verdict}\n({text.note})" if text.note else verdict
    return (place.code, place.name, text.n, text.rate, text.interval, verdict)


def _is_below(cell: Cell, target: Target | None, thresholds: Thresholds) -> bool:
    judgement = judge_cell(cell, target, None, thresholds)
    return judgement is not None and judgement.verdict is Verdict.NOT_MET
