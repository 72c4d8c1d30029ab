"""Words and voices in other languages: what a province has given for a questionnaire, and what changes it.

A province gives them, never a commune: what is read to a household must say the same all over the province,
and nobody speaks for the office that the household is about to judge.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, exists, func, select, true
from sqlalchemy.exc import IntegrityError

from app.audit.actions import record
from app.catalogue.queries import get_questionnaire
from app.directory.queries import find_agency
from app.directory.scopes import province_codes
from app.errors import NotFound
from app.extensions import db
from app.fieldwork.interpreting import insert_or_nothing
from app.fieldwork.models import Round
from app.fieldwork.prompts.models import Prompt, PromptFile
from app.fieldwork.prompts.reading import INTRO, ReadPrompt
from app.fieldwork.reach import is_commune
from app.fieldwork.rules import ChangedMeanwhile
from surveys.printing import number
from surveys.questionnaire import Questionnaire

# Of one version in all its languages: a telephone keeps that much beside the app. Sixty voices of thirty
# seconds, as one records speech.
MOST_ALL: Final = 8_000_000


# Any number, as long as nothing else in this database locks by it.
_LOCK: Final = 7_462_304


class UnknownPrompt(NotFound):
    """No such words or voice were given, or they are not this person's to hear."""


class TooHeavy(ValueError):
    """Together they would weigh more than a telephone should carry; the message is in words for people."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version of a questionnaire, for the teams of one province."""

    province: str
    questionnaire: str
    version: str

    @property
    def condition(self) -> ColumnElement[bool]:
        return (
            (Prompt.province == self.province)
            & (Prompt.questionnaire == self.questionnaire)
            & (Prompt.version == self.version)
        )


@dataclass(frozen=True, slots=True)
class PromptLine:
    """What is there, without its content; `text` only where it was asked for."""

    language: str
    part: str
    kind: str
    sha256: str
    media_type: str
    size: int
    seconds: int | None
    put_at: datetime
    text: str = ""


def parts_of(questionnaire: Questionnaire) -> list[str]:
    """The intro and every question, in the order in which they are asked."""
    return [INTRO, *(question.id for question in questionnaire.questions)]


def list_prompts(sheet: Sheet, *, with_text: bool = False) -> list[PromptLine]:
    """By language, part and kind."""
    columns: list[Any] = [
        Prompt.language, Prompt.part, Prompt.kind, Prompt.sha256, PromptFile.media_type, PromptFile.size,
        PromptFile.seconds, Prompt.put_at,
    ]  # fmt: skip
    rows = db.session.execute(
        select(*columns)
        .join(PromptFile, PromptFile.sha256 == Prompt.sha256)
        .where(sheet.condition)
        .order_by(Prompt.language, Prompt.part, Prompt.kind)
    ).all()
    texts = _texts(sheet) if with_text else {}
    return [
        PromptLine(
            language=row.language, part=row.part, kind=row.kind, sha256=row.sha256,
            media_type=row.media_type, size=row.size, seconds=row.seconds, put_at=row.put_at,
            text=texts.get(row.sha256, ""),
        )
        for row in rows
    ]  # fmt: skip


def files_of_round(row: Round, on: date) -> list[dict[str, Any]]:
    """The `files` of a round as a telephone is given them (ADR 17): words before voices, by language."""
    province = _province_of(row, on)
    if province is None:
        return []
    lines = list_prompts(Sheet(province, row.questionnaire, row.version))
    return [
        {
            "url": f"/thuc-dia/api/loi-doc/{line.sha256}",
            "sha256": line.sha256,
            "size": line.size,
            "language": line.language,
            "part": line.part,
            "kind": line.kind,
        }
        for line in sorted(lines, key=lambda line: line.kind)
    ]


def find_file(sha256: str) -> PromptFile | None:
    """A content by its hash, also one that no questionnaire names since today."""
    return db.session.get(PromptFile, sha256)


def get_heard(sha256: str, scopes: Collection[str], on: date) -> PromptFile:
    """A content that a province within the scopes uses. Raises UnknownPrompt."""
    used = exists().where(Prompt.sha256 == PromptFile.sha256, sees_prompts(scopes, on))
    found = db.session.scalars(select(PromptFile).where(PromptFile.sha256 == sha256, used)).one_or_none()
    if found is None:
        raise UnknownPrompt(sha256)
    return found


def sees_prompts(scopes: Collection[str], on: date) -> ColumnElement[bool]:
    """Those of every province in which the scopes cover anything."""
    provinces = province_codes(scopes, on)
    return true() if provinces is None else Prompt.province.in_(provinces)


def count_prompts(scopes: Collection[str], on: date) -> dict[tuple[str, str, str, str], int]:
    """How many there are, by province, questionnaire, version and kind."""
    group = (Prompt.province, Prompt.questionnaire, Prompt.version, Prompt.kind)
    statement = select(*group, func.count()).where(sees_prompts(scopes, on)).group_by(*group)
    return {(row[0], row[1], row[2], row[3]): row[4] for row in db.session.execute(statement)}


