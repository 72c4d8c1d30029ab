"""Words and voices in other languages: from the files of a province to its telephones, and away again."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.roles import Role
from app.budgets import MinuteBudget
from app.extensions import db
from app.fieldwork.data_views import PIECE, budgets
from app.fieldwork.models import Device, Prompt, PromptFile, Round
from app.fieldwork.prompts import keeping as prompts
from app.fieldwork.prompts.reading import ReadPrompt
from app.retention import count_expired, purge
from app.transactions import transaction
from tests.support.at_once import at_once
from tests.support.audit import recorded
from tests.support.phones import COMMUNE, NOW, ROUND, Phone, a_phone, change
from tests.support.sounds import mp3, opus
from tests.support.staff import Console, person, words

HOME = "/quan-tri/thuc-dia/loi-doc"
PAGE = f"{HOME}/14/TAI_NHA/1.0"
VOICE, OTHER_VOICE = opus(3), mp3(2)
TABLE = "mã câu,câu tiếng Việt,lời\nintro,Chào,Nyob zoo\nfiled_online,Có nộp không?,Puas tau xa?".encode()


def office(app: Flask, role: Role = Role.PROVINCE, scope: str = "14") -> Console:
    return Console(app, person(role, scope))


def put(
    console: Console, *files: tuple[str, bytes], status: int = 303, language: str = "mong"
) -> TestResponse:
    given: Any = [(io.BytesIO(content), name) for name, content in files]
    return console.post(PAGE, status, language=language, files=given)


def work_files(phone: Phone) -> list[dict[str, Any]]:
    (one,) = json.loads(phone.get("viec").text)["rounds"]
    return list(one.get("files", []))


def stored(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_what_a_province_gives_is_fetched_by_its_telephones(app: Flask, phone: Phone) -> None:
    assert work_files(phone) == []
    before = phone.get("viec").headers["ETag"]
    put(office(app), ("loi.csv", TABLE), ("intro.ogg", VOICE), ("operator.ogg", VOICE))
    files = work_files(phone)
    assert phone.get("viec").headers["ETag"] != before
    assert [(file["language"], file["part"], file["kind"]) for file in files] == [
        ("mong", "filed_online", "text"), ("mong", "intro", "text"), ("mong", "intro", "voice"),
        ("mong", "operator", "voice"),
    ]  # fmt: skip
    for file in files:
        answer = phone.client.get(file["url"], headers=phone.headers)
        assert answer.status_code == 200 and len(answer.data) == file["size"]
        assert hashlib.sha256(answer.data).hexdigest() == file["sha256"]
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert app.test_client().get(file["url"]).status_code == 401
    change(app, Device, phone.id, state="paused")
    assert phone.client.get(files[0]["url"], headers=phone.headers).status_code == 401
    change(app, Device, phone.id, state="active")
    assert phone.client.get(files[1]["url"], headers=phone.headers).text == "Nyob zoo"
    # One content, though two parts use it.
    assert (stored(app, Prompt), stored(app, PromptFile)) == (4, 3)
    with app.app_context():
        event = recorded()[-1]
    assert (event.action, event.subject) == ("field-prompts-put", "TAI_NHA")
    # A commune's own round has what its province gives, another version has nothing of it.
    change(app, Round, ROUND, agency=COMMUNE)
    assert work_files(phone) == files
    change(app, Round, ROUND, questionnaire="COT_LOI")
    assert work_files(phone) == []


def test_a_voice_comes_in_pieces_and_stays_until_nobody_needs_it(app: Flask, phone: Phone) -> None:
    put(office(app), ("intro.ogg", VOICE))
    (old,) = work_files(phone)
    pieces = b""
    while len(pieces) < len(VOICE):
        asked = phone.headers | {"Range": f"bytes={len(pieces)}-{len(pieces) + 299}"}
        answer = phone.client.get(old["url"], headers=asked)
        assert answer.status_code == 206
        pieces += answer.data
    assert pieces == VOICE
    beyond = phone.client.get(old["url"], headers=phone.headers | {"Range": "bytes=900000-"})
    assert beyond.status_code == 416
    put(office(app), ("intro.mp3", OTHER_VOICE))
    (new,) = work_files(phone)
    assert new["sha256"] != old["sha256"]
    # A telephone that set out with yesterday's work gets there until the night.
    assert phone.client.get(old["url"], headers=phone.headers).data == VOICE
    with app.app_context():
        assert count_expired(now=NOW)["field_prompt_files"] == 1
        with transaction():
            assert purge(by="command:test", now=NOW + timedelta(days=1))["field_prompt_files"] == 1
    assert phone.client.get(old["url"], headers=phone.headers).status_code == 404
    assert phone.client.get(new["url"], headers=phone.headers).data == OTHER_VOICE
    assert phone.get("loi-doc/x").status_code == 404


def asked(phone: Phone, url: str) -> TestResponse:
    return phone.client.get(url, headers=phone.headers)


def test_a_telephone_that_asks_again_and_again_is_sent_away(app: Flask, phone: Phone) -> None:
    """By pieces, however it asks; another telephone gets on, and the next minute begins anew."""
    long = mp3(30)
    put(office(app), ("intro.mp3", long), ("operator.ogg", VOICE))
    light, heavy = [file["url"] for file in sorted(work_files(phone), key=lambda file: int(file["size"]))]
    with app.app_context():
        budgets().pieces_per_device = MinuteBudget(4)
        budgets().pieces = MinuteBudget(100)
    assert -(-len(long) // PIECE) == 2
    # Two pieces, one, and one.
    assert [asked(phone, url).status_code for url in (heavy, light, light)] == [200] * 3
    refused = asked(phone, light)
    assert (refused.status_code, refused.json) == (429, {"error": "busy"})
    assert 1 <= int(refused.headers["Retry-After"]) <= 90
    other = a_phone(app)
    assert asked(other, light).status_code == 200
    with app.app_context():
        budgets().pieces = MinuteBudget(1)
    assert [asked(other, light).status_code for _time in range(2)] == [200, 429]
    # Records have their own.
    assert phone.send(phone.interview()).status_code == 201
    app.extensions["clock"] = lambda: NOW + timedelta(minutes=1)
    assert asked(phone, light).status_code == 200


def test_the_page_shows_what_is_there_and_missing_and_every_mistake(app: Flask, phone: Phone) -> None:
    console = office(app)
    refused = put(console, ("loi.csv", b"intro,a\nF9,b"), ("operator.mp3", mp3()[:-1]), status=400)
    assert "loi.csv: dòng 2: phiếu không có câu mã “F9”" in words(refused.text)
    assert "operator.mp3: tệp tiếng bị cắt cụt" in words(refused.text)
    for files, language, why in (
        ((("a.png", b"\x89PNG"),), "mong", "a.png: không phải tệp tiếng"),
        ((("a.csv", b"\n"),), "mong", "Không có lời hay giọng đọc nào trong tệp"),
        ((("a.csv", TABLE),), "vi", "Hãy chọn một ngôn ngữ"),
        ((), "mong", "Hãy chọn ít nhất một tệp"),
    ):
        assert why in words(put(console, *files, language=language, status=400).text)
    assert stored(app, Prompt) == 0
    put(console, ("loi.csv", TABLE), ("intro.ogg", VOICE))
    assert "done=prompts-same" in put(console, ("intro.ogg", VOICE)).headers["Location"]
    page = console.get(PAGE)
    assert "tiếng Mông : 2 trên 11 lời, 1 trên 11 giọng" in words(page)
    assert "Puas tau xa?" in page and page.count("<audio controls") == 1
    answer = console.client.get(PAGE)
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]
    voice = f"{HOME}/tieng/{hashlib.sha256(VOICE).hexdigest()}"
    heard = console.client.get(voice)
    assert (heard.data, heard.mimetype) == (VOICE, "audio/ogg")
    assert "media-src" not in heard.headers["Content-Security-Policy"]
    assert "Nyob zoo" in console.get(f"{PAGE}/mong/mau.csv")
    assert "TAI_NHA 1.0 2 1" in words(console.get(HOME))
    # Who leads a team looks and listens; who works elsewhere finds nothing.
    lead = office(app, Role.TEAM_LEAD, COMMUNE)
    assert "Tải lên" not in lead.get(PAGE) and lead.client.get(voice).status_code == 200
    put(lead, ("intro.ogg", VOICE), status=404)
    elsewhere = office(app, Role.PROVINCE, "31")
    for address in (PAGE, voice, f"{PAGE}/mong/mau.csv"):
        elsewhere.get(address, 404)


def test_what_is_taken_away_leaves_the_work(app: Flask, phone: Phone) -> None:
    console = office(app)
    put(console, ("loi.csv", TABLE), ("intro.ogg", VOICE))
    asked = console.post(f"{PAGE}/mong/bo", 200, part="intro", kind="voice")
    assert "Bỏ “intro” bằng tiếng Mông?" in words(asked.text) and stored(app, Prompt) == 3
    console.post(f"{PAGE}/mong/bo", part="intro", kind="voice", confirmed="1")
    assert {file["kind"] for file in work_files(phone)} == {"text"}
    console.post(f"{PAGE}/mong/bo", 404, part="intro", kind="voice", confirmed="1")
    console.post(f"{PAGE}/vi/bo", 404, confirmed="1")
    console.post(f"{PAGE}/mong/bo", confirmed="1")
    assert work_files(phone) == [] and phone.get("viec").status_code == 200


def test_together_they_stay_light_enough_for_a_telephone(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = office(app)
    monkeypatch.setattr(prompts, "MOST_ALL", 2 * len(VOICE))
    put(console, ("intro.ogg", VOICE), ("operator.ogg", VOICE))
    refused = put(console, ("intro.ogg", VOICE), language="thai", status=400)
    assert "để máy còn chỗ" in words(refused.text)
    assert stored(app, Prompt) == 2 and work_files(phone)[0]["language"] == "mong"


def test_commands_do_the_same(app: Flask, phone: Phone, tmp_path: Path) -> None:
    def run(verb: str, *arguments: str) -> tuple[int, str]:
        sheet = ["--province", "14", "--questionnaire", "TAI_NHA", "--version", "1.0"]
        outcome = app.test_cli_runner().invoke(args=["field", verb, *sheet, *arguments])
        assert not isinstance(outcome.exception, Exception), outcome.exception
        return outcome.exit_code, outcome.output

    folder = tmp_path / "mong"
    folder.mkdir()
    (folder / "loi.csv").write_bytes(TABLE)
    (folder / "intro.ogg").write_bytes(VOICE)
    mong = ("--language", "mong")
    assert run("voices", *mong, str(folder)) == (0, "Đã đọc 3 lời, giọng: 3 mới hoặc đổi.\n")
    assert f"mong\tintro\ttext 8 byte\tvoice {len(VOICE)} byte" in run("list-voices")[1]
    assert run("remove-voices", *mong, "--part", "intro") == (0, "Đã bỏ 2 lời, giọng.\n")
    assert run("remove-voices", *mong, "--part", "intro") == (1, "Lỗi: Không có gì như vậy để bỏ.\n")
    (folder / "F9.mp3").write_bytes(OTHER_VOICE)
    code, told = run("voices", *mong, str(folder))
    assert code == 1 and "F9.mp3: phiếu không có câu mã “F9”" in told and "Chưa có gì được lưu." in told
    assert run("voices", *mong, str(tmp_path / "khong"))[0] == 1
    assert len(work_files(phone)) == 1


@pytest.mark.parametrize("first", ["given", "purged"])
def test_a_voice_that_nobody_uses_is_given_again_in_the_moment_of_the_purge(
    app: Flask, phone: Phone, first: str
) -> None:
    """Whoever begins first, the other waits: the night's purge never fails, and the voice is there."""
    sheet, voice = (
        prompts.Sheet("14", "TAI_NHA", "1.0"),
        ReadPrompt("intro", "voice", VOICE, "audio/ogg", 3, ""),
    )
    put(office(app), ("intro.ogg", VOICE))
    with app.app_context(), transaction():
        prompts.remove_prompts(sheet, "mong", by="command:test", now=NOW)
    begun = threading.Event()

    def give() -> object:
        return prompts.put_prompts(sheet, "mong", [voice], by="command:test", now=NOW)

    def clean() -> object:
        return purge(by="command:test", now=NOW)["field_prompt_files"]

    def slowly(act: Callable[[], object]) -> None:
        with transaction():
            act()
            begun.set()
            time.sleep(0.3)

    def afterwards(act: Callable[[], object]) -> None:
        begun.wait()
        with transaction():
            act()

    order = (give, clean) if first == "given" else (clean, give)
    at_once(app, partial(slowly, order[0]), partial(afterwards, order[1]))
    assert (stored(app, Prompt), stored(app, PromptFile)) == (1, 1)
    (file,) = work_files(phone)
    assert phone.client.get(file["url"], headers=phone.headers).data == VOICE
