"""The way to a provider and back, as a browser goes it, and what it leaves behind."""

from __future__ import annotations

import re
from html import unescape

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import ProviderIdentity
from app.audit.models import AuditEvent
from app.extensions import db
from tests.support.accounts import COOKIE
from tests.support.provider import Provider

BEGIN = "/quan-tri/dang-nhap/oidc"
BACK = f"{BEGIN}/ve"
OWN_PAGE = "/quan-tri/phien"
PASSAGE = f"{COOKIE}-oidc"


def go(client: FlaskClient, way: str = "") -> str:
    """To the provider; the address there."""
    response = client.get(BEGIN, query_string={"tiep": way} if way else None)
    assert response.status_code == 303, response.text
    return response.headers["Location"]


def come_back(client: FlaskClient, provider: Provider, way: str = "", **changes: str) -> TestResponse:
    answer = {**provider.authorize(go(client, way)), **changes}
    return client.get(BACK, query_string=answer)


def next_page(page: TestResponse) -> str:
    assert page.status_code == 200, page.text
    html5lib.HTMLParser(strict=True).parse(page.text)
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', page.text)
    assert found
    return unescape(found[1])


def actions(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.position)))


def bound(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(ProviderIdentity.subject)))
