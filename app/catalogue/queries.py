"""Published questionnaires, built once for each process: a version never changes, so it is kept for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeAlias

from flask import current_app
from sqlalchemy import select

from app.catalogue.models import PublishedQuestionnaire
from app.errors import NotFound
from app.extensions import db
from surveys.definition import load
from surveys.questionnaire import Questionnaire

_Cache: TypeAlias = "dict[tuple[str, str], Questionnaire]"


class UnknownQuestionnaire(NotFound):
    """No version with this code and number was published."""


@dataclass(frozen=True, slots=True)
class QuestionnaireName:
    """A published version, without its content."""

    code: str
    version: str
    fingerprint: str


def get_questionnaire(code: str, version: str) -> Questionnaire:
    """The published version. Raises UnknownQuestionnaire."""
    # Kept with the application and not with the module: two applications may have two databases.
    cache: _Cache = current_app.extensions.setdefault("questionnaires", {})
    known = cache.get((code, version))
    if known is None:
        row = db.session.get(PublishedQuestionnaire, (code, version))
        if row is None:
            raise UnknownQuestionnaire(f"{code} {version}")
        known = cache[(code, version)] = load(json.loads(row.definition))
    return known


def current_questionnaire(code: str) -> Questionnaire:
    """The highest published version of a code. Raises UnknownQuestionnaire."""
    statement = select(PublishedQuestionnaire.version).where(PublishedQuestionnaire.code == code)
    versions = db.session.scalars(statement).all()
    if not versions:
        raise UnknownQuestionnaire(code)
    return get_questionnaire(code, max(versions, key=_version_order))


def list_questionnaires() -> list[QuestionnaireName]:
    """Every published version, by code and then from the oldest version to the newest."""
    rows = db.session.execute(
        select(
            PublishedQuestionnaire.code, PublishedQuestionnaire.version, PublishedQuestionnaire.fingerprint
        )
    )
    names = [QuestionnaireName(code, version, fingerprint) for code, version, fingerprint in rows]
    return sorted(names, key=lambda name: (name.code, _version_order(name.version)))


def _version_order(version: str) -> tuple[int, ...]:
    """1.10 comes after 1.9; the checker lets numbers and points through, nothing else."""
    return tuple(int(part) for part in version.split("."))
