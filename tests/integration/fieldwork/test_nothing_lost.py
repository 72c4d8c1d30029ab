"""Whatever happens between a telephone and the tables: each record once, none lost, none in another's way."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.fieldwork import inbox, interpreting
from app.fieldwork.inbox import Desk, desk, reconsider
from app.fieldwork.models import Device, FieldReceipt, InboxRecord, Visit, VisitCount
from app.responding.models import Response
from app.transactions import transaction
from tests.support.audit import recorded
from tests.support.phones import NOW, Phone, a_phone, at, change, said


def rows(app: Flask, model: type) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(select(model)))


def broken(*_anything: object, **_more: object) -> None:
    raise RuntimeError("the machine stops here")


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The process ends between the two transactions: nobody interprets, and nobody sets aside."""
    monkeypatch.setattr(inbox, "_interpret_all", broken)
    return monkeypatch


def test_the_same_record_fifty_times_at_once_is_one_row(app: Flask, phone: Phone) -> None:
    interview, door = phone.sealed(phone.interview()), phone.sealed(phone.door())
    app.extensions["field_desk"] = Desk(25)
    phones = [Phone(app, phone.id, phone.collector, phone.token, phone.public) for _ in range(25)]
    with ThreadPoolExecutor(25) as pool:
        answers = [
            said(one) for body in (interview, door) for one in pool.map(lambda p, b=body: p.send(b), phones)
        ]
    assert Counter(answers) == {(201, "stored"): 2, (200, "known"): 48}
    assert len(rows(app, Response)) == len(rows(app, Visit)) == 1
    assert [row.n for row in rows(app, VisitCount)] == [1]
    assert len(rows(app, FieldReceipt)) == 2 and rows(app, InboxRecord) == []


def test_two_contents_under_one_id_at_once_are_one_row_and_one_aside(app: Flask, phone: Phone) -> None:
    record = phone.interview()
    bodies = [phone.sealed(record | {"seconds": seconds}) for seconds in range(10, 16)]
    phones = [Phone(app, phone.id, phone.collector, phone.token, phone.public) for _ in bodies]
    with ThreadPoolExecutor(6) as pool:
        answers = [
            said(one)
            for one in pool.map(lambda pair: pair[0].send(pair[1]), zip(phones, bodies, strict=True))
        ]
    assert Counter(answers) == {(201, "stored"): 1, (202, "aside"): 5}
    assert len(rows(app, Response)) == len(rows(app, Visit)) == 1
    assert [row.problem for row in rows(app, InboxRecord)] == ["other-content"] * 5


def test_many_doors_at_once_are_all_counted(app: Flask, phone: Phone) -> None:
    bodies = [phone.sealed(phone.door()) for _ in range(60)]
    phones = [Phone(app, phone.id, phone.collector, phone.token, phone.public) for _ in bodies]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda pair: said(pair[0].send(pair[1])), zip(phones, bodies, strict=True)))
    assert answers == [(201, "stored")] * 60
    assert [row.n for row in rows(app, VisitCount)] == [60]


def test_a_crash_between_the_two_transactions_loses_nothing(
    app: Flask, phone: Phone, runner: FlaskCliRunner, stopped: pytest.MonkeyPatch
) -> None:
    record = phone.interview()
    body = phone.sealed(record)
    assert phone.send(body).status_code == 503
    assert [row.problem for row in rows(app, InboxRecord)] == [""] and rows(app, Response) == []
    stopped.undo()
    app.extensions["clock"] = lambda: NOW + timedelta(minutes=1)
    assert "Đã đọc 1 phiếu còn chờ" in runner.invoke(args=["field", "interpret"]).output
    assert rows(app, InboxRecord) == [] and len(rows(app, Response)) == 1
    assert said(phone.send(body)) == (200, "known")
    assert "Đã đọc 0 phiếu còn chờ" in runner.invoke(args=["field", "interpret"]).output


def test_the_next_record_takes_up_what_a_crash_has_left(
    app: Flask, phone: Phone, stopped: pytest.MonkeyPatch
) -> None:
    assert phone.send(phone.interview()).status_code == 503
    stopped.undo()
    # Another request may still be answering it.
    assert said(phone.send(phone.door())) == (201, "stored")
    assert len(rows(app, InboxRecord)) == 1
    app.extensions["clock"] = lambda: NOW + timedelta(minutes=1)
    assert said(phone.send(phone.door())) == (201, "stored")
    assert rows(app, InboxRecord) == [] and len(rows(app, Response)) == 1
    # It counts for the moment at which it arrived.
    assert rows(app, Visit)[0].clock is False


