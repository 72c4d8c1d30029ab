"""How an edition and the others come to terms: hide, control again, attack again, until all is quiet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.results.control import control
from app.results.elsewhere import ALONE, Elsewhere
from app.results.overlap_control import audit, find_all
from app.results.overlap_strands import CountDays, Held, SegmentCounts, Strand, list_strands
from surveys.segments import Narrow, SeenEdition, concerned, derivable, hide, touch


@dataclass(frozen=True)
class Finding:
    """What could be worked out in one strand, with the days that its numbers of segments stand for."""

    narrow: Narrow
    strand: Strand
    days: tuple[date, ...]


@dataclass(frozen=True)
class Settled:
    """What others ask of the edition, and what nothing that it hides can prevent."""

    elsewhere: Elsewhere = ALONE
    left: tuple[Finding, ...] = ()


def settle(candidate: Held, others: Sequence[Held], count: CountDays) -> Settled:
    """Nothing is read or counted where no other edition shares a day with the candidate."""
    if not any(touch(candidate, other) for other in others):
        return Settled()
    return _Settling(candidate, others, count).run()


def find_open(candidate: Held, others: Sequence[Held], count: CountDays) -> list[Finding]:
    """Everything that could be worked out as things stand; nothing is hidden."""
    if not any(touch(candidate, other) for other in others):
        return []
    return list(_Settling(candidate, others, count).list_open())


class _Settling:
    def __init__(self, candidate: Held, others: Sequence[Held], count: CountDays) -> None:
        self.candidate = candidate
        self.strands = list_strands([candidate, *others])
        self.segments = SegmentCounts(self.strands, count)
        self.others = others
        self.quiet: dict[tuple[int, bool], set[object]] = {}

    def run(self) -> Settled:
        known = frozenset(
            key
            for strand in self.strands
            for key in self._derivable(self.candidate.seen(strand), self.seen(strand))
        )
        elsewhere = Elsewhere(known=known)
        while True:
            hidden = control(
                self.candidate.tree, self.candidate.counts, self.candidate.answered, elsewhere,
                minimum=self.candidate.thresholds.disclosure, marks_empty=self.candidate.marks_empty,
            )  # fmt: skip
            asked, left = self._attack(replace(self.candidate, hidden=hidden))
            if left or not asked:
                return Settled(Elsewhere(elsewhere.withheld | asked, known), tuple(left))
            if asked <= elsewhere.withheld:
                # A strand with cells that the control does not know: to go on would never end.
                raise ArithmeticError(f"asked again for what is withheld: {sorted(asked)[:3]}")
            elsewhere = Elsewhere(elsewhere.withheld | asked, known)

    def seen(self, strand: Strand, *, with_levels: bool = False) -> list[SeenEdition]:
        """The others, made anew each time: of the whole country all strands would not fit in memory."""
        return [other.seen(strand, with_levels=with_levels) for other in self.others]

    def list_open(self) -> Iterator[Finding]:
        for at, strand in enumerate(self.strands):
            for with_levels in (False, True) if strand.has_levels else (False,):
                outcome = find_all(
                    self.candidate.seen(strand, with_levels=with_levels),
                    self.seen(strand, with_levels=with_levels),
                    strand.family,
                    self.segments.of(at, with_levels=with_levels),
                    minimum=self.candidate.thresholds.disclosure,
                )
                yield from (Finding(narrow, strand, outcome.days) for narrow in outcome.left)

    def _derivable(self, seen: SeenEdition, others: Sequence[SeenEdition]) -> frozenset[tuple[str, str]]:
        return derivable(seen, concerned(seen, others))

    def _attack(self, candidate: Held) -> tuple[frozenset[tuple[str, str]], list[Finding]]:
        asked: set[tuple[str, str]] = set()
        left: list[Finding] = []
        for at, strand in enumerate(self.strands):
            mine: set[tuple[str, str]] = set()
            for with_levels in (False, True) if strand.has_levels else (False,):
                outcome = audit(
                    hide(candidate.seen(strand, with_levels=with_levels), mine),
                    self.seen(strand, with_levels=with_levels),
                    strand.family,
                    self.segments.of(at, with_levels=with_levels),
                    minimum=candidate.thresholds.disclosure,
                    quiet=self.quiet.setdefault((at, with_levels), set()),
                )
                mine |= outcome.withheld
                left += [Finding(narrow, strand, outcome.days) for narrow in outcome.left]
            asked |= mine
        return frozenset(asked), left
