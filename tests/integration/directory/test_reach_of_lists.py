"""What lies outside one's part of the tree is in no list, no choice and no number, asked without any page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.roles import Role
from app.directory.scopes import covered_codes
from app.dossiers.issuing import channel_for
from app.dossiers.queries import OPEN, VERIFIED, UnknownBatch
from app.dossiers.staff_queries import count_expiring, get_batch_row
from app.extensions import db
from app.improvements.models import ImprovementRow
from app.results.imports.files import path_of
from app.results.imports.models import Import
from app.transactions import transaction
from tests.support.accounts import NOW
from tests.support.citizens import AGENCY, OTHER_AGENCY
from tests.support.staff import Console, person, words
from tests.support.walled import furnish
from tests.support.world import World, build

TODAY = date(2026, 11, 20)
# The batches of the world end on 20 December.
SHORTLY_BEFORE = date(2026, 12, 15)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app)


def test_codes_for_lists_that_sql_does_not_make_are_of_ones_own(world: World) -> None:
    with world.app.app_context():
        assert covered_codes({"14"}, TODAY) == {AGENCY}
        assert covered_codes(set(), TODAY) == frozenset()


def test_a_batch_of_others_is_unknown_and_not_counted(world: World) -> None:
    own, other = world.places
    with world.app.app_context():
        assert get_batch_row(own.batch, {"14"}, TODAY).agency == AGENCY
        with pytest.raises(UnknownBatch):
            get_batch_row(other.batch, {"14"}, TODAY)
        assert count_expiring({"nation"}, SHORTLY_BEFORE) == 2
        assert count_expiring({"14"}, SHORTLY_BEFORE) == 1


def test_links_of_a_province_count_as_verified_within_it_only(world: World) -> None:
    with world.app.app_context():
        assert channel_for(person(Role.PROVINCE, "14"), AGENCY, TODAY) == VERIFIED
        assert channel_for(person(Role.PROVINCE, "31"), AGENCY, TODAY) == OPEN


def test_only_provinces_of_ones_own_can_be_chosen(world: World) -> None:
    client = world.sit_down(Role.PROVINCE)
    new, listed = (client.get(path).text for path in ("/quan-tri/co-quan/them", "/quan-tri/co-quan"))
    assert "Tỉnh Sơn La" in new
    assert "Hải Phòng" not in new + listed


def test_links_are_issued_for_agencies_of_ones_own(world: World) -> None:
    page = world.sit_down(Role.PROVINCE).get("/quan-tri/duong-dan/phat-hanh").text
    assert AGENCY in page and OTHER_AGENCY not in page


MATTERS = (
    "liên hệ của người dân chờ",
    "góp ý chờ duyệt",
    "việc cải tiến đã công bố mà quá hạn",
    "việc chờ bạn phê duyệt",
    "tệp phiếu chờ bạn",
    "đợt đường dẫn còn mã chưa dùng",
)


@pytest.mark.parametrize(
    ("role", "scope", "number"), [(Role.PROVINCE, "14", 1), (Role.MINISTRY, "nation", 2)]
)
def test_the_home_counts_what_is_of_ones_own(
    app: Flask, set_now: Callable[[datetime], None], role: Role, scope: str, number: int
) -> None:
    set_now(NOW)
    furnish(app)
    now = datetime(2026, 12, 15, 3, 0, tzinfo=UTC)
    with app.app_context(), transaction():
        db.session.execute(update(ImprovementRow).values(state="published"))
        db.session.execute(update(Import).values(uploaded_at=now - timedelta(days=1)))
        for upload in db.session.scalars(select(Import)):
            path_of(upload.id, upload.kind).write_text("")
    set_now(now)
    page = words(Console(app, person(role, scope)).get("/quan-tri"))
    assert [matter for matter in MATTERS if f"{number} {matter}" not in page] == [], page
