"""Work on an edition that no request waits for: who asked for it, how far it is, how it ended.

A small file beside the editions tells it. Whoever does the work holds a lock that the system takes away when
the process dies, so that work which was killed is seen as such at once and may be asked for again.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.editions.files import write_whole
from app.keys import configuration

CLOSE: Final = "close"
DOCUMENTS: Final = "documents"


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    # Begun, not ended, and nobody is at it: the process was killed.
    STUCK = "stuck"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class Work:
    """`done` of `total` steps; `problem` says why it ended without its end."""

    kind: str
    edition: str
    by: str
    asked_at: str
    reason: str = ""
    begun: bool = False
    ended: bool = False
    done: int = 0
    total: int = 0
    problem: str = ""

    @property
    def state(self) -> State:
        if self.ended:
            return State.REFUSED if self.problem else State.DONE
        if not self.begun:
            return State.WAITING
        return State.RUNNING if _is_held(self.kind, self.edition) else State.STUCK


class Taken(Exception):
    """Another process is doing this work."""


def ask(kind: str, edition: str, *, by: str, now: datetime, reason: str = "") -> Work:
    """Writes down that it was asked for; what an earlier process has left is begun again."""
    work = Work(kind, edition, by, now.isoformat(timespec="seconds"), reason.strip())
    _write(work)
    return work


def find_work(kind: str, edition: str) -> Work | None:
    try:
        return Work(**json.loads(_path(kind, edition).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def list_work() -> list[Work]:
    """What has not ended well, by edition."""
    names = sorted(path.stem for path in _folder().glob("*.json"))
    found = (find_work(*name.split("_", 1)) for name in names)
    return [work for work in found if work is not None and work.state is not State.DONE]


class Progress:
    """Told by whoever does the work."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def tell(self, done: int, total: int) -> None:
        self.work = replace(self.work, done=done, total=total)
        _write(self.work)

    def end(self, problem: str = "") -> None:
        self.work = replace(self.work, ended=True, problem=problem)
        _write(self.work)


@contextmanager
def doing(kind: str, edition: str) -> Iterator[Progress]:
    """Raises Taken while another process does it, and LookupError where nobody asked for it."""
    work = find_work(kind, edition)
    if work is None or work.ended:
        raise LookupError(f"{kind} {edition}")
    with _lock_file(kind, edition).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Taken from error
        progress = Progress(replace(work, begun=True))
        _write(progress.work)
        yield progress


def _is_held(kind: str, edition: str) -> bool:
    with _lock_file(kind, edition).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _folder() -> Path:
    return configuration().data_dir / "editions-work"


def _path(kind: str, edition: str) -> Path:
    """`edition` is the code of an EditionCode, so it leads nowhere else."""
    return _folder() / f"{kind}_{edition}.json"


def _lock_file(kind: str, edition: str) -> Path:
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    return _folder() / f"{kind}_{edition}.lock"


def _write(work: Work) -> None:
    path = _path(work.kind, work.edition)
    write_whole(path.parent, path.name, json.dumps(asdict(work), ensure_ascii=False).encode())
