"""What other editions ask of the one that is being made: cells by place and part.

Parts: "official", a verified channel ("link"), a stream apart ("apart qr after-result"), a factor
("assigned COT_LOI access"), a question ("answers COT_LOI submit_time"), a reason ("aside shared-address").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from app.results.counts import Item, Stream

OFFICIAL: Final = "official"


def stream_part(stream: Stream) -> str:
    return f"apart {stream[0]} {stream[1]}"


def item_part(name: str, item: Item) -> str:
    """`name` is that of the counts: assigned, volunteered, answers."""
    return f"{name} {item[0]} {item[1]}"


def reason_part(reason: str) -> str:
    return f"aside {reason}"


@dataclass(frozen=True)
class Elsewhere:
    """`withheld` cells must not be seen whatever their size. `known` ones are printed by others already.

    What is known protects nothing, so it is no complement.
    """

    withheld: frozenset[tuple[str, str]] = frozenset()
    known: frozenset[tuple[str, str]] = frozenset()

    def withheld_of(self, part: str) -> set[str]:
        return {place for place, its in self.withheld if its == part}

    def known_of(self, part: str) -> set[str]:
        return {place for place, its in self.known if its == part}

    def to_plain(self) -> dict[str, list[list[str]]]:
        return {
            "withheld": [list(cell) for cell in sorted(self.withheld)],
            "known": [list(cell) for cell in sorted(self.known)],
        }

    @classmethod
    def from_plain(cls, data: Any) -> Elsewhere:
        return cls(_cells(data["withheld"]), _cells(data["known"]))


def _cells(rows: Iterable[Iterable[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((place, part) for place, part in rows)


ALONE: Final = Elsewhere()
"""As where no other edition shares a day."""
