"""The app for phones as the server hands it out: one page, an exact list of files, little weight."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.fieldwork import views
from app.ui.assets import FOLDER, known_assets
from tests.conftest import test_config

MOST_INSTALLED = 120_000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """None of this asks a database."""
    app = create_app(test_config(tmp_path_factory.mktemp("app")))
    with app.test_request_context():
        yield app


@pytest.fixture
def visitor(house: Flask) -> FlaskClient:
    return house.test_client()


def listed(visitor: FlaskClient) -> dict[str, str]:
    """What the worker will keep: address → SHA-256."""
    worker = visitor.get("/thuc-dia/sw.js").text
    described = json.loads(worker.partition("self.APP = ")[2].partition(";\n")[0])
    assert all(len(pair) == 2 for pair in described["files"])
    return dict(described["files"])


def test_every_file_stands_at_its_address_with_its_hash_and_nothing_is_left_out(visitor: FlaskClient) -> None:
    files = listed(visitor)
    for address, sha256 in files.items():
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert hashlib.sha256(answer.data).hexdigest() == sha256, address
    names = {address.split("/", 3)[3] for address in files if address.startswith("/static/")}
    own = {name for name in known_assets() if name.startswith("field/")}
    assert names == own - {"field/sw.js"}
    assert "/thuc-dia/" in files


def test_what_is_installed_weighs_little(visitor: FlaskClient) -> None:
    weights = {address: len(visitor.get(address).data) for address in listed(visitor)}
    assert sum(weights.values()) + len(visitor.get("/thuc-dia/sw.js").data) <= MOST_INSTALLED, weights


def test_the_page_asks_for_nothing_that_is_not_kept(visitor: FlaskClient) -> None:
    page, files = visitor.get("/thuc-dia/").text, listed(visitor)
    asked = set(re.findall(r'(?:href|src)="(/[^"]+)"', page)) - {"/thuc-dia/manifest.webmanifest"}
    assert asked <= set(files)
    # Each module names the others relatively, so all of them are found in the same release.
    for name in known_assets():
        if name.startswith("field/") and name.endswith(".js") and name != "field/sw.js":
            text = (FOLDER / name).read_text(encoding="utf-8")
            for wanted in re.findall(r'^(?:import|\}) .*?from "([^"]+)";$', text, re.MULTILINE):
                target = (FOLDER / name).parent / wanted
                assert Path(wanted).parts[0] in (".", "..") or wanted.startswith("./"), (name, wanted)
                assert target.resolve().relative_to(FOLDER).as_posix() in known_assets(), (name, wanted)


@pytest.mark.parametrize("language", ["", "?lang=en", "?lang=vi"])
def test_the_page_is_the_same_bytes_for_everybody_and_sets_nothing(
    visitor: FlaskClient, language: str
) -> None:
    answer = visitor.get(f"/thuc-dia/{language}")
    html5lib.HTMLParser(strict=True).parse(answer.text)
    assert hashlib.sha256(answer.data).hexdigest() == listed(visitor)["/thuc-dia/"]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Khảo sát tại nhà" in answer.text


def test_the_worker_may_lead_the_app_and_is_asked_for_again_each_time(visitor: FlaskClient) -> None:
    answer = visitor.get("/thuc-dia/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/thuc-dia/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    assert "worker-src" not in answer.headers["Content-Security-Policy"]
    assert visitor.get("/thuc-dia").headers["Location"].endswith("/thuc-dia/")


def test_the_manifest_describes_an_app_that_can_be_installed(visitor: FlaskClient) -> None:
    answer = visitor.get("/thuc-dia/manifest.webmanifest")
    described = json.loads(answer.text)
    assert answer.mimetype == "application/manifest+json"
    assert (described["start_url"], described["scope"], described["display"]) == (
        "/thuc-dia/", "/thuc-dia/", "standalone",
    )  # fmt: skip
    for icon in described["icons"]:
        assert visitor.get(icon["src"]).mimetype == icon["type"]


def test_any_changed_file_makes_another_release(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = views.release()
    hashed = views._sha256
    monkeypatch.setattr(views, "_sha256", lambda name: "0" * 64 if name == "field/words.js" else hashed(name))
    assert views.release() != before
    assert views.release() in visitor.get("/thuc-dia/").text
