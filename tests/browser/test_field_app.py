"""The app of those who interview at home: every screen, without a network, killed, full, and updated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import expect, wait_until
from tests.browser.test_survey import assert_axe_finds_nothing
from tests.support.field_week import FILL
from tests.support.pockets import House, Pocket, collector, phone
from tests.support.releases import newer
from tests.support.weak_network import Network

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

RELEASES = "caches.keys().then(all => all.filter(name => name.startsWith('hailong-field-')))"
TARGETS = """() => {
  const fields = "input:not([type=radio], [type=checkbox])";
  const seen = [...document.querySelectorAll(`button, summary, .options label, ${fields}`)]
    .filter((e) => e.checkVisibility()).map((e) => [e.textContent || e.id, e.getBoundingClientRect()]);
  return seen.filter(([, box]) => box.height < 47.9).map(([words, box]) => `${words}: ${box.height}`);
}"""


def another_page(pocket: Pocket) -> Pocket:
    """The app anew, as after a kill by the system: the page is gone without a farewell."""
    context = pocket.page.context
    pocket.page.close(run_before_unload=False)
    return Pocket(context.new_page(), pocket.network)


def test_an_interview_without_a_network_arrives_once_and_as_it_was_given(
    browser: Browser, house: House, network: Network
) -> None:
    code, device = house.code()
    with phone(browser) as context:
        pocket = Pocket(context.new_page(), network)
        pocket.enrol(code)
        assert pocket.page.evaluate("location.hash") == ""
        pocket.ready_for_no_network()
        network.down = True
        # A cold start after one visit.
        pocket = another_page(pocket)
        pocket.open()
        pocket.knock()
        pocket.begin()
        pocket.ask(satisfied="Rất không hài lòng", office="Sở Khoa học và Công nghệ")
        pocket.finish()
        pocket.page.get_by_role("button", name="1 phiếu chờ gửi").wait_for()
        (row,) = pocket.rows()
        # Nothing of what was said can be read on the phone any more.
        assert "draft" not in row
        assert set(row) & {"answers", "slip", "service"} == set()
        assert set(row) >= {"envelope", "sha256"}
        network.good()
        pocket.hurry()
        pocket.page.get_by_role("button", name="Đã gửi hết").wait_for()
    assert house.answers([row["id"]]) == {
        row["id"]: {
            "filed_online": "yes", "operator": "self", "satisfaction": 1, "submit_time": "under_5",
            "result_time": "on_time", "extra_trips": "none", "vneid_user": "yes",
        }
    }  # fmt: skip
    assert house.visits(device) == 1
    # The code is used up, and the phone says so.
    with phone(browser) as context:
        pocket = Pocket(context.new_page(), network)
        pocket.open(f"#{code}")
        pocket.tap("Ghi danh")
        pocket.page.get_by_text("Mã này đã dùng").wait_for()


def test_what_the_citizen_chose_is_never_shown_again(
    browser: Browser, house: House, network: Network
) -> None:
    with collector(browser, house, network) as pocket:
        pocket.knock()
        pocket.begin()
        for words in ("Có", "Tự làm", "Ông/Bà không biết", "Đã đưa máy", "Không hài lòng"):
            pocket.tap(words)
        pocket.title("Cảm ơn Ông/Bà")
        assert "hài lòng" not in pocket.page.locator("#app").inner_text()
        # Who mistook a face chooses again, and sees nothing of the first choice.
        pocket.tap("Chọn lại")
        assert pocket.page.locator("[aria-pressed], :checked, .chosen").count() == 0
        pocket.tap("Hài lòng")
        pocket.tap("Đã nhận lại máy")
        # Back leads past it, also with the key of the phone.
        pocket.page.go_back()
        pocket.title("Hồ sơ nộp ở cơ quan nào?")
        pocket.page.go_back()
        pocket.title("Ai trực tiếp thao tác nộp?")
        assert pocket.page.get_by_role("button", name="Tự làm").get_attribute("aria-pressed") == "true"
        pocket.tap("Dừng")
        pocket.tap("Ông/Bà không muốn trả lời nữa")
        pocket.page.get_by_text("Đã ghi một lượt: từ chối trả lời").wait_for()
        pocket.until_sent()
        (row,) = pocket.rows()
        assert row["kind"] == "door"
        assert house.answers([row["id"]]) == {}


def test_a_killed_app_goes_on_with_the_same_question(
    browser: Browser, house: House, network: Network
) -> None:
    with collector(browser, house, network) as pocket:
        pocket.knock()
        pocket.begin()
        for words in ("Có", "Người nhà", "Ông/Bà không biết", "Đã đưa máy", "Bình thường"):
            pocket.tap(words)
        pocket.title("Cảm ơn Ông/Bà")
        pocket = another_page(pocket)
        pocket.open()
        pocket.tap("Hỏi tiếp")
        pocket.title("Từ lúc đăng nhập đến khi nộp xong hồ sơ mất bao lâu?")
        # A second tab does not open what the first one holds.
        other = Pocket(pocket.page.context.new_page(), network)
        other.open()
        other.tap("Hỏi tiếp")
        other.page.get_by_text("đang mở ở một cửa sổ khác").wait_for()
        other.page.close()
        for words in ("Không nhớ", "Đúng hẹn", "Không", "Có"):
            pocket.tap(words)
        pocket.page.locator("textarea").fill("Mạng\tchậm ")
        # The text is kept while it is written.
        pocket.until(lambda: pocket.rows()[0]["draft"]["answers"].get("comment") == "Mạng chậm")
        pocket = another_page(pocket)
        pocket.open()
        pocket.tap("Hỏi tiếp")
        expect(pocket.page.locator("textarea")).to_have_value("Mạng chậm")
        pocket.tap("Tiếp tục")
        pocket.tap("Đồng ý, chép mã ra giấy")
        slip = pocket.page.locator(".slip").inner_text()
        assert re.fullmatch("[2-9A-HJ-NP-Z]{4} [2-9A-HJ-NP-Z]{4}", slip)
        pocket.tap("Đã chép xong")
        pocket.tap("Kết thúc, niêm phong")
        pocket.title("Phiếu đã niêm phong")
        assert slip.replace(" ", "") not in str(pocket.rows())
        pocket.until_sent()
        (row,) = pocket.rows()
    assert house.answers([row["id"]])[row["id"]] == {
        "filed_online": "yes", "operator": "family", "satisfaction": 3, "submit_time": "forgot",
        "result_time": "on_time", "extra_trips": "none", "vneid_user": "yes", "comment": "Mạng chậm",
    }  # fmt: skip


def every_screen(pocket: Pocket) -> Iterator[str]:
    """Walks through the app and stops at each screen."""
    page = pocket.page
    pocket.open()
    yield "work"
    pocket.knock()
    page.locator("summary").click()
    yield "door"
    pocket.close_door("Hẹn lúc khác")
    yield "door kept"
    pocket.tap("Tiếp tục")
    yield "helped"
    pocket.tap("Chưa")
    pocket.title("Hỏi bằng tiếng nào?")
    yield "language"
    pocket.tap("Tiếp tục")
    yield "consent"
    pocket.tap("Đồng ý")
    yield "choice"
    pocket.tap("Có")
    pocket.tap("Tự làm")
    yield "office"
    pocket.tap("Ông/Bà không biết")
    yield "hand"
    pocket.tap("Đã đưa máy")
    yield "faces"
    pocket.tap("Rất hài lòng")
    yield "hand back"
    pocket.tap("Đã nhận lại máy")
    pocket.tap("Dừng")
    yield "stop"
    pocket.tap("Tạm dừng, hỏi tiếp sau")
    yield "work with a draft"
    pocket.tap("Hỏi tiếp")
    for words in ("Không nhớ", "Trễ hẹn", "1 lần", "Không"):
        pocket.tap(words)
    yield "text"
    pocket.tap("Tiếp tục")
    yield "slip"
    pocket.tap("Đồng ý, chép mã ra giấy")
    yield "slip code"
    pocket.tap("Đã chép xong")
    yield "end"
    pocket.network.down = True
    pocket.tap("Kết thúc, niêm phong")
    pocket.title("Phiếu đã niêm phong")
    yield "sealed"
    page.locator("button.pill").click()
    pocket.title("Hàng chờ")
    yield "queue"
    pocket.network.good()
    pocket.tap("Máy này")
    pocket.title("Máy này")
    yield "device"
    page.get_by_role("button", name="Luyện tập", exact=True).click()
    pocket.tap("Tiếp tục")
    pocket.tap("Đồng ý")
    pocket.tap("Không")
    yield "several, practising"
    pocket.tap("Tiếp tục")
    pocket.tap("Không")
    pocket.title("Trong nhà có ít nhất một người biết dùng VNeID để nộp hồ sơ không?")
    pocket.tap("Không")
    pocket.title("Ông/Bà muốn cải thiện điều gì?")
    pocket.tap("Tiếp tục")
    pocket.tap("Không đồng ý")
    pocket.tap("Kết thúc, niêm phong")
    yield "practised"
    pocket.tap("Việc được giao")
    pocket.tap("Máy này")
    pocket.tap("Ghi danh lại bằng mã khác")
    yield "enrolment"


def test_every_screen_stands_before_axe_and_fits_a_narrow_phone(
    browser: Browser, house: House, network: Network
) -> None:
    with collector(browser, house, network, bypass_csp=True) as pocket:
        page = pocket.page
        page.set_viewport_size({"width": 320, "height": 640})
        seen = []
        for name in every_screen(pocket):
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
            assert page.evaluate(TARGETS) == [], name
            assert_axe_finds_nothing(page)
            seen.append(name)
        assert len(seen) == 23
        # In the dark only the colours differ; the screen with the most of them stands for the others.
        page.emulate_media(color_scheme="dark")
        for words in ("Quay lại", "Hàng chờ", "Máy này"):
            pocket.tap(words)
            assert_axe_finds_nothing(page)


def test_practising_leaves_nothing_on_the_phone_and_nothing_leaves_it(
    browser: Browser, house: House, network: Network
) -> None:
    with collector(browser, house, network) as pocket:
        pocket.until(lambda: ("POST", "/thuc-dia/api/tinh-trang") in network.seen)
        pocket.tap("Máy này")
        asked = len(network.seen)
        pocket.tap("Luyện tập")
        pocket.tap("Tiếp tục")
        pocket.tap("Đồng ý")
        expect(pocket.page.get_by_text("Luyện tập: không lưu, không gửi")).to_be_visible()
        pocket.ask()
        pocket.tap("Đồng ý, chép mã ra giấy")
        pocket.tap("Đã chép xong")
        pocket.tap("Kết thúc, niêm phong")
        pocket.title("Hết phần luyện tập")
        assert pocket.rows() == []
        assert [seen for seen in network.seen[asked:] if seen[0] == "POST"] == []


def test_a_full_phone_says_so_keeps_what_it_has_and_goes_on_later(
    browser: Browser, house: House, network: Network
) -> None:
    code, _device = house.code()
    with phone(browser) as context:
        pocket = Pocket(context.new_page(), network)
        protocol = context.new_cdp_session(pocket.page)
        # Set before anything is kept: the browser looks at it again only when that much is used.
        protocol.send("Storage.overrideQuotaForOrigin", {"origin": network.url, "quotaSize": 3_000_000})
        pocket.enrol(code)
        pocket.knock()
        pocket.begin()
        pocket.tap("Có")
        pocket.title("Ai trực tiếp thao tác nộp?")
        pocket.run("store.js", FILL)
        pocket.tap("Người nhà")
        pocket.page.get_by_text("Máy hết chỗ").wait_for()
        pocket.title("Ai trực tiếp thao tác nộp?")
        assert pocket.rows()[0]["draft"]["answers"] == {"filed_online": "yes"}
        protocol.send("Storage.overrideQuotaForOrigin", {"origin": network.url})
        pocket.tap("Thử lại")
        pocket.title("Hồ sơ nộp ở cơ quan nào?")
        assert pocket.rows()[0]["draft"]["answers"] == {"filed_online": "yes", "operator": "family"}


def test_a_new_version_waits_for_the_open_interview_and_a_broken_one_changes_nothing(
    browser: Browser, house: House, network: Network
) -> None:
    with collector(browser, house, network) as pocket:
        page = pocket.page
        pocket.ready_for_no_network()
        (kept,) = page.evaluate(RELEASES)
        update = "navigator.serviceWorker.ready.then(own => own.update()).then(() => 1, () => 0)"
        # A file that is not what the list says: nothing is installed, and the app opens as before.
        network.change = newer("Hỏng", house.app, broken=True)
        page.evaluate(update)
        wait_until(lambda: not page.evaluate(
            "navigator.serviceWorker.ready.then(own => Boolean(own.installing || own.waiting))"
        ))  # fmt: skip
        assert page.evaluate(RELEASES) == [kept]
        # A whole one is installed and waits, with the old one beside it, while an interview is open.
        network.change = newer("Việc mới", house.app)
        pocket.knock()
        pocket.begin()
        pocket.tap("Có")
        page.evaluate(update)
        wait_until(lambda: page.evaluate(
            "navigator.serviceWorker.ready.then(own => Boolean(own.waiting))"
        ))  # fmt: skip
        assert len(page.evaluate(RELEASES)) == 2
        other = Pocket(page.context.new_page(), network)
        other.open()
        other.tap("Máy này")
        other.tap("Có bản mới. Cập nhật")
        other.page.get_by_text("Hỏi xong phiếu đang mở").wait_for()
        pocket.tap("Tự làm")
        pocket.title("Hồ sơ nộp ở cơ quan nào?")
        pocket.tap("Dừng")
        pocket.tap("Tạm dừng, hỏi tiếp sau")
        pocket.title("Việc được giao")
        # Now it may: the old one goes, the draft stays.
        other.tap("Có bản mới. Cập nhật")
        wait_until(lambda: other.told(RELEASES) == ["hailong-field-feedfeedfeedfeed"])
        page.close()
        network.down = True
        other.open()
        other.title("Việc mới")
        other.tap("Hỏi tiếp")
        other.title("Hồ sơ nộp ở cơ quan nào?")
