"""`flask survey check`, `flask survey publish` and `flask import reference`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.catalogue.actions import publish
from app.catalogue.reading import Checked, read_questionnaire_file
from app.catalogue.reference import load_reference
from app.clock import now
from app.commands import Noun, Refused
from app.transactions import transaction
from surveys.questionnaire import VersionChanged


@click.group("survey", cls=Noun)
def survey() -> None:
    """Phiếu khảo sát: kiểm tra tệp định nghĩa, công bố phiên bản."""


@survey.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Kiểm tra tệp phiếu khảo sát và in mọi lỗi.

    Mỗi lỗi một dòng: “tệp:dòng: câu hỏi: quy tắc: lời giải thích”.
    """
    # Every file is looked at, whatever is wrong with the one before.
    right = [_is_right(file) for file in files]
    if not all(right):
        raise SystemExit(1)


@survey.command("publish")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def publish_file(file: Path) -> None:
    """Công bố phiếu trong FILE. Phiên bản đã công bố không thay đổi được nữa."""
    questionnaire = _read(file).questionnaire
    if questionnaire is None:
        _report(file)
        raise Refused("Tệp có lỗi nên chưa công bố.")
    with _versions_kept(), transaction():
        published = publish(questionnaire, by="command:survey publish", now=now())
    click.echo(
        f"Đã công bố {questionnaire.name}." if published.new else f"{questionnaire.name} đã có, không đổi."
    )


@click.group("import", cls=Noun)
def import_group() -> None:
    """Nhập dữ liệu từ tệp. Nhập lại cùng một tệp không làm thay đổi gì."""


@import_group.command("reference")
@with_appcontext
def reference() -> None:
    """Nạp dữ liệu kèm theo sản phẩm.

    Gồm đơn vị hành chính, cơ quan, thủ tục và phiếu khảo sát cốt lõi.
    """
    with _versions_kept(), transaction():
        reports = load_reference(by="command:import reference", now=now())
    for part, report in reports:
        click.echo(f"{part}: {report}")


@contextmanager
def _versions_kept() -> Iterator[None]:
    try:
        yield
    except VersionChanged as error:
        raise Refused(
            f"{error.code} {error.version} đã công bố với nội dung khác. Hãy đặt số phiên bản mới; "
            "phiên bản đã có được giữ nguyên."
        ) from error


def _is_right(file: Path) -> bool:
    try:
        return _report(file).questionnaire is not None
    except Refused as refusal:
        refusal.show()
        return False


def _read(file: Path) -> Checked:
    try:
        return read_questionnaire_file(file)
    except OSError as error:
        raise Refused(f"Không đọc được tệp {file}: {error.strerror}.") from error


def _report(file: Path) -> Checked:
    checked = _read(file)
    for mistake in checked.mistakes:
        click.echo(mistake.in_file(str(file)))
    if checked.questionnaire is not None:
        count = len(checked.questionnaire.questions)
        click.echo(f"{file}: đúng ({checked.questionnaire.name}, {count} câu hỏi)")
    return checked


commands: list[click.Command] = [survey, import_group]
