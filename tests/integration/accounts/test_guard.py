"""The guard: who is let in, who is sent to the entrance, and what a change must carry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.access import ACCESS, Door
from app.accounts.roles import Role
from tests.support.accounts import SIGN_IN, enrolled, member_client, send, signed_in, token_on

PAGE = "/quan-tri/phien"
FORM_PAGE = "/quan-tri/bao-mat/ma-khoi-phuc"
CHANGE = "/quan-tri/phien/ket-thuc-khac"


def test_a_route_that_the_table_forgot_is_not_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = member_client(app)
    monkeypatch.delitem(ACCESS, "accounts_staff.own.list_sessions")
    assert client.get(PAGE).status_code == 404
    assert app.test_client().get(PAGE).status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_who_is_not_signed_in_is_sent_to_the_entrance(client: FlaskClient, method: str) -> None:
    answer = client.open(PAGE, method=method)
    assert answer.status_code == 303
    assert answer.headers["Location"] == (f"{SIGN_IN}?tiep={PAGE}" if method == "GET" else SIGN_IN)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_change_without_session_is_sent_to_the_entrance_and_forgotten(client: FlaskClient) -> None:
    answer = client.post(CHANGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, SIGN_IN)


def test_without_the_permission_a_page_does_not_exist(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.accounts.roles import Permission

    monkeypatch.setitem(ACCESS, "accounts_staff.own.list_sessions", Permission.LINKS_ISSUE)
    assert member_client(app, (Role.MINISTRY, "nation")).get(PAGE).status_code == 200
    assert member_client(app, (Role.OPERATOR, "nation"), email="b@bo.vn").get(PAGE).status_code == 404


def test_citizens_get_no_cookie_and_their_pages_ask_nobody_who_they_are(app: Flask) -> None:
    client = member_client(app)
    for path in ("/ket-qua", "/lich", "/phuong-phap", "/phieu", "/rieng-tu", "/khong-co"):
        assert "Set-Cookie" not in client.get(path).headers
    assert "no-store" not in client.get("/rieng-tu").headers.get("Cache-Control", "")


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "\ud800", "x" * 10_000])
def test_a_change_needs_the_token_of_its_page(app: Flask, token: str) -> None:
    client = member_client(app)
    assert client.post(CHANGE, data={}).status_code == 403
    sent = client.post(CHANGE, data={"csrf_token": token.encode("utf-8", "surrogatepass")})
    assert sent.status_code == 403
    assert sent.headers["Cache-Control"] == "no-store"


def test_the_token_of_another_session_is_refused(app: Flask) -> None:
    member = enrolled(app)
    one, other = signed_in(app, member.id), signed_in(app, member.id)
    foreign = token_on(other.get(FORM_PAGE).text)
    assert one.post(CHANGE, data={"csrf_token": foreign}).status_code == 403
    assert one.post(CHANGE, data={"csrf_token": token_on(one.get(FORM_PAGE).text)}).status_code == 303


def test_the_token_is_not_taken_from_the_address(app: Flask) -> None:
    client = member_client(app)
    token = token_on(client.get(FORM_PAGE).text)
    assert client.post(f"{CHANGE}?csrf_token={token}").status_code == 403


@pytest.mark.parametrize(
    ("site", "code"),
    [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303), ("", 403)],
)
def test_other_sites_cannot_send_forms_even_with_a_token(app: Flask, site: str, code: int) -> None:
    client = member_client(app)
    answer = send(client, CHANGE, page=FORM_PAGE, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == code


def test_signing_in_needs_the_cookie_that_came_with_the_form(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    token = token_on(client.get(SIGN_IN).text)
    stranger = app.test_client()
    fields = {"csrf_token": token, "email": "lan@bo.vn", "password": "bò xanh đọc báo sáng"}
    assert stranger.post(SIGN_IN, data=fields).status_code == 403
    assert client.post(SIGN_IN, data=fields).status_code == 303


def test_a_second_tab_does_not_break_the_form_of_the_first(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    first = token_on(client.get(SIGN_IN).text)
    assert token_on(client.get(SIGN_IN).text) == first


def test_a_page_made_with_the_old_key_can_still_be_sent(app: Flask) -> None:
    client = app.test_client()
    token = token_on(client.get(SIGN_IN).text)
    old = app.extensions["hailong"]
    app.extensions["hailong"] = replace(old, secret_key="n" * 48, secret_key_fallbacks=(old.secret_key,))
    assert client.post(SIGN_IN, data={"csrf_token": token}).status_code == 400
    app.extensions["hailong"] = replace(old, secret_key="n" * 48)
    assert client.post(SIGN_IN, data={"csrf_token": token}).status_code == 403


def test_staff_and_citizens_each_have_their_host(app: Flask) -> None:
    enrolled(app)
    app.extensions["hailong"] = replace(app.extensions["hailong"], staff_host="quantri.hailong.vn")
    client = app.test_client()
    on_staff, on_public = "http://quantri.hailong.vn", "http://hailong.vn"
    assert client.get(SIGN_IN, base_url=on_staff).status_code == 200
    assert client.get(PAGE, base_url=on_staff).status_code == 303
    for path in (SIGN_IN, PAGE, "/quan-tri/loi-moi/x"):
        assert client.get(path, base_url=on_public).status_code == 404
    assert client.get("/rieng-tu", base_url=on_public).status_code == 200
    for path in ("/rieng-tu", "/ket-qua", "/phieu", "/k/abc", "/"):
        assert client.get(path, base_url=on_staff).status_code == 404
    for host in (on_staff, on_public):
        assert client.get("/healthz", base_url=host).status_code == 200


WAYS_IN = {
    "accounts.sign_in_page",
    "accounts.sign_in",
    "accounts.invitations.page",
    "accounts.invitations.accept",
    "accounts.invitations.qr_code",
    "accounts.second_factor",
    # Not there without a provider.
    "accounts.oidc.begin",
    "accounts.oidc.back",
}


def only_ways_in_are_open(app: Flask, *only: str) -> None:
    """Looks at every page of the console, or at some, as a stranger."""
    client, open_to_strangers = app.test_client(), set()
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/quan-tri") or (only and rule.endpoint not in only):
            continue
        values = dict.fromkeys(rule.arguments, "00000000-0000-0000-0000-000000000001")
        with app.test_request_context():
            path = app.url_map.bind("x").build(rule.endpoint, values, force_external=False)
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            if client.open(path, method=method).status_code != 303:
                open_to_strangers.add(rule.endpoint)
    assert open_to_strangers == (WAYS_IN & set(only) if only else WAYS_IN)


def test_every_page_of_the_console_is_closed_to_strangers(app: Flask) -> None:
    """From the routes themselves: whatever the table says, a stranger sees only the ways in."""
    only_ways_in_are_open(app)
    assert all(ACCESS[endpoint] is Door.SIGNED_OUT for endpoint in WAYS_IN)
