"""Hostile requests over every route: real addresses and real forms, spoiled in one place or in several."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_from_bytes, urlsplit
from uuid import uuid4

from flask import Flask
from sqlalchemy import String, Uuid, select
from werkzeug.routing import Rule

from app.extensions import db
from tests.support.html_forms import HtmlForm, PageForms
from tests.support.raw_requests import RawRequest

MARK: Final = "zx9q"
SCRIPT: Final = f'<script>alert("{MARK}")</script>'
METHODS: Final = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "")
FORM: Final = "application/x-www-form-urlencoded"
# Known from the code of the pages, where no page links to them.
NAMES: Final = ("q", "lang", "tiep", "p", "kind", "sort", "province", "agency", "procedure", "code",
                "after", "before", "sau", "truoc", "page", "from", "to", "quarter", "format")  # fmt: skip
DEEP: Final = "[" * 5_000 + "]" * 5_000

HOSTILE: Final[Sequence[str]] = (
    SCRIPT, f'"><img src=x onerror={MARK}>', f"'\"--><svg onload={MARK}>", "{{7*7}}${7*7}<%= 7*7 %>",
    "\0", "a\0b", "\ud800", "\udfff\ud800", "\udc80",
    unicodedata.normalize("NFD", "Ủy ban nhân dân xã Mường Bám"),
    "\u202eđảo ngược\u202c", "\u200f\u200e\ufeff\u200b", "\U0001f600" * 20, "\uffff\ufffe", "İıſK",
    "a\r\nSet-Cookie: x=1", "a\nb\tc", "\x1b[31m", "\x7f\x80", "%s%n%d", "%00", "%", "%zz", "%u1EA1",
    "' OR 1=1 --", "\"; DROP TABLE responses; --", "1) UNION SELECT 1--", "\\", "../../../etc/passwd",
    "..%2f..%2f", "file:///etc/passwd", "//evil.example/", "https://evil.example", "javascript:alert(1)",
    "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1", "-1", "0", "-0", "1e309", "NaN", "Infinity", "0x10", "1_000",
    "٣", "９", "²", "1" * 400, "9" * 20, str(2**31), str(2**63), str(2**64), "-" + str(2**63), "1.5", "1,5",
    "0000-00-00", "9999-12-31", "10000-01-01", "2026-02-30", "31/02/2026", "0001-01-01", "1/1/1",
    "２０２６-01-01",
    "2026-Q5", "0000-Q1", "9999-Q4", "2026-Q0", "true", "null", "[]", "{}", '{"a":1}', "", " ", "\u00a0",
    "on", "y", "a" * 300, "ạ" * 3_000, "x@y", "a@" + "b" * 300 + ".vn", "<b>", "&amp;&lt;", "&#0;", "nation",
    "14", "31", "31-SNV", "14-SKHCN", "00000000-0000-0000-0000-000000000000", "ministry", "operator",
    "../quan-tri", "*", "%25", "_", "%_%", "\\%", "(", "[a-", "^$", "*" * 50,
)  # fmt: skip


@dataclass
class Visitor:
    """One who sends: nobody, or a role in a session of its own."""

    name: str
    cookie: str = ""
    token: str = ""
    forms: dict[str, list[HtmlForm]] = field(default_factory=dict)


@dataclass
class Fuzzer:
    app: Flask
    draw: random.Random
    rules: list[Rule] = field(default_factory=list)
    known: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=lambda: set(NAMES))
    text: Callable[[], str] | None = None

    def __post_init__(self) -> None:
        self.rules = sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
        self.learn_values()

    def learn_values(self) -> None:
        """Every key of every table is a value that some address may hold."""
        found: dict[str, set[str]] = {"uuid": {str(uuid4())}, "text": {"COT_LOI", "1.0", "2026-Q3", "x"}}
        with self.app.app_context():
            for table in db.metadata.tables.values():
                for column in table.primary_key.columns:
                    kind = "uuid" if isinstance(column.type, Uuid) else "text"
                    if kind == "uuid" or isinstance(column.type, String):
                        rows = db.session.scalars(select(column).limit(20))
                        found[kind] |= {str(value) for value in rows if value}
        self.known = {kind: sorted(values) for kind, values in found.items()}

    def meet(self, visitor: Visitor, ask: Callable[[str], str | None]) -> None:
        """Opens every page once and keeps its forms. `ask` returns a page, None where there is none."""
        for rule in self.rules:
            for _attempt in range(3 if rule.arguments else 1):
                path = self.path_of(rule, 0).decode("utf-8", "replace")
                if (page := ask(path)) is not None:
                    seen = PageForms(page, path)
                    self.names |= {name for name in seen.names if name.isascii()}
                    for form in seen.forms:
                        key = self.endpoint_of(form)
                        visitor.forms.setdefault(key, []).append(form)
                    break

    def endpoint_of(self, form: HtmlForm) -> str:
        from werkzeug.exceptions import HTTPException
        from werkzeug.routing import RequestRedirect

        try:
            return self.app.url_map.bind("localhost").match(urlsplit(form.action).path, form.method)[0]
        except (HTTPException, RequestRedirect):
            return ""

    def path_of(self, rule: Rule, spoil: float) -> bytes:
        """The address of a rule; each part is spoiled with this probability."""

        def part(found: re.Match[str]) -> str:
            converter, _colon, name = found[1].rpartition(":")
            if self.draw.random() < spoil:
                return self.hostile()
            if converter == "uuid":
                return self.draw.choice(self.known["uuid"])
            near = self.known.get(f"{rule.endpoint}.{name}") or self.known["text"]
            return self.draw.choice(near)

        return re.sub(r"<([^>]*)>", part, rule.rule).encode("utf-8", "surrogatepass")

    def hostile(self) -> str:
        if self.text is not None and self.draw.random() < 0.5:
            return self.text()
        value = self.draw.choice(HOSTILE)
        if self.draw.random() < 0.15:
            value += self.draw.choice(HOSTILE)
        return value

    def request(self, visitor: Visitor, rule: Rule, method: str) -> RawRequest:
        draw = self.draw
        path = self.path_of(rule, 0.15 if draw.random() < 0.5 else 0)
        if draw.random() < 0.03:
            path = self.bytes_spoiled(path)
        body, content_type = b"", ""
        if method not in ("GET", "HEAD", "OPTIONS") or draw.random() < 0.05:
            form = self.form_for(visitor, rule)
            if form is not None and draw.random() < 0.6 and form.action:
                path = urlsplit(form.action).path.encode()
            body, content_type = self.body_of(visitor, form)
        announced = draw.choice(("0", "-1", "x", "99999999999", "")) if draw.random() < 0.01 else None
        return RawRequest(
            method, path, self.query_of(), body, content_type, self.headers(visitor),
            address=f"10.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(1, 255)}",
            announced=announced,
        )  # fmt: skip

    def form_for(self, visitor: Visitor, rule: Rule) -> HtmlForm | None:
        own = visitor.forms.get(rule.endpoint)
        if own and self.draw.random() < 0.95:
            return self.draw.choice(own)
        everything = [form for forms in visitor.forms.values() for form in forms]
        return self.draw.choice(everything) if everything else None

    def body_of(self, visitor: Visitor, form: HtmlForm | None) -> tuple[bytes, str]:
        draw = self.draw
        fields = [
            (name, visitor.token if name == "csrf_token" else value)
            for name, value in (form.fields if form else [])
        ]
        fields = [(name, str(uuid4()) if name == "id" and value else value) for name, value in fields]
        if visitor.token and not any(name == "csrf_token" for name, _value in fields):
            fields.append(("csrf_token", visitor.token))
        fields = self.fields_spoiled(fields)
        kind = draw.random()
        if kind < 0.06:
            return self.multipart(fields)
        if kind < 0.09:
            json = draw.choice((DEEP, '{"a":' * 2_000, '{"role":"ministry"}', "\0", '"\\ud800"', "[1e999]"))
            return json.encode(), draw.choice(("application/json", FORM, "text/plain"))
        if kind < 0.10:
            return b"a=" + b"x" * 70_000, FORM
        if kind < 0.11:
            return b"&".join(b"f%d=1" % number for number in range(300)), FORM
        body = urlencoded(fields)
        if draw.random() < 0.15:
            body = self.bytes_spoiled(body)
        types = (
            "", "text/plain", "multipart/form-data", FORM + "; charset=utf-16", FORM + ";" * 50, "a/b/c",
            "\xff",
            "application/xml", "multipart/form-data; boundary=" + "b" * 300, FORM + "; charset=zzz",
        )  # fmt: skip
        return body, draw.choice(types) if draw.random() < 0.08 else FORM

    def fields_spoiled(self, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        draw = self.draw
        fields = list(fields)
        for _change in range(draw.choice((0, 1, 1, 1, 2, 3, 6))):
            places = [
                i for i, (name, _v) in enumerate(fields) if name != "csrf_token" or draw.random() < 0.05
            ]
            if not places:
                break
            place, act = draw.choice(places), draw.random()
            name, value = fields[place]
            if act < 0.7:
                fields[place] = (name, self.hostile())
            elif act < 0.78:
                fields.insert(place, (name, self.hostile()))
            elif act < 0.86:
                del fields[place]
            elif act < 0.93:
                fields.append(
                    (draw.choice(("role", "scope", "agency", "id", "spent", "is_admin")), self.hostile())
                )
            else:
                fields[place] = (self.hostile(), value)
        return fields

    def multipart(self, fields: list[tuple[str, str]]) -> tuple[bytes, str]:
        draw, mark = self.draw, "b" + str(self.draw.randrange(10**6))
        parts = []
        for name, value in fields:
            file = (
                f'; filename="{draw.choice(("a.csv", "../../x", "a.php", SCRIPT))}"'
                if draw.random() < 0.2
                else ""
            )
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
            parts.append(head.encode("utf-8", "surrogatepass") + value.encode("utf-8", "surrogatepass"))
        body = b"\r\n".join(parts) + f"\r\n--{mark}--\r\n".encode()
        if draw.random() < 0.5:
            body = self.bytes_spoiled(body)
        return body, f"multipart/form-data; boundary={mark}"

    def bytes_spoiled(self, data: bytes) -> bytes:
        """Flipped, cut, doubled or with something in between."""
        draw, changed = self.draw, bytearray(data)
        for _change in range(draw.randint(1, 4)):
            at = draw.randrange(len(changed) + 1)
            act = draw.random()
            if act < 0.4 and at < len(changed):
                changed[at] ^= 1 << draw.randrange(8)
            elif act < 0.6:
                changed[at:at] = draw.choice(
                    (b"\0", b"%", b"%f", b"%ff%fe", b"&", b"=", b"\r\n", b"\xff\xfe", b";")
                )
            elif act < 0.8:
                del changed[at : at + draw.randint(1, 20)]
            else:
                changed[at:at] = changed[at : at + draw.randint(1, 60)]
        return bytes(changed)

    def query_of(self) -> bytes:
        draw = self.draw
        if draw.random() < 0.5:
            return b""
        names = sorted(self.names)
        pairs = []
        for _pair in range(draw.randint(1, 4)):
            value = self.hostile() if draw.random() < 0.7 else draw.choice(self.known["text"])
            pairs.append((draw.choice(names), value))
        query = urlencoded(pairs)
        return self.bytes_spoiled(query) if draw.random() < 0.1 else query

    def headers(self, visitor: Visitor) -> dict[str, str]:
        headers = {"Cookie": visitor.cookie} if visitor.cookie else {}
        names = ("Accept-Language", "Sec-Fetch-Site", "X-Forwarded-For", "X-Forwarded-Host", "User-Agent",
                 "Accept-Encoding", "Referer", "Origin", "If-None-Match", "Range", "Host",
                 "If-Modified-Since", "Authorization", "X-HTTP-Method-Override")  # fmt: skip
        if self.draw.random() < 0.12:
            value = self.hostile().encode("utf-8", "surrogatepass").decode("latin-1")
            headers[self.draw.choice(names)] = re.sub(r"[\r\n\0]", "", value)[:500]
        if self.draw.random() < 0.01:
            headers["Cookie"] = "hailong=" + re.sub(r"[\r\n]", "", self.hostile())[:200].encode(
                "utf-8", "surrogatepass"
            ).decode("latin-1")
        return headers


def urlencoded(pairs: Sequence[tuple[str, str]]) -> bytes:
    return "&".join(
        f"{quote_from_bytes(name.encode('utf-8', 'surrogatepass'))}="
        f"{quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in pairs
    ).encode()
