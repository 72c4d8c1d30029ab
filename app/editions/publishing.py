"""Publishing: one person of the ministry proposes, another decides. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from app.accounts.identity import NATION_SCOPE
from app.accounts.roles import Permission
from app.approvals.actions import propose
from app.approvals.kinds import Approved, Description, Kind, register
from app.audit.actions import record
from app.editions.document_acts import ask_after_publication
from app.editions.fileset import check_files, folder_of
from app.editions.listing import find_newest, get_edition
from app.editions.models import Edition, Objection
from app.editions.rules import AlreadyPublished, Damaged, NotPublishedYet, OpenObjections
from app.extensions import db
from app.i18n import current_language
from surveys.editions import EditionCode

_HASH_SHOWN: Final = 16


def propose_publication(code: str, *, reason: str, by: str, now: datetime) -> UUID:
    """Raises UnknownEdition, what `publish` would raise, and what `propose` raises."""
    edition = get_edition(code)
    _check(edition)
    payload = {"edition": code, "sha256": edition.sha256}
    return propose(
        Kind.PUBLISH_EDITION, subject=code, scope=NATION_SCOPE, payload=payload, reason=reason, by=by, now=now
    )


def publish(
    code: str, *, by: str, now: datetime, approval: UUID | None = None, with_documents: bool = True
) -> None:
    """Makes an edition public for ever. Raises UnknownEdition, AlreadyPublished, NotPublishedYet where a
    revision overtakes what it revises, OpenObjections, Damaged.

    Once it is stored its documents are asked for, `with_documents`.
    """
    edition = get_edition(code)
    _check(edition)
    # One statement both asks and decides, so that of several at once exactly one wins.
    published = db.session.execute(
        update(Edition)
        .where(Edition.code == code, Edition.published_at.is_(None))
        .values(published_at=now, published_by=by, approval=approval)
    )
    if published.rowcount != 1:  # type: ignore[attr-defined]  # a Result of an UPDATE has it
        raise AlreadyPublished
    details = {"sha256": edition.sha256}
    record("edition-published", by=by, subject=code, scope=NATION_SCOPE, details=details, now=now)
    if with_documents:
        ask_after_publication(edition, now=now)


def _check(edition: Edition) -> None:
    if edition.published_at is not None:
        raise AlreadyPublished
    if edition.revision:
        before = find_newest(edition.period)
        if before is None or before.revision != edition.revision - 1:
            raise NotPublishedYet
    if count_unanswered(edition.code):
        raise OpenObjections
    if check_files(folder_of(edition.code), edition.sha256):
        raise Damaged


def count_unanswered(code: str) -> int:
    statement = select(func.count()).where(Objection.edition == code, Objection.answer.is_(None))
    return db.session.scalar(statement) or 0


def _publish_approved(act: Approved) -> None:
    """The handler. What was proposed is the edition with exactly this hash."""
    if get_edition(act.subject).sha256 != act.payload["sha256"]:
        raise Damaged
    publish(act.subject, by=act.decided_by, now=act.now, approval=act.id)


def _describe(subject: str, payload: Mapping[str, Any]) -> Description:
    label = EditionCode.parse(subject).label_in("en" if current_language() == "en" else "vi")
    return Description(
        subject=_("Công bố số liệu %(edition)s", edition=label),
        effects=(
            _("Trang kết quả, dữ liệu mở và báo cáo của kỳ này trở thành công khai."),
            _("Mã băm của bộ số liệu: %(hash)s…", hash=payload["sha256"][:_HASH_SHOWN]),
        ),
        undo=_("Không rút lại được: muốn sửa thì lập bản đính chính, bản cũ vẫn đọc được."),
    )


register(Kind.PUBLISH_EDITION, _publish_approved, describe=_describe, needs=Permission.EDITIONS_PUBLISH)
