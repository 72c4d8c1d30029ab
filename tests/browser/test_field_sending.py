"""A record leaves the phone only when the server has it: refusals, cuts, two tabs, another owner."""

from __future__ import annotations

from collections import Counter
from socket import socket
from typing import TYPE_CHECKING

import pytest

from tests.support.pockets import House, Pocket, collector, phone
from tests.support.weak_network import Fault, Network, Request, answering, cutting, slowly

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PORTAL = "<html><body>Mời đăng nhập mạng của khách sạn</body></html>"


def counted(network: Network, ids: list[str]) -> Counter[str]:
    """How often the server was sent each of these records."""
    return Counter(one for one in ids for body in network.records if one.encode() in body)


def test_every_refusal_keeps_the_record_and_says_why(
    browser: Browser, house: House, network: Network
) -> None:
    refusals = (
        (answering(401, '{"error":"paused"}'), "Tổ trưởng đang tạm dừng máy này"),
        (answering(401, '{"error":"unknown"}'), "Máy chủ không nhận ra máy này"),
        (answering(403, '{"error":"revoked"}'), "Máy này đã bị thu hồi"),
        (answering(403, PORTAL), "Máy chủ gặp lỗi"),
        (answering(400), "Máy chủ không đọc được phiếu"),
        (answering(413), "Phiếu quá lớn"),
        (answering(500), "Máy chủ gặp lỗi"),
        (answering(201, '{"id":"x","sha256":"0","state":"stored"}'), "Máy chủ xác nhận sai nội dung"),
        (answering(429, headers="Retry-After: 900\r\n"), None),
        (answering(503, headers="Retry-After: 900\r\n"), None),
        (answering(200, PORTAL), None),
        (answering(204, ""), None),
    )
    with collector(browser, house, network) as pocket:
        pocket.tap("Hàng chờ")
        network.down = True
        (only,) = pocket.doors()
        network.down = False
        for refusal, words in refusals:
            met: list[str] = []
            network.fault = _noting(refusal, met)
            pocket.hurry()
            pocket.until(lambda met=met: bool(met))
            pocket.until(lambda: pocket.states() == ["ready"])
            if words:
                pocket.page.get_by_text(words).first.wait_for()
        network.good()
        pocket.hurry()
        pocket.until_sent()
        pocket.page.get_by_text("Máy chủ đã nhận", exact=True).first.wait_for()
    assert house.receipts([only]) == 1


def _noting(fault: Fault, met: list[str]) -> Fault:
    def noted(line: socket, request: Request) -> bool:
        answered = fault(line, request)
        if answered:
            met.append("met")
        return answered

    return noted


def test_a_poisoned_record_stops_no_other_and_a_busy_server_is_left_alone(
    browser: Browser, house: House, network: Network
) -> None:
    with collector(browser, house, network) as pocket:
        network.down = True
        ids = pocket.doors(4)
        network.good()
        poison = answering(413)
        network.fault = lambda line, asked: ids[1].encode() in asked.body and poison(line, asked)
        pocket.hurry()
        pocket.until(lambda: pocket.states() == ["acknowledged"] * 3 + ["ready"])
        # Asked to wait, the phone waits, with whatever is new as well.
        met: list[str] = []
        network.fault = _noting(answering(503, headers="Retry-After: 2\r\n"), met)
        pocket.hurry()
        pocket.until(lambda: len(met) == 1)
        pocket.doors(1)
        network.fault = None
        sent = network.sent()
        assert pocket.states().count("ready") == 2
        pocket.until_sent()
        assert network.sent() == sent + 2
    assert house.receipts(ids) == 4


