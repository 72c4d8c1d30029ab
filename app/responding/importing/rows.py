"""Rows of a file of answers, CSV or NDJSON, one at a time: a file may be larger than the memory."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from app.csv_reading import LONGEST_FIELD, RejectFile, count_records, open_table
from app.responding.importing.mapping import FIELDS, FileMapping
from app.text_files import NOTHING_KEPT, TableProblem, refuse_other_encodings
from surveys.answers import as_raw

LONGEST_LINE: Final = 2 * LONGEST_FIELD
JSON_ENDINGS: Final = (".ndjson", ".jsonl", ".json")


class FileRow(NamedTuple):
    """Where a row stands, its values, and how it is shown in the file of rejected rows."""

    line: int
    values: Mapping[str, str | Sequence[str]]
    shown: Mapping[str, str]


def open_rows(
    path: Path,
    mapping: FileMapping,
    questions: Mapping[str, bool],
    rejects: RejectFile,
    *,
    checked: bool = False,
) -> Iterator[FileRow]:
    """`questions` are all known ids, with whether a cell may hold several values. Raises TableProblem.

    `checked`: `count_rows` has been through the whole file before.
    """
    if path.suffix.lower() in JSON_ENDINGS:
        return _json_rows(path, mapping, questions, rejects, checked)
    return _table_rows(path, mapping, questions, rejects, checked)


def count_rows(path: Path) -> int:
    """How many rows a file has that can be read to its end. Raises TableProblem."""
    if path.suffix.lower() not in JSON_ENDINGS:
        return max(0, count_records(path) - 1)
    refuse_other_encodings(path)
    with path.open("rb") as stream:
        return sum(1 for line in stream if line.strip())


def _table_rows(
    path: Path,
    mapping: FileMapping,
    questions: Mapping[str, bool],
    rejects: RejectFile,
    checked: bool,
) -> Iterator[FileRow]:
    known = mapping.foreign
    for line, row in open_table(path, mapping.required_columns(), rejects, checked=checked):
        if not known:
            _refuse_unknown(row, questions)
            known = True
        yield FileRow(line, row, row)


def _refuse_unknown(row: Mapping[str, Any], questions: Mapping[str, bool]) -> None:
    """A misspelt column would silently lose every answer in it."""
    unknown = [name for name in row if name not in FIELDS and name not in questions]
    if unknown:
        raise TableProblem(
            f"Tệp có cột không thuộc phiếu nào đã công bố: {', '.join(unknown)}. "
            "Hãy sửa tên, bỏ cột, hoặc ghi tệp ánh xạ (--mapping)."
        )


def _json_rows(
    path: Path,
    mapping: FileMapping,
    questions: Mapping[str, bool],
    rejects: RejectFile,
    checked: bool,
) -> Iterator[FileRow]:
    if not checked:
        refuse_other_encodings(path)
    with path.open("rb") as stream:
        line = 0
        while text := stream.readline(LONGEST_LINE):
            line += 1
            if line == 1 and text.removeprefix(BOM_UTF8).lstrip().startswith(b"["):
                raise TableProblem(
                    "Tệp là một danh sách JSON ([…]). "
                    f"Hãy ghi mỗi phiếu trên một dòng (NDJSON). {NOTHING_KEPT}"
                )
            if not text.endswith(b"\n") and len(text) >= LONGEST_LINE:
                raise TableProblem(f"Dòng {line} dài quá; mỗi dòng NDJSON phải là một phiếu.")
            if text.strip():
                yield from _json_row(line, text, mapping, questions, rejects)


def _json_row(
    line: int, text: bytes, mapping: FileMapping, questions: Mapping[str, bool], rejects: RejectFile
) -> Iterator[FileRow]:
    shown = {"json": text.decode("utf-8", "replace").strip()}
    try:
        # The mark that some programs put at the beginning of a UTF-8 file.
        text = text.removeprefix(BOM_UTF8)
        row = orjson.loads(text)
        doubled = _doubled_key(text)
    except (ValueError, RecursionError):
        rejects.add(line, "Dòng không phải JSON (UTF-8)", shown)
        return
    if not isinstance(row, dict):
        rejects.add(line, "Dòng JSON phải là một đối tượng {…}", shown)
        return
    if doubled:
        rejects.add(line, f"Khóa lặp lại trong một dòng: {doubled[:80]}", shown)
        return
    unknown = [] if mapping.foreign else [key for key in row if key not in FIELDS and key not in questions]
    if unknown:
        rejects.add(line, f"Khóa không thuộc phiếu nào đã công bố: {', '.join(unknown)[:200]}", shown)
        return
    yield FileRow(line, {key: [v for v in given if v] for key, given in as_raw(row).items()}, shown)


def _doubled_key(text: bytes) -> str:
    """A key that stands twice in one object, of which a reader would keep one and drop the other unseen."""
    found = ""

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        seen = dict(pairs)
        if len(seen) < len(pairs):
            keys = [key for key, _ in pairs]
            found = found or next(key for key in keys if keys.count(key) > 1)
        return seen

    json.loads(text, object_pairs_hook=note)
    return found
