"""Returning commits, raising rolls back: the only `commit()` outside the writer of responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import Update

from app.extensions import db

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside is stored together, or not at all."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


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
