"""The open data of an edition: one table in four formats, its dictionary and its descriptions.

Everything is written in one pass over the figures, so memory does not grow with the number of places. The
hash of the edition is made after these files and stands in none of them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, BinaryIO, Final

from exports.columns import Row
from exports.csv_file import CsvFile
from exports.datapackage import FileFacts, datapackage, dcat
from exports.dictionary import dictionary
from exports.edition_info import OpenDataInfo
from exports.json_file import JsonFile
from exports.observations import FindTarget, no_target, rows_of_place, sealed_target
from exports.parquet import ParquetFile
from exports.table_file import TableFile
from exports.workbook import Workbook
from surveys.canonical import canonical_json
from surveys.figures import PlaceFigures

__all__ = [
    "DATA", "FORMATS", "FindTarget", "Format", "OpenDataInfo", "no_target", "place_file",
    "rows_of_place", "sealed_target", "table_file", "write_open_data",
]  # fmt: skip

DATA: Final = "data"
STEM: Final = "ket-qua"
DICTIONARY: Final = "tu-dien.json"
PACKAGE: Final = "datapackage.json"
CATALOGUE: Final = "dcat.jsonld"


@dataclass(frozen=True)
class Format:
    """A format of the table; `open` starts a file of it on a stream."""

    extension: str
    media_type: str
    title: str
    open: Callable[[BinaryIO, OpenDataInfo], TableFile]

    @property
    def file_name(self) -> str:
        return f"{STEM}.{self.extension}"


FORMATS: Final[Mapping[str, Format]] = {
    each.extension: each
    for each in (
        Format("csv", "text/csv", "Bảng số liệu, CSV", CsvFile),
        Format(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "Bảng số liệu và từ điển, Excel",
            Workbook,
        ),
        Format("json", "application/json", "Bảng số liệu, JSON", JsonFile),
        Format("parquet", "application/vnd.apache.parquet", "Bảng số liệu, Parquet", ParquetFile),
    )
}


def write_open_data(
    folder: Path,
    info: OpenDataInfo,
    figures: Callable[[], Iterable[PlaceFigures]],
    targets: FindTarget,
) -> list[Path]:
    """Writes `data/` in the folder of an edition and says which files. Figures keep the order given."""
    place = folder / DATA
    place.mkdir(parents=True, exist_ok=True)
    paths = [place / each.file_name for each in FORMATS.values()]
    with ExitStack() as stack:
        streams = [stack.enter_context(path.open("wb")) for path in paths]
        tables = [
            stack.enter_context(each.open(stream, info))
            for each, stream in zip(FORMATS.values(), streams, strict=True)
        ]
        for each in figures():
            rows = list(rows_of_place(each, info.edition.code, targets))
            for table in tables:
                table.write(rows)
    paths.append(_write(place / DICTIONARY, dictionary(info)))
    facts = [
        *(
            _facts(place, each.file_name, each.title, each.extension, each.media_type)
            for each in FORMATS.values()
        ),
        _facts(place, DICTIONARY, "Từ điển dữ liệu", "json", "application/json"),
    ]
    paths.append(_write(place / PACKAGE, datapackage(info, facts)))
    paths.append(_write(place / CATALOGUE, dcat(info, facts)))
    return paths


def place_file(
    extension: str, info: OpenDataInfo, figures: PlaceFigures, targets: FindTarget = no_target
) -> bytes:
    """The rows of one place as a file of their own. Raises KeyError for an unknown format."""
    return table_file(extension, info, rows_of_place(figures, info.edition.code, targets))


def table_file(extension: str, info: OpenDataInfo, rows: Iterable[Row]) -> bytes:
    """Rows as a file in memory. Raises KeyError for an unknown format."""
    stream = io.BytesIO()
    with FORMATS[extension].open(stream, info) as table:
        table.write(rows)
    return stream.getvalue()


def _write(path: Path, content: Mapping[str, Any]) -> Path:
    path.write_text(canonical_json(content) + "\n", encoding="utf-8")
    return path


def _facts(place: Path, name: str, title: str, kind: str, media_type: str) -> FileFacts:
    path = place / name
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return FileFacts(name, title, kind, media_type, path.stat().st_size, digest)
