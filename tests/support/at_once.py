"""Several acts that begin in the same moment, and one that comes between a look and its act."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """What each has answered, after all of them began in the same moment."""
    start = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait()
            return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def interrupted(app: Flask, meanwhile: Callable[[], Any], then: Callable[..., Any]) -> Callable[..., Any]:
    """`then`, before which something else happens elsewhere and is over; the first time only."""
    waiting = [meanwhile]

    def elsewhere() -> None:
        with app.app_context():
            waiting.pop()()

    def call(*args: Any, **kwargs: Any) -> Any:
        if waiting:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(elsewhere).result()
        return then(*args, **kwargs)

    return call
