"""What an administrative plan is: its document, roles, criteria, targets and reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from surveys.criteria import Target
from surveys.periods import Deadline, Month

INFERRED = "suy luận"
"""Printed beside everything that the document does not say and we concluded."""

UNREADABLE = "không đọc được trên bản chụp"


class Level(StrEnum):
    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"


class Cycle(StrEnum):
    """How often a report is due; `ONCE` has a deadline of its own, the others recur."""

    ONCE = "once"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def words(self) -> str:
        return _CYCLE_WORDS[self]


_CYCLE_WORDS = {
    Cycle.ONCE: "một lần",
    Cycle.WEEKLY: "hằng tuần",
    Cycle.MONTHLY: "hằng tháng",
    Cycle.QUARTERLY: "hằng quý",
    Cycle.YEARLY: "hằng năm",
}


def long_date(day: dt.date) -> str:
    """As Nghị định 30/2020/NĐ-CP asks: days below ten and January and February with a leading zero."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


@dataclass(frozen=True)
class Document:
    """The administrative document; what cannot be read is None and explained in its note."""

    kind: str
    number: str | None
    number_note: str | None
    date: dt.date | None
    month: Month | None
    date_note: str | None
    issuer: str
    subject: str | None
    replaces: str | None

    @property
    def number_words(self) -> str:
        return f"số {self.number or self.number_note}"

    @property
    def date_words(self) -> str:
        if self.date is not None:
            return long_date(self.date)
        where = f"tháng {self.month.number} năm {self.month.year}" if self.month else ""
        return f"{where} ({self.date_note})".strip()

    @property
    def short_date_words(self) -> str:
        """As tables and sources name a day: "ngày 12/8/2025"; where only the month is known, that."""
        if self.date is None:
            return f"tháng {self.month.number}/{self.month.year}" if self.month else self.date_words
        return f"ngày {self.date.day}/{self.date.month}/{self.date.year}"

    @property
    def cited(self) -> str:
        """Kind, number and day, as a source names a document."""
        return f"{self.kind} {self.number_words} {self.short_date_words}"

    @property
    def title(self) -> str:
        """Kind, number, date, issuer and subject, as a legal basis names a document."""
        subject = f" {self.subject}" if self.subject else ""
        return f"{self.kind} {self.number_words} {self.date_words} của {self.issuer}{subject}"

    @property
    def in_force_from(self) -> dt.date | None:
        """The day of the document, or the first of its month where only that can be read."""
        return self.date or (self.month.first_day if self.month else None)


@dataclass(frozen=True)
class Source:
    """Where a number or duty stands: document and section."""

    document: str
    section: str

    @property
    def place(self) -> str:
        """ "mục II.2.a", but an appendix or a footnote is named by its own word."""
        return f"mục {self.section}" if self.section[0] in "IVX" else self.section

    def __str__(self) -> str:
        return f"{self.document}, {self.place}"


@dataclass(frozen=True)
class Scope:
    level: Level
    province_code: str | None
    name: str
    communes: int | None
    special_zone: bool

    @property
    def full_name(self) -> str:
        prefix = {Level.NATIONAL: "", Level.PROVINCE: "tỉnh ", Level.CITY: "thành phố "}[self.level]
        return prefix + self.name


@dataclass(frozen=True)
class Role:
    """An actor. `leads` holds codes of criteria and duties in words; `optional`: only encouraged."""

    code: str
    name: str
    leads: tuple[str, ...]
    works_with: tuple[str, ...]
    tasks: tuple[str, ...]
    optional: bool


@dataclass(frozen=True)
class Criterion:
    """`operator` and `unit` are None where the plan asks for yes or no, without a threshold."""

    code: str
    name: str
    operator: Literal[">=", "<"] | None
    unit: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Goal:
    """What a plan asks of a criterion in a year; `target` is None where it sets no threshold."""

    year: int
    criterion: str
    target: Target | None
    source: Source

    @property
    def words(self) -> str:
        if self.target is None:
            return "có"
        sign = "từ" if self.target.operator == ">=" else "dưới"
        value = str(self.target.value).replace(".", ",")
        unit = "\N{NO-BREAK SPACE}" + self.target.unit
        if self.target.unit == "%" and self.target.value == 100:
            return f"{value}{unit}"
        return f"{sign} {value}{unit}{' trở lên' if sign == 'từ' else ''}"


