"""The console in a real browser: by keyboard alone, on a phone and on a desk, and as axe reads it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from base64 import b32decode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from app import create_app
from app.accounts import totp
from tests.browser.conftest import ROOT, expect
from tests.browser.test_survey import BY_SIGHT, assert_axe_finds_nothing
from tests.conftest import test_config

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PASSWORD = "bò xanh đọc báo sáng"
AGENCY = "14-SKHCN"
HOME = "/quan-tri"
# What opens no page of the console: files, pictures, the page inside a frame, and the way out.
NO_PAGES = re.compile(r"\.(csv|svg|pdf)(\?|$)|/khung(\?|$)")
# Answers that were set aside, a proposal of somebody else that waits, one that was refused, and a file of
# answers of which one row cannot be read.
FILL = """
from dataclasses import replace
from io import BytesIO
from uuid import uuid4
from app import clock
from app.accounts.identity import Actor
from app.accounts.queries import get_person_by_email
from app.accounts.sessions import grants_of
from app.approvals.actions import decide
from app.extensions import db
from app.fieldwork.models import Device, Round
from app.fieldwork.prompts.keeping import Sheet, put_prompts
from app.fieldwork.prompts.reading import ReadPrompt
from app.thresholds.actions import propose_change
from app.results.imports.actions import reading_for, take_in
from app.transactions import transaction
from surveys.canonical import canonical_json
from surveys.periods import quarter_of
from surveys.thresholds import DEFAULTS
from tests.support.field_work import a_round
from tests.support.sounds import mp3
from tests.support.tallies import TallyWriter
from tests.support.uploads import sheet, table
from wsgi import app

with app.app_context(), transaction():
    now = clock.now()
    quarter = quarter_of(now)
    aside = TallyWriter(quarter.previous.code)
    aside.values("14-SKHCN", "_set_aside", {"too-fast": 23, "honeypot": 4})
    aside.write()
    for wanted in (replace(DEFAULTS, disclosure=12), replace(DEFAULTS, rank=60)):
        approval = propose_change(quarter.next, wanted, reason="Mẫu còn nhỏ", by="person-1", now=now)
        if wanted.rank == DEFAULTS.rank:
            decide(approval, approve=False, reason="Chưa cần", by="person-2", now=now)
    person = get_person_by_email("lan@bo.gov.vn")
    actor = Actor(str(person.id), person.name, grants_of(person.id))
    file = BytesIO(table([sheet(), sheet(comment="Ổn"), sheet(satisfaction="9")]))
    take_in(file, "phiếu tháng 9.csv", reading_for(None, ["nation"], now=now), None, by=actor, now=now)
    placed = a_round("03646", commune="03646")
    # As a round really is: a questionnaire for the door, a telephone of which one record never came, words
    # and a voice of the province.
    db.session.get(Round, placed.round).questionnaire = "TAI_NHA"
    db.session.get(Device, placed.device).report = canonical_json(
        {"created": 1, "ready": 1, "waiting": [str(uuid4())], "persisted": False}
    )
    spoken = [
        ReadPrompt("intro", "text", "Nyob zoo [thôn/bản]".encode(), "text/plain", None, ""),
        ReadPrompt("intro", "voice", mp3(2), "audio/mpeg", 2, ""),
        ReadPrompt("satisfaction", "text", b"Koj txaus siab npaum li cas?", "text/plain", None, ""),
    ]
    put_prompts(Sheet("14", "TAI_NHA", "1.0"), "mong", spoken, by="person-1", now=now)
