"""What a batch of documents that was killed may leave, and what it must have made in the end."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from app.editions.documents import SUMS
from app.editions.files import TEMPORARY


def contents(folder: Path) -> dict[str, bytes]:
    """Every document by its name; what is not whole yet has another name."""
    return {path.name: path.read_bytes() for path in folder.glob("[!.]*.pdf")}


def times(folder: Path) -> dict[str, int]:
    """When each document was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("[!.]*.pdf")}


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob(f"{TEMPORARY}*"))


def assert_whole(folder: Path, undisturbed: Mapping[str, bytes]) -> None:
    """All of them, to the byte, each with its hash, and nothing else."""
    made = contents(folder)
    assert made.keys() == undisturbed.keys()
    assert [name for name in made if made[name] != undisturbed[name]] == []
    sums = dict(line.split("  ")[::-1] for line in (folder / SUMS).read_text().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in made.items()}
    assert left_over(folder) == []
