"""The batch of documents is killed at random moments, and a worker with its queue, until all are there."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from app import ROOT
from app.directory.models import Agency, AgencyName
from app.editions.documents import SUMS, documents_folder, folder_name, make_documents
from app.editions.listing import get_edition
from app.editions.queries import report_files
from app.editions.reporting import ReportFiles
from app.editions.work import DOCUMENTS, State, find_work
from app.extensions import db
from app.serving import worker_command
from app.transactions import transaction
from surveys.collation import fold
from tests.support import citizens
from tests.support.editions import close_and_publish
from tests.support.killed_documents import assert_whole, contents, times
from tests.support.published import NOW, PUBLISHED
from tests.support.serving import environment_of, flask_command, killed, started
from tests.support.tallies import TallyWriter

AGENCIES = 100
KILLS = 15
WORKERS_KILLED = 2
EARLY_SECONDS, LATE_SECONDS = 5.0, 1.0
"""Of the deaths every other comes so soon after the start of a run, or after its first document."""
PATIENCE = 240


def publish_many(app: Flask) -> tuple[ReportFiles, Path]:
    """A quarter with so many agencies: its files, and where its documents belong."""
    citizens.prepare(app)
    start = date(2025, 7, 1)
    with app.app_context():
        with transaction():
            writer = TallyWriter(PUBLISHED)
            for number in range(AGENCIES):
                code = f"14-D{number:03}"
                db.session.add(Agency(code=code, province="14", kind="department", valid_from=start))
                db.session.flush()
                name = f"Đơn vị thứ {number}"
                db.session.add(AgencyName(agency=code, valid_from=start, name=name, folded=fold(name)))
                writer.rated(code, (60 + number, 20, 5, 3, 2))
            writer.write()
        close_and_publish(PUBLISHED, NOW)
        files = report_files(get_edition(PUBLISHED))
        return files, documents_folder() / folder_name(files)


def undisturbed(files: ReportFiles, folder: Path) -> Mapping[str, bytes]:
    return contents(make_documents(files, folder, processes=2).folder)


def wait_until(reached: Callable[[], bool]) -> float:
    """The seconds that it took."""
    begin = time.monotonic()
    while not reached():
        assert time.monotonic() - begin < PATIENCE, "it does not come by itself"
        time.sleep(0.2)
    return round(time.monotonic() - begin, 1)


def has_more(folder: Path, known: int, process: subprocess.Popen[bytes]) -> bool:
    return len(times(folder)) > known or process.poll() is not None


@pytest.mark.slow
def test_documents_whose_batch_is_killed_are_all_there_in_the_end(app: Flask, tmp_path: Path) -> None:
    chance = random.Random(os.environ.get("DRILL_SEED", "documents"))
    files, folder = publish_many(app)
    wanted = undisturbed(files, tmp_path / "undisturbed")
    environment = environment_of(app, tmp_path)
    command = flask_command("edition", "documents", PUBLISHED)
    kept: dict[str, int] = {}
    again = ended = 0
    for kill in range(KILLS):
        process = started(command, environment)
        if kill % 2:
            time.sleep(chance.uniform(0, EARLY_SECONDS))
        else:
            wait_until(partial(has_more, folder, len(kept), process))
            time.sleep(chance.uniform(0, LATE_SECONDS))
        ended += process.poll() is not None
        if chance.random() < 0.5:
            killed(process)
        else:
            # The process that makes documents lives on, and sees only after one that nobody asks any more.
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert contents(folder).items() <= wanted.items(), "a document that is not whole"
        found = times(folder)
        again += sum(kept[name] != found[name] for name in kept)
        kept = found
    before = len(kept)

    def run(*words: str, where: Path = ROOT) -> str:
        done = subprocess.run(words, cwd=where, env=environment, check=True, capture_output=True, text=True)
        return done.stdout

    run(*command)
    checked = run("sha256sum", "-c", SUMS, where=folder).splitlines()
    print(json.dumps({"drill": "killed documents", "n": len(checked), "kills": KILLS - ended,
                      "before_the_last": before, "written_again": again, "broken": 0}))  # fmt: skip
    assert_whole(folder, wanted)
    assert f"Đủ {len(wanted)} văn bản" in run(*command)


@pytest.mark.slow
def test_a_worker_that_lost_its_queue_and_was_killed_is_followed_by_another(
    app: Flask, tmp_path: Path
) -> None:
    """Nobody asks for anything after the publication, and nobody starts a command."""
    chance = random.Random(os.environ.get("DRILL_SEED", "worker"))
    files, folder = publish_many(app)
    wanted = undisturbed(files, tmp_path / "undisturbed")
    environment = environment_of(app, tmp_path)
    waited = []
    for _kill in range(WORKERS_KILLED):
        worker = started(worker_command(), environment)
        waited.append(wait_until(partial(has_more, folder, len(times(folder)), worker)))
        time.sleep(chance.uniform(0, 2))
        killed(worker)
        (tmp_path / "jobs.db").unlink()
        assert contents(folder).items() <= wanted.items(), "a document that is not whole"
    worker = started(worker_command(), environment)

    def is_done() -> bool:
        with app.app_context():
            found = find_work(DOCUMENTS, PUBLISHED)
            return found is not None and found.state is State.DONE

    try:
        waited.append(wait_until(is_done))
    finally:
        killed(worker)
    print(json.dumps({"drill": "killed workers", "n": len(wanted), "kills": WORKERS_KILLED,
                      "seconds_until_the_first_and_all": waited, "broken": 0}))  # fmt: skip
    assert_whole(folder, wanted)
