"""A file of answers through the console: looked at, confirmed, imported, and what was rejected fetched."""

from __future__ import annotations

import csv
import io
import os
import re
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from uuid import uuid4

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import func, select, update

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.extensions import db
from app.responding.importing import spreadsheets
from app.responding.models import Response
from app.results.imports.files import rejects_of
from app.results.imports.models import Import
from app.results.models import Tally
from app.transactions import transaction
from tests.support import citizens
from tests.support.accounts import NOW, member_client
from tests.support.staff import words
from tests.support.uploads import HOME, act, at_once, kept, key_of, never, sheet, state, table, upload

MAPPING = """
source: so-tay-2026
id_from: Mã
rename: {answered_at: Ngày, satisfaction: Hài lòng}
values: {satisfaction: {Có: 4, Không: 2}}
constants: {questionnaire: COT_LOI, version: "1.0", agency: 14-SKHCN, phase: after-result}
"""


@pytest.fixture(autouse=True)
def house(app: Flask, set_now: Callable[[datetime], None]) -> None:
    set_now(NOW)
    citizens.prepare(app)


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """Somebody of province 14."""
    return member_client(app, (Role.PROVINCE, "14"))


def stored(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Response)) or 0


def read(client: FlaskClient, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, page.status
    html5lib.HTMLParser(strict=True).parse(page.text)
    return words(page.text)


def rejected(client: FlaskClient, path: str) -> list[dict[str, str]]:
    file = client.get(f"{path}/dong-loi.csv", buffered=True).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file)))


def test_a_file_is_looked_at_first_and_stored_when_confirmed(app: Flask, desk: FlaskClient) -> None:
    at_once(app)
    rows = [sheet(), sheet(satisfaction="6"), sheet(agency="31-SNV"), sheet(agency="14-KHONG")]
    rows += [sheet(comment="Ổn") for _ in range(3)]
    key = key_of(upload(desk, table(rows)))
    page = read(desk, f"{HOME}/{key}")
    assert "Chưa có gì được lưu" in page
    assert "Cột tìm thấy: response_id, questionnaire" in page
    assert "Trong 7 dòng đầu có 3 dòng sẽ bị loại" in page
    assert "Cơ quan “31-SNV” ở ngoài phạm vi của người nhập" in page
    assert "satisfaction 4" in page
    assert stored(app) == 0
    assert act(desk, f"{HOME}/{key}/chay").status_code == 303
    page = read(desk, f"{HOME}/{key}")
    assert "Phiếu mới 4 Đã có từ trước 0 Bị loại 3" in page
    assert "Cơ quan “…” ở ngoài phạm vi của người nhập: 1 dòng" in page
    assert stored(app) == 4
    with app.app_context():
        channels = set(db.session.scalars(select(Response.channel)))
        assert channels == {"import-open"}
        counted = select(func.sum(Tally.n)).where(Tally.question == "satisfaction")
        assert db.session.scalar(counted) == 4


