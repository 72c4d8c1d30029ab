"""Every page that somebody can reach: by following links, and by trying every address with every key."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.html_forms import PageForms


@dataclass
class Crawler:
    """`keys` are tried in every place of an address; `texts` in every form that searches.

    `first` are walked before everything else, so that a short walk comes by them, too.
    """

    app: Flask
    client: FlaskClient
    keys: Sequence[str]
    texts: Sequence[str]
    prefix: str = ""
    most: int = 400
    first: Sequence[str] = ()
    seen: set[str] = field(default_factory=set)

    def pages(self) -> Iterator[tuple[str, TestResponse]]:
        """Each address once, with what was answered."""
        waiting = deque([*self.first, "/quan-tri" if self.prefix else "/", *self.addresses()])
        while waiting and len(self.seen) < self.most:
            address = waiting.popleft()
            if address in self.seen or not urlsplit(address).path.startswith(self.prefix):
                continue
            self.seen.add(address)
            answer = self.client.get(address)
            yield address, answer
            if answer.mimetype == "text/html" and answer.status_code == 200:
                # What a page leads to comes before what is only tried.
                found = PageForms(answer.text, urlsplit(address).path)
                waiting.extendleft(link for link in found.links if link not in self.seen)
                waiting.extendleft(self.searches(found))

    def addresses(self) -> Iterator[str]:
        """Every rule without a part, and with each key in each of its parts."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if "GET" not in (rule.methods or ()) or not rule.rule.startswith(self.prefix):
                continue
            if rule.endpoint == "ui.static":
                continue
            if not rule.arguments:
                yield rule.rule
                continue
            for key in self.keys:
                try:
                    values = dict.fromkeys(rule.arguments, key)
                    yield self.app.url_map.bind("localhost").build(rule.endpoint, values)
                except (ValueError, LookupError):
                    continue

    def searches(self, found: PageForms) -> Iterator[str]:
        for form in found.forms:
            path = urlsplit(form.action).path
            names = {name for name, _value in form.fields if name}
            if form.method != "GET":
                continue
            for name in sorted(names):
                for text in self.texts:
                    address = f"{path}?{quote(name)}={quote(text)}"
                    if address not in self.seen:
                        yield address


def asked(address: str) -> list[str]:
    """What stands in the address itself, and so on the page that repeats it."""
    parts = urlsplit(address)
    return [*parts.path.split("/"), *(value for _name, value in parse_qsl(parts.query))]
