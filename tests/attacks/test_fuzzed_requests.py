"""No request, however broken, makes the service fail, show a traceback or hand a script back."""

from __future__ import annotations

import itertools
import os
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

import pytest
from flask import Flask, Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.access import ACCESS, Door
from tests.attacks.conftest import SEED, Drill
from tests.support.fuzzed_world import fuzzer_of, seated, visitors_of
from tests.support.fuzzing import MARK, METHODS, SCRIPT, Fuzzer, Visitor
from tests.support.raw_requests import RawAnswer, RawRequest, call
from tests.support.world import World, build

# A broken multipart body leaves a file in memory to the garbage collector, which pytest would call an error.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
# So often everybody sits down anew: hostile requests end sessions and change people, too.
ROUND = 250
# Which routes, as beginnings of endpoints with blanks between them; empty for all.
ROUTES = tuple(os.environ.get("ROUTES", "").split()) or ("",)


@dataclass
class Watch:
    """Sends, and keeps what must not be."""

    app: Flask
    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def send(self, request: RawRequest) -> RawAnswer | None:
        self.sent += 1
        begin = time.perf_counter()
        try:
            answer = call(self.app, request)
        except Exception:
            told = traceback.format_exc()
            where = [line for line in told.splitlines() if "/app/" in line][-1:]
            self.failures.append(f"{told.splitlines()[-1]} {where} {request}")
            self.statuses[500] += 1
            return None
        self.seconds.append(time.perf_counter() - begin)
        self.statuses[answer.status] += 1
        if problem := wrong(answer):
            self.failures.append(f"{problem}: {request}")
        return answer


def wrong(answer: RawAnswer) -> str:
    """What must not be in an answer; empty where nothing is."""
    if answer.status >= 500:
        return f"status {answer.status}"
    if b"Traceback (most recent call last)" in answer.body:
        return "a traceback"
    html = answer.headers.get("content-type", "").startswith(("text/html", "image/svg"))
    raw = (SCRIPT.encode(), f"<img src=x onerror={MARK}".encode(), f"<svg onload={MARK}".encode())
    if html and any(text in answer.body for text in raw):
        return "a script"
    if any("\n" in value or "\r" in value for value in answer.headers.values()):
        return "a header of its own"
    return ""


@pytest.fixture
def world(app: Flask) -> World:
    return build(app)


def is_closed_to(visitor: Visitor, endpoint: str) -> bool:
    return visitor.name != "nobody" and ACCESS.get(endpoint) is Door.PUBLIC


def test_every_route_survives_hostile_requests(world: World, drill: Drill) -> None:
    """First every route with every method by everybody (whole) or by somebody (small), then by chance."""
    fuzzer, watch = fuzzer_of(world, drill.draw), Watch(world.app)
    visitors, draw = visitors_of(world, fuzzer), drill.draw
    fuzzer.rules = [rule for rule in fuzzer.rules if rule.endpoint.startswith(ROUTES)]
    everything = list(itertools.product(fuzzer.rules, METHODS, visitors))
    draw.shuffle(everything)
    wanted = drill.scaled(len(fuzzer.rules) * 4, 40_000)
    plan = everything if drill.scaled(0, 1) else [
        (rule, method, draw.choice(visitors))
        for rule in fuzzer.rules for method in sorted(rule.methods or ())
    ]  # fmt: skip
    for number in range(max(wanted, len(plan))):
        if number % ROUND == 0:
            for visitor in visitors:
                seated(world, visitor)
        if number < len(plan):
            rule, method, visitor = plan[number]
        else:
            rule, visitor = draw.choice(fuzzer.rules), draw.choice(visitors)
            while is_closed_to(visitor, rule.endpoint):
                visitor = draw.choice(visitors)
            method = draw.choice(sorted(rule.methods or ())) if draw.random() < 0.95 else draw.choice(METHODS)
        watch.send(fuzzer.request(visitor, rule, method))
    figures(drill, watch, fuzzer)


def test_every_route_survives_the_texts_of_hypothesis(world: World, drill: Drill) -> None:
    """The same requests, filled with texts that hypothesis chooses out of all of Unicode."""
    fuzzer, watch = fuzzer_of(world, drill.draw), Watch(world.app)
    visitors = visitors_of(world, fuzzer)
    posts = [rule for rule in fuzzer.rules if "POST" in (rule.methods or ())]
    count = drill.scaled(150, 10_000)

    @settings(max_examples=count, database=None, deadline=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(
        st.lists(st.text(st.characters(exclude_categories=())), min_size=1, max_size=5),
        st.sampled_from(fuzzer.rules) | st.sampled_from(posts),
        st.sampled_from(visitors),
        st.integers(0, 10**9),
    )
    def attack(texts: list[str], rule: object, visitor: Visitor, seed: int) -> None:
        if watch.sent >= count:
            return
        if watch.sent % ROUND == 0:
            for one in visitors:
                seated(world, one)
        fuzzer.draw.seed(f"{SEED} {seed}")
        remaining = itertools.cycle(texts)
        fuzzer.text = lambda: next(remaining)
        methods = sorted(rule.methods or ())
        watch.send(fuzzer.request(visitor, rule, fuzzer.draw.choice(methods)))

    attack()
    figures(drill, watch, fuzzer)


def figures(drill: Drill, watch: Watch, fuzzer: Fuzzer) -> None:
    times = sorted(watch.seconds)
    drill.report(
        n=watch.sent,
        rules=len(fuzzer.rules),
        statuses={str(status): n for status, n in sorted(watch.statuses.items())},
        failures=len(watch.failures),
        p99_ms=round(times[int(len(times) * 0.99)] * 1000),
    )
    kinds = {failure[:200]: failure for failure in watch.failures}
    told = "\n\n".join(failure[:1_500] for failure in list(kinds.values())[:20])
    assert not watch.failures, f"{len(watch.failures)} of {watch.sent}:\n{told}"


def test_the_watch_sees_what_must_not_be(world: World) -> None:
    """The same eyes on an application with one page that fails and one that hands back what it is given."""
    app, watch = Flask("broken"), Watch(Flask("broken"))
    watch.app = app

    @app.get("/fails")
    def fails() -> Response:
        raise RuntimeError

    @app.get("/echo")
    def echo() -> Response:
        from flask import request

        return Response(request.query_string.decode(), mimetype="text/html")

    watch.send(RawRequest("GET", b"/fails"))
    watch.send(RawRequest("GET", b"/echo", SCRIPT.encode()))
    watch.send(RawRequest("GET", b"/echo", b"Traceback (most recent call last)"))
    watch.send(RawRequest("GET", b"/echo", b"nothing"))
    assert len(watch.failures) == 3
