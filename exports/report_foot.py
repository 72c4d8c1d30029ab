"""The foot of a quarterly report: which document this is, whose numbers it holds, and how to check them."""

from __future__ import annotations

from typing import Final

from exports.page import Foot
from exports.report_input import QuarterlyReport
from surveys.periods import ZONE
from surveys.printing import date_text

SHORT_HASH: Final = 16


def foot_of(report: QuarterlyReport) -> Foot:
    edition = report.edition
    forms = ", ".join(report.figures.questionnaires)
    if edition is None:
        lines = [f"Mã báo cáo {report.code}; chưa gắn với kỳ công bố nào"]
        lines += [f"Phiếu khảo sát {forms}"] if forms else []
        return Foot(tuple(lines), report.link)
    kind = "dự thảo, chưa công bố" if edition.is_draft else "đã công bố"
    return Foot(
        (
            f"Mã báo cáo {report.code}; kỳ công bố {edition.code} ({kind})",
            f"Chốt số liệu {frozen(report)}" + (f"; phiếu khảo sát {forms}" if forms else ""),
            f"SHA-256 {edition.sha256[:SHORT_HASH]}… (đủ ở Phụ lục IV)",
        ),
        report.link,
    )


def frozen(report: QuarterlyReport) -> str:
    """When the numbers were frozen, to the minute of Vietnamese time."""
    assert report.edition is not None
    local = report.edition.closed_at.astimezone(ZONE)
    return f"{local:%H:%M} ngày {date_text(local.date())}"
