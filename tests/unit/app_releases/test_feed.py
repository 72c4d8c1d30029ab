"""The feed against RFC 4287: what must be there, what must stay the same, what XML cannot hold."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

from hypothesis import given
from hypothesis import strategies as st

from app.releases.feed import Entry, atom

NS = "{http://www.w3.org/2005/Atom}"
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = Entry("a" * 64, "Kết quả quý II", "https://x.vn/1", datetime(2026, 7, 24, 2, tzinfo=UTC), "Một.")
SECOND = Entry("b" * 64, "Kết quả quý III", "https://x.vn/2", datetime(2026, 10, 23, 2, tzinfo=UTC), "Hai.")


def feed(*entries: Entry, base: str = "https://x.vn") -> Element:
    content = atom(entries, title="Các kỳ", url=base + "/ket-qua.atom", page=base + "/ket-qua", language="vi",
                   begun=BEGUN)  # fmt: skip
    return fromstring(content)


def texts(root: Element, name: str) -> list[str]:
    return [found.text or "" for found in root.iter(NS + name)]


def test_what_the_standard_asks_for_is_there_once() -> None:
    root = feed(SECOND, FIRST)
    assert root.tag == NS + "feed"
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(NS + name)) == 1
    assert [link.get("rel") for link in root.findall(NS + "link")] == ["self", "alternate"]
    assert root.findtext(NS + "updated") == "2026-10-23T02:00:00+00:00"
    for entry in root.findall(NS + "entry"):
        for name in ("id", "title", "updated", "published", "link", "content"):
            assert len(entry.findall(NS + name)) == 1
    ids = texts(root, "id")
    assert len(set(ids)) == len(ids)


def test_the_name_of_an_entry_depends_on_nothing_but_its_numbers() -> None:
    moved = Entry(FIRST.sha256, "Tên khác", "https://khac.vn/1", SECOND.published, "Khác.")
    first, second = (texts(feed(item, base=base), "id")[1] for item, base in
                     ((FIRST, "https://x.vn"), (moved, "https://khac.vn")))  # fmt: skip
    assert first == second
    assert first.startswith("urn:uuid:")


def test_an_empty_feed_is_valid_too() -> None:
    assert feed().findtext(NS + "updated") == "2026-01-01T00:00:00+00:00"


@given(st.text())
def test_every_text_can_be_written_and_comes_back_in_one_spelling(text: str) -> None:
    entry = Entry("c" * 64, text, "https://x.vn/?a=1&b=2", BEGUN, text)
    back = texts(feed(entry), "title")[1]
    assert back == unicodedata.normalize("NFC", back)
    assert not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in back)
    kept = [letter for letter in unicodedata.normalize("NFC", text) if letter.isalnum()]
    assert [letter for letter in back if letter.isalnum()] == kept
