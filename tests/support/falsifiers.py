"""Waves of interviews with honest collectors, who differ, and with planted ones who make interviews up.

Honest people differ in pace, manner, hours, in how they take "I do not know" and in how often a door opens;
villages differ in mood, language and distances; a day has a mood. Nothing here looks at the indicators.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from surveys.interviews import Doors, Interview

FIRST_DAY = date(2026, 10, 5)
DISHONEST = ("full", "partial", "copier", "sudden", "learner", "careful")

# The questions of the sheet used at home: code and the usual weights of its answers.
FILED = {"yes": 45, "no": 55}
AFTER_FILING = (
    {"self": 35, "family": 30, "team": 20, "officer": 10, "paid": 5},
    None,  # The rating.
    {"under_5": 20, "5_to_8": 30, "8_to_15": 25, "15_plus": 15, "forgot": 10},
    {"early": 15, "on_time": 60, "late": 10, "not_yet": 15},
    {"none": 65, "once": 25, "twice": 10},
)
NOT_FILED = (
    {
        "no_need": 40,
        "no_phone": 15,
        "no_network": 5,
        "no_vneid": 10,
        "unable": 15,
        "in_person": 10,
        "wary": 5,
    },
    {"now": 15, "later": 35, "no": 50},
)
VNEID = {"yes": 60, "no": 40}


@dataclass
class Village:
    name: str
    mood: float
    words: float
    pace: float
    doors: float
    filed: float
    walk: float


@dataclass
class Person:
    """A collector, with what makes him himself. `tells`: how a dishonest one works at home."""

    name: str
    kind: str
    mood: float
    pace: float
    doors: float
    missing: float
    filed: float
    walk: float
    evening: float
    tells: dict[str, float] = field(default_factory=dict)


@dataclass
class Wave:
    interviews: list[Interview]
    doors: list[Doors]
    kinds: dict[str, str]


def wave(seed: int, honest: int = 200, each: int = 4, mean_size: int = 50, long: bool = False) -> Wave:
    """One round: `honest` collectors and `each` of every dishonest kind, two to a village in the mean.

    `long`: the sheet has five more scales, so that straight lines can be drawn.
    """
    draw = random.Random(seed)
    kinds = ["honest"] * honest + [kind for kind in DISHONEST for _ in range(each)]
    draw.shuffle(kinds)
    villages = [_village(draw, number) for number in range(max(2, len(kinds) // 2))]
    result = Wave([], [], {})
    for number, kind in enumerate(kinds):
        person = _person(draw, f"TV-{number:03}", kind)
        result.kinds[person.name] = kind
        places = [villages[number // 2 % len(villages)]]
        if draw.random() < 0.3:
            places.append(draw.choice(villages))
        _Work(draw, person, places, max(12, round(draw.gauss(mean_size, mean_size / 5))), long).do(result)
    return result


def _village(draw: random.Random, number: int) -> Village:
    return Village(
        name=f"{10000 + number // 10:05}-{number % 10 + 1:02}",
        mood=draw.gauss(0, 0.5), words=draw.gauss(0, 0.4), pace=draw.gauss(0, 0.12),
        doors=draw.gauss(0, 0.4), filed=draw.gauss(0, 0.5), walk=draw.gauss(0, 0.3),
    )  # fmt: skip


def _person(draw: random.Random, name: str, kind: str) -> Person:
    person = Person(
        name, kind,
        mood=draw.gauss(0, 0.35), pace=draw.gauss(0, 0.2), doors=draw.gauss(0, 0.4),
        missing=draw.gauss(0, 0.5), filed=draw.gauss(0, 0.25), walk=draw.gauss(0, 0.25),
        evening=draw.choice((0.02, 0.05, 0.2)),
    )  # fmt: skip
    if kind != "honest":
        # Some fakers are careless in everything, some only in a few things.
        person.tells = {
            "pace": draw.uniform(0.3, 0.65), "gap": draw.uniform(0.08, 0.4), "habit": draw.uniform(0.4, 0.85),
            "doors": draw.uniform(0.0, 0.5), "missing": draw.uniform(0.0, 0.5),
            "night": draw.choice((0, 0, 0, 0.1, 0.4)),
        }  # fmt: skip
    return person


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


class _Work:
    """What one person hands in."""

    def __init__(
        self, draw: random.Random, person: Person, places: list[Village], size: int, long: bool
    ) -> None:
        self.draw, self.person, self.places, self.size, self.long = draw, person, places, size, long
        self.real: list[tuple[tuple[str, ...], int | None, tuple[int, ...]]] = []
        self.habits: dict[int, str] = {}

    def do(self, into: Wave) -> None:
        draw, person = self.draw, self.person
        day, today, at = FIRST_DAY, 0, 0
        moment = self._morning(day)
        mood_of_day = draw.gauss(0, 0.25)
        wanted = draw.randint(6, 14)
        tally = {place.name: [0, 0, 0] for place in self.places}
        for number in range(self.size):
            if today >= wanted:
                day += timedelta(days=draw.choice((1, 1, 1, 2, 3)))
                moment, today, mood_of_day = self._morning(day), 0, draw.gauss(0, 0.25)
                wanted = draw.randint(6, 14)
            place = self.places[number * len(self.places) // self.size]
            fake = self._is_fake(number)
            if fake and person.kind != "careful" and draw.random() < person.tells["night"] / 4:
                moment = max(moment, datetime(day.year, day.month, day.day, 13, 10, tzinfo=UTC))
            self._doors(tally[place.name], place, fake)
            sheet, rating, scales, missing = self._sheet(place, fake, mood_of_day)
            asked = sum(1 for value in sheet if value)
            seconds = self._seconds(place, fake, asked, number)
            into.interviews.append(
                Interview(
                    person.name, place.name, day, at, sheet, rating, scales, asked, missing, moment, seconds
                )
            )
            at, today = at + 1, today + 1
            moment += timedelta(seconds=seconds + self._gap(place, fake))
        for name, (answered, refused, unopened) in tally.items():
            into.doors.append(Doors(person.name, name, answered, refused, unopened))

    def _morning(self, day: date) -> datetime:
        """Local 7:30 to 16:00, some in the evening: in UTC, seven hours earlier."""
        hour = (
            self.draw.uniform(10, 12.5)
            if self.draw.random() < self.person.evening
            else self.draw.uniform(0.5, 7)
        )
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)

    def _is_fake(self, number: int) -> bool:
        kind, done = self.person.kind, number / self.size
        if kind in ("full", "careful"):
            return True
        if kind == "partial":
            return self.draw.random() < 0.3
        if kind == "copier":
            return bool(self.real) and self.draw.random() < 0.7
        if kind == "sudden":
            return done >= 0.5
        return kind == "learner" and self.draw.random() < done

    def _doors(self, tally: list[int], place: Village, fake: bool) -> None:
        draw = self.draw
        tally[0] += 1
        shut = _logistic(-0.8 + place.doors + self.person.doors)
        if fake and self.person.kind != "careful":
            shut *= self.person.tells["doors"]
        while draw.random() < shut:
            tally[1 + (draw.random() < 0.7)] += 1

    def _seconds(self, place: Village, fake: bool, asked: int, number: int) -> int:
        log = math.log(20 + 9 * asked) + place.pace + self.person.pace - 0.1 * min(1, number / 20)
        seconds = math.exp(log + self.draw.gauss(0, 0.33))
        if fake and self.person.kind not in ("careful", "copier"):
            seconds *= self.person.tells["pace"]
        elif fake and self.person.kind == "copier":
            seconds *= (1 + self.person.tells["pace"]) / 2
        return max(8, round(seconds))

    def _gap(self, place: Village, fake: bool) -> float:
        gap = math.exp(math.log(330) + place.walk + self.person.walk + self.draw.gauss(0, 0.6))
        if fake and self.person.kind != "careful":
            gap *= self.person.tells["gap"]
        elif self.draw.random() < 0.004:
            return -self.draw.uniform(20, 60)  # A sheet left open while the next house was visited.
        return max(5, gap)

    def _sheet(
        self, place: Village, fake: bool, mood_of_day: float
    ) -> tuple[tuple[str, ...], int | None, tuple[int, ...], int]:
        kind = self.person.kind
        if fake and kind == "copier":
            sheet, rating, scales = self.draw.choice(self.real[-12:])
            return self._jitter(sheet), rating, scales, 0
        made = self._invent(place) if fake and kind != "careful" else self._ask(place, mood_of_day, fake)
        sheet, rating, scales, missing = made
        if not fake:
            self.real.append((sheet, rating, scales))
        return sheet, rating, scales, missing

    def _jitter(self, sheet: tuple[str, ...]) -> tuple[str, ...]:
        answered = [at for at, value in enumerate(sheet) if value and at > 0]
        at = self.draw.choice(answered)
        changed = list(sheet)
        if at == 8:
            changed[at] = self.draw.choice(tuple(VNEID))
        elif at in (6, 7):
            changed[at] = self.draw.choice(tuple(NOT_FILED[at - 6]))
        elif at in (1, 3, 4, 5) and (weights := AFTER_FILING[at - 1]) is not None:
            changed[at] = self.draw.choice(tuple(weights))
        return tuple(changed)

    def _pick(self, weights: dict[str, int], tilt: float = 0.0) -> str:
        """One of the answers; `tilt` leans the weights towards the first ones."""
        values = list(weights)
        leaning = [w * math.exp(-tilt * at / len(values)) for at, w in enumerate(weights.values())]
        return self.draw.choices(values, leaning)[0]

    def _level(self, lean: float) -> int:
        cut = self.draw.gauss(lean, 1)
        return 1 + sum(cut > limit for limit in (-2.1, -1.5, -0.7, 0.5))

    def _ask(
        self, place: Village, mood_of_day: float, careful: bool
    ) -> tuple[tuple[str, ...], int | None, tuple[int, ...], int]:
        """A household answers; somebody careful makes up what one like it might, a little too evenly."""
        draw, person = self.draw, self.person
        mood = place.mood + person.mood + mood_of_day + draw.gauss(0, 0.4 if careful else 0.8)
        tilt = place.words + mood / 2
        unsure = _logistic(-3.0 + person.missing) * (0.7 if careful else 1)
        missing = 0

        def said(weights: dict[str, int]) -> str:
            nonlocal missing
            if draw.random() < unsure:
                missing += 1
                return "-"
            value = self._pick(weights, tilt)
            missing += value == "forgot"
            return value

        rating, scales = None, ()
        if draw.random() < _logistic(-0.2 + place.filed + person.filed):
            rating = self._level(mood)
            middle = [str(rating) if weights is None else said(weights) for weights in AFTER_FILING]
            sheet = ["yes", *middle, "", "", said(VNEID)]
            scales = (rating, *(self._level(mood) for _ in range(5))) if self.long else (rating,)
        else:
            sheet = ["no", "", "", "", "", "", *(said(weights) for weights in NOT_FILED), said(VNEID)]
        more = [str(level) for level in scales[1:]] if scales else [""] * 5
        return tuple(sheet + (more if self.long else [])), rating, scales, missing

    def _invent(self, place: Village) -> tuple[tuple[str, ...], int | None, tuple[int, ...], int]:
        """Quickly, out of the head: mostly what one always puts, else anything that seems usual."""
        draw, tells = self.draw, self.person.tells

        def put(at: int, weights: dict[str, int]) -> str:
            if at not in self.habits:
                self.habits[at] = self._pick(weights)
            return self.habits[at] if draw.random() < tells["habit"] else self._pick(weights)

        unsure = _logistic(-3.0 + self.person.missing) * tells["missing"]
        missing = int(draw.random() < unsure * 4)
        rating, scales = None, ()
        if put(0, {"yes": 35, "no": 65}) == "yes":
            rating = int(put(2, {"5": 45, "4": 45, "3": 10}))
            middle = [str(rating) if w is None else put(at, w) for at, w in enumerate(AFTER_FILING, 1)]
            sheet = ["yes", *middle, "", "", put(8, VNEID)]
            scales = (rating,)
            if self.long:
                scales = (
                    rating,
                    *(rating if draw.random() < tells["habit"] else draw.randint(3, 5) for _ in "12345"),
                )
        else:
            sheet = [
                "no",
                "",
                "",
                "",
                "",
                "",
                *(put(at, w) for at, w in enumerate(NOT_FILED, 6)),
                put(8, VNEID),
            ]
        more = [str(level) for level in scales[1:]] if scales else [""] * 5
        return tuple(sheet + (more if self.long else [])), rating, scales, missing
