"""One comment under several hands, and what is handed over of a group: what belongs there, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.accounts.roles import Role
from app.moderation.actions import cover, publish, take_back
from app.moderation.gathering import gather
from app.moderation.queries import count_waiting, find_layer, get_comment, list_published, read_published
from app.moderation.rules import State, TextHasChanged, UnknownComment
from app.results.folding import fold_waiting
from app.transactions import transaction
from tests.integration.console.conftest import NOW
from tests.support.heard import answer, hand_over, layers
from tests.support.staff import Console

Desk = Callable[..., Console]
NINE = (None,) * 9


@pytest.fixture
def comment(app: Flask, desk: Desk) -> UUID:
    desk(Role.PROVINCE, "14")
    answer(app, ("Chị Mai ở quầy ba rất tận tình", *NINE))
    hand_over(app, NOW)
    (layer,) = layers(app)
    return layer.id


def test_who_saw_another_text_changes_nothing(app: Flask, comment: UUID) -> None:
    with app.app_context():
        shown = get_comment(comment, {"14"}, NOW.date())
        with transaction():
            cover(shown, {1}, by="person-1", now=NOW)
        with pytest.raises(TextHasChanged), transaction():
            cover(shown, {2}, by="person-2", now=NOW)
        with pytest.raises(TextHasChanged), transaction():
            publish(shown, seen=shown.seen, by="person-2", now=NOW)
        with transaction():
            publish(fresh := get_comment(comment, {"14"}, NOW.date()), seen=fresh.seen, by="p", now=NOW)
        with pytest.raises(TextHasChanged), transaction():
            take_back(shown, by="person-2", now=NOW)
    (layer,) = layers(app)
    assert (layer.state, layer.covers) == (State.PUBLISHED, "[1]")


def test_a_mark_of_redaction_is_no_word_to_cover(app: Flask, desk: Desk) -> None:
    desk(Role.PROVINCE, "14")
    answer(app, ("Xin gọi (0912) 345 678 nhé", *NINE))
    hand_over(app, NOW)
    (layer,) = layers(app)
    with app.app_context(), transaction():
        shown = get_comment(layer.id, {"14"}, NOW.date())
        marks = {piece.index for piece in shown.words if piece.is_mark}
        assert len(marks) == 1
        cover(shown, {*marks, 0, 999}, by="person-1", now=NOW)
    assert layers(app)[0].covers == "[0]"


def test_only_the_comment_itself_changes(app: Flask, comment: UUID) -> None:
    answer(app, ("Đường đi khó tìm", *NINE))
    hand_over(app, NOW)
    with app.app_context(), transaction():
        shown = get_comment(comment, {"14"}, NOW.date())
        publish(shown, seen=shown.seen, by="person-1", now=NOW)
    assert sorted(layer.state for layer in layers(app)) == [State.PUBLISHED, State.WAITING]


def test_a_group_is_handed_over_without_what_does_not_count_and_without_other_groups(
    app: Flask, desk: Desk
) -> None:
    desk(Role.PROVINCE, "14")
    answer(app, ("Được đưa", *NINE))
    answer(app, ("Phiếu thử",), test=True)
    answer(app, ("Để riêng",), quarantine="too-fast")
    answer(app, ("Cơ quan khác",), "14-SNV")
    answer(app, ("Quý trước",), quarter="2026-Q3", day=datetime(2026, 9, 1, tzinfo=UTC).date())
    assert hand_over(app, NOW) == 1
    assert [layer.folded for layer in layers(app)] == ["duoc dua"]
    # Handed over, a comment does not come again with those that join the group.
    answer(app, ("Mới thêm", *NINE))
    assert hand_over(app, NOW) == 1
    assert sorted(layer.folded for layer in layers(app)) == ["duoc dua", "moi them"]


def test_each_quarter_of_an_agency_is_a_group_of_its_own(app: Flask, desk: Desk) -> None:
    desk(Role.PROVINCE, "14")
    answer(app, ("Quý ba", *NINE), quarter="2026-Q3", day=datetime(2026, 9, 1, tzinfo=UTC).date())
    assert hand_over(app, NOW) == 1
    answer(app, ("Quý bốn", *NINE))
    assert hand_over(app, NOW) == 1
    assert {layer.quarter: layer.folded for layer in layers(app)} == {
        "2026-Q3": "quy ba",
        "2026-Q4": "quy bon",
    }


def test_a_comment_comes_no_sooner_than_its_answer_is_counted(app: Flask, desk: Desk) -> None:
    desk(Role.PROVINCE, "14")
    answer(app, ("Đã đếm", *NINE))
    with app.app_context():
        fold_waiting()
    answer(app, ("Chưa đếm",))
    with app.app_context():
        assert gather(now=NOW) == 1
    assert [layer.folded for layer in layers(app)] == ["da dem"]


def test_quarters_are_those_in_which_there_is_something_to_read(
    app: Flask, desk: Desk, comment: UUID
) -> None:
    own, elsewhere = desk(Role.PROVINCE, "14"), desk(Role.PROVINCE, "31")
    assert "quý IV năm 2026" in own.get("/quan-tri/gop-y")
    assert "quý IV năm 2026" not in elsewhere.get("/quan-tri/gop-y")


def test_what_two_persons_hide_is_one_comment_and_it_is_there(app: Flask, comment: UUID) -> None:
    answer(app, ("Đường đi khó tìm", *NINE))
    hand_over(app, NOW)
    other = next(layer.id for layer in layers(app) if layer.id != comment)
    with app.app_context():
        assert [find_layer(id_).id for id_ in (comment, other)] == [comment, other]
        with pytest.raises(UnknownComment):
            find_layer(uuid4())
        with transaction():
            publish(shown := get_comment(other, {"14"}, NOW.date()), seen=shown.seen, by="p", now=NOW)
        assert count_waiting({"14"}, NOW.date()) == 1


def test_what_is_published_is_listed_by_quarter_and_read_in_the_order_asked(app: Flask, desk: Desk) -> None:
    desk(Role.PROVINCE, "14")
    answer(app, ("Một", "Hai", "Chờ duyệt", *NINE))
    answer(app, ("Quý ba", *NINE), quarter="2026-Q3", day=datetime(2026, 9, 1, tzinfo=UTC).date())
    hand_over(app, NOW)
    by_text = {layer.folded: layer.id for layer in layers(app)}
    one, two, waiting, earlier = (by_text[text] for text in ("mot", "hai", "cho duyet", "quy ba"))
    with app.app_context(), transaction():
        for id_ in (one, two, earlier):
            publish(shown := get_comment(id_, {"14"}, NOW.date()), seen=shown.seen, by="p", now=NOW)
    with app.app_context():
        assert list_published("2026-Q4") == [(id_, "14-SKHCN") for id_ in sorted((one, two))]
        assert read_published([two, waiting, uuid4(), one]) == ["Hai", "Một"]
