"""The files of open data as readers find them: every format the same rows, and descriptions that hold."""

from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet
import pytest

from exports import workbook
from exports.columns import COLUMNS, NAMES, Row, Value
from exports.dictionary import dictionary
from exports.open_data import FORMATS, OpenDataInfo, place_file, rows_of_place, write_open_data
from surveys.figures import PlaceFigures
from tests.support.open_data import INFO, READERS, all_shapes, target_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("edition")
    write_open_data(made, INFO, all_shapes, target_of)
    return made / "data"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for figures in all_shapes() for row in rows_of_place(figures, INFO.edition.code, target_of)]


def test_the_files_are_named_as_an_edition_expects(tmp_path: Path) -> None:
    names = [
        "ket-qua.csv",
        "ket-qua.xlsx",
        "ket-qua.json",
        "ket-qua.parquet",
        "tu-dien.json",
        "datapackage.json",
    ]
    paths = write_open_data(tmp_path, INFO, all_shapes, target_of)
    assert paths == [tmp_path / "data" / name for name in [*names, "dcat.jsonld"]]
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == sorted(path.name for path in paths)


@pytest.mark.parametrize("extension", FORMATS)
def test_an_independent_reader_finds_every_row_with_its_types(
    extension: str, folder: Path, rows: list[Row]
) -> None:
    found = READERS[extension]((folder / f"ket-qua.{extension}").read_bytes())
    assert found == rows
    assert [[type(value) for value in row] for row in found] == [
        [type(value) for value in row] for row in rows
    ]


def test_duckdb_reads_csv_json_and_parquet_as_one_table(folder: Path, rows: list[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in NAMES)
    types = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
    columns = "{" + ", ".join(f"'{column.name}': '{types[column.type]}'" for column in COLUMNS) + "}"
    source = f"read_csv('{folder}/ket-qua.csv', header=true, columns={columns})"
    of_csv = [unguarded(row) for row in duckdb.sql(f"SELECT {names} FROM {source}").fetchall()]
    assert of_csv == rows
    assert duckdb.sql(f"SELECT {names} FROM '{folder}/ket-qua.parquet'").fetchall() == rows
    lines = (folder / "ket-qua.json").read_text().splitlines()[1:-1]
    assert [json.loads(line.rstrip(",")) for line in lines] == [
        {name: value for name, value in zip(NAMES, row, strict=True) if value is not None} for row in rows
    ]


def unguarded(row: Row) -> Row:
    def plain(value: Value) -> Value:
        return value[1:] if isinstance(value, str) and value.startswith("'") else value

    return tuple(map(plain, row))


def test_equal_figures_make_equal_bytes(folder: Path, tmp_path: Path) -> None:
    for path in write_open_data(tmp_path, INFO, all_shapes, target_of):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


@pytest.mark.parametrize("extension", FORMATS)
def test_a_file_of_one_place_holds_its_rows_and_no_other(extension: str) -> None:
    for figures in all_shapes():
        found = READERS[extension](place_file(extension, INFO, figures, target_of))
        assert found == list(rows_of_place(figures, INFO.edition.code, target_of))


@pytest.mark.parametrize("extension", FORMATS)
def test_an_edition_without_places_is_a_table_without_rows(extension: str, tmp_path: Path) -> None:
    write_open_data(tmp_path, INFO, list, target_of)
    assert READERS[extension]((tmp_path / "data" / f"ket-qua.{extension}").read_bytes()) == []


def test_a_name_that_looks_like_a_formula_stays_a_name(folder: Path) -> None:
    text = (folder / "ket-qua.csv").read_text("utf-8-sig")
    assert "\"'=HYPERLINK(" in text
    assert not re.search(r"[,\n]\"?=", text)
    for row in openpyxl.load_workbook(folder / "ket-qua.xlsx")["Số liệu"].iter_rows():
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in row)


def test_spreadsheets_see_vietnamese_letters_and_a_header_that_stays(folder: Path) -> None:
    assert (folder / "ket-qua.csv").read_bytes().startswith(b"\xef\xbb\xbfedition,")
    book = openpyxl.load_workbook(folder / "ket-qua.xlsx")
    assert book.sheetnames == ["Số liệu", "Từ điển"]
    assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets)
    assert [row[0] for row in book["Từ điển"].iter_rows(min_row=2, values_only=True)][: len(NAMES)] == list(
        NAMES
    )
    assert book.properties.created.isoformat() == "2026-10-12T09:30:00"


