"""The survey on a phone: with and without script, by hand and by keyboard, in both languages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import ROOT, expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

AGENCY = "14-SKHCN"
# Of each button that is seen: its height, and the space between it and the nearest words or target.
GAPS_OF_BUTTONS = """() => {
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility())
    .map((e) => e.getBoundingClientRect());
  const others = seen("legend, .q label, .head");
  return seen("button, summary").map((b) =>
    [b.height, Math.min(...others.map((o) => Math.max(o.y - b.bottom, b.y - o.bottom)))]);
}"""
# What depends on colours and on the width of the screen.
BY_SIGHT = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
SIZES = ((360, 740), (320, 640))


@contextmanager
def phone(browser: Browser, width: int = 360, height: int = 740, **options: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    page.set_default_timeout(30_000)
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda message: mistakes.append(message.text) if message.type == "error" else None)
    try:
        yield page
        assert context.cookies() == []
        assert [text for text in mistakes if not re.search("40[04]|410", text)] == []
    finally:
        context.close()


def one_time_link(environment: dict[str, str], folder: Path) -> str:
    """The path of a link that nobody has used."""
    out = folder / "links.csv"
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "links", "issue", "--agency", AGENCY,
         "--phase", "after-result", "--count", "1", "--out", str(out)],
        check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    address = next(cell for cell in out.read_text("utf-8").replace("\n", ",").split(",") if "/k/" in cell)
    return "/k/" + address.strip().strip('"').rpartition("/k/")[2]


def tap(page: Page, question: str, value: str) -> None:
    page.locator(f'label:has(input[name="{question}"][value="{value}"])').click()


@pytest.mark.parametrize("script", [True, False])
def test_a_person_answers_a_one_time_link_and_finds_it_spent(
    browser: Browser, live_server: str, server_environment: dict[str, str], tmp_path: Path, script: bool
) -> None:
    path = one_time_link(server_environment, tmp_path)
    with phone(browser, java_script_enabled=script) as page:
        page.goto(live_server + path)
        page.get_by_role("button", name="Gửi đánh giá").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_role("link", name="Hãy chọn một mức").click()
        tap(page, "satisfaction", "2")
        tap(page, "reasons", "slow_or_faulty")
        tap(page, "result_time", "not_yet")
        page.locator('textarea[name="comment"]').fill("Hệ thống hay treo")
        page.get_by_role("button", name="Gửi đánh giá").click()
        page.wait_for_url("**/cam-on/*")
        expect(page.get_by_role("heading", name="Cảm ơn Ông/Bà")).to_be_visible()
        page.goto(live_server + path)
        expect(page.get_by_role("heading", name="Phiếu này đã được gửi")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_reasons_and_the_result_row_follow_the_answers(
    browser: Browser, live_server: str, script: bool
) -> None:
    with phone(browser, java_script_enabled=script) as page:
        page.goto(f"{live_server}/phieu/{AGENCY}")
        reasons = page.locator('fieldset:has(> legend:text("Lý do chưa hài lòng"))')
        result = page.locator('fieldset.q:has(input[name="result"])')
        if page.locator("details input[name=result]").count():
            page.get_by_text("Đánh giá thêm").click()
        expect(result).to_be_visible()
        expect(reasons).not_to_be_visible()
        expect(page.get_by_text("Ông/Bà muốn cải thiện điều gì?")).to_be_visible()
        tap(page, "satisfaction", "1")
        tap(page, "result_time", "not_yet")
        expect(reasons).to_be_visible()
        expect(page.get_by_text("Điều gì khiến Ông/Bà chưa hài lòng?")).to_be_visible()
        expect(page.get_by_text("Ông/Bà muốn cải thiện điều gì?")).not_to_be_visible()
        expect(result).not_to_be_visible()
        tap(page, "satisfaction", "3")
        expect(reasons).not_to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_mistake_takes_the_focus_and_its_link_shows_question_and_words(
    browser: Browser, live_server: str, script: bool
) -> None:
    with phone(browser, 320, 640, java_script_enabled=script) as page:
        page.goto(f"{live_server}/phieu/{AGENCY}")
        page.get_by_role("button", name="Gửi đánh giá").click()
        expect(page.locator(".errors")).to_be_focused()
        assert page.title().startswith("Cần xem lại: ")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#q-satisfaction")).to_be_focused()
        assert page.get_by_role("radio", name="Rất hài lòng", exact=True).first.evaluate(
            "field => field.matches(':focus-visible')"
        )
        covered = page.evaluate("document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0")
        for words in (".q:has([name=satisfaction]) legend", "#e-satisfaction"):
            box = page.locator(words).bounding_box()
            assert box is not None
            assert covered <= box["y"] <= 640 - box["height"], words


def test_a_person_without_script_is_led_to_the_agencies_of_the_province(
    browser: Browser, live_server: str
) -> None:
    with phone(browser, 320, 480, java_script_enabled=False) as page:
        page.goto(f"{live_server}/phieu")
        page.get_by_label("Hoặc chọn tỉnh, thành phố").select_option("14")
        page.get_by_role("button", name="Xem cơ quan").click()
        page.wait_for_url("**/phieu?province=14#agency")
        expect(page.locator("#agency")).to_be_focused()
        box = page.get_by_label("Cơ quan", exact=True).bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 480 - box["height"]


def test_a_contact_form_with_mistakes_keeps_its_layout_and_leads_to_each_mistake(
    browser: Browser, live_server: str
) -> None:
    with phone(browser, java_script_enabled=False) as page:
        page.goto(f"{live_server}/lien-he?agency={AGENCY}")
        width = page.get_by_label("Số điện thoại hoặc thư điện tử").bounding_box()
        page.get_by_role("button", name="Gửi").click()
        expect(page.locator(".problems")).to_be_focused()
        after = page.get_by_label("Số điện thoại hoặc thư điện tử").bounding_box()
        assert width is not None
        assert after is not None
        assert width["width"] == after["width"]
        page.get_by_role("link", name="Hãy ghi số điện thoại").click()
        expect(page.locator("#address")).to_be_focused()
        page.get_by_role("link", name="Cần Ông/Bà đồng ý").click()
        expect(page.locator("#consent")).to_be_focused()


def test_the_keyboard_alone_is_enough(browser: Browser, live_server: str) -> None:
    with phone(browser) as page:
        page.goto(f"{live_server}/phieu/{AGENCY}")
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "satisfaction":
                break
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.querySelector('[name=satisfaction]:checked').value") == "4"
        for _ in range(40):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.name") != "website"
            if page.evaluate("document.activeElement.textContent") == "Gửi đánh giá":
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/cam-on/*")


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("zoom", ["100%", "200%"])
def test_nothing_runs_off_a_narrow_screen_even_with_large_text(
    browser: Browser, live_server: str, width: int, language: str, zoom: str
) -> None:
    paths = (f"/phieu/{AGENCY}", "/phieu", f"/lien-he?agency={AGENCY}", "/rieng-tu", "/cam-on/" + "A" * 16)
    with phone(browser, width) as page:
        for path in paths:
            page.goto(live_server + path + ("&" if "?" in path else "?") + f"lang={language}")
            if zoom != "100%":
                page.evaluate("document.documentElement.style.fontSize = '225%'")
            if path.startswith("/phieu/"):
                tap(page, "satisfaction", "1")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_every_target_is_large_and_apart(browser: Browser, live_server: str) -> None:
    for width, height in SIZES:
        with phone(browser, width, height) as page:
            page.goto(f"{live_server}/phieu/{AGENCY}")
            tap(page, "satisfaction", "1")
            boxes = page.evaluate(
                "[...document.querySelectorAll('.q label:has(input)')].filter(l => l.getClientRects().length)"
                ".map(l => { const r = l.getBoundingClientRect(); return [r.x, r.y, r.width, r.height] })"
            )
            assert len(boxes) > 40
            assert min(min(box[2], box[3]) for box in boxes) >= 47.9
            buttons = page.evaluate(GAPS_OF_BUTTONS)
            assert all(height >= 47.9 and gap >= 7.9 for height, gap in buttons)
            rows: dict[int, list[list[float]]] = {}
            for box in boxes:
                rows.setdefault(round(box[1]), []).append(box)
            for row in rows.values():
                row.sort()
                gaps = [after[0] - (box[0] + box[2]) for box, after in pairwise(row)]
                assert all(gap >= 7.9 for gap in gaps)


def test_choosing_moves_nothing_and_shows_even_where_the_system_sets_the_colours(
    browser: Browser, live_server: str
) -> None:
    with phone(browser, forced_colors="active") as page:
        page.goto(f"{live_server}/phieu/{AGENCY}")
        heights = page.evaluate("document.body.scrollHeight")
        tap(page, "satisfaction", "5")
        tap(page, "submit_time", "5_to_8")
        assert page.evaluate("document.body.scrollHeight") == heights
        marks = page.evaluate(
            "['under_5', '5_to_8'].map(v => getComputedStyle(document.querySelector("
            "`[value='${v}'] + span`), '::before').width)"
        )
        assert marks[0] == marks[1]
        outline = "getComputedStyle(document.querySelector('[value=\"5_to_8\"] + span')).outlineStyle"
        assert page.evaluate(outline) == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, live_server: str, scheme: Any) -> None:
    paths = (f"/phieu/{AGENCY}", f"/phieu/{AGENCY}?lang=en", "/phieu", "/phieu?province=14", "/lien-he",
             f"/lien-he?agency={AGENCY}", "/rieng-tu", "/cam-on/" + "A" * 16, "/khong-co",
             "/k/" + "A" * 22)  # fmt: skip
    with phone(browser, color_scheme=scheme, bypass_csp=True) as page:
        for path in paths:
            page.goto(live_server + path)
            if path.startswith("/phieu/"):
                tap(page, "satisfaction", "1")
            assert_axe_finds_nothing(page)
        for path, button in ((f"/phieu/{AGENCY}", "Gửi đánh giá"), (f"/lien-he?agency={AGENCY}", "Gửi")):
            page.goto(live_server + path)
            page.get_by_role("button", name=button).click()
            expect(page.get_by_role("alert")).to_be_visible()
            assert_axe_finds_nothing(page)
        look_behind_the_first_page(page, live_server)


def look_behind_the_first_page(page: Page, server: str) -> None:
    """The states behind the first page: one question at a time, a kept contact, and what becomes of it."""
    page.goto(f"{server}/phieu/{AGENCY}")
    page.get_by_role("button", name="Trả lời từng câu một").click()
    assert_axe_finds_nothing(page)
    page.goto(f"{server}/lien-he?agency={AGENCY}")
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill("0912345678")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Gửi").click()
    assert_axe_finds_nothing(page)
    page.get_by_role("link", name="Xem lại hoặc xóa ngay").click()
    assert_axe_finds_nothing(page)
    page.get_by_role("button", name="Xóa thông tin này").click()
    expect(page.get_by_role("heading", name="Đã xóa")).to_be_visible()
    assert_axe_finds_nothing(page)


def assert_axe_finds_nothing(page: Page, *rules: str) -> None:
    """Every rule up to WCAG 2.2 AA, with the size of targets, and what is good practice besides.

    Where rules are named, only those: what else a page says does not change with its colours.
    """
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": tags}
    found = Axe().run(page, options={"runOnly": only})
    assert found.violations_count == 0, found.generate_report()


def test_a_draft_lives_in_the_tab_of_a_one_time_link_only_and_dies_on_sending(
    browser: Browser, live_server: str, server_environment: dict[str, str], tmp_path: Path
) -> None:
    path = one_time_link(server_environment, tmp_path)
    with phone(browser) as page:
        page.goto(live_server + path)
        tap(page, "satisfaction", "4")
        page.locator('textarea[name="comment"]').fill("Đang viết dở")
        page.reload()
        expect(page.locator('[name="satisfaction"][value="4"]')).to_be_checked()
        expect(page.locator('textarea[name="comment"]')).to_have_value("Đang viết dở")
        assert page.evaluate("localStorage.length") == 0
        page.get_by_role("button", name="Gửi đánh giá").click()
        page.wait_for_url("**/cam-on/*")
        assert page.evaluate("sessionStorage.length") == 0
        page.goto(f"{live_server}/phieu/{AGENCY}")
        tap(page, "satisfaction", "4")
        assert page.evaluate("sessionStorage.length") == 0


def test_one_question_at_a_time_leads_through_the_sheet_and_skips_what_does_not_apply(
    browser: Browser, live_server: str
) -> None:
    with phone(browser) as page:
        page.goto(f"{live_server}/phieu/{AGENCY}")
        page.get_by_role("button", name="Trả lời từng câu một").click()
        whole = page.get_by_role("button", name="Xem cả phiếu")
        expect(whole).to_be_focused()
        onward, back_to_whole = (
            page.get_by_role("button", name="Tiếp tục").bounding_box(),
            whole.bounding_box(),
        )
        assert onward is not None
        assert back_to_whole is not None
        assert back_to_whole["y"] - (onward["y"] + onward["height"]) >= 8
        visible = page.locator(".q:visible")
        assert visible.count() == 1
        expect(page.get_by_role("button", name="Gửi đánh giá")).not_to_be_visible()
        tap(page, "satisfaction", "5")
        page.locator('.q:visible input[name="submit_time"]').first.wait_for()
        seen = []
        while not page.get_by_role("button", name="Gửi đánh giá").is_visible():
            seen.append(
                page.evaluate(
                    "document.querySelector('.q:not([hidden]) input, .q:not([hidden]) textarea').name"
                )
            )
            page.get_by_role("button", name="Tiếp tục").click()
        assert "reasons" not in seen
        assert len(seen) == 6
        page.get_by_role("button", name="Gửi đánh giá").click()
        page.wait_for_url("**/cam-on/*")


def test_nothing_is_fetched_from_elsewhere_and_one_stylesheet_blocks(
    browser: Browser, live_server: str
) -> None:
    with phone(browser) as page:
        asked: list[tuple[str, str]] = []
        page.on("request", lambda request: asked.append((request.resource_type, request.url)))
        page.goto(f"{live_server}/phieu/{AGENCY}")
        page.wait_for_load_state("networkidle")
        assert all(url.startswith(live_server) for _, url in asked)
        assert [kind for kind, _ in asked].count("stylesheet") == 1
