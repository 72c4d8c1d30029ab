"""One collector's figures against those of the others, who differ among themselves without any fault.

Honest collectors differ: in pace, in manner, in the villages they are sent to. A test that takes every
interview for an independent draw would suspect many of them. What is compared is therefore a collector with
the spread of collectors, which is measured in the round itself: an overdispersed binomial law for counts, a
normal law of measured width for scores. The spread is measured without those who lie outside it (a forward
search), else the dishonest would hide each other.

Sources: D. J. Spiegelhalter (2005), funnel plots with random effects; A. C. Atkinson and M. Riani (2000),
the forward search; M. B. Brown (1975), Fisher's sum of logarithms where tests resemble each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from surveys.intervals import t_upper_tail
from surveys.tails import beta_binomial_tail, chi_square_tail

CORE: Final = 0.8
"""The share of collectors, those nearest to the rest, from which a search begins."""
PRIOR_COLLECTORS: Final = 8
"""As how many collectors the assumed spread counts beside the measured one: it rules in a small round."""
PRIOR_LIKENESS: Final = 0.03
PRIOR_SPREAD: Final = 1.4
FEWEST_THERE: Final = 10
"""From so many cases of others on a village speaks for itself."""
_PRIOR_CASES: Final = 2.0
INNER: Final = 0.01
"""Who is less usual than this is no measure of what is usual."""
WIDER: Final = 1.15
"""By how much a variance is widened since the outer ones were left out of it: 1.07 by the normal law."""
WIDER_OF_FEW: Final = 4.0
"""Divided by their number it is added for few collectors, of whom every fifth is left out at first."""
TAIL_FREEDOM: Final = 8
FEWEST_TOGETHER: Final = 3
_ROUNDS: Final = 25

Tally = Mapping[str, tuple[int, int]]
"""Village → (cases of one kind, all cases) of one collector."""


@dataclass(frozen=True)
class Excess:
    """How far one collector stands out.

    `observed` of `size` cases where `expected` is what the others in the same villages lead one to expect
    (a share for counts, the number itself for scores). `p` is one-sided; `mid` the same for combining.
    """

    observed: float
    size: int
    expected: float
    p: float
    mid: float


def excess_counts(
    tallies: Mapping[str, Tally],
    *,
    tail: Literal["high", "low"] = "high",
    floor: float = 0.0,
    of_places: bool = False,
    prior: float = PRIOR_LIKENESS,
) -> dict[str, Excess]:
    """Whether the cases of one kind are too many ("high") or too few ("low"), for each collector with cases.

    What is expected in a village is what its other collectors found there, drawn towards the round's
    rate the more the fewer they saw. `floor` is the least rate that is ever expected, so that a thing
    that hardly happens may happen once or twice. `of_places` is for what may be a matter of the place, such
    as how content people are: whoever finds there what somebody else found there too does not stand out,
    however special the village. `prior` is the likeness of one collector's cases that is assumed where few
    collectors let it be measured.
    """
    if tail == "low":
        turned = {
            who: {village: (n - k, n) for village, (k, n) in tally.items()} for who, tally in tallies.items()
        }
        return {
            who: Excess(e.size - e.observed, e.size, 1 - e.expected, e.p, e.mid)
            for who, e in excess_counts(turned, floor=floor, of_places=of_places, prior=prior).items()
        }
    people = [
        _Person(who, tally, sum(k for k, _ in tally.values()), sum(n for _, n in tally.values()))
        for who, tally in sorted(tallies.items())
    ]
    people = [person for person in people if person.n]
    if not people:
        return {}
    found: dict[str, Excess] = {}

    def judge(kept: Sequence[int]) -> list[float]:
        law = _CountLaw([people[at] for at in kept], people, floor, of_places, prior)
        found.update({person.who: law.excess(person) for person in people})
        return [found[person.who].p for person in people]

    overall = sum(person.k for person in people) / sum(person.n for person in people)
    nearness = [(p.k - overall * p.n) / math.sqrt(p.n * (1 + (p.n - 1) * PRIOR_LIKENESS)) for p in people]
    _search(nearness, judge)
    return found


@dataclass(frozen=True)
class _Person:
    who: str
    tally: Tally
    k: int
    n: int


class _CountLaw:
    """The law that the counts of the collectors follow who are taken as its measure."""

    def __init__(
        self,
        people: Sequence[_Person],
        everybody: Sequence[_Person],
        floor: float,
        of_places: bool,
        prior: float,
    ) -> None:
        self._floor, self._of_places = floor, of_places
        self._members = {person.who for person in people}
        total = sum(person.n for person in people)
        self._rate = (sum(person.k for person in people) + _PRIOR_CASES / 4) / (total + _PRIOR_CASES)
        self._villages = _by_village(people)
        self._everybody = _by_village(everybody)
        between = _likeness([(k, n, self._rate, 0.0) for k, n in self._villages.values()], PRIOR_LIKENESS)
        # The number of interviews that knowing the round is worth when a village is judged.
        self._weight = (1 - between) / between
        expected = [self._expected(person) for person in people]
        self._likeness = _likeness(
            [(p.k, p.n, rate, extra) for p, (rate, extra) in zip(people, expected, strict=True)],
            prior,
        )

    def excess(self, person: _Person) -> Excess:
        rate, extra = self._expected(person)
        p, mid = beta_binomial_tail(person.k, person.n, rate, min(0.95, self._likeness + extra))
        there = self._there(person) if self._of_places else None
        if there is not None:
            # Somebody else found the same in the same villages: then it is the place, not the person.
            own = beta_binomial_tail(person.k, person.n, there[0], min(0.95, self._likeness + there[1]))
            if own[0] > p:
                rate, (p, mid) = there[0], own
        return Excess(person.k, person.n, rate, p, mid)

    def _there(self, person: _Person) -> tuple[float, float] | None:
        """The rate of all others in a collector's villages, and how uncertain it is; None for few of them."""
        others = k_there = 0.0
        for village, (k, n) in person.tally.items():
            all_k, all_n = self._everybody[village]
            if all_n - n < FEWEST_THERE:
                return None
            # Each village counts as much as in the collector's own work.
            k_there += n / person.n * (all_k - k + 1) / (all_n - n + 2)
            others += (n / person.n) ** 2 / (all_n - n + 3)
        return min(max(k_there, self._floor, 1e-4), 1 - 1e-4), others

    def _expected(self, person: _Person) -> tuple[float, float]:
        """The mean rate of a collector's villages by what others found, and how uncertain it is."""
        rate = extra = 0.0
        for village, (k, n) in person.tally.items():
            all_k, all_n = self._villages.get(village, (0, 0))
            if person.who in self._members:
                all_k, all_n = all_k - k, all_n - n
            here = (all_k + self._weight * self._rate) / (all_n + self._weight)
            rate += n / person.n * here
            # Several villages average out what is not known of each.
            extra += (n / person.n) ** 2 / (all_n + self._weight + 1)
        return min(max(rate, self._floor, 1e-4), 1 - 1e-4), extra


