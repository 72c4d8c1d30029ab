"""Every column of every table stands in the map of personal data, and the map names no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import ROOT, create_app
from app.extensions import db
from app.retention import list_rules
from tests.conftest import test_config

MAP = ROOT / "docs" / "personal-data.md"
CLASSES = {"none", "anonymous", "free text", "contact", "secret", "staff"}
# Whatever a person gave, or what leads to one, has an end or a reason to be kept.
WITH_END = {"contact"}


@dataclass(frozen=True)
class Mapped:
    table: str
    column: str
    kind: str
    purpose: str
    kept: str
    readers: str


def mapped() -> Iterator[Mapped]:
    table = ""
    for line in MAP.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = re.fullmatch(r"### `([a-z_]+)`", line)
            table = heading[1] if heading else ""
        elif table and line.startswith("| `"):
            names, *rest = (cell.strip() for cell in line.strip("|").split("|"))
            for name in names.split(","):
                yield Mapped(table, name.strip().strip("`"), *rest)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The tables of the application, whose features are only known once it is made."""
    create_app(test_config(tmp_path_factory.mktemp("map")))
    return {name: {column.name for column in table.columns} for name, table in db.metadata.tables.items()}


def test_every_column_is_mapped_once(tables: dict[str, set[str]]) -> None:
    rows = [(row.table, row.column) for row in mapped()]
    assert len(rows) == len(set(rows)), "docs/personal-data.md names a column twice"
    there = {(table, column) for table, columns in tables.items() for column in columns}
    assert not there - set(rows), "add these columns to docs/personal-data.md"
    assert not set(rows) - there, "docs/personal-data.md names columns that do not exist"


def test_every_row_of_the_map_is_complete() -> None:
    for row in mapped():
        assert row.kind in CLASSES, row
        assert all((row.purpose, row.kept, row.readers)), row


def test_what_the_map_lets_end_has_a_rule_and_the_other_way_round(tmp_path: Path) -> None:
    with create_app(test_config(tmp_path)).app_context():
        ruled = {(rule.table.name, rule.setting) for rule in list_rules()}
    promised = {
        (row.table, found[1]) for row in mapped() if (found := re.fullmatch(r"`([A-Z_]+)`", row.kept))
    }
    assert promised == ruled
    for row in mapped():
        assert row.kind not in WITH_END or row.kept.startswith("`"), f"{row.table}.{row.column} needs an end"
