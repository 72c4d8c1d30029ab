"""What a browser may do to a telephone: clear it, fill it, close its storage; and the file that is left."""

from __future__ import annotations

from socket import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from app import clock
from app.accounts.roles import Role
from tests.browser.conftest import expect, wait_until
from tests.support.accounts import COOKIE, enrolled, signed_in
from tests.support.phones import COMMUNE, ROUND, VILLAGE
from tests.support.pockets import House, Pocket, collector, phone
from tests.support.weak_network import Network, Request, answering

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CONSOLE = "/quan-tri/thuc-dia"
FIRST = "Trong 3 tháng qua, Ông/Bà hoặc người trong nhà có nộp hồ sơ trực tuyến không?"
FACES = "Ông/Bà hài lòng như thế nào với dịch vụ công trực tuyến vừa sử dụng?"
# An interview that has just begun, as the screens begin one.
BEGUN = """async (own, [round, village]) => {
  const questionnaire = { code: "TAI_NHA", version: "1.0" }, language = "vi";
  await own.startInterview({ round, village, name: "" }, { questionnaire }, { language, interpreter: false });
}"""
PURGED = """(store, days) => {
  const [now, work] = days.map((n) => Date.now() + n * 86_400_000);
  return store.purge(now, work);
}"""
AHEAD = "async (store, ahead) => store.keepFact('work', { ...(await store.fact('work')), ahead })"
# The connection of the app, so that the system can take it away as a phone short of memory does.
WATCHED = """const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...given) {
  const request = open.apply(this, given);
  request.addEventListener("success", () => { (globalThis.opened ??= []).push(request.result); });
  return request;
};
const storage = navigator.storage ? Object.getPrototypeOf(navigator.storage) : {};
const { persist } = storage;
storage.persist = function () {
  globalThis.asked = (globalThis.asked ?? 0) + 1;
  return persist.call(this);
};"""


def desk(browser: Browser, house: House, email: str) -> Page:
    """The console of who leads the commune, in a browser of its own, on the same server."""
    with house.app.app_context():
        now = clock.now()
    lead = enrolled(house.app, email, (Role.TEAM_LEAD, COMMUNE), now=now)
    cookie = signed_in(house.app, lead.id, now=now).get_cookie(COOKIE)
    assert cookie is not None
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": f"http://127.0.0.1:{house.port}"}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def clear(pocket: Pocket) -> None:
    """Everything of the site goes, as when the browser needs room or its user clears the data."""
    protocol = pocket.page.context.new_cdp_session(pocket.page)
    place = urlsplit(pocket.network.url)
    protocol.send(
        "Storage.clearDataForOrigin",
        {"origin": f"{place.scheme}://{place.netloc}", "storageTypes": "all"},
    )


def test_a_cleared_telephone_claims_nothing_and_its_lead_knows_what_never_came(
    browser: Browser, house: House, network: Network
) -> None:
    code, device = house.code()
    with phone(browser) as context:
        pocket = Pocket(context.new_page(), network)
        pocket.enrol(code)
        sent = pocket.doors(1)
        pocket.until_sent()
        # Three records wait while the line takes everything but records.
        network.fault = answering(500)
        lost = pocket.doors(3)
        pocket.run("sender.js", "(sender) => sender.wake(true)")
        pocket.until(lambda: house.missing(device) == sorted(lost))
        pocket.knock()
        pocket.begin()
        pocket.title(FIRST)
        clear(pocket)
        # An interview that is open does not go on as if it were kept, nor does the next door.
        pocket.tap("Có")
        pocket.page.get_by_text("trên máy này vừa bị xóa").wait_for()
        # What the open page still had in its memory goes with it.
        pocket.page.goto("about:blank")
        network.good()
        pocket.open()
        pocket.title("Ghi danh máy này")
        expect(pocket.page.get_by_text("Đã gửi hết")).to_have_count(0)
        page = desk(browser, house, "xoa@bo.vn")
        page.goto(f"http://127.0.0.1:{house.port}{CONSOLE}/may/{device}")
        expect(page.locator("main")).to_contain_text("3 phiếu trên máy")
        # The way that the console offers: another telephone in its place, which is the same one.
        page.get_by_role("button", name="Thay máy khác").click()
        expect(page.locator("main")).to_contain_text("3 phiếu trên máy")
        page.get_by_role("button", name="Thay máy").click()
        address = page.locator("main .code.details").inner_text()
        pocket.page.goto(f"{network.url}/thuc-dia/?#{address.strip().split('#')[-1]}")
        pocket.tap("Ghi danh")
        pocket.title("Máy đã được ghi danh")
        again = pocket.doors(2)
        pocket.until(lambda: pocket.states() == ["acknowledged"] * 2)
        assert sorted(row["serial"] for row in pocket.rows()) == [1, 2]
        # Nothing was counted twice, and what was lost is not forgotten with the new beginning.
        assert house.receipts([*sent, *again]) == 3
        assert house.receipts(lost) == 0
        page.goto(f"http://127.0.0.1:{house.port}{CONSOLE}/dot/{ROUND}")
        expect(page.locator("main")).to_contain_text("3 phiếu trên máy")
        page.context.close()


