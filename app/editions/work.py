"""Work on an edition that no request waits for: who asked for it, how far it is, how it ended.

A small file beside the editions tells it, and nothing else does: a queue only makes it begin sooner. Whoever
does the work, or changes what the file says, holds a lock that the system takes away when the process dies.
So work that was killed is seen as such at once, and what waits is found by the next worker that looks.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from app import clock
from app.editions.files import write_whole
from app.keys import configuration

CLOSE: Final = "close"
DOCUMENTS: Final = "documents"
SILENCE: Final = timedelta(minutes=5)
"""A worker looks every minute. Where none has for so long, none runs."""
PAUSE: Final = timedelta(hours=1)
"""Before work that a full disk or the like has ended is begun again."""
MOST_TRIES: Final = 5
"""Work that kills whoever begins it is left alone after so many times without coming any further."""
_LOOK_SECONDS: Final = 0.3


class State(StrEnum):
    WAITING = "waiting"
    # Waiting, but for some minutes no worker has looked: none runs. It may be asked for again.
    LOST = "lost"
    RUNNING = "running"
    # Begun, not ended, and nobody is at it: the process was killed.
    STUCK = "stuck"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class Work:
    """`done` of `total` steps; `problem` says why it ended without its end, `passing` that it may go away.

    `seen_at` is when a worker last had it in hand; `tries` counts how often it was begun since it last came
    further than ever before, which was `furthest`.
    """

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
    passing: bool = False
    seen_at: str = ""
    tries: int = 0
    furthest: int = 0

    @property
    def state(self) -> State:
        if self.ended:
            return State.REFUSED if self.problem else State.DONE
        if self.begun:
            return State.RUNNING if _is_held(self.kind, self.edition) else State.STUCK
        return State.LOST if self.quiet(clock.now()) > SILENCE else State.WAITING

    @property
    def is_taken_up(self) -> bool:
        """Whether a worker begins it by itself, now or after a pause."""
        return self.tries < MOST_TRIES and (not self.ended or self.passing)

    def quiet(self, now: datetime) -> timedelta:
        """Since a worker has last had it in hand, or since it was asked for."""
        return now - datetime.fromisoformat(self.seen_at or self.asked_at)


class Taken(Exception):
    """Another process is doing this work, or it waits for one."""


def ask(kind: str, edition: str, *, by: str, now: datetime, reason: str = "") -> Work:
    """Writes down that it was asked for; what an earlier process has left is begun again.

    Raises Taken where it is being done, or waits and a worker has looked at it lately.
    """
    with _alone(kind, edition):
        known = find_work(kind, edition)
        if known is not None and not (known.begun or known.ended) and known.quiet(now) <= SILENCE:
            raise Taken
        work = Work(kind, edition, by, _text(now), reason.strip())
        _write(work)
    return work


def find_work(kind: str, edition: str) -> Work | None:
    try:
        return Work(**json.loads(_path(kind, edition).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def list_work() -> list[Work]:
    """What has not ended well, by edition."""
    names = sorted(path.stem for path in _folder().glob("[a-z]*_*.json"))
    found = (find_work(*name.split("_", 1)) for name in names)
    return [work for work in found if work is not None and work.state is not State.DONE]


class Progress:
    """Told by whoever does the work."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def tell(self, done: int, total: int) -> None:
        further = done > self.work.furthest
        self._keep(
            done=done, total=total,
            furthest=max(done, self.work.furthest), tries=1 if further else self.work.tries,
        )  # fmt: skip

    def end(self, problem: str = "", *, passing: bool = False) -> None:
        """`passing` where the same may succeed later, although nobody has changed anything."""
        self._keep(ended=True, problem=problem, passing=passing)

    def leave(self) -> None:
        """Something else has to be over first; it waits again."""
        self._keep(begun=False, tries=self.work.tries - 1)

    def _keep(self, **changes: Any) -> None:
        self.work = replace(self.work, seen_at=_text(clock.now()), **changes)
        _write(self.work)


@contextmanager
def doing(kind: str, edition: str) -> Iterator[Progress]:
    """Raises Taken while another process does it, and LookupError where nobody asked for it."""
    with _alone(kind, edition):
        work = find_work(kind, edition)
        if work is None or work.ended:
            raise LookupError(f"{kind} {edition}")
        progress = Progress(replace(work, begun=True, seen_at=_text(clock.now()), tries=work.tries + 1))
        _write(progress.work)
        yield progress


def take_up(*, now: datetime) -> list[Work]:
    """What somebody has to begin now, what was asked for first coming first.

    It waits, or whoever was at it is gone, or it ended because of something that may have passed. All that
    waits is marked as seen.
    """
    found = []
    for work in list_work():
        # Whoever holds it is at it, or has just taken it.
        with suppress(Taken), _alone(work.kind, work.edition):
            known = find_work(work.kind, work.edition)
            if known is None or not known.is_taken_up or (known.ended and known.quiet(now) < PAUSE):
                continue
            _write(replace(known, ended=False, begun=False, problem="", passing=False, seen_at=_text(now)))
            found.append(known)
    return sorted(found, key=lambda work: (work.asked_at, work.edition))


@contextmanager
def one_batch() -> Iterator[None]:
    """Of all editions one has its documents made at a time: the other worker counts what comes in.

    Raises Taken.
    """
    with _held("batch.lock"):
        yield


def is_batch_running() -> bool:
    return _is_locked("batch.lock")


def _is_held(kind: str, edition: str) -> bool:
    return _is_locked(f"{kind}_{edition}.lock")


def _is_locked(name: str) -> bool:
    # Where hosts share the folder (NFS), who looks must be able to read the file, who holds it to write.
    with (_folder() / name).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _alone(kind: str, edition: str) -> AbstractContextManager[None]:
    """`edition` is the code of an EditionCode, so it leads nowhere else."""
    return _held(f"{kind}_{edition}.lock")


@contextmanager
def _held(name: str) -> Iterator[None]:
    """Whoever only looks holds it for a moment; who has it longer is at work, and Taken is raised."""
    with (_folder() / name).open("a+") as file:
        patience = time.monotonic() + _LOOK_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() > patience:
                    raise Taken from error
                time.sleep(0.02)
        yield


def _folder() -> Path:
    folder = configuration().data_dir / "editions-work"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(kind: str, edition: str) -> Path:
    return _folder() / f"{kind}_{edition}.json"


def _text(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _write(work: Work) -> None:
    path = _path(work.kind, work.edition)
    write_whole(path.parent, path.name, json.dumps(asdict(work), ensure_ascii=False).encode())
