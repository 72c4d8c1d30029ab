"""Files of answers for `flask import responses`: a small directory, a good row, and what the command did."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app.catalogue.actions import publish_shipped
from app.directory.actions import add_agency
from app.directory.models import Procedure, Unit
from app.extensions import db
from app.responding.models import Response
from app.transactions import transaction
from tests.support.acts import ACT

START = date(2020, 1, 1)
NOW = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)
COLUMNS = (
    "response_id", "questionnaire", "version", "agency", "procedure", "phase", "channel", "answered_at",
    "language", "satisfaction", "submit_time", "access", "reasons", "comment",
)  # fmt: skip


def prepare() -> None:
    """Two agencies of one province, a procedure and the core questionnaire."""
    with transaction():
        publish_shipped(**ACT)
        db.session.add(Unit(code="99", valid_from=START, name="Tỉnh Thử", level="province"))
        db.session.add(Procedure(code="1.000001", name="Thử"))
        db.session.flush()
        for code in ("99-A", "99-B"):
            add_agency(code=code, name=f"Sở {code}", kind="department", province="99", on=START)


def row(**given: str) -> dict[str, str]:
    base = {
        "response_id": str(uuid.uuid4()), "questionnaire": "COT_LOI", "version": "1.0", "agency": "99-A",
        "procedure": "1.000001", "phase": "after-result", "channel": "giấy", "answered_at": "2026-08-31",
        "language": "vi", "satisfaction": "4", "submit_time": "under_5", "access": "5", "reasons": "",
        "comment": "",
    }  # fmt: skip
    return {**base, **given}


class Importer:
    """Writes a file, runs `flask import responses` on it and reads what was left out."""

    def __init__(self, runner: FlaskCliRunner, folder: Path) -> None:
        self.runner, self.folder = runner, folder
        self.rejects = folder / "loi.csv"

    def csv(self, rows: Sequence[dict[str, str]], *options: str) -> Result:
        path = self.folder / "phiếu.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return self.run(path, *options)

    def text(self, content: str | bytes, *options: str, name: str = "phiếu.csv") -> Result:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.run(path, *options)

    def mapping(self, text: str) -> tuple[str, str]:
        path = self.folder / "ánh-xạ.yaml"
        path.write_text(text, encoding="utf-8")
        return "--mapping", str(path)

    def run(self, path: Path, *options: str) -> Result:
        return self.runner.invoke(
            args=["import", "responses", str(path), "--rejects", str(self.rejects), *options]
        )

    def reasons(self) -> list[tuple[str, str]]:
        """Line and reason of each row that was left out."""
        if not self.rejects.exists():
            return []
        with self.rejects.open(encoding="utf-8-sig", newline="") as stream:
            return [(line["dòng"], line["lý do"]) for line in csv.DictReader(stream)]


def stored() -> list[Response]:
    db.session.rollback()
    return list(db.session.scalars(select(Response).order_by(Response.id)))


def whole_file(rows: list[dict[str, str]]) -> str:
    return "\n".join([",".join(COLUMNS), *(",".join(item[name] for name in COLUMNS) for item in rows)]) + "\n"
