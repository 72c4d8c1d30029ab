"""No address of ours leads a browser to another place, whatever is written behind it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.accounts.access import ACCESS, Door
from app.extensions import db
from tests.conftest import test_config
from tests.integration.test_headers import routes
from tests.support import citizens
from tests.support.accounts import NOW, SIGN_IN, enrolled, sign_in, signed_in
from tests.support.bypasses import BYPASSES

OURS = "http://localhost"
# Every name under which an address could ask for a way on: ours, those that other software has, and those
# that the library which makes addresses takes for its own.
NAMES = (
    "tiep", "lang", "code", "q", "agency", "province", "plan", "state", "after", "before", "done", "from",
    "next", "url", "return", "redirect", "back", "continue", "target",
    "_scheme", "_external", "_anchor", "_method", "endpoint",
)  # fmt: skip
LINK = re.compile(r'\b(?:href|src|action|formaction)="([^"]*)"')
# The authenticator of the person who is shown its seed.
MAY_LEAVE = re.compile(r"otpauth://totp/H%C3%A0i%20L%C3%B2ng%3Alan%40bo\.vn\?secret=[A-Z2-7]{32}&issuer=")


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("redirects")
    shutil.copy(sqlite_template, folder / "test.db")
    app = create_app(test_config(folder))
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def leads_away(answer: TestResponse, address: str) -> list[str]:
    """Where an answer would take somebody who is not with us any more then, as a browser reads it."""
    found = answer.headers.getlist("Location")
    if answer.mimetype == "text/html":
        found += [unescape(link) for link in LINK.findall(answer.text)]
    away = []
    for link in found:
        # A browser leaves out tabs and line ends, and takes a backslash for a slash.
        read = re.sub(r"[\t\r\n]", "", link.strip()).replace("\\", "/")
        there = urlsplit(urljoin(OURS + address, read))
        if (there.scheme, there.netloc) != ("http", "localhost") and not MAY_LEAVE.match(read):
            away.append(link)
    return away


def test_no_argument_leads_away_from_any_page(served: Flask) -> None:
    """Each name of a way on alone on every page that there is, with every form in turn."""
    nobody, staff = served.test_client(), signed_in(served, enrolled(served).id)
    wrong, number = [], 0
    pages = [(endpoint, path) for endpoint, method, path in routes(served) if method == "GET"]
    for turn, (endpoint, path) in enumerate(pages):
        client = nobody if ACCESS[endpoint] in (Door.PUBLIC, Door.SIGNED_OUT) else staff
        for place, name in enumerate(NAMES):
            form = BYPASSES[(turn * len(NAMES) + place) % len(BYPASSES)]
            answer = client.get(f"{path}?{name}={quote(form, safe='')}")
            number += 1
            wrong += [(path, name, form, link) for link in leads_away(answer, path)]
            if answer.status_code >= 500:
                wrong.append((path, name, form, str(answer.status_code)))
    assert wrong == []
    assert number > 1_000


@pytest.mark.parametrize("form", BYPASSES)
def test_signing_in_leads_to_a_page_of_the_console(served: Flask, form: str) -> None:
    client: FlaskClient = signed_in(served, enrolled(served, f"{abs(hash(form))}@bo.vn").id)
    for path in (SIGN_IN, f"{SIGN_IN}/ma"):
        answer = client.get(f"{path}?tiep={quote(form, safe='')}")
        assert answer.status_code == 303
        assert answer.headers["Location"] in ("/quan-tri", SIGN_IN)
    page = served.test_client().get(f"{SIGN_IN}?tiep={quote(form, safe='')}")
    assert leads_away(page, SIGN_IN) == []


def test_a_whole_sign_in_with_a_hostile_way_back_ends_at_home(served: Flask) -> None:
    enrolled(served, "het@bo.vn")
    assert sign_in(served.test_client(), "het@bo.vn").headers["Location"] == "/quan-tri"


@pytest.mark.parametrize("form", BYPASSES)
def test_no_path_leads_away(served: Flask, form: str) -> None:
    """Slashes that are merged or added lead to addresses of ours."""
    client = served.test_client()
    for path in (f"/{form}", f"//{form}", f"/phieu/{form}", f"/quan-tri//{form}", f"/lien-he/{form}/"):
        answer = client.get(quote(path, safe="/%\\:@?&=#;"), base_url=OURS)
        assert leads_away(answer, "/") == [], path
        assert answer.status_code < 500