def _by_village(people: Sequence[_Person]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for person in people:
        for village, (k, n) in person.tally.items():
            had = found.get(village, (0, 0))
            found[village] = (had[0] + k, had[1] + n)
    return found


def _likeness(cases: Sequence[tuple[int, int, float, float]], prior: float) -> float:
    """The intraclass correlation at which (k, n, rate, uncertainty) spread as much as they do."""
    squares = [((k - n * rate) ** 2 / (n * rate * (1 - rate)), n, extra) for k, n, rate, extra in cases if n]

    def surplus(likeness: float) -> float:
        return sum(sq / (1 + (n - 1) * min(0.95, likeness + more)) for sq, n, more in squares) - len(squares)

    low, high = 0.0, 0.9
    if surplus(low) <= 0:
        high = 0.0
    else:
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if surplus(middle) > 0 else (low, middle)
    count = len(squares)
    return max(1e-6, (_wider(count) * high * count + prior * PRIOR_COLLECTORS) / (count + PRIOR_COLLECTORS))


@dataclass(frozen=True)
class Score:
    """A positive number of one collector with its mean and variance were all interviews exchangeable."""

    value: float
    mean: float
    variance: float
    size: int


def excess_scores(scores: Mapping[str, Score], prior_spread: float = PRIOR_SPREAD) -> dict[str, Excess]:
    """Whether a score is too high for each collector, against the centre and spread of all of them.

    What is compared is √(value / mean), in which counts spread evenly; to the variance of chance comes
    that between collectors, the same for many interviews as for few. The law is Student's with few
    degrees of freedom: honest people's habits have longer tails than the normal law.
    """
    who = sorted(name for name, score in scores.items() if score.variance > 0)
    if not who:
        return {}
    effects, chances = [], []
    for name in who:
        score = scores[name]
        effects.append(2 * math.sqrt((score.value + 0.5) / (score.mean + 0.5)) - 2)
        chances.append(score.variance / (score.mean + 0.5) ** 2)
    # Such that the assumed spread is `prior_spread` times that of chance for a collector of the middle.
    prior = (prior_spread**2 - 1) * sorted(chances)[len(chances) // 2]
    tails: list[float] = []

    def judge(kept: Sequence[int]) -> list[float]:
        between, centre = _between([(effects[at], chances[at]) for at in kept], prior)
        tails[:] = [
            t_upper_tail((effect - centre) / math.sqrt(chance + between), TAIL_FREEDOM)
            for effect, chance in zip(effects, chances, strict=True)
        ]
        return tails

    _search([effect / math.sqrt(chance) for effect, chance in zip(effects, chances, strict=True)], judge)
    return {
        name: Excess(scores[name].value, scores[name].size, scores[name].mean, p, p)
        for name, p in zip(who, tails, strict=True)
    }


def _between(effects: Sequence[tuple[float, float]], prior: float) -> tuple[float, float]:
    """The variance between collectors, and their centre, from (effect, variance by chance) of each."""

    def centre(between: float) -> float:
        weights = [1 / (chance + between) for _, chance in effects]
        return sum(w * effect for w, (effect, _) in zip(weights, effects, strict=True)) / sum(weights)

    def surplus(between: float) -> float:
        middle = centre(between)
        return sum((effect - middle) ** 2 / (chance + between) for effect, chance in effects) - len(effects)

    low, high = 0.0, sum(effect**2 for effect, _ in effects)
    if surplus(low) <= 0:
        high = 0.0
    else:
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if surplus(middle) > 0 else (low, middle)
    count = len(effects)
    between = (_wider(count) * high * count + prior * PRIOR_COLLECTORS) / (count + PRIOR_COLLECTORS)
    return between, centre(between)


def together(parts: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """One p-value for many small signs: from collector → mid-p values of all indicators that he has.

    Fisher's sum, its mean and variance measured in the round, since the signs of one person go together.
    """
    who = sorted(name for name, values in parts.items() if values)
    if len(who) < FEWEST_TOGETHER:
        return {}
    sums = [
        sum(-2 * math.log(max(value, 1e-12)) for value in parts[name]) / (2 * len(parts[name]))
        for name in who
    ]
    usual = sum(len(parts[name]) for name in who) / len(who)
    tails: list[float] = []

    def judge(kept: Sequence[int]) -> list[float]:
        weight = len(kept) + PRIOR_COLLECTORS
        mean = (sum(sums[at] for at in kept) + PRIOR_COLLECTORS) / weight
        # Independent tests would spread by 1/usual; the assumed surplus is that of honest people.
        squares = sum((sums[at] - mean) ** 2 for at in kept) + PRIOR_COLLECTORS * PRIOR_SPREAD**2 / usual
        variance = _wider(len(kept)) * squares / weight
        scale, freedom = variance / (2 * mean), 2 * mean**2 / variance
        tails[:] = [chi_square_tail(value / scale, freedom) for value in sums]
        return tails

    _search(sums, judge)
    return dict(zip(who, tails, strict=True))


def _wider(count: int) -> float:
    return WIDER + WIDER_OF_FEW / count


def _search(nearness: Sequence[float], judge: Callable[[Sequence[int]], Sequence[float]]) -> None:
    """Measure with the inner ones, take in who then lies within, until nobody comes or goes.

    `judge` measures with those at the places it is given and returns everybody's p-value.
    """
    count = len(nearness)
    order = sorted(range(count), key=lambda at: nearness[at])
    kept = sorted(order[: max(1, math.ceil(count * CORE))])
    for _ in range(_ROUNDS):
        ps = judge(kept)
        within = [at for at in range(count) if ps[at] > INNER]
        if within == kept or not within:
            return
        kept = within
