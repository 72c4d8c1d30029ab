"""Open data of published editions: the frozen bytes, told apart by their hash, and the rows of one place."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.editions.closing import close
from app.editions.fileset import folder_of
from app.results import queries
from app.transactions import transaction
from surveys.editions import EditionCode
from tests.support import citizens
from tests.support.editions import close_and_publish
from tests.support.kept_worlds import KeptWorlds
from tests.support.open_data import READERS
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
FORMATS = ("csv", "xlsx", "json", "parquet")
DESCRIPTIONS = ("tu-dien.json", "datapackage.json", "dcat.jsonld")


@pytest.fixture
def published(app: Flask, kept_world: KeptWorlds) -> FlaskClient:
    """The second quarter is published, the third a draft; one channel of an agency is hidden."""
    app.extensions["clock"] = lambda: NOW

    def build() -> None:
        citizens.prepare(app)
        with transaction():
            for quarter, good in (("2026-Q2", 60), ("2026-Q3", 85)):
                writer = TallyWriter(quarter)
                writer.rated(citizens.AGENCY, (good, 20, 5, 3, 2))
                writer.rated(citizens.OTHER_AGENCY, (30, 10, 5, 3, 1))
                writer.rated(citizens.OTHER_AGENCY, (3, 1, 0, 0, 1), channel="field")
                writer.write()
        close_and_publish("2026-Q2", NOW)
        queries.prepare(NOW)
        close(EditionCode.parse("2026-Q3"), by="command:test", now=NOW)

    kept_world("open data", build)
    return app.test_client()


@pytest.mark.parametrize("extension", FORMATS)
def test_a_table_is_sent_as_it_was_frozen(published: FlaskClient, extension: str) -> None:
    response = published.get(f"/ket-qua/2026-Q2.{extension}")
    with published.application.app_context():
        frozen = (folder_of("2026-Q2") / "data" / f"ket-qua.{extension}").read_bytes()
    assert (response.status_code, response.data) == (200, frozen)
    assert response.get_etag() == (hashlib.sha256(frozen).hexdigest(), False)
    assert response.headers["Content-Disposition"].endswith(f'filename="ket-qua-2026-Q2.{extension}"')
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert published.get(f"/ket-qua/2026-Q2/ket-qua.{extension}").data == frozen


def test_what_a_reader_has_already_is_not_sent_again(published: FlaskClient) -> None:
    for address in (
        "/ket-qua/2026-Q2.csv",
        f"/ket-qua/2026-Q2/{citizens.AGENCY}.csv",
        "/ket-qua/2026-Q2/dcat.jsonld",
    ):
        first = published.get(address)
        again = published.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), address
        assert again.headers["ETag"] == first.headers["ETag"]
        assert published.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_table_can_be_fetched_in_parts(published: FlaskClient) -> None:
    whole = published.get("/ket-qua/2026-Q2.parquet").data
    response = published.get("/ket-qua/2026-Q2.parquet", headers={"Range": "bytes=4-103"})
    assert (response.status_code, response.data) == (206, whole[4:104])
    assert response.headers["Content-Range"] == f"bytes 4-103/{len(whole)}"


@pytest.mark.parametrize("extension", FORMATS)
def test_the_file_of_a_place_holds_its_rows_of_the_table(published: FlaskClient, extension: str) -> None:
    every = READERS[extension](published.get(f"/ket-qua/2026-Q2.{extension}").data)
    for place in (citizens.AGENCY, citizens.OTHER_AGENCY, "VN"):
        response = published.get(f"/ket-qua/2026-Q2/{place}.{extension}")
        assert response.status_code == 200
        found = READERS[extension](response.data)
        assert found and found == [row for row in every if row[2] == place]
        assert f"ket-qua-2026-Q2-{place}.{extension}" in response.headers["Content-Disposition"]


def test_a_hidden_channel_is_hidden_in_the_file_of_its_place(published: FlaskClient) -> None:
    text = published.get(f"/ket-qua/2026-Q2/{citizens.OTHER_AGENCY}.csv").get_data(as_text=True)
    rows = [row for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff"))) if row["channel"] == "field"]
    assert [(row["status"], row["n"], row["satisfied"]) for row in rows] == [("bm", "", "")]


def test_descriptions_lead_to_files_that_are_there(published: FlaskClient) -> None:
    package = json.loads(published.get("/ket-qua/2026-Q2/datapackage.json").data)
    for resource in package["resources"]:
        content = published.get(f"/ket-qua/2026-Q2/{resource['path']}").data
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == resource["hash"]
    catalogue = published.get("/ket-qua/2026-Q2/dcat.jsonld")
    assert catalogue.mimetype == "application/ld+json"
    for item in json.loads(catalogue.data)["dcat:distribution"]:
        address = item["dcat:downloadURL"]["@id"]
        assert published.get(address[address.index("/ket-qua") :]).status_code == 200


def test_a_draft_and_what_never_was_are_not_there(published: FlaskClient) -> None:
    names = [*(f".{extension}" for extension in FORMATS), *(f"/{name}" for name in DESCRIPTIONS), "/VN.csv"]
    for edition in ("2026-Q3", "2026-Q2.r1", "2026-Q1", "x", "2026-Q3.r0", "..%2f2026-Q2"):
        for name in names:
            assert published.get(f"/ket-qua/{edition}{name}").status_code == 404, edition + name
    for place in ("nowhere", "figures", "..%2fmanifest", "sealed%2finputs"):
        assert published.get(f"/ket-qua/2026-Q2/{place}.json").status_code == 404, place
    assert published.get("/ket-qua/2026-Q2/sealed/inputs.ndjson").status_code == 404


def test_a_revision_may_be_kept_for_ever_and_the_newest_answers_for_the_period(
    published: FlaskClient,
) -> None:
    with published.application.app_context():
        queries.prepare(NOW)
        close_and_publish("2026-Q2.r1", NOW, reason="Phiếu đến muộn")
    own = published.get("/ket-qua/2026-Q2.r1.csv")
    assert own.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    newest = published.get("/ket-qua/2026-Q2.csv")
    assert newest.headers["Cache-Control"] == "public, max-age=300"
    assert newest.headers["ETag"] == own.headers["ETag"]
    first = published.get("/ket-qua/2026-Q2.r0.csv")
    assert first.headers["Cache-Control"].endswith("immutable") and first.data != own.data
    place = published.get(f"/ket-qua/2026-Q2.r1/{citizens.AGENCY}.json")
    assert place.headers["Cache-Control"].endswith("immutable")


@pytest.mark.parametrize(("query", "words"), [("", "Dữ liệu mở"), ("?lang=en", "Open data")])
def test_a_page_offers_its_data_with_size_hash_and_licence(
    published: FlaskClient, query: str, words: str
) -> None:
    page = published.get(f"/ket-qua/2026-Q2/{citizens.AGENCY}{query}").get_data(as_text=True)
    section = page[page.index('id="h-data"') :]
    assert words in section and "CC BY 4.0" in section
    for extension in FORMATS:
        assert f'href="/ket-qua/2026-Q2.r0/{citizens.AGENCY}.{extension}"' in section
        assert f'href="/ket-qua/2026-Q2.r0.{extension}"' in section
        assert str(published.get(f"/ket-qua/2026-Q2.{extension}").get_etag()[0]) in section
    for name in DESCRIPTIONS:
        assert f'href="/ket-qua/2026-Q2.r0/{name}"' in section