def test_what_cannot_be_sent_is_carried_and_counts_once_when_the_telephone_sends_too(
    browser: Browser, house: House, network: Network
) -> None:
    code, device = house.code()
    with phone(browser) as context:
        pocket = Pocket(context.new_page(), network)
        pocket.enrol(code)
        network.down = True
        ids = pocket.doors(3)
        pocket.run("interviews.js", BEGUN, [ROUND, VILLAGE])
        pocket.page.locator("button.pill").click()
        with pocket.page.expect_download() as download:
            pocket.tap("Xuất tệp các phiếu chờ gửi")
        # An interview that is still open is not in it, and whoever exports is told.
        pocket.page.get_by_text("Đã xuất 3 phiếu").wait_for()
        expect(pocket.page.get_by_text("Phiếu đang hỏi dở không nằm trong tệp")).to_be_visible()
        file = download.value.path()
        lines = file.read_text("utf-8").splitlines()
        opened = [house.opened(line) for line in lines]
        assert {record["id"] for record in opened} == set(ids)
        assert [record["serial"] for record in opened] == [1, 2, 3]
        assert VILLAGE not in "".join(lines)
        page = desk(browser, house, "nhap@bo.vn")
        page.goto(f"http://127.0.0.1:{house.port}{CONSOLE}/nhap-tep")
        for told in ("Phiếu mới, đã tính 3", "Đã có từ trước 3"):
            page.locator("input[type=file]").set_input_files(file)
            page.get_by_role("button", name="Nhập tệp").click()
            wait_until(lambda told=told: told in " ".join(page.locator("main").inner_text().split()))
        page.context.close()
        # The telephone finds its way after all: it hears that each is known, and lets it go.
        assert pocket.states() == ["draft", *["ready"] * 3]
        network.good()
        pocket.hurry()
        pocket.until_sent()
        assert [row["kept"] for row in pocket.rows() if row["state"] == "acknowledged"] == ["known"] * 3
    assert house.doors(device) == {"absent": 3}


def test_storage_that_is_taken_away_and_given_back_is_opened_again(
    browser: Browser, house: House, network: Network
) -> None:
    with phone(browser) as context:
        context.add_init_script(WATCHED)
        pocket = Pocket(context.new_page(), network)
        pocket.enrol(house.code()[0])
        # Asked for at enrolment; what the browser said is on the screen of the telephone and in the console.
        assert pocket.page.evaluate("asked") == 1
        pocket.knock()
        pocket.begin()
        pocket.tap("Có")
        pocket.title("Ai trực tiếp thao tác nộp?")
        for answer, title in (("Tự làm", "Hồ sơ nộp ở cơ quan nào?"), ("Ông/Bà không biết", FACES)):
            # As WebKit does under pressure: the connection is dead and nobody was told.
            pocket.page.evaluate("opened.forEach((database) => database.close())")
            pocket.tap(answer)
            pocket.title(title)
        (row,) = pocket.rows()
        assert row["draft"]["answers"] == {"filed_online": "yes", "operator": "self"}
        assert pocket.page.evaluate("opened.length") >= 3
        # Another tab begins another interview: each has its own place.
        other = Pocket(pocket.page.context.new_page(), network)
        other.open()
        other.run("interviews.js", BEGUN, [ROUND, VILLAGE])
        assert sorted(len(one["draft"]["answers"]) for one in pocket.rows()) == [0, 2]


