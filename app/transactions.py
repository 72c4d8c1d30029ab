"""Returning commits, raising rolls back: the only `commit()` outside the writer of responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import structlog
from sqlalchemy import Update

from app.extensions import db

P = ParamSpec("P")
R = TypeVar("R")
_LATER: Final = "after commit"

log = structlog.get_logger()


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside is stored together, or not at all; then what waits for it is done."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        db.session.info.pop(_LATER, None)
        raise
    for act in db.session.info.pop(_LATER, ()):
        try:
            act()
        except Exception:
            # It is stored; whoever waits for an answer must not read that it was not.
            log.exception("not-done-after-commit")


def after_commit(act: Callable[[], None]) -> None:
    """Has something done once what this transaction holds is stored; never where it is not.

    The process may end in between: whatever must happen is found again by somebody who looks for it.
    """
    db.session.info.setdefault(_LATER, []).append(act)


def take_turn(unchanging: Update) -> None:
    """Holds rows until the end of the transaction, so that of two acts at once the second sees the first.

    `unchanging` writes what is there already: SQLite keeps nobody waiting who only reads.
    """
    db.session.execute(unchanging.execution_options(synchronize_session=False))


def commits(view: Callable[P, R]) -> Callable[P, R]:
    """A view or command whose return is the moment at which its writes become durable."""

    @wraps(view)
    def committed(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction():
            return view(*args, **kwargs)

    return committed
