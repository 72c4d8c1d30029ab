"""A collector with a telephone in the hand: what is tapped, and what lies in the telephone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from app import clock, create_app
from app.extensions import db
from app.fieldwork.models import Device, FieldReceipt, InboxRecord, Round, Visit, VisitCount
from app.fieldwork.reports import missing_from
from app.fieldwork.sealing import open_sealed
from app.responding.models import Response
from surveys.periods import local_day
from tests.conftest import test_config
from tests.support import phones
from tests.support.weak_network import Network

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

VILLAGE = "Tổ 1"
DOORS = {
    "absent": "Không có ai ở nhà",
    "later": "Hẹn lúc khác",
    "refused": "Từ chối trả lời",
    "ineligible": "Không thuộc diện hỏi",
    "helped": "Đã giúp hộ này nộp hồ sơ",
}
# A module of the app by name, the very instance that the page runs.
MODULE = "(name) => import(document.querySelector('script[type=module]').src.replace('app.js', name))"


# What the browser itself writes about answers that are meant to fail.
EXPECTED = re.compile("Failed to load resource|net::ERR|service worker|ServiceWorker|QuotaExceeded")


@dataclass(frozen=True)
class House:
    """The server with a round that runs today. `port` is where it listens."""

    app: Flask
    port: int

    def code(self) -> tuple[str, UUID]:
        """A telephone that waits for its owner: the code of its QR code, and its id."""
        phone = phones.a_phone(self.app)
        return self.code_again(phone.id), phone.id

    def code_again(self, device: UUID) -> str:
        """A new code for a telephone that is known."""
        with self.app.app_context():
            code, code_hash = phones.new_code()
            row = db.session.get(Device, device)
            assert row is not None
            row.code_hash, row.code_until = code_hash, clock.now() + timedelta(hours=24)
            db.session.commit()
        return code

    def set_state(self, device: UUID, state: str) -> None:
        phones.change(self.app, Device, device, state=state)

    def answers(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        """What has become of records: id → answers of the response."""
        with self.app.app_context():
            found = db.session.execute(
                select(Response.id, Response.answers, Response.comment).where(Response.id.in_(ids))
            )
            return {
                name: json.loads(answers) | ({"comment": comment} if comment else {})
                for name, answers, comment in found
            }

    def opened(self, envelope: str) -> dict[str, Any]:
        """The record inside an envelope, as only the server reads it."""
        with self.app.app_context():
            record = json.loads(open_sealed(json.loads(envelope)))
        assert isinstance(record, dict)
        return record

    def aside(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(InboxRecord.problem)))

    def missing(self, device: UUID) -> list[str]:
        """What a telephone has said that it holds and that has not arrived, in order."""
        with self.app.app_context():
            return sorted(missing_from([device])[device])

    def visits(self, device: UUID) -> int:
        with self.app.app_context():
            return len(list(db.session.scalars(select(Visit.id).where(Visit.device == device))))

    def doors(self, device: UUID) -> dict[str, int]:
        """How many doors of each kind the collector of a telephone closed."""
        with self.app.app_context():
            found = db.session.execute(
                select(VisitCount.outcome, func.sum(VisitCount.n))
                .join(Device, Device.collector == VisitCount.collector)
                .where(Device.id == device)
                .group_by(VisitCount.outcome)
            )
            return {outcome: int(n) for outcome, n in found}

    def receipts(self, ids: list[str]) -> int:
        with self.app.app_context():
            return len(list(db.session.scalars(select(FieldReceipt.id).where(FieldReceipt.id.in_(ids)))))


def house_in(folder: Path, template: Path) -> Flask:
    """An application on a database of its own, with a round around today's date."""
    shutil.copy(template, folder / "test.db")
    app = create_app(test_config(folder))
    phones.prepare(app)
    # The phone's clock is today's, so the server's has to be.
    del app.extensions["clock"]
    with app.app_context():
        today = local_day(clock.now())
    phones.change(
        app, Round, phones.ROUND, first_day=today - timedelta(days=3), last_day=today + timedelta(days=30)
    )
    return app


