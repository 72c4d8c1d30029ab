"""`flask import index766`: the 766 index and the rate of the national portal, printed apart from our own."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.accounts.identity import NATION_SCOPE
from app.clock import now
from app.commands import Noun, Refused
from app.indices.actions import import_indices
from app.text_files import TableProblem
from app.transactions import transaction


@click.group("import", cls=Noun)
def import_group() -> None:
    """Nhập dữ liệu từ tệp. Nhập lại cùng một tệp không làm thay đổi gì."""


@import_group.command("index766")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def index766(file: Path) -> None:
    """Nhập Bộ chỉ số 766 và tỷ lệ của Cổng DVC quốc gia.

    FILE là CSV: period (2026-Q3, 2026-10, 2026), place (mã tỉnh, mã cơ quan, VN), indicator, value, unit,
    source. Một dòng sai thì không lưu dòng nào.
    """
    try:
        with transaction():
            report = import_indices(file, {NATION_SCOPE}, by="command:import index766", now=now())
    except TableProblem as problem:
        raise Refused(str(problem)) from problem
    click.echo(str(report))


commands: list[click.Command] = [import_group]
