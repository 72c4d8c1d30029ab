from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.responding.models import KeptAside, Response
from tests.support.citizens import AGENCY, NOW, PROCEDURE, hidden_fields, post, sheet

FORM = f"/phieu/{AGENCY}"


def stored(app: Flask) -> list[Response]:
    with app.app_context():
        return list(db.session.scalars(select(Response)))


@pytest.mark.parametrize(
    ("path", "channel", "procedure"),
    [
        (FORM, "web", None),
        (FORM + "?p=so-1", "qr", None),
        (f"{FORM}/{PROCEDURE}?p=so-1&lang=en", "qr", PROCEDURE),
    ],
)
def test_the_address_tells_channel_and_procedure(
    house: Flask, path: str, channel: str, procedure: str | None
) -> None:
    assert post(house.test_client(), path, sheet("4")).status_code == 303
    (row,) = stored(house)
    assert (row.agency, row.channel, row.procedure) == (AGENCY, channel, procedure)
    assert row.language == ("en" if "lang=en" in path else "vi")


@pytest.mark.parametrize("path", ["/phieu/99-KHONG", f"{FORM}/9.999999", "/phieu/14-skhcn%00"])
def test_an_unknown_agency_or_procedure_is_not_found(house: Flask, path: str) -> None:
    client = house.test_client()
    assert client.get(path).status_code == 404
    assert post(client, path, sheet()).status_code == 404
    assert stored(house) == []


@pytest.mark.parametrize(
    ("result_time", "phase"), [("not_yet", "just-submitted"), ("late", "after-result"), ("", "after-result")]
)
def test_the_question_on_the_result_decides_the_phase(house: Flask, result_time: str, phase: str) -> None:
    post(house.test_client(), FORM, sheet("4", result_time=result_time))
    assert [row.phase for row in stored(house)] == [phase]


def test_the_same_id_with_other_content_is_offered_a_new_sheet(house: Flask) -> None:
    client = house.test_client()
    fields = sheet("5")
    post(client, FORM, fields)
    page = post(client, FORM, {**fields, "satisfaction": "2"})
    assert page.status_code == 200
    assert "Phiếu mới" in page.text
    assert f'href="{FORM}"' in page.text
    assert len(stored(house)) == 1
    with house.app_context():
        assert len(list(db.session.scalars(select(KeptAside)))) == 1


def test_a_flood_of_other_contents_under_one_id_does_not_fill_the_disk(house: Flask) -> None:
    client = house.test_client()
    fields = sheet("5")
    for number in range(25):
        post(client, FORM, {**fields, "comment": f"lần {number}"})
    with house.app_context():
        assert len(list(db.session.scalars(select(KeptAside)))) == 20


def filled(app: Flask, set_now: Callable[[datetime], None], seconds: float, **changes: str) -> Response:
    """The row of an answer that was sent so many seconds after the form was opened."""
    client = app.test_client()
    set_now(NOW)
    fields = {**hidden_fields(client.get(FORM).text), "satisfaction": "5", **changes}
    set_now(NOW + timedelta(seconds=seconds))
    assert post(client, FORM, fields).status_code == 303
    (row,) = stored(app)
    return row


@pytest.mark.parametrize(
    ("seconds", "changes", "quarantine", "fill"),
    [
        (4, {}, "", 0),
        (3.9, {}, "too-fast", 0),
        (64.9, {}, "", 60),
        (90_000, {}, "", 600),
        (30, {"website": "http://x"}, "honeypot", 30),
        (30, {"t": ""}, "no-time", None),
        (30, {"t": "1795000000." + "0" * 32}, "no-time", None),
        (-60, {}, "no-time", None),
    ],
)
def test_suspicious_answers_are_kept_for_review_and_never_refused(
    house: Flask,
    set_now: Callable[[datetime], None],
    seconds: float,
    changes: dict[str, str],
    quarantine: str,
    fill: int | None,
) -> None:
    row = filled(house, set_now, seconds, **changes)
    assert (row.quarantine, row.fill_seconds) == (quarantine, fill)


def test_beyond_the_budget_of_a_minute_answers_are_set_aside_and_never_refused(
    house: Flask, set_now: Callable[[datetime], None]
) -> None:
    house.extensions["hailong"] = replace(house.extensions["hailong"], open_answers_per_minute=2)
    client = house.test_client()
    stamps = [hidden_fields(client.get(FORM).text) for _ in range(3)]
    set_now(NOW + timedelta(seconds=20))
    codes = [post(client, FORM, {**stamp, "satisfaction": "5"}).status_code for stamp in stamps]
    assert codes == [303, 303, 303]
    assert sorted(row.quarantine for row in stored(house)) == ["", "", "budget"]


def test_an_answer_in_the_last_microsecond_of_a_quarter_belongs_to_it(
    house: Flask, set_now: Callable[[datetime], None]
) -> None:
    edge = datetime.fromisoformat("2026-12-31T17:00:00+00:00")
    for instant in (edge - timedelta(microseconds=1), edge):
        set_now(instant)
        post(house.test_client(), FORM, sheet("5"))
    assert sorted((row.quarter, row.day.isoformat()) for row in stored(house)) == [
        ("2026-Q4", "2026-12-31"),
        ("2027-Q1", "2027-01-01"),
    ]


def test_the_chooser_leads_from_words_without_accents_to_the_form(house: Flask) -> None:
    client = house.test_client()
    found = client.get("/phieu?q=so+khoa+hoc").text
    assert f"agency={AGENCY}" in found
    assert f'value="{AGENCY}"' in client.get("/phieu?province=14").text
    assert f'value="{PROCEDURE}"' in client.get(f"/phieu?agency={AGENCY}").text
    chosen = client.get(f"/phieu?agency={AGENCY}&procedure={PROCEDURE}&lang=en")
    assert (chosen.status_code, chosen.headers["Location"]) == (303, f"{FORM}/{PROCEDURE}?lang=en")
    assert client.get(f"/phieu?agency={AGENCY}&procedure=-").headers["Location"] == FORM
    assert client.get("/phieu?agency=99-KHONG").status_code == 404
