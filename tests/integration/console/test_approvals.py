"""Two persons in the console: what waits, what would happen, and a decision that is never one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.accounts.actions import create_person, reset
from app.accounts.identity import Grant
from app.accounts.queries import get_person
from app.accounts.roles import Permission, Role
from app.approvals import kinds
from app.approvals.actions import decide, propose
from app.approvals.kinds import Approved, Decision, Description, Kind
from app.approvals.queries import get_approval
from app.errors import Conflict
from app.extensions import db
from app.installation import Fact
from app.transactions import transaction
from tests.support.accounts import enrolled, signed_in, token_on
from tests.support.audit import recorded
from tests.support.staff import PERSON, Console, words

Desk = Callable[..., Console]
LIST = "/quan-tri/phe-duyet"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
OTHER = "person-1"


class Gone(Conflict):
    """The comment was withdrawn meanwhile."""

    def words(self) -> tuple[str, str]:
        return "Góp ý không còn", "Không còn gì để ẩn."


@pytest.fixture(autouse=True)
def features(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One kind that is told in words, one that is not and asks for a right of its own, one that fails.

    The application comes first: its own features register their kinds when they are imported.
    """

    def hide(act: Approved) -> None:
        db.session.add(Fact(name=act.subject, value=act.reason))

    def fail(act: Approved) -> None:
        db.session.add(Fact(name=act.subject, value="half"))
        db.session.flush()
        raise Gone

    def describe(subject: str, payload: Mapping[str, Any]) -> Description:
        effects = (f"Góp ý {subject} <không> hiện nữa.", f"Vì {payload['why']}.")
        return Description(f"góp ý {subject}", effects, "Có thể cho hiện lại.", "/quan-tri/gop-y")

    monkeypatch.setattr(kinds, "_acts", {})
    kinds.register(Kind.HIDE_COMMENT, hide, describe=describe)
    kinds.register(Kind.CHANGE_THRESHOLDS, hide, needs=Permission.SYSTEM_READ)
    kinds.register(Kind.VERIFY_SOURCE, fail)
    yield


def proposed(
    app: Flask, subject: str = "7", *, kind: Kind = Kind.HIDE_COMMENT, scope: str = "14", by: str = OTHER,
    at: datetime = NOW,
) -> UUID:  # fmt: skip
    with app.app_context(), transaction():
        given = {"why": "có số điện thoại"}
        return propose(kind, subject=subject, scope=scope, payload=given, reason="Lộ <số>", by=by, now=at)


def state(app: Flask, approval: UUID) -> Decision | None:
    with app.app_context():
        return get_approval(approval).decision


def fact(app: Flask, name: str) -> str | None:
    with app.app_context():
        found = db.session.get(Fact, name)
        return found.value if found else None


def test_without_proposals_the_page_says_what_comes_here(desk: Desk) -> None:
    console = desk()
    assert "Không có đề xuất nào đang chờ" in words(console.get(LIST))
    assert "Chưa có đề xuất nào được quyết định" in words(console.get(f"{LIST}/da-quyet-dinh"))
    assert "chờ bạn phê duyệt" not in words(console.get("/quan-tri"))


def test_a_list_tells_what_waits_for_me_from_what_i_proposed(app: Flask, desk: Desk) -> None:
    console = desk()
    proposed(app, "7")
    proposed(app, "8", by=str(PERSON), at=NOW + timedelta(minutes=1))
    proposed(app, "9", kind=Kind.CHANGE_THRESHOLDS, at=NOW + timedelta(minutes=2))
    proposed(app, "31-cua-noi-khac", scope="31")
    page = console.get(LIST)
    rows = [words(row) for row in page.split("<tr>")[2:]]
    assert len(rows) == 3
    assert rows[0].startswith("Ẩn một góp ý khỏi công bố góp ý 7") and "chờ bạn" in rows[0]
    assert "bạn đề xuất" in rows[1]
    assert rows[2].startswith("Đổi ngưỡng công bố 9") and "chờ người khác" in rows[2]
    assert "31-cua-noi-khac" not in page
    assert "1 việc chờ bạn phê duyệt" in words(console.get("/quan-tri"))


def test_what_was_decided_elsewhere_stays_there(app: Flask, desk: Desk) -> None:
    console = desk()
    for subject, scope in (("7", "14"), ("31-cua-noi-khac", "31")):
        approval = proposed(app, subject, scope=scope)
        with app.app_context(), transaction():
            decide(approval, approve=True, by="person-2", now=NOW)
    page = console.get(f"{LIST}/da-quyet-dinh")
    assert "góp ý 7" in words(page) and "31-cua-noi-khac" not in page


