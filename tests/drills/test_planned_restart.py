"""`flask serve` is stopped and started while people answer and staff read: nobody loses anything by it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.roles import Role
from tests.support import citizens
from tests.support.accounts import PASSWORD, SECRET, enrolled
from tests.support.citizens import AGENCY
from tests.support.crowds import Crowd, Reader, Slow, at_work
from tests.support.outside import Browser, hidden, sign_in
from tests.support.postgres import free_port
from tests.support.serving import NO_LIMITS, Service, environment_of, stored, tallied

RESTARTS = 6
SENDERS, SLOW, ANSWERS = 8, 4, 300
STAFF = {"mot@bo.vn": (Role.MINISTRY, "nation"), "hai@bo.vn": (Role.PROVINCE, "14")}
PAGES = ("/quan-tri", "/quan-tri/phien", "/quan-tri/co-quan", "/quan-tri/so-phieu")
FORM_PAGE = f"/phieu/{AGENCY}"



def restart(service: Service, crowd: Crowd) -> tuple[int, float]:
    """How many of the slow ones were still answered, and the seconds until everything had ended."""
    slow = [Slow.begun(crowd) for _ in range(SLOW)]
    time.sleep(0.2)
    service.ask_to_stop()
    time.sleep(0.3)
    finished = sum(one.finish() for one in slow)
    seconds = service.wait() + 0.3
    service.start()
    return finished, seconds


@pytest.mark.slow
def test_a_planned_restart_loses_nothing(app: Flask, tmp_path: Path) -> None:
    citizens.prepare(app)
    for email, grant in STAFF.items():
        enrolled(app, email, grant)
    service = Service(environment_of(app, tmp_path, **NO_LIMITS), free_port())
    try:
        service.start()
        with Browser(service.port) as visitor:
            crowd = Crowd(service.port, FORM_PAGE, hidden(visitor.get(FORM_PAGE).text)["t"])
        seats = [sign_in(service.port, email=email, password=PASSWORD, secret=SECRET) for email in STAFF]
        readers = [Reader(seat, PAGES, crowd.over) for seat in seats]
        finished, seconds = 0, []
        with at_work(crowd, SENDERS, readers):
            for _restart in range(RESTARTS):
                crowd.wait_for(ANSWERS)
                done, took = restart(service, crowd)
                finished, seconds = finished + done, [*seconds, round(took, 1)]
            crowd.wait_for(ANSWERS)
        again = crowd.send_again(every=5)
        own_pages = []
        for seat in seats:
            with seat:
                own_pages.append(seat.get("/quan-tri/phien").status)
    finally:
        service.end()
    kept, counted = stored(app), tallied(app, service.environment)
    print(json.dumps({
        "drill": "planned restart", "restarts": RESTARTS, "n": len(crowd.receipts), "kept": len(kept),
        "counted": counted, "tries": crowd.tries, "unanswered": len(crowd.unanswered), "again": len(again),
        "slow": SLOW * RESTARTS, "slow_finished": finished, "staff": [one.statuses for one in readers],
        "seconds_to_stop": seconds,
    }))  # fmt: skip
    assert set(crowd.receipts) <= kept
    assert len(kept) == counted == len(crowd.receipts) + finished
    assert crowd.unanswered <= set(again)
    assert again.items() <= crowd.receipts.items()
    assert own_pages == [200, 200]
    assert {status for one in readers for status in one.statuses if status.isdigit()} == {"200"}
    assert finished == SLOW * RESTARTS
