"""An office begins to work: from the first command to the trail of everything that was done."""

from __future__ import annotations

import csv
import io
import re
from base64 import b32decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from app.accounts import totp
from app.results.folding import fold_waiting
from app.transactions import transaction
from tests.support import citizens
from tests.support.accounts import PASSWORD, SECOND, SIGN_IN, send
from tests.support.citizens import AGENCY, NOW, OTHER_AGENCY
from tests.support.staff import words

SetNow = Callable[[datetime], None]
ROOT = "/quan-tri"
LINKS = 24
ANSWERS = 21


@dataclass
class Officer:
    """A browser of somebody who works here, and what the authenticator of that person holds."""

    client: FlaskClient
    email: str
    secret: bytes

    def sign_in(self, now: datetime) -> None:
        first = send(self.client, SIGN_IN, {"email": self.email, "password": PASSWORD})
        assert first.status_code == 303, first.text
        code = totp.code_at(self.secret, totp.step_of(now))
        assert send(self.client, SECOND, {"code": code}).status_code == 303

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(ROOT + path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.text

    def sure(self, path: str, page: str = "") -> None:
        """What cannot be undone lightly is asked about once."""
        asked = send(self.client, path, page=page)
        assert asked.status_code == 200 and "Không, quay lại" in asked.text
        assert send(self.client, path, {"confirmed": "1"}, page=page).status_code == 303


def accept(app: Flask, address: str, email: str, now: datetime) -> Officer:
    """Opens an invitation, chooses a password and adds the authenticator."""
    client, path = app.test_client(), urlsplit(address).path
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", client.get(path).text)
    assert shown, "the page shows no key"
    secret = b32decode(shown[1].replace(" ", ""))
    fields = {"new_password": PASSWORD, "again": PASSWORD}
    answer = send(client, path, {**fields, "code": totp.code_at(secret, totp.step_of(now))})
    assert answer.status_code == 200 and "Mã khôi phục" in answer.text
    return Officer(client, email, secret)


def invited(by: Officer, name: str, email: str, role: str, scope: str) -> str:
    """The address that the inviting person passes on."""
    fields = {"name": name, "email": email, "role": role, "scope": scope}
    answer = send(by.client, f"{ROOT}/nguoi-dung/moi", fields)
    found = re.search(r"http\S+/quan-tri/loi-moi/[\w-]+", answer.text)
    assert found, answer.text
    return unescape(found[0])


def issued(by: Officer) -> list[str]:
    fields = {"procedure": "", "phase": "after-result", "count": str(LINKS), "expires_on": "2026-12-20",
              "made_as": "csv"}  # fmt: skip
    answer = send(by.client, f"{ROOT}/duong-dan/phat-hanh/{AGENCY}", fields)
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    return [urlsplit(row[0]).path for row in rows[1:]]


def test_an_office_is_set_up_works_and_can_tell_what_it_did(app: Flask, set_now: SetNow) -> None:
    now = NOW
    set_now(now)
    citizens.prepare(app)

    # The operator makes the first account; everything else happens in browsers.
    told = app.test_cli_runner().invoke(
        args=["staff", "create", "lan@bo.gov.vn", "--name", "Nguyễn Thị Lan", "--role", "ministry"]
    )
    found = re.search(r"http\S+", told.output)
    assert found, told.output
    lan = accept(app, found[0], "lan@bo.gov.vn", now)
    set_now(now := now + timedelta(minutes=1))
    lan.sign_in(now)

    # The ministry invites a province, and the province a department.
    address = invited(lan, "Lò Thị Mai", "mai@sonla.gov.vn", "province", "14")
    mai = accept(app, address, "mai@sonla.gov.vn", now)
    set_now(now := now + timedelta(minutes=1))
    mai.sign_in(now)
    address = invited(mai, "Cầm Văn Bình", "binh@sonla.gov.vn", "agency", AGENCY)
    binh = accept(app, address, "binh@sonla.gov.vn", now)
    set_now(now := now + timedelta(minutes=1))
    binh.sign_in(now)

    # The province issues links; people answer them, each once.
    paths = issued(mai)
    assert len(set(paths)) == LINKS
    for number, path in enumerate(paths[:ANSWERS]):
        sent = citizens.post(app.test_client(), path, citizens.sheet(str(5 - number % 3)))
        assert sent.status_code == 303
    assert 'name="satisfaction"' not in app.test_client().get(paths[0]).text
    with app.app_context(), transaction():
        fold_waiting()
    assert "Sở Khoa học và Công nghệ" in mai.page("/so-phieu?province=14")
    assert re.search(r"2\d\+|20\+", words(mai.page("/so-phieu?province=14")))
    (batch,) = set(re.findall(r"/quan-tri/duong-dan/[0-9a-f]{32}", mai.page("/duong-dan")))
    mai.sure(f"{batch}/thu-hoi", page=batch)
    assert app.test_client().get(paths[-1]).status_code == 410

    # The department reads what is its own, and nothing of its neighbour.
    binh.page(f"/co-quan/{AGENCY}")
    binh.page(f"/co-quan/{OTHER_AGENCY}", 404)
    binh.page("/nguoi-dung/moi", 404)
    binh.page("/nhat-ky", 404)

    # The province lets the person go: the next click is the last one.
    (person,) = re.findall(r"/quan-tri/nguoi-dung/([0-9a-f-]{36})\">Cầm Văn Bình", mai.page("/nguoi-dung"))
    mai.sure(f"{ROOT}/nguoi-dung/{person}/khoa")
    left = binh.client.get(f"{ROOT}/co-quan")
    assert left.status_code == 303 and "/dang-nhap" in left.headers["Location"]

    # The trail tells the whole story to whoever may read it, and nothing of the people who answered.
    trail = words(lan.page("/nhat-ky"))
    for act in ("mời người dùng", "hoàn tất đăng ký", "đăng nhập", "phát hành đường dẫn", "thu hồi đường dẫn",
                "khóa người dùng"):  # fmt: skip
        assert act in trail, act
    assert "Nguyễn Thị Lan mời người dùng Lò Thị Mai" in trail
    assert "Lò Thị Mai khóa người dùng Cầm Văn Bình" in trail
    assert not any(path.rpartition("/")[2] in trail for path in paths)
    verdict = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert verdict.exit_code == 0, verdict.output
