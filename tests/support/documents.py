"""PDF documents read back: their text as people copy it, without the accidents of line breaks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader


@dataclass(frozen=True)
class ReadDocument:
    pages: tuple[str, ...]
    language: str
    bookmarks: tuple[str, ...]

    @property
    def text(self) -> str:
        return flat(" ".join(self.pages))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def read_document(path: Path) -> ReadDocument:
    """Asserts that every page holds text in composed letters (NFC)."""
    reader = PdfReader(path)
    pages = tuple(page.extract_text() for page in reader.pages)
    assert all(unicodedata.is_normalized("NFC", page) and page.strip() for page in pages)
    titles = tuple(str(item.title) for item in reader.outline if not isinstance(item, list))
    return ReadDocument(pages, str(reader.trailer["/Root"].get("/Lang", "")), titles)
