"""An address that is written otherwise opens nothing more: neither a page of staff nor a file on the disk."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from app.accounts.access import ACCESS, Door
from app.editions.fileset import MANIFEST, SEALED
from app.editions.listing import frozen, list_editions
from app.ui import assets
from tests.attacks.conftest import Drill
from tests.support.accounts import SIGN_IN
from tests.support.fuzzed_world import fuzzer_of, seated
from tests.support.fuzzing import Visitor
from tests.support.raw_requests import RawAnswer, RawRequest, call
from tests.support.world import World

STAFF = "/quan-tri"
LOOKALIKES = ("\u2215", "\u2044", "\uff0f", "\u29f8", "\\", "%2f", "%2F", "%252f", "%5c", "\u00af")


def written_otherwise(path: str) -> Iterator[bytes]:
    """As a server hands it on, once decoded; what was encoded twice is still encoded here."""
    head, _slash, tail = path.rpartition("/")
    texts = [
        f"/{path}", path.replace("/", "//"), path.replace("/", "/./"), f"/x/..{path}", f"/static/..{path}",
        f"/static/x/../../{path[1:]}", f"{path}/", f"{path}//", f"{path}/.", f"{path}/..", f"{path}/x/..",
        f"{path}.", f"{path}..", f"{path};", f"{path};x=1", f"/;{path}", f"{head};x/{tail}",
        f"{head}/..;/{tail}",
        f"{path} ", f" {path}", f"{path}\t", f"{path}\n", f"{path}\r\nX: y", f"{path}\0", f"{path}\0.css",
        f"{path}%00", f"{path}%20", f"{path}%3b", f"{path}%2e", f"{path}?", f"{path}%3f", f"{path}#",
        f"{path}.css", f"{path}/site.css", f"{path}.json", f"{path}/index.html", f"{path}~", f"{path}.bak",
        path.upper(), path.title(), path.replace("i", "\u0131"), path.replace("a", "\u0430"), f"{path}\u200b",
        f"\ufeff{path}", path.replace("-", "\u2010"), f"http://localhost{path}", f"//evil.example{path}",
        f"/%2e%2e{path}", f"/%2e{path}", f"/..%2f{path[1:]}", f"/..%252f{path[1:]}", f"\\{path[1:]}",
        *(path.replace("/", other) for other in LOOKALIKES),
        *(f"{head}{other}{tail}" for other in LOOKALIKES),
    ]  # fmt: skip
    yield from (text.encode() for text in texts if text != path)
    # Overlong UTF-8 for a slash and a full stop, and half a character.
    yield from (
        path.encode().replace(b"/", b"\xc0\xaf"),
        path.encode() + b"\xc0\xae",
        path.encode() + b"\xe1",
    )


def leads_home(answer: RawAnswer) -> bool:
    """Only to a page of ours, by a plain address."""
    where = urlsplit(answer.headers.get("location", ""))
    return where.scheme in ("", "http") and where.netloc in ("", "localhost") and "\\" not in where.path


@pytest.mark.parametrize("who", ["nobody", "team-lead"])
def test_no_page_of_staff_opens_to_another_spelling(world_at_rest: World, drill: Drill, who: str) -> None:
    """Whoever may not open a page may not do so by any of its other names, and nothing of it is kept."""
    world, fuzzer = world_at_rest, fuzzer_of(world_at_rest, drill.draw)
    visitor, statuses = Visitor(who), Counter[int]()
    seated(world, visitor)
    cookie = {"Cookie": visitor.cookie} if who != "nobody" else {}
    closed = []
    for rule in fuzzer.rules:
        is_staff = ACCESS[rule.endpoint] is not Door.PUBLIC
        if is_staff and "GET" in (rule.methods or ()) and not rule.rule.startswith(SIGN_IN):
            path = fuzzer.path_of(rule, 0).decode()
            if call(world.app, RawRequest("GET", path.encode(), headers=cookie)).status in (303, 404):
                closed.append(path)
    assert len(closed) > 30
    for path in closed:
        every = list(written_otherwise(path))
        for other in drill.draw.sample(every, drill.scaled(3, len(every))):
            answer = call(world.app, RawRequest("GET", other, headers=cookie))
            statuses[answer.status] += 1
            assert answer.status in (301, 303, 308, 400, 404), (other, answer.status)
            assert leads_home(answer), (other, answer.headers["location"])
    drill.report(n=sum(statuses.values()), pages=len(closed), statuses=dict(statuses))


def test_what_staff_see_is_kept_nowhere_whatever_it_ends_in(world_at_rest: World, drill: Drill) -> None:
    """A cache that goes by the ending of an address finds nothing to keep."""
    world, fuzzer = world_at_rest, fuzzer_of(world_at_rest, drill.draw)
    visitor = Visitor("ministry")
    seated(world, visitor)
    pages = [
        rule
        for rule in fuzzer.rules
        if ACCESS[rule.endpoint] is not Door.PUBLIC and "GET" in (rule.methods or ())
    ]
    for rule in drill.draw.sample(pages, drill.scaled(20, len(pages))):
        path = fuzzer.path_of(rule, 0).decode()
        for ending in ("", "/x.css", ".css", ";x.css", "%00.css", "/..%2fx.css"):
            answer = call(
                world.app, RawRequest("GET", (path + ending).encode(), headers={"Cookie": visitor.cookie})
            )
            kept = answer.headers.get("cache-control")
            assert kept == "no-store" or not answer.body or answer.status == 308, (path, ending, kept)


def test_no_spelling_leads_to_a_file_that_is_not_named(world_at_rest: World, drill: Drill) -> None:
    """Whatever is served is, byte for byte, a file that may be; what is sealed in an edition never is."""
    world, statuses = world_at_rest, Counter[int]()
    known = map(assets.find_asset, assets.known_assets())
    allowed = {asset.content for asset in known if asset is not None}
    with world.app.app_context():
        edition = next(one for one in list_editions() if one.published_at)
        opened = frozen(edition)
        names = [MANIFEST, *(entry["path"] for entry in opened.manifest["files"])]
        allowed |= {(opened.folder / name).read_bytes() for name in names}
        assert (opened.folder / SEALED).exists()
    told = {hashlib.sha256(content).digest() for content in allowed}
    outside = [
        "../../../etc/passwd",
        "../../test.db",
        "../../secret-key",
        "/etc/passwd",
        "..",
        ".",
        "",
        "x/../../x",
    ]
    bases = [f"/ket-qua/{edition.code}/tep/", "/static/0123456789ab/", f"/ket-qua/../{edition.code}/tep/"]
    targets = [base + name for base in bases for name in (SEALED, *names[:2], *outside, "site.css")]
    for target in targets:
        every = [target.encode(), *written_otherwise(target), quote(target).encode()]
        for other in drill.draw.sample(every, drill.scaled(8, len(every))):
            answer = call(world.app, RawRequest("GET", other))
            statuses[answer.status] += 1
            assert answer.status in (200, 301, 308, 400, 404), (other, answer.status)
            if answer.status == 200:
                assert hashlib.sha256(answer.body).digest() in told, other
    drill.report(n=sum(statuses.values()), statuses=dict(statuses))