def test_the_page_says_what_would_happen_who_wants_it_and_why(app: Flask, desk: Desk) -> None:
    console = desk()
    other = enrolled(app, "huong@bo.vn", (Role.PROVINCE, "14"), name="Vàng Thị Hương").id
    approval = proposed(app, by=str(other))
    page = console.get(f"{LIST}/{approval}")
    text = words(page)
    assert "Nếu được chấp thuận Góp ý 7 <không> hiện nữa. Vì có số điện thoại. Có thể cho hiện lại." in text
    assert "Vàng Thị Hương, 20/11/2026 10:00" in text and "Lý do đề xuất Lộ <số>" in text
    assert "<không>" not in page and "<số>" not in page
    console.post(f"{LIST}/{approval}/chap-thuan", reason="Đúng")
    assert fact(app, "7") == "Lộ <số>"
    after = words(console.get(f"{LIST}/{approval}?done=approved"))
    assert "Đã chấp thuận; việc được đề xuất đã được thực hiện." in after
    assert "Lý do quyết định Đúng" in after and "Chấp thuận và thực hiện" not in after
    assert "đã chấp thuận bạn" in words(console.get(f"{LIST}/da-quyet-dinh"))


def test_who_proposed_has_no_button_and_is_told_why(app: Flask, desk: Desk) -> None:
    console = desk()
    approval = proposed(app, by=str(PERSON))
    page = words(console.get(f"{LIST}/{approval}"))
    assert "nên phải có người thứ hai quyết định" in page and "Chấp thuận" not in page
    for act in ("chap-thuan", "tu-choi"):
        refused = console.post(f"{LIST}/{approval}/{act}", 409, reason="Tôi muốn")
        assert "Cần người thứ hai" in words(refused.text)
    assert state(app, approval) is None and fact(app, "7") is None
    console.post(f"{LIST}/{approval}/rut")
    assert state(app, approval) is Decision.WITHDRAWN


def test_whose_account_the_proposer_has_reset_has_no_button_and_is_told_why(app: Flask, desk: Desk) -> None:
    console, day = desk(), NOW - timedelta(days=3)
    other = enrolled(app, "huong@bo.vn", (Role.MINISTRY, "nation"), name="Vàng Thị Hương").id
    approval = proposed(app, by=str(other))
    assert "1 việc chờ bạn phê duyệt" in words(console.get("/quan-tri"))
    with app.app_context(), transaction():
        reset(get_person(PERSON), lost_authenticator=True, by=str(other), now=day)
    page = words(console.get(f"{LIST}/{approval}"))
    assert "Người thứ hai bạn (tài khoản này do Vàng Thị Hương đặt lại ngày 17/11/2026)" in page
    assert "nên chưa chắc là hai người" in page and "Chấp thuận" not in page
    assert "chờ người khác" in words(console.get(LIST))
    assert "chờ bạn phê duyệt" not in words(console.get("/quan-tri"))
    for act in ("chap-thuan", "tu-choi", "chap-thuan"):
        refused = console.post(f"{LIST}/{approval}/{act}", 409, reason="Tôi muốn")
        assert "Cần người thứ hai khác" in words(refused.text)
    assert state(app, approval) is None and fact(app, "7") is None
    with app.app_context():
        (event,) = recorded(action="approval-in-one-hand")
    assert (event.by, event.subject, event.scope) == (str(PERSON), str(approval), "14")


def test_whoever_decides_reads_who_has_invited_the_proposer(app: Flask, desk: Desk) -> None:
    console, grants = desk(), [Grant(Role.PROVINCE, "14")]
    by = enrolled(app, "huong@bo.vn", (Role.MINISTRY, "nation"), name="Vàng Thị Hương").id
    with app.app_context(), transaction():
        person, _code = create_person("moi@bo.vn", "Mới", grants, by=str(by), now=NOW - timedelta(days=9))
        other = str(person.id)
    approval = proposed(app, by=other)
    told = "Mới, 20/11/2026 10:00 (tài khoản này do Vàng Thị Hương mời ngày 11/11/2026)"
    assert told in words(console.get(f"{LIST}/{approval}"))
    console.post(f"{LIST}/{approval}/chap-thuan", reason="Đúng")
    with app.app_context(), transaction():
        reset(get_person(other), lost_authenticator=True, by=str(by), now=NOW + timedelta(days=1))
    assert told in words(console.get(f"{LIST}/{approval}")), "what came later changes nothing"


