"""Coverage of communes as tiles: a drawing without a map, in the order of codes, a table behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.fieldwork.models import RoundVillage
from app.fieldwork.progress import Doors, Progress

BAR: Final = 100
_MOST_LETTERS: Final = 20


@dataclass(frozen=True, slots=True)
class Tile:
    """A commune; `filled` is how much of a bar of the length `BAR` is done."""

    commune: str
    name: str
    short: str
    target: int
    answered: int
    villages: int

    @property
    def filled(self) -> int:
        return min(BAR, BAR * self.answered // self.target)

    @property
    def is_done(self) -> bool:
        return self.answered >= self.target


def tiles_of(villages: Sequence[RoundVillage], progress: Progress, names: Mapping[str, str]) -> list[Tile]:
    """One tile for each commune of the villages."""
    wanted: dict[str, list[RoundVillage]] = defaultdict(list)
    for village in villages:
        wanted[village.commune].append(village)
    return [
        Tile(
            commune,
            names.get(commune, commune),
            _short(names.get(commune, commune)),
            sum(village.target for village in own),
            progress.communes.get(commune, Doors()).answered,
            len(own),
        )
        for commune, own in sorted(wanted.items())
    ]


def _short(name: str) -> str:
    """Without the words that all of them share; what is too long for a tile ends in dots."""
    for start in ("Ủy ban nhân dân ", "UBND "):
        name = name.removeprefix(start)
    for level in ("xã ", "phường ", "đặc khu "):
        name = name.removeprefix(level)
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1].rstrip()}…"
