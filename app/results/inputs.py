"""What the figures of a period are made from, as records that can be written down and read again.

A record is a list of plain values whose first names its kind:

    ["period", code]                         ["thresholds", {…}]
    ["tree", {places, children, successors, merged}]
    ["names", {procedure: name}]             ["ranking", [province, …]]
    ["questionnaire", code, version, {…}]    ["integrity", true]
    ["tally", agency, channel, phase, questionnaire, version, question, value, assigned, n]
    ["procedure", agency, procedure, channel, phase, value, n]
    ["cluster", agency, cluster, phase, value, n]
    ["links", channel, agency, issued, spent] of doors also refused, absent
    ["left-out", agency, reason]
    ["before", published]                    and of the quarter before, where one is compared with:
    ["seen", place, [channel that was printed, …]]
    ["tally-before", …]  ["cluster-before", …]
    ["elsewhere", {withheld, known}]         what other editions ask of this one
    ["waiting", [agency, …]]                 of a revision: whose small changes are not taken over yet
    ["unasked", [[place, channel], …]]       and where the edition before withheld how many were asked

Figures are a function of these records alone, so whoever holds them can make every number again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypeAlias

from app.results.counts import Collector, Version
from app.results.elsewhere import ALONE, Elsewhere
from app.results.families import Before
from app.results.figuring import Sheet, decide
from app.results.invited_control import Invitation
from app.results.tree import Tree
from surveys.definition import load
from surveys.figures import Place
from surveys.periods import parse_period
from surveys.questionnaire import Questionnaire
from surveys.scoring import Channel
from surveys.thresholds import DEFAULTS, Thresholds, from_mapping

Record: TypeAlias = list[Any]


@dataclass
class Inputs:
    """The records of a period, sorted by what they are for."""

    period: str = ""
    thresholds: Thresholds = DEFAULTS
    tree: Tree = field(default_factory=lambda: Tree({}, {}))
    names: Mapping[str, str] = field(default_factory=dict)
    ranking: tuple[str, ...] = ()
    integrity: bool = True
    elsewhere: Elsewhere = ALONE
    waiting: frozenset[str] = frozenset()
    unasked: frozenset[Invitation] = frozenset()
    compares: bool = False
    published_before: bool = False
    seen: set[tuple[str, str]] = field(default_factory=set)
    left_out: set[tuple[str, str]] = field(default_factory=set)
    definitions: dict[Version, Any] = field(default_factory=dict)
    _questionnaires: dict[Version, Questionnaire] = field(default_factory=dict)

    @property
    def marks_empty(self) -> bool:
        return bool(self.period) and parse_period(self.period).marks_empty

    def __post_init__(self) -> None:
        self.current, self.earlier = Collector(self.find, self.left_out), Collector(self.find)

    def find(self, code: str, version: str) -> Questionnaire:
        known = self._questionnaires.get((code, version))
        if known is None:
            known = self._questionnaires[code, version] = load(self.definitions[code, version])
        return known

    def was_printed(self, place: str, channel: Channel) -> bool:
        """Whether the channel of a place was printed in the quarter before.

        A new agency of whole predecessors was printed where all of those were that had figures.
        """
        parts = [code for code, successor in self.tree.successors.items() if successor == place]
        known = [code for code in (place, *parts) if (code, "") in self.seen]
        return bool(known) and all((code, channel.value) in self.seen for code in known)


def read_inputs(records: Iterable[Record]) -> Inputs:
    """Questionnaires and what was left out come before the tallies that need them."""
    inputs = Inputs()
    for kind, *values in records:
        _READERS[kind](inputs, values)
    return inputs


def decide_inputs(inputs: Inputs) -> Sheet:
    """The sheet of a period from nothing but its records."""
    tree = inputs.tree
    before = (
        Before(tree.summed(inputs.earlier.agencies), inputs.published_before, inputs.was_printed)
        if inputs.compares
        else None
    )
    return decide(
        inputs.period,
        tree,
        tree.summed(inputs.current.agencies),
        inputs.current.versions,
        inputs.find,
        before,
        inputs.names,
        thresholds=inputs.thresholds,
        elsewhere=inputs.elsewhere,
        waiting=inputs.waiting,
        unasked=inputs.unasked,
        integrity=inputs.integrity,
        ranking=inputs.ranking,
        marks_empty=inputs.marks_empty,
    )


def tree_record(tree: Tree) -> Record:
    return [
        "tree",
        {
            "places": [asdict(place) for place in tree.places.values()],
            "children": {parent: list(codes) for parent, codes in tree.children.items()},
            "successors": dict(tree.successors),
            "merged": sorted(tree.merged),
        },
    ]


def _read_tree(inputs: Inputs, values: Record) -> None:
    (data,) = values
    inputs.tree = Tree(
        {place["code"]: Place(**place) for place in data["places"]},
        {parent: tuple(codes) for parent, codes in data["children"].items()},
        data["successors"],
        frozenset(data["merged"]),
    )


def _read_seen(inputs: Inputs, values: Record) -> None:
    place, channels = values
    inputs.seen.update((place, channel) for channel in ("", *channels))


def _read_left_out(inputs: Inputs, values: Record) -> None:
    agency, reason = values
    inputs.left_out.add((agency, reason))
    inputs.current.left_out = frozenset(inputs.left_out)


def _read_before(inputs: Inputs, values: Record) -> None:
    inputs.compares, inputs.published_before = True, values[0]


def _sets(name: str, convert: Callable[[Any], Any] = lambda value: value) -> Callable[[Inputs, Record], None]:
    return lambda inputs, values: setattr(inputs, name, convert(values[0]))


def _define(inputs: Inputs, values: Record) -> None:
    code, version, definition = values
    inputs.definitions[code, version] = definition


_READERS: Final[Mapping[str, Callable[[Inputs, Record], None]]] = {
    "nonce": lambda _inputs, _values: None,
    "period": _sets("period"),
    "thresholds": _sets("thresholds", from_mapping),
    "names": _sets("names"),
    "ranking": _sets("ranking", tuple),
    "integrity": _sets("integrity"),
    "elsewhere": _sets("elsewhere", Elsewhere.from_plain),
    "waiting": _sets("waiting", frozenset),
    "unasked": _sets("unasked", lambda rows: frozenset((place, Channel(its)) for place, its in rows)),
    "tree": _read_tree,
    "questionnaire": _define,
    "left-out": _read_left_out,
    "before": _read_before,
    "seen": _read_seen,
    "tally": lambda inputs, values: inputs.current.tallies([values]),
    "procedure": lambda inputs, values: inputs.current.procedures([values]),
    "cluster": lambda inputs, values: inputs.current.clusters([values]),
    "links": lambda inputs, values: inputs.current.links(Channel(values[0]), {values[1]: values[2:]}),
    "tally-before": lambda inputs, values: inputs.earlier.tallies([values]),
    "cluster-before": lambda inputs, values: inputs.earlier.clusters([values]),
}
