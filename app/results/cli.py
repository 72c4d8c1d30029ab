"""Commands for the tallies, and the import of answers, which ends by counting them."""

from __future__ import annotations

import os
import time
from decimal import Decimal
from itertools import islice
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.clock import now
from app.commands import Noun, Refused
from app.csv_reading import RejectFile
from app.installation import DemonstrationOnly
from app.responding.importing.actions import import_responses
from app.responding.importing.mapping_file import MappingProblem
from app.results.comparing import compare
from app.results.export_cli import exporting
from app.results.folding import count_waiting, fold_waiting
from app.results.progress import lines_of_progress
from app.results.verification import list_unnoticed_doubles, rebuild
from app.text_files import TableProblem
from surveys.printing import decimal_text, number

SHOWN = 10
PROGRESS_STEP = 500_000
IMPORT_STEP = 25_000

tally = Noun("tally", help="Số đếm dùng cho các trang kết quả.")
# The verbs of this group join those that the directory gives to the same noun.
importing = Noun("import", help="Nhập dữ liệu từ tệp. Nhập lại cùng một tệp không làm thay đổi gì.")
commands: list[click.Command] = [tally, importing, exporting]


@tally.command("fold")
@with_appcontext
def fold_command() -> None:
    """Đếm các phiếu đang chờ."""
    start = time.monotonic()
    folded = fold_waiting()
    click.echo(f"Đã đếm {number(folded)} phiếu mới trong {_seconds(start)}.")


processes_option = click.option(
    "--processes", default=os.cpu_count() or 1, show_default="số nhân của máy", type=click.IntRange(1),
    help="Số tiến trình cùng đếm.",
)  # fmt: skip


@tally.command("rebuild")
@processes_option
@with_appcontext
def rebuild_command(processes: int) -> None:
    """Đếm lại mọi phiếu và sửa số đếm sai."""
    start = time.monotonic()
    rebuilt = rebuild(
        lines_of_progress(PROGRESS_STEP, "phiếu"), by="command:tally rebuild", now=now(), processes=processes
    )
    click.echo(
        f"Đã đếm lại {number(rebuilt.sheets)} phiếu, sửa {number(rebuilt.repaired)} số đếm "
        f"trong {_seconds(start)}."
    )


@tally.command("verify")
@processes_option
@with_appcontext
def verify_command(processes: int) -> None:
    """Đếm lại từ phiếu và so với số đếm đang dùng.

    Kết thúc với mã 1 nếu có chênh lệch.
    """
    doubles = list_unnoticed_doubles()
    differences = [f"Phiếu {name} được đếm ở hai cơ quan" for name in doubles]
    sheets = 0
    for comparison in compare(processes):
        sheets += comparison.sheets
        differences += islice(comparison, SHOWN + 1)
        if len(differences) > SHOWN:
            break
    if differences:
        click.echo("Số đếm không khớp với phiếu:", err=True)
        for line in differences[:SHOWN]:
            click.echo(f"  {line}", err=True)
        if len(differences) > SHOWN:
            click.echo("  … và còn nữa.", err=True)
        click.echo("Hãy chạy `flask tally rebuild` để sửa.", err=True)
        raise SystemExit(1)
    click.echo(
        f"Đã đếm lại {number(sheets)} phiếu: mọi số đếm đều khớp; {number(count_waiting())} phiếu chờ đếm."
    )


@importing.command("responses")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", "mapping_path", type=click.Path(path_type=Path), help="Tệp ánh xạ (YAML).")
@click.option("--rejects", "rejects_path", type=click.Path(path_type=Path), help="Nơi ghi các dòng lỗi.")
@with_appcontext
def import_command(file: Path, mapping_path: Path | None, rejects_path: Path | None) -> None:
    """Nhập phiếu trả lời từ FILE (CSV hoặc NDJSON) rồi đếm."""
    try:
        with RejectFile(file, rejects_path) as rejects:
            report = import_responses(
                file,
                mapping_path=mapping_path,
                rejects=rejects,
                by="command:import responses",
                now=now(),
                progress=lines_of_progress(IMPORT_STEP, "dòng"),
            )
    except DemonstrationOnly:
        raise Refused("Cơ sở dữ liệu này chỉ chứa dữ liệu minh họa, không nhận phiếu thật.") from None
    except (TableProblem, MappingProblem) as problem:
        raise Refused(str(problem)) from problem
    fold_waiting()
    click.echo(f"{report} (xem {rejects.path})" if rejects.count else str(report))


def _seconds(start: float) -> str:
    return f"{decimal_text(round(Decimal(time.monotonic() - start), 1))} giây"
