"""Worlds that many tests begin with: built by the first of them and copied for the others.

A published quarter takes a second to build and a few milliseconds to copy. Every test still has a database
and a folder of its own, and changes nothing for the next.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psycopg
from flask import Flask

from app.extensions import db
from tests.support import postgres

Build = Callable[[], object]
# What is kept, by database and name of the world.
_KEPT: Final[dict[tuple[str, str], str]] = {}


class KeptWorlds:
    """Worlds of one test: its application, its folder, and where its database stands.

    `server` is the address of the PostgreSQL cluster that is open to a superuser; empty on SQLite, whose
    database lies in the folder.
    """

    def __init__(self, app: Flask, folder: Path, shelf: Path, server: str) -> None:
        self._app, self._folder, self._shelf, self._server = app, folder, shelf, server

    def __call__(self, name: str, build: Build) -> None:
        """Leaves what `build` leaves in the database and the folder; it runs in a context and commits itself.

        `name` stands for one `build`. What it sets in memory, such as a clock, must be set again by whoever
        calls.
        """
        key = ("postgresql" if self._server else "sqlite", name)
        kept = _KEPT.get(key)
        if kept is None:
            with self._app.app_context():
                build()
            self._let_go()
            _KEPT[key] = self._keep(f"kept_{len(_KEPT)}_{os.getpid()}")
        else:
            self._let_go()
            self._copy(kept)

    def _let_go(self) -> None:
        """Nothing may hold the database while it is copied."""
        assert "response_store" not in self._app.extensions, "its connection would outlive the copy"
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _keep(self, name: str) -> str:
        shutil.copytree(self._folder, self._shelf / name)
        if self._server:
            postgres.owned_database(self._server, name, template=self._own_database())
        return name

    def _copy(self, name: str) -> None:
        shutil.copytree(self._shelf / name, self._folder, dirs_exist_ok=True)
        if self._server:
            own = self._own_database()
            with psycopg.connect(self._server + "postgres", autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{own}" WITH (FORCE)')
            postgres.owned_database(self._server, own, template=name)

    def _own_database(self) -> str:
        with self._app.app_context():
            name = db.engine.url.database
        assert name
        return name
