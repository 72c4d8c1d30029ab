"""Nothing that somebody sends begins a header of its own, wherever it may reach one."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from werkzeug.routing import Rule

from tests.attacks.conftest import Drill
from tests.support.accounts import SIGN_IN
from tests.support.fuzzed_world import fuzzer_of, seated
from tests.support.fuzzing import FORM, NAMES, Fuzzer, Visitor, urlencoded
from tests.support.raw_requests import RawAnswer, RawRequest, call
from tests.support.world import World

# Line ends, what some servers take for one, and what becomes one where letters are cut to a byte.
SPLITTING = (
    "x\r\nSet-Cookie: zx9q=1", "x\nSet-Cookie: zx9q=1", "x\rSet-Cookie: zx9q=1",
    "x\r\n\r\n<script>zx9q</script>",
    "x%0d%0aSet-Cookie:%20zx9q=1", "x%250d%250aSet-Cookie: zx9q=1", "x\u560d\u560aSet-Cookie: zx9q=1",
    "x\u2028Set-Cookie: zx9q=1", "x\x85Set-Cookie: zx9q=1", "x\x0bSet-Cookie: zx9q=1",
    'x"; filename="zx9q.html', "x\0zx9q", "x\ud800zx9q",
)  # fmt: skip
PLAIN_FILE = re.compile(r'attachment; filename="?[\w.-]+"?', re.ASCII)
QUERY = (*NAMES, "tiep", "done", "state", "seen", "format", "ke-hoach", "next")


def wrong(answer: RawAnswer) -> str:
    """What must not be among the headers; empty where nothing is."""
    if answer.status >= 500:
        return f"status {answer.status}"
    for name, value in answer.headers.items():
        if re.search(r"[\r\n\0\x0b\x0c\x85\u2028]", name + value):
            return f"a line end in {name}"
        if name == "set-cookie" and "zx9q" in value:
            return "a cookie of theirs"
        if name == "content-disposition" and not re.fullmatch(
            r'attachment; filename="?[\w.-]+"?', value, re.A
        ):
            return value
    return ""


def with_value(fuzzer: Fuzzer, rule: Rule, value: str) -> bytes:
    """The address of a rule with this in each of its parts."""
    fuzzer.text = None
    path = re.sub(r"<(?!uuid|int)[^>]*>", lambda _part: value, rule.rule)
    return re.sub(r"<[^>]*>", lambda _part: "00000000-0000-0000-0000-000000000001", path).encode(
        "utf-8", "surrogatepass"
    )


@pytest.mark.parametrize("who", ["nobody", "ministry"])
def test_no_part_of_an_address_and_no_argument_begins_a_header(
    world_at_rest: World, drill: Drill, who: str
) -> None:
    world, fuzzer, visitor = world_at_rest, fuzzer_of(world_at_rest, drill.draw), Visitor(who)
    seated(world, visitor)
    found, statuses = [], Counter[int]()
    for rule in fuzzer.rules:
        for value in drill.draw.sample(SPLITTING, drill.scaled(1, len(SPLITTING))):
            query = urlencoded([(name, value) for name in QUERY])
            for path in {fuzzer.path_of(rule, 0), with_value(fuzzer, rule, value)}:
                if rule.endpoint == "accounts.sign_out":
                    continue
                body = urlencoded([("csrf_token", visitor.token), *((name, value) for name in QUERY)])
                # What a form would change is not asked for: without a name of ours a form is sent back.
                method = "POST" if "GET" not in (rule.methods or ()) and who == "nobody" else "GET"
                sent = RawRequest(
                    method, path, query, body if method == "POST" else b"",
                    FORM if method == "POST" else "", {"Cookie": visitor.cookie},
                )  # fmt: skip
                answer = call(world.app, sent)
                statuses[answer.status] += 1
                if problem := wrong(answer):
                    found.append((problem, method, path, value))
    drill.report(n=sum(statuses.values()), statuses=dict(statuses), failures=len(found))
    assert found == []


@pytest.mark.parametrize("value", SPLITTING)
def test_the_way_back_after_signing_in_begins_no_header(world_at_rest: World, value: str) -> None:
    """The one argument that becomes an address to go to."""
    ministry = Visitor("ministry")
    seated(world_at_rest, ministry)
    for way in (value, f"/quan-tri/{value}", f"/quan-tri/phien?x={value}"):
        query = urlencoded([("tiep", way)])
        for cookie in ("", ministry.cookie):
            for page in (SIGN_IN, f"{SIGN_IN}/ma"):
                asked = RawRequest("GET", page.encode(), query, headers={"Cookie": cookie})
                answer = call(world_at_rest.app, asked)
                assert not wrong(answer), way
                where = answer.headers.get("location", "/quan-tri")
                assert where.startswith("/quan-tri"), way
