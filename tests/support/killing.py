"""A process that works and is killed by the kernel at a chosen moment, with nothing tidied up behind it.

The product never forks; here a fork is how a test has a second process on the same database in a moment. The
parent must hold no connection and run no thread of its own then.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select

from app.audit.models import AuditEvent
from app.extensions import db

# Of the folders of editions; which modules a process still has to read changes nothing there.
_FOLDERS = frozenset({"editions", "editions-documents", "editions-work"})
_TOUCHING = frozenset(
    {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree", "os.truncate"}
)
BEFORE_COMMIT, AFTER_COMMIT = -1, -2


def worked(app: Flask, work: Callable[[], None], *, kill_at: int = 0) -> int:
    """Runs the work in a process of its own; returns how often it touched files, or 0 where it was killed.

    `kill_at` counts those moments from 1, or names one: just before or after the database commits.
    """
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(app, work, kill_at, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return 0
    assert os.waitstatus_to_exitcode(status) == 0, told.decode()
    return int(told)


def _work(app: Flask, work: Callable[[], None], kill_at: int, told: int) -> None:
    """Never returns: whatever the parent would do at its end is not for this process."""
    touched = 0

    def count(name: str, values: tuple[object, ...]) -> None:
        nonlocal touched
        if name in _TOUCHING and not _FOLDERS.isdisjoint(Path(str(values[0])).parts):
            touched += 1
            if touched == kill_at:
                die()

    try:
        with app.app_context():
            if kill_at in (BEFORE_COMMIT, AFTER_COMMIT):
                _die_around_commit(kill_at)
            sys.addaudithook(count)
            work()
        os.write(told, str(touched).encode())
        os._exit(0)
    except BaseException:
        os.write(told, traceback.format_exc().encode())
        os._exit(1)


def _die_around_commit(kill_at: int) -> None:
    """The commit of the act itself, which is the one with an event for the trail."""
    known, is_act = _events(), False
    db.session.remove()

    def look(_session: object) -> None:
        nonlocal is_act
        is_act = _events() > known
        if is_act and kill_at == BEFORE_COMMIT:
            die()

    def end(_session: object) -> None:
        if is_act:
            die()

    event.listen(db.session, "before_commit", look)
    event.listen(db.session, "after_commit", end)


def _events() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def die(*_values: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