def put_prompts(sheet: Sheet, language: str, prompts: Sequence[ReadPrompt], *, by: str, now: datetime) -> int:
    """Adds what is new and replaces what has changed; how many those are. What is not named stays.

    Raises TooHeavy, or ChangedMeanwhile where somebody else writes the same at the same moment.
    """
    take_turn()
    held = {
        (row.part, row.kind): row
        for row in db.session.scalars(
            select(Prompt).where(sheet.condition, Prompt.language == language).with_for_update()
        )
    }
    changed = [item for item in prompts if _differs(held.get((item.part, item.kind)), item)]
    try:
        for item in changed:
            _keep_content(item)
            row = held.get((item.part, item.kind))
            if row is None:
                key = {
                    "province": sheet.province, "questionnaire": sheet.questionnaire,
                    "version": sheet.version, "language": language, "part": item.part, "kind": item.kind,
                }  # fmt: skip
                row = Prompt(**key)
                db.session.add(row)
            row.sha256, row.put_by, row.put_at = item.sha256, by, now
        db.session.flush()
    except IntegrityError as error:
        raise ChangedMeanwhile from error
    if changed:
        _note("field-prompts-put", sheet, language, len(changed), by, now)
        # The trail lets one transaction in at a time, so that two together do not become too heavy.
        _refuse_heavy(sheet)
    return len(changed)


def remove_prompts(
    sheet: Sheet, language: str, *, part: str = "", kind: str = "", by: str, now: datetime
) -> int:
    """All of a language, of one part, or one of its two kinds. Raises UnknownPrompt where there is nothing.

    Telephones forget it when they next ask for their work. The content itself goes with the nightly purge.
    """
    wanted = [sheet.condition, Prompt.language == language]
    wanted += [Prompt.part == part] if part else []
    wanted += [Prompt.kind == kind] if kind else []
    removed = db.session.execute(delete(Prompt).where(*wanted))
    count: int = removed.rowcount  # type: ignore[attr-defined]  # a deletion returns a cursor
    if not count:
        raise UnknownPrompt(f"{sheet} {language} {part} {kind}")
    _note("field-prompts-removed", sheet, language, count, by, now)
    return count


def get_sheet(province: str, code: str, version: str) -> tuple[Sheet, Questionnaire]:
    """Raises UnknownQuestionnaire."""
    return Sheet(province, code, version), get_questionnaire(code, version)


def take_turn() -> None:
    """Contents are named or deleted by one transaction at a time; SQLite lets only one write anyhow.

    Otherwise the purge finds a content that nobody names, somebody names it, and the whole night's purge is
    undone because it may not go.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def unused() -> ColumnElement[bool]:
    """Contents that no part of any questionnaire names any more."""
    return ~exists().where(Prompt.sha256 == PromptFile.sha256)


def _province_of(row: Round, on: date) -> str | None:
    """A round is led by a province, or by the committee of a commune in it."""
    if not is_commune(row.agency):
        return row.agency
    view = find_agency(row.agency, on) or find_agency(row.agency, row.first_day)
    return view.province if view else None


def _texts(sheet: Sheet) -> dict[str, str]:
    statement = (
        select(PromptFile.sha256, PromptFile.content)
        .join(Prompt, Prompt.sha256 == PromptFile.sha256)
        .where(sheet.condition, Prompt.kind == "text")
    )
    return {sha256: content.decode("utf-8", "replace") for sha256, content in db.session.execute(statement)}


def _differs(row: Prompt | None, item: ReadPrompt) -> bool:
    return row is None or row.sha256 != item.sha256


def _keep_content(item: ReadPrompt) -> None:
    """The same content is stored once, whoever brings it and for whichever part."""
    values = {
        "sha256": item.sha256, "media_type": item.media_type, "size": len(item.content),
        "seconds": item.seconds, "content": item.content,
    }  # fmt: skip
    db.session.execute(insert_or_nothing(PromptFile).values(values).on_conflict_do_nothing())


def _refuse_heavy(sheet: Sheet) -> None:
    weight = db.session.scalar(
        select(func.sum(PromptFile.size))
        .join(Prompt, Prompt.sha256 == PromptFile.sha256)
        .where(sheet.condition)
    )
    if (weight or 0) > MOST_ALL:
        raise TooHeavy(
            _(
                "Mọi lời và giọng đọc của phiếu này sẽ nặng %(size)s kB, nhiều nhất %(most)s kB để máy còn "
                "chỗ. Hãy lưu tiếng nhẹ hơn hoặc bỏ bớt.",
                size=number((weight or 0) // 1000),
                most=number(MOST_ALL // 1000),
            )
        )


def _note(action: str, sheet: Sheet, language: str, count: int, by: str, now: datetime) -> None:
    details: dict[str, str | int] = {"version": sheet.version, "language": language, "count": count}
    record(action, by=by, subject=sheet.questionnaire, scope=sheet.province, details=details, now=now)
