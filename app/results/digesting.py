"""Digests: the figures of every place of a closed quarter, decided together and stored together.

A digest is made from what was read first and is stored under the number of moves that the quarter had at
that time. Answers that are counted meanwhile raise that number, so the digest is simply made again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

import orjson
from sqlalchemy import delete, insert, or_, select, update

from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.responding.store import write_turn
from app.results.counts import Collector
from app.results.families import Before
from app.results.figuring import decide, list_figures
from app.results.models import Digest, QuarterState
from app.results.reading import list_procedure_names, read_quarter, read_satisfaction
from app.results.tree import Tree, day_of, tree_on
from app.thresholds.queries import thresholds_of
from app.transactions import transaction
from surveys.figures import METHOD_VERSION, PlaceFigures
from surveys.periods import Quarter
from surveys.scoring import Channel

NEVER = -1


def list_stale(now: datetime) -> list[Quarter]:
    """Closable quarters whose digest is missing or older than their tallies, oldest first.

    The quarter after a stale one compares with it, so it is stale too.
    """
    states = db.session.execute(select(QuarterState.quarter, QuarterState.moves, QuarterState.digested_moves))
    known = {Quarter.parse(code): (moves, digested) for code, moves, digested in states}
    moved = {quarter for quarter, (moves, digested) in known.items() if moves != digested}
    moved |= {quarter.next for quarter in moved if quarter.next in known and quarter.is_closable(now)}
    return sorted(quarter for quarter in moved if quarter.is_closable(now))


def is_digested(quarter: str) -> bool:
    state = db.session.get(QuarterState, quarter)
    return state is not None and state.digested_moves != NEVER


def digest(quarter: Quarter) -> bool:
    """Makes and stores the digest of a quarter; False where another process was first or nothing is known."""
    state = db.session.execute(
        select(QuarterState.moves, QuarterState.digested_moves).where(QuarterState.quarter == quarter.code)
    ).one_or_none()
    if state is None:
        return False
    rows = [_row(figures) for figures in make(quarter)]
    with write_turn(), transaction():
        return _store(quarter.code, state.moves, state.digested_moves, rows)


def make(quarter: Quarter) -> Iterable[PlaceFigures]:
    """The figures of every place, decided anew from the tallies."""
    current, earlier = read_quarter(quarter.code), read_satisfaction(quarter.previous.code)
    counted = current.agencies.keys() | earlier.agencies.keys()
    tree = tree_on(day_of(quarter), counted, quarter.previous.first_day)
    published = is_digested(quarter.previous.code)
    before = Before(tree.summed(earlier.agencies), published, _Seen(quarter.previous.code, published, tree))
    sheet = decide(
        quarter.code,
        tree,
        tree.summed(current.agencies),
        current.versions,
        get_questionnaire,
        before,
        list_procedure_names(_procedures(current)),
        thresholds=thresholds_of(quarter.code),
    )
    return list_figures(sheet)


def _procedures(collector: Collector) -> list[str]:
    return sorted({code for counts in collector.agencies.values() for code in counts.procedures})


class _Seen:
    """Which channels of which places were printed in the digest of the quarter before."""

    def __init__(self, quarter: str, published: bool, tree: Tree) -> None:
        self.hidden: set[tuple[str, str]] = set()
        self.places: set[str] = set()
        if published:
            rows = db.session.execute(select(Digest.place, Digest.figures).where(Digest.quarter == quarter))
            for place, text in rows:
                self._read(place, orjson.loads(text))
        # A new agency of whole predecessors was printed where all of them were.
        self.parts: dict[str, list[str]] = {}
        for code, successor in tree.successors.items():
            self.parts.setdefault(successor, []).append(code)

    def _read(self, place: str, figures: dict[str, object]) -> None:
        self.places.add(place)
        if figures["official"]["hidden"]:  # type: ignore[index]  # the shape of our own JSON
            self.hidden.update((place, channel.value) for channel in Channel)
        for channel in figures["channels"]:  # type: ignore[attr-defined]  # the shape of our own JSON
            if channel["cell"]["hidden"]:
                self.hidden.add((place, channel["channel"]))

    def __call__(self, place: str, channel: Channel) -> bool:
        codes = [code for code in (place, *self.parts.get(place, ())) if code in self.places]
        return bool(codes) and all((code, channel.value) not in self.hidden for code in codes)


def _row(figures: PlaceFigures) -> dict[str, str]:
    return {
        "place": figures.place.code,
        "quarter": figures.quarter,
        "parent": figures.place.parent,
        "kind": figures.place.kind,
        "method_version": METHOD_VERSION,
        "figures": orjson.dumps(figures, default=_fraction).decode(),
    }


def _fraction(value: object) -> str:
    """As `surveys.figure_mapping.to_mapping` writes them."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise TypeError(type(value).__name__)


def _store(quarter: str, moves: int, known: int, rows: list[dict[str, str]]) -> bool:
    """Claims the state first: another process may already have stored this digest, or a newer one."""
    claimed = db.session.execute(
        update(QuarterState)
        .where(
            QuarterState.quarter == quarter,
            or_(QuarterState.digested_moves < moves, QuarterState.digested_moves == known),
        )
        .values(digested_moves=moves)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]  # an update returns a cursor
        return False
    db.session.execute(delete(Digest).where(Digest.quarter == quarter))
    db.session.execute(insert(Digest), rows)
    return True
