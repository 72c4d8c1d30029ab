"""Commands for the tallies, and the import of answers, which ends by counting them."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from itertools import islice

import click
from flask.cli import AppGroup

from app.results.folding import count_waiting, fold_waiting
from app.results.verification import compare, list_unnoticed_doubles, rebuild
from surveys.printing import decimal_text, number

SHOWN = 10
PROGRESS_STEP = 500_000

tally = AppGroup("tally", help="Số đếm dùng cho các trang kết quả.")
commands: list[click.Command] = [tally]


@tally.command("fold")
def fold_command() -> None:
    """Đếm các phiếu đang chờ."""
    start = time.monotonic()
    folded = fold_waiting()
    click.echo(f"Đã đếm {number(folded)} phiếu mới trong {_seconds(start)}.")


@tally.command("rebuild")
def rebuild_command() -> None:
    """Đếm lại mọi phiếu và sửa số đếm sai."""
    start = time.monotonic()
    rebuilt = rebuild(_progress())
    click.echo(
        f"Đã đếm lại {number(rebuilt.sheets)} phiếu, sửa {number(rebuilt.repaired)} số đếm "
        f"trong {_seconds(start)}."
    )


@tally.command("verify")
def verify_command() -> None:
    """Đếm lại từ phiếu và so với số đếm đang dùng; kết thúc với mã 1 nếu có chênh lệch."""
    doubles = list_unnoticed_doubles()
    differences = [f"Phiếu {name} được đếm ở hai cơ quan" for name in doubles]
    sheets = 0
    for comparison in compare():
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


def _seconds(start: float) -> str:
    return f"{decimal_text(round(Decimal(time.monotonic() - start), 1))} giây"


def _progress() -> Callable[[int], None]:
    shown = 0

    def show(sheets: int) -> None:
        nonlocal shown
        if sheets >= shown + PROGRESS_STEP:
            shown = sheets
            click.echo(f"… {number(sheets)} phiếu", err=True)

    return show
