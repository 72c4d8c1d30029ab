"""Setting a letterhead. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from app.audit.actions import record
from app.errors import Conflict
from app.extensions import db
from app.letterheads.models import LetterheadRow
from app.letterheads.queries import Letterhead


class ChangedMeanwhile(Conflict):
    """Somebody has set this letterhead since the page was opened."""

    def words(self) -> tuple[str, str]:
        return (
            _("Đầu văn bản này vừa thay đổi"),
            _("Một người khác vừa lưu. Hãy mở lại để xem rồi sửa."),
        )


def change_letterhead(agency: str, wanted: Letterhead, *, seen: int, by: str, now: datetime) -> None:
    """`seen` is the version that was on the page, 0 for none. Raises ChangedMeanwhile.

    The trail says which parts were set; their words, the name of the signer among them, stay here.
    """
    values = {
        "symbol": wanted.symbol,
        "signer": "\n".join(wanted.signer),
        "signer_name": wanted.signer_name,
        "recipients": "\n".join(wanted.recipients),
        "archive": wanted.archive,
        "changed_by": by,
        "changed_at": now,
    }
    if seen:
        _replace(agency, seen, values)
    else:
        _add(agency, values)
    filled = [name for name in ("symbol", "signer", "signer_name", "recipients", "archive") if values[name]]
    details: dict[str, str | int | bool | None] = {"version": seen + 1, "set": ", ".join(filled)}
    record("letterhead-changed", by=by, subject=agency, scope=agency, details=details, now=now)


def _add(agency: str, values: dict[str, object]) -> None:
    try:
        with db.session.begin_nested():
            db.session.execute(insert(LetterheadRow).values(agency=agency, number=1, **values))
    except IntegrityError as error:
        raise ChangedMeanwhile from error


def _replace(agency: str, seen: int, values: dict[str, object]) -> None:
    """One statement both asks for the version that was seen and makes the next, so that one of two wins."""
    statement = update(LetterheadRow).where(LetterheadRow.agency == agency, LetterheadRow.number == seen)
    changed = db.session.execute(statement.values(number=seen + 1, **values))
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an update returns a cursor
        raise ChangedMeanwhile
