"""`flask export responses`: anonymous answers for analysts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.clock import now
from app.commands import Noun, Refused
from app.file_obstacles import obstacle
from app.results.folding import fold_waiting
from app.results.progress import lines_of_progress
from app.transactions import transaction
from surveys.periods import Quarter, local_day
from surveys.printing import date_text, number

PROGRESS_STEP = 250_000
FORMATS = ("csv", "parquet")

exporting = Noun("export", help="Xuất dữ liệu ra tệp cho người phân tích.")


@exporting.command("responses")
@click.option("--from", "first", required=True, metavar="QUÝ", help="Quý đầu tiên, ví dụ 2026-Q3.")
@click.option("--to", "last", metavar="QUÝ", help="Quý cuối cùng; bỏ trống là chính quý đầu tiên.")
@click.option(
    "--format", "kind", type=click.Choice(FORMATS), default="csv", show_default=True,
    help="Định dạng của tệp.",
)  # fmt: skip
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="TỆP", help="Tệp sẽ ghi; chưa được có."
)
@with_appcontext
def responses(first: str, last: str | None, kind: str, out: Path) -> None:
    """Xuất phiếu ẩn danh của các quý đã khóa số liệu.

    Không có mã phiếu, ngày, góp ý; hoàn cảnh ít người có được ghi bằng dấu *. Tệp không phải dữ liệu mở: chỉ
    giao cho người phân tích đã cam kết.
    """
    # The libraries of tables are large, and no page needs them.
    from app.results.exporting import NothingToExport, appearing_whole, export_responses

    instant = now()
    quarters = closed_quarters(first, last or first, instant)
    if out.exists():
        raise Refused(f"Đã có {out}. Hãy chọn tên khác; chưa ghi gì.")
    fold_waiting()
    try:
        # The event is stored before the file has its name: no file without its event.
        with appearing_whole(out) as stream, transaction():
            report = export_responses(
                stream,
                kind,
                quarters,
                folder=out.parent,
                by="command:export responses",
                now=instant,
                progress=lines_of_progress(PROGRESS_STEP, "phiếu"),
            )
    except NothingToExport as error:
        raise Refused(
            f"Từ {quarters[0].label} đến {quarters[-1].label} không có đủ phiếu để xuất. Chưa ghi tệp nào."
        ) from error
    except OSError as error:
        raise Refused(f"Không ghi được vào {out}: {obstacle(error)}. Chưa ghi tệp nào.") from error
    click.echo(
        f"Đã ghi {number(report.rows)} phiếu vào {out}; {number(report.generalised)} phiếu có hoàn cảnh ghi "
        f"bằng dấu *, {number(report.left_out)} phiếu không xuất vì quá riêng."
    )


def closed_quarters(first: str, last: str, instant: datetime) -> list[Quarter]:
    """Every quarter from the first to the last. Raises Refused, in words, unless all may be closed."""
    try:
        start, end = Quarter.parse(first), Quarter.parse(last)
    except ValueError as error:
        raise Refused(f"{error} Chưa ghi tệp nào.") from error
    if end < start:
        raise Refused(f"{end} đứng trước {start}: --to phải từ --from trở đi. Chưa ghi tệp nào.")
    if not end.is_closable(instant):
        day = date_text(local_day(end.closable_from))
        raise Refused(
            f"Chưa xuất được {end.label}: số liệu của quý khóa từ ngày {day}. Hai tệp của một quý còn nhận "
            "phiếu cho thấy ai vừa trả lời. Chưa ghi tệp nào."
        )
    found = [start]
    while found[-1] < end:
        found.append(found[-1].next)
    return found
