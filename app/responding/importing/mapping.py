"""What a mapping says: how the columns and values of a foreign file become ours (`mapping_file` reads it)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

Raw: TypeAlias = dict[str, Sequence[str]]
"""Field or question → the values given, as a form would send them."""

FIELDS: Final = (
    "response_id", "questionnaire", "version", "agency", "procedure", "phase", "channel", "answered_at",
    "language",
)  # fmt: skip
REQUIRED: Final = ("response_id", "questionnaire", "version", "agency", "answered_at")
# Between the chosen values of one cell.
SEPARATOR: Final = ";"


class UnknownValue(Exception):
    """A value that the mapping of its field does not know. It names the column, never the value."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


@dataclass(frozen=True)
class FileMapping:
    """The default reads a file that is already in our own form."""

    source: str = ""
    id_from: str = ""
    rename: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    missing_in: Mapping[str, frozenset[str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    quarters: bool = False
    # In which order day, month and year stand in `answered_at`; empty for the form 2026-09-30.
    date_order: str = ""
    # Ids are made from the number of the line, where no column tells one sheet from another.
    id_from_line: bool = False
    # Two persons, named by their roles, stand for the source; only then is it a verified channel.
    verified: bool = False

    @property
    def foreign(self) -> bool:
        return bool(self.source)

    def column(self, name: str) -> str:
        return self.rename.get(name, name)

    def required_columns(self) -> list[str]:
        """The columns without which the file is another one than the mapping was written for."""
        needed = [name for name in REQUIRED if name not in self.constants]
        if self.id_from or self.id_from_line:
            needed.remove("response_id")
        wanted = [*([self.id_from] if self.id_from else []), *map(self.column, needed), *self.rename.values()]
        return list(dict.fromkeys(wanted))


class _Field(NamedTuple):
    """Where a field or question of ours stands in the file, and how its values are read."""

    name: str
    column: str
    several: bool
    missing: frozenset[str]
    table: Mapping[str, str] | None

    @property
    def verbatim(self) -> bool:
        return not (self.several or self.missing) and self.table is None

    def read(self, given: str | Sequence[str]) -> list[str]:
        """Raises UnknownValue."""
        if isinstance(given, str):
            given = [part.strip() for part in given.split(SEPARATOR)] if self.several else [given]
        kept = [value for value in given if value and value not in self.missing]
        if self.table is None:
            return kept
        try:
            return [self.table[value] for value in kept]
        except KeyError:
            raise UnknownValue(self.column) from None


class Translator:
    """Gives the rows of one file our names and values."""

    def __init__(self, mapping: FileMapping, names: Iterable[str], several: Mapping[str, bool]) -> None:
        """`several`: whether a cell of a question may hold more than one value."""
        self._mapping = mapping
        self._constants = {name: [value] for name, value in mapping.constants.items()}
        fields = [
            _Field(
                name,
                mapping.column(name),
                several.get(name, False),
                mapping.missing | mapping.missing_in.get(name, frozenset()),
                mapping.values.get(name),
            )
            for name in names
            if name not in mapping.constants
        ]
        self._fields = [(one.name, one.column, None if one.verbatim else one) for one in fields]

    def read(self, row: Mapping[str, str | Sequence[str]], line: int) -> Raw:
        """Raises UnknownValue."""
        raw: Raw = dict(self._constants)
        for name, column, translated in self._fields:
            given = row.get(column)
            if not given:
                continue
            if translated is not None:
                given = translated.read(given)
            if given:
                raw[name] = [given] if isinstance(given, str) else given
        mapping = self._mapping
        key = f"line {line}" if mapping.id_from_line else "".join(row.get(mapping.id_from, ()))
        if mapping.foreign and key:
            raw["response_id"] = [stable_id(mapping.source, key)]
        return raw


def stable_id(source: str, key: str) -> str:
    """The id under which a row of a source is kept, the same at every import.

    A hash in the form of a random UUID: ids of other kinds are refused everywhere.
    """
    digest = hashlib.sha256(f"hailong-import\0{source}\0{key}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))
