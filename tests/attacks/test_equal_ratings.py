"""Every opinion is equally easy to give: five ratings, the same steps, the same answer, the same shape."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.responding import answering
from app.responding.models import Response
from tests.attacks.conftest import Drill
from tests.support import citizens
from tests.support.citizens import AGENCY, NOW, hidden_fields, post

RATINGS = ("5", "4", "3", "2", "1")
VARIABLE = re.compile(rb"[A-Z2-7]{4}( ?[A-Z2-7]{4}){3}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|"
                      rb"[0-9]{10}\.[0-9a-f]{32}")  # fmt: skip


@pytest.fixture
def house(app: Flask, set_now: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch) -> Flask:
    set_now(NOW)
    citizens.prepare(app)
    with app.app_context():
        questionnaire = get_questionnaire("COT_LOI", "1.0")
    wanted = questionnaire.assigned(uuid4())

    def same_part() -> UUID:
        """Which of the rotating questions are asked follows from the id, and is no matter of the rating."""
        return next(one for one in iter(uuid4, None) if questionnaire.assigned(one) == wanted)

    monkeypatch.setattr(answering, "uuid4", same_part)
    return app


def told(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that comes back; ids, receipts and signed times are as long as they are."""
    headers = sorted((name, VARIABLE.sub(b"#", value.encode()).decode()) for name, value in answer.headers)
    return answer.status_code, VARIABLE.sub(b"#", answer.get_data()), headers


def walk(client: FlaskClient, path: str, rating: str, now: Callable[[timedelta], None]) -> list[Any]:
    """The form, the sending of it, and the page after it."""
    now(timedelta())
    form = client.get(path)
    now(timedelta(seconds=60))
    sent = post(client, path, {**hidden_fields(form.text), "satisfaction": rating})
    thanks = client.get(sent.headers["Location"])
    return [told(form), told(sent), told(thanks)]


def shape(row: Response) -> dict[str, Any]:
    """Which columns hold something and how long it is, never what."""
    kept = {}
    for column in Response.__table__.columns:
        value = getattr(row, column.name)
        kept[column.name] = (type(value).__name__, len(str(value)), len(str(value).encode()))
    return kept


@pytest.mark.parametrize("way", ["link", "open"])
def test_five_ratings_take_the_same_way(
    house: Flask, drill: Drill, set_now: Callable[[datetime], None], way: str
) -> None:
    # Within the budget of an open form for one minute, in which the clock stands.
    count = drill.scaled(2, 12)
    tokens = citizens.links(house, count * len(RATINGS))
    walks, answers = defaultdict(list), {}
    for number, token in enumerate(tokens):
        rating = RATINGS[number % len(RATINGS)]
        path = f"/k/{token}" if way == "link" else f"/phieu/{AGENCY}"
        walks[rating].append(walk(house.test_client(), path, rating, lambda past: set_now(NOW + past)))
    assert len({repr(steps) for walked in walks.values() for steps in walked}) == 1
    with house.app_context():
        rows = list(db.session.scalars(select(Response)))
        for row in rows:
            answers.setdefault(row.answers, set()).add(repr(sorted(shape(row).items())))
    assert len(rows) == len(tokens)
    assert set(answers) == {f'{{"satisfaction":{rating}}}' for rating in RATINGS}
    assert len(set().union(*answers.values())) == 1
    drill.report(n=len(tokens), ways=1, shapes=1)


def test_every_rating_is_refused_and_corrected_alike(house: Flask) -> None:
    """With the same mistake beside it, each gives the same page but for the level that stays chosen."""
    pages = set()
    for rating in RATINGS:
        client = house.test_client()
        hidden = hidden_fields(client.get(f"/phieu/{AGENCY}").text)
        answer = post(client, f"/phieu/{AGENCY}", {**hidden, "satisfaction": rating, "result": "9"})
        assert answer.status_code == 400
        status, body, _headers = told(answer)
        pages.add((status, len(body)))
    assert len(pages) == 1
