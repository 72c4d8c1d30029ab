"""The first page of a quarterly report: four cards, the quarter in words, strengths and shortcomings."""

from __future__ import annotations

from exports.cards import Card, Cards
from exports.criteria_rows import CriterionRow, criteria_rows
from exports.document import OfficialDocument
from exports.findings import find
from exports.report_input import QuarterlyReport
from exports.two_columns import two_columns
from exports.wording import (
    coverage_sentence,
    level_sentence,
    movement_sentence,
    nation_name,
    response_rate_sentence,
)
from surveys.comparison import Word
from surveys.figures import Movement, PlaceFigures
from surveys.printing import DASH, SUPPRESSED, points

NONE_FOUND = "Không có điểm nào đủ căn cứ thống kê để nêu."


def add_summary(document: OfficialDocument, report: QuarterlyReport) -> None:
    document.section("Tóm tắt")
    rows = criteria_rows(report.figures, report.plan, report.quarter.year, report.thresholds)
    document.block(Cards([_card(row, report) for row in rows]))
    document.paragraph(
        level_sentence(
            report.figures.official,
            f"{_where(report.figures)}{report.quarter.label}",
            report.target(report.quarter.year),
            report.thresholds,
        ),
        movement_sentence(report.figures.movement, report.quarter.previous.label),
        response_rate_sentence(report.figures),
        # What the nation is called in the first sentence says it already.
        "" if report.figures.place.kind == "nation" else coverage(report.figures),
    )
    found = find(report, report.quarter)
    document.block(
        two_columns(
            ("Điểm mạnh", found.strengths or (NONE_FOUND,)),
            ("Tồn tại", found.shortcomings or (NONE_FOUND,)),
        )
    )
    document.note(found.note)


def _card(row: CriterionRow, report: QuarterlyReport) -> Card:
    target = f"Chỉ tiêu năm {report.quarter.year}: {row.target}"
    verdict = row.verdict.replace("\n", ", ")
    if row.n == SUPPRESSED:
        verdict = ""
    return Card(
        title=f"{row.code}. {row.name}",
        value=row.value,
        verdict=verdict,
        lines=tuple(line for line in (row.detail, target, _counted(row), _moved(row, report)) if line),
    )


def _counted(row: CriterionRow) -> str:
    """How many answers, and where the number comes from."""
    source = row.source[:1].lower() + row.source[1:]
    return f"Nguồn: {source}" if row.n in (DASH, SUPPRESSED) else f"n = {row.n}; nguồn: {source}"


def _moved(row: CriterionRow, report: QuarterlyReport) -> str:
    """Only the satisfaction rate is tested against the quarter before."""
    if row.code != "TC4" or row.n in (DASH, SUPPRESSED):
        return ""
    return f"So với {report.quarter.previous.label}: {change_words(report.figures.movement)}"


def change_words(movement: Movement) -> str:
    if movement.change is None:
        return "gián đoạn" if movement.word is Word.BROKEN else "không so sánh"
    return f"{movement.word}, {points(movement.change)}"


def _where(figures: PlaceFigures) -> str:
    if figures.place.kind != "nation":
        return ""
    return f"của {nation_name(figures.covered, figures.members)}, "


def coverage(figures: PlaceFigures) -> str:
    what = {"nation": "tỉnh, thành phố", "province": "cơ quan, đơn vị"}.get(figures.place.kind, "")
    return coverage_sentence(figures.covered, figures.members, what) if what else ""
