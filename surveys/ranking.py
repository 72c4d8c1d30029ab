"""Ranking as far as the answers carry it: intervals of ranks and three groups, never a bare place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from surveys.collation import CollationKey, collation_key
from surveys.comparison import Sample, benjamini_hochberg, score_test
from surveys.intervals import effective_n
from surveys.thresholds import DEFAULTS, Size, Thresholds


@dataclass(frozen=True)
class Entrant:
    """One agency and its answers in the channel of the ranking."""

    code: str
    name: str
    satisfied: int
    n: int
    n_eff: Size

    @property
    def sample(self) -> Sample:
        return Sample(self.satisfied, self.n, self.n_eff)

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.satisfied, self.n) if self.n else None


class Group(StrEnum):
    """An agency against all the others pooled ("so với các đơn vị còn lại")."""

    HIGHER = "cao hơn rõ rệt"
    SAME = "không khác rõ rệt"
    LOWER = "thấp hơn rõ rệt"


@dataclass(frozen=True)
class RankRow:
    """A ranked agency: its rank lies between `best` and `worst`; `q` belongs to its group."""

    entrant: Entrant
    rate: Fraction
    best: int
    worst: int
    group: Group
    q: float

    @property
    def span(self) -> str:
        """The "khoảng hạng": "2–5", or "1" where the answers leave one place only."""
        return str(self.best) if self.best == self.worst else f"{self.best}–{self.worst}"


@dataclass(frozen=True)
class RankTable:
    """Rows from the highest rate down, and apart, by the alphabet, those that are not ranked."""

    rows: tuple[RankRow, ...]
    apart: tuple[Entrant, ...]

    @property
    def exists(self) -> bool:
        return bool(self.rows)


def rank_family(entrants: Sequence[Entrant], thresholds: Thresholds = DEFAULTS) -> RankTable:
    """Rank the agencies of one kind in one province; with fewer than two to compare, nobody is."""
    ranked = [entrant for entrant in entrants if entrant.sample.size >= thresholds.rank]
    if len(ranked) < 2:
        return RankTable((), tuple(sorted(entrants, key=_by_name)))
    better, worse = _pair_counts(ranked, thresholds.alpha)
    rows = [
        RankRow(
            entrant=entrant,
            rate=entrant.sample.rate,
            best=1 + better[index],
            worst=len(ranked) - worse[index],
            group=group,
            q=q,
        )
        for index, (entrant, (group, q)) in enumerate(
            zip(ranked, _groups(ranked, thresholds.alpha), strict=True)
        )
    ]
    rows.sort(key=lambda row: (-row.rate, _by_name(row.entrant)))
    apart = [entrant for entrant in entrants if entrant.sample.size < thresholds.rank]
    return RankTable(tuple(rows), tuple(sorted(apart, key=_by_name)))


def _by_name(entrant: Entrant) -> tuple[CollationKey, str]:
    return collation_key(entrant.name), entrant.code


def _pair_counts(ranked: Sequence[Entrant], alpha: float) -> tuple[list[int], list[int]]:
    """For each agency how many are significantly better and how many worse; all pairs are one family."""
    samples = [entrant.sample for entrant in ranked]
    pairs = list(combinations(range(len(samples)), 2))
    tests = [score_test(samples[one], samples[two]) for one, two in pairs]
    better, worse = [0] * len(samples), [0] * len(samples)
    for (one, two), (z, _), q in zip(pairs, tests, benjamini_hochberg([p for _, p in tests]), strict=True):
        if q > alpha or z == 0:
            continue
        winner, loser = (two, one) if z > 0 else (one, two)
        better[loser] += 1
        worse[winner] += 1
    return better, worse


def _groups(ranked: Sequence[Entrant], alpha: float) -> list[tuple[Group, float]]:
    """Each against the pool of all others; these N tests are a family of their own."""
    tests = [
        score_test(_pool([*ranked[:index], *ranked[index + 1 :]]), entrant.sample)
        for index, entrant in enumerate(ranked)
    ]
    qs = benjamini_hochberg([p for _, p in tests])
    return [(_group(z, q, alpha), q) for (z, _), q in zip(tests, qs, strict=True)]


def _group(z: float, q: float, alpha: float) -> Group:
    if q > alpha or z == 0:
        return Group.SAME
    return Group.HIGHER if z > 0 else Group.LOWER


def _pool(entrants: Sequence[Entrant]) -> Sample:
    n = sum(entrant.n for entrant in entrants)
    parts = [(entrant.n, float(entrant.n / entrant.n_eff)) for entrant in entrants]
    return Sample(sum(entrant.satisfied for entrant in entrants), n, effective_n(parts))
