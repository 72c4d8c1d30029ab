"""Disclosure control of the integrity table: what was set aside by channel, by reason and by decision.

By reason the numbers stand on the pages of places already; nothing here may undo what is hidden there. By
channel they are the same answers in other heaps, so that both add up to one total. What was left out by
decision and what nobody decided about add up to what stands aside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.results.attack import lp_attack
from app.results.counts import PlaceCounts, Stream
from app.results.tree import Tree
from surveys.disclosure import Cell, Relation, Table, exposed, suppress
from surveys.figures import NATION
from surveys.scoring import Channel, Phase


@dataclass
class HiddenAside:
    """The places of which a number must not be seen."""

    streams: set[tuple[str, Stream]] = field(default_factory=set)
    left_out: set[tuple[str, str]] = field(default_factory=set)
    released: set[tuple[str, str]] = field(default_factory=set)


def control_aside(
    tree: Tree,
    counts: Mapping[str, PlaceCounts],
    hidden_reasons: Collection[tuple[str, str]],
    minimum: int,
) -> HiddenAside:
    """The nation and its provinces. Where the reasons themselves give too much away, nothing else is told."""
    places = [NATION, *tree.provinces]
    numbers = {(code, *key): n for code in places for key, n in _numbers(counts[code]) if n}
    keys = {name: "/".join(map(str, name)) for name in numbers}
    table = Table.of(
        [Cell(keys[name], n, 0) for name, n in numbers.items()],
        [
            Relation(keys[total], tuple(keys[part] for part in parts))
            for total, parts in _sums(tree.provinces, numbers)
        ],
        minimum=minimum,
    )
    secret = {keys[name] for name in numbers if name[1] == "reason" and (name[0], name[2]) in hidden_reasons}
    told = {keys[name] for name in numbers if name[1] == "reason"} - secret
    hidden = suppress(table, attack=lp_attack, satisfied_width=0, published=told, withheld=secret)
    if exposed(table, hidden, attack=lp_attack, satisfied_width=0):
        return _named(numbers)
    return _named(name for name in numbers if keys[name] in hidden)


def _numbers(counts: PlaceCounts) -> Iterator[tuple[tuple[object, ...], int]]:
    yield ("total", ""), counts.set_aside.total()
    for stream, n in counts.aside.items():
        yield ("stream", stream[0].value, stream[1].value), n
    for reason, n in counts.set_aside.items():
        yield ("reason", reason), n
        yield ("left-out", reason), counts.left_out[reason]
        yield ("undecided", reason), n - counts.left_out[reason]
    for reason, n in counts.released.items():
        yield ("released", reason), n


def _sums(
    provinces: Iterable[str], numbers: Collection[tuple[object, ...]]
) -> Iterator[tuple[tuple[object, ...], list[tuple[object, ...]]]]:
    """Every sum that a reader can do, the hierarchy first."""
    known = set(numbers)
    for name in sorted((name for name in known if name[0] == NATION), key=str):
        yield name, [part for code in provinces if (part := (code, *name[1:])) in known]
    by_place: dict[object, list[tuple[object, ...]]] = {}
    for name in sorted(known, key=str):
        by_place.setdefault(name[0], []).append(name)
    for code, names in by_place.items():
        for kind in ("reason", "stream"):
            parts = [name for name in names if name[1] == kind]
            if parts:
                yield (code, "total", ""), parts
        for name in names:
            if name[1] == "reason":
                halves = [(code, kind, name[2]) for kind in ("left-out", "undecided")]
                yield name, [half for half in halves if half in known]


def _named(names: Iterable[tuple[object, ...]]) -> HiddenAside:
    hidden = HiddenAside()
    for code, kind, *rest in names:
        if kind == "stream":
            hidden.streams.add((str(code), _stream(rest)))
        elif kind == "left-out":
            hidden.left_out.add((str(code), str(rest[0])))
        elif kind == "released":
            hidden.released.add((str(code), str(rest[0])))
    return hidden


def _stream(words: list[object]) -> Stream:
    channel, phase = words
    return Channel(str(channel)), Phase(str(phase))
