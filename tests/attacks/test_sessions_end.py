"""Of a session that ends while it clicks, nothing comes back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from app.accounts import sessions
from app.accounts.models import StaffSession
from app.extensions import db
from app.transactions import transaction
from tests.attacks.conftest import Drill
from tests.support.accounts import COOKIE, NOW, enrolled, signed_in

LATER = NOW + timedelta(minutes=5)


def test_a_session_that_ends_during_a_click_stays_ended(app: Flask, drill: Drill) -> None:
    """Both begin at the same moment: the click has read the session, or has not yet."""
    person, count = enrolled(app).id, drill.scaled(25, 1_000)
    app.extensions["clock"] = lambda: LATER
    revived = late = 0
    with ThreadPoolExecutor(2) as pool:
        for _race in range(count):
            client = signed_in(app, person, now=NOW)
            cookie = client.get_cookie(COOKIE)
            assert cookie is not None
            start = threading.Barrier(2)

            def click(token: str = cookie.value, start: threading.Barrier = start) -> bool:
                with app.app_context():
                    visit = sessions.find_visit(token, now=LATER)
                    db.session.rollback()
                    start.wait()
                    with transaction():
                        return visit is not None and sessions.note_click(visit, now=LATER)

            def end(start: threading.Barrier = start) -> None:
                with app.app_context():
                    start.wait()
                    with transaction():
                        sessions.end_all(person)

            clicked, ended = pool.submit(click), pool.submit(end)
            ended.result()
            late += clicked.result()
            with app.app_context():
                revived += db.session.scalar(select(func.count()).select_from(StaffSession)) or 0
            revived += client.get("/quan-tri/phien").status_code == 200
    drill.report(n=count, clicks=late, revived=revived)
    assert revived == 0
    # Every click came through to the write, or there would have been no race.
    assert late == count