def test_the_rejected_rows_are_a_file_that_no_spreadsheet_obeys(app: Flask, desk: FlaskClient) -> None:
    at_once(app)
    key = key_of(upload(desk, table([sheet(), sheet(satisfaction="=1+1"), sheet(satisfaction="6")])))
    act(desk, f"{HOME}/{key}/chay")
    file = desk.get(f"{HOME}/{key}/dong-loi.csv", buffered=True)
    assert file.headers["Content-Disposition"].startswith("attachment; filename=dong-loi-")
    assert (file.headers["Cache-Control"], file.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    rows = rejected(desk, f"{HOME}/{key}")
    assert [item["dòng"] for item in rows] == ["3", "4"]
    assert rows[0]["satisfaction"] == "'=1+1"


def test_importing_the_same_again_adds_nothing(app: Flask, desk: FlaskClient) -> None:
    at_once(app)
    content = table([sheet() for _ in range(5)])
    for known in (0, 5):
        key = key_of(upload(desk, content))
        act(desk, f"{HOME}/{key}/chay")
        assert f"Phiếu mới {5 - known} Đã có từ trước {known} Bị loại 0" in read(desk, f"{HOME}/{key}")
    assert stored(app) == 5


def test_files_have_names_of_ours_are_for_nobody_else_and_go_after_the_job(
    app: Flask, desk: FlaskClient
) -> None:
    at_once(app)
    key = key_of(upload(desk, table([sheet(), sheet(satisfaction="9")]), "../../../etc/<script>.html"))
    (path,) = kept(app)
    assert path.name == f"{key}.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "<script>.html" in read(desk, f"{HOME}/{key}")
    act(desk, f"{HOME}/{key}/chay")
    (rejects,) = kept(app)
    assert rejects.name.endswith(".loi.csv")
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600


def workbook(rows: list[list[object]]) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for cells in rows:
        book.active.append(cells)
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_is_read_whatever_its_name_with_a_mapping(app: Flask, desk: FlaskClient) -> None:
    at_once(app)
    content = workbook(
        [["Mã", "Ngày", "Hài lòng", "Ghi chú"], [1, datetime(2026, 8, 31), "Có", None], [],
         [2, datetime(2026, 9, 1), "Không", "dòng\nhai"], [3.0, "2026-09-02", "Chưa biết", True]]
    )  # fmt: skip
    sent = upload(desk, content, "bảng.csv", mapping=(io.BytesIO(MAPPING.encode()), "cách đọc.yaml"))
    key = key_of(sent)
    page = read(desk, f"{HOME}/{key}")
    assert "theo tệp ánh xạ" in page
    assert "Cột tìm thấy: Mã, Ngày, Hài lòng, Ghi chú" in page
    act(desk, f"{HOME}/{key}/chay")
    page = read(desk, f"{HOME}/{key}")
    assert "Phiếu mới 2 Đã có từ trước 0 Bị loại 1" in page
    assert "Giá trị của cột Hài lòng không có trong tệp ánh xạ: 1 dòng" in page
    assert [(item["dòng"], item["Mã"]) for item in rejected(desk, f"{HOME}/{key}")] == [("5", "3")]
    again = upload(desk, content, earlier=str(key))
    assert "Giá trị của cột Hài lòng" in read(desk, f"{HOME}/{key_of(again)}")


def test_of_several_mappings_the_chosen_one_reads_the_file(app: Flask, desk: FlaskClient) -> None:
    never(app)
    keys = {}
    for day in ("Ngày", "Hôm"):
        content = workbook([["Mã", day, "Hài lòng"], [1, datetime(2026, 8, 31), "Có"]])
        mapping = MAPPING.replace("Ngày", day).encode()
        keys[day] = str(key_of(upload(desk, content, mapping=(io.BytesIO(mapping), "cách đọc.yaml"))))
    for day, key in keys.items():
        content = workbook([["Mã", day, "Hài lòng"], [2, datetime(2026, 8, 31), "Không"]])
        assert upload(desk, content, earlier=key).status_code == 303, day


def test_only_mappings_of_ones_own_are_offered_and_taken(app: Flask, desk: FlaskClient) -> None:
    never(app)
    upload(desk, table([sheet()]), "không ánh xạ.csv")
    content = workbook([["Mã", "Ngày", "Hài lòng"], [1, datetime(2026, 8, 31), "Có"]])
    ministry = member_client(app, (Role.MINISTRY, "nation"), email="bo@bo.vn")
    mapping = (io.BytesIO(MAPPING.encode()), "cách đọc.yaml")
    theirs = key_of(upload(ministry, content, "của bộ.xlsx", mapping=mapping))
    assert "Như đã đọc của bộ.xlsx" in ministry.get(HOME).text
    assert "Như đã đọc" not in desk.get(HOME).text
    for unknown in (str(theirs), str(uuid4())):
        page = upload(desk, content, earlier=unknown)
        assert page.status_code == 400 and "Hãy chọn trong danh sách" in page.text


def test_rejected_rows_are_there_only_after_an_import_that_rejected_some(
    app: Flask, desk: FlaskClient
) -> None:
    at_once(app)
    whole = key_of(upload(desk, table([sheet()])))
    act(desk, f"{HOME}/{whole}/chay")
    assert desk.get(f"{HOME}/{whole}/dong-loi.csv").status_code == 409, "nothing was rejected"
    never(app)
    running = key_of(upload(desk, table([sheet()])))
    act(desk, f"{HOME}/{running}/chay")
    worker = uuid4()
    with app.app_context(), transaction():
        db.session.execute(update(Import).where(Import.id == running).values(run=worker, started_at=NOW))
        rejects_of(running, worker).write_text("dòng\n", encoding="utf-8")
    assert desk.get(f"{HOME}/{running}/dong-loi.csv").status_code == 409, "it is still being written"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Tệp trống"),
        (b"%PDF-1.7", "Tệp là văn bản PDF"),
        (b"\x89PNG\r\n", "Tệp là ảnh"),
        (b"PK\x03\x04" + bytes(40), "Tệp là bảng tính Excel (.xlsx) hoặc tệp nén"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        (table([sheet()]).replace(b"response_id", b"ma"), "Tiêu đề thiếu cột: response_id"),
        (table([sheet()]) + b'"x', "dấu nháy kép không đóng"),
        (b"[{}]", "danh sách JSON"),
        (b"<html><body>a,b</body></html>", "không phải dòng tiêu đề"),
    ],
)
def test_what_cannot_be_read_is_named_and_not_kept(
    app: Flask, desk: FlaskClient, content: bytes, reason: str
) -> None:
    page = upload(desk, content, "phiếu.xlsx")
    assert page.status_code == 400
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert reason in words(page.text)
    assert kept(app) == []
    with app.app_context():
        assert "import-uploaded" not in db.session.scalars(select(AuditEvent.action)).all()


