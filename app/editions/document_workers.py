"""Processes that make documents. Each is begun anew and ends after some documents.

None is forked: a fork takes over locks of threads that it does not have. And nothing that a process keeps can
grow for hours.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Final

from app.editions.files import obstacle, safe_name, write_whole
from app.editions.reporting import ReportFiles, report_of

RECYCLED_AFTER: Final = 200
"""Documents of one process. Beginning another takes about as long as ten documents."""
PATIENCE_SECONDS: Final = 900.0
"""No document takes nearly so long; a process that has not answered for so long never will."""
NICENESS: Final = 10
"""Whoever answers citizens on the same machine comes first."""
_ANSWER_SECONDS: Final = 5


def document_name(edition: str, place: str) -> str:
    """As `flask report quarter` calls it: "2026-Q3-14-SYT.pdf"."""
    return safe_name(f"{edition}-{place}.pdf")


def make_document(files: ReportFiles, folder: Path, place: str) -> Path:
    """Makes one document and writes it as a whole. Raises UnknownPlace, NothingCounted, OSError."""
    # The document library is large, and most processes never need it.
    from exports.quarterly import render_quarterly

    content = render_quarterly(report_of(files, place))
    return write_whole(folder, document_name(files.info.code, place), content)


class WorkerFailed(Exception):
    """A document could not be made. What was made before is there, and the next run goes on from it."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place, self.problem = place, problem


def make_in_processes(
    files: ReportFiles,
    folder: Path,
    places: Sequence[str],
    processes: int,
    recycled_after: int = RECYCLED_AFTER,
) -> Iterator[str]:
    """Yields each place when its document lies in the folder.

    Raises WorkerFailed at the first that fails, or that nobody answers for.
    """
    waiting = list(reversed(places))
    workers: dict[Connection, _Worker] = {}
    try:
        while waiting or workers:
            while waiting and len(workers) < processes:
                worker = _Worker(files, folder, recycled_after)
                workers[worker.pipe] = worker
                worker.give(waiting.pop())
            answered = wait(list(workers), PATIENCE_SECONDS)
            if not answered:
                raise WorkerFailed(next(iter(workers.values())).place, "tiến trình lập văn bản không trả lời")
            for pipe in answered:
                assert isinstance(pipe, Connection), "only pipes are waited for"
                worker = workers[pipe]
                yield worker.taken()
                if waiting and worker.left:
                    worker.give(waiting.pop())
                else:
                    workers.pop(pipe).end()
    finally:
        for worker in workers.values():
            worker.stop()


class _Worker:
    """One process and our end of the pipe to it."""

    def __init__(self, files: ReportFiles, folder: Path, left: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.left = left
        self.place = ""
        self._process = context.Process(target=_work, args=(theirs, files, folder), daemon=True)
        self._process.start()
        # Without this the end of the process would never be seen at our end.
        theirs.close()

    def give(self, place: str) -> None:
        self.place, self.left = place, self.left - 1
        with suppress(BrokenPipeError):
            # Of a process that is gone we hear when its answer is waited for.
            self.pipe.send_bytes(place.encode())

    def taken(self) -> str:
        """The place whose document was made. Raises WorkerFailed."""
        try:
            problem = self.pipe.recv_bytes().decode()
        except (EOFError, ConnectionResetError):
            self._process.join(_ANSWER_SECONDS)
            problem = f"tiến trình lập văn bản dừng giữa chừng (mã {self._process.exitcode})"
        if problem:
            raise WorkerFailed(self.place, problem)
        return self.place

    def end(self) -> None:
        self.pipe.close()
        self._process.join()

    def stop(self) -> None:
        self._process.kill()
        self.end()


def _work(pipe: Connection, files: ReportFiles, folder: Path) -> None:
    """Until nobody asks any more: also where whoever asked was killed."""
    # Ctrl-C reaches every process of a terminal; the one that asked tells the others to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            place = pipe.recv_bytes().decode()
            pipe.send_bytes(_make(files, folder, place).encode())


def _make(files: ReportFiles, folder: Path, place: str) -> str:
    """What went wrong, in words; nothing where the document lies in its place."""
    try:
        make_document(files, folder, place)
    except OSError as error:
        return f"không ghi được: {obstacle(error)}"
    except Exception as error:
        return f"lỗi của phần mềm ({type(error).__name__}: {error})"
    return ""
