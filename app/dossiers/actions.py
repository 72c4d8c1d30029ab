"""Issuing and withdrawing one-time links. Nothing here commits."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from sqlalchemy import insert

from app.audit.actions import record
from app.catalogue.queries import get_questionnaire
from app.directory.queries import get_agency, get_procedure
from app.dossiers.models import Link, LinkBatch
from app.dossiers.queries import CHANNELS, VERIFIED, UnknownBatch
from app.extensions import db
from app.keys import token_hash
from surveys.periods import local_day, quarter_of
from surveys.printing import number
from surveys.scoring import Phase

TOKEN_BYTES: Final = 16
DEFAULT_DAYS: Final = 30
MOST_LINKS: Final = 200_000
_CHUNK: Final = 10_000


class CannotIssue(ValueError):
    """Links that would be of no use or would not count as what they are; the message tells people why."""


@dataclass(frozen=True, slots=True)
class IssuedBatch:
    """A new batch. The tokens are here and nowhere else: whoever drops them cannot get them back."""

    id: str
    expires_on: date
    tokens: tuple[str, ...] = field(repr=False)


def issue_links(
    agency: str,
    procedure: str | None,
    *,
    questionnaire: str,
    version: str,
    phase: str,
    count: int,
    by: str,
    now: datetime,
    expires_on: date | None = None,
    channel: str = VERIFIED,
) -> IssuedBatch:
    """Issues `count` links, usable up to and including `expires_on` (default: 30 days from today).

    They belong to the quarter of `now`. `channel` is `link-open` where staff of the judged agency could
    have downloaded them. Raises UnknownAgency, UnknownProcedure, UnknownQuestionnaire or CannotIssue.
    """
    today = local_day(now)
    expires_on = expires_on or today + timedelta(days=DEFAULT_DAYS)
    _refuse_useless(phase, count, channel, expires_on, today)
    get_agency(agency, today)
    if procedure is not None:
        get_procedure(procedure)
    get_questionnaire(questionnaire, version)
    batch = LinkBatch(
        id=secrets.token_hex(16),
        agency=agency,
        procedure=procedure,
        questionnaire=questionnaire,
        version=version,
        phase=phase,
        channel=channel,
        quarter=quarter_of(now).code,
        issued=count,
        expires_on=expires_on,
        revoked=False,
    )
    db.session.add(batch)
    db.session.flush()
    tokens = tuple(secrets.token_urlsafe(TOKEN_BYTES) for _ in range(count))
    _store(batch.id, iter(tokens))
    details = {
        "questionnaire": questionnaire,
        "version": version,
        "procedure": procedure,
        "phase": phase,
        "channel": channel,
        "count": count,
        "expires_on": expires_on.isoformat(),
    }
    record("links-issued", by=by, subject=batch.id, scope=agency, details=details, now=now)
    return IssuedBatch(batch.id, expires_on, tokens)


def revoke_batch(batch: str, *, by: str, now: datetime) -> None:
    """Its links that were not spent yet lead nowhere from now on; once is enough. Raises UnknownBatch."""
    row = db.session.get(LinkBatch, batch)
    if row is None:
        raise UnknownBatch(batch)
    if not row.revoked:
        row.revoked = True
        record("links-revoked", by=by, subject=batch, scope=row.agency, now=now)


def _refuse_useless(phase: str, count: int, channel: str, expires_on: date, today: date) -> None:
    if phase not in {known.value for known in Phase}:
        raise CannotIssue(f"Không có giai đoạn “{phase}”.")
    if channel not in CHANNELS:
        raise CannotIssue(f"Đường dẫn một lần không thể thuộc kênh “{channel}”.")
    if not 1 <= count <= MOST_LINKS:
        raise CannotIssue(
            f"Mỗi đợt phát hành từ 1 đến {number(MOST_LINKS)} đường dẫn, không phải {number(count)}."
        )
    if expires_on < today:
        raise CannotIssue(f"Ngày hết hạn {expires_on:%d/%m/%Y} đã qua.")


def _store(batch: str, tokens: Iterator[str]) -> None:
    while chunk := list(islice(tokens, _CHUNK)):
        rows = [{"token_hash": token_hash(token), "batch": batch, "spent": False} for token in chunk]
        db.session.execute(insert(Link), rows)
