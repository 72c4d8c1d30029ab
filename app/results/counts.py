"""What was counted for one place, at the grain from which its figures are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

from app.results.tallying import FILL, RELEASED, SET_ASIDE
from surveys.intervals import cluster_deff, effective_n
from surveys.questionnaire import Questionnaire
from surveys.scoring import VERIFIED_CHANNELS, Channel, Distribution, Phase, official

Version: TypeAlias = tuple[str, str]
"""Code and version of a questionnaire."""

Item: TypeAlias = tuple[str, str]
"""Code of a questionnaire and id of a question: versions of one code are pooled, codes never."""

Stream: TypeAlias = tuple[Channel, Phase]
FindQuestionnaire: TypeAlias = Callable[[str, str], Questionnaire]

_STREAMS: Final = {(str(channel), str(phase)): (channel, phase) for channel in Channel for phase in Phase}
"""Streams by the words in the tables."""


def in_order(streams: Iterable[Stream]) -> list[Stream]:
    """After the result first, then in the order of the channels."""
    order = list(Channel)
    return sorted(streams, key=lambda stream: (stream[1] is not Phase.AFTER_RESULT, order.index(stream[0])))


@dataclass
class Invited:
    """Who was asked in one channel, and who answered.

    Links issued in the quarter and those that were used; of interviews the doors at which somebody eligible
    lives and the interviews that came of them, in the commune where the doors are, whatever service they
    were about; and of the other doors how many refused and at how many nobody was at home.
    """

    issued: int = 0
    spent: int = 0
    refused: int = 0
    absent: int = 0

    def add(self, issued: int, spent: int, refused: int = 0, absent: int = 0) -> None:
        self.issued += issued
        self.spent += spent
        self.refused += refused
        self.absent += absent


@dataclass
class PlaceCounts:
    """Counts of one agency, or the sum of several. Levels are lists of five numbers, for 5 down to 1."""

    satisfaction: dict[Stream, list[int]] = field(default_factory=dict)
    # The official answers by code of questionnaire: whom its own questions were put to.
    by_code: dict[str, list[int]] = field(default_factory=dict)
    villages: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    assigned: dict[Item, list[int]] = field(default_factory=dict)
    volunteered: dict[Item, list[int]] = field(default_factory=dict)
    answers: dict[Item, Counter[str]] = field(default_factory=dict)
    procedures: dict[str, dict[Channel, list[int]]] = field(default_factory=dict)
    fill: Counter[int] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    # The same answers by stream; and by reason, which of them two persons left out or let count.
    aside: Counter[Stream] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    released: Counter[str] = field(default_factory=Counter)
    versions: dict[Channel, set[Version]] = field(default_factory=dict)
    invited: dict[Channel, Invited] = field(default_factory=dict)

    def add(self, other: PlaceCounts) -> None:
        for mine, theirs in (
            (self.satisfaction, other.satisfaction),
            (self.by_code, other.by_code),
            (self.villages, other.villages),
            (self.assigned, other.assigned),
            (self.volunteered, other.volunteered),
        ):
            for key, levels in theirs.items():
                _add_levels(mine, key, levels)
        for item, values in other.answers.items():
            self.answers.setdefault(item, Counter()).update(values)
        for procedure, channels in other.procedures.items():
            for channel, levels in channels.items():
                _add_levels(self.procedures.setdefault(procedure, {}), channel, levels)
        self.fill.update(other.fill)
        self.set_aside.update(other.set_aside)
        self.aside.update(other.aside)
        self.left_out.update(other.left_out)
        self.released.update(other.released)
        for channel, versions in other.versions.items():
            self.versions.setdefault(channel, set()).update(versions)
        for channel, links in other.invited.items():
            known = self.invited.setdefault(channel, Invited())
            known.add(links.issued, links.spent, links.refused, links.absent)

    def of(self, channel: Channel, phase: Phase = Phase.AFTER_RESULT) -> Distribution:
        return distribution(self.satisfaction.get((channel, phase)))

    @property
    def official(self) -> Distribution:
        """The verified channels after the result, pooled."""
        return Distribution.total(self.of(channel) for channel in VERIFIED_CHANNELS)

    @property
    def apart(self) -> list[Stream]:
        """Streams outside the official figure that have answers, in a fixed order."""
        return in_order(stream for stream in self.satisfaction if not official(*stream))

    @cached_property
    def field_deff(self) -> float:
        """Asked for many times, and only once every answer has been added."""
        return cluster_deff([(levels[0] + levels[1], sum(levels)) for levels in self.villages.values()])

    def deff(self, channel: Channel) -> float:
        return self.field_deff if channel is Channel.FIELD else 1.0

    def n_eff(self, channel: Channel) -> float:
        """Of one verified channel after the result."""
        return effective_n([(self.of(channel).n, self.deff(channel))])

    @property
    def official_n_eff(self) -> float:
        return effective_n([(self.of(channel).n, self.deff(channel)) for channel in VERIFIED_CHANNELS])

    @property
    def questionnaires(self) -> tuple[str, ...]:
        names = {f"{code} {version}" for versions in self.versions.values() for code, version in versions}
        return tuple(sorted(names))


def distribution(levels: Iterable[int] | None) -> Distribution:
    if levels is None:
        return Distribution()
    five, four, three, two, one = levels
    return Distribution((five, four, three, two, one))


def _add_levels(into: dict[Any, list[int]], key: Any, levels: Iterable[int]) -> None:
    known = into.get(key)
    if known is None:
        into[key] = list(levels)
    else:
        for index, number in enumerate(levels):
            known[index] += number


class Collector:
    """Sorts tally rows into the counts of their agencies; questions are understood by their version."""

    def __init__(self, find: FindQuestionnaire, left_out: Collection[tuple[str, str]] = ()) -> None:
        self.find = find
        # Agencies and reasons about whose answers two persons decided that they stay out.
        self.left_out = frozenset(left_out)
        self.agencies: dict[str, PlaceCounts] = {}
        self._roles: dict[Version, Mapping[str, str]] = {}

    def place(self, agency: str) -> PlaceCounts:
        found = self.agencies.get(agency)
        if found is None:
            found = self.agencies[agency] = PlaceCounts()
        return found

    def tallies(self, rows: Iterable[Any]) -> None:
        """Rows of agency, channel, phase, questionnaire, version, question, value, assigned, n."""
        for agency, channel, phase, code, version, question, value, assigned, n in rows:
            counts, stream = self.place(agency), _STREAMS[channel, phase]
            if question == FILL:
                if official(*stream):
                    counts.fill[int(value)] += n
            elif question == SET_ASIDE:
                counts.set_aside[value] += n
                counts.aside[stream] += n
                if (agency, value) in self.left_out:
                    counts.left_out[value] += n
            elif question == RELEASED:
                counts.released[value] += n
            else:
                role = self._role((code, version), question)
                self._count(counts, stream, (code, version), question, role, value, assigned, n)

    def _count(
        self, counts: PlaceCounts, stream: Stream, version: Version, question: str, role: str,
        value: str, assigned: bool, n: int,
    ) -> None:  # fmt: skip
        if role == "indicator":
            _add_one(counts.satisfaction, stream, value, n)
            if official(*stream):
                _add_one(counts.by_code, version[0], value, n)
            if stream[1] is Phase.AFTER_RESULT:
                counts.versions.setdefault(stream[0], set()).add(version)
        elif role and official(*stream):
            item = (version[0], question)
            if role == "options":
                counts.answers.setdefault(item, Counter())[value] += n
            elif value in _PLACES:
                _add_one(counts.assigned if assigned else counts.volunteered, item, value, n)

    def procedures(self, rows: Iterable[Any]) -> None:
        """Rows of agency, procedure, channel, phase, value, n."""
        for agency, procedure, channel, phase, value, n in rows:
            stream = _STREAMS[channel, phase]
            if official(*stream):
                channels = self.place(agency).procedures.setdefault(procedure, {})
                _add_one(channels, stream[0], str(value), n)

    def clusters(self, rows: Iterable[Any]) -> None:
        """Rows of agency, cluster, phase, value, n; all of the field channel."""
        for agency, cluster, phase, value, n in rows:
            if phase == Phase.AFTER_RESULT:
                _add_one(self.place(agency).villages, (agency, cluster), str(value), n)

    def links(self, channel: Channel, counted: Mapping[str, Sequence[int]]) -> None:
        """The numbers of `Invited` for each agency, added to those known; links have two of them."""
        for agency, numbers in counted.items():
            self.place(agency).invited.setdefault(channel, Invited()).add(*numbers)

    @property
    def versions(self) -> set[Version]:
        """Every version whose answers were counted."""
        return set(self._roles)

    def _role(self, version: Version, question: str) -> str:
        """What a question is for the figures: the indicator, a factor, options to choose, or nothing."""
        roles = self._roles.get(version)
        if roles is None:
            roles = self._roles[version] = dict(_roles_of(self.find(*version)))
        return roles.get(question, "")


_PLACES: Final = {"5": 0, "4": 1, "3": 2, "2": 3, "1": 4}


def _add_one(into: dict[Any, list[int]], key: Any, value: str, n: int) -> None:
    levels = into.get(key)
    if levels is None:
        levels = into[key] = [0, 0, 0, 0, 0]
    levels[_PLACES[value]] += n


def _roles_of(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for question in questionnaire.questions:
        if question.id == questionnaire.indicator.id:
            yield question.id, "indicator"
        elif question.factor:
            yield question.id, "factor"
        elif question.type in ("choice", "choices"):
            yield question.id, "options"
