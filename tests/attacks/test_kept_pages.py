"""What a cache keeps of ours depends on the address and on whether it is compressed, and on nothing else."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from app.ui.assets import asset_url
from tests.attacks.conftest import Drill
from tests.support.citizens import AGENCY
from tests.support.crawling import Crawler
from tests.support.fuzzed_world import seated
from tests.support.fuzzing import SCRIPT, Visitor
from tests.support.raw_requests import RawAnswer, RawRequest, call
from tests.support.world import World

EVIL = "evil.example"
DATES = (
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "x",
    "0",
    "-1",
    "\u00a0",
    "1" * 400,
)
# What a stranger sends beside an address, by which a cache does not tell answers apart.
BESIDE = (
    {"Host": EVIL}, {"X-Forwarded-Host": EVIL}, {"X-Host": EVIL}, {"X-Forwarded-Server": EVIL},
    {"Forwarded": f"for=1.1.1.1;host={EVIL};proto=https"}, {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-Scheme": "nothttps"}, {"X-Forwarded-Port": "1337"}, {"X-Forwarded-Prefix": "/evil"},
    {"X-Forwarded-For": "127.0.0.1"}, {"X-Original-URL": "/quan-tri"}, {"X-Rewrite-URL": "/quan-tri"},
    {"X-HTTP-Method-Override": "POST"}, {"Accept-Language": "en"}, {"Accept": "application/json"},
    {"Cookie": "lang=en; session=x; hailong=y"}, {"Authorization": "Basic eDp5"}, {"User-Agent": SCRIPT},
    {"Referer": f"https://{EVIL}/"}, {"Origin": f"https://{EVIL}"}, {"Sec-Fetch-Site": "cross-site"},
    {"Range": "bytes=0-3"}, {"If-Range": '"x"'}, {"Cache-Control": "no-cache"}, {"Save-Data": "on"},
    {"Accept-Encoding": "gzip;q=0"}, {"Accept-Encoding": "identity, gzip;q=0.0"}, {"Accept-Encoding": "br"},
    {"If-None-Match": '"x"'}, {"If-Modified-Since": DATES[0]}, {"Upgrade": "h2c", "Connection": "Upgrade"},
    {"X-Wap-Profile": f"http://{EVIL}"}, {"Max-Forwards": "0"}, {"Expect": "x"}, {"TE": "trailers"},
)  # fmt: skip


def get(world: World, path: str, query: str = "", method: str = "GET", **headers: str) -> RawAnswer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = RawRequest(method, path.encode(), query.encode(), headers=named)
    environ = request.environ()
    if "Host" in named:
        environ["HTTP_HOST"] = named["Host"]
    return call(world.app, request)


@pytest.fixture(scope="session")
def kept(world_at_rest: World) -> list[tuple[str, str]]:
    """Addresses (path, query) of everything that may be kept, of which there is something."""
    world = world_at_rest
    client = world.app.test_client()
    first = [
        "/", "/lich", "/lich.ics", "/lich-cong-bo", "/lich-cong-bo.ics", "/ket-qua.atom", "/dinh-chinh",
        "/ket-qua/kiem-tra.py", "/ket-qua/2026-Q3", "/ket-qua/2026-Q3?lang=en", "/ket-qua/2026-Q3.csv",
        "/ket-qua/2026-Q3.json", f"/ket-qua/2026-Q3/{AGENCY}", "/ket-qua/2026-Q3/14.csv",
        "/ket-qua/2026-Q3/tep/manifest.json", "/toan-ven/2026-Q3.csv", asset_url("site.css"),
    ]  # fmt: skip
    # Of every kind first; the walk goes where links lead it, and may come by some of them only.
    pages = dict(Crawler(world.app, client, keys=(), texts=(), most=50).pages())
    found = []
    for address, answer in ({address: client.get(address) for address in first} | pages).items():
        if answer.status_code == 200 and "public" in answer.headers.get("Cache-Control", ""):
            path, _mark, query = address.partition("?")
            found.append((path, query))
    assert len(found) > 25, found
    return found


def without_date(answer: RawAnswer) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return answer.status, headers, answer.body


def test_what_stands_beside_the_address_changes_nothing_that_is_kept(
    world_at_rest: World, kept: list[tuple[str, str]], drill: Drill
) -> None:
    world, ministry, n = world_at_rest, Visitor("ministry"), 0
    seated(world, ministry)
    beside = (*BESIDE, {"Cookie": ministry.cookie})
    for path, query in kept:
        plain = without_date(get(world, path, query))
        assert "set-cookie" not in plain[1]
        assert EVIL.encode() not in plain[2]
        for headers in drill.draw.sample(beside, drill.scaled(3, len(beside))):
            is_part = "Range" in headers and plain[1].get("accept-ranges") == "bytes"
            if is_part:
                continue
            request = RawRequest("GET", path.encode(), query.encode(), headers=headers)
            assert without_date(call(world.app, request)) == plain, (path, query, headers)
            n += 1
    drill.report(n=n, addresses=len(kept))


def test_what_depends_on_compression_says_so(world_at_rest: World, kept: list[tuple[str, str]]) -> None:
    for path, query in kept:
        plain, packed = (
            get(world_at_rest, path, query),
            get(world_at_rest, path, query, Accept_Encoding="gzip"),
        )
        if packed.headers.get("content-encoding") == "gzip":
            assert gzip.decompress(packed.body) == plain.body, path
            for answer in (plain, packed):
                assert answer.headers["vary"] == "Accept-Encoding", path
        else:
            assert packed.body == plain.body, path


@pytest.mark.parametrize(
    "noise", ["x=zx9q", "lang=zx9q", "lang=en&lang=vi", "__proto__=zx9q", "utm_source=zx9q"]
)
def test_noise_in_one_address_is_not_kept_for_another(
    world_at_rest: World, kept: list[tuple[str, str]], noise: str
) -> None:
    """Also in our own memory, where finished pages stand."""
    world = world_at_rest
    for path, query in kept[:12]:
        world.app.extensions.pop("edition_pages", None)
        plain = without_date(get(world, path, query))
        world.app.extensions.pop("edition_pages", None)
        get(world, path, f"{query}&{noise}" if query else noise)
        get(world, path, query, method="HEAD")
        assert without_date(get(world, path, query)) == plain, path
        assert b"zx9q" not in plain[2]


def conditions(etag: str) -> Iterator[dict[str, str]]:
    """Every way to ask whether something has changed, right and wrong."""
    strong = etag.removeprefix("W/")
    tags = [etag, strong, f"W/{strong}", "*", f"{strong}, {strong}", f'"x", W/{strong}', "x", '"', '""', "W/",
            "W/*", '"' + "a" * 8_000 + '"', ", " * 2_000, strong + '\u00ff"', strong.strip('"')]  # fmt: skip
    for tag in tags:
        yield {"If-None-Match": tag}
        yield {"If-Match": tag}
        yield {"If-None-Match": tag, "If-Match": tag}
        yield {"If-None-Match": etag, "If-Match": tag}
        yield {"If-Range": tag, "Range": "bytes=0-3"}
        yield {"If-None-Match": tag, "Range": "bytes=0-3"}
    for date in DATES:
        yield {"If-Modified-Since": date}
        yield {"If-Unmodified-Since": date}
        yield {"If-None-Match": etag, "If-Modified-Since": date}
        yield {"If-Range": date, "Range": "bytes=0-3"}
    ranges = [
        "bytes=0-0", "bytes=-1", "bytes=5-", "bytes=0-", "bytes=0-999999999999", "bytes=-999999999999",
        "bytes=999999999999-", "bytes=3-1", "bytes=-0", "bytes=-", "bytes=", "bytes", "bytes=a-b",
        "bytes=1-2-3",
        "bytes=0-1,2-3", "bytes=0-9,5-14", "bytes=" + "0-," * 1_500 + "0-",
        "bytes=" + ",".join(["0-9"] * 1_500),
        "items=0-3", "BYTES=0-3", "bytes =0-3", "bytes= 0-3", "bytes=+0-3", "bytes=0x0-0x3", "bytes=٠-٣",
        "bytes=" + "9" * 5_000 + "-", "bytes=0-" + "9" * 5_000, "bytes=1_0-2_0",
    ]  # fmt: skip
    yield from ({"Range": one} for one in ranges)


def check_part(answer: RawAnswer, whole: bytes) -> None:
    """Exactly the part that the answer says it is."""
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", answer.headers["content-range"])
    assert found
    first, last, size = map(int, found.groups())
    assert (size, answer.body) == (len(whole), whole[first : last + 1])


def test_odd_conditions_give_the_whole_the_part_or_nothing(
    world_at_rest: World, kept: list[tuple[str, str]], drill: Drill
) -> None:
    """Never a failure, never half a page that says it is whole, never a refusal that a cache would keep."""
    world, statuses = world_at_rest, Counter[int]()
    for path, query in drill.draw.sample(kept, drill.scaled(16, len(kept))):
        plain = get(world, path, query)
        every = list(conditions(plain.headers.get("etag", '"none"')))
        for headers in drill.draw.sample(every, drill.scaled(14, len(every))):
            for method in ("GET", "HEAD"):
                sent = RawRequest(method, path.encode(), query.encode(), headers=headers)
                answer = call(world.app, sent)
                statuses[answer.status] += 1
                where = (path, method, headers)
                assert answer.status in (200, 206, 304, 412, 416), where
                if answer.status == 200 and method == "GET":
                    assert answer.body == plain.body, where
                elif answer.status == 206 and method == "GET":
                    check_part(answer, plain.body)
                elif method == "HEAD" or answer.status in (304, 412):
                    assert answer.body == b"", where
                if answer.status in (412, 416):
                    assert answer.headers["cache-control"] == "no-store", where
    drill.report(n=sum(statuses.values()), addresses=len(kept), statuses=dict(statuses))


def test_nothing_of_staff_is_confirmed_as_unchanged(world_at_rest: World, drill: Drill) -> None:
    """Whoever knows, or guesses, what somebody else was shown learns nothing by asking whether it changed."""
    world, ministry = world_at_rest, Visitor("ministry")
    seated(world, ministry)
    rules = [
        rule
        for rule in world.app.url_map.iter_rules()
        if rule.rule.startswith("/quan-tri") and "GET" in (rule.methods or ()) and not rule.arguments
    ]
    asked = 0
    for rule in drill.draw.sample(rules, drill.scaled(12, len(rules))):
        for headers in ({"If-None-Match": "*"}, {"If-Modified-Since": DATES[1]}, {"Range": "bytes=0-3"}):
            headers = {"Cookie": ministry.cookie, **headers}
            answer = call(world.app, RawRequest("GET", rule.rule.encode(), headers=headers))
            assert answer.status in (200, 303, 404), (rule.rule, headers)
            assert not {"etag", "last-modified"} & answer.headers.keys(), rule.rule
            asked += 1
    drill.report(n=asked)
