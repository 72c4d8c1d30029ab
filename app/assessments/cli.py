"""`flask report assessment`: the November report on the user's experience, as PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.assessments.queries import Window, get_assessment_report
from app.clock import now
from app.commands import Noun, Refused
from app.editions.cli import explaining
from app.editions.files import write_whole
from app.editions.options import chosen_place, out_option, place_options
from app.plans import assessed_by
from app.results.queries import prepare
from app.transactions import transaction
from surveys.printing import date_text


@click.group("report", cls=Noun)
def report() -> None:
    """Báo cáo quý và báo cáo đánh giá tháng 11, dạng PDF."""


@report.command("assessment")
@click.argument("year", metavar="NĂM", type=int)
@place_options
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Ngày cuối của khoảng số liệu, ví dụ 2025-11-05; mặc định 31/10 của năm.",
)
@out_option
@with_appcontext
def assessment(
    year: int, agency: str | None, province: str | None, national: bool, until: datetime | None, out: Path
) -> None:
    """Lập báo cáo đánh giá tháng 11 của NĂM (2025, 2026).

    Lấy phiếu trả lời từ ngày 01/01 đến ngày --until.
    """
    # The document library is large, and no page needs it.
    from exports.assessment import render_assessment

    place = chosen_place(agency, province, national)
    instant = now()
    window = closed_window(year, until, instant)
    with transaction():
        prepare(instant)
    with explaining(f"khoảng từ {date_text(window.first_day)} đến {date_text(window.last_day)}"):
        content = render_assessment(get_assessment_report(place, window, now=instant))
        path = write_whole(out, f"danh-gia-{year}-{place}.pdf", content)
    click.echo(f"Đã ghi {path}")


def closed_window(year: int, until: datetime | None, instant: datetime) -> Window:
    """Raises Refused for a year without targets, a day of another year, and a day that is not over."""
    if assessed_by(None, year) is None:
        raise Refused(f"Không có kế hoạch nào đặt chỉ tiêu cho năm {year}. Chưa ghi tệp nào.")
    try:
        window = Window.of(year, until.date() if until else None)
    except ValueError as error:
        raise Refused(str(error)) from error
    if not window.is_over(instant):
        raise Refused(
            f"Khoảng số liệu đến hết ngày {date_text(window.last_day)} chưa kết thúc. "
            "Hãy chạy lại sau ngày đó, hoặc chọn ngày chốt sớm hơn bằng --until. Chưa ghi tệp nào."
        )
    return window


commands: list[click.Command] = [report]
