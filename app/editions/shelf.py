"""Editions opened for reading: the figures of one place are found by their position in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import orjson
from flask import current_app

from app.editions.fileset import FIGURES, INDEX, SEALED, TEXTS, folder_of, read_manifest
from app.editions.targets import PLANS, TARGETS, Targets, read_targets
from app.plans import Plans, read_plans, todays
from app.results.source import BRIEF
from surveys.figure_mapping import from_mapping
from surveys.figures import PlaceFigures
from surveys.lateness import LateNote

LATE: Final = "late.json"
# An index of 3,800 places takes some two megabytes.
MOST_OPEN: Final = 40


@dataclass(frozen=True)
class FrozenEdition:
    """One folder. Nothing in it changes, so whatever was read stays true."""

    folder: Path
    sha256: str

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        return read_manifest(self.folder)

    @cached_property
    def _index(self) -> Mapping[str, tuple[int, int, str]]:
        """Offset, length and parent of the line of each place."""
        data = orjson.loads((self.folder / INDEX).read_bytes())
        return {code: (offset, length, parent) for code, (offset, length, parent) in data.items()}

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, (_offset, _length, parent) in self._index.items():
            found.setdefault(parent, []).append(code)
        return found

    def find(self, place: str, *, brief: bool = False) -> PlaceFigures | None:
        found = self._index.get(place)
        if found is None:
            return None
        offset, length, _parent = found
        with (self.folder / FIGURES).open("rb") as file:
            file.seek(offset)
            return self.read_line(file.read(length), brief=brief)

    def children(self, parent: str, *, brief: bool = False) -> list[PlaceFigures]:
        """In the order of the file: it was written in the order in which places are listed."""
        codes = self._children.get(parent, [])
        with (self.folder / FIGURES).open("rb") as file:
            found = []
            for code in codes:
                offset, length, _parent = self._index[code]
                file.seek(offset)
                found.append(self.read_line(file.read(length), brief=brief))
        return found

    def every(self) -> Iterator[PlaceFigures]:
        """All places, one after the other."""
        with (self.folder / FIGURES).open("rb") as file:
            for line in file:
                yield self.read_line(line)

    def read_line(self, line: bytes, *, brief: bool = False) -> PlaceFigures:
        """The figures of a line of this edition, with the targets that were sealed beside them."""
        data = orjson.loads(line)
        place = data["place"]
        above = "" if place["kind"] in ("nation", "province") else place["parent"]
        targets = self._targets.get(above or place["code"], {})
        return from_mapping({**data, **(BRIEF if brief else {}), "targets": targets})

    @cached_property
    def _targets(self) -> Targets:
        return read_targets(self.read_json(TARGETS))

    @cached_property
    def plans(self) -> Plans:
        """The plans as they were when it was closed. An edition from before plans were sealed has today's."""
        if not (self.folder / PLANS).is_file():
            return todays()
        return read_plans(tuple(self.read_json(PLANS).values()))

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """The code and the line of every place: equal lines are equal figures, without reading them."""
        with (self.folder / FIGURES).open("rb") as file:
            yield from zip(self._index, file, strict=True)

    def count_below(self, place: str) -> int:
        """How many places its report is made of: the place itself, those below it and those below them."""
        children = self._children.get(place, [])
        return 1 + len(children) + sum(len(self._children.get(code, [])) for code in children)

    def places(self) -> list[str]:
        return list(self._index)

    def read_json(self, name: str) -> Any:
        """A file of plain values, such as `texts.json`. Raises OSError where there is none."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    @cached_property
    def texts(self) -> Mapping[str, Any]:
        """By place, as `surveys.report_texts.texts_from` reads them."""
        texts: Mapping[str, Any] = self.read_json(TEXTS)
        return texts

    def late_note(self, place: str) -> LateNote | None:
        """What was known when it was closed of answers that came too late for an edition before."""
        if self._late is None:
            return None
        return LateNote(self._late["edition"], self._late["counts"].get(place, 0))

    @cached_property
    def _late(self) -> Mapping[str, Any] | None:
        """Nothing where nothing was published before, nor in editions from before this was frozen."""
        try:
            late: Mapping[str, Any] = self.read_json(LATE)
        except FileNotFoundError:
            return None
        return late

    def sealed_records(self) -> Iterator[list[Any]]:
        """What the figures were made from; never for the public."""
        with (self.folder / SEALED).open("rb") as file:
            for line in file:
                yield orjson.loads(line)


def open_edition(code: str, sha256: str) -> FrozenEdition:
    """The edition of a row; its index is read once by each process."""
    shelf: dict[tuple[str, str], FrozenEdition] = current_app.extensions.setdefault("editions_shelf", {})
    key = (code, sha256)
    found = shelf.get(key)
    if found is None:
        while len(shelf) >= MOST_OPEN:
            shelf.pop(next(iter(shelf)), None)
        found = shelf[key] = FrozenEdition(folder_of(code), sha256)
    return found


def write_figures(path: Path, index: Path, figures: Callable[[], Iterator[PlaceFigures]]) -> int:
    """Both files of the figures; returns the number of places."""
    from surveys.canonical import canonical_json
    from surveys.figure_mapping import to_mapping

    lines: dict[str, tuple[int, int, str]] = {}
    offset = 0
    with path.open("wb") as file:
        for item in figures():
            line = canonical_json(to_mapping(item)).encode() + b"\n"
            file.write(line)
            lines[item.place.code] = (offset, len(line), item.place.parent)
            offset += len(line)
    # The order of the keys is that of the lines, which is the order of reading.
    index.write_text(json.dumps(lines, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return len(lines)
