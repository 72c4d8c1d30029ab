"""Only what a form sends changes anything: no other verb, and no word that asks to be taken for one."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter

from sqlalchemy import select

from app.extensions import db
from tests.attacks.conftest import Drill
from tests.support.fuzzed_world import fuzzer_of, seated
from tests.support.fuzzing import FORM, Visitor, urlencoded
from tests.support.raw_requests import RawRequest, call
from tests.support.world import World

SAFE = ("GET", "HEAD", "OPTIONS")
OTHERS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "PURGE", "POST ", "GARBAGE", "")
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-Method")
NAMES = ("_method", "_METHOD", "method", "__method__")
# What a look writes: that somebody is here, how often codes were tried, and that personal data were read.
LOOKS = {"staff_sessions": ("seen_at",)}
NOTED = ("throttles", "audit_events")


def contents(world: World) -> dict[str, str]:
    """A hash of every table, but for what a look may write."""
    found = {}
    with world.app.app_context():
        for table in db.metadata.sorted_tables:
            if table.name in NOTED:
                continue
            columns = [one for one in table.columns if one.name not in LOOKS.get(table.name, ())]
            rows = sorted(repr(tuple(row)) for row in db.session.execute(select(*columns)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_no_other_verb_and_no_override_changes_anything(world_at_rest: World, drill: Drill) -> None:
    world, fuzzer = world_at_rest, fuzzer_of(world_at_rest, drill.draw)
    somebody = Visitor("ministry")
    seated(world, somebody)
    before, statuses = contents(world), Counter[int]()
    changing = [rule for rule in fuzzer.rules if "POST" in (rule.methods or ())]
    body = urlencoded([("csrf_token", somebody.token), ("confirmed", "1"), ("reason", "x"),
                       *((name, "POST") for name in NAMES)])  # fmt: skip
    query = body
    headers = {"Cookie": somebody.cookie, "X-CSRF-Token": somebody.token, **dict.fromkeys(OVERRIDES, "POST")}
    adapter = world.app.url_map.bind("localhost")
    plan = list(itertools.product(changing, (*SAFE, *OTHERS)))
    # What is taken for a look by the guard comes first, and all of it.
    plan.sort(key=lambda one: (one[1] not in SAFE, drill.draw.random()))
    for rule, method in plan[: drill.scaled(400, len(plan))]:
        path = fuzzer.path_of(rule, 0)
        request = RawRequest(method, path, query, body, FORM, headers)
        answer = call(world.app, request)
        statuses[answer.status] += 1
        known = method in adapter.allowed_methods(path.decode())
        assert answer.status in (200, 303, 404, 409, 410) if known else answer.status in (404, 405), request
        if method in ("HEAD", "OPTIONS"):
            assert answer.body == b"", request
    drill.report(n=sum(statuses.values()), rules=len(changing), statuses=dict(statuses))
    assert contents(world) == before


def test_no_look_with_the_body_of_a_form_confirms_anything(world_at_rest: World) -> None:
    """A look needs no token, so what stands in its body is nobody's word."""
    world, somebody = world_at_rest, Visitor("ministry")
    seated(world, somebody)
    own, before = world.places[0], contents(world)
    paths = (
        f"nguoi-dung/{own.person}/khoa",
        f"co-quan/{own.agency}/cham-dut",
        f"co-quan/{own.agency}/sap-nhap",
    )
    body = b"confirmed=1&last_day=2026-12-31&into=31-SNV"
    for method, path in itertools.product(SAFE, paths):
        headers = {"Cookie": somebody.cookie}
        sent = RawRequest(method, f"/quan-tri/{path}".encode(), body, body, FORM, headers)
        assert call(world.app, sent).status == 200, path
    assert contents(world) == before


def test_no_override_turns_a_form_into_a_look(world_at_rest: World) -> None:
    """Where a form is wanted, the token is asked for whatever the request would like to be."""
    world = world_at_rest
    somebody = Visitor("ministry")
    seated(world, somebody)
    before = contents(world)
    for method, name in itertools.product(("POST", "post", "Post"), OVERRIDES):
        headers = {"Cookie": somebody.cookie, name: "GET"}
        sent = RawRequest(method, b"/quan-tri/dang-xuat", b"_method=GET", b"_method=GET", FORM, headers)
        assert call(world.app, sent).status == 403
    assert contents(world) == before
