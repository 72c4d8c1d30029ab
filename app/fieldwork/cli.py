"""`flask field interpret`, `flask field import`, `flask field review` and what prompts add."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.clock import now
from app.commands import Noun, Refused
from app.extensions import db
from app.fieldwork.importing import import_records
from app.fieldwork.inbox import take_up
from app.fieldwork.models import Round
from app.fieldwork.prompts import cli as prompts_cli
from app.fieldwork.reviews.reviewing import review_and_draw
from app.text_files import reason_of
from app.transactions import transaction
from surveys.printing import number


@click.group("field", cls=Noun)
def field() -> None:
    """Phỏng vấn tại nhà: phiếu từ máy của Tổ CNSCĐ."""


@field.command("interpret")
@with_appcontext
def interpret_records() -> None:
    """Đọc các phiếu đã nhận mà chưa kịp đọc."""
    click.echo(f"Đã đọc {number(take_up(now=now()))} phiếu còn chờ.")


@field.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def import_file(file: Path) -> None:
    """Nhập tệp do máy phỏng vấn xuất ra."""
    try:
        report = import_records(file, by="command:field import", now=now())
    except OSError as error:
        raise Refused(f"Không đọc được {file}: {reason_of(error)}. Chưa nhập gì.") from error
    click.echo(f"{report}.")


@field.command("review")
@click.argument("code", metavar="ROUND")
@with_appcontext
def review(code: str) -> None:
    """So phiếu của các thành viên, rút hộ thăm lại."""
    row = db.session.get(Round, code)
    if row is None:
        raise Refused(f"Không có đợt {code}. Chưa so gì.")
    if row.parted_at is not None:
        raise Refused(f"Đợt {code} đã khép lại, lượt thăm và phiếu đã tách rời. Chưa so gì.")
    with transaction():
        flags, drawn = review_and_draw(row, now=now())
    click.echo(f"Đợt {code}: {number(flags)} dấu hiệu chờ xem; rút thêm {number(drawn)} hộ để thăm lại.")


for command in prompts_cli.commands:
    field.add_command(command)
commands = [field]
