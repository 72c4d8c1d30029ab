"""Words of change and ranks: decided once for a quarter, in families that no filter can change.

Families of change: the agencies of one kind in one province; the provinces; the nation by itself. Who is
hidden, now or before, is in no family: a word about them would be a number about them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.results.counts import FindQuestionnaire, PlaceCounts, Version
from app.results.tree import Tree
from surveys.comparison import (
    Change,
    NoChange,
    Sample,
    Word,
    benjamini_hochberg,
    change_or_reason,
    change_words,
    channel_for_change,
)
from surveys.figures import NATION, Movement, RankFigures
from surveys.ranking import Entrant, rank_family
from surveys.scoring import Channel
from surveys.thresholds import Thresholds


class Seen(Protocol):
    """What disclosure control decided about the quarter before."""

    def __call__(self, place: str, channel: Channel) -> bool: ...


@dataclass(frozen=True)
class Before:
    """The quarter before: its counts by place under today's tree, and what was published of it."""

    counts: Mapping[str, PlaceCounts]
    published: bool
    seen: Seen


def sample(counts: PlaceCounts, channel: Channel) -> Sample | None:
    """The answers of one channel after the result; None without any."""
    found = counts.of(channel)
    return Sample(found.satisfied, found.n, counts.n_eff(channel)) if found.n else None


def change_channel(counts: PlaceCounts) -> Channel:
    return channel_for_change(counts.of(Channel.LINK).n > 0)


def movements(
    tree: Tree,
    now: Mapping[str, PlaceCounts],
    before: Before,
    hidden: Collection[tuple[str, Channel]],
    find: FindQuestionnaire,
    thresholds: Thresholds,
) -> dict[str, Movement]:
    """The movement of every place; families share one correction of their words."""
    result: dict[str, Movement] = {}
    for family in families(tree):
        told: list[tuple[str, Channel, Change | NoChange]] = []
        for place in family:
            channel = change_channel(now[place])
            if (place, channel) in hidden:
                result[place] = Movement(channel, Word.NONE, reason=NoChange.HIDDEN)
            else:
                told.append((place, channel, _change(place, channel, now, before, find, thresholds)))
        result.update(_worded(told, thresholds))
    return result


def _worded(
    told: Sequence[tuple[str, Channel, Change | NoChange]], thresholds: Thresholds
) -> dict[str, Movement]:
    changes = [change for _, _, change in told]
    qs = iter(benjamini_hochberg([change.p for change in changes if isinstance(change, Change)]))
    result = {}
    for (place, channel, change), word in zip(told, change_words(changes, thresholds), strict=True):
        if isinstance(change, Change):
            result[place] = Movement(channel, word, change, next(qs))
        else:
            result[place] = Movement(channel, word, reason=change)
    return result


def families(tree: Tree) -> Iterable[Sequence[str]]:
    yield (NATION,)
    yield tree.provinces
    for province in tree.provinces:
        yield from kinds_of(tree, province).values()


def kinds_of(tree: Tree, province: str) -> dict[str, list[str]]:
    """The agencies of a province by kind."""
    kinds: dict[str, list[str]] = {}
    for agency in tree.agencies_of(province):
        kinds.setdefault(tree.places[agency].kind, []).append(agency)
    return kinds


def _change(
    place: str,
    channel: Channel,
    now: Mapping[str, PlaceCounts],
    before: Before,
    find: FindQuestionnaire,
    thresholds: Thresholds,
) -> Change | NoChange:
    earlier = before.counts.get(place) or PlaceCounts()
    found = change_or_reason(
        sample(earlier, channel),
        sample(now[place], channel),
        previous_published=before.published,
        comparable_version=comparable(
            now[place].versions.get(channel, set()), earlier.versions.get(channel, set()), find
        ),
        thresholds=thresholds,
    )
    if isinstance(found, Change) and not before.seen(place, channel):
        # The rate before was hidden to protect somebody; a change would give it away.
        return NoChange.UNPUBLISHED
    return found


def comparable(now: Collection[Version], before: Collection[Version], find: FindQuestionnaire) -> bool:
    """Whether each version of now means the same as each of before; true where one side is empty."""
    return all(_means_the_same(new, old, find) for new in now for old in before)


def _means_the_same(new: Version, old: Version, find: FindQuestionnaire) -> bool:
    if new[0] != old[0]:
        return False
    return new[1] == old[1] or old[1] in find(*new).comparable_with or new[1] in find(*old).comparable_with


def ranks(
    tree: Tree,
    province: str,
    now: Mapping[str, PlaceCounts],
    hidden: Collection[tuple[str, Channel]],
    thresholds: Thresholds,
) -> dict[str, RankFigures]:
    """Rank intervals of a province whose plan asks for them; agencies that are not ranked are left out."""
    result: dict[str, RankFigures] = {}
    for members in kinds_of(tree, province).values():
        entrants = [
            Entrant(place, tree.places[place].name, found.satisfied, found.n, found.n_eff)
            for place in members
            if (place, channel := change_channel(now[place])) not in hidden
            and (found := sample(now[place], channel)) is not None
        ]
        table = rank_family(entrants, thresholds)
        for row in table.rows:
            result[row.entrant.code] = RankFigures(row.best, row.worst, len(table.rows), row.group)
    return result
