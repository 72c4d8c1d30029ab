"""A week of interviews with everything that goes wrong in one, and what must have arrived at its end."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from socket import socket
from typing import Any
from uuid import UUID

import yaml

from app import ROOT
from tests.support.handsets import Handset
from tests.support.pockets import DOORS, House, Pocket
from tests.support.weak_network import Network, Request, cutting

DAYS = 7
EVENTS = (
    "killed in an interview", "lines cut", "two tabs", "clock moved by two years", "new version",
    "session expired", "device replaced", "storage full",
)  # fmt: skip
RELEASES = "caches.keys().then(all => all.filter(one => one.startsWith('hailong-field-')).length)"
# Takes all the room there is, the last bytes of it in ever smaller pieces.
FILL = """async (store) => {
  for (let size = 500_000, n = 0; size >= 1; size = Math.floor(size / 4)) {
    const piece = () => crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536))).join();
    try { for (;;) await store.keepFact(`much ${n += 1}`, piece()); }
    catch { /* As full as pieces of this size make it. */ }
  }
}"""
ROOM = 3_000_000
"""Bytes that a telephone which is nearly full has left for the app."""
TWO_YEARS = 2 * 365 * 86_400
DEFINITION = yaml.safe_load((ROOT / "surveys/catalogue/tai_nha.yaml").read_text("utf-8"))
QUESTIONS = {question["id"]: question for question in DEFINITION["questions"]}
OFFICES = {None: "Ông/Bà không biết", "14-SKHCN": "Sở Khoa học và Công nghệ"}
SAID = ("Mạng chậm, hay đứt", "Muốn được hướng dẫn ở nhà văn hóa bản", "Ký số khó quá", "“Ổn” & <nhanh>")


@dataclass
class Told:
    """What happened, counted by whoever made it happen."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    doors: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)


