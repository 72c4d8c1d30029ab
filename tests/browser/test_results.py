"""Results pages in a real browser: nothing runs over the edge, nothing stands in the way of a reader."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import ROOT, expect, wait_until
from tests.browser.test_survey import BY_SIGHT, assert_axe_finds_nothing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PATHS = ("/ket-qua/2026-Q3", "/ket-qua/2026-Q3/14?kind=all", "/ket-qua/2026-Q3/14-SKHCN",
         "/ket-qua/2026-Q3/14-SXD", "/tim?q=noi+vu", "/phuong-phap",
         "/toan-ven/2026-Q3", "/toan-ven/2026-Q3/14", "/", "/lich-cong-bo", "/dinh-chinh",
         "/dinh-chinh/2026-Q2.r1", "/so-sanh?ky=2026-Q3&noi=14&noi=14-SKHCN&noi=14-SXD&tim=so",
         "/ket-qua/2026-Q2.r0/14-SKHCN")  # fmt: skip
BEYOND = """width => [...document.querySelectorAll("caption")]
    .filter(it => it.getBoundingClientRect().right > width).map(it => it.textContent)"""
FILL = """
from app.directory.queries import list_agencies
from app.clock import now
from app.transactions import transaction
from datetime import date
from tests.support.editions import close_and_publish, publish_all
from tests.support.tallies import TallyWriter
from wsgi import app

with app.app_context():
    for quarter in ("2026-Q2", "2026-Q3"):
        writer = TallyWriter(quarter)
        for at, view in enumerate(list_agencies("14", date(2026, 10, 11))):
            levels = (30 + at, 25, 6, 3, 2) if at % 7 else (3, 2, 1, 0, 0)
            writer.rated(view.code, levels)
            writer.rated(view.code, levels, question="access")
            writer.rated(view.code, (20, 10, 3, 2, 1), channel="qr")
            writer.values(view.code, "_set_aside", {"too-fast": 12 + at, "honeypot": at % 3}, channel="qr")
            writer.values(view.code, "submit_time", {"under_5": 30, "5_to_8": 20, "8_to_15": 9, "15_plus": 4})
        with transaction():
            writer.write()
    publish_all(now())
    with transaction():
        late = TallyWriter("2026-Q2")
        late.rated("14-SKHCN", (11, 2, 0, 0, 0), channel="import")
        late.write()
    close_and_publish("2026-Q2.r1", now(), reason="Phiếu đến muộn")
"""


@pytest.fixture(scope="module")
def filled(server_environment: dict[str, str], live_server: str) -> str:
    """The live server with two quarters of one province."""
    environment = {**server_environment, "PYTHONPATH": os.fspath(ROOT)}
    subprocess.run([sys.executable, "-c", FILL], check=True, cwd=ROOT, env=environment)
    return live_server


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_its_screen_and_axe_finds_nothing(
    filled: str, browser: Browser, path: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 740})
    page.goto(filled + path)
    for width in (1280, 320, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # What a table is about is read without scrolling it.
        assert page.evaluate(BEYOND, width) == []
    for summary in page.locator("summary").all():
        summary.click()
    assert_axe_finds_nothing(page)
    page.emulate_media(color_scheme="dark")
    assert_axe_finds_nothing(page, *BY_SIGHT)
    page.close()


def test_a_reader_gets_from_the_nation_to_an_agency_without_script(filled: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(filled + "/")
    page.get_by_role("link", name="Xem kết quả", exact=True).click()
    assert "/ket-qua" in page.url
    page.get_by_role("rowheader", name="Tỉnh Sơn La").first.get_by_role("link").click()
    page.get_by_label("Sắp xếp").select_option("name")
    page.get_by_role("button", name="Xem").click()
    page.get_by_role("link", name="Sở Nội vụ", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sở Nội vụ")
    assert page.get_by_role("navigation", name="Vị trí").get_by_role("link").all_inner_texts() == [
        "Các tỉnh, thành phố", "Tỉnh Sơn La",
    ]  # fmt: skip
    context.close()


def test_a_wide_table_can_be_scrolled_by_keyboard(filled: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(filled + "/ket-qua/2026-Q3/14")
    region = page.get_by_role("region", name="Bảng các nơi")
    region.focus()
    page.keyboard.press("ArrowRight")
    wait_until(lambda: region.evaluate("element => element.scrollLeft") > 0)
    page.close()


def test_one_drawing_of_two_is_shown(filled: str, browser: Browser) -> None:
    for width, seen, unseen in ((360, "narrow", "wide"), (1280, "wide", "narrow")):
        page = browser.new_page(viewport={"width": width, "height": 740})
        page.goto(filled + "/ket-qua/2026-Q3/14-SKHCN")
        expect(page.locator(f"svg.chart-{seen}").first).to_be_visible()
        expect(page.locator(f"svg.chart-{unseen}").first).not_to_be_visible()
        page.close()


def test_on_paper_every_table_is_whole_and_unfolded(filled: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 760, "height": 1000}, java_script_enabled=True)
    page.goto(filled + "/ket-qua/2026-Q3/14-SKHCN")
    page.emulate_media(media="print")
    assert page.get_by_text("Bảng số liệu").first.is_hidden()
    expect(page.get_by_role("table", name="Năm mức hài lòng, quý III năm 2026")).to_be_visible()
    cut = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert page.evaluate(cut) == 0
    page.close()


def test_the_mark_of_illustration_is_printed_too(filled: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(filled + "/ket-qua/2026-Q3")
    mark = "document.querySelector('.top').insertAdjacentHTML('beforeend', '<p class=\"demo\">minh họa</p>')"
    page.evaluate(mark)
    page.emulate_media(media="print")
    expect(page.locator(".demo")).to_be_visible()
    assert page.locator(".menu").is_hidden()
    page.close()
