"""What makes one collector's interviews differ from those of the others of a round.

A finding opens a review; it judges nobody. Ten thousand interviews hold many oddities: each indicator
compares a collector with the spread of collectors in the same villages (surveys/peers.py), the indicators of
one family share one p-value, and Benjamini–Hochberg over all collectors and families keeps the expected share
of findings that mean nothing at `FALSE_SHARE`. Three findings of plain impossibility stand by themselves.

The indicators are those of docs/interviews.md, whose drill says what they find and what they miss.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from surveys.comparison import benjamini_hochberg
from surveys.peers import Excess, together
from surveys.questionnaire import Questionnaire
from surveys.questions import Answer
from surveys.routing import asked
from surveys.scoring import Phase

FALSE_SHARE: Final = 0.1
"""The share of flags that may be chance: the q up to which a family's finding opens a review.

One in ten is what a question to an honest collector may cost; docs/interviews.md has what it finds."""
RULE_P: Final = 1e-4
"""A rule that was hit stands by itself where chance explains it less often than this."""
FEWEST_INTERVIEWS: Final = 10
FEWEST_COLLECTORS: Final = 3


class Family(StrEnum):
    """Indicators that look at the same thing: one p-value for all of them."""

    TIME = "time"
    CONTENT = "content"
    EFFORT = "effort"
    ORDER = "order"
    BACKCHECK = "backcheck"
    TOGETHER = "together"


class Indicator(StrEnum):
    """What was looked at; the words for people belong to the application."""

    SHORT = "short"
    FAST = "fast"
    UNEVEN_TIMES = "uneven-times"
    FLOOR = "floor"
    GAPS = "gaps"
    UNEVEN_GAPS = "uneven-gaps"
    OVERLAPS = "overlaps"
    TRAVEL = "travel"
    HASTY = "hasty"
    HOURS = "hours"
    NEAR_DUPLICATES = "near-duplicates"
    SAMENESS = "sameness"
    STRAIGHT_LINES = "straight-lines"
    LITTLE_VARIANCE = "little-variance"
    ONE_ANSWER = "one-answer"
    SHORT_ROUTE = "short-route"
    NOTHING_MISSING = "nothing-missing"
    NO_REFUSALS = "no-refusals"
    RUNS = "runs"
    PERIOD = "period"
    IDENTICAL_IN_ROW = "identical-in-row"
    BACKCHECK = "backcheck"
    TOGETHER = "together"


FAMILIES: Final[Mapping[Indicator, Family]] = {
    Indicator.SHORT: Family.TIME,
    Indicator.FAST: Family.TIME,
    Indicator.UNEVEN_TIMES: Family.TIME,
    Indicator.UNEVEN_GAPS: Family.TIME,
    Indicator.FLOOR: Family.TIME,
    Indicator.GAPS: Family.TIME,
    Indicator.OVERLAPS: Family.TIME,
    Indicator.TRAVEL: Family.TIME,
    Indicator.HASTY: Family.TIME,
    Indicator.HOURS: Family.TIME,
    Indicator.NEAR_DUPLICATES: Family.CONTENT,
    Indicator.SAMENESS: Family.CONTENT,
    Indicator.STRAIGHT_LINES: Family.CONTENT,
    Indicator.LITTLE_VARIANCE: Family.CONTENT,
    Indicator.ONE_ANSWER: Family.CONTENT,
    Indicator.SHORT_ROUTE: Family.EFFORT,
    Indicator.NOTHING_MISSING: Family.EFFORT,
    Indicator.NO_REFUSALS: Family.EFFORT,
    Indicator.RUNS: Family.ORDER,
    Indicator.PERIOD: Family.ORDER,
    Indicator.IDENTICAL_IN_ROW: Family.ORDER,
    Indicator.BACKCHECK: Family.BACKCHECK,
    Indicator.TOGETHER: Family.TOGETHER,
}

RULES: Final = frozenset({Indicator.FLOOR, Indicator.OVERLAPS, Indicator.TRAVEL, Indicator.IDENTICAL_IN_ROW})
"""Indicators of what should hardly ever happen: each is compared with a fixed least rate."""


@dataclass(frozen=True)
class Interview:
    """One interview as the indicators see it.

    `sheet`: answers to closed questions in their order, empty where not asked. `rating`: 1–5, None without
    one. `scales`: all levels that were given. `asked` and `missing` count closed questions. `started`
    is an aware instant and `seconds` the time it took; both None on paper, and where the clock of the
    device cannot be trusted. `at` orders the interviews of one collector.
    """

    collector: str
    village: str
    day: date
    at: int
    sheet: tuple[str, ...]
    rating: int | None
    scales: tuple[int, ...]
    asked: int
    missing: int
    started: datetime | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Doors:
    """What one collector found at the doors of one village: interviews, and doors without one."""

    collector: str
    village: str
    answered: int
    refused: int
    unopened: int


@dataclass(frozen=True)
class SecondVisits:
    """Back-checks of one collector: facts compared at second visits, and those that disagreed."""

    collector: str
    compared: int
    disagreed: int


@dataclass(frozen=True)
class Finding:
    """An indicator by which a collector stands out, with the numbers that a reviewer needs.

    `q` is the adjusted p-value of its family; `rule` marks a finding that stands by itself.
    """

    collector: str
    indicator: Indicator
    p: float
    q: float
    rule: bool
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Sign:
    """One indicator of one collector: how far out, and by which numbers."""

    excess: Excess
    numbers: Mapping[str, float] = field(default_factory=dict)


Signs = Mapping[Indicator, Mapping[str, Sign]]


def interview(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    *,
    collector: str,
    village: str,
    day: date,
    at: int,
    started: datetime | None = None,
    seconds: int | None = None,
) -> Interview:
    """An interview from stored answers. Text and rotated rows without an answer are not missed."""
    ids = set(asked(questionnaire, answers, Phase.AFTER_RESULT))
    rotated = set(questionnaire.rotation.of) if questionnaire.rotation else set()
    closed = [question for question in questionnaire.questions if question.type != "text"]
    put = [q for q in closed if q.id in ids and (q.id in answers or q.id not in rotated)]
    # A question of several choices may rightly be left without one.
    missing = [q for q in put if q.type != "choices" and q.is_missing(answers.get(q.id))]
    scales = {q.id: answers[q.id] for q in put if q.type == "scale" and isinstance(answers.get(q.id), int)}
    rating = next((scales.get(q.id) for q in questionnaire.questions if q.indicator == "satisfaction"), None)
    return Interview(
        collector=collector,
        village=village,
        day=day,
        at=at,
        sheet=tuple(_as_code(answers.get(q.id)) if q.id in ids else "" for q in closed),
        rating=rating if isinstance(rating, int) else None,
        scales=tuple(level for level in scales.values() if isinstance(level, int)),
        asked=len(put),
        missing=len(missing),
        started=started,
        seconds=seconds,
    )


def _as_code(answer: Answer | None) -> str:
    if answer is None:
        return "-"
    return "+".join(answer) if isinstance(answer, list) else str(answer)


def findings(signs: Signs) -> list[Finding]:
    """Whose review is to be opened, and why: the surest first.

    Of a family that stands out, every indicator is named that would do so alone, and at least the
    strongest one.
    """
    signs = _with_together(signs)
    families: dict[tuple[str, Family], list[tuple[Indicator, Sign]]] = defaultdict(list)
    for indicator, by_collector in signs.items():
        for collector, sign in by_collector.items():
            families[collector, FAMILIES[indicator]].append((indicator, sign))
    keys = sorted(families)
    # The smallest p of m tests, times m: right whatever ties them to each other.
    ps = [min(1.0, len(families[key]) * min(s.excess.p for _, s in families[key])) for key in keys]
    found = []
    for key, p, q in zip(keys, ps, benjamini_hochberg(ps), strict=True):
        limit = q * len(families[key]) / max(p, 1e-300)
        strongest = min(families[key], key=lambda pair: (pair[1].excess.p, pair[0]))[0]
        for indicator, sign in families[key]:
            own = min(1.0, sign.excess.p * limit)
            rule = indicator in RULES and sign.excess.p <= RULE_P
            if rule or (q <= FALSE_SHARE and (indicator is strongest or own <= FALSE_SHARE)):
                found.append(Finding(key[0], indicator, sign.excess.p, max(q, own), rule, sign.numbers))
    return sorted(found, key=lambda f: (f.p, f.collector, f.indicator))


def _with_together(signs: Signs) -> Signs:
    mids: dict[str, list[float]] = defaultdict(list)
    for indicator, by_collector in signs.items():
        for collector, sign in by_collector.items():
            if indicator not in RULES:
                mids[collector].append(sign.excess.mid)
    sums = together(mids)
    return {
        **signs,
        Indicator.TOGETHER: {
            collector: Sign(
                Excess(0.0, len(mids[collector]), 0.0, p, p), {"indicators": len(mids[collector])}
            )
            for collector, p in sums.items()
        },
    }


def own_interviews(interviews: Sequence[Interview]) -> dict[str, list[Interview]]:
    """Collector → his interviews in their order."""
    own: dict[str, list[Interview]] = defaultdict(list)
    for one in interviews:
        own[one.collector].append(one)
    return {collector: sorted(mine, key=lambda one: one.at) for collector, mine in sorted(own.items())}
