"""Publishing: a checked questionnaire becomes a version that never changes. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.audit.actions import record
from app.catalogue.models import PublishedQuestionnaire
from app.catalogue.reading import BadQuestionnaire, read_questionnaire
from app.extensions import db
from surveys.canonical import canonical_json
from surveys.questionnaire import Questionnaire, refuse_changed

# The questionnaires that come with the product.
SHIPPED = Path(__file__).resolve().parents[2] / "surveys" / "catalogue"


@dataclass(frozen=True, slots=True)
class Published:
    """The questionnaire, and whether this call stored it or found it stored."""

    questionnaire: Questionnaire
    new: bool


def publish(content: Questionnaire | str, source: str = "", *, by: str, now: datetime) -> Published:
    """Stores a version; publishing the same content again changes nothing.

    `content` is a checked questionnaire or the text of its YAML file, which `source` names in messages.
    Raises BadQuestionnaire with every mistake, or VersionChanged for other content under a known version.
    """
    questionnaire = _checked(content, source) if isinstance(content, str) else content
    known = db.session.get(PublishedQuestionnaire, (questionnaire.code, questionnaire.version))
    refuse_changed(known.fingerprint if known else None, questionnaire)
    if known is None:
        db.session.add(
            PublishedQuestionnaire(
                code=questionnaire.code,
                version=questionnaire.version,
                fingerprint=questionnaire.fingerprint,
                definition=canonical_json(questionnaire.definition),
            )
        )
        record(
            "questionnaire-published",
            by=by,
            subject=questionnaire.name,
            scope="nation",
            details={"fingerprint": questionnaire.fingerprint},
            now=now,
        )
    return Published(questionnaire, new=known is None)


def publish_shipped(*, by: str, now: datetime) -> list[Published]:
    """Publishes every questionnaire of `surveys/catalogue/`."""
    files = sorted(SHIPPED.glob("*.yaml"))
    return [publish(path.read_text("utf-8"), path.name, by=by, now=now) for path in files]


def _checked(text: str, source: str) -> Questionnaire:
    checked = read_questionnaire(text)
    if checked.questionnaire is None:
        raise BadQuestionnaire(source, checked.mistakes)
    return checked.questionnaire
