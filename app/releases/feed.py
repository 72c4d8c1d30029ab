"""Publications and revisions as an Atom feed (RFC 4287)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
_ATOM: Final = "http://www.w3.org/2005/Atom"
# The name of an entry is made from the hash of its edition, so it stays the same wherever it is served.
_NAMES: Final = UUID("6f0c3f5e-6a0b-4a53-9a0e-2f1f6f1d7c11")


@dataclass(frozen=True)
class Entry:
    """One publication. `sha256` is that of the edition, `text` one or two plain sentences."""

    sha256: str
    title: str
    url: str
    published: datetime
    text: str


def atom(
    entries: Sequence[Entry], *, title: str, url: str, page: str, language: str, begun: datetime
) -> bytes:
    """`url` is the address of the feed itself, `page` that of the page it speaks of.

    `begun` stands for the last change where nothing has been published yet.
    """
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    _text(feed, "id", url)
    _text(feed, "title", title)
    _text(feed, "updated", _instant(max((entry.published for entry in entries), default=begun)))
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": url})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _text(SubElement(feed, "author"), "name", "Hài Lòng")
    for entry in entries:
        _entry(feed, entry)
    text: str = tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _entry(feed: Element, entry: Entry) -> None:
    item = SubElement(feed, "entry")
    _text(item, "id", f"urn:uuid:{uuid5(_NAMES, entry.sha256)}")
    _text(item, "title", entry.title)
    _text(item, "published", _instant(entry.published))
    _text(item, "updated", _instant(entry.published))
    SubElement(item, "link", {"rel": "alternate", "type": "text/html", "href": entry.url})
    _text(item, "content", entry.text).set("type", "text")


def _text(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, name)
    child.text = "".join(filter(_is_allowed, unicodedata.normalize("NFC", text)))
    return child


def _is_allowed(character: str) -> bool:
    """What XML 1.0 has no way to write: control characters, halves of surrogate pairs, two others."""
    code = ord(character)
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
