"""Places that are ranked, as far as their answers carry it: by kind, in three groups, the rest apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.results import wording
from app.results.presenters import Line
from surveys.ranking import Group


@dataclass(frozen=True)
class RankedKind:
    """Agencies of one kind, who alone are ranked with each other. Empty groups are left out."""

    kind: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    apart: tuple[Line, ...]


def ranked_kinds(lines: Sequence[Line]) -> tuple[RankedKind, ...]:
    """Nothing where nobody is ranked. Within a group in the order of the lines."""
    kinds = dict.fromkeys(line.place.kind for line in lines if line.rank)
    return tuple(_kind(kind, [line for line in lines if line.place.kind == kind]) for kind in kinds)


def _kind(kind: str, lines: Sequence[Line]) -> RankedKind:
    groups = []
    for group in Group:
        name = wording.group_text(group)
        members = tuple(line for line in lines if line.rank and line.group == name)
        if members:
            groups.append((name, members))
    return RankedKind(kind, tuple(groups), tuple(line for line in lines if not line.rank))
