"""What an uploaded file is, by its bytes: its name may say anything."""

from __future__ import annotations

import zipfile
from codecs import BOM_UTF8
from enum import StrEnum
from pathlib import Path
from typing import Final

_LOOKED_AT: Final = 4096
_WORKBOOK: Final = "xl/workbook.xml"


class Kind(StrEnum):
    """The kinds that are read; each value is the ending under which such a file is kept."""

    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"


def kind_of(path: Path) -> Kind:
    """The reader that has to try. What no reader takes is named by the reader of CSV, in its own words."""
    with path.open("rb") as stream:
        start = stream.read(_LOOKED_AT)
    if start.startswith(b"PK\x03\x04") and _is_workbook(path):
        return Kind.XLSX
    return Kind.NDJSON if start.removeprefix(BOM_UTF8).lstrip()[:1] in (b"{", b"[") else Kind.CSV


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return _WORKBOOK in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
