"""Answers that arrived after their quarter was closed: how many, and whether they oblige a revision.

They stay in their own quarter and are counted apart, as "phiếu đến muộn". No answer keeps the instant at
which it came, so a late one is known by the difference only: what the quarter holds now, without what it held
when the edition was closed. Set aside or counted, released or left out, an answer is one answer, and none is
ever deleted, so the difference of all of them is exactly what arrived.

What is told is rounded down to tens, as of an open quarter, and nothing below ten: two counts of some days
apart would otherwise tell of single persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from flask import current_app
from sqlalchemy import func, select

from app.catalogue.queries import get_questionnaire, list_questionnaires
from app.editions.fileset import Draft
from app.editions.listing import find_newest, frozen
from app.editions.models import Edition
from app.editions.shelf import LATE, FrozenEdition
from app.extensions import db
from app.results.gathering import indicator_ids
from app.results.models import Tally
from app.results.tallying import SET_ASIDE
from surveys.disclosure import coarse_open_count
from surveys.editions import EditionCode
from surveys.figures import NATION
from surveys.lateness import Cell, is_obliging
from surveys.periods import Quarter
from surveys.scoring import VERIFIED_CHANNELS, Channel, Phase
from surveys.thresholds import Thresholds, from_mapping

_OFFICIAL: Final = "official"
_KEPT: Final = 4
_DIRECTORY: Final = "directory.json"
_THRESHOLDS: Final = "thresholds.json"
_VERIFIED: Final = {(channel.value, Phase.AFTER_RESULT.value) for channel in VERIFIED_CHANNELS}

Stream: TypeAlias = tuple[str, str]
"""A channel and a phase, by their words."""


@dataclass
class Received:
    """Of one agency: answers that count, by stream, and those that were set aside."""

    counted: dict[Stream, int] = field(default_factory=dict)
    aside: int = 0

    @property
    def total(self) -> int:
        return sum(self.counted.values()) + self.aside

    @property
    def cells(self) -> dict[str, int]:
        """What is printed of it: the official figure, and each channel."""
        cells = {f"{channel} {phase}": n for (channel, phase), n in self.counted.items()}
        cells[_OFFICIAL] = sum(n for stream, n in self.counted.items() if stream in _VERIFIED)
        return cells

    def add(self, other: Received) -> None:
        for stream, n in other.counted.items():
            self.counted[stream] = self.counted.get(stream, 0) + n
        self.aside += other.aside


@dataclass(frozen=True)
class Late:
    """What came too late for an edition: by place in tens, and the cells that oblige a revision."""

    edition: str
    counts: Mapping[str, int]
    obliging: tuple[Cell, ...]


def late_for(edition: Edition) -> Late:
    """As of now, for an edition of a quarter. Answers must have been folded."""
    opened = frozen(edition)
    known, thresholds = received_when_closed(opened), from_mapping(opened.read_json(_THRESHOLDS))
    before, after = _by_place(opened, known), _by_place(opened, _received_now(edition.period))
    nothing = Received()
    arrived = {code: now.total - before.get(code, nothing).total for code, now in after.items()}
    counts = {code: coarse_open_count(n, thresholds.disclosure) for code, n in sorted(arrived.items())}
    return Late(
        edition.code,
        {code: n for code, n in counts.items() if n},
        tuple(_obliging(before, after, arrived, thresholds)),
    )


def late_today(edition: Edition, day: date) -> Late:
    """The same for staff: the first count of a day stands until the next, so that nobody sees them arrive."""
    kept: dict[tuple[str, date], Late] = current_app.extensions.setdefault("late_answers", {})
    found = kept.get((edition.sha256, day))
    if found is None:
        found = late_for(edition)
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)), None)
        kept[edition.sha256, day] = found
    return found


def write_late(draft: Draft, code: EditionCode) -> None:
    """Freezes what is printed of late answers.

    Of a revision for the edition that it revises, of a quarter for the one before; nothing for a month or a
    week, nor where nothing was published before.
    """
    if not isinstance(code.period, Quarter):
        return
    of = code.period if code.revision else code.period.previous
    edition = find_newest(of.code)
    if edition is not None:
        late = late_for(edition)
        plain = {"edition": edition.code, "sha256": edition.sha256, "counts": dict(late.counts)}
        draft.write_json(LATE, plain)


def received_when_closed(opened: FrozenEdition) -> dict[str, Received]:
    """By agency, from what was sealed. Read once by each process: it never changes."""
    kept: dict[str, dict[str, Received]] = current_app.extensions.setdefault("late_sealed", {})
    if opened.sha256 not in kept:
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)), None)
        kept[opened.sha256] = _received(_sealed_rows(opened))
    return kept[opened.sha256]


def _sealed_rows(opened: FrozenEdition) -> Iterable[tuple[str, str, str, bool, int]]:
    indicators: set[tuple[str, str, str]] = set()
    for record in opened.sealed_records():
        if record[0] == "questionnaire":
            indicators.update((record[1], record[2], question) for question in indicator_ids(record[3]))
        elif record[0] == "tally":
            _kind, agency, channel, phase, code, version, question, _value, _assigned, n = record
            if question == SET_ASIDE or (code, version, question) in indicators:
                yield agency, channel, phase, question == SET_ASIDE, n


def _received_now(quarter: str) -> dict[str, Received]:
    indicators = {get_questionnaire(name.code, name.version).indicator.id for name in list_questionnaires()}
    statement = (
        select(Tally.agency, Tally.channel, Tally.phase, Tally.question, func.sum(Tally.n))
        .where(Tally.quarter == quarter, Tally.question.in_(sorted({*indicators, SET_ASIDE})))
        .group_by(Tally.agency, Tally.channel, Tally.phase, Tally.question)
    )
    rows = db.session.execute(statement)
    return _received((*row[:3], row[3] == SET_ASIDE, int(row[4])) for row in rows)


def _received(rows: Iterable[tuple[str, str, str, bool, int]]) -> dict[str, Received]:
    found: dict[str, Received] = {}
    for agency, channel, phase, is_aside, n in rows:
        received = found.setdefault(agency, Received())
        if is_aside:
            received.aside += n
        else:
            received.counted[channel, phase] = received.counted.get((channel, phase), 0) + n
    return found


def _by_place(opened: FrozenEdition, agencies: Mapping[str, Received]) -> dict[str, Received]:
    """As the edition has the country; an agency that it does not know is in the sum of the nation alone."""
    directory: Mapping[str, Any] = opened.read_json(_DIRECTORY)
    parents = {place["code"]: place["parent"] for place in directory["places"]}
    sums: dict[str, Received] = {}
    for code, received in agencies.items():
        agency = directory["successors"].get(code, code)
        for place in dict.fromkeys((agency, parents[agency], NATION)) if agency in parents else (NATION,):
            sums.setdefault(place, Received()).add(received)
    return sums


def _obliging(
    before: Mapping[str, Received],
    after: Mapping[str, Received],
    arrived: Mapping[str, int],
    thresholds: Thresholds,
) -> Iterable[Cell]:
    """An answer that was released since has joined a cell and is not late.

    So of what joined a cell no more is late than has arrived at the place.
    """
    for place, now in sorted(after.items()):
        cells = before[place].cells if place in before else {}
        for part, n in sorted(now.cells.items()):
            joined = min(n - cells.get(part, 0), arrived[place])
            if is_obliging(joined, cells.get(part, 0), thresholds):
                yield Cell(place, part)


def stream_of(cell: Cell) -> tuple[Channel, Phase] | None:
    """None for the official figure."""
    if cell.part == _OFFICIAL:
        return None
    channel, phase = cell.part.split()
    return Channel(channel), Phase(phase)