@dataclass(frozen=True)
class Quantity:
    """A number of the plan that is not a criterion: how many services, villages, accounts."""

    code: str
    name: str
    value: Fraction
    unit: str
    source: Source
    note: str | None


@dataclass(frozen=True)
class Ranking:
    enabled: bool
    subjects: str | None = None
    published: bool = False
    source: Source | None = None


@dataclass(frozen=True)
class Feedback:
    """The mechanism for reactions and proposals; `working_days` is None where no limit is set."""

    enabled: bool
    requirement: str | None = None
    working_days: int | None = None
    source: Source | None = None


@dataclass(frozen=True)
class SurveyChannels:
    offline_home: bool
    languages: tuple[str, ...]
    note: str | None


@dataclass(frozen=True)
class Report:
    """A report or another duty with a time. `sender` and `recipient` are codes of roles or parties;
    a duty that nobody receives, such as the completion of a system, has no recipient.

    `origin` is the id of the plan that asks for it, also where another plan inherits it.
    """

    code: str
    origin: str
    cycle: Cycle
    title: str
    sender: str
    recipient: str | None
    via: str | None
    deadline: Deadline | None
    source: Source
    note: str | None


@dataclass(frozen=True)
class Plan:
    """The targets, deadlines and actors of one administrative document."""

    id: str
    title: str
    document: Document
    scope: Scope
    inherits: str | None
    period: tuple[dt.date, dt.date] | None
    parties: Mapping[str, str]
    roles: tuple[Role, ...]
    criteria: tuple[Criterion, ...]
    goals: tuple[Goal, ...]
    target_basis: Mapping[int, str]
    quantities: tuple[Quantity, ...]
    ranking: Ranking
    feedback: Feedback
    survey_channels: SurveyChannels | None
    emulation: bool
    reports: tuple[Report, ...]
    integrations: tuple[str, ...]
    baseline: tuple[Quantity, ...]
    inferred: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def ranks(self) -> bool:
        """Whether the plan asks for a ranking; without it no rank is printed anywhere."""
        return self.ranking.enabled

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({goal.year for goal in self.goals}))

    def goals_of(self, year: int) -> tuple[Goal, ...]:
        """Everything the plan asks for in a year, also what it asks without a threshold."""
        return tuple(goal for goal in self.goals if goal.year == year)

    def targets(self, year: int) -> tuple[Target, ...]:
        """The thresholds of a year; empty for a year the plan does not speak of."""
        return tuple(goal.target for goal in self.goals_of(year) if goal.target is not None)

    def target(self, year: int, criterion: str) -> Target | None:
        goal = self.goal(year, criterion)
        return goal.target if goal else None

    def goal(self, year: int, criterion: str) -> Goal | None:
        found = [goal for goal in self.goals_of(year) if goal.criterion == criterion]
        return found[0] if found else None

    def criterion(self, code: str) -> Criterion | None:
        return next((criterion for criterion in self.criteria if criterion.code == code), None)

    def party_name(self, code: str) -> str | None:
        """The name of a role or of a party that only receives."""
        role = next((role for role in self.roles if role.code == code), None)
        return role.name if role else self.parties.get(code)

    def leads(self, criterion: str) -> tuple[Role, ...]:
        return tuple(role for role in self.roles if criterion in role.leads)

    def is_inferred(self, path: str) -> bool:
        """Whether we concluded a value rather than read it, as `reports.periodic.cycle`.

        An entry covers everything below it; `*` stands for any one step.
        """
        steps = path.split(".")
        return any(
            len(entry) <= len(steps) and all(e in ("*", s) for e, s in zip(entry, steps, strict=False))
            for entry in (text.split(".") for text in self.inferred)
        )

    def marked(self, words: str, path: str) -> str:
        """The words, with "(suy luận)" behind them where the value was inferred."""
        return f"{words} ({INFERRED})" if self.is_inferred(path) else words
