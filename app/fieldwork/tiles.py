"""Coverage of communes as tiles: a drawing without a map, in the order of codes, a table behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.fieldwork.models import RoundVillage
from app.fieldwork.progress import Progress

PER_ROW: Final = 6
WIDTH: Final = 120
HEIGHT: Final = 56
GAP: Final = 8
_MOST_LETTERS: Final = 16


@dataclass(frozen=True, slots=True)
class Tile:
    """A commune with its corner in the drawing; `filled` is the length of its bar, of `bar` at most."""

    commune: str
    name: str
    short: str
    target: int
    answered: int
    villages: int
    x: int
    y: int
    bar: int
    filled: int

    @property
    def is_done(self) -> bool:
        return self.answered >= self.target


@dataclass(frozen=True, slots=True)
class Tiles:
    tiles: tuple[Tile, ...]
    width: int
    height: int


def tiles_of(villages: Sequence[RoundVillage], progress: Progress, names: Mapping[str, str]) -> Tiles:
    """One tile for each commune of the villages."""
    wanted: dict[str, list[RoundVillage]] = defaultdict(list)
    for village in villages:
        wanted[village.commune].append(village)
    tiles = []
    for position, (commune, own) in enumerate(sorted(wanted.items())):
        row, column = divmod(position, PER_ROW)
        target = sum(village.target for village in own)
        answered = progress.communes[commune].answered if commune in progress.communes else 0
        name, bar = names.get(commune, commune), WIDTH - 16
        tiles.append(
            Tile(
                commune, name, _short(name), target, answered, len(own), column * (WIDTH + GAP) + 1,
                row * (HEIGHT + GAP) + 1, bar, min(bar, bar * answered // target),
            )
        )  # fmt: skip
    rows = -(-len(tiles) // PER_ROW)
    return Tiles(
        tuple(tiles),
        min(PER_ROW, max(1, len(tiles))) * (WIDTH + GAP) - GAP + 2,
        max(1, rows) * (HEIGHT + GAP) - GAP + 2,
    )


def _short(name: str) -> str:
    """Without the words that all of them share; what is too long for a tile ends in dots."""
    for start in ("Ủy ban nhân dân ", "UBND "):
        name = name.removeprefix(start)
    for level in ("xã ", "phường ", "đặc khu "):
        name = name.removeprefix(level)
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1].rstrip()}…"
