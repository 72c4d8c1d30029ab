"""The files of a published edition: those that its manifest names, byte for byte, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.editions import check_edition
from app.editions.closing import close
from app.editions.fileset import folder_of, read_manifest
from app.editions.listing import get_edition, info_of
from app.transactions import transaction
from surveys.editions import EditionCode
from tests.support import citizens
from tests.support.editions import close_and_publish
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TRICKS = (
    "sealed/inputs.ndjson",
    "sealed",
    "./sealed/inputs.ndjson",
    "data/../sealed/inputs.ndjson",
    "..%2Fsealed%2Finputs.ndjson",
    "sealed%2Finputs.ndjson",
    "sealed%5Cinputs.ndjson",
    "SEALED/inputs.ndjson",
    "%73ealed/inputs.ndjson",
    "..",
    "../../../etc/passwd",
    "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/etc/passwd",
    "%2Fetc%2Fpasswd",
    "../2026-Q2/manifest.json",
    "../../test.db",
    "figures.ndjson/",
    "figures.ndjson%20",
    "Figures.ndjson",
    "",
)


@pytest.fixture
def published(app: Flask) -> str:
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    with app.app_context():
        with transaction():
            for quarter in ("2026-Q2", "2026-Q3"):
                writer = TallyWriter(quarter)
                writer.rated(citizens.AGENCY, (60, 20, 5, 3, 2))
                writer.write()
        close(EditionCode.parse("2026-Q2"), by="command:test", now=NOW)
        return close_and_publish("2026-Q3", NOW)


def test_every_named_file_is_served_as_it_was_frozen(app: Flask, client: FlaskClient, published: str) -> None:
    with app.app_context():
        folder = folder_of("2026-Q3")
        names = [file["path"] for file in read_manifest(folder)["files"]]
    assert "figures.ndjson" in names
    for name in [*names, "manifest.json"]:
        answer = client.get(f"/ket-qua/2026-Q3.r0/tep/{name}", buffered=True)
        assert (answer.status_code, answer.data) == (200, (folder / name).read_bytes()), name
        assert "immutable" in answer.headers["Cache-Control"]
        same = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(f"/ket-qua/2026-Q3.r0/tep/{name}", headers=same, buffered=True).status_code == 304
    manifest = client.get("/ket-qua/2026-Q3/tep/manifest.json", buffered=True)
    assert manifest.headers["ETag"] == f'"{published}"'


def test_whoever_checks_the_address_of_a_page_checks_what_stands_there(
    app: Flask, client: FlaskClient, published: str
) -> None:
    with app.app_context():
        later = close_and_publish("2026-Q3.r1", NOW, reason="Phiếu đến muộn")

    for address, sha256, kept in (
        ("2026-Q3", later, "max-age=300"),
        ("2026-Q3.r0", published, "immutable"),
        ("2026-Q3.r1", later, "immutable"),
    ):
        answer = client.get(f"/ket-qua/{address}/tep/manifest.json", buffered=True)
        assert answer.headers["ETag"] == f'"{sha256}"'
        assert kept in answer.headers["Cache-Control"]
        assert sha256 in client.get(f"/ket-qua/{address}").text
    own_files = 'href="/ket-qua/2026-Q3.r0/tep/manifest.json"'
    assert own_files in client.get("/ket-qua/2026-Q3.r0").text
    assert own_files not in client.get("/ket-qua/2026-Q3").text
    with app.app_context():
        # A document outlives the newest edition, so it names its own.
        assert [info_of(get_edition(code)).url.rpartition("/")[2] for code in ("2026-Q3", "2026-Q3.r1")] == [
            "2026-Q3.r0",
            "2026-Q3.r1",
        ]


def test_no_address_leads_to_anything_else(client: FlaskClient, published: str) -> None:
    for trick in TRICKS:
        answer = client.get(f"/ket-qua/2026-Q3/tep/{trick}", follow_redirects=True, buffered=True)

        assert answer.status_code == 404, trick
        assert b"nonce" not in answer.data
        assert b"root:" not in answer.data


def test_a_draft_and_what_is_none_have_no_files(client: FlaskClient, published: str) -> None:
    for code in ("2026-Q2", "2026-Q2.r0", "2026-Q3.r1", "2025-Q1", "x", ".."):
        assert client.get(f"/ket-qua/{code}/tep/manifest.json").status_code == 404


def test_the_program_is_served_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/ket-qua/kiem-tra.py")

    assert answer.status_code == 200
    assert answer.content_type == "text/x-python; charset=utf-8"
    assert answer.data == Path(check_edition.__file__).read_bytes()
