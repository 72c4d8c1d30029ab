"""A directory with every province and its departments but few communes, which loads in a moment."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

from app.catalogue.actions import publish_shipped
from app.csv_reading import RejectFile
from app.directory.standard import UNITS_FILE, import_standard_agencies
from app.directory.unit_import import import_units
from tests.support.acts import ACT
from tests.support.kept_work import load_once


def load_small_directory(
    folder: Path, communes: Collection[str] = (), provinces: Collection[str] = ()
) -> None:
    """Imports a cut of the shipped units and publishes the shipped questionnaires. Does not commit.

    Where provinces are named, the others are left out: closing a quarter takes as long as the country is.
    """
    key = ("small directory", tuple(communes), tuple(provinces))
    load_once(key, lambda: _load(folder, communes, provinces))


def _load(folder: Path, communes: Collection[str], provinces: Collection[str]) -> None:
    with UNITS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    head, units = rows[0], rows[1:]
    code, level = head.index("code"), head.index("level")
    kept = [
        row for row in units
        if row[code] in communes
        or (row[level] == "province" and (not provinces or row[code] in provinces))
    ]  # fmt: skip
    cut = folder / "units.csv"
    with cut.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *kept])
    with RejectFile(cut, folder / "rejects.csv") as rejects:
        import_units(cut, rejects, **ACT)
        assert not rejects.count
    import_standard_agencies(**ACT)
    publish_shipped(**ACT)
