"""Finished pages of published editions, kept compressed in memory until another edition is published."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from flask import current_app

MOST_PAGES: Final = 300
"""Some ten megabytes: a page of 130 agencies is 30 kB compressed."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    compressed: bytes
    etag: str


@dataclass
class _Shelf:
    pages: OrderedDict[Hashable, KeptPage] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)


def kept_page(name: Hashable, stamp: object, render: Callable[[], str], *, keep: bool = True) -> KeptPage:
    """The page of this name under the stamp of what it was made from; rendered where it is not kept.

    `keep=False` for an address with anything unexpected in it, which may stand in the page's own links.
    """
    if not keep:
        return _finished(render())
    shelf: _Shelf = current_app.extensions.setdefault("edition_pages", _Shelf())
    key = (name, stamp)
    with shelf.lock:
        if key in shelf.pages:
            shelf.pages.move_to_end(key)
            return shelf.pages[key]
    page = _finished(render())
    with shelf.lock:
        shelf.pages[key] = page
        while len(shelf.pages) > MOST_PAGES:
            shelf.pages.popitem(last=False)
    return page


def _finished(text: str) -> KeptPage:
    content = text.encode()
    return KeptPage(gzip.compress(content, 6, mtime=0), hashlib.sha256(content).hexdigest()[:32])