def test_a_workbook_that_unfolds_without_end_is_refused(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_BYTES", 2_000)
    page = upload(desk, workbook([["a"]]))
    assert page.status_code == 400
    assert "Bảng tính quá lớn" in page.text
    assert kept(app) == []


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        (b"\xff\xfe", "không phải chữ UTF-8"),
        (b"source: [", "không đọc được YAML"),
        (b"source: \0", "quá dài hoặc không phải chữ"),
        (b"#" * 1_600_001, "quá dài hoặc không phải chữ"),
        (b"renames: {}", "Tệp ánh xạ: dòng 1"),
        (
            MAPPING.encode() + b'verified_source: {statement: a, by: [b, c], on: "2026-09-01"}\n',
            "chỉ nhập được bằng lệnh trên máy chủ",
        ),
    ],
)
def test_a_mapping_that_cannot_be_used_is_named(
    app: Flask, desk: FlaskClient, mapping: bytes, reason: str
) -> None:
    page = upload(desk, table([sheet()]), mapping=(io.BytesIO(mapping), "a.yaml"))
    assert page.status_code == 400
    assert reason in words(page.text)
    assert str(app.extensions["hailong"].data_dir) not in page.text
    assert kept(app) == []


def test_no_file_is_asked_for_in_words(desk: FlaskClient) -> None:
    page = upload(desk, b"", "")
    assert page.status_code == 400
    assert "Hãy chọn một tệp" in page.text


def test_home_says_what_waits_for_somebody(app: Flask, desk: FlaskClient) -> None:
    never(app)
    line = "tệp phiếu chờ bạn xác nhận hoặc nhập tiếp"
    assert line not in read(desk, "/quan-tri")
    key = key_of(upload(desk, table([sheet()])))
    assert f"1 {line}" in read(desk, "/quan-tri")
    elsewhere = member_client(app, (Role.PROVINCE, "31"), email="hp@haiphong.gov.vn")
    assert line not in read(elsewhere, "/quan-tri")
    act(desk, f"{HOME}/{key}/chay")
    assert line not in read(desk, "/quan-tri")


def test_files_that_nobody_imports_do_not_pile_up(app: Flask, desk: FlaskClient) -> None:
    keys = [key_of(upload(desk, table([sheet()]))) for _ in range(10)]
    page = upload(desk, table([sheet()]))
    assert page.status_code == 400
    assert "Đã có 10 tệp chờ" in page.text
    assert len(kept(app)) == 10
    act(desk, f"{HOME}/{keys[0]}/bo")
    assert upload(desk, table([sheet()])).status_code == 303


def test_files_of_others_fill_nobody_elses_room(app: Flask, desk: FlaskClient) -> None:
    foreign = member_client(app, (Role.PROVINCE, "31"), email="hp@haiphong.gov.vn")
    for _ in range(10):
        upload(foreign, table([sheet(agency=citizens.OTHER_AGENCY)]))
    assert upload(foreign, table([sheet(agency=citizens.OTHER_AGENCY)])).status_code == 400
    assert upload(desk, table([sheet()])).status_code == 303


def test_an_upload_is_thrown_away_whole_but_not_what_was_started(app: Flask, desk: FlaskClient) -> None:
    never(app)
    first, second = (key_of(upload(desk, table([sheet()]))) for _ in range(2))
    assert act(desk, f"{HOME}/{first}/bo").status_code == 303
    assert desk.get(f"{HOME}/{first}").status_code == 404
    assert [path.name for path in kept(app)] == [f"{second}.csv"]
    act(desk, f"{HOME}/{second}/chay")
    assert act(desk, f"{HOME}/{second}/bo").status_code == 409
    assert act(desk, f"{HOME}/{second}/chay").status_code == 409
    assert desk.get(f"{HOME}/{second}/dong-loi.csv").status_code == 409


