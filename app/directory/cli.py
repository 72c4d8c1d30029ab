"""`flask import …` for units, agencies and procedures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.clock import now
from app.commands import Noun, Refused
from app.csv_reading import ImportReport, RejectFile
from app.directory.agency_import import import_agencies
from app.directory.procedure_import import import_procedures
from app.directory.queries import UnknownProvince
from app.directory.standard import import_standard_agencies
from app.directory.unit_import import import_units
from app.text_files import TableProblem
from app.transactions import transaction

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group("import", cls=Noun)
def import_group() -> None:
    """Nhập dữ liệu từ tệp. Nhập lại cùng một tệp không làm thay đổi gì."""


@import_group.command("units")
@FILE
@with_appcontext
def units(file: Path) -> None:
    """Nhập tỉnh, xã từ FILE.

    FILE là CSV: code, parent_code, name, level (province, city, commune), valid_from[, valid_to].
    """
    import_file(file, lambda rejects: import_units(file, rejects, by="command:import units", now=now()))


@import_group.command("agencies")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--standard", is_flag=True, help="Lập cơ quan chuẩn của mọi tỉnh và UBND mọi xã.")
@with_appcontext
def agencies(file: Path | None, standard: bool) -> None:
    """Nhập cơ quan từ FILE, hoặc danh mục chuẩn.

    FILE là CSV: code, name, kind, province[, valid_from, valid_to, merged_into]. Tên ghi cho đúng ngày
    valid_from đã có thì sửa tên đó; tên có valid_from muộn hơn là đổi tên, tên cũ được giữ. Sáp nhập:
    ghi ngày cuối cùng vào valid_to và mã cơ quan tiếp nhận vào merged_into.
    """
    if standard == (file is not None):
        raise Refused("Hãy ghi một tệp, hoặc --standard.")
    by = "command:import agencies"
    if file is None:
        with transaction():
            report = import_standard_agencies(by=by, now=now())
        click.echo(str(report))
        return
    path = file
    import_file(path, lambda rejects: import_agencies(path, rejects, by=by, now=now()))


@import_group.command("procedures")
@FILE
@click.option("--province", help="Mã tỉnh của các cơ quan ghi bằng tên trong tệp, ví dụ 31.")
@with_appcontext
def procedures(file: Path, province: str | None) -> None:
    """Nhập thủ tục hành chính từ FILE.

    FILE là CSV: code, name[, agency, dossiers_<năm>, level, source]; đuôi của mã được cắt.
    """
    try:
        import_file(
            file,
            lambda rejects: import_procedures(
                file, rejects, province=province, by="command:import procedures", now=now()
            ),
        )
    except UnknownProvince as error:
        raise Refused(f"Không có tỉnh, thành phố mang mã {province}.") from error


def import_file(file: Path, run: Callable[[RejectFile], ImportReport]) -> None:
    """Runs one importer in one transaction and prints its line, and where the rejected rows are."""
    try:
        with RejectFile(file) as rejects, transaction():
            report = run(rejects)
    except TableProblem as problem:
        raise Refused(str(problem)) from problem
    click.echo(str(report))
    if rejects.count:
        click.echo(f"Các dòng lỗi và lý do: {rejects.path}")


commands: list[click.Command] = [import_group]
