from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from app.dossiers.actions import revoke_batch
from app.dossiers.models import Link, LinkBatch
from app.extensions import db
from app.responding.models import KeptAside, Response
from tests.support.acts import ACT
from tests.support.citizens import AGENCY, NOW, PROCEDURE, hidden_fields, links, post, sheet


def stored(app: Flask) -> list[Response]:
    with app.app_context():
        return list(db.session.scalars(select(Response)))


def is_spent(app: Flask) -> bool:
    with app.app_context():
        return bool(db.session.scalars(select(Link.spent)).one())


def test_looking_at_a_link_never_spends_it(house: Flask) -> None:
    (token,) = links(house)
    client = house.test_client()
    for method in ("GET", "HEAD", "GET"):
        assert client.open(f"/k/{token}", method=method).status_code == 200
    assert not is_spent(house)


def test_a_complete_answer_is_stored_as_what_its_batch_stood_for_and_spends_the_link(
    house: Flask, set_now: Callable[[datetime], None]
) -> None:
    (token,) = links(house)
    client = house.test_client()
    hidden = hidden_fields(client.get(f"/k/{token}").text)
    set_now(NOW + timedelta(seconds=47))
    answer = post(
        client,
        f"/k/{token}",
        {
            **hidden,
            "satisfaction": "4",
            "result_time": "not_yet",
            "result": "5",
            "comment": "  Nhanh hơn\r\nnữa  ",
        },
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/cam-on/")
    (row,) = stored(house)
    assert (row.agency, row.id, row.procedure) == (AGENCY, hidden["id"], PROCEDURE)
    assert (row.channel, row.phase, row.questionnaire, row.version) == (
        "link",
        "after-result",
        "COT_LOI",
        "1.0",
    )
    assert row.answers == '{"result_time":"not_yet","satisfaction":4}'
    assert row.comment == "Nhanh hơn\nnữa"
    assert (row.quarter, row.day.isoformat(), row.language) == ("2026-Q4", "2026-11-20", "vi")
    assert (row.fill_seconds, row.quarantine, row.tallied, row.test) == (45, "", False, False)
    assert is_spent(house)


def test_an_incomplete_answer_spends_nothing_and_keeps_what_was_chosen(house: Flask) -> None:
    (token,) = links(house)
    client = house.test_client()
    hidden = hidden_fields(client.get(f"/k/{token}").text)
    answer = post(client, f"/k/{token}", {**hidden, "submit_time": "forgot", "comment": "<b>giữ lại</b>"})
    assert answer.status_code == 400
    assert "Hãy chọn một mức" in answer.text
    assert 'href="#q-satisfaction"' in answer.text
    assert 'id="q-satisfaction"' in answer.text
    assert 'value="forgot" checked' in answer.text
    assert "&lt;b&gt;giữ lại&lt;/b&gt;" in answer.text
    assert hidden_fields(answer.text) == hidden
    assert not is_spent(house)
    assert stored(house) == []


def test_the_same_answer_again_leads_to_the_same_receipt_and_adds_nothing(house: Flask) -> None:
    (token,) = links(house)
    client = house.test_client()
    fields = sheet("5", submit_time="under_5", reasons=["other", "attitude"])
    first = post(client, f"/k/{token}", fields)
    again = post(client, f"/k/{token}", fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    assert len(stored(house)) == 1


def test_a_resend_after_midnight_of_the_quarter_and_after_expiry_is_still_the_same_answer(
    house: Flask, set_now: Callable[[datetime], None]
) -> None:
    (token,) = links(house)
    client = house.test_client()
    fields = sheet("3")
    first = post(client, f"/k/{token}", fields)
    set_now(NOW + timedelta(days=60))
    again = post(client, f"/k/{token}", fields)
    assert again.status_code == 303
    assert again.headers["Location"] == first.headers["Location"]
    assert [row.quarter for row in stored(house)] == ["2026-Q4"]


def test_a_spent_link_answers_kindly_and_stores_no_second_answer(house: Flask) -> None:
    (token,) = links(house)
    client = house.test_client()
    post(client, f"/k/{token}", sheet("5"))
    for page in (
        client.get(f"/k/{token}"),
        post(client, f"/k/{token}", sheet("1")),
        post(client, f"/k/{token}", {}),
    ):
        assert page.status_code == 200
        assert "Phiếu này đã được gửi" in page.text
    assert len(stored(house)) == 1


def test_other_content_under_the_same_id_is_kept_aside_and_changes_nothing(house: Flask) -> None:
    (token,) = links(house)
    client = house.test_client()
    fields = sheet("5")
    post(client, f"/k/{token}", fields)
    changed = post(client, f"/k/{token}", {**fields, "satisfaction": "1"})
    assert changed.status_code == 200
    assert [row.answers for row in stored(house)] == ['{"satisfaction":5}']
    with house.app_context():
        aside = db.session.scalars(select(KeptAside)).one()
    assert '\\"satisfaction\\":1' in aside.body
    assert aside.id == fields["id"]


def test_expired_forged_foreign_and_revoked_links_share_one_neutral_page(
    house: Flask, set_now: Callable[[datetime], None]
) -> None:
    (expired,) = links(house, days=1)
    (revoked,) = links(house)
    with house.app_context():
        for batch in db.session.scalars(select(LinkBatch)):
            if (batch.expires_on - NOW.date()).days > 1:
                revoke_batch(batch.id, **ACT)
        db.session.commit()
    set_now(NOW + timedelta(days=2))
    client = house.test_client()
    addresses = [f"/k/{token}" for token in (expired, revoked, "A" * 22, "ngắn", "x" * 300)]
    pages = [client.get(address) for address in addresses] + [
        post(client, address, sheet()) for address in addresses
    ]
    assert {page.status_code for page in pages} == {410}
    assert len({page.text for page in pages}) == 1
    assert stored(house) == []


def test_the_last_day_of_a_link_ends_at_midnight_in_vietnam(
    house: Flask, set_now: Callable[[datetime], None]
) -> None:
    (token,) = links(house, days=1)
    midnight = datetime.fromisoformat("2026-11-21T17:00:00+00:00")
    set_now(midnight - timedelta(microseconds=1))
    assert house.test_client().get(f"/k/{token}").status_code == 200
    set_now(midnight)
    assert house.test_client().get(f"/k/{token}").status_code == 410


def test_unknown_tokens_share_one_budget_and_known_ones_are_not_touched_by_it(house: Flask) -> None:
    house.extensions["hailong"] = replace(house.extensions["hailong"], unknown_tokens_per_minute=3)
    (token,) = links(house)
    client = house.test_client()
    codes = [client.get(f"/k/{letter * 22}").status_code for letter in "abcde"]
    assert codes == [410, 410, 410, 429, 429]
    assert client.get(f"/k/{token}").status_code == 200


def test_a_link_for_who_has_just_submitted_asks_nothing_about_the_result(house: Flask) -> None:
    (token,) = links(house, phase="just-submitted")
    client = house.test_client()
    page = client.get(f"/k/{token}").text
    assert 'name="result_time"' not in page
    assert 'name="result"' not in page
    post(client, f"/k/{token}", sheet("4", result_time="early", result="5"))
    (row,) = stored(house)
    assert (row.phase, row.answers) == ("just-submitted", '{"satisfaction":4}')


def test_spending_leaves_nothing_of_the_link_in_the_answer_and_no_day_in_the_link(house: Flask) -> None:
    (token,) = links(house)
    post(house.test_client(), f"/k/{token}", sheet("5"))
    with house.app_context():
        link = db.session.scalars(select(Link)).one()
        assert {column.name for column in Link.__table__.columns} == {"token_hash", "batch", "spent"}
        row = db.session.execute(select(Response.__table__)).mappings().one()
        assert link.token_hash not in row.values()
        assert link.batch not in row.values()
        assert db.session.scalar(select(func.count()).select_from(Response)) == 1
