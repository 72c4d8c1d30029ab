"""Disclosure control of invitations: links issued and used, doors and interviews, by place and channel.

They stand beside the answers and nearly are the answers. A used link is an answer that counts, was set aside
or came too late for its quarter; an interview counts for the commune where the door is, for the office that
it names, for no office, or was set aside. So the attacker is granted what he can only guess: of links, for
every agency, by how much used and counted differ; of doors, for every province, how many counted interviews
were about other offices than the commune's own. He then knows sums of answers that nobody prints: of the
agencies that had links, of the offices that have no doors.

Where such a sum narrows a hidden cell, invitations are withheld and never answers: what an office hears of
its citizens is worth more than how many of them were asked.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.results.attack import lp_attack
from app.results.control import Hidden as HiddenPlaces
from app.results.control import hidden_in_tree, measure_of_stream, official_table, tree_table
from app.results.counts import Invited, PlaceCounts
from app.results.elsewhere import OFFICIAL
from app.results.reviews import REVIEWABLE
from app.results.tree import Tree
from surveys.disclosure import N_WIDTH, SATISFIED_WIDTH, Cell, Hidden, Kind, Relation, Table, components
from surveys.figures import NATION
from surveys.scoring import VERIFIED_CHANNELS, Channel, Phase

INVITING: Final = (Channel.LINK, Channel.LINK_OPEN, Channel.FIELD)
"""The channels that count whom they ask."""

AT_DOORS: Final = (Channel.FIELD, Channel.FIELD_UNNAMED)
"""Where the answers of interviews stand, beside those that were set aside."""

Invitation: TypeAlias = tuple[str, Channel]


def control_invited(
    tree: Tree,
    counts: Mapping[str, PlaceCounts],
    hidden: HiddenPlaces,
    *,
    minimum: int,
    before: Collection[Invitation] = (),
) -> frozenset[Invitation]:
    """The places and channels of which nobody may see how many were asked.

    Among them are those whose answers are hidden. `before` are those that another edition of the same days
    withheld.
    """
    found: set[Invitation] = set()
    for channel in INVITING:
        asked = {
            code: invited
            for code, part in counts.items()
            if (invited := part.invited.get(channel)) is not None and invited.issued
        }
        if asked:
            known = {place for place, its in before if its is channel}
            withheld = _Asked(tree, counts, hidden, minimum, channel, asked).withheld(known)
            found |= {(place, channel) for place in withheld}
    return frozenset(found)


@dataclass(frozen=True)
class _Asked:
    """One channel: the places in which somebody was asked."""

    tree: Tree
    counts: Mapping[str, PlaceCounts]
    hidden: HiddenPlaces
    minimum: int
    channel: Channel
    asked: Mapping[str, Invited]

    def withheld(self, before: Collection[str]) -> set[str]:
        """What must not be seen for itself, and what would give it away by subtraction.

        How many answered follows from no more than how many were asked: both are withheld together.
        """
        secret = {code for code in self.asked if code in before or self.is_secret(code)}
        secret.update(self.telling())

        def issued(part: PlaceCounts) -> tuple[int, int]:
            return part.invited.get(self.channel, Invited()).issued, 0

        return hidden_in_tree(self.tree, self.counts, issued, secret, satisfied_width=0, minimum=self.minimum)

    def is_secret(self, code: str) -> bool:
        return self.asked[code].issued < self.minimum or self.hides(code) or self.completes(code)

    def hides(self, code: str) -> bool:
        """Whether the answers of the channel are hidden there."""
        if self.channel not in VERIFIED_CHANNELS:
            return (code, (self.channel, Phase.AFTER_RESULT)) in self.hidden.apart
        return code in self.hidden.official or (code, self.channel) in self.hidden.channels

    def completes(self, code: str) -> bool:
        """Whether interviews less the printed numbers leave one that is hidden.

        An interview and its answer are of one day, so nothing blurs this difference. Of links it is blurred
        by what came in other quarters.
        """
        if self.channel is not Channel.FIELD:
            return False
        part = self.counts[code]
        if (code, (Channel.FIELD_UNNAMED, Phase.AFTER_RESULT)) in self.hidden.apart:
            return True
        aside = any(part.aside[channel, Phase.AFTER_RESULT] for channel in AT_DOORS)
        # For what a form is set aside, an interview never is.
        reasons = [reason for reason in part.set_aside if reason not in REVIEWABLE]
        return aside and any((code, reason) in self.hidden.set_aside for reason in reasons)

    def telling(self) -> Iterator[str]:
        """Places whose invitations would narrow a hidden cell by a sum that nobody prints."""
        for place in self.narrowed():
            if self.channel is Channel.FIELD:
                # All doors of a province together say no more than all its interviews together.
                yield from (code for code in self.tree.agencies_of(place) if code in self.asked)
            else:
                yield place

    def narrowed(self) -> set[str]:
        """The provinces, and the nation where that is not enough, of which a sum would say too much."""
        table, names, secret = self.table()
        kinds: dict[Hashable, Kind] = {
            key: Kind.PRIMARY if table.is_primary(key) else Kind.COMPLEMENT for key in secret
        }
        sums = dict(self.sums(names))
        if not sums:
            return set()
        cells: dict[Hashable, Cell] = dict(table.cells)
        for place, relation in sums.items():
            cells[relation.total_key] = _sum_of(cells, relation)
            if self.channel is not Channel.FIELD and self.hides(place):
                # Where the answers of a place are hidden, nothing is told of its invitations either.
                kinds[relation.total_key] = Kind.UNPRINTED
        grown = Table.of(
            cells.values(), [*table.relations, *sums.values()], minimum=self.minimum, in_tens=table.in_tens
        )
        found: set[str] = set()
        while failing := self.failing(table, grown, kinds, sums):
            found |= failing
            kinds |= {sums[place].total_key: Kind.UNPRINTED for place in failing}
        return found

    def failing(self, table: Table, grown: Table, kinds: Hidden, sums: Mapping[str, Relation]) -> set[str]:
        """Of the places whose sums are told, those that narrow something; the nation last."""
        places, first, found = list(sums), len(table.relations), set()
        for keys, indexes in components(grown, kinds):
            joined = [places[index - first] for index in indexes if index >= first]
            told = [place for place in joined if sums[place].total_key not in kinds]
            if told and _narrows(table, grown, {key: kinds[key] for key in keys}):
                found.update([place for place in told if place != NATION] or [NATION])
        return found

    def table(self) -> tuple[Table, Mapping[str, str], Collection[str]]:
        """The answers and all that is joined to them, the key of each place, and the keys that are hidden."""
        if self.channel in VERIFIED_CHANNELS:
            table, names = official_table(self.tree, self.counts, self.minimum)
            secret = {
                key for (code, part), key in names.items()
                if code in self.hidden.official
                or (part != OFFICIAL and (code, Channel(part)) in self.hidden.channels)
            }  # fmt: skip
            return table, {code: key for (code, part), key in names.items() if part == self.channel}, secret
        measure = measure_of_stream((self.channel, Phase.AFTER_RESULT))
        numbers = {code: number for code, part in self.counts.items() if (number := measure(part))[0]}
        table = tree_table(self.tree, numbers, self.minimum)
        return table, {code: code for code in numbers}, {code for code in numbers if self.hides(code)}

    def sums(self, names: Mapping[str, str]) -> Iterator[tuple[str, Relation]]:
        """By place the sum of answers that invitations tell and that stands in no table."""
        above: list[str] = []
        differs = False
        for province in self.tree.provinces:
            members = [code for code in self.tree.agencies_of(province) if code in names]
            asked = [code for code in members if code in self.asked]
            if self.channel is Channel.FIELD:
                rest = tuple(names[code] for code in members if code not in self.asked)
                if rest and province in self.asked:
                    yield province, Relation(f"{province}//{self.channel}", rest)
                continue
            differs |= len(asked) < len(members)
            if asked and len(asked) == len(members):
                above.append(names[province])
            elif asked:
                key = f"{province}//{self.channel}"
                yield province, Relation(key, tuple(names[code] for code in asked))
                above.append(key)
        if differs and above:
            yield NATION, Relation(f"{NATION}//{self.channel}", tuple(above))


def _sum_of(cells: Mapping[Hashable, Cell], relation: Relation) -> Cell:
    parts = [cells[key] for key in relation.part_keys]
    return Cell(relation.total_key, sum(part.n for part in parts), sum(part.satisfied for part in parts))


def _narrows(table: Table, grown: Table, hidden: Hidden) -> bool:
    """Whether a cell is known too well that is not known so well without the invitations."""
    own = {key: kind for key, kind in hidden.items() if key in table.cells}
    tight = _tight(grown, hidden, own)
    return bool(tight) and set(tight) != set(_tight(table, own, tight))


def _tight(table: Table, hidden: Hidden, among: Iterable[Hashable]) -> list[Hashable]:
    ranges = lp_attack(table, hidden)
    return [key for key in among if not ranges[key].is_wide(N_WIDTH, SATISFIED_WIDTH)]