def test_a_line_that_breaks_at_any_byte_makes_one_record_and_loses_none(
    browser: Browser, house: House, network: Network
) -> None:
    with collector(browser, house, network) as pocket:
        network.down = True
        ids = pocket.doors(8)
        network.good()
        # Within the head, within the body, before the receipt, and within it.
        cuts = [cutting(network, request_at=at) for at in (0, 40, 600, 900)]
        cuts += [cutting(network, reply_at=at) for at in (0, 1, 200, 600)]
        waiting = dict(zip(ids, cuts, strict=True))

        def once(line: socket, asked: Request) -> bool:
            for one in list(waiting):
                if one.encode() in asked.body:
                    return waiting.pop(one)(line, asked)
            return False

        network.fault = once
        while waiting:
            before = len(waiting)
            pocket.hurry()
            pocket.until(lambda before=before: len(waiting) < before)
        network.good()
        pocket.hurry()
        pocket.until_sent()
        times = counted(network, ids)
    assert house.receipts(ids) == 8
    # Those whose receipt was lost went out twice, and are one record each.
    assert [times[one] for one in ids] == [1, 1, 1, 1, 2, 2, 2, 2]


def test_of_two_tabs_one_sends(browser: Browser, house: House, network: Network) -> None:
    with collector(browser, house, network) as pocket:
        other = Pocket(pocket.page.context.new_page(), network)
        other.open()
        other.tap("Hàng chờ")
        network.down = True
        ids = pocket.doors(6)
        network.good()
        network.fault = slowly(0.05)
        pocket.hurry()
        other.hurry()
        pocket.until_sent()
        assert counted(network, ids) == dict.fromkeys(ids, 1)
        other.page.get_by_role("button", name="Đã gửi hết").wait_for()
        # The tab that would send may be closed: the other one does.
        network.down = True
        more = other.doors(2)
        pocket.page.close()
        network.good()
        other.hurry()
        other.until_sent()
    assert house.receipts(ids + more) == 8


def test_a_network_that_answers_everything_itself_gets_nothing(
    browser: Browser, house: House, network: Network
) -> None:
    with collector(browser, house, network) as pocket:
        network.down = True
        pocket.doors(1)
        network.good()
        asked: list[str] = []

        def portal(line: socket, request: Request) -> bool:
            asked.append(request.path)
            return answering(200, PORTAL, path=request.path)(line, request)

        network.fault = portal
        pocket.hurry()
        pocket.until(lambda: "/thuc-dia/api/con-day" in asked)
        pocket.page.wait_for_timeout(300)
        assert "/thuc-dia/api/phieu" not in asked
        assert pocket.states() == ["ready"]
        network.good()
        pocket.hurry()
        pocket.until_sent()


def test_a_paused_phone_goes_on_asking_and_a_replaced_one_hands_over_what_it_had(
    browser: Browser, house: House, network: Network
) -> None:
    code, device = house.code()
    with phone(browser) as context:
        pocket = Pocket(context.new_page(), network)
        pocket.enrol(code)
        house.set_state(device, "paused")
        pocket.knock()
        pocket.close_door()
        pocket.page.get_by_role("button", name="1 phiếu chờ gửi, tạm dừng").wait_for()
        pocket.close_door("Từ chối trả lời")
        house.set_state(device, "active")
        pocket.hurry()
        pocket.until_sent()
        # The phone gets a new code while work waits: nothing goes, and it arrives under the new one.
        network.down = True
        ids = pocket.doors(2)
        network.good()
        pocket.page.goto(f"{network.url}/thuc-dia/#{house.code_again(device)}")
        pocket.page.get_by_text("Máy còn 2 phiếu chưa gửi").wait_for()
        pocket.tap("Ghi danh")
        pocket.title("Máy đã được ghi danh")
        pocket.until_sent()
        assert house.receipts(ids) == 2
        # It gets another owner while work of the first one waits: that work still goes under the first.
        network.down = True
        (own,) = pocket.doors(1)
        network.good()
        network.fault = answering(500)
        other, other_device = house.code()
        pocket.open(f"?#{other}")
        pocket.tap("Ghi danh")
        pocket.title("Máy đã được ghi danh")
        # Who leads the phone now is told what still lies on it.
        pocket.until(lambda: house.missing(other_device) == [own])
        network.good()
        pocket.hurry()
        pocket.until_sent()
    assert house.receipts([own]) == 1 and house.missing(other_device) == []
    assert house.aside() == []