def test_a_refusal_asks_for_a_reason_at_the_field(app: Flask, desk: Desk) -> None:
    console, approval = desk(), proposed(app)
    for reason, problem in (("  ", "Hãy ghi lý do"), ("dài " * 300, "Hãy viết ngắn hơn")):
        page = console.post(f"{LIST}/{approval}/tu-choi", 400, reason=reason).text
        assert problem in words(page) and 'aria-invalid="true"' in page
        assert reason.strip() in page
    assert state(app, approval) is None
    console.post(f"{LIST}/{approval}/tu-choi", reason="Không có số nào")
    assert state(app, approval) is Decision.REFUSED and fact(app, "7") is None
    assert "Không có số nào" in words(console.get(f"{LIST}/{approval}"))


def test_only_whoever_proposed_withdraws(app: Flask, desk: Desk) -> None:
    console, approval = desk(), proposed(app)
    assert "Không rút được đề xuất" in words(console.post(f"{LIST}/{approval}/rut", 409).text)
    assert state(app, approval) is None


def test_what_lies_elsewhere_is_not_found(app: Flask, desk: Desk) -> None:
    foreign, agency = proposed(app, scope="31"), proposed(app, "8", scope="14-SNV")
    console = desk()
    assert "góp ý 8" in words(console.get(f"{LIST}/{agency}"))
    for path in ("", "/chap-thuan", "/tu-choi", "/rut"):
        address = f"{LIST}/{foreign}{path}"
        if path:
            console.post(address, 404, reason="x")
        else:
            console.get(address, 404)
    console.get(f"{LIST}/{UUID(int=5)}", 404)
    national = proposed(app, "9", scope="nation")
    console.get(f"{LIST}/{national}", 404)
    assert state(app, foreign) is None


def test_who_only_reads_sees_no_button_and_cannot_decide(app: Flask, desk: Desk) -> None:
    approval = proposed(app)
    auditor = desk(Role.AUDITOR, "nation")
    page = words(auditor.get(f"{LIST}/{approval}"))
    assert "không có quyền quyết định" in page and "Từ chối" not in page
    auditor.post(f"{LIST}/{approval}/chap-thuan", 404)
    needed = proposed(app, "9", kind=Kind.CHANGE_THRESHOLDS)
    province = desk()
    assert "không có quyền quyết định" in words(province.get(f"{LIST}/{needed}"))
    province.post(f"{LIST}/{needed}/chap-thuan", 404)
    desk(Role.MINISTRY, "nation").post(f"{LIST}/{needed}/chap-thuan")
    assert state(app, needed) is Decision.APPROVED


def test_an_act_that_is_no_longer_possible_leaves_the_proposal_waiting(app: Flask, desk: Desk) -> None:
    console, approval = desk(), proposed(app, kind=Kind.VERIFY_SOURCE)
    answer = console.post(f"{LIST}/{approval}/chap-thuan", 409, reason="Đúng")
    assert "Góp ý không còn" in words(answer.text)
    assert state(app, approval) is None and fact(app, "7") is None
    assert "chờ bạn" in words(console.get(LIST))


def test_of_two_who_decide_at_once_one_is_told_that_it_was_decided(app: Flask, desk: Desk) -> None:
    desk()
    clients = [
        signed_in(app, enrolled(app, f"{name}@bo.vn", (Role.PROVINCE, "14")).id, now=NOW)
        for name in ("mot", "hai", "ba", "bon")
    ]
    ready = Barrier(len(clients))
    for number in range(3):
        approval = proposed(app, f"c{number}")
        pages = [client.get(f"{LIST}/{approval}").text for client in clients]

        def decide(place: int, approval: UUID = approval, pages: list[str] = pages) -> int:
            ready.wait()
            act = "chap-thuan" if place % 2 else "tu-choi"
            data = {"csrf_token": token_on(pages[place]), "reason": "Đúng"}
            return clients[place].post(f"{LIST}/{approval}/{act}", data=data).status_code

        with ThreadPoolExecutor(len(clients)) as pool:
            assert sorted(pool.map(decide, range(len(clients)))) == [303, 409, 409, 409]
        approved = state(app, approval) is Decision.APPROVED
        assert (fact(app, f"c{number}") is not None) is approved


def test_long_lists_page_by_key(app: Flask, desk: Desk) -> None:
    console = desk()
    for number in range(53):
        proposed(app, f"số {number}.", at=NOW + timedelta(seconds=number))
    first = console.get(LIST)
    assert "góp ý số 49." in words(first) and "góp ý số 50." not in words(first)
    later = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = console.get(later)
    assert "góp ý số 50." in words(second) and "góp ý số 49." not in words(second)
    assert "Trang đầu" in words(second) and "Trang sau" not in words(second)
    for strange in ("x", "2026-11-20 1", "2026-11-20T00:00:00 " + str(UUID(int=1)), "\0"):
        console.get(f"{LIST}?from={strange}")
