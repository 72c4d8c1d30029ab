"""A server that is killed in the middle of its work has kept every answer that it acknowledged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from tests.browser.conftest import wait_until_ready
from tests.support import citizens
from tests.support.citizens import AGENCY
from tests.support.crowds import Crowd, at_work
from tests.support.outside import Browser, hidden
from tests.support.postgres import free_port
from tests.support.serving import (
    NO_LIMITS,
    environment_of,
    granian_command,
    killed,
    started,
    stored,
    tallied,
)

KILLS = 5
SENDERS, ANSWERS = 8, 100
FORM_PAGE = f"/phieu/{AGENCY}"


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(app: Flask, tmp_path: Path) -> None:
    citizens.prepare(app)
    environment, port = environment_of(app, tmp_path, **NO_LIMITS), free_port()
    command, url = granian_command(port, 1, 8), f"http://127.0.0.1:{port}"
    process = started(command, environment)
    try:
        wait_until_ready(url, process)
        with Browser(port) as visitor:
            crowd = Crowd(port, FORM_PAGE, hidden(visitor.get(FORM_PAGE).text)["t"])
        with at_work(crowd, SENDERS):
            for _kill in range(KILLS):
                crowd.wait_for(ANSWERS)
                killed(process)
                process = started(command, environment)
                wait_until_ready(url, process)
            crowd.wait_for(ANSWERS)
        again = crowd.send_again(every=5)
    finally:
        killed(process)
    kept, counted = stored(app), tallied(app, environment)
    print(json.dumps({
        "drill": "killed server", "kills": KILLS, "n": len(crowd.receipts), "kept": len(kept),
        "counted": counted, "tries": crowd.tries, "unanswered": len(crowd.unanswered), "again": len(again),
    }))  # fmt: skip
    assert len(crowd.receipts) >= ANSWERS * KILLS
    # Whoever got no answer sent the same once more, and it is one answer.
    assert crowd.unanswered
    assert set(crowd.receipts) == kept
    assert counted == len(kept)
    assert again.items() <= crowd.receipts.items()
