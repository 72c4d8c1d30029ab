"""Links in the console: issued once, counted for what they are, seen only within one's scope."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.audit.queries import Filter, list_events
from app.dossiers.models import Link, LinkBatch
from app.extensions import db
from app.keys import token_hash
from app.transactions import transaction
from surveys.periods import local_day
from tests.integration.console.conftest import NOW
from tests.support.documents import read_document
from tests.support.staff import PERSON, Console, words

Desk = Callable[..., Console]
FIELDS = {
    "procedure": "",
    "phase": "after-result",
    "count": "12",
    "expires_on": "2026-12-20",
    "made_as": "csv",
}


def issue(console: Console, agency: str = "14-SKHCN", **changes: str) -> bytes:
    fields = {**FIELDS, **changes}
    suffix = f"?lang={fields.pop('language')}" if "language" in fields else ""
    return console.post(f"/quan-tri/duong-dan/phat-hanh/{agency}{suffix}", 200, **fields).data


def batches(app: Flask) -> list[LinkBatch]:
    with app.app_context():
        return list(db.session.scalars(select(LinkBatch)))


def tokens(file: bytes) -> list[str]:
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert rows[0] == ["url"]
    return [row[0].rpartition("/k/")[2] for row in rows[1:]]


def test_the_answer_to_the_form_is_the_only_copy(app: Flask, desk: Desk) -> None:
    console = desk()
    found = tokens(issue(console))
    assert len(set(found)) == 12
    with app.app_context():
        kept = set(db.session.scalars(select(Link.token_hash)))
    assert kept == {token_hash(token) for token in found}
    (batch,) = batches(app)
    assert (batch.agency, batch.issued, batch.expires_on) == ("14-SKHCN", 12, date(2026, 12, 20))
    shown = console.get("/quan-tri/duong-dan") + console.get(f"/quan-tri/duong-dan/{batch.id}")
    assert not any(token in shown for token in found)
    with app.app_context():
        (event,) = list_events(Filter(by=str(PERSON)))
    assert (event.action, event.subject, event.scope) == ("links-issued", batch.id, "14-SKHCN")


def test_a_link_from_the_sheet_opens_the_form(app: Flask, desk: Desk) -> None:
    console = desk()
    (token, *_more) = tokens(issue(console))
    assert "Sở Khoa học và Công nghệ" in console.client.get(f"/k/{token}").text


def test_the_sheet_prints_every_link_in_letters(app: Flask, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "to.pdf"
    path.write_bytes(issue(desk(), made_as="pdf", count="22", language="en"))
    document = read_document(path)
    assert len(document.pages) == 2 and document.language == "vi"
    assert document.text.count("/k/") == 22
    assert document.text.count("Mời Ông/Bà quét mã") == 22
    assert document.text.count("20/12/2026") == 22


@pytest.mark.parametrize(
    ("role", "scope", "more", "channel"),
    (
        (Role.PROVINCE, "14", (), "link"),
        (Role.MINISTRY, "nation", (), "link"),
        (Role.AGENCY, "14-SKHCN", (), "link-open"),
        (Role.PROVINCE, "14", ((Role.AGENCY, "14-SKHCN"),), "link-open"),
        (Role.PROVINCE, "14", ((Role.TEAM_LEAD, "14-SKHCN"),), "link-open"),
        (Role.PROVINCE, "14", ((Role.AGENCY, "14-SNV"),), "link"),
        (Role.PROVINCE, "31", ((Role.AGENCY, "14-SKHCN"),), "link-open"),
    ),
)
def test_links_that_the_judged_could_download_count_as_open(
    app: Flask, desk: Desk, role: Role, scope: str, more: tuple[tuple[str, str], ...], channel: str
) -> None:
    console = desk(role, scope, *more)
    page = words(console.get("/quan-tri/duong-dan/phat-hanh/14-SKHCN"))
    assert ("không vào tỷ lệ chính thức" in page) is (channel == "link-open")
    issue(console)
    assert batches(app)[0].channel == channel


def test_nobody_issues_for_what_is_not_theirs(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, "14-SKHCN")
    console.get("/quan-tri/duong-dan/phat-hanh/14-SNV", 404)
    console.post("/quan-tri/duong-dan/phat-hanh/31-SKHCN", 404, **FIELDS)
    assert batches(app) == []
    assert "14-SNV" not in words(console.get("/quan-tri/duong-dan/phat-hanh"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    (
        ({"count": "0"}, "Hãy ghi một số"),
        ({"count": "-1"}, "Hãy ghi một số"),
        ({"count": "mười"}, "Hãy ghi một số"),
        ({"count": "9" * 5000}, "Hãy ghi một số"),
        ({"count": "631", "made_as": "pdf"}, "từ 1 đến 630"),
        ({"count": "20001"}, "từ 1 đến 20.000"),
        ({"expires_on": "2026-11-19"}, "từ hôm nay"),
        ({"expires_on": "2028-01-01"}, "từ hôm nay"),
        ({"expires_on": ""}, "từ hôm nay"),
        ({"phase": "khi-nao"}, "Hãy chọn một lúc"),
        ({"made_as": "exe"}, "Hãy chọn dạng tệp"),
    ),
)
def test_useless_links_are_refused_beside_the_field(
    app: Flask, desk: Desk, changes: dict[str, str], reason: str
) -> None:
    page = desk().post("/quan-tri/duong-dan/phat-hanh/14-SKHCN", 400, **{**FIELDS, **changes})
    assert reason in words(page.text)
    assert batches(app) == []


def test_a_procedure_that_the_agency_does_not_handle_is_refused(app: Flask, desk: Desk) -> None:
    page = desk().post("/quan-tri/duong-dan/phat-hanh/14-SKHCN", 400, **{**FIELDS, "procedure": "9.999999"})
    assert "Hãy chọn thủ tục" in words(page.text)
    assert batches(app) == []


def test_unspent_links_are_counted_but_not_where_they_single_out(app: Flask, desk: Desk) -> None:
    console = desk()
    issue(console)
    issue(console, count="9")
    with app.app_context():
        large = db.session.scalars(select(LinkBatch).where(LinkBatch.issued == 12)).one()
        some = db.session.scalars(select(Link).where(Link.batch == large.id).limit(2)).all()
        for link in some:
            link.spent = True
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(Link)) == 21
    page = words(console.get("/quan-tri/duong-dan"))
    assert "12 10 20/12/2026" in page
    assert "9 bm 20/12/2026" in page


def test_revoking_asks_once_and_closes_the_links(app: Flask, desk: Desk) -> None:
    console = desk()
    (token, *_more) = tokens(issue(console))
    (batch,) = batches(app)
    asked = words(console.post(f"/quan-tri/duong-dan/{batch.id}/thu-hoi", 200).text)
    assert "12 đường dẫn chưa dùng" in asked and "Không hoàn tác được" in asked
    assert console.client.get(f"/k/{token}").status_code == 200
    done = console.post(f"/quan-tri/duong-dan/{batch.id}/thu-hoi", confirmed="1")
    assert "Đã thu hồi" in words(console.get(done.location))
    assert console.client.get(f"/k/{token}").status_code == 410
    assert "Chưa có đợt đường dẫn nào" in words(console.get("/quan-tri/duong-dan"))
    assert "đã thu hồi" in words(console.get("/quan-tri/duong-dan?state=all"))


def test_batches_of_others_are_not_found(app: Flask, desk: Desk) -> None:
    issue(desk(Role.MINISTRY, "nation"), agency="31-SKHCN")
    (batch,) = batches(app)
    console = desk()
    assert batch.id[:8] not in console.get("/quan-tri/duong-dan?state=all")
    console.get(f"/quan-tri/duong-dan/{batch.id}", 404)
    console.post(f"/quan-tri/duong-dan/{batch.id}/thu-hoi", 404, confirmed="1")


def test_a_list_of_batches_asks_the_database_a_fixed_number_of_times(app: Flask, desk: Desk) -> None:
    from sqlalchemy import event

    console = desk()

    def asked() -> int:
        count = 0

        def note(*_args: object) -> None:
            nonlocal count
            count += 1

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        console.get("/quan-tri/duong-dan")
        event.remove(engine, "before_cursor_execute", note)
        return count

    issue(console)
    few = asked()
    for _ in range(6):
        issue(console, agency="14-SNV")
        issue(console, agency="14-STC")
    assert asked() <= few


def test_the_home_names_batches_that_are_about_to_expire(app: Flask, desk: Desk) -> None:
    console = desk()
    line = "sẽ hết hạn trong 7 ngày"
    issue(console, expires_on=str(date.max.replace(year=2026)))
    assert line not in console.get("/quan-tri")
    near = batches(app)[0]
    with app.app_context(), transaction():
        found = db.session.get(LinkBatch, near.id)
        assert found is not None
        found.expires_on = local_day(NOW) + timedelta(days=7)
    assert line in console.get("/quan-tri")
    with app.app_context(), transaction():
        found = db.session.get(LinkBatch, near.id)
        assert found is not None
        found.revoked = True
    assert line not in console.get("/quan-tri")