@dataclass
class Week:
    """`n` interviews on one telephone. `update` makes the network offer another release of the app."""

    house: House
    network: Network
    handset: Handset
    device: UUID
    n: int
    rng: random.Random
    update: Callable[[Request, bytes], bytes]
    told: Told = field(default_factory=Told)
    # Milliseconds between one attempt to send and the next: longer where more waits.
    patience: int = 150
    pocket: Pocket = field(init=False)

    def live(self, code: str) -> Told:
        self.pocket = self.handset.start()
        self.pocket.enrol(code)
        self.pocket.ready_for_no_network()
        for day in range(DAYS):
            self.network.down = True
            for number in range(day * self.n // DAYS, (day + 1) * self.n // DAYS):
                killed = number % max(self.n // 20, 3) == 1
                self.house_call(killed=killed, full=number == self.n - 1)
            self.evening(day)
        self.network.good()
        self.hurry_until_sent()
        self.handset.kill()
        return self.told

    # --- by day, mostly without a network ---

    def house_call(self, *, killed: bool, full: bool) -> None:
        if full:
            # Before the app is opened: the browser looks at it again only when that much is used.
            used = self.pocket.page.evaluate("navigator.storage.estimate().then(told => told.usage)")
            self.room(used + ROOM)
        self.pocket.open()
        self.pocket.knock()
        if self.rng.random() < 0.3:
            outcome = self.rng.choice(list(DOORS))
            self.pocket.close_door(DOORS[outcome])
            self.told.doors[outcome] += 1
        self.pocket.begin()
        self.pocket.title(QUESTIONS["filed_online"]["label"]["vi"])
        name = next(row["id"] for row in self.pocket.rows() if row["state"] == "draft")
        given: dict[str, Any] = {}
        steps = self.interview(given)
        before = self.rng.randrange(2, 5) if killed else -1
        for at, (title, step) in enumerate(steps):
            if at == before:
                # What the screen has gone past is on the disk.
                self.pocket.title(title)
                self.pocket = self.handset.again()
                self.pocket.open()
                self.pocket.tap("Hỏi tiếp")
                self.told.events["killed in an interview"] += 1
            self.pocket.title(title)
            if full and at == 0:
                self.storage_full(title, step)
            else:
                step()
        self.pocket.finish()
        self.told.answers[name] = given

    def storage_full(self, title: str, step: Callable[[], None]) -> None:
        """The answer is not taken as long as it cannot be kept."""
        self.pocket.run("store.js", FILL)
        step()
        self.pocket.page.get_by_text("Máy hết chỗ").wait_for()
        self.pocket.title(title)
        self.room(None)
        self.pocket.tap("Thử lại")
        self.told.events["storage full"] += 1

    def room(self, size: int | None) -> None:
        """How much the browser lets the app keep; without a number as much as the disk has."""
        protocol = self.pocket.page.context.new_cdp_session(self.pocket.page)
        limit = {"quotaSize": size} if size else {}
        protocol.send("Storage.overrideQuotaForOrigin", {"origin": self.network.url, **limit})

    def interview(self, given: dict[str, Any]) -> Iterator[tuple[str, Callable[[], None]]]:
        """Title and taps of one question after the other; `given` fills with what is answered."""
        yield self.choice("filed_online", given, may_skip=False)
        if given["filed_online"] == "yes":
            yield self.choice("operator", given)
            yield "Hồ sơ nộp ở cơ quan nào?", self.tapping(self.rng.choice(list(OFFICES.values())))
            yield self.faces(given)
            for name in ("submit_time", "result_time", "extra_trips"):
                yield self.choice(name, given)
        else:
            yield self.several(given)
            yield self.choice("want_help", given)
        yield self.choice("vneid_user", given)
        yield self.comment(given)

    def choice(
        self, name: str, given: dict[str, Any], *, may_skip: bool = True
    ) -> tuple[str, Callable[[], None]]:
        question = QUESTIONS[name]
        if may_skip and self.rng.random() < 0.2:
            return question["label"]["vi"], self.tapping("Bỏ qua câu này")
        option = self.rng.choice(question["options"])
        given[name] = option["value"]
        return question["label"]["vi"], self.tapping(option["label"]["vi"])

    def faces(self, given: dict[str, Any]) -> tuple[str, Callable[[], None]]:
        level = self.rng.randint(1, 5)
        given["satisfaction"] = level

        def turn() -> None:
            self.pocket.tap("Đã đưa máy")
            self.pocket.tap(DEFINITION["levels"][5 - level]["vi"])
            self.pocket.tap("Đã nhận lại máy")

        return QUESTIONS["satisfaction"]["label"]["vi"], turn

    def several(self, given: dict[str, Any]) -> tuple[str, Callable[[], None]]:
        question = QUESTIONS["why_not"]
        chosen = self.rng.sample(question["options"], self.rng.randint(0, 4))
        if chosen:
            given["why_not"] = sorted(option["value"] for option in chosen)

        def mark() -> None:
            for option in chosen:
                self.pocket.choose(option["label"]["vi"])
            self.pocket.tap("Tiếp tục")

        return question["label"]["vi"], mark

    def comment(self, given: dict[str, Any]) -> tuple[str, Callable[[], None]]:
        text = self.rng.choice((*SAID, ""))
        if text:
            given["comment"] = text

        def write() -> None:
            self.pocket.page.locator("textarea").fill(text)
            self.pocket.tap("Tiếp tục")

        return QUESTIONS["comment"]["label"]["vi"], write

    def tapping(self, words: str) -> Callable[[], None]:
        return lambda: self.pocket.tap(words)

    # --- in the evening, with a network of sorts ---

    def evening(self, day: int) -> None:
        self.network.good()
        self.network.fault = self.cuts
        happens = {
            1: self.two_tabs, 2: self.clock_moves, 3: self.new_version, 4: self.paused, 5: self.replaced,
        }  # fmt: skip
        happens.get(day, self.try_for_a_while)()

    def cuts(self, line: socket, request: Request) -> bool:
        """Four of ten records meet a line that breaks at any byte of the question or of the answer."""
        if self.rng.random() > 0.4:
            return False
        at = self.rng.randrange(1500)
        cut = cutting(self.network, request_at=at) if self.rng.random() < 0.5 else None
        broken = (cut or cutting(self.network, reply_at=at))(line, request)
        self.told.events["lines cut"] += broken
        return broken

    def try_for_a_while(self) -> None:
        for _time in range(3):
            self.pocket.hurry()
            self.pocket.page.wait_for_timeout(self.patience)

    def two_tabs(self) -> None:
        other = self.handset.page()
        other.open()
        for _time in range(3):
            self.pocket.hurry()
            other.hurry()
            self.pocket.page.wait_for_timeout(self.patience)
        other.page.close()
        self.told.events["two tabs"] += 1

    def clock_moves(self) -> None:
        self.handset.ahead = TWO_YEARS
        self.pocket = self.handset.again()
        self.pocket.open()
        self.try_for_a_while()
        self.told.events["clock moved by two years"] += 1

    def new_version(self) -> None:
        self.network.change = self.update
        self.pocket.page.evaluate("navigator.serviceWorker.ready.then(own => own.update())")
        self.pocket.until(lambda: bool(self.pocket.page.evaluate(
            "navigator.serviceWorker.ready.then(own => Boolean(own.waiting))"
        )), seconds=90)  # fmt: skip
        self.pocket.open()
        self.pocket.tap("Máy này")
        self.pocket.tap("Có bản mới. Cập nhật")
        self.pocket.until(lambda: self.pocket.told(RELEASES) == 1)
        self.pocket.open()
        self.told.events["new version"] += 1
        self.try_for_a_while()

    def paused(self) -> None:
        self.house.set_state(self.device, "paused")
        self.try_for_a_while()
        self.house.set_state(self.device, "active")
        self.told.events["session expired"] += 1

    def replaced(self) -> None:
        """The old token is dead; the phone is bound anew with everything that waits."""
        self.network.fault = None
        self.pocket.open("?#" + self.house.code_again(self.device))
        self.pocket.tap("Ghi danh")
        self.pocket.title("Máy đã được ghi danh")
        self.network.fault = self.cuts
        self.told.events["device replaced"] += 1
        self.try_for_a_while()

    def hurry_until_sent(self) -> None:
        for _time in range(200):
            self.pocket.hurry()
            self.pocket.page.wait_for_timeout(self.patience)
            if set(self.pocket.states()) <= {"acknowledged"}:
                return
        raise AssertionError(f"what waits did not leave: {Counter(self.pocket.states())}")


def judge(week: Week) -> dict[str, Any]:
    """What arrived, against what was told: the figures of the drill."""
    ids = list(week.told.answers)
    arrived = week.house.answers(ids)
    changed = [one for one in ids if one in arrived and arrived[one] != week.told.answers[one]]
    return {
        "interviews": len(ids),
        "rows": len(arrived),
        "duplicates": week.house.visits(week.device) - len(arrived),
        "changed": len(changed),
        "doors": dict(week.told.doors) == week.house.doors(week.device),
        "aside": len(week.house.aside()),
        "sent": week.network.sent(),
        **week.told.events,
    }
