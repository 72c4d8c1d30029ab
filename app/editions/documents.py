"""The official documents of an edition: the report of the nation, of every province, of every agency.

They are made from the frozen files alone (`reporting.py`) and lie in a folder whose name stands for all that
they are made from. So a folder never mixes two editions, a draft with its publication, or two addresses of
the service, and a run that was killed is continued by the next one: what is there is whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.editions.document_workers import WorkerFailed, document_name, make_in_processes
from app.editions.files import TEMPORARY, sweep_left_over, write_whole
from app.editions.fileset import check_files, file_hash, sync
from app.editions.reporting import FrozenFigures, ReportFiles, counted_figures, has_answers
from app.editions.rules import Damaged
from app.editions.shelf import FrozenEdition
from app.editions.work import Taken
from app.keys import configuration
from surveys.canonical import canonical_json
from surveys.figures import NATION, Place

KINDS: Final = ("agency", "province", "nation")
SUMS: Final = "SHA256SUMS"
MOST_PROCESSES: Final = 64
MOST_FAILURES: Final = 5
"""So many documents may fail before the rest is not tried any more: then it is the machine."""
_LOCK: Final = ".dang-lap"
_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True)
class Made:
    """What a run leaves: where, how many documents were wanted, how many of them it had to make."""

    folder: Path
    total: int
    made: int
    bytes: int
    sha256: str
    """Of SHA256SUMS, and thereby of every document that lies there."""


def _unseen(_done: int, _total: int) -> None:
    """Nobody watches."""


def make_documents(
    files: ReportFiles,
    parent: Path,
    *,
    kind: str = "",
    processes: int = 1,
    tell: Callable[[int, int], None] = _unseen,
) -> Made:
    """Makes what is not there yet and writes SHA256SUMS over all that is.

    `kind` is one of KINDS, "" for all of them; `tell` hears how many of how many are there. Raises Taken
    while another process works in the folder, Damaged, NothingCounted, OSError, and WorkerFailed once what
    can be made is there.
    """
    if any(check_files(edition.folder, edition.sha256) for edition in files.editions.values()):
        raise Damaged
    folder = parent / folder_name(files)
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        sweep_left_over(folder)
        wanted = list_places(files, kind)
        missing = _missing(folder, files, wanted)
        done = len(wanted) - len(missing)
        tell(done, len(wanted))
        failed = None
        for outcome in _each(files, folder, missing, processes):
            if isinstance(outcome, WorkerFailed):
                failed = failed or outcome
                continue
            done += 1
            tell(done, len(wanted))
        # Of a process whose parent was killed, and that was killed after it.
        sweep_left_over(folder)
        if failed is not None:
            raise failed
        sums = _write_sums(folder)
    sizes = ((folder / document_name(files.info.code, place)).stat().st_size for place in wanted)
    return Made(folder, len(wanted), len(missing), sum(sizes), sums)


def _each(
    files: ReportFiles, folder: Path, places: Sequence[str], processes: int
) -> Iterator[str | WorkerFailed]:
    """Each place whose document was made, and what went wrong with others: one of them keeps up none."""
    left, failures = list(places), 0
    while left and failures < MOST_FAILURES:
        try:
            for place in make_in_processes(_unread(files), folder, left.copy(), processes):
                left.remove(place)
                yield place
        except WorkerFailed as error:
            left.remove(error.place)
            failures += 1
            yield error


def documents_folder() -> Path:
    return configuration().data_dir / "editions-documents"


def folder_name(files: ReportFiles) -> str:
    """Another name wherever anything that is printed would be another: "2026-Q3-5f0c9e2b71d4"."""
    info = files.info
    made_from = {
        "editions": sorted(edition.sha256 for edition in files.editions.values()),
        "published_at": info.published_at.isoformat() if info.published_at else "",
        "url": info.url,
        "demonstration": info.demo,
        "method_version": info.method_version,
    }
    return f"{info.code}-{hashlib.sha256(canonical_json(made_from).encode()).hexdigest()[:12]}"


def document_path(files: ReportFiles, place: str) -> Path:
    """Where the service keeps the document, made or not."""
    return documents_folder() / folder_name(files) / document_name(files.info.code, place)


def list_places(files: ReportFiles, kind: str = "") -> list[str]:
    """The places that have answers, nation and provinces first. Raises NothingCounted where nobody has."""
    counted_figures(FrozenFigures(files.editions), NATION, files.quarter)
    return [
        figures.place.code
        for figures in files.own.every()
        if has_answers(figures) and kind in ("", _kind_of(figures.place))
    ]


def _kind_of(place: Place) -> str:
    return "agency" if place.is_agency else place.kind


def is_ended(files: ReportFiles) -> bool:
    """Whether a run of the batch has come to its end."""
    return (documents_folder() / folder_name(files) / SUMS).is_file()


def count_made(files: ReportFiles) -> int:
    """How many documents the service has; whatever is there is whole."""
    return len(_list_documents(documents_folder() / folder_name(files)))


def _list_documents(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.pdf") if not path.name.startswith(TEMPORARY))


def _missing(folder: Path, files: ReportFiles, places: Sequence[str]) -> list[str]:
    """What is not there, and what is no longer what SHA256SUMS says of it."""
    known = _read_sums(folder)
    missing = []
    for place in places:
        path = folder / document_name(files.info.code, place)
        if not path.is_file() or known.get(path.name) not in (None, file_hash(path)):
            missing.append(place)
    return missing


def _read_sums(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    found = (_LINE.fullmatch(line) for line in lines)
    return {line[2]: line[1] for line in found if line is not None}


def _write_sums(folder: Path) -> str:
    """In the form that `sha256sum -c` reads; only written anew where it says something else."""
    # The names of the documents are on the disk before anything says that they are there.
    sync(folder)
    lines = [f"{file_hash(path)}  {path.name}\n" for path in _list_documents(folder)]
    content = "".join(lines).encode()
    path = folder / SUMS
    if not path.is_file() or path.read_bytes() != content:
        write_whole(folder, SUMS, content)
        sync(folder)
    return hashlib.sha256(content).hexdigest()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Taken from error
        yield


def _unread(files: ReportFiles) -> ReportFiles:
    """The same files with nothing read yet, so that little is handed to another process."""
    editions = {
        period: FrozenEdition(edition.folder, edition.sha256) for period, edition in files.editions.items()
    }
    return ReportFiles(files.info, editions)