def test_only_whoever_reaches_its_scopes_sees_an_import(app: Flask, desk: FlaskClient) -> None:
    at_once(app)
    key = key_of(upload(desk, table([sheet(satisfaction="9")]), "bí mật.csv"))
    act(desk, f"{HOME}/{key}/chay")
    colleague = member_client(app, (Role.PROVINCE, "14"), email="ban@sonla.gov.vn")
    ministry = member_client(app, (Role.MINISTRY, "nation"), email="bo@bo.vn")
    foreign = member_client(app, (Role.PROVINCE, "31"), email="hp@haiphong.gov.vn")
    below = member_client(app, (Role.PROVINCE, "14-SKHCN"), email="so@sonla.gov.vn")
    for client, sees in ((colleague, True), (ministry, True), (foreign, False), (below, False)):
        assert ("bí mật.csv" in client.get(HOME).text) is sees
        for path in (f"{HOME}/{key}", f"{HOME}/{key}/dong-loi.csv"):
            assert (client.get(path, buffered=True).status_code == 200) is sees, path
        assert (act(client, f"{HOME}/{key}/chay").status_code == 404) is not sees


def test_a_long_list_has_pages(app: Flask, desk: FlaskClient) -> None:
    person = state(app, key_of(upload(desk, table([sheet()]), "mới.csv"))).person
    with app.app_context():
        for number in range(55):
            at = NOW - timedelta(hours=number // 2 + 1)
            db.session.add(
                Import(person=person, scopes="14", name=f"tệp {number:02}", kind="csv", size=1, rows=1,
                       uploaded_at=at)
            )  # fmt: skip
        db.session.commit()
    first = desk.get(HOME).text
    later = re.search(r'<a rel="next" href="([^"]+)"', first)
    assert later
    assert first.index("mới.csv") < first.index("tệp 0")
    second = read(desk, unescape(later[1]))
    assert sorted(set(re.findall(r"tệp \d\d", first + second))) == [f"tệp {n:02}" for n in range(55)]
    for nonsense in ('["2026-11-20 03:00:00","x"]', '["2026-11-20",1]', "[1,2]", "x"):
        assert desk.get(HOME, query_string={"after": nonsense}).status_code == 200


def test_a_page_never_refreshes_by_itself_unless_it_is_asked_to(app: Flask, desk: FlaskClient) -> None:
    """WCAG 2.2.1: whoever reads slowly is not interrupted."""
    never(app)
    key = key_of(upload(desk, table([sheet()])))
    act(desk, f"{HOME}/{key}/chay")
    assert 'http-equiv="refresh"' not in desk.get(f"{HOME}/{key}").text
    follows = desk.get(f"{HOME}/{key}?tu-dong=1")
    html5lib.HTMLParser(strict=True).parse(follows.text)
    assert '<meta http-equiv="refresh" content="10">' in follows.text
    assert "Dừng tự làm mới" in follows.text
    at_once(app)
    assert "Đang chờ đến lượt" in read(desk, f"{HOME}/{key}")


def test_a_name_of_a_file_is_kept_short_and_without_what_no_page_shows(app: Flask, desk: FlaskClient) -> None:
    never(app)
    turned = "phiếu\u202evsc\x7f" + "x" * 300 + ".csv"
    key = key_of(upload(desk, table([sheet()]), turned))
    assert state(app, key).name == "phiếuvsc" + "x" * 112
    assert "phiếuvscxxx" in read(desk, HOME)


def test_every_step_is_in_the_trail_without_a_word_of_the_file(app: Flask, desk: FlaskClient) -> None:
    at_once(app)
    key = key_of(upload(desk, table([sheet(comment="CHIMYEN")]), "CHIMYEN.csv"))
    act(desk, f"{HOME}/{key}/chay")
    with app.app_context():
        about = select(AuditEvent).where(AuditEvent.subject == str(key)).order_by(AuditEvent.position)
        events = db.session.scalars(about).all()
        assert [event.action for event in events] == ["import-uploaded", "import-started", "import-ended"]
        assert {event.scope for event in events} == {"14"}
        assert "CHIMYEN" not in "".join(event.details for event in events)
        by = db.session.scalars(select(AuditEvent.by).where(AuditEvent.action == "responses-imported")).one()
        assert by == str(state(app, key).person)


def test_files_are_gone_after_a_week_whatever_became_of_them(
    app: Flask, desk: FlaskClient, set_now: Callable[[datetime], None]
) -> None:
    never(app)
    key = key_of(upload(desk, table([sheet()])))
    for path in kept(app):
        # The disk has a clock of its own.
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    runner = app.test_cli_runner()
    set_now(NOW + timedelta(days=7) - timedelta(minutes=1))
    assert "uploads: đã xóa 0 tệp" in runner.invoke(args=["purge"]).output
    set_now(NOW + timedelta(days=7))
    assert "uploads: đã xóa 1 tệp" in runner.invoke(args=["purge"]).output
    assert kept(app) == []
    set_now(NOW)
    late = member_client(app, (Role.PROVINCE, "14"), email="sau@sonla.gov.vn")
    assert "Tệp đã bị xóa sau bảy ngày" in read(late, f"{HOME}/{key}")
    assert act(late, f"{HOME}/{key}/chay").status_code == 409
