"""Doors on paper: keyed in by two people they count once, and interviews enter the rates with them."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.roles import Role
from app.errors import Conflict
from app.extensions import db
from app.fieldwork.models import VisitCount
from app.fieldwork.paper.models import PaperTally
from app.fieldwork.paper.records import choices_of
from app.fieldwork.paper.rules import (
    BadForm,
    KeyedByYou,
    KeyedTwice,
    NothingToSettle,
    StillDiffers,
    TallyCounted,
)
from app.fieldwork.paper.tallies import (
    TallyKey,
    check_tally,
    decide_tally,
    discard_tally,
    get_unsettled_tally,
    key_tally,
    tallies_of,
)
from app.fieldwork.progress import Doors, progress_of
from app.fieldwork.rates import count_doors
from app.fieldwork.retention import part_rounds
from app.fieldwork.rules import ChangedMeanwhile, RoundIsOver
from app.transactions import transaction
from tests.support.accounts import member_client, token_on
from tests.support.at_once import at_once
from tests.support.audit import recorded
from tests.support.field_work import a_visit
from tests.support.phones import COMMUNE, NOW, ROUND, TODAY, VILLAGE, prepare
from tests.support.waves import collectors, own_round

DAY = date(2026, 11, 18)
DOORS = {"answered": 2, "refused": 3, "absent": 5, "later": 1, "ineligible": 0, "helped": 0}
PATH = f"/quan-tri/thuc-dia/dot/{ROUND}/giay/{COMMUNE}/cua"


@pytest.fixture
def who(app: Flask) -> UUID:
    """A collector with two interviews on paper on one day, and one on the next."""
    prepare(app)
    member = collectors(app, 1)[0]
    with app.app_context(), transaction():
        for day in (DAY, DAY, DAY + timedelta(days=1)):
            db.session.add(a_visit(ROUND, VILLAGE, member, member, day=day))
    return member


def sheet(who: UUID) -> TallyKey:
    return TallyKey(VILLAGE, who, DAY)


def key(who: UUID, by: str, **changes: int) -> object:
    with transaction():
        return key_tally(own_round(), sheet(who), DOORS | changes, by=by, now=NOW)


def settle(who: UUID, chosen: dict[str, str], seen: str = "") -> None:
    with transaction():
        seen = seen or get_unsettled_tally(own_round(), sheet(who)).seen
        decide_tally(own_round(), sheet(who), chosen, seen=seen, by="c", now=NOW)


def doors() -> Doors:
    return progress_of(own_round(), {"nation"}, TODAY).total


def closed() -> dict[str, int]:
    rows = select(VisitCount.outcome, func.sum(VisitCount.n).label("n")).group_by(VisitCount.outcome)
    return {row.outcome: row.n for row in db.session.execute(rows)}


def test_read_alike_by_two_doors_count_and_interviews_enter_the_rate(app: Flask, who: UUID) -> None:
    with app.app_context():
        assert (doors().answered, doors().response, count_doors("2026-Q4")) == (3, None, {})
        assert key(who, "a") is None
        with pytest.raises(KeyedByYou):
            key(who, "a")
        assert closed() == {} and doors().response is None
        assert key(who, "b") == []
        assert closed() == {"refused": 3, "absent": 5, "later": 1}
        # Two of the three interviews are of the day whose doors are known.
        assert (doors().answered, doors().asked, doors()["alone"]) == (3, 11, 1)
        assert doors().response == Fraction(2, 10)
        assert count_doors("2026-Q4") == {COMMUNE: (10, 2, 3, 5)}
        progress = tallies_of(ROUND, COMMUNE)
        (line,) = progress.lines
        assert (line.is_counted, line.interviews, line.forms, progress.alone) == (True, 2, 2, 1)
        event = recorded(action="field-tally-counted")[-1]
        assert event.details == {"village": VILLAGE, "day": "2026-11-18"}
        with pytest.raises(TallyCounted):
            key(who, "c")
        with transaction():
            part_rounds(NOW + timedelta(days=120))
        # What was keyed in is gone, and the rate is what it was.
        assert db.session.scalar(select(func.count()).select_from(PaperTally)) == 0
        assert count_doors("2026-Q4") == {COMMUNE: (10, 2, 3, 5)}
        with pytest.raises(RoundIsOver):
            key(who, "c")


def test_what_two_read_differently_is_decided_number_by_number(app: Flask, who: UUID) -> None:
    with app.app_context():
        with pytest.raises(NothingToSettle):
            get_unsettled_tally(own_round(), sheet(who))
        key(who, "a")
        key(who, "b", refused=4, later=0)
        found = get_unsettled_tally(own_round(), sheet(who))
        assert [(item.name, item.first, item.second) for item in found.differences] == [
            ("refused", ("3",), ("4",)),
            ("later", ("1",), ("0",)),
        ]
        with pytest.raises(KeyedTwice):
            key(who, "c")
        with pytest.raises(StillDiffers):
            settle(who, {"refused": "first"})
        with pytest.raises(ChangedMeanwhile):
            settle(who, {"refused": "first", "later": "first"}, seen="0" * 16)
        assert closed() == {}
        settle(who, {"refused": "second", "later": "first"})
        assert closed() == {"refused": 4, "absent": 5, "later": 1}


def test_a_sheet_thrown_away_is_keyed_anew_and_a_counted_one_never(app: Flask, who: UUID) -> None:
    with app.app_context():
        with pytest.raises(NothingToSettle), transaction():
            discard_tally(own_round(), sheet(who), by="a", now=NOW)
        key(who, "a")
        with transaction():
            discard_tally(own_round(), sheet(who), by="b", now=NOW)
        assert key(who, "a") is None and key(who, "b") == []
        with pytest.raises(TallyCounted), transaction():
            discard_tally(own_round(), sheet(who), by="b", now=NOW)


def test_of_all_who_key_at_once_two_are_heard(app: Flask, who: UUID) -> None:
    def tried(by: str) -> str:
        try:
            return str(key(who, by))
        except Conflict as error:
            return type(error).__name__

    assert sorted(at_once(app, *(partial(tried, by) for by in "abc"))) == ["None", "TallyCounted", "[]"]
    with app.app_context():
        assert closed() == {"refused": 3, "absent": 5, "later": 1}


def test_what_cannot_be_is_named(app: Flask, who: UUID) -> None:
    with app.app_context():
        choices = choices_of(own_round(), COMMUNE, TODAY)
        head = {"village": VILLAGE, "collector": str(who), "day": "2026-11-18"}
        typed = {name: str(n) for name, n in DOORS.items()}
        found, numbers = check_tally(
            own_round(), head, typed | {"helped": "", "later": "01"}, choices, now=NOW
        )
        assert (found, numbers) == (sheet(who), DOORS)
        for changes, wrong in (
            ({"village": "03646-09", "day": "2026-11-09"}, ["village", "day"]),
            ({"collector": "x", "refused": "-1", "absent": "100"}, ["collector", "refused", "absent"]),
            (dict.fromkeys(DOORS, "0"), ["answered"]),
        ):
            with pytest.raises(BadForm) as refused:
                check_tally(own_round(), head | changes, typed | changes, choices, now=NOW)
            assert list(refused.value.fields) == wrong
        assert TallyKey.read(sheet(who).text, COMMUNE) == sheet(who)
        for text in ("", "x", sheet(who).text.upper() + "0", "00001" + sheet(who).text[5:]):
            assert TallyKey.read(text, COMMUNE) is None


def test_doors_are_printed_keyed_by_two_and_decided_in_the_console(app: Flask, who: UUID) -> None:
    one = member_client(app, (Role.PROVINCE, "14"), email="a@so.vn")
    other = member_client(app, (Role.TEAM_LEAD, COMMUNE), email="b@so.vn")
    page = one.get(PATH).text
    assert (
        "3 phiếu giấy của ngày chưa có bảng kê." in page and PATH in one.get(PATH.removesuffix("/cua")).text
    )
    token = {"csrf_token": token_on(page)}
    printed = one.post(f"{PATH}/in", data=token | {"sheets": "2"})
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(printed.data)).pages]
    assert printed.mimetype == "application/pdf" and len(pages) == 2 and "Từ chối trả lời" in pages[1]
    assert one.post(f"{PATH}/in", data=token | {"sheets": "0"}).status_code == 400
    fields = {name: str(n) for name, n in DOORS.items()}
    fields |= {"village": VILLAGE, "collector": str(who), "day": "2026-11-18"}

    def keyed(client: FlaskClient, **changes: str) -> TestResponse:
        return client.post(PATH, data=fields | {"csrf_token": token_on(client.get(PATH).text)} | changes)

    wrong = keyed(one, day="2026-01-01", absent="nhiều")
    assert (
        wrong.status_code == 400 and wrong.text.count('class="error"') == 2 and 'value="nhiều"' in wrong.text
    )
    first = keyed(one)
    assert first.status_code == 303 and "2026-11-18" in one.get(first.location).text
    assert "Cần người thứ hai nhập" in keyed(one).text
    assert "chờ người thứ hai" in one.get(PATH).text
    differing = keyed(other, refused="9")
    address = differing.location.split("?")[0]
    page = other.get(differing.location).text
    assert address.endswith(sheet(who).text) and "Từ chối trả lời" in page and "Không có ai ở nhà" not in page
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    chosen = {"csrf_token": token_on(page), "seen": seen[1]}
    assert other.post(address, data=chosen).status_code == 409
    assert other.post(address, data=chosen | {"refused": "second"}).status_code == 303
    assert "số phiếu chưa khớp" not in one.get(PATH).text
    with app.app_context():
        assert closed()["refused"] == 9
    assert one.get(f"{PATH}/{'x' * 20}").status_code == 404


def test_sheets_of_another_commune_are_not_here(app: Flask, who: UUID) -> None:
    client = member_client(app, (Role.PROVINCE, "14"))
    assert client.get(PATH.replace(COMMUNE, "00001")).status_code == 404
