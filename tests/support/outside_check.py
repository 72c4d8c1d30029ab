"""An edition as somebody outside holds it, the program that checks it, and ways to falsify it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from app.editions import check_edition
from app.editions.shelf import FrozenEdition
from exports.open_data import OpenDataInfo, sealed_target, write_open_data
from surveys.canonical import canonical_json
from surveys.editions import EditionCode
from tests.support.tallies import TallyWriter

PROGRAM = Path(check_edition.__file__)


def write_two_quarters() -> None:
    """Links, field and imports, factors, questions, procedures, set aside, something hidden. No commit."""
    for quarter, extra in (("2026-Q2", 0), ("2026-Q3", 25)):
        writer = TallyWriter(quarter)
        writer.rated("14-SKHCN", (60 + extra, 31, 14, 3, 2))
        writer.rated("14-SKHCN", (20, 14, 4, 1, 1), channel="import")
        writer.rated("14-SKHCN", (20, 10, 5, 3, 3), channel="qr")
        writer.rated("14-SKHCN", (10, 10, 5, 3, 2), phase="just-submitted")
        writer.rated("14-SKHCN", (30, 20, 5, 3, 2), question="access")
        writer.rated("14-SKHCN", (8, 6, 0, 0, 0), question="access", assigned=False)
        writer.values("14-SKHCN", "prefilled", {"mostly": 40, "partly": 30, "nothing": 20, "unnoticed": 10})
        writer.values("14-SKHCN", "_fill", {"30": 20, "45": 60, "60": 20})
        writer.values("14-SKHCN", "_set_aside", {"too-fast": 12})
        writer.procedure("14-SKHCN", "1.004616", (40, 20, 4, 3, 2))
        writer.rated("14-SNV", (42, 38, 11 + extra, 5, 4))
        writer.rated("14-SNV", (20, 25, 5, 3, 4), question="access")
        writer.rated("14-STP", (11, 8, 2, 1, 1))
        writer.rated("14-SXD", (4, 1, 1, 1, 0))
        writer.rated("51-SKHCN", (70, 20, 5, 3, 2 + extra))
        writer.rated("51-SNV", (40, 20, 20, 10, 10))
        writer.villages("03646", {str(village): (2 + village % 3, 2, 1, 0, 0) for village in range(12)})
        writer.write()


def copy_of(folder: Path, target: Path) -> Path:
    """Without what is sealed, and writable."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("sealed"))
    for path in target.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return target


def reseal(folder: Path) -> None:
    """Makes the index and the manifest fit the files again, as a forger would."""
    lines = (folder / "figures.ndjson").read_bytes().splitlines(keepends=True)
    index, start = {}, 0
    for line in lines:
        place = json.loads(line)["place"]
        index[place["code"]] = [start, len(line), place["parent"]]
        start += len(line)
    (folder / "figures.index.json").write_text(json.dumps(index))
    manifest = json.loads((folder / "manifest.json").read_text())
    names = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    manifest["files"] = [
        {
            "path": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in names
    ]
    (folder / "manifest.json").write_text(canonical_json(manifest))


def edit_figures(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """`change` gets the figures by code; everything around them is made to fit."""
    path = folder / "figures.ndjson"
    places = {line["place"]["code"]: line for line in map(json.loads, path.read_text().splitlines())}
    change(places)
    path.write_text("".join(canonical_json(line) + "\n" for line in places.values()))
    reseal(folder)


def write_table_anew(folder: Path) -> None:
    """The open data as the program would write it from the figures that now lie here."""
    manifest = json.loads((folder / "manifest.json").read_text())
    code, closed_at = EditionCode.parse(manifest["edition"]), datetime.fromisoformat(manifest["closed_at"])
    info = OpenDataInfo(code, closed_at, publisher="")
    write_open_data(folder, info, FrozenEdition(folder, "").every, sealed_target)
    reseal(folder)


def numbers_in(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every number of the figures of a place, the thresholds and times of filling left aside."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("thresholds", "median_fill_seconds", "aside", "reviews", "weighted", "rank"):
                yield from numbers_in(inner, (*way, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from numbers_in(inner, (*way, index))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield way


def raise_number(figures: dict[str, Any], way: tuple[Any, ...]) -> None:
    *above, last = way
    for key in above:
        figures = figures[key]
    figures[last] = figures[last] + 1 if isinstance(figures[last], int) else figures[last] * 1.01 + 0.001


def run_check(*words: str) -> subprocess.CompletedProcess[str]:
    """As somebody outside runs it: a bare Python that finds no module of ours."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(PROGRAM), *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd="/",
    )
