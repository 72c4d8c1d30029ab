"""Which changes a revision may print: small ones wait, so that nobody is seen by comparing two editions.

A revision takes over the new answers of an agency as a whole or not at all, with every one of its channels,
factors and questions, and totals are the sums of what was taken over. So a total never tells what an agency
holds back. A change is large enough where nobody, or at least ten answers, joined, and nobody, or at least
ten, left. Agencies that are not printed wait or change together with the unprinted ones beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import TypeAlias

from surveys.disclosure_table import MINIMUM

WAITING = "có đính chính nhỏ chưa in"

Tally: TypeAlias = Mapping[str, Sequence[int]]
"""The counts of an agency by what is counted: a channel by levels, a factor, the answers to a question."""


class Verdict(Enum):
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    WAITS = WAITING


@dataclass(frozen=True, slots=True)
class Moved:
    """The least numbers of answers that explain a difference: more may have come and gone unseen."""

    added: int
    removed: int

    @property
    def is_nothing(self) -> bool:
        return not self.added and not self.removed

    def is_large_enough(self, minimum: int) -> bool:
        return all(side == 0 or side >= minimum for side in (self.added, self.removed))


def least_moved(old: Sequence[int], new: Sequence[int]) -> Moved:
    """Level by level: where one rose and another fell, some answers came and others went."""
    changes = [after - before for before, after in zip_longest(old, new, fillvalue=0)]
    return Moved(sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0))


def pooled(tallies: Iterable[Tally]) -> dict[str, list[int]]:
    sums: dict[str, list[int]] = {}
    for tally in tallies:
        for name, levels in tally.items():
            known = sums.get(name, [])
            sums[name] = [a + b for a, b in zip_longest(known, levels, fillvalue=0)]
    return sums


def list_moved(old: Tally, new: Tally) -> list[Moved]:
    """For everything that is counted of an agency, what joined and left it."""
    return [least_moved(old.get(name, ()), new.get(name, ())) for name in sorted({*old, *new})]


def decide_revision(
    old: Mapping[str, Tally],
    new: Mapping[str, Tally],
    parents: Mapping[str, str],
    printed: Collection[str],
    *,
    minimum: int = MINIMUM,
) -> dict[str, Verdict]:
    """For each agency whether its new answers are taken over.

    `parents` names the place above each agency; `printed` are the agencies that the edition before prints,
    and those that the revision would.
    """
    verdicts: dict[str, Verdict] = {}
    unprinted: dict[str, list[str]] = {}
    for agency in sorted({*old, *new}):
        moved = list_moved(old.get(agency, {}), new.get(agency, {}))
        if all(each.is_nothing for each in moved):
            verdicts[agency] = Verdict.UNCHANGED
        elif agency in printed:
            is_large = all(each.is_large_enough(minimum) for each in moved)
            verdicts[agency] = Verdict.CHANGED if is_large else Verdict.WAITS
        else:
            unprinted.setdefault(parents.get(agency, ""), []).append(agency)
    for agencies in unprinted.values():
        verdicts.update(dict.fromkeys(agencies, _of_group(agencies, old, new, minimum)))
    return verdicts


def _of_group(
    agencies: Sequence[str], old: Mapping[str, Tally], new: Mapping[str, Tally], minimum: int
) -> Verdict:
    """Of agencies that are not printed one by one: only their sum can be seen, in the total above them.

    One that lost answers and one that won some would hide each other there; both sides are counted apart.
    """
    names = sorted({name for agency in agencies for tally in (old, new) for name in tally.get(agency, {})})
    for name in names:
        each = [
            least_moved(old.get(agency, {}).get(name, ()), new.get(agency, {}).get(name, ()))
            for agency in agencies
        ]
        sums = least_moved(
            pooled(old.get(agency, {}) for agency in agencies).get(name, ()),
            pooled(new.get(agency, {}) for agency in agencies).get(name, ()),
        )
        whole = Moved(sum(moved.added for moved in each), sum(moved.removed for moved in each))
        if not sums.is_large_enough(minimum) or not whole.is_large_enough(minimum):
            return Verdict.WAITS
    return Verdict.CHANGED
