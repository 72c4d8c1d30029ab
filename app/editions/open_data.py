"""The open data of published editions: whole files as they were frozen, and of them the rows of a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Final

from app.editions.heads import MINISTRY
from app.editions.listing import find_edition, find_newest, frozen, info_of
from app.editions.models import Edition
from app.editions.revisions import Address
from app.editions.rules import UnknownEdition
from app.editions.shelf import FrozenEdition
from app.results.source import UnknownPlace
from surveys.periods import Locale
from surveys.printing import decimal_text
from surveys.scoring import rounded

FOLDER: Final = "data"
STEM: Final = "ket-qua"
# As `exports.open_data.FORMATS` has them; that module brings libraries that most pages never need.
FORMATS: Final = ("csv", "xlsx", "json", "parquet")
FORMAT_NAMES: Final = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "parquet": "Parquet"}
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "jsonld": "application/ld+json",
}


@dataclass(frozen=True)
class FrozenFile:
    """A file of an edition with what its manifest says of it."""

    edition: Edition
    path: Path
    bytes: int
    sha256: str

    @property
    def extension(self) -> str:
        return self.path.suffix.removeprefix(".")

    @property
    def name(self) -> str:
        """What a format is called on a page."""
        return FORMAT_NAMES.get(self.extension, self.extension)

    @property
    def download_name(self) -> str:
        """Says of which edition it is, wherever it ends up."""
        if self.path.stem == STEM:
            return f"{STEM}-{self.edition.code}.{self.extension}"
        return f"{self.edition.code}-{self.path.name}"

    def size_in(self, locale: Locale) -> str:
        """ "1,2 MB", or "48,3 kB" where it is less than one."""
        large = self.bytes >= 1_000_000
        number = rounded(Fraction(self.bytes, 1_000_000 if large else 1_000), 1)
        return f"{decimal_text(number, locale)}\u00a0{'MB' if large else 'kB'}"


def get_published(period: str) -> Edition:
    """The edition of an address: exactly that one where it is pinned, else the newest one of the period.

    Raises UnknownEdition for what is not published, as if it were not there.
    """
    try:
        address = Address.parse(period)
    except ValueError:
        raise UnknownEdition(period) from None
    code = address.edition
    found = find_edition(code.code) if address.pinned else find_newest(code.period.code)
    if found is None or found.published_at is None:
        raise UnknownEdition(period)
    return found


def get_file(edition: Edition, name: str) -> FrozenFile:
    """Raises UnknownEdition where the edition has no such file."""
    for found in _files(edition):
        if found.path.name == name:
            return found
    raise UnknownEdition(f"{edition.code} {name}")


def offered_files(edition: Edition) -> Sequence[FrozenFile]:
    """The table in every format that the edition has."""
    names = {f"{STEM}.{extension}": at for at, extension in enumerate(FORMATS)}
    found = [item for item in _files(edition) if item.path.name in names]
    return sorted(found, key=lambda item: names[item.path.name])


def _files(edition: Edition) -> list[FrozenFile]:
    shelf: FrozenEdition = frozen(edition)
    return [
        FrozenFile(edition, shelf.folder / entry["path"], entry["bytes"], entry["sha256"])
        for entry in shelf.manifest["files"]
        if entry["path"].startswith(f"{FOLDER}/")
    ]


def place_tag(edition: Edition, place: str, extension: str) -> str:
    """Changes with everything that the file of a place is made from, and is known before it is made.

    Raises UnknownPlace.
    """
    if frozen(edition).find(place, brief=True) is None:
        raise UnknownPlace(f"{edition.code} {place}")
    source = get_file(edition, f"{STEM}.parquet").sha256
    return sha256(f"{source}/{place}.{extension}".encode()).hexdigest()


def place_content(edition: Edition, place: str, extension: str) -> bytes:
    """The frozen rows of a place as a file of their own."""
    from exports.open_data import OpenDataInfo, table_file
    from exports.parquet import read_place

    known = info_of(edition)
    info = OpenDataInfo(known.edition, known.closed_at, MINISTRY, url=known.url, demo=known.demo)
    rows = read_place(get_file(edition, f"{STEM}.parquet").path, place)
    return table_file(extension, info, rows)
