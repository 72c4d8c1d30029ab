"""Checking an edition from its own files: every hash, and every figure made again from what was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from app.editions.fileset import FIGURES, SEALED, check_files
from app.editions.listing import frozen
from app.editions.models import Edition
from app.results.figuring import list_figures
from app.results.inputs import decide_inputs, read_inputs
from surveys.canonical import canonical_json
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
    places = 0
    if (opened.folder / SEALED).is_file() and (opened.folder / FIGURES).is_file():
        sheet = decide_inputs(read_inputs(opened.sealed_records()))
        made = (canonical_json(to_mapping(figures)).encode() + b"\n" for figures in list_figures(sheet))
        with (opened.folder / FIGURES).open("rb") as file:
            for difference in _differences(file, made):
                places += 1
                if difference and len(problems) < SHOWN:
                    problems.append(difference)
    return Verified(edition.code, places, tuple(problems))


def _differences(kept: Iterator[bytes], made: Iterator[bytes]) -> Iterator[str]:
    """One item a place, in words where the two do not agree; an empty word where they do."""
    for number, (old, new) in enumerate(zip_longest(kept, made), start=1):
        if old == new:
            yield ""
        elif new is None:
            yield f"{FIGURES}, dòng {number}: không có trong số liệu gốc"
        elif old is None:
            yield f"{FIGURES}: thiếu dòng {number}"
        else:
            yield f"{FIGURES}, dòng {number}: tính lại ra số khác"
