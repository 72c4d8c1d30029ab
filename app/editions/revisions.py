"""The edition that a page shows, and the other editions of its period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.editions.models import Edition
from surveys.editions import EditionCode

_FIRST = ".r0"


@dataclass(frozen=True)
class Address:
    """What stands in an address. `pinned`: exactly this edition, whatever came later.

    `2026-Q3` leads to the newest edition of the quarter, `2026-Q3.r0` to the one that was published first.
    """

    edition: EditionCode
    pinned: bool

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises ValueError for what names no edition."""
        if re.fullmatch(r"[^.]+\.r0", text):
            return cls(EditionCode.parse(text.removesuffix(_FIRST)), True)
        code = EditionCode.parse(text)
        return cls(code, bool(code.revision))


def own_address(code: str) -> str:
    """The address at which exactly this edition stays readable."""
    return code if EditionCode.parse(code).revision else code + _FIRST


@dataclass(frozen=True)
class Revisions:
    """The published editions of a period, oldest first, around the one that is shown."""

    shown: Edition
    every: tuple[Edition, ...]

    @property
    def newer(self) -> Edition | None:
        """The newest one, where it overtook the one that is shown."""
        newest = self.every[-1]
        return newest if newest.revision > self.shown.revision else None

    @property
    def others(self) -> Sequence[Edition]:
        return [edition for edition in self.every if edition.code != self.shown.code]


def revisions_of(shown: Edition, published: Iterable[Edition]) -> Revisions:
    """Of a draft, which is in no list of what was published, the draft alone."""
    found = sorted(
        (edition for edition in published if edition.period == shown.period),
        key=lambda edition: edition.revision,
    )
    return Revisions(shown, tuple(found) or (shown,))
