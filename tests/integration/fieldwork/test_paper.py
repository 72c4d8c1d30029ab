"""Forms on paper: two people read each one, and what they read alike counts once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
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
from app.fieldwork.models import Visit
from app.fieldwork.paper.keying import FIRST, SECOND, decide, discard, get_unsettled, key_in
from app.fieldwork.paper.models import PaperForm, PaperKeying
from app.fieldwork.paper.printing import (
    Progress,
    form_number,
    new_slips,
    print_again,
    print_numbers,
    progress_of_paper,
)
from app.fieldwork.paper.records import Choices, Sheet, choices_of
from app.fieldwork.paper.rules import (
    BadForm,
    FormCounted,
    KeyedByYou,
    KeyedTwice,
    NothingToSettle,
    NotPrinted,
    StillDiffers,
)
from app.fieldwork.paper.tallies import NUMBERS, TallyKey, key_tally
from app.fieldwork.retention import part_rounds
from app.fieldwork.rules import ChangedMeanwhile, RoundIsOver
from app.responding.models import Response
from app.transactions import transaction
from tests.support.accounts import member_client, token_on
from tests.support.at_once import at_once
from tests.support.audit import recorded
from tests.support.citizens import AGENCY
from tests.support.phones import COMMUNE, NOW, ROUND, TODAY, VILLAGE, prepare
from tests.support.waves import collectors, own_round

NUMBER = f"{COMMUNE}-0007"
SLIP = "K7M29QXA"
ANSWERS: dict[str, tuple[str, ...]] = {
    "filed_online": ("yes",), "operator": ("self",), "satisfaction": ("5",), "submit_time": ("under_5",),
    "result_time": ("on_time",), "extra_trips": ("none",), "vneid_user": ("yes",),
}  # fmt: skip


@pytest.fixture
def who(app: Flask) -> UUID:
    """A collector, in a round of which ten forms were printed."""
    prepare(app)
    with app.app_context(), transaction():
        print_numbers(own_round(), COMMUNE, 10, by="a", now=NOW)
    return collectors(app, 1)[0]


def offered() -> Choices:
    return choices_of(own_round(), COMMUNE, TODAY)


def head(collector: UUID) -> dict[str, str]:
    return {
        "village": VILLAGE, "collector": str(collector), "day": "2026-11-18", "started": "", "minutes": "2",
        "language": "vi", "interpreter": "", "service": "", "slip": "",
    }  # fmt: skip


def key(who: UUID, by: str, number: str = NUMBER, **changes: str) -> object:
    """One keying; a question is named by "q_" and its id."""
    answers = ANSWERS | {name[2:]: (value,) for name, value in changes.items() if name.startswith("q_")}
    fields = {name: value for name, value in changes.items() if not name.startswith("q_")}
    with transaction():
        sheet = Sheet.typed(head(who) | fields, answers)
        return key_in(own_round(), number, sheet, offered(), by=by, now=NOW)


def settle(chosen: dict[str, str], by: str = "c", seen: str = "") -> None:
    with transaction():
        seen = seen or get_unsettled(own_round(), NUMBER).seen
        decide(own_round(), NUMBER, chosen, offered(), seen=seen, by=by, now=NOW)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_read_alike_by_two_it_counts_once(app: Flask, who: UUID) -> None:
    with app.app_context():
        assert key(who, "a", started="8:30", slip=SLIP, service=AGENCY) is None
        assert (count(Visit), count(Response)) == (0, 0)
        with pytest.raises(KeyedByYou):
            key(who, "a", started="8:30", slip=SLIP)
        # What means the same is the same.
        typed = {"started": "08h30", "slip": "k7m2-9qxa", "day": "18/11/2026", "minutes": "02"}
        assert key(who, "b", service=AGENCY, **typed) == []
        visit = db.session.scalars(select(Visit)).one()
        assert (visit.device, visit.collector, visit.seconds, visit.clock) == (None, who, 120, False)
        assert visit.started_at is not None and visit.started_at.isoformat() == "2026-11-18T01:30:00+00:00"
        assert visit.slip_hash is not None
        answer = db.session.scalars(select(Response)).one()
        assert (answer.channel, answer.agency, answer.cluster, answer.quarantine) == (
            "field", AGENCY, VILLAGE, "",
        )  # fmt: skip
        # What was keyed in is gone, and the number counts no second time.
        assert count(PaperKeying) == 0
        with pytest.raises(FormCounted):
            key(who, "c")
        assert progress_of_paper(ROUND, COMMUNE) == Progress(10, 1, [], [])
        assert recorded(action="field-paper-counted")[-1].subject == ROUND


def test_a_household_that_knows_no_office_counts_in_the_open_channel(app: Flask, who: UUID) -> None:
    with app.app_context():
        key(who, "a")
        key(who, "b")
        answer = db.session.scalars(select(Response)).one()
        assert (answer.channel, answer.agency) == ("field-unnamed", COMMUNE)


def test_what_differs_is_shown_field_by_field_and_decided(app: Flask, who: UUID) -> None:
    with app.app_context():
        assert key(who, "a", q_satisfaction="5", minutes="3") is None
        found = key(who, "b", q_satisfaction="2", minutes="4")
        unsettled = get_unsettled(own_round(), NUMBER)
        assert [(d.name, d.first, d.second) for d in unsettled.differences] == [
            ("minutes", ("3",), ("4",)), ("q:satisfaction", ("5",), ("2",)),
        ]  # fmt: skip
        assert found == unsettled.differences
        assert count(Visit) == 0 and progress_of_paper(ROUND, COMMUNE).differing == [NUMBER]
        with pytest.raises(KeyedTwice):
            key(who, "c")
        with pytest.raises(StillDiffers):
            settle({"minutes": FIRST})
        with pytest.raises(ChangedMeanwhile):
            settle({"minutes": FIRST, "q:satisfaction": SECOND}, seen="another")
        settle({"minutes": FIRST, "q:satisfaction": SECOND})
        assert db.session.scalars(select(Visit.seconds)).one() == 180
        assert '"satisfaction":2' in db.session.scalars(select(Response.answers)).one()
        with pytest.raises(NothingToSettle):
            get_unsettled(own_round(), NUMBER)


def test_of_two_who_do_the_same_at_once_one_is_told(app: Flask, who: UUID) -> None:
    """Two who begin with one form, two who settle it, and two who print: nothing counts twice."""

    def tried(act: Callable[[], object]) -> str:
        try:
            act()
        except Conflict as error:
            return type(error).__name__
        return "done"

    with app.app_context():
        key(who, "a", minutes="3")
        key(who, "b", minutes="4")
        seen = get_unsettled(own_round(), NUMBER).seen
    deciding = [partial(settle, {"minutes": side}, seen=seen) for side in (FIRST, SECOND)]
    assert sorted(at_once(app, *(partial(tried, act) for act in deciding))) == ["FormCounted", "done"]
    other = f"{COMMUNE}-0008"
    keying = [partial(key, who, by, other) for by in ("a", "b", "c")]
    assert sorted(at_once(app, *(partial(tried, act) for act in keying))) == ["FormCounted", "done", "done"]

    def printing() -> None:
        with transaction():
            print_numbers(own_round(), COMMUNE, 5, by="a", now=NOW)

    printed = at_once(app, *(partial(tried, printing) for _ in range(2)))
    assert set(printed) <= {"done", "ChangedMeanwhile"} and "done" in printed
    with app.app_context():
        assert (count(Visit), count(Response)) == (2, 2)
        assert count(PaperForm) == 10 + 5 * printed.count("done")


def test_a_form_and_the_doors_of_its_day_meet_whichever_comes_first(app: Flask, who: UUID) -> None:
    """Also where both are settled in one moment: the second sees the first."""

    def tally(by: str) -> None:
        with transaction():
            doors = dict.fromkeys(NUMBERS, 1)
            key_tally(own_round(), TallyKey(VILLAGE, who, date(2026, 11, 18)), doors, by=by, now=NOW)

    with app.app_context():
        key(who, "a")
        tally("a")
    at_once(app, partial(key, who, "b"), partial(tally, "b"))
    with app.app_context():
        assert db.session.scalars(select(Visit.tallied)).all() == [True]
        for by in ("a", "b"):
            key(who, by, f"{COMMUNE}-0008")
            key(who, by, f"{COMMUNE}-0009", day="2026-11-17")
        assert sorted(db.session.scalars(select(Visit.tallied))) == [False, True, True]


def test_a_form_thrown_away_is_keyed_anew(app: Flask, who: UUID) -> None:
    with app.app_context():
        with pytest.raises(NothingToSettle), transaction():
            discard(own_round(), NUMBER, by="a", now=NOW)
        key(who, "a")
        with transaction():
            discard(own_round(), NUMBER, by="a", now=NOW)
        assert (count(PaperForm), count(PaperKeying)) == (10, 0)
        assert key(who, "a") is None


def test_only_what_was_printed_is_keyed_or_printed_again(app: Flask, who: UUID) -> None:
    with app.app_context():
        for number in (f"{COMMUNE}-0011", f"{COMMUNE}-0070"):
            with pytest.raises(NotPrinted):
                key(who, "a", number)
        assert print_again(own_round(), COMMUNE, 7, 3) == [f"{COMMUNE}-{n:04}" for n in (7, 8, 9)]
        with pytest.raises(NotPrinted):
            print_again(own_round(), COMMUNE, 9, 3)
        with transaction():
            assert print_numbers(own_round(), COMMUNE, 2, by="a", now=NOW)[0] == f"{COMMUNE}-0011"
        assert recorded(action="field-paper-printed")[-1].details == {"number": f"{COMMUNE}-0011", "count": 2}
        slips = new_slips(200)
        assert len(set(slips)) == 200


def test_after_the_review_nothing_is_keyed_and_nothing_keyed_is_left(app: Flask, who: UUID) -> None:
    with app.app_context():
        key(who, "a")
        with transaction():
            part_rounds(NOW + timedelta(days=120))
        assert (count(PaperForm), count(PaperKeying)) == (10, 0)
        with pytest.raises(RoundIsOver):
            key(who, "b")
        with pytest.raises(RoundIsOver):
            print_numbers(own_round(), COMMUNE, 2, by="a", now=NOW)


def test_what_cannot_be_is_said_at_the_first_keying(app: Flask, who: UUID) -> None:
    with app.app_context():
        for changes, wrong in (
            ({"village": "03646-09"}, ["village"]),
            ({"collector": "x", "language": "fr"}, ["collector", "language"]),
            ({"day": "2026-11-09"}, ["day"]),
            ({"day": "2026-12-09"}, ["day"]),
            ({"day": "31/02/2026"}, ["day"]),
            ({"started": "25:00", "minutes": "0"}, ["started", "minutes"]),
            ({"slip": "K7M2-9QX0"}, ["slip"]),
            ({"service": "G99"}, ["service"]),
            ({"q_satisfaction": "6"}, ["q:satisfaction"]),
        ):
            with pytest.raises(BadForm) as refused:
                key(who, "a", **changes)
            assert list(refused.value.fields) == wrong
        assert count(PaperKeying) == 0


def test_numbers_are_read_as_people_type_them() -> None:
    assert {form_number(text, "03646") for text in ("7", "0007", " 03646-7 ", NUMBER)} == {NUMBER}
    assert {form_number(text, "03646") for text in ("", "0", "x", "03647-7", "-1", "1234567")} == {None}


def test_forms_are_printed_keyed_by_two_and_decided_in_the_console(app: Flask, who: UUID) -> None:
    path = f"/quan-tri/thuc-dia/dot/{ROUND}/giay/{COMMUNE}"
    one = member_client(app, (Role.PROVINCE, "14"), email="a@so.vn")
    other = member_client(app, (Role.TEAM_LEAD, COMMUNE), email="b@so.vn")
    assert path in one.get(f"/quan-tri/thuc-dia/dot/{ROUND}").text
    page = one.get(path).text
    token = {"csrf_token": token_on(page)}
    printed = one.post(f"{path}/in", data=token | {"first": "", "count": "2"})
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(printed.data)).pages]
    assert printed.mimetype == "application/pdf" and f"Phiếu số {COMMUNE}-0011" in pages[0]
    slip = re.search(r"Phiếu hẹn · mã (\w{4} \w{4})", pages[1])
    assert slip and pages[1].count(slip[1]) == 2 and slip[1] not in pages[3]
    assert one.post(f"{path}/in", data=token | {"first": "7", "count": "2"}).mimetype == "application/pdf"
    assert one.post(f"{path}/in", data=token | {"first": "7", "count": "0"}).status_code == 400
    assert "Chưa in phiếu" in one.post(f"{path}/in", data=token | {"first": "12", "count": "2"}).text
    fields = head(who) | {f"q:{name}": values[0] for name, values in ANSWERS.items()} | {"number": "7"}

    def keyed(client: FlaskClient, **changes: str) -> TestResponse:
        token = token_on(client.get(f"{path}/nhap").text)
        return client.post(f"{path}/nhap", data=fields | {"csrf_token": token} | changes)

    # Every wrong field is named, and whatever was typed stays.
    wrong = keyed(one, day="2026-01-01", started="sáng", **{"q:satisfaction": "", "slip": "abc"})
    assert wrong.status_code == 400 and "Hãy ghi một ngày từ 10/11/2026 đến 20/11/2026" in wrong.text
    assert wrong.text.count('class="error"') == 4 and 'href="#q-satisfaction"' in wrong.text
    assert 'value="sáng"' in wrong.text and 'value="abc"' in wrong.text
    assert re.search(r'name="q:operator" value="self" checked', wrong.text)
    assert keyed(one, number="khong").status_code == 400
    assert "Chưa in phiếu mang số này" in keyed(one, number="77").text
    first = keyed(one)
    # The next form of the pile begins with the same village, collector and day.
    assert first.status_code == 303 and "2026-11-18" in one.get(first.location).text
    assert "Cần người thứ hai nhập" in keyed(one).text
    assert NUMBER in one.get(path).text
    differing = keyed(other, minutes="5", **{"q:operator": "family"})
    address = f"{path}/chon/{NUMBER}"
    assert differing.location.split("?")[0].endswith(address)
    page = other.get(differing.location).text
    assert "Số phút" in page and "Người nhà" in page and "Hài lòng như thế nào" not in page
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    five = re.search(r'name="minutes" id="\S+" value="(\w+)"> <label for="\S+">5</label>', page)
    assert five
    chosen = {"csrf_token": token_on(page), "seen": seen[1], "minutes": five[1]}
    half = other.post(address, data=chosen)
    assert half.status_code == 409 and f'value="{five[1]}" checked' in half.text
    assert NUMBER in one.get(path).text
    done = other.post(address, data=chosen | {"q:operator": "first"})
    assert done.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Visit.seconds)).one() == 300


def test_another_commune_has_no_paper_here(app: Flask, who: UUID) -> None:
    client = member_client(app, (Role.PROVINCE, "14"))
    assert client.get(f"/quan-tri/thuc-dia/dot/{ROUND}/giay/00001").status_code == 404
