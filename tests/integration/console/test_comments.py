"""Comments in the console: in groups, without anything beside them, covered and published, hidden by two."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app.accounts.roles import Role
from app.approvals.actions import decide
from app.approvals.models import ApprovalRow
from app.extensions import db
from app.moderation.rules import State
from app.responding.models import Response
from app.results.folding import fold_waiting
from app.thresholds.models import ThresholdSet
from app.transactions import transaction
from surveys.thresholds import DEFAULTS, to_mapping
from tests.integration.console.conftest import NOW
from tests.support.audit import recorded
from tests.support.heard import QUARTER, answer, hand_over, layers
from tests.support.staff import PERSON, Console, words

Desk = Callable[..., Console]
LIST = "/quan-tri/gop-y"
NAMED = "Chị Lò Thị Mai ở quầy 3 làm tôi phải đi lại, số của tôi (0912) 345 678"
NINE = (None,) * 9
AFTER_CLOSE = datetime(2027, 1, 12, 3, 0, tzinfo=UTC)


def texts(page: str) -> list[str]:
    found = re.findall(r'<p class="written" lang="vi">(.*?)</p>', page, flags=re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]*>", "", text)).split()) for text in found]


def only(app: Flask) -> str:
    (layer,) = layers(app)
    return str(layer.id)


def reviewing(app: Flask, desk: Desk, text: str = NAMED) -> tuple[Console, str]:
    """A reviewer before one comment, and its id."""
    console = desk(Role.PROVINCE, "14")
    answer(app, (text, *NINE))
    hand_over(app, NOW)
    return console, only(app)


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def publish(console: Console, comment: str) -> None:
    console.post(f"{LIST}/{comment}/cong-bo", seen=seen(console.get(f"{LIST}/{comment}")))


def test_an_empty_list_says_where_comments_come_from(desk: Desk) -> None:
    assert "từng nhóm từ 10 phiếu" in words(desk(Role.PROVINCE, "14").get(LIST))
    assert "Cán bộ cấp tỉnh che" in words(desk(Role.AGENCY, "14-SKHCN").get(LIST))


def test_nine_answers_show_no_comment_and_ten_do(app: Flask, desk: Desk) -> None:
    console = desk(Role.PROVINCE, "14")
    answer(app, ("Chờ lâu quá", *NINE[:8]))
    assert hand_over(app, NOW) == 0
    assert "Chờ lâu" not in console.get(LIST)
    answer(app, ("Nhanh gọn",))
    assert hand_over(app, NOW) == 2
    assert sorted(texts(console.get(LIST))) == ["Chờ lâu quá", "Nhanh gọn"]


def test_a_stricter_threshold_of_the_quarter_holds_for_comments_too(app: Flask, desk: Desk) -> None:
    with app.app_context(), transaction():
        kept = json.dumps(to_mapping(replace(DEFAULTS, disclosure=15)))
        db.session.add(
            ThresholdSet(
                number=1, first_quarter=QUARTER, thresholds=kept, why="Thận trọng", approval=UUID(int=1),
                proposed_by="person-1", decided_by="person-2", decided_at=NOW,
            )
        )  # fmt: skip
    answer(app, ["Chờ lâu", *[None] * 13])
    assert hand_over(app, NOW) == 0
    answer(app, [None])
    assert hand_over(app, NOW) == 1


def test_a_further_comment_waits_until_ten_more_answers_have_joined(app: Flask, desk: Desk) -> None:
    console, _comment = reviewing(app, desk)
    answer(app, ("Người thứ mười một", *NINE[:8]))
    assert hand_over(app, NOW) == 0
    assert len(texts(console.get(LIST))) == 1
    answer(app, (None,))
    assert hand_over(app, NOW) == 1


def test_what_is_left_is_handed_over_once_the_quarter_may_be_closed(app: Flask, desk: Desk) -> None:
    reviewing(app, desk)
    answer(app, ("Người cuối cùng",))
    assert hand_over(app, datetime(2027, 1, 10, 16, 59, tzinfo=UTC)) == 0
    assert hand_over(app, AFTER_CLOSE) == 1
    answer(app, ("Người đến muộn",))
    assert hand_over(app, AFTER_CLOSE) == 0


@pytest.mark.parametrize("changes", [{"quarantine": "too-fast"}, {"test": True}])
def test_what_does_not_count_is_not_heard(app: Flask, desk: Desk, changes: dict[str, object]) -> None:
    console, _comment = reviewing(app, desk)
    answer(app, ("Rao bán hàng",) * 12, **changes)
    answer(app, (*NINE, None))
    hand_over(app, NOW)
    assert "Rao bán" not in console.get(f"{LIST}?state=all")


def test_a_list_shows_the_text_as_published_and_nothing_that_singles_out(app: Flask, desk: Desk) -> None:
    console = desk(Role.PROVINCE, "14")
    answer(app, (NAMED,), answers='{"satisfaction":1}', channel="link", procedure=None)
    answer(app, ("Rất tốt",), answers='{"satisfaction":5}', channel="qr", language="en")
    answer(app, NINE)
    hand_over(app, NOW)
    page = console.get(LIST)
    assert sorted(texts(page)) == [
        "Chị Lò Thị Mai ở quầy 3 làm tôi phải đi lại, số của tôi [đã che số điện thoại]",
        "Rất tốt",
    ]
    assert '<mark class="cover">[đã che số điện thoại]</mark>' in page
    assert "345 678" not in page
    with app.app_context():
        ids = list(db.session.scalars(select(Response.id)))
    items = page[page.index('<ul class="heard">') : page.index("</ul>", page.index('<ul class="heard">'))]
    for beside in (*ids, "20/11", "hài lòng", "QR", "link", "English"):
        assert beside not in items


def test_one_view_of_a_page_is_one_event_without_a_word_of_it(app: Flask, desk: Desk) -> None:
    console = desk(Role.PROVINCE, "14")
    answer(app, (NAMED, "Chờ lâu", *NINE[:8]))
    hand_over(app, NOW)
    console.get(LIST)
    console.get(f"{LIST}/{layers(app)[0].id}")
    console.get(f"{LIST}?q=khongcogi")
    with app.app_context():
        events = recorded(action="comments-read")
    assert [(event.by, event.subject, event.scope, dict(event.details)) for event in events] == [
        (str(PERSON), "2026-Q4", "14", {"comments": 2}),
        (str(PERSON), str(layers(app)[0].id), "14-SKHCN", {"comments": 1}),
    ]


def test_the_search_leaves_out_accents_and_does_not_find_what_is_covered(app: Flask, desk: Desk) -> None:
    console, comment = reviewing(app, desk)
    assert len(texts(console.get(f"{LIST}?q=lo+thi+mai"))) == 1
    assert texts(console.get(f"{LIST}?q=0912")) == []
    console.post(f"{LIST}/{comment}/che", typed="Lò Thị Mai")
    assert texts(console.get(f"{LIST}?q=lo+thi+mai")) == []
    assert len(texts(console.get(f"{LIST}?q=quay"))) == 1
    assert "Chữ có thể gõ không dấu" in words(console.get(f"{LIST}?q=khongcogi"))


def test_words_are_covered_by_typing_and_by_ticking_and_the_answer_stays_as_it_was(
    app: Flask, desk: Desk
) -> None:
    console, comment = reviewing(app, desk)
    done = console.post(f"{LIST}/{comment}/che", typed="lo thi mai, quay 3")
    page = console.get(done.location)
    shown = "Chị [đã che] ở [đã che] làm tôi phải đi lại, số của tôi [đã che số điện thoại]"
    assert shown in words(page) and "Đã che." in words(page)
    ticked = [int(index) for index in re.findall(r'name="ticked" value="(\d+)" checked', page)]
    assert ticked == [1, 2, 3, 5, 6]
    console.post(f"{LIST}/{comment}/che", ticked=[1, 2, 3])
    assert "Chị [đã che] ở quầy 3 làm" in words(console.get(f"{LIST}/{comment}"))
    console.post(f"{LIST}/{comment}/che")
    assert "Chị Lò Thị Mai ở quầy 3" in words(console.get(f"{LIST}/{comment}"))
    with app.app_context():
        assert NAMED in set(db.session.scalars(select(Response.comment)))
        assert [event.action for event in recorded(subject=comment)].count("comment-covered") == 3


def test_words_that_are_not_there_are_said_and_nothing_is_lost(app: Flask, desk: Desk) -> None:
    console, comment = reviewing(app, desk)
    page = console.post(f"{LIST}/{comment}/che", 400, typed="Nguyễn Văn A", ticked=[1])
    assert "Góp ý không có chữ “Nguyễn Văn A”" in words(page.text)
    assert 'value="Nguyễn Văn A"' in page.text
    page = console.post(f"{LIST}/{comment}/che", 400, typed="x" * 201)
    assert "Hãy gõ ít hơn 200 ký tự" in words(page.text)
    console.post(f"{LIST}/{comment}/che", ticked=["-1", "9999", "x", "²"])
    assert layers(app)[0].covers == "[]"


def test_an_agency_reads_what_was_reviewed_and_only_that(app: Flask, desk: Desk) -> None:
    console, comment = reviewing(app, desk)
    agency = Console(app, desk(Role.AGENCY, "14-SKHCN").actor)
    assert texts(agency.get(LIST)) == []
    assert texts(agency.get(f"{LIST}?state=waiting")) == []
    agency.get(f"{LIST}/{comment}", 404)
    console.post(f"{LIST}/{comment}/che", typed="Lò Thị Mai")
    publish(console, comment)
    (text,) = texts(agency.get(LIST))
    assert text.startswith("Chị [đã che] ở quầy 3")
    assert "Duyệt" not in words(agency.get(LIST))
    assert texts(desk(Role.AGENCY, "14-SNV").get(LIST)) == []


def test_who_reviews_in_one_place_and_reads_in_another_sees_each_as_it_may(app: Flask, desk: Desk) -> None:
    console = desk(Role.PROVINCE, "14", (Role.AGENCY, "31-SKHCN"))
    for agency in ("14-SKHCN", "31-SKHCN"):
        answer(app, (f"Về {agency}", *NINE), agency)
    hand_over(app, NOW)
    assert texts(console.get(f"{LIST}?state=all")) == ["Về 14-SKHCN"]
    (elsewhere,) = (str(layer.id) for layer in layers(app) if layer.agency == "31-SKHCN")
    console.get(f"{LIST}/{elsewhere}", 404)
    for act in ("che", "cong-bo", "hoan-tac", "an"):
        console.post(f"{LIST}/{elsewhere}/{act}", 404, typed="Về", reason="Có tên người")
    assert {layer.state for layer in layers(app)} == {State.WAITING}


def test_only_what_the_reviewer_has_seen_is_published(app: Flask, desk: Desk) -> None:
    console, comment = reviewing(app, desk)
    before = seen(console.get(f"{LIST}/{comment}"))
    console.post(f"{LIST}/{comment}/che", typed="Mai")
    console.post(f"{LIST}/{comment}/cong-bo", 409, seen=before)
    console.post(f"{LIST}/{comment}/cong-bo", 409)
    assert layers(app)[0].state == State.WAITING
    publish(console, comment)
    assert layers(app)[0].state == State.PUBLISHED


def test_what_is_published_can_be_taken_back_and_changing_a_cover_takes_it_back(
    app: Flask, desk: Desk
) -> None:
    console, comment = reviewing(app, desk)
    console.post(f"{LIST}/{comment}/hoan-tac", 409)
    publish(console, comment)
    console.post(f"{LIST}/{comment}/hoan-tac")
    assert layers(app)[0].state == State.WAITING
    publish(console, comment)
    console.post(f"{LIST}/{comment}/che", typed="Mai")
    assert layers(app)[0].state == State.WAITING


def test_hiding_takes_two_persons_and_touches_no_answer(app: Flask, desk: Desk) -> None:
    console, comment = reviewing(app, desk)
    publish(console, comment)
    page = console.post(f"{LIST}/{comment}/an", 400, reason="Nêu số (0912) 345 678")
    assert "Có số điện thoại: hãy bỏ" in words(page.text)
    assert "Hãy ghi lý do" in words(console.post(f"{LIST}/{comment}/an", 400).text)
    done = console.post(f"{LIST}/{comment}/an", reason="Nói về đời tư của một người")
    proposal = words(console.get(done.location))
    assert "góp ý " + comment[:8] in proposal and "quý IV năm 2026" in proposal
    assert "quầy 3" not in proposal
    assert layers(app)[0].state == State.PUBLISHED
    console.post(f"{LIST}/{comment}/an", 409, reason="Nói về đời tư của một người")
    assert "Đã có đề xuất ẩn" in words(console.get(f"{LIST}/{comment}"))
    with app.app_context(), transaction():
        (waiting,) = db.session.scalars(select(ApprovalRow))
        assert (waiting.scope, waiting.subject) == ("14", comment)
        decide(waiting.id, approve=True, by="person-2", now=NOW)
    assert layers(app)[0].state == State.HIDDEN
    assert texts(console.get(LIST)) == []
    assert len(texts(console.get(f"{LIST}?state=hidden"))) == 1
    assert texts(desk(Role.AGENCY, "14-SKHCN").get(LIST)) == []
    with app.app_context():
        (event,) = recorded(action="comment-hidden")
        assert (event.by, event.subject, event.scope) == ("person-2", comment, "14-SKHCN")
        assert NAMED in set(db.session.scalars(select(Response.comment)))
    console.post(f"{LIST}/{comment}/hoan-tac")
    assert layers(app)[0].state == State.WAITING


def test_nothing_is_published_while_a_proposal_to_hide_it_waits(app: Flask, desk: Desk) -> None:
    console, comment = reviewing(app, desk)
    agreed = seen(console.get(f"{LIST}/{comment}"))
    console.post(f"{LIST}/{comment}/an", reason="Nói về đời tư của một người")
    console.post(f"{LIST}/{comment}/cong-bo", 409, seen=agreed)
    assert "Công bố đúng như trên" not in words(console.get(f"{LIST}/{comment}"))


def test_better_redaction_asks_for_a_new_review_and_shows_nothing_meanwhile(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    console, comment = reviewing(app, desk)
    console.post(f"{LIST}/{comment}/che", typed="Lò Thị Mai")
    publish(console, comment)
    from app.moderation import queries
    from surveys.redaction import Redacted

    monkeypatch.setattr(
        queries, "redact", lambda _text: Redacted("Chị Lò Thị Mai ở [đã che số quầy] làm chậm", {})
    )
    agency = desk(Role.AGENCY, "14-SKHCN").get(LIST)
    assert "quầy" not in agency and texts(agency) == ["cần duyệt lại: cách che tự động đã đổi"]
    page = words(desk(Role.PROVINCE, "14").get(f"{LIST}/{comment}"))
    assert "chờ duyệt" in page and "Chị Lò Thị Mai ở [đã che số quầy]" in page
    publish(console, comment)
    assert texts(console.get(f"{LIST}?state=published")) == ["Chị Lò Thị Mai ở [đã che số quầy] làm chậm"]


def test_comments_of_others_are_not_found(app: Flask, desk: Desk) -> None:
    console = desk(Role.PROVINCE, "14")
    for agency in ("14-SKHCN", "31-SKHCN"):
        answer(app, (f"Về {agency}", *NINE), agency)
    hand_over(app, NOW)
    assert texts(console.get(f"{LIST}?state=all")) == ["Về 14-SKHCN"]
    foreign = next(str(layer.id) for layer in layers(app) if layer.agency == "31-SKHCN")
    console.get(f"{LIST}/{foreign}", 404)
    for path in ("che", "cong-bo", "an", "hoan-tac"):
        console.post(f"{LIST}/{foreign}/{path}", 404)


def test_quarters_and_agencies_filter_and_pages_go_by_random_keys(app: Flask, desk: Desk) -> None:
    console = desk(Role.PROVINCE, "14")
    answer(app, [f"Góp ý số {number}" for number in range(60)])
    answer(app, ("Quý trước", *NINE), "14-SNV", quarter="2026-Q3")
    hand_over(app, NOW)
    first = console.get(LIST)
    assert len(texts(first)) == 50 and texts(first) != sorted(texts(first))
    later = re.search(r'rel="next" href="([^"]*)"', first)
    assert later
    second = texts(console.get(unescape(later[1])))
    assert len(second) == 10 and not set(second) & set(texts(first))
    assert texts(console.get(f"{LIST}?quarter=2026-Q3")) == ["Quý trước"]
    assert texts(console.get(f"{LIST}?quarter=2026-Q3&agency=14-SKHCN")) == []
    assert len(texts(console.get(f"{LIST}?quarter=khong&state=khong"))) == 50


@pytest.mark.parametrize(("role", "sees"), [(Role.PROVINCE, True), (Role.AGENCY, False)])
def test_the_home_names_comments_that_wait(app: Flask, desk: Desk, role: Role, sees: bool) -> None:
    console = desk(role, "14" if role is Role.PROVINCE else "14-SKHCN")
    answer(app, (NAMED, *NINE))
    hand_over(app, NOW)
    assert ("1 góp ý chờ duyệt" in words(console.get("/quan-tri"))) is sees


def test_the_command_hands_over_and_says_how_many(app: Flask, desk: Desk, runner: FlaskCliRunner) -> None:
    desk()
    answer(app, (NAMED, *NINE))
    with app.app_context():
        fold_waiting()
    assert "Đã đưa 1 góp ý cho người duyệt." in runner.invoke(args=["comments", "gather"]).output
    assert "Đã đưa 0 góp ý cho người duyệt." in runner.invoke(args=["comments", "gather"]).output


def test_the_nightly_job_hands_over(
    app: Flask, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HAILONG_ENV", "test")
    from app import jobs

    monkeypatch.setattr(jobs, "application", lambda: app)
    console = desk(Role.PROVINCE, "14")
    answer(app, ("Chờ lâu quá", *NINE))
    with app.app_context():
        fold_waiting()
    jobs.gather_comments.call_local()
    jobs.huey.storage.close()
    assert texts(console.get(LIST)) == ["Chờ lâu quá"]