def test_a_resend_after_a_crash_is_the_same_record(
    app: Flask, phone: Phone, stopped: pytest.MonkeyPatch
) -> None:
    body = phone.sealed(phone.door())
    assert phone.send(body).status_code == 503
    stopped.undo()
    assert said(phone.send(body)) == (201, "stored")
    assert [row.n for row in rows(app, VisitCount)] == [1] and rows(app, InboxRecord) == []


def test_a_record_at_which_the_service_itself_fails_is_in_nobodys_way(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, good = phone.interview(), phone.interview()
    judge = interpreting.judge

    def spoiled(group: Any, forgiven: Any = ()) -> Any:
        if any(arrived.id == poison["id"] for arrived in group):
            raise RuntimeError("nobody has thought of this")
        return judge(group, forgiven)

    monkeypatch.setattr(interpreting, "judge", spoiled)
    assert said(phone.send(poison)) == (202, "aside")
    with app.app_context():
        arrived = [
            interpreting.Arrived(one["id"], str(number) * 64, phone.sealed(one), phone.id, NOW)
            for number, one in enumerate((poison, good), 1)
        ]
        assert [state.value for state in inbox.take_in(arrived)] == ["aside", "stored"]
    assert sorted(row.problem for row in rows(app, InboxRecord)) == ["failed", "failed"]
    assert len(rows(app, Response)) == 1
    # Nobody stumbles over it every minute.
    with app.app_context():
        assert inbox.take_up(now=NOW + timedelta(days=1)) == 0


def test_a_database_that_is_away_is_told_and_the_record_stays_with_the_telephone(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_group: object) -> None:
        raise OperationalError("BEGIN", {}, Exception("disk I/O error"))

    record = phone.door()
    monkeypatch.setattr(inbox, "_store", away)
    response = phone.send(record)
    assert response.status_code == 503 and int(response.headers["Retry-After"]) > 0
    monkeypatch.undo()
    assert said(phone.send(record)) == (201, "stored")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b"null", b"\xff\xfe", b"[" * 30_000, b'{"id":7}', b'{"id":"x"}', b"a=1",
     b'{"id":"5F0C2C9E-9D0A-4C53-8A3E-0D4D3C1F7B11"}', b'{"id":"5f0c2c9e-9d0a-1c53-8a3e-0d4d3c1f7b11"}'],
)  # fmt: skip
def test_what_is_no_envelope_is_refused(app: Flask, phone: Phone, body: bytes) -> None:
    assert phone.send(body).status_code == 400
    assert rows(app, InboxRecord) == []


def test_more_than_64_kilobytes_are_refused_unread(app: Flask, phone: Phone) -> None:
    class Untouched:
        def read(self, *_size: int) -> bytes:
            raise AssertionError("the body was read")

        readline = readlines = read

    response = phone.client.post(
        "/thuc-dia/api/phieu",
        environ_overrides={"wsgi.input": Untouched(), "CONTENT_LENGTH": str(64 * 1024 + 1)},
        headers=phone.headers,
    )
    assert response.status_code == 413
    record = phone.interview(answers={"filed_online": "no", "comment": "â" * 500})
    assert said(phone.send(record)) == (201, "stored")
    response = phone.client.post(
        "/thuc-dia/api/phieu", headers=phone.headers | {"Transfer-Encoding": "chunked"}
    )
    assert response.status_code == 400


