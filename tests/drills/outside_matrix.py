"""The matrix of access, asked from outside: a script with an address, one person per role, a list of rules.

    python -m tests.drills.outside_matrix PLAN.json

PLAN.json says where the server is (`port`), who signs in (`staff`, by letter), what `flask routes` prints
(`routes`), what the placeholders of the matrix stand for (`own`, by letter, and `foreign`), and to which
scope every id belongs (`scopes`). What is expected is read from the matrix as somebody wrote it. Nothing of
the application is imported. Prints its figures as JSON.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

from tests.support.html_forms import PageForms
from tests.support.outside import Browser, Heard, hidden, sign_in

WRITTEN = Path(__file__).resolve().parents[1] / "integration" / "accounts" / "test_matrix.py"
STAFF, ENTRANCE = "/quan-tri", "/quan-tri/dang-nhap"
WAY_IN = (ENTRANCE, "/quan-tri/loi-moi")
TOKEN_PAGE, SIGN_OUT = "/quan-tri/bao-mat/ma-khoi-phuc", "/quan-tri/dang-xuat"
ASKING, OTHER_METHODS = ("GET", "HEAD", "OPTIONS"), ("PUT", "PATCH", "DELETE", "TRACE", "GARBAGE")
NATIONAL = "MUO"
AGAINST_ONE = ("/khoa", "/dat-lai")
MOST_PAGES = 1_500
# Pages of a round that are for places with villages; the rounds of this world are led by departments.
NO_FIELD = re.compile(r"/dot/[^/]+/(thon|(tham-lai|giay|phan-cong)/\d\d-\w+)$")


def written() -> dict[str, Any]:
    """What the file of the matrix says in so many words."""
    found: dict[str, Any] = {}
    for node in ast.parse(WRITTEN.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
            if name == "VALUES" and isinstance(value, ast.Call):
                value = value.args[0]
            if name in ("MATRIX", "FOREIGN", "VALUES"):
                found[name] = ast.literal_eval(value)
    return found


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    letters: str


@dataclass
class Outside:
    """The server, who asks, and what was answered otherwise than written."""

    plan: Mapping[str, Any]
    browsers: dict[str, Browser] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        text = written()
        self.rows = [Row(*line.split()) for line in text["MATRIX"].strip().splitlines()]
        self.foreign_names: tuple[str, ...] = text["FOREIGN"]
        self.values = re.compile(text["VALUES"])
        for letter, who in self.plan["staff"].items():
            secret = bytes.fromhex(who["secret"])
            port, email, password = self.plan["port"], who["email"], who["password"]
            self.browsers[letter] = sign_in(port, email=email, password=password, secret=secret)
            # Each waits while the others walk, and the server closes lines that rest.
            self.browsers[letter].keeps_line = False
            self.tokens[letter] = hidden(self.browsers[letter].get(TOKEN_PAGE).text)["csrf_token"]
        self.browsers["-"] = Browser(self.plan["port"], keeps_line=False)

    def ask(self, letter: str, method: str, path: str, *, token: bool = True) -> Heard:
        fields = None
        if method not in (*ASKING, "TRACE"):
            fields = {"csrf_token": self.tokens.get(letter, "")} if token else {"x": "1"}
        return self.browsers[letter].ask(method, path, fields)

    def expect(self, kind: str, right: bool, *told: object) -> None:
        self.asked[kind] += 1
        if not right:
            self.wrong.append(" ".join(map(str, (kind, *told))))

    # Every rule with every method.

    def every_rule(self) -> None:
        self.names_every_rule()
        for letter in self.browsers:
            for row in sorted(self.rows, key=lambda row: row.path == SIGN_OUT):
                self.row(letter, row)
        self.other_methods()

    def names_every_rule(self) -> None:
        """A rule that nobody has written into the matrix is one mistake, and so is one that is no more."""
        there = set()
        for line in self.plan["routes"].splitlines()[2:]:
            _endpoint, methods, rule = re.split(r"\s{2,}", line.strip(), maxsplit=2)
            if rule.startswith(STAFF) and not rule.startswith(WAY_IN):
                plain = re.sub(r"<[^>]*>", "{}", rule)
                there |= {(one, plain) for one in methods.split(", ") if one not in ("HEAD", "OPTIONS")}
        named = {(row.method, self.values.sub("{}", row.path)) for row in self.rows}
        for one in sorted(there ^ named):
            self.expect("rule named", False, *one)
        self.asked["rule named"] += len(there & named)

    def row(self, letter: str, row: Row) -> None:
        methods = ("GET", "HEAD") if row.method == "GET" else ("POST",)
        own = filled(row.path, self.plan["own"].get(letter) or self.plan["own"]["M"])
        foreign = filled(row.path, self.plan["foreign"])
        for method in methods:
            if method == "POST" and letter != "-":
                self.without_token(letter, row, own)
            if any(name in row.path for name in self.foreign_names):
                self.opens(letter, method, foreign, letter in row.letters and letter in NATIONAL, "foreign")
            self.opens(letter, method, own, letter in row.letters and "{session}" not in row.path, "own")

    def opens(self, letter: str, method: str, path: str, may: bool, whose: str) -> None:
        heard = self.ask(letter, method, path)
        if letter == "-":
            right = heard.status == 303 and heard.location.startswith(ENTRANCE)
        else:
            out = heard.location.startswith(ENTRANCE) and path != SIGN_OUT
            right = (heard.status != 404) is may and heard.status not in (403, 405) and heard.status < 500
            right = right and not out
        self.expect(f"{whose} {method}", right, letter, path, heard.status, heard.location)
        if heard.status == 404 and method != "HEAD":
            self.looks_like_nothing(letter, method, path, heard)

    def looks_like_nothing(self, letter: str, method: str, path: str, heard: Heard) -> None:
        """What one may not see looks as what there is not, but for the address itself."""
        nothing = re.sub(r"[0-9a-f-]{32,36}", lambda found: like(found[0]), path)
        if nothing == path:
            return
        unknown = self.ask(letter, method, nothing)
        same = unknown.status == 404 and unknown.body.replace(nothing.encode(), path.encode()) == heard.body
        self.expect("as if it were not", same, letter, method, path)

    def without_token(self, letter: str, row: Row, path: str) -> None:
        """Who may send the form is refused for the missing token; to all others there is nothing."""
        status = self.ask(letter, "POST", path, token=False).status
        self.expect("without token", status == (403 if letter in row.letters else 404), letter, path, status)

    def other_methods(self) -> None:
        for letter, path in ((letter, path) for letter in self.browsers for path in self.paths()):
            here = filled(path, self.plan["own"].get(letter) or self.plan["own"]["M"])
            known = {row.method for row in self.rows if row.path == path}
            for method in (*OTHER_METHODS, *({"GET", "POST"} - known)):
                status = self.ask(letter, method, here).status
                # Some never come as far as the application.
                self.expect("other method", status in (400, 405), letter, method, here, status)

    def paths(self) -> list[str]:
        return sorted({row.path for row in self.rows})

    # Every address that anybody finds.

    def every_address(self) -> None:
        found: dict[str, None] = {}
        for letter in self.browsers:
            found |= dict.fromkeys(self.walk(letter))
        for address in found:
            self.address(address)
        self.asked["addresses"] = len(found)

    def walk(self, letter: str) -> Iterator[str]:
        waiting, seen = deque(["/", STAFF]), set()
        while waiting and len(seen) < MOST_PAGES:
            address = waiting.popleft()
            if address in seen or urlsplit(address).path.startswith(WAY_IN):
                continue
            seen.add(address)
            yield address
            heard = self.ask(letter, "GET", address)
            if heard.status == 200 and heard.headers.get("content-type", "").startswith("text/html"):
                page = PageForms(heard.text, urlsplit(address).path)
                waiting.extend(page.links)
                waiting.extend(form.action for form in page.forms if form.method == "GET")

    def address(self, address: str) -> None:
        """In the console as the matrix says; elsewhere everybody is answered alike."""
        path = urlsplit(address).path
        heard = {letter: self.ask(letter, "GET", address) for letter in self.browsers}
        if path != STAFF and not path.startswith(STAFF + "/"):
            statuses = {one.status for one in heard.values()}
            cookies = [letter for letter, one in heard.items() if "set-cookie" in one.headers]
            self.expect("public address", len(statuses) == 1 and not cookies, address, statuses, cookies)
            return
        row, places = self.row_of(path)
        if row is None:
            self.expect("known address", False, address)
            return
        asked = {value for _name, value in parse_qsl(urlsplit(address).query)}
        for letter, one in heard.items():
            if letter == "-":
                right = one.status == 303 and one.location.startswith(ENTRANCE)
            elif all(self.reaches(letter, value) for value in asked):
                may = letter in row.letters and all(self.reaches(letter, value, path) for value in places)
                # Nobody locks or resets oneself.
                may = may and not (path.endswith(AGAINST_ONE) and self.plan["staff"][letter]["id"] in places)
                # Where there is one thing to choose, it is chosen; a department is no place of field work.
                chosen = one.status == 303 and one.location.startswith(path)
                shown = one.status == 200 or chosen or NO_FIELD.search(path) is not None
                right = shown if may else one.status == 404
            else:
                # Who asks a page of their own for what is foreign hears of nothing, or is told so.
                right = one.status in (200, 404) if letter in row.letters else one.status == 404
            self.expect("staff address", right, letter, address, one.status)

    def row_of(self, path: str) -> tuple[Row | None, list[str]]:
        """The row of a path, the plainest first, and what stands in the places of its names."""
        for row in sorted(self.rows, key=lambda row: (len(self.values.findall(row.path)), -len(row.path))):
            pieces = map(re.escape, self.values.split(row.path))
            found = re.fullmatch("([^/]+)".join(pieces), path)
            if row.method == "GET" and found:
                return row, list(found.groups())
        return None, []

    def reaches(self, letter: str, value: str, path: str = "") -> bool:
        """Whether an id lies where this person works; what is no id of anybody's lies everywhere."""
        scopes = self.plan["scopes"].get(value)
        # What a province has given for all of its communes is read in all of them.
        if "/loi-doc/" in path and self.plan["staff"][letter]["scope"].startswith(value):
            return True
        if scopes is None or letter in NATIONAL:
            return True
        own = self.plan["staff"][letter]["scope"]
        return bool(scopes) and all(one == own or one.startswith(own + "-") for one in scopes)


def like(text: str) -> str:
    return str(uuid4()) if "-" in text else uuid4().hex[: len(text)]


def filled(path: str, places: Mapping[str, str]) -> str:
    for name, value in {**places, "{session}": str(UUID(int=1))}.items():
        path = path.replace(name, value)
    return path


def main(plan: Path) -> None:
    outside = Outside(json.loads(plan.read_text(encoding="utf-8")))
    outside.every_address()
    outside.every_rule()
    for browser in outside.browsers.values():
        browser.hang_up()
    own = sorted(name for name in sys.modules if name.split(".")[0] in ("app", "surveys", "exports", "flask"))
    print(json.dumps({"asked": outside.asked, "wrong": outside.wrong, "imported": own}, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
