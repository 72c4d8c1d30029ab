"""What the tests of answering share: a small directory, links, and a form filled in as a browser would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.catalogue.actions import publish_shipped
from app.directory.models import Agency, AgencyName, AgencyProcedure, Procedure, Unit
from app.dossiers.actions import issue_links
from app.extensions import db
from surveys.collation import fold
from tests.support.acts import ACT

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
AGENCY = "14-SKHCN"
OTHER_AGENCY = "31-SNV"
PROCEDURE = "1.004616"
FORM = "application/x-www-form-urlencoded"


def prepare(app: Flask) -> None:
    """Two provinces, two agencies, one procedure and the shipped questionnaires."""
    start = date(2025, 7, 1)
    rows = (
        ("14", "Tỉnh Sơn La", AGENCY, "Sở Khoa học và Công nghệ"),
        ("31", "Thành phố Hải Phòng", OTHER_AGENCY, "Sở Nội vụ"),
    )
    with app.app_context():
        for province, province_name, agency, name in rows:
            db.session.add(Unit(code=province, valid_from=start, name=province_name, level="province"))
            db.session.add(Agency(code=agency, province=province, kind="department", valid_from=start))
            db.session.flush()
            db.session.add(AgencyName(agency=agency, valid_from=start, name=name, folded=fold(name)))
        db.session.add(Procedure(code=PROCEDURE, name="Cấp giấy phép <thử> & “nghiệm”"))
        db.session.flush()
        db.session.add(AgencyProcedure(agency=AGENCY, procedure=PROCEDURE))
        publish_shipped(**ACT)
        db.session.commit()


def links(
    app: Flask,
    count: int = 1,
    *,
    phase: str = "after-result",
    now: datetime = NOW,
    days: int = 30,
    questionnaire: str = "COT_LOI",
) -> list[str]:
    """Tokens of one batch for AGENCY."""
    with app.app_context():
        batch = issue_links(
            AGENCY,
            PROCEDURE,
            questionnaire=questionnaire,
            version="1.0",
            phase=phase,
            count=count,
            by="person-1",
            now=now,
            expires_on=(now + timedelta(days=days)).date(),
        )
        db.session.commit()
        return list(batch.tokens)


def hidden_fields(page: str) -> dict[str, str]:
    """The id and the signed time of a survey page."""
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(id|t)" value="([^"]*)"', page)
    }


def post(
    client: FlaskClient,
    path: str,
    fields: Mapping[str, str | Iterable[str]] | Iterable[tuple[str, str]],
    headers: Mapping[str, str] | None = None,
) -> TestResponse:
    """Sends a form exactly as given, repeated names included."""
    body = urlencode(list(fields.items()) if isinstance(fields, Mapping) else list(fields), doseq=True)
    return client.post(path, data=body.encode(), content_type=FORM, headers=headers)


def sheet(satisfaction: str = "5", **fields: str | list[str]) -> dict[str, str | list[str]]:
    """A complete answer under an id of its own, without a signed time."""
    return {"id": str(uuid4()), "satisfaction": satisfaction, **fields}