def test_a_telephone_that_sends_too_much_is_told_when_to_come_back(app: Flask, phone: Phone) -> None:
    config = app.extensions["hailong"]
    app.extensions["hailong"] = replace(config, field_records_per_device=3, field_records_per_minute=5)
    other = a_phone(app)
    answers = [phone.send(phone.door()) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
    # The minute has 60 seconds left; the second to wait comes a third of a minute after the first.
    assert [answer.headers["Retry-After"] for answer in answers[3:]] == ["60", "80"]
    assert other.send(other.door()).status_code == 429
    app.extensions["clock"] = lambda: NOW + timedelta(seconds=60)
    assert phone.send(phone.door()).status_code == 201


def test_where_the_desk_is_full_the_others_hear_at_once_when_to_come_back(app: Flask, phone: Phone) -> None:
    """And nothing of that counts against what is taken in a minute."""
    config = app.extensions["hailong"]
    app.extensions["hailong"] = replace(config, field_records_at_once=2, field_records_per_minute=1)
    other = a_phone(app)
    with app.app_context():
        counter = desk()
        with counter.place(), counter.place():
            answers = [sender.send(sender.door()) for sender in (phone, other, phone)]
            assert [answer.status_code for answer in answers] == [429] * 3
            assert all(int(answer.headers["Retry-After"]) == 1 for answer in answers)
            assert json.loads(answers[0].text) == {"error": "busy"}
            # What is no record needs no place.
            assert phone.send(b"{}").status_code == 400
    assert rows(app, InboxRecord) == []
    assert said(phone.send(phone.door())) == (201, "stored")


def exported(phone: Phone, tmp_path: Path, records: list[Any]) -> Path:
    path = tmp_path / "xuat.jsonl"
    path.write_bytes(
        b"\n".join(one if isinstance(one, bytes) else phone.sealed(one) for one in records) + b"\n"
    )
    return path


def test_a_file_brings_what_the_wire_would_have_brought(
    app: Flask, phone: Phone, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    sent = phone.sealed(phone.interview())
    phone.send(sent)
    strange = phone.door(device="6f0c2c9e-9d0a-4c53-8a3e-0d4d3c1f7b11")
    path = exported(phone, tmp_path, [sent, phone.interview(), phone.door(), strange, b"", b"not a record"])
    result = runner.invoke(args=["field", "import", str(path)])
    assert "Đã đọc 5 dòng: 2 mới, 1 đã có, 1 để riêng, 1 không phải phiếu." in result.output
    assert (
        "Đã đọc 5 dòng: 0 mới, 3 đã có, 1 để riêng"
        in runner.invoke(args=["field", "import", str(path)]).output
    )
    assert len(rows(app, Response)) == len(rows(app, Visit)) == 2
    (aside,) = rows(app, InboxRecord)
    assert (aside.problem, aside.device) == ("unknown-device", None)
    with app.app_context():
        details = [event.details for event in recorded(action="field-records-imported")]
    assert details[0] == {"count": 4, "new": 2, "known": 1, "aside": 1}


def test_a_file_saved_on_another_system_is_the_same(
    app: Flask, phone: Phone, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    body = phone.sealed(phone.door())
    path = tmp_path / "windows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + body + b"\r\n\r\n" + b"x" * 70_000 + b"\r\n")
    result = runner.invoke(args=["field", "import", str(path)])
    assert "1 mới" in result.output, result.output
    assert said(phone.send(body)) == (200, "known")
    missing = runner.invoke(args=["field", "import", str(tmp_path / "nowhere")])
    assert "không có tệp" in missing.output and missing.exit_code == 1


def test_what_a_revoked_telephone_held_waits_for_a_person(
    app: Flask, phone: Phone, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    record = phone.interview()
    path = exported(phone, tmp_path, [record])
    change(app, Device, phone.id, state="revoked")
    assert "1 để riêng" in runner.invoke(args=["field", "import", str(path)]).output
    (aside,) = rows(app, InboxRecord)
    assert aside.problem == "revoked-device" and rows(app, Response) == []
    with app.app_context(), transaction():
        assert reconsider(aside.id, aside.sha256).value == "stored"
    assert len(rows(app, Response)) == 1 and rows(app, InboxRecord) == []


def test_nobody_forgives_what_cannot_be_counted(app: Flask, phone: Phone) -> None:
    phone.send(phone.interview(answers={"filed_online": "yes"}))
    (aside,) = rows(app, InboxRecord)
    with app.app_context(), transaction():
        assert reconsider(aside.id, aside.sha256).value == "aside"
    app.extensions["clock"] = lambda: at(20, month=12)
    phone.send(phone.door())
    late = next(row for row in rows(app, InboxRecord) if row.problem == "round-over")
    with app.app_context(), transaction():
        assert reconsider(late.id, late.sha256).value == "stored"
    assert [row.n for row in rows(app, VisitCount)] == [1]


def test_no_line_of_the_log_tells_anything_of_a_record(
    app: Flask, phone: Phone, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = phone.interview(answers={"filed_online": "no", "comment": "canary-of-an-answer"})
    monkeypatch.setattr(interpreting, "judge", broken)
    phone.send(record)
    phone.send(b"{")
    phone.client.get("/thuc-dia/api/viec", headers={"Authorization": "Bearer canary-of-a-token"})
    output = "".join(capfd.readouterr())
    assert "record_not_interpreted" in output
    for secret in (record["id"], phone.token, str(phone.id), "canary", json.dumps(record["answers"])):
        assert secret not in output
