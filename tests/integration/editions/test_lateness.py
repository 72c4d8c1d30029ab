"""Answers that arrive after the close: counted apart, told in tens, and what they oblige to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.accounts.roles import Role
from app.editions.closing import close
from app.editions.lateness import late_for
from app.editions.listing import frozen, get_edition
from app.editions.queries import get_quarterly_report
from app.extensions import db
from app.results.models import Tally
from app.transactions import transaction
from exports.quarterly import render_quarterly
from surveys.editions import EditionCode
from surveys.lateness import Cell, LateNote
from tests.support import citizens
from tests.support.accounts import enrolled, member_client, signed_in
from tests.support.editions import close_and_publish
from tests.support.staff import words as words_of
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
OWN, OTHER = citizens.AGENCY, citizens.OTHER_AGENCY
DESK = "/quan-tri/ky-cong-bo/2026-Q2"


def words(answer: TestResponse) -> str:
    return words_of(answer.text)


@pytest.fixture
def world(app: Flask) -> Flask:
    """A published quarter: 100 answers of one agency, 600 of another, 20 set aside at the first."""
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    with app.app_context():
        with transaction():
            writer = TallyWriter("2026-Q2")
            writer.rated(OWN, (70, 20, 5, 3, 2))
            writer.rated(OTHER, (500, 50, 30, 15, 5))
            writer.values(OWN, "_set_aside", {"too-fast": 20}, channel="web")
            writer.write()
        close_and_publish("2026-Q2", NOW)
    return app


def arrive(agency: str, n: int) -> None:
    """Late answers of the best rating through one-time links."""
    best = (Tally.agency == agency, Tally.question == "satisfaction", Tally.value == "5")
    with transaction():
        db.session.execute(update(Tally).where(*best).values(n=Tally.n + n))


def test_fewer_than_ten_are_not_told_and_oblige_to_nothing(world: Flask) -> None:
    with world.app_context():
        arrive(OWN, 9)
        late = late_for(get_edition("2026-Q2"))
        assert (late.counts, late.obliging) == ({}, ())


def test_both_the_number_and_the_share_oblige(world: Flask) -> None:
    """12 of 100 are enough; 11 of 600 are not 2 %, and 23 of 700 are again."""
    with world.app_context():
        arrive(OWN, 12)
        arrive(OTHER, 11)
        late = late_for(get_edition("2026-Q2"))
        assert late.counts == {OWN: 10, "14": 10, OTHER: 10, "31": 10, "VN": 20}
        assert {cell.place for cell in late.obliging} == {OWN, "14", "VN"}
        assert Cell(OWN, "official") in late.obliging and Cell("14", "link after-result") in late.obliging
        arrive(OTHER, 1)
        assert Cell(OTHER, "official") in late_for(get_edition("2026-Q2")).obliging


def test_set_aside_is_late_too_and_released_is_not(world: Flask) -> None:
    with world.app_context():
        with transaction():
            writer = TallyWriter("2026-Q2")
            writer.values(OTHER, "_set_aside", {"too-fast": 30}, channel="web")
            writer.write()
            # What two persons let count leaves what was set aside and joins the open channel.
            db.session.execute(
                update(Tally).where(Tally.agency == OWN, Tally.question == "_set_aside").values(n=0)
            )
            writer = TallyWriter("2026-Q2")
            writer.rated(OWN, (20, 0, 0, 0, 0), channel="web")
            writer.write()
        late = late_for(get_edition("2026-Q2"))
        assert late.counts == {OTHER: 30, "31": 30, "VN": 30}
        assert {cell.place for cell in late.obliging} <= {"VN"}


def test_the_next_edition_and_the_revision_say_how_many_came(world: Flask) -> None:
    with world.app_context():
        assert frozen(get_edition("2026-Q2")).late_note("VN") is None
        arrive(OWN, 25)
        with transaction():
            writer = TallyWriter("2026-Q3")
            writer.rated(OWN, (70, 20, 5, 3, 2))
            writer.rated(OTHER, (70, 20, 5, 3, 2))
            writer.write()
        close_and_publish("2026-Q3", NOW)
        close_and_publish("2026-Q2.r1", NOW, reason="Phiếu đến muộn")
        for code in ("2026-Q3", "2026-Q2.r1"):
            opened = frozen(get_edition(code))
            assert opened.late_note(OWN) == LateNote("2026-Q2", 20)
            assert opened.late_note(OTHER) == LateNote("2026-Q2", 0)
            assert get_quarterly_report(OWN, get_edition(code), now=NOW).late == LateNote("2026-Q2", 20)
        # What came has been taken over: for the revision nothing is late.
        assert late_for(get_edition("2026-Q2.r1")).counts == {}
        assert render_quarterly(get_quarterly_report(OWN, get_edition("2026-Q3"), now=NOW))
    client = world.test_client()
    told = "Phiếu đến muộn của quý II năm 2026, nhận sau khi chốt kỳ đó: "
    assert f"{told}khoảng 20, làm tròn xuống hàng chục." in client.get(f"/ket-qua/2026-Q3/{OWN}").text
    assert f"{told}dưới 10." in client.get(f"/ket-qua/2026-Q3/{OTHER}").text
    assert "Late responses" not in client.get("/ket-qua/2026-Q2.r0").text


def test_what_waits_in_a_revision_is_still_late_for_it(world: Flask) -> None:
    """Twelve more in one channel would be printed; five of them in another wait, and all twelve with them."""
    with world.app_context():
        arrive(OWN, 12)
        with transaction():
            writer = TallyWriter("2026-Q2")
            writer.rated(OWN, (5, 0, 0, 0, 0), channel="field")
            writer.write()
        close(EditionCode.parse("2026-Q2.r1"), by="command:test", now=NOW, reason="Phiếu đến muộn")
        assert late_for(get_edition("2026-Q2.r1")).counts[OWN] == 10


def test_staff_see_it_once_a_day_in_tens_and_only_where_they_may_read_everything(world: Flask) -> None:
    member = enrolled(world)
    client = signed_in(world, member.id)
    assert "có dưới 10 phiếu của quý đến thêm" in words(client.get(DESK))
    with world.app_context():
        arrive(OWN, 27)
    assert "có dưới 10 phiếu của quý đến thêm" in words(client.get(DESK))
    tomorrow = datetime(2026, 11, 20, 17, tzinfo=UTC)
    world.extensions["clock"] = lambda: tomorrow
    page = words(signed_in(world, member.id, now=tomorrow).get(DESK))
    assert "có khoảng 20 phiếu của quý đến thêm" in page
    assert "Phải lập bản đính chính" in page
    assert "Sở Khoa học và Công nghệ: số chính thức" in page
    world.extensions["clock"] = lambda: NOW
    assert "Phiếu đến muộn" not in words(member_client(world, (Role.AGENCY, OWN), email="a@bo.vn").get(DESK))
