"""Words and voices in another language: fetched in pieces, then read and really heard without a network."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app import clock
from app.fieldwork.prompts.keeping import Sheet, put_prompts, remove_prompts
from app.fieldwork.prompts.reading import ReadPrompt
from app.transactions import transaction
from tests.support.pockets import House, collector
from tests.support.sounds import mp3, opus
from tests.support.weak_network import Network, Request, abruptly, answering

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SHEET = Sheet("14", "TAI_NHA", "1.0")
VOICES = "/thuc-dia/api/loi-doc/"
# Longer than a piece, so that its line can break in the middle; and one that is short.
LONG, SHORT = mp3(30), opus(0.4)
HEARD = """() => {
  window.heard = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...rest) {
    const note = { seconds: this.buffer.duration, state: this.context.state, ended: false };
    this.addEventListener("ended", () => { note.ended = true; });
    window.heard.push(note);
    return start.apply(this, rest);
  };
}"""


# The voice of the intro as an interview would get it, and as the work lists it.
SIZES = """async (media, language) => {
  const script = document.querySelector("script[type=module]").src;
  const { fact } = await import(script.replace("app.js", "store.js"));
  const [round] = (await fact("work")).rounds;
  const kept = await media.mediaFor(round, language, "intro", "voice");
  const listed = (round.files ?? []).find((file) => file.part === "intro" && file.kind === "voice");
  return [kept?.byteLength ?? 0, listed?.size ?? 0];
}"""


def voice(part: str, content: bytes) -> ReadPrompt:
    return ReadPrompt(part, "voice", content, "audio/mpeg", None, "")


def words(part: str, text: str) -> ReadPrompt:
    return ReadPrompt(part, "text", text.encode(), "text/plain", None, "")


def give(house: House, *prompts: ReadPrompt) -> None:
    with house.app.app_context(), transaction():
        put_prompts(SHEET, "mong", prompts, by="command:test", now=clock.now())


def take(house: House, part: str = "") -> None:
    with house.app.app_context(), transaction():
        remove_prompts(SHEET, "mong", part=part, by="command:test", now=clock.now())


@pytest.fixture
def given(house: House) -> Iterator[None]:
    """What the province has: two voices, words, and a recording that no telephone can play."""
    give(
        house, voice("intro", SHORT), words("intro", "Nyob zoo [thôn/bản]"), voice("filed_online", LONG),
        words("filed_online", "Puas tau xa?"), voice("operator", b"no sound at all"),
    )  # fmt: skip
    yield
    take(house)


def asked_for_voices(network: Network) -> int:
    return len([path for _method, path in network.seen if path.startswith(VOICES)])


@pytest.mark.usefixtures("given")
def test_a_voice_is_heard_at_the_door_without_a_network(
    browser: Browser, house: House, network: Network
) -> None:
    breaks = [True]

    def fault(phone: socket.socket, request: Request) -> bool:
        """The line breaks once, under the second piece of the long voice."""
        if not (breaks and b"bytes=65536-" in request.head):
            return False
        breaks.clear()
        abruptly(phone)
        return True

    network.fault = fault
    with collector(browser, house, network) as pocket:
        page = pocket.page
        pocket.until(lambda: not breaks)
        pocket.tap("Máy này")
        page.get_by_text("Đã có 2 trên 5 tệp").wait_for()
        before = asked_for_voices(network)
        pocket.tap("Tải ngay phần còn lại")
        page.get_by_text("Đã có đủ 5 tệp").wait_for()
        # Only what had not come: the rest of the long voice, and the two behind it.
        assert asked_for_voices(network) - before == 3
        pocket.ready_for_no_network()
        network.down = True
        page.reload()
        page.evaluate(HEARD)
        pocket.knock()
        pocket.tap("Tiếp tục")
        pocket.tap("Chưa")
        pocket.choose("Tiếng Mông")
        pocket.tap("Tiếp tục")
        page.get_by_text("Nyob zoo Tổ 1").wait_for()
        pocket.tap("Nghe đọc")
        pocket.until(lambda: page.evaluate("heard.length === 1 && heard[0].ended"))
        pocket.tap("Đồng ý")
        page.get_by_text("Puas tau xa?").wait_for()
        pocket.tap("Nghe đọc")
        pocket.until(lambda: page.evaluate("heard.length === 2"))
        # Decoded, and going out to the loudspeaker.
        short, long = page.evaluate("heard")
        assert (short["state"], long["state"]) == ("running", "running")
        assert short["seconds"] == pytest.approx(0.4, abs=0.05)
        assert long["seconds"] == pytest.approx(30, abs=0.2)
        pocket.tap("Có")
        # A recording that is broken says so, and the interview goes on.
        pocket.tap("Nghe đọc")
        page.get_by_text("Máy này không phát được giọng đọc").wait_for()
        pocket.tap("Tự làm")
        pocket.title("Hồ sơ nộp ở cơ quan nào?")


@pytest.mark.usefixtures("given")
def test_a_busy_server_says_when_and_the_rest_comes_by_itself(
    browser: Browser, house: House, network: Network
) -> None:
    refusals = [True]

    def fault(phone: socket.socket, request: Request) -> bool:
        """The first piece of a voice is refused for some seconds."""
        if not (refusals and request.path.startswith(VOICES)):
            return False
        refusals.clear()
        return answering(429, headers="Retry-After: 2\r\n", path=request.path)(phone, request)

    network.fault = fault
    with collector(browser, house, network) as pocket:
        pocket.tap("Máy này")
        pocket.page.get_by_text("Máy chủ đang bận; máy tự tải tiếp sau khoảng").wait_for()
        # Whatever else was to come waits too.
        assert asked_for_voices(network) == 0
        pocket.page.get_by_text("Đã có đủ 5 tệp").wait_for()


@pytest.mark.usefixtures("given")
def test_what_was_replaced_is_heard_until_the_new_is_whole(
    browser: Browser, house: House, network: Network
) -> None:
    def voices_fail(phone: socket.socket, request: Request) -> bool:
        if not request.path.startswith(VOICES):
            return False
        abruptly(phone)
        return True

    def size_is(*expected: int) -> None:
        pocket.until(lambda: pocket.run("media.js", SIZES, "mong") == list(expected))

    newer = opus(0.8)
    with collector(browser, house, network) as pocket:
        size_is(len(SHORT), len(SHORT))
        network.fault = voices_fail
        give(house, voice("intro", newer))
        pocket.hurry()
        size_is(len(SHORT), len(newer))
        network.good()
        pocket.hurry()
        size_is(len(newer), len(newer))
        take(house, "intro")
        pocket.hurry()
        size_is(0, 0)
        kept = "caches.open('hailong-media').then(cache => cache.keys()).then(keys => keys.length)"
        pocket.until(lambda: pocket.page.evaluate(kept) == 3)
