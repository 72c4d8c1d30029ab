"""The folder of an edition: written beside its place, renamed into it, checked by the hashes of its manifest.

docs/adr/0013-editions.md says what lies in it. Whoever looks sees a whole edition or none.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.keys import configuration
from surveys.canonical import canonical_json

MANIFEST: Final = "manifest.json"
FIGURES: Final = "figures.ndjson"
INDEX: Final = "figures.index.json"
SEALED: Final = "sealed/inputs.ndjson"
TEXTS: Final = "texts.json"
_BEGUN: Final = ".dang-lap-"
_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class FileProblem:
    """A file of an edition that is not what its manifest says."""

    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}: {self.words}"


def editions_folder() -> Path:
    return configuration().data_dir / "editions"


def folder_of(code: str) -> Path:
    """`code` is that of an EditionCode, so it leads nowhere else."""
    return editions_folder() / code


class Draft:
    """An edition that is being written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write_json(self, name: str, value: object) -> None:
        self.path(name).write_text(canonical_json(value) + "\n", encoding="utf-8")

    def seal(self, facts: Mapping[str, Any]) -> str:
        """Writes the manifest over everything that lies here; returns its hash."""
        files = [
            {"path": name, "bytes": self.path(name).stat().st_size, "sha256": file_hash(self.path(name))}
            for name in list_files(self.folder)
            if name not in (SEALED, MANIFEST)
        ]
        sealed = {"path": SEALED, "sha256": file_hash(self.path(SEALED))}
        text = canonical_json({**facts, "files": files, "sealed": sealed}) + "\n"
        self.path(MANIFEST).write_text(text, encoding="utf-8")
        return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def drafting(code: str) -> Iterator[Draft]:
    """A draft that is gone again unless `place` has put it where it belongs."""
    parent = editions_folder()
    parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=f"{_BEGUN}{code}-"))
    try:
        yield Draft(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place(draft: Draft, code: str) -> None:
    """Everything is on disk before the folder gets its name.

    A folder of that name without a row in the database was left by a crash before its edition was
    recorded: nobody has ever seen it, so it makes room. The caller holds the turn in which rows are made.
    """
    for name in list_files(draft.folder):
        sync(draft.folder / name)
        # What was sealed is for verifying only; everything else is published.
        (draft.folder / name).chmod(0o400 if name == SEALED else 0o444)
    sync(draft.folder)
    target = folder_of(code)
    if target.exists():
        shutil.rmtree(target)
    draft.folder.chmod(0o755)
    draft.folder.rename(target)
    sync(target.parent)


def list_files(folder: Path) -> list[str]:
    """Every file of a folder by its relative path, in the order of their letters."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Raises OSError or ValueError where there is none."""
    data: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return data


def check_files(folder: Path, sha256: str) -> list[FileProblem]:
    """Every file against the manifest, and the manifest against the hash that was recorded."""
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError):
        return [FileProblem(MANIFEST, "không đọc được")]
    problems = []
    if file_hash(folder / MANIFEST) != sha256:
        problems.append(FileProblem(MANIFEST, "mã băm khác với mã đã ghi khi chốt"))
    named = [*manifest["files"], manifest["sealed"]]
    for entry in named:
        path = folder / entry["path"]
        if not path.is_file():
            problems.append(FileProblem(entry["path"], "không còn"))
        elif file_hash(path) != entry["sha256"]:
            problems.append(FileProblem(entry["path"], "đã bị thay đổi"))
    known = {MANIFEST, *(entry["path"] for entry in named)}
    extra = [name for name in list_files(folder) if name not in known]
    return problems + [FileProblem(name, "không có trong danh mục") for name in extra]


def sync(path: Path) -> None:
    """A file or folder is on the disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        # Some file systems know no sync of a folder; the files themselves are safe by then.
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
