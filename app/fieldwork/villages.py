"""Villages of a round as somebody types them or keeps them in a table: bad rows are named, none is lost."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

MOST_ROWS: Final = 3_000
MOST_TARGET: Final = 2_000
MOST_NAME: Final = 100
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_COLUMNS: Final = 4


@dataclass(frozen=True, slots=True)
class VillageLine:
    """`village` is the commune's five digits, a hyphen and the number with two or three digits."""

    village: str
    commune: str
    name: str
    target: int


@dataclass(frozen=True, slots=True)
class BadLine:
    number: int
    text: str
    why: str


def village_code(commune: str, number: int) -> str:
    return f"{commune}-{number:02}"


def read_villages(
    text: str, communes: Collection[str], own: str = ""
) -> tuple[list[VillageLine], list[BadLine]]:
    """Rows of commune, number, name and target, separated by commas, semicolons or tabs.

    `own` is the commune of a round that has only one: its column may then be left out. A row of headings
    (no digit in it) and empty lines are passed over. The order of the lines stays.
    """
    good: list[VillageLine] = []
    bad: list[BadLine] = []
    seen: dict[str, int] = {}
    for number, line, cells in _rows(text):
        if len(good) + len(bad) >= MOST_ROWS:
            bad.append(BadLine(number, line, _("Nhiều hơn %(most)s dòng; hãy chia ra", most=MOST_ROWS)))
            break
        row, why = _read(cells, communes, own)
        if row is None:
            bad.append(BadLine(number, line, why))
        elif row.village in seen:
            again = _("Trùng thôn, bản với dòng %(line)s", line=seen[row.village])
            bad.append(BadLine(number, line, again))
        else:
            seen[row.village] = number
            good.append(row)
    return good, bad


def _rows(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Number, line and cells of every line that says something."""
    for number, raw in enumerate(unicodedata.normalize("NFC", text.lstrip("\ufeff")).splitlines(), start=1):
        line = raw.strip()
        if not line or (number == 1 and not any(letter.isdigit() for letter in line)):
            continue
        separator = next((mark for mark in ("\t", ";", ",") if mark in line), ",")
        # One line at a time: a quotation mark that is never closed spoils its own line and no other.
        cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
        yield number, line, [" ".join(cell.split()) for cell in cells]


def _read(cells: list[str], communes: Collection[str], own: str) -> tuple[VillageLine | None, str]:
    """The row, or None and why."""
    if own and len(cells) == _COLUMNS - 1:
        cells = [own, *cells]
    if len(cells) != _COLUMNS:
        return None, _("Cần mã xã, số thứ tự, tên, số phiếu; dòng này có %(count)s ô", count=len(cells))
    commune, number, name, target = cells
    # A table program takes the zeros off the front of a code.
    commune = commune.zfill(5) if commune.isascii() and commune.isdigit() else commune
    if commune not in communes:
        return None, _("Không có xã, phường mã “%(code)s” trong phạm vi của đợt", code=commune)
    if not _whole(number, 999):
        return None, _("Số thứ tự thôn, bản là số từ 1 đến 999")
    if not name or len(name) > MOST_NAME or _CONTROL.search(name):
        return None, _("Hãy ghi tên thôn, bản, không quá %(most)s ký tự", most=MOST_NAME)
    if not _whole(target, MOST_TARGET):
        return None, _("Số phiếu cần làm là số từ 1 đến %(most)s", most=MOST_TARGET)
    return VillageLine(village_code(commune, int(number)), commune, name, int(target)), ""


def _whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most