def test_what_does_not_fit_on_one_sheet_goes_on_with_the_next(
    monkeypatch: pytest.MonkeyPatch, rows: list[Row]
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 50)
    stream = io.BytesIO()
    with workbook.Workbook(stream, INFO) as book:
        book.write(rows)
    assert len(openpyxl.load_workbook(stream).sheetnames) == 1 + -(-len(rows) // 49)
    assert READERS["xlsx"](stream.getvalue()) == rows


def test_parquet_says_what_it_is(folder: Path) -> None:
    schema = pyarrow.parquet.read_schema(folder / "ket-qua.parquet")
    assert schema.metadata[b"title"].decode() == INFO.title
    assert schema.metadata[b"licence"].decode() == "https://creativecommons.org/licenses/by/4.0/"
    assert json.loads(schema.metadata[b"edition"]) == INFO.to_mapping()
    assert [str(field.type) for field in schema] == [
        {"text": "string", "integer": "int64", "number": "double", "boolean": "bool"}[column.type]
        for column in COLUMNS
    ]
    assert schema.field("rate").metadata[b"title_en"] == b"Rate"


def test_the_dictionary_explains_every_column_and_code_in_both_languages(
    folder: Path, rows: list[Row]
) -> None:
    data = json.loads((folder / "tu-dien.json").read_text())
    assert data == json.loads(json.dumps(dictionary(INFO)))
    assert [column["name"] for column in data["columns"]] == list(NAMES)
    for at, column in enumerate(data["columns"]):
        assert all(column[part][language] for part in ("title", "description") for language in ("vi", "en"))
        values = {row[at] for row in rows} - {None}
        codes = column.get("codes")
        assert codes is None or values <= set(codes), column["name"]
        assert not column["required"] or all(row[at] not in (None, "") for row in rows), column["name"]


def test_descriptions_name_each_file_with_its_length_and_hash(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text())
    catalogue = json.loads((folder / "dcat.jsonld").read_text())
    told = {
        item["dcat:downloadURL"]["@id"]: (
            int(item["dcat:byteSize"]["@value"]), item["spdx:checksum"]["spdx:checksumValue"]["@value"],
        )
        for item in catalogue["dcat:distribution"]
    }  # fmt: skip
    assert len(package["resources"]) == 5
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{sha256}")
        assert told[resource["path"]] == (len(content), sha256)
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert catalogue["dct:license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"


def test_addresses_are_whole_where_the_edition_has_one(tmp_path: Path) -> None:
    info = OpenDataInfo(
        INFO.edition, INFO.closed_at, INFO.publisher, url="https://hailong.example/ket-qua/2026-Q3.r1"
    )
    write_open_data(tmp_path, info, all_shapes, target_of)
    catalogue = json.loads((tmp_path / "data" / "dcat.jsonld").read_text())
    assert catalogue["@id"] == info.url
    assert catalogue["dcat:distribution"][0]["dcat:accessURL"]["@id"] == f"{info.url}/ket-qua.csv"


def test_the_schema_of_the_package_holds_for_every_row(folder: Path, rows: list[Row]) -> None:
    """What a validator of Data Packages would check of a table, by hand."""
    schema = json.loads((folder / "datapackage.json").read_text())["resources"][0]["schema"]
    assert [field["name"] for field in schema["fields"]] == list(NAMES)
    kinds = {"string": str, "integer": int, "number": float, "boolean": bool}
    for at, field in enumerate(schema["fields"]):
        rules = field.get("constraints", {})
        for row in rows:
            value = row[at]
            if value is None:
                assert not rules.get("required"), field["name"]
                continue
            assert type(value) is kinds[field["type"]], (field["name"], value)
            assert "enum" not in rules or value in rules["enum"], (field["name"], value)
            assert "minimum" not in rules or value >= rules["minimum"], (field["name"], value)
            assert "maximum" not in rules or value <= rules["maximum"], (field["name"], value)


def test_no_file_holds_more_than_the_name_of_its_edition(folder: Path) -> None:
    """The hash of the edition covers these files, so nothing of theirs may be thought to be it."""
    package = json.loads((folder / "datapackage.json").read_text())
    hashes = {resource["hash"].removeprefix("sha256:") for resource in package["resources"]}
    for path in folder.iterdir():
        if path.suffix in (".json", ".jsonld", ".csv"):
            assert set(re.findall(r"\b[0-9a-f]{64}\b", path.read_text())) <= hashes


def test_figures_are_asked_for_once(tmp_path: Path) -> None:
    asked: list[int] = []

    def figures() -> list[PlaceFigures]:
        asked.append(1)
        return all_shapes()[:2]

    write_open_data(tmp_path, INFO, figures, target_of)
    assert asked == [1]
