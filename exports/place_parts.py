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
from surveys.criteria import RANDOM_ERROR_NOTE, Judgement, Target
from surveys.figures import COMMUNE, PlaceFigures
from surveys.printing import DASH, NBSP, SUPPRESSED, points, points_unit
from surveys.thresholds import Standing, Thresholds

ROWS_ON_A_PAGE: Final = 34
HIGHEST_CHART: Final = 840
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
    labels: tuple[str, str] = ("", ""),
) -> None:
    """A table of places, with ranks where the plan asks, and the same places as dots.

    `changes` adds the column on the quarter before, which only a quarter has. `labels`: of both.
    """
    add_places_sentence(document, report, children, year, what)
    add_place_table(document, report, children, year, what, changes=changes, label=labels[0])
    add_place_charts(document, report, children, year, what, label=labels[1])


def add_places_sentence(
    document: OfficialDocument, report: ReportInput, children: Sequence[PlaceFigures], year: int, what: str
) -> None:
    """How many of the places meet the target, split by certainty."""
    target = report.target(year)
    judgements = [_judged(child, target) for child in children]
    document.paragraph(agencies_sentence([item for item in judgements if item is not None], target, what))


def add_place_charts(
    document: OfficialDocument,
    report: ReportInput,
    children: Sequence[PlaceFigures],
    year: int,
    what: str,
    *,
    label: str = "",
) -> None:
    shown = ordered(children, report)
    drawn = [child for child in shown if has_rate(child)]
    caption = f"Tỷ lệ hài lòng và khoảng tin cậy 95\u00a0%: {what}"
    if not drawn:
        document.empty_chart(caption, "Chưa có nơi nào đủ phiếu để vẽ.", label)
        return
    if len(shown) <= ROWS_ON_A_PAGE:
        drawn = list(shown)
    hidden = "" if len(drawn) == len(shown) else " Nơi chưa công bố được tỷ lệ không có trên hình."
    charts = _charts(drawn, report.target(year), caption)
    for at, chart in enumerate(charts, start=1):
        part = f" (phần {at}/{len(charts)})" if len(charts) > 1 else ""
        source = f"Nguồn: {SOURCE}; n ghi ở cuối mỗi dòng.{hidden}"
        document.chart(f"{caption}{part}", "", chart, source, label)


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


def _judged(child: PlaceFigures, target: Target | None) -> Judgement | None:
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


def add_place_table(
    document: OfficialDocument,
    report: ReportInput,
    children: Sequence[PlaceFigures],
    year: int,
    what: str,
    *,
    changes: bool = True,
    label: str = "",
) -> None:
    shown = ordered(children, report)
    target = report.target(year)
    ranks = report.ranks and any(child.rank is not None for child in shown)
    letters = change_reasons(shown) if changes else {}
    rows: list[Sequence[str]] = []
    bold = []
    for at, child in enumerate(shown, start=1):
        if ranks and child.rank is None and (at == 1 or shown[at - 2].rank is not None):
            bold.append(len(rows))
            rows.append((f"Chưa đủ {report.thresholds.rank} phiếu nên không xếp hạng (thứ tự chữ cái)",
                         *[""] * (len(_place_columns(what, changes, ranks)) - 1)))  # fmt: skip
        rows.append((
            *_place_texts(at, child, target),
            *([_moved(child, letters)] if changes else []),
            *([_rank_text(child)] if ranks else []),
            _verdict_text(child, _judged(child, target), report.thresholds),
        ))  # fmt: skip
    notes = [f"Nguồn: {SOURCE}; n ghi ở từng dòng. Đánh giá {RANDOM_ERROR_NOTE}."]
    notes += [f"{letter} Không so sánh: {reason.value}." for reason, letter in letters.items()]
    if ranks:
        notes.append("“Khoảng hạng” là các thứ hạng mà số liệu cho phép, so với các đơn vị cùng loại.")
    columns = _place_columns(what, changes, ranks)
    document.table(f"Kết quả theo {what}", columns, rows, " ".join(notes), bold, label)


def _place_columns(what: str, changes: bool, ranks: bool) -> list[Column]:
    """The certainty of a verdict has one line where no rank takes its room."""
    narrow = ranks and changes
    return [
        Column("STT", 5.5 if narrow else 6.2, "centre"),
        Column(what[:1].upper() + what[1:], 16 if narrow else 20 if changes or ranks else 32),
        Column("n", 7.4 if narrow else 7.8, "number"),
        # "từ 83,8 % trở lên" stands on two lines.
        Column("Tỷ lệ hài lòng", 9.5 if narrow else 11, "number"),
        # Up to "89,0–100,0 %".
        Column("Khoảng tin cậy 95\u00a0%", 13.8 if narrow else 15, "centre"),
        *([Column("So với quý trước (điểm\u00a0%)", 15.6, "centre")] if changes else []),
        *([Column("Khoảng hạng; nhóm", 12.5 if changes else 18, "centre")] if ranks else []),
        Column("Đánh giá", 19.3 if narrow else 24.5, "centre"),
    ]  # fmt: skip


def _place_texts(at: int, child: PlaceFigures, target: Target | None) -> tuple[str, ...]:
    text = printed(child.official, target, child.thresholds)
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


def _rank_text(child: PlaceFigures) -> str:
    if child.rank is None:
        return DASH
    span = str(child.rank.best)
    if child.rank.best != child.rank.worst:
        span = f"{child.rank.best}–{child.rank.worst}"
    return f"{span}/{child.rank.of}; {child.rank.group}"
