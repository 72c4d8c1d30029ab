"""The fuzzer at home in a world with something of everything, and everybody in a session of their own."""

from __future__ import annotations

import random

from tests.support.accounts import COOKIE, SIGN_IN, token_on
from tests.support.citizens import AGENCY, PROCEDURE
from tests.support.fuzzing import Fuzzer, Visitor
from tests.support.raw_requests import RawRequest, call
from tests.support.world import ROLES, World


def fuzzer_of(world: World, draw: random.Random) -> Fuzzer:
    fuzzer = Fuzzer(world.app, draw)
    own, other = world.places
    invitations = [own.invitation, other.invitation]
    fuzzer.known |= {
        "responding.one_time_form.token": [*own.tokens, *other.tokens],
        "accounts.invitations.page.code": invitations,
        "accounts.invitations.accept.code": invitations,
        "accounts.invitations.qr_code.code": invitations,
        "comments.contact.code": [own.contact_code, other.contact_code],
        "comments.withdraw.code": [own.contact_code, other.contact_code],
    }
    for rule in fuzzer.rules:
        for name in rule.arguments:
            if rule.endpoint.startswith("directory_staff.") and name == "code":
                fuzzer.known[f"{rule.endpoint}.code"] = [
                    PROCEDURE if rule.endpoint == "directory_staff.procedure" else AGENCY
                ]
            elif name in ("agency", "place"):
                fuzzer.known[f"{rule.endpoint}.{name}"] = [AGENCY, "14"] if name == "place" else [AGENCY]
            elif name == "procedure":
                fuzzer.known[f"{rule.endpoint}.procedure"] = [PROCEDURE]
            elif name in ("version", "old", "new"):
                fuzzer.known[f"{rule.endpoint}.{name}"] = ["1.0"]
            elif name == "period":
                fuzzer.known[f"{rule.endpoint}.period"] = ["2026-Q3", "2026-Q4"]
            elif name == "batch":
                fuzzer.known[f"{rule.endpoint}.batch"] = [own.batch, other.batch]
            elif name == "code" and rule.rule.startswith("/quan-tri/phieu"):
                fuzzer.known[f"{rule.endpoint}.code"] = ["COT_LOI"]
    return fuzzer


def seated(world: World, visitor: Visitor) -> None:
    """A session and a token that count at this moment."""
    if visitor.name == "nobody":
        client = world.app.test_client()
        visitor.token = token_on(client.get(SIGN_IN).text)
        kept = client.get_cookie("hailong-form")
        assert kept is not None
        visitor.cookie = f"hailong-form={kept.value}"
        return
    role = next(role for role in ROLES if role.value == visitor.name)
    client = world.sit_down(role)
    kept = client.get_cookie(COOKIE)
    assert kept is not None
    visitor.cookie = f"{COOKIE}={kept.value}"
    visitor.token = token_on(client.get("/quan-tri/bao-mat/ma-khoi-phuc").text)


def visitors_of(world: World, fuzzer: Fuzzer) -> list[Visitor]:
    visitors = [Visitor("nobody"), *(Visitor(role.value) for role in ROLES)]
    for visitor in visitors:
        seated(world, visitor)
        who = visitor

        def ask(path: str, who: Visitor = who) -> str | None:
            request = RawRequest("GET", path.encode(), headers={"Cookie": who.cookie})
            answer = call(world.app, request)
            html = answer.headers.get("content-type", "").startswith("text/html")
            return answer.body.decode() if answer.status == 200 and html else None

        fuzzer.meet(visitor, ask)
    return visitors
