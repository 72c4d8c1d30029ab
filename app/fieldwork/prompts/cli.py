"""`flask field voices`, `list-voices` and `remove-voices`: words and voices of a province by command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from app.catalogue.queries import UnknownQuestionnaire
from app.clock import now
from app.commands import Refused, Verb
from app.directory.queries import UnknownProvince, get_province
from app.fieldwork.languages import OTHER_LANGUAGES
from app.fieldwork.prompts.files import BadFile, Reader, TooMuch
from app.fieldwork.prompts.keeping import (
    Sheet,
    TooHeavy,
    UnknownPrompt,
    get_sheet,
    list_prompts,
    parts_of,
    put_prompts,
    remove_prompts,
)
from app.fieldwork.prompts.reading import KINDS, ReadPrompt, read_prompts
from app.i18n import DEFAULT
from app.text_files import NOTHING_KEPT, reason_of
from app.transactions import transaction
from surveys.periods import local_day
from surveys.printing import number
from surveys.questionnaire import Questionnaire

_MOST_SHOWN: Final = 40


def _of_a_sheet(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--version", required=True, help="Phiên bản phiếu, ví dụ 1.0."),
        click.option("--questionnaire", "code", required=True, help="Mã phiếu, ví dụ TAI_NHA."),
        click.option("--province", required=True, help="Mã tỉnh, ví dụ 14."),
    ):
        command = option(command)
    return command


_LANGUAGE: Final = click.option(
    "--language", required=True, type=click.Choice(OTHER_LANGUAGES), help="Ngôn ngữ của người nghe."
)


@click.command("voices", cls=Verb)
@_of_a_sheet
@_LANGUAGE
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def put(province: str, code: str, version: str, language: str, path: Path) -> None:
    """Ghi lời, giọng đọc từ thư mục, .zip hay tệp PATH.

    Giọng: mỗi câu một tệp mang tên mã câu (intro.mp3). Lời: bảng hai cột mã câu, lời, hoặc intro.txt.
    Phần đã có thì được thay, phần không nhắc đến thì giữ nguyên.
    """
    sheet, questionnaire = _sheet(province, code, version)
    # No request says in which language mistakes are told.
    with force_locale(DEFAULT):
        good = _read(path, questionnaire)
        try:
            with transaction():
                changed = put_prompts(sheet, language, good, by="command:field voices", now=now())
        except TooHeavy as problem:
            raise Refused(f"{problem} {NOTHING_KEPT}") from problem
    click.echo(f"Đã đọc {number(len(good))} lời, giọng: {number(changed)} mới hoặc đổi.")


@click.command("list-voices", cls=Verb)
@_of_a_sheet
@with_appcontext
def list_voices(province: str, code: str, version: str) -> None:
    """In lời, giọng đọc đã có và những phần còn thiếu."""
    sheet, questionnaire = _sheet(province, code, version)
    known = {(line.language, line.part, line.kind): line for line in list_prompts(sheet)}
    for language in OTHER_LANGUAGES:
        for part in parts_of(questionnaire):
            held = [known.get((language, part, kind)) for kind in KINDS]
            words = [f"{line.kind} {number(line.size)} byte" if line else "–" for line in held]
            click.echo(f"{language}\t{part}\t{words[0]}\t{words[1]}")


@click.command("remove-voices", cls=Verb)
@_of_a_sheet
@_LANGUAGE
@click.option("--part", default="", help="Mã câu; bỏ trống là mọi câu.")
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), help="Bỏ trống là cả lời và giọng.")
@with_appcontext
def remove(province: str, code: str, version: str, language: str, part: str, kind: str) -> None:
    """Bỏ lời, giọng đọc; máy quên ở lần có mạng sau."""
    sheet, _questionnaire = _sheet(province, code, version)
    try:
        with transaction():
            count = remove_prompts(
                sheet, language, part=part, kind=kind, by="command:field voices", now=now()
            )
    except UnknownPrompt as error:
        raise Refused("Không có gì như vậy để bỏ.") from error
    click.echo(f"Đã bỏ {number(count)} lời, giọng.")


def _sheet(province: str, code: str, version: str) -> tuple[Sheet, Questionnaire]:
    try:
        get_province(province, local_day(now()))
        return get_sheet(province, code, version)
    except UnknownProvince as error:
        raise Refused(f"Không có tỉnh mã {province}. {NOTHING_KEPT}") from error
    except UnknownQuestionnaire as error:
        raise Refused(f"Chưa công bố phiếu {code} {version}. {NOTHING_KEPT}") from error


def _read(path: Path, questionnaire: Questionnaire) -> list[ReadPrompt]:
    reader = Reader()
    try:
        good, bad = read_prompts(reader.path(path), parts_of(questionnaire))
    except OSError as error:
        raise Refused(f"Không đọc được {path}: {reason_of(error)}. {NOTHING_KEPT}") from error
    except TooMuch as problem:
        raise Refused(f"{problem} {NOTHING_KEPT}") from problem
    problems: list[BadFile] = [*reader.bad, *bad]
    if problems:
        lines = "\n".join(map(str, problems[:_MOST_SHOWN]))
        raise Refused(f"{number(len(problems))} chỗ cần sửa. {NOTHING_KEPT}\n{lines}")
    if not good:
        raise Refused(f"{path} không có lời hay giọng đọc nào. {NOTHING_KEPT}")
    return good


commands = (put, list_voices, remove)
