"""Files of answers sent through the console, and the workers that import them."""

from __future__ import annotations

import io
import re
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.extensions import db
from app.results.imports.actions import QUEUE
from app.results.imports.models import Import
from app.results.imports.running import run
from tests.support.accounts import token_on
from tests.support.importing import COLUMNS, row

HOME = "/quan-tri/nhap-du-lieu"
FORM_PAGE = "/quan-tri/bao-mat/ma-khoi-phuc"


def sheet(**given: str) -> dict[str, str]:
    """A row about the agency of citizens.prepare."""
    return row(**{"agency": "14-SKHCN", "procedure": "", **given})


def table(rows: list[dict[str, str]]) -> bytes:
    lines = [",".join(COLUMNS), *(",".join(item[name] for name in COLUMNS) for item in rows)]
    return ("\n".join(lines) + "\n").encode()


def upload(client: FlaskClient, content: bytes, name: str = "phiếu.csv", **fields: Any) -> TestResponse:
    token = token_on(client.get(FORM_PAGE).text)
    files = {"file": (io.BytesIO(content), name), **fields}
    data = {
        field: FileStorage(*value) if isinstance(value, tuple) else value for field, value in files.items()
    }
    edge, body = encode_multipart({"csrf_token": token, **data})
    return client.post(HOME, data=body, content_type=f"multipart/form-data; boundary={edge}")


def key_of(response: TestResponse) -> UUID:
    found = re.search(rf"{HOME}/([0-9a-f-]{{36}})$", response.headers["Location"])
    assert found, response.headers
    return UUID(found[1])


def act(client: FlaskClient, path: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_on(client.get(FORM_PAGE).text)})


def at_once(app: Flask) -> list[UUID]:
    """Imports run as soon as they are asked for, in a thread, which like a worker is in no request."""
    asked: list[UUID] = []

    def work(key: UUID) -> None:
        with app.app_context():
            run(key)

    def queue(key: UUID) -> None:
        asked.append(key)
        worker = Thread(target=work, args=(key,))
        worker.start()
        worker.join()

    app.extensions[QUEUE] = queue
    return asked


def never(app: Flask) -> list[UUID]:
    """Imports are asked for and nobody comes."""
    asked: list[UUID] = []
    app.extensions[QUEUE] = asked.append
    return asked


def kept(app: Flask) -> list[Path]:
    folder = Path(app.extensions["hailong"].data_dir) / "uploads"
    return sorted(folder.iterdir()) if folder.exists() else []


def state(app: Flask, key: UUID) -> Import:
    with app.app_context():
        found = db.session.scalars(select(Import).where(Import.id == key)).one()
        db.session.expunge(found)
        return found
