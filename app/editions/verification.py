"""Checking an edition from its own files: every hash, and everything made again from what was sealed.

The program that outsiders run (`check_edition.py`) reads what is published and does arithmetic; it cannot see
the answers. Here they are counted again, so that a change of any number is found, whatever else was changed.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from tempfile import TemporaryFile
from typing import IO, Any, Final

from app.editions.fileset import FIGURES, INDEX, SEALED, check_files
from app.editions.freezing import frame_files
from app.editions.listing import frozen
from app.editions.models import Edition
from app.editions.shelf import FrozenEdition
from app.editions.targets import PLANS, TARGETS
from app.results.figuring import list_figures
from app.results.inputs import decide_inputs, read_inputs
from surveys.canonical import canonical_json
from surveys.editions import EditionCode
from surveys.figure_mapping import to_mapping

SHOWN = 10


@dataclass(frozen=True)
class Verified:
    """What was found: no problems means that every byte is as it was when the edition was closed."""

    edition: str
    places: int
    problems: tuple[str, ...]


def verify(edition: Edition) -> Verified:
    """Reads the files only; the database is asked for nothing but the hash."""
    opened = frozen(edition)
    problems = [str(problem) for problem in check_files(opened.folder, edition.sha256)]
    if not all((opened.folder / name).is_file() for name in (SEALED, FIGURES)):
        return Verified(edition.code, 0, tuple(problems))
    try:
        problems += list_differences(opened)
        places = len(opened.places())
    except (OSError, ValueError, KeyError, TypeError) as error:
        places = 0
        problems.append(f"không đọc được: {error!r}")
    return Verified(edition.code, places, tuple(problems[:SHOWN]))


def list_differences(opened: FrozenEdition) -> Iterator[str]:
    """What does not follow from the sealed inputs: figures, the frame around them, the tables of open data.

    Raises OSError, ValueError, KeyError or TypeError where a file cannot be read at all.
    """
    inputs = read_inputs(opened.sealed_records())
    sheet = decide_inputs(inputs)
    made = (canonical_json(to_mapping(figures)).encode() + b"\n" for figures in list_figures(sheet))
    with (opened.folder / FIGURES).open("rb") as file:
        yield from _different_lines(FIGURES, file, made)
    yield from _index(opened)
    frame = frame_files(inputs, sheet, EditionCode.parse(opened.manifest["edition"]), opened.plans)
    if not (opened.folder / PLANS).is_file():
        # Nobody can say what the plans asked on the day of an edition that did not seal them.
        del frame[TARGETS]
    for name, value in frame.items():
        if opened.read_json(name) != json.loads(canonical_json(value)):
            yield f"{name}: tính lại ra nội dung khác"
    yield from _tables(opened)


def _different_lines(name: str, kept: Iterable[bytes], made: Iterable[bytes]) -> Iterator[str]:
    for number, (old, new) in enumerate(zip_longest(kept, made), start=1):
        if new is None:
            yield f"{name}, dòng {number}: không có trong số liệu gốc"
        elif old is None:
            yield f"{name}: thiếu dòng {number}"
        elif old != new:
            yield f"{name}, dòng {number}: tính lại ra số khác"


def _index(opened: FrozenEdition) -> Iterator[str]:
    """Where each place stands in the file of figures."""
    start, found = 0, {}
    with (opened.folder / FIGURES).open("rb") as file:
        for line in file:
            place = json.loads(line)["place"]
            found[place["code"]] = [start, len(line), place["parent"]]
            start += len(line)
    if opened.read_json(INDEX) != found:
        yield f"{INDEX}: không đúng chỗ của từng nơi"


def _tables(opened: FrozenEdition) -> Iterator[str]:
    """The rows that follow from the figures as they lie here, in the columns that each table has."""
    # Four writers of files, two of them large: only this command and closing need them.
    from exports.open_data import FORMATS, OpenDataInfo, rows_of_place, sealed_target

    # Targets that were sealed without the plans do not say whose they are.
    unknown = set() if (opened.folder / PLANS).is_file() else {"target_plan"}
    closed_at = datetime.fromisoformat(opened.manifest["closed_at"])
    info = OpenDataInfo(EditionCode.parse(opened.manifest["edition"]), closed_at, publisher="")
    for extension, read in _READERS.items():
        name = f"data/{FORMATS[extension].file_name}"
        with TemporaryFile() as made, (opened.folder / name).open("rb") as kept:
            with FORMATS[extension].open(made, info) as table:
                for figures in opened.every():
                    table.write(rows_of_place(figures, info.edition.code, sealed_target))
            made.seek(0)
            for number, (old, new) in enumerate(zip_longest(read(kept), read(made)), start=1):
                if old is None or new is None or any(new.get(key) != old[key] for key in {*old} - unknown):
                    yield f"{name}, dòng số liệu {number}: tính lại ra khác"


def _csv_rows(file: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    return csv.DictReader(line.decode("utf-8-sig") for line in file)


def _json_rows(file: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    """One record a line between the first line and the last; an empty cell has no key."""
    _head, *records, _foot = file.read().decode().rstrip("\n").split("\n")
    return (json.loads(record.removesuffix(",")) for record in records)


_READERS: Final = {"csv": _csv_rows, "json": _json_rows}