"""
# Far more tabs than any page has places to stop at, and after how many one looks how far it went.
MOST_TABS, TABS_AT_ONCE = 400, 20
# Writes down what gets the focus, whether one sees that it has, and whether it lies in the page.
WATCH: Final = """() => {
  window.stops = [];
  document.addEventListener("focusin", () => {
    const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    window.stops.push({ name: e.tagName + " " + (e.id || e.name || e.textContent || "").trim().slice(0, 40),
      seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      inside: box.width > 0 && box.left < innerWidth });
  });
}"""
OVER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def command(environment: dict[str, str], *words: str) -> str:
    run = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", *words], check=True, cwd=ROOT,
                         env=environment, capture_output=True, text=True)  # fmt: skip
    return run.stdout


def type_into(page: Page, label: str, text: str) -> None:
    """Tabs to the field of that name and types: a mouse does not exist here."""
    tab_to(page, lambda found: found == label, "labels")
    page.keyboard.type(text)


def press(page: Page, words: str) -> None:
    """Tabs to the button or link with these words and presses Enter."""
    tab_to(page, lambda found: found == words, "text")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, wanted: Any, what: str) -> None:
    words = {
        "labels": "e => e.labels && e.labels[0] ? e.labels[0].textContent.trim() : ''",
        "text": "e => e.textContent.trim()",
    }[what]
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted(page.evaluate(f"({words})(document.activeElement)")):
            return
    raise AssertionError(f"the keyboard does not reach it on {page.url}")


@pytest.fixture(scope="module")
def administrator(
    browser: Browser, live_server: str, server_environment: dict[str, str], tmp_path_factory: Any
) -> Path:
    """Somebody who was invited and signed in by keyboard alone; the state of that browser as a file."""
    told = command(
        server_environment, "staff", "create", "lan@bo.gov.vn", "--name", "Nguyễn Thị Lan",
        "--role", "ministry",
    )  # fmt: skip
    found = re.search(r"/quan-tri/loi-moi/\S+", told)
    assert found, told
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(live_server + found[0])
    secret = b32decode(page.locator("code").inner_text().replace(" ", ""))
    step = totp.step_of(datetime.now(UTC))
    type_into(page, "Mật khẩu mới", PASSWORD)
    type_into(page, "Nhập lại mật khẩu mới", PASSWORD)
    type_into(page, "Mã xác thực", totp.code_at(secret, step))
    press(page, "Lưu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã khôi phục")
    press(page, "Đã cất các mã, đi đăng nhập")
    type_into(page, "Email", "lan@bo.gov.vn")
    type_into(page, "Mật khẩu", PASSWORD)
    press(page, "Tiếp tục")
    # The code of the step before was spent; the next one is already taken.
    type_into(page, "Mã xác thực", totp.code_at(secret, step + 1))
    press(page, "Đăng nhập")
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")
    state = tmp_path_factory.mktemp("console") / "state.json"
    context.storage_state(path=state)
    context.close()
    return Path(state)


@pytest.fixture(scope="module")
def pages(
    browser: Browser,
    administrator: Path,
    live_server: str,
    server_environment: dict[str, str],
    tmp_path_factory: Any,
) -> list[str]:
    """One page of every kind that links lead to from the home page, in a console that has something in it."""
    folder = tmp_path_factory.mktemp("pages")
    command(server_environment, "links", "issue", "--agency", AGENCY, "--phase", "after-result",
            "--count", "21", "--out", str(folder / "links.csv"))  # fmt: skip
    python = {**server_environment, "PYTHONPATH": os.fspath(ROOT)}
    subprocess.run([sys.executable, "-c", FILL], check=True, cwd=ROOT, env=python)
    routes = create_app(test_config(folder)).url_map.bind("127.0.0.1")
    context = browser.new_context(storage_state=administrator)
    page = context.new_page()
    found: dict[str, str] = {}
    waiting = [HOME, f"{HOME}/co-quan/{AGENCY}", f"{HOME}/nguong/doi", f"{HOME}/khong-co",
               f"{HOME}/thuc-dia/loi-doc/14/TAI_NHA/1.0"]  # fmt: skip
    while waiting:
        path = waiting.pop(0)
        kind = routes.match(path.partition("?")[0])[0] if path != f"{HOME}/khong-co" else "not found"
        if str(kind) in found:
            continue
        found[str(kind)] = path
        page.goto(live_server + path)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.pathname + a.search)")
        waiting += [link for link in links if link.startswith(HOME) and not NO_PAGES.search(link)]
    context.close()
    return list(found.values())


@pytest.fixture
def desk(browser: Browser, administrator: Path) -> Iterator[Any]:
    contexts = []

    def sit(width: int, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, storage_state=administrator, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield sit
    for context in contexts:
        context.close()


def test_links_lead_to_every_part_of_the_console(pages: list[str]) -> None:
    """So that the tests below look at pages, and not at nothing."""
    parts = {path.removeprefix(HOME).partition("?")[0].strip("/").partition("/")[0] for path in pages}
    assert parts >= {"", "co-quan", "thu-tuc", "don-vi", "duong-dan", "nguoi-dung", "phieu", "so-phieu",
                     "nhat-ky", "he-thong", "phien", "bao-mat", "phe-duyet", "de-rieng",
                     "nguong", "nhap-du-lieu", "thuc-dia"}  # fmt: skip
    assert [path for path in pages if path.startswith(f"{HOME}/nhap-du-lieu/")]
    field = {part for path in pages if path.startswith(f"{HOME}/thuc-dia") for part in path.split("/")}
    assert field >= {"may", "to", "de-rieng", "loi-doc", "thon", "phan-cong", "ra-soat", "loai", "tham-lai",
                     "giay", "nhap", "chon", "cua"}  # fmt: skip


@pytest.mark.parametrize(("width", "scheme", "rules"), [(360, "light", ()), (1280, "dark", BY_SIGHT)])
def test_every_page_of_the_console_can_be_used(
    desk: Any, live_server: str, pages: list[str], width: int, scheme: str, rules: tuple[str, ...]
) -> None:
    """Nothing runs over the edge, axe finds nothing, and the keyboard goes through it and is seen to."""
    page = desk(width, color_scheme=scheme, bypass_csp=True)
    over = []
    for path in pages:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(live_server + path)
        assert_axe_finds_nothing(page, *rules)
        assert_the_keyboard_passes(page)
        for narrow in {width, min(width, 320)}:
            page.set_viewport_size({"width": narrow, "height": 800})
            over += [(path, narrow, extra)] if (extra := page.evaluate(OVER)) > 0 else []
    assert over == []


def assert_the_keyboard_passes(page: Page) -> None:
    page.evaluate(WATCH)
    for _ in range(0, MOST_TABS, TABS_AT_ONCE):
        for _tab in range(TABS_AT_ONCE):
            page.keyboard.press("Tab")
        stops = page.evaluate("window.stops")
        names = [stop["name"] for stop in stops]
        # After the last place the keyboard leaves the page and comes back to the first one.
        if names.count(names[0]) > 1 or any(name.startswith("IFRAME") for name in names):
            break
    else:
        raise AssertionError(f"the keyboard never leaves {page.url}")
    frame = next((at for at, name in enumerate(names) if name.startswith("IFRAME")), len(stops))
    assert len(stops[:frame]) > 2, page.url
    assert [stop for stop in stops[:frame] if not (stop["seen"] and stop["inside"])] == [], page.url


def test_a_name_is_changed_and_taken_back_by_keyboard_alone(desk: Any, live_server: str) -> None:
    page = desk(1280)
    page.goto(f"{live_server}{HOME}/co-quan/{AGENCY}")
    press(page, "Đổi tên")
    type_into(page, "Tên", "Sở Khoa học, Công nghệ và Số")
    tab_to(page, lambda found: found == "Từ ngày", "labels")
    # A field of a date is typed in the order of the language of the browser: month, day, year.
    page.keyboard.type("01012027")
    press(page, "Ghi tên mới")
    expect(page.get_by_role("row", name="Sở Khoa học, Công nghệ và Số")).to_be_visible()


def test_bad_input_names_its_field_and_leads_to_it(desk: Any, live_server: str) -> None:
    page = desk(360)
    page.goto(f"{live_server}{HOME}/nguoi-dung/moi")
    page.get_by_label("Họ và tên").fill("Lò Thị Mai")
    page.get_by_role("button", name="Lập lời mời").click()
    alert = page.get_by_role("alert")
    assert "Email" in alert.inner_text() and "Vai trò" in alert.inner_text()
    expect(page.get_by_label("Họ và tên")).to_have_value("Lò Thị Mai")
    expect(page.locator('[aria-describedby="None"], [aria-invalid="None"]')).to_have_count(0)
    alert.get_by_role("link", name="Email").click()
    expect(page.locator("#email")).to_be_focused()