@dataclass
class Pocket:
    """One page of the app over a network that can be bad."""

    page: Page
    network: Network

    def open(self, fragment: str = "") -> None:
        self.page.goto(f"{self.network.url}/thuc-dia/{fragment}")
        self.page.locator("h1").first.wait_for()

    def tap(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def choose(self, words: str) -> None:
        self.page.locator("label", has_text=words).first.click()

    def title(self, words: str) -> None:
        """Waits for the screen with this heading."""
        self.page.get_by_role("heading", level=1, name=words, exact=True).wait_for()

    def enrol(self, code: str) -> None:
        """Until the work is there."""
        self.open(f"#{code}")
        self.tap("Ghi danh")
        self.title("Máy đã được ghi danh")
        self.tap("Xem việc được giao")
        self.page.get_by_role("button", name=VILLAGE).wait_for()

    def knock(self, village: str = VILLAGE) -> None:
        self.page.get_by_role("button", name=village).click()
        self.title(village)

    def close_door(self, words: str = "Không có ai ở nhà") -> None:
        self.choose(words)
        self.page.get_by_role("button", name="Ghi một lượt").click()
        self.page.get_by_text("Đã ghi một lượt").wait_for()

    def begin(self) -> None:
        """From the door to the first question."""
        self.tap("Tiếp tục")
        self.tap("Chưa")
        self.title("Hỏi bằng tiếng nào?")
        self.tap("Tiếp tục")
        self.title("Đọc to lời mời")
        self.tap("Đồng ý")

    def ask(self, *, satisfied: str = "Hài lòng", office: str = "Ông/Bà không biết") -> None:
        """From the first question to the last, of a household that applied online."""
        self.tap("Có")
        self.tap("Tự làm")
        self.tap(office)
        self.tap("Đã đưa máy")
        self.tap(satisfied)
        self.tap("Đã nhận lại máy")
        for words in ("Dưới 5 phút", "Đúng hẹn", "Không", "Có"):
            self.tap(words)
        self.tap("Tiếp tục")

    def finish(self) -> None:
        """From the question about the slip to the sealed record."""
        self.tap("Không đồng ý")
        self.tap("Kết thúc, niêm phong")
        self.title("Phiếu đã niêm phong")

    def interview(self, **answers: str) -> None:
        self.begin()
        self.ask(**answers)
        self.finish()

    def run(self, module: str, script: str, argument: Any = None) -> Any:
        """Runs a function of (module, argument) on a module of the app."""
        return self.page.evaluate(
            f"async ([name, argument]) => ({script})(await ({MODULE})(name), argument)", [module, argument]
        )

    def told(self, script: str) -> Any:
        """What the page says, or nothing while it is being loaded anew."""
        from playwright.sync_api import Error

        with suppress(Error):
            return self.page.evaluate(script)
        return None

    def rows(self) -> list[dict[str, Any]]:
        found = self.run("store.js", "(store) => store.records()")
        assert isinstance(found, list)
        return found

    def states(self) -> list[str]:
        return sorted(row["state"] for row in self.rows())

    def doors(self, count: int = 1) -> list[str]:
        """Closed doors, without walking through the screens. Returns their ids."""
        place = {"round": phones.ROUND, "village": phones.VILLAGE, "name": VILLAGE}
        made = self.run(
            "interviews.js",
            "async (own, [place, n]) => { const ids = [];"
            " for (let i = 0; i < n; i += 1) ids.push((await own.closeDoor(place, 'absent')).id);"
            " return ids; }",
            [place, count],
        )
        assert isinstance(made, list)
        return made

    def hurry(self) -> None:
        self.run("sender.js", "(sender) => sender.hurry()")

    def ready_for_no_network(self) -> None:
        """The worker has everything and leads the page."""
        self.until(lambda: bool(self.page.evaluate("Boolean(navigator.serviceWorker.controller)")))

    def until(self, happened: Callable[[], bool], seconds: float = 40) -> None:
        from tests.browser.conftest import wait_until

        wait_until(happened, seconds)

    def until_sent(self, seconds: float = 40) -> None:
        self.until(lambda: set(self.states()) <= {"acknowledged", "draft"}, seconds)


@contextmanager
def phone(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A telephone with nothing on it. Any mistake in a script fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, **options)
    mistakes: list[str] = []

    def watch(page: Page) -> None:
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda line: mistakes.append(line.text) if line.type == "error" else None)

    context.on("page", watch)
    try:
        yield context
        assert context.cookies() == []
        found = [text for text in mistakes if not EXPECTED.search(text)]
        assert found == [], found
    finally:
        context.close()


@contextmanager
def collector(browser: Browser, house: House, network: Network, **options: Any) -> Iterator[Pocket]:
    """A telephone that is enrolled and has its work."""
    code, _device = house.code()
    with phone(browser, **options) as context:
        pocket = Pocket(context.new_page(), network)
        pocket.enrol(code)
        yield pocket
