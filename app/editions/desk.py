"""Closing and revising as work that staff ask for and a worker does. It may be killed at any moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from flask import current_app

from app import clock
from app.accounts.identity import NATION_SCOPE, Actor
from app.accounts.queries import get_person
from app.accounts.roles import Permission
from app.accounts.sessions import grants_of
from app.editions import rules
from app.editions.closing import STEPS, check_closable, close
from app.editions.leaks import LeakFound
from app.editions.work import CLOSE, Progress, Taken, ask, doing
from surveys.editions import EditionCode

QUEUE: Final = "edition_queue"
_NOT_ALLOWED: Final = "Người yêu cầu không còn quyền chốt số liệu."
_BROKEN: Final = "Có lỗi khi chốt; chưa có gì được lưu. Người vận hành xem nhật ký của máy chủ."

log = structlog.get_logger()


def ask_to_close(code: EditionCode, *, reason: str, by: str, now: datetime) -> None:
    """Hands it to the workers. Raises what `check_closable` raises, and UnderWay."""
    check_closable(code, reason, now)
    try:
        ask(CLOSE, code.code, by=by, now=now, reason=reason)
    except Taken as error:
        raise rules.UnderWay from error
    hand_on(QUEUE, _through_huey, code.code)


def hand_on(queue: str, usual: Callable[[str], None], code: str) -> None:
    """Has work that was asked for begun at once; without a queue it begins when a worker looks next."""
    give: Callable[[str], None] = current_app.extensions.get(queue, usual)
    try:
        give(code)
    except Exception:
        # Of a file, of a network: which queue it is, and how it fails, is not known here.
        log.exception("queue-not-reached", edition=code)


def _through_huey(code: str) -> None:
    from app.editions.jobs import close_edition

    close_edition(code)


def run_closing(code: str) -> None:
    """Raises Taken while another process is at it; nothing is done where nobody asked or it has ended."""
    try:
        with doing(CLOSE, code) as progress:
            _close(EditionCode.parse(code), progress)
    except LookupError:
        log.info("nothing-to-close", edition=code)


def _close(code: EditionCode, progress: Progress) -> None:
    work = progress.work
    if not is_allowed(work.by, Permission.EDITIONS_CLOSE):
        progress.end(_NOT_ALLOWED)
        return
    try:
        close(
            code, by=work.by, now=clock.now(), reason=work.reason,
            step=lambda number: progress.tell(number, STEPS),
        )  # fmt: skip
    except rules.Refused as error:
        progress.end(error.in_vietnamese())
    except LeakFound as error:
        progress.end((LeakFound.__doc__ or "").split("\n")[0])
        log.warning("leak-found", edition=code.code, leaks=len(error.leaks))
    except Exception:
        progress.end(_BROKEN)
        raise
    else:
        progress.end()


def is_allowed(by: str, permission: Permission) -> bool:
    """Whoever asked may have lost the right since."""
    person = get_person(UUID(by))
    actor = Actor(id=str(person.id), name=person.name, grants=grants_of(person.id))
    return person.disabled_at is None and NATION_SCOPE in actor.scopes(permission)
