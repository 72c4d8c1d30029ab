"""The forms of a page, and the names that its links pass on."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit


@dataclass
class HtmlForm:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class PageForms(HTMLParser):
    """Every form with what a browser would send, each choice of a radio group included once."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.links: list[str] = []
        self._path = path
        self._select = ""
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        elif tag == "form":
            action = given.get("action") or self._path
            self.forms.append(HtmlForm(action, given.get("method", "get").upper()))
        elif self.forms and (name := given.get("name")):
            if tag == "select":
                self._select = name
                self.forms[-1].fields.append((name, ""))
            elif tag == "textarea":
                self.forms[-1].fields.append((name, ""))
            elif tag in ("input", "button") and given.get("type") != "file":
                self.forms[-1].fields.append((name, given.get("value", "")))
        elif tag == "option" and self._select and given.get("value") and self.forms:
            fields = self.forms[-1].fields
            if fields and fields[-1] == (self._select, ""):
                fields[-1] = (self._select, given["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""

    @property
    def names(self) -> set[str]:
        """What may stand in the query of an address."""
        found = {name for link in self.links for name, _value in parse_qsl(urlsplit(link).query)}
        return found | {
            name for form in self.forms if form.method == "GET" for name, _value in form.fields if name
        }
