"""Where jobs wait: whoever asks for one needs nothing of those who do them.

The queue is a file of its own without any answer in it, or Redis where several hosts share the work.
"""

from __future__ import annotations

import os
from functools import cache

from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey

from app.config import Config


def _queue(config: Config) -> Huey:
    if config.redis_url:
        return RedisHuey("hailong", url=config.redis_url)
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteHuey("hailong", filename=str(config.data_dir / "jobs.db"), journal_mode="delete", fsync=True)


huey = _queue(Config.from_environ(os.environ))


@cache
def application() -> Flask:
    """The application that the jobs of this process work in."""
    from app import create_app

    return create_app()
