"""Disclosure control of a quarter: which cells of which places must not be seen.

Every published set of numbers is a table of its own, because no sum that is printed joins two of them:
the official figures with their verified channels, every stream apart, every factor, every question.
Within a set the attacker may subtract agencies from provinces, provinces from the nation, and channels
from totals.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.results.attack import lp_attack
from app.results.counts import Item, PlaceCounts, Stream
from app.results.elsewhere import ALONE, OFFICIAL, Elsewhere, item_part, reason_part, stream_part
from app.results.tree import Tree
from surveys.disclosure import MINIMUM, Cell, Relation, Table, exposed, propagate_bounds, suppress
from surveys.scoring import VERIFIED_CHANNELS, Channel, Distribution

Number: TypeAlias = tuple[int, int]
"""n and, within it, the answers that an attacker would like to know (satisfied, yes)."""

Measure: TypeAlias = Callable[[PlaceCounts], Number]
Positive: TypeAlias = Callable[[Item, PlaceCounts], Number]


@dataclass
class Hidden:
    """The places of which each set hides its cell."""

    official: set[str] = field(default_factory=set)
    channels: set[tuple[str, Channel]] = field(default_factory=set)
    apart: set[tuple[str, Stream]] = field(default_factory=set)
    assigned: set[tuple[str, Item]] = field(default_factory=set)
    volunteered: set[tuple[str, Item]] = field(default_factory=set)
    answers: set[tuple[str, Item]] = field(default_factory=set)
    set_aside: set[tuple[str, str]] = field(default_factory=set)


def control(
    tree: Tree,
    counts: Mapping[str, PlaceCounts],
    answered: Positive,
    elsewhere: Elsewhere = ALONE,
    *,
    minimum: int = MINIMUM,
    marks_empty: bool = False,
) -> Hidden:
    """Decides every set. `answered` gives the number of a question of options: its n and its yeses.

    What makes up a hidden figure is hidden with it: its channels, factors and questions. With `marks_empty`
    a place without an answer, a stream apart or a reason carries the mark as well.
    """
    whole = counts_of_all(counts.values())
    hidden = Hidden()
    hidden.official, hidden.channels = control_official(tree, counts, elsewhere, minimum)

    def hide(part: str, measure: Measure, also: Collection[str] = (), *, width: int = 2) -> set[str]:
        return hidden_in_tree(
            tree, counts, measure, elsewhere.withheld_of(part).union(also), elsewhere.known_of(part),
            satisfied_width=width, minimum=minimum,
        )  # fmt: skip

    for stream in whole.apart:
        found = hide(stream_part(stream), measure_of_stream(stream))
        hidden.apart |= {(place, stream) for place in found}
    for into, name in ((hidden.assigned, "assigned"), (hidden.volunteered, "volunteered")):
        for item in getattr(whole, name):
            found = hide(item_part(name, item), measure_of_levels(name, item), hidden.official)
            into.update((place, item) for place in found)
    for item in whole.answers:
        measure = measure_of_answers(item, answered)
        found = hide(item_part("answers", item), measure, hidden.official, width=width_of(measure, counts))
        hidden.answers |= {(place, item) for place in found}
    for reason in whole.set_aside:
        found = hide(reason_part(reason), measure_of_reason(reason), width=0)
        hidden.set_aside |= {(place, reason) for place in found}
    if marks_empty:
        _mark_empty(hidden, tree, counts, whole)
    return hidden


def _mark_empty(hidden: Hidden, tree: Tree, counts: Mapping[str, PlaceCounts], whole: PlaceCounts) -> None:
    """The mark of a place then says of no period that somebody answered in it: such marks cannot add up."""
    for place in tree.places:
        part = counts[place]
        if not part.official.n:
            hidden.official.add(place)
        hidden.apart.update((place, stream) for stream in whole.apart if not part.of(*stream).n)
        hidden.set_aside.update((place, each) for each in whole.set_aside if not part.set_aside.get(each))


def width_of(measure: Measure, counts: Mapping[str, PlaceCounts]) -> int:
    """Where a question knows no yes, only the number of those who answered it can be protected."""
    return 2 if any(measure(part)[1] for part in counts.values()) else 0


def counts_of_all(parts: Iterable[PlaceCounts]) -> PlaceCounts:
    """One count that knows every stream, factor, question and reason that occurs anywhere."""
    whole = PlaceCounts()
    for part in parts:
        for name in ("satisfaction", "assigned", "volunteered", "answers", "set_aside"):
            getattr(whole, name).update(dict.fromkeys(getattr(part, name), 0))
    return whole


def _number(counts: Distribution) -> Number:
    return counts.n, counts.satisfied


def measure_of_stream(stream: Stream) -> Measure:
    return lambda counts: _number(counts.of(*stream))


def measure_of_levels(name: str, item: Item) -> Measure:
    def measure(counts: PlaceCounts) -> Number:
        levels = getattr(counts, name).get(item)
        return (sum(levels), levels[0] + levels[1]) if levels else (0, 0)

    return measure


def measure_of_answers(item: Item, answered: Positive) -> Measure:
    return lambda counts: answered(item, counts)


def measure_of_reason(reason: str) -> Measure:
    return lambda counts: (counts.set_aside.get(reason, 0), 0)


def hidden_in_tree(
    tree: Tree,
    counts: Mapping[str, PlaceCounts],
    measure: Measure,
    withheld: Collection[str] = (),
    known: Collection[str] = (),
    *,
    satisfied_width: int = 2,
    minimum: int = MINIMUM,
) -> set[str]:
    """The places of a set with one number for each place; on a tree, propagation is exact."""
    numbers = {code: number for code, part in counts.items() if (number := measure(part))[0]}
    table = tree_table(tree, numbers, minimum)
    kept = [code for code in withheld if code in numbers]
    found = suppress(
        table,
        attack=propagate_bounds,
        satisfied_width=satisfied_width,
        withheld=kept,
        published=[code for code in known if code not in kept],
    )
    return {str(key) for key in found}


def tree_table(tree: Tree, numbers: Mapping[str, Number], minimum: int = MINIMUM) -> Table:
    """One number for each place, the places below adding up to the one above."""
    return Table.of(
        [Cell(code, *number) for code, number in numbers.items()],
        [
            Relation(parent, parts)
            for parent, members in tree.children.items()
            if (parts := tuple(code for code in members if code in numbers))
        ],
        minimum=minimum,
    )


def control_official(
    tree: Tree,
    counts: Mapping[str, PlaceCounts],
    elsewhere: Elsewhere = ALONE,
    minimum: int = MINIMUM,
) -> tuple[set[str], set[tuple[str, Channel]]]:
    """Places whose official figure is hidden, and places with the channels that are hidden."""
    table, names = official_table(tree, counts, minimum)
    hidden: set[Hashable] = {names[cell] for cell in elsewhere.withheld if cell in names}
    known = {names[cell] for cell in elsewhere.known if cell in names}
    for attack in (propagate_bounds, lp_attack):
        while True:
            found = set(suppress(table, attack=attack, withheld=hidden, published=known - hidden))
            # The channels of a hidden figure go with it, which may call for further complements.
            found |= {
                key for (place, part), key in names.items()
                if part != OFFICIAL and names[place, OFFICIAL] in found
            }  # fmt: skip
            if found == hidden:
                break
            hidden = found
    official = {place for (place, part), key in names.items() if part == OFFICIAL and key in hidden}
    channels = {(p, Channel(part)) for (p, part), key in names.items() if part != OFFICIAL and key in hidden}
    return official, channels


def official_table(
    tree: Tree, counts: Mapping[str, PlaceCounts], minimum: int = MINIMUM
) -> tuple[Table, dict[tuple[str, str], str]]:
    """Cells and sums of the official figures, and under which key each place and channel stands.

    A place with one channel has one number, so both names lead to one cell. That keeps the attack on
    places with one channel, which are most, exact and fast.
    """
    names: dict[tuple[str, str], str] = {}
    cells: dict[str, Cell] = {}
    rows: list[Relation] = []
    for code, part in counts.items():
        channels = [channel for channel in VERIFIED_CHANNELS if part.of(channel).n]
        if not channels:
            continue
        names[code, OFFICIAL] = code
        cells[code] = Cell(code, *_number(part.official))
        for channel in channels:
            key = code if len(channels) == 1 else f"{code}/{channel}"
            names[code, channel] = key
            cells.setdefault(key, Cell(key, *_number(part.of(channel))))
        if len(channels) > 1:
            rows.append(Relation(code, tuple(names[code, channel] for channel in channels)))
    sums: dict[tuple[Hashable, ...], Relation] = {}
    for name in (OFFICIAL, *VERIFIED_CHANNELS):
        for parent, members in tree.children.items():
            parts = tuple(names[code, name] for code in members if (code, name) in names)
            if parts:
                relation = Relation(names[parent, name], parts)
                sums.setdefault(relation.keys, relation)
    hierarchy = [relation for relation in sums.values() if "/" not in str(relation.total_key)]
    columns = [relation for relation in sums.values() if "/" in str(relation.total_key)]
    # While the quarter was open every place told its official n in tens.
    told = {key for (_, name), key in names.items() if name == OFFICIAL}
    return Table.of(cells.values(), [*hierarchy, *rows, *columns], minimum=minimum, in_tens=told), names


def visible_procedures(
    total: Distribution, parts: Mapping[str, Distribution], minimum: int = MINIMUM
) -> dict[str, bool] | None:
    """For each procedure of an agency whose figure is printed, whether it may be shown.

    None where the total gives too much away whatever is hidden: then no procedure is listed at all.
    """
    table = Table.of(
        [Cell("", *_number(total)), *(Cell(f"/{code}", *_number(part)) for code, part in parts.items())],
        [Relation("", tuple(f"/{code}" for code in parts))],
        minimum=minimum,
    )
    hidden = suppress(table, attack=propagate_bounds, published=[""])
    if exposed(table, hidden):
        return None
    return {code: f"/{code}" not in hidden for code in parts}