def test_a_telephone_warns_in_time_and_lets_go_only_of_what_has_arrived(
    browser: Browser, house: House, network: Network
) -> None:
    with collector(browser, house, network) as pocket:
        sent = pocket.doors(1)
        pocket.until_sent()
        network.down = True
        waiting = pocket.doors(1)
        # A week after the receipt, once the work that counts it has come; what waits stays for years.
        for days, work_days, left in ((6, 9, [*sent, *waiting]), (9, 6, [*sent, *waiting]), (8, 8, waiting)):
            pocket.run("store.js", PURGED, [days, work_days])
            assert {row["id"] for row in pocket.rows()} == set(left)
        pocket.run("store.js", PURGED, [4000, 4000])
        assert [row["id"] for row in pocket.rows()] == waiting
        pocket.tap("Máy này")
        expect(pocket.page.get_by_text("Chưa được giữ bền")).to_be_visible()
        pocket.tap("Xin giữ bền")
        expect(pocket.page.get_by_text("Trình duyệt chưa cho giữ bền")).to_be_in_viewport()
        pocket.tap("Hàng chờ")
        pocket.tap("Gửi ngay")
        expect(pocket.page.get_by_text("Chưa nối được với máy chủ")).to_be_visible()
        pocket.page.evaluate(
            "navigator.storage.estimate = async () => ({ usage: 9_500_000, quota: 10_000_000 })"
        )
        pocket.run("store.js", AHEAD, 3 * 3_600_000)
        pocket.tap("Việc")
        expect(pocket.page.get_by_text("Máy sắp hết chỗ")).to_be_visible()
        expect(pocket.page.get_by_text("Đồng hồ của máy lệch 3 giờ")).to_be_visible()


def test_a_telephone_that_may_not_send_works_on_after_a_cold_start(
    browser: Browser, house: House, network: Network
) -> None:
    """Neither a refusal nor a page that is gone takes away what there is to do, or the way to what waits."""
    code, device = house.code()
    with phone(browser) as context:
        pocket = Pocket(context.new_page(), network)
        pocket.enrol(code)
        pocket.ready_for_no_network()
        house.set_state(device, "revoked")
        pocket.open()
        pocket.page.get_by_text("đã bị thu hồi").first.wait_for()
        pocket.doors(1)
        # Answers of a server that has forgotten the questionnaire, or of something in the way.
        network.fault = _nowhere
        pocket.open()
        pocket.knock()
        pocket.begin()
        pocket.title(FIRST)
        pocket.tap("Có")
        # The round and its questionnaire have gone from the work: the draft keeps the version it began with.
        pocket.run("store.js", "(store) => store.keepWork({ rounds: [], key: null, fetched: 0 }, [])")
        pocket.open()
        pocket.tap("Hỏi tiếp")
        pocket.title("Ai trực tiếp thao tác nộp?")
        # That the key is gone as well loses nothing: what is finished waits for it.
        pocket.tap("Dừng")
        pocket.tap("Hẹn lúc khác, bỏ phần đã hỏi")
        pocket.until(lambda: [row["finished"] for row in pocket.rows()] == [True] * 2)
        assert pocket.states() == ["draft", "ready"]
        house.set_state(device, "active")
        network.good()
        pocket.hurry()
        pocket.until(lambda: pocket.states() == ["acknowledged"] * 2)
    assert house.doors(device) == {"absent": 1, "later": 1}


def _nowhere(line: socket, request: Request) -> bool:
    """The server has forgotten what there is to do."""
    if request.path == "/thuc-dia/api/viec":
        return answering(404, '{"error":"unknown"}', path=request.path)(line, request)
    return False
