"""From a parsed profile to a plan; every mistake is named with the key at which it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, TypeVar

from surveys.criteria import Target
from surveys.periods import Deadline, Month
from surveys.plan_model import (
    Criterion,
    Cycle,
    Document,
    Feedback,
    Goal,
    Level,
    Plan,
    Quantity,
    Ranking,
    Report,
    Role,
    Scope,
    Source,
    SurveyChannels,
    long_date,
)

CRITERION_CODE = re.compile(r"[A-Z]{2}\d[a-z]?")
PROVINCE_CODE = re.compile(r"\d{2}")

_E = TypeVar("_E", Level, Cycle)


class PlanError(ValueError):
    """A profile is wrong; the message begins with the plan and the key, as "son-la-169: scope.level: …"."""


class _Reader:
    """One mapping of a profile, read key by key; `close` refuses keys that nobody asked for."""

    def __init__(self, data: object, path: str) -> None:
        self.path = path
        if not isinstance(data, Mapping):
            raise self.wrong("", "phải là một nhóm khóa")
        self.data = data
        self.known: set[object] = set()

    def wrong(self, key: str, problem: str) -> PlanError:
        where = f"{self.path}{key}" if self.path.endswith(": ") else ".".join(filter(None, (self.path, key)))
        return PlanError(f"{where}: {problem}")

    def raw(self, key: str) -> object:
        self.known.add(key)
        return self.data.get(key)

    def optional(self, key: str) -> str | None:
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, date):
            return value.isoformat()
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "phải là chữ, không được trống")
        if not unicodedata.is_normalized("NFC", value):
            raise self.wrong(key, "chữ tiếng Việt phải ở dạng dựng sẵn (NFC)")
        return value.strip()

    def text(self, key: str) -> str:
        value = self.optional(key)
        if value is None:
            raise self.wrong(key, "thiếu khóa này")
        return value

    def flag(self, key: str) -> bool:
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "phải là true hoặc false")
        return bool(value)

    def whole(self, key: str) -> int | None:
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, "phải là số nguyên")
        return value

    def number(self, key: str) -> Fraction:
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "phải là số")
        # Through the text, so that 2.5 stays five halves and no binary remainder enters.
        return Fraction(str(value))

    def day(self, key: str) -> date | None:
        value = self.optional(key)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError as error:
            raise self.wrong(key, "ngày phải viết như 2025-11-10") from error

    def choice(self, key: str, kind: type[_E]) -> _E:
        value = self.text(key)
        try:
            return kind(value)
        except ValueError as error:
            raise self.wrong(key, f"“{value}” không thuộc {', '.join(kind)}") from error

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self.wrong(key, "phải là danh sách")
        inner = _Reader({str(i): item for i, item in enumerate(value)}, self.wrong(key, "").args[0][:-2])
        return tuple(inner.text(str(i)) for i in range(len(value)))

    def group(self, key: str) -> _Reader:
        return _Reader(self.raw(key), self._below(key))

    def items(self, key: str) -> Iterator[_Reader]:
        """The entries of a list of mappings; each is called by its code, else by its place."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self.wrong(key, "phải là danh sách")
        codes: set[object] = set()
        for place, item in enumerate(value, start=1):
            code = item.get("code") if isinstance(item, Mapping) else None
            if code is not None and code in codes:
                raise self.wrong(key, f"mã “{code}” dùng hai lần")
            codes.add(code)
            yield _Reader(item, self._below(f"{key}.{code or place}"))

    def entries(self, key: str) -> Iterator[tuple[object, _Reader]]:
        group = self.group(key)
        for name in group.data:
            yield name, group.group_named(name)

    def group_named(self, name: object) -> _Reader:
        self.known.add(name)
        return _Reader(self.data[name], self._below(str(name)))

    def close(self) -> None:
        for key in self.data:
            if key not in self.known:
                raise self.wrong(str(key), "không có khóa này")

    def _below(self, key: str) -> str:
        return f"{self.path}{key}" if self.path.endswith(": ") else f"{self.path}.{key}"


def load_plan(mapping: Mapping[str, object]) -> Plan:
    """A plan from its parsed profile; PlanError names the key of the first mistake."""
    name = mapping.get("id") if isinstance(mapping, Mapping) else None
    reader = _Reader(mapping, f"{name or 'kế hoạch'}: ")
    plan_id = reader.text("id")
    document = _document(reader.group("document"))
    cited = f"{document.kind} {document.number_words} {_short_date(document)}"
    criteria = tuple(_criterion(item) for item in reader.items("criteria"))
    basis = reader.data.get("target_basis")
    plan = Plan(
        id=plan_id,
        title=reader.text("title"),
        document=document,
        scope=_scope(reader.group("scope")),
        inherits=reader.optional("inherits"),
        period=_period(reader),
        parties=_names(reader, "parties"),
        roles=tuple(_role(item) for item in reader.items("roles")),
        criteria=criteria,
        goals=_goals(reader, cited),
        target_basis={year: words for year, words in _basis(reader)} if basis is not None else {},
        quantities=tuple(_quantity(item, cited) for item in reader.items("quantities")),
        ranking=_ranking(reader.group("ranking"), cited),
        feedback=_feedback(reader.group("feedback"), cited),
        survey_channels=_channels(reader),
        emulation=reader.flag("emulation"),
        reports=tuple(_report(item, plan_id, cited) for item in reader.items("reports")),
        integrations=reader.texts("integrations"),
        baseline=tuple(_quantity(item, cited) for item in reader.items("baseline")),
        inferred=reader.texts("inferred"),
        notes=reader.texts("notes"),
    )
    reader.close()
    _check_references(plan, reader)
    return plan


def _document(reader: _Reader) -> Document:
    month = reader.optional("month")
    try:
        parsed_month = Month.parse(month) if month else None
    except ValueError as error:
        raise reader.wrong("month", str(error)) from error
    document = Document(
        kind=reader.text("kind"),
        number=reader.optional("number"),
        number_note=reader.optional("number_note"),
        date=reader.day("date"),
        month=parsed_month,
        date_note=reader.optional("date_note"),
        issuer=reader.text("issuer"),
        subject=reader.optional("subject"),
        replaces=reader.optional("replaces"),
    )
    for key, note in (("number", document.number_note), ("date", document.date_note)):
        if getattr(document, key) is None and note is None:
            raise reader.wrong(key, f"không có thì phải giải thích ở {key}_note")
    reader.close()
    return document


def _short_date(document: Document) -> str:
    day = document.date
    return f"ngày {day.day}/{day.month}/{day.year}" if day else document.date_words


def _scope(reader: _Reader) -> Scope:
    level, code = reader.choice("level", Level), reader.optional("province_code")
    if (code is None) is not (level is Level.NATIONAL) or (code and not PROVINCE_CODE.fullmatch(code)):
        raise reader.wrong("province_code", "tỉnh có mã hai chữ số (viết trong ngoặc kép), cả nước thì không")
    scope = Scope(level, code, reader.text("name"), reader.whole("communes"), reader.flag("special_zone"))
    reader.close()
    return scope


def _period(reader: _Reader) -> tuple[date, date] | None:
    if reader.raw("period") is None:
        return None
    period = reader.group("period")
    first, last = period.day("first_day"), period.day("last_day")
    period.close()
    if first is None or last is None or last < first:
        raise period.wrong("last_day", "đợt cần ngày đầu và ngày cuối, ngày cuối không trước ngày đầu")
    return first, last


def _names(reader: _Reader, key: str) -> dict[str, str]:
    if reader.raw(key) is None:
        return {}
    group = reader.group(key)
    return {str(code): group.text(str(code)) for code in group.data}


def _basis(reader: _Reader) -> Iterator[tuple[int, str]]:
    group = reader.group("target_basis")
    texts = _Reader({str(year): words for year, words in group.data.items()}, group.path)
    for year in group.data:
        yield _year(group, year), texts.text(str(year))


def _year(reader: _Reader, year: object) -> int:
    if isinstance(year, bool) or not isinstance(year, int) or not 2000 <= year <= 2100:
        raise reader.wrong(str(year), "phải là năm, như 2026")
    return year


def _role(reader: _Reader) -> Role:
    role = Role(
        reader.text("code"),
        reader.text("name"),
        reader.texts("leads"),
        reader.texts("works_with"),
        reader.texts("tasks"),
        reader.flag("optional"),
    )
    reader.close()
    return role


def _criterion(reader: _Reader) -> Criterion:
    operator = reader.optional("operator")
    known: dict[str | None, Literal[">=", "<"] | None] = {None: None, ">=": ">=", "<": "<"}
    if operator not in known:
        raise reader.wrong("operator", f"“{operator}” không phải “>=”, “<” hay null")
    code, unit = reader.text("code"), reader.optional("unit")
    if CRITERION_CODE.fullmatch(code) is None:
        raise reader.wrong("code", "mã tiêu chí viết như TC4, CT1b")
    if (unit is None) is not (operator is None):
        raise reader.wrong("unit", "có phép so sánh thì có đơn vị, không thì không")
    found = Criterion(code, reader.text("name"), known[operator], unit, reader.texts("sources"))
    reader.close()
    return found


_NATIONAL_FORMS: dict[str, tuple[Literal[">=", "<"] | None, str | None]] = {
    "TC1": (None, None),
    "TC2": ("<", "phút"),
    "TC3": (">=", "%"),
    "TC4": (">=", "%"),
}
"""Operator and unit of the four criteria, for plans that inherit them and give only the values."""


def _goals(reader: _Reader, cited: str) -> tuple[Goal, ...]:
    forms = dict(_NATIONAL_FORMS)
    for item in reader.items("criteria"):
        found = _criterion(item)
        forms[found.code] = (found.operator, found.unit)
    goals: list[Goal] = []
    for year, of_year in reader.entries("targets"):
        for code, item in of_year.entries_of():
            if code not in forms:
                raise of_year.wrong(str(code), "tiêu chí này không có trong criteria")
            target = _target(item, str(code), *forms[str(code)])
            goals.append(Goal(_year(of_year, year), str(code), target, _source(item, cited)))
            item.close()
    return tuple(goals)


def _target(
    reader: _Reader, code: str, operator: Literal[">=", "<"] | None, unit: str | None
) -> Target | None:
    if operator is None or unit is None:
        if reader.raw("value") is not True:
            raise reader.wrong("value", "tiêu chí không có ngưỡng chỉ nhận true")
        return None
    try:
        return Target(code, operator, reader.number("value"), unit)
    except PlanError:
        raise
    except ValueError as error:
        raise reader.wrong("value", str(error)) from error


def _source(reader: _Reader, cited: str) -> Source:
    """The plan itself with the section, or another document where the entry names one."""
    if reader.raw("source") is None:
        return Source(cited, reader.text("section"))
    other = reader.group("source")
    day = other.day("date")
    words = f"{other.text('kind')} số {other.text('number')}"
    if day is not None:
        words += f" ngày {day.day}/{day.month}/{day.year}"
    source = Source(words, other.text("section"))
    other.close()
    return source


def _quantity(reader: _Reader, cited: str) -> Quantity:
    quantity = Quantity(
        reader.text("code"),
        reader.text("name"),
        reader.number("value"),
        reader.text("unit"),
        _source(reader, cited),
        reader.optional("note"),
    )
    reader.close()
    return quantity


def _ranking(reader: _Reader, cited: str) -> Ranking:
    enabled = reader.flag("enabled")
    ranking = Ranking(enabled)
    if enabled:
        ranking = Ranking(True, reader.text("subjects"), reader.flag("published"), _source(reader, cited))
    reader.close()
    return ranking


def _feedback(reader: _Reader, cited: str) -> Feedback:
    feedback = Feedback(False)
    if reader.flag("enabled"):
        days = reader.whole("working_days")
        feedback = Feedback(True, reader.text("requirement"), days, _source(reader, cited))
    reader.close()
    return feedback


def _channels(reader: _Reader) -> SurveyChannels | None:
    if reader.raw("survey_channels") is None:
        return None
    group = reader.group("survey_channels")
    channels = SurveyChannels(group.flag("offline_home"), group.texts("languages"), group.optional("note"))
    group.close()
    return channels


def _report(reader: _Reader, plan_id: str, cited: str) -> Report:
    cycle, deadline = reader.choice("cycle", Cycle), _deadline(reader)
    if (deadline is None) is (cycle is Cycle.ONCE):
        raise reader.wrong("deadline", "báo cáo một lần phải có hạn, báo cáo định kỳ thì không")
    report = Report(
        code=reader.text("code"),
        origin=plan_id,
        cycle=cycle,
        title=reader.text("title"),
        sender=reader.text("from"),
        recipient=reader.text("to"),
        via=reader.optional("via"),
        deadline=deadline,
        source=_source(reader, cited),
        note=reader.optional("note"),
    )
    reader.close()
    return report


def _deadline(reader: _Reader) -> Deadline | None:
    if reader.raw("deadline") is None:
        return None
    group = reader.group("deadline")
    kind, value = group.text("kind"), group.text("value")
    group.close()
    if kind not in ("before_day", "in_month"):
        raise group.wrong("kind", f"“{kind}” không phải “before_day” hay “in_month”")
    try:
        return Deadline("before_day" if kind == "before_day" else "in_month", value)
    except ValueError as error:
        raise group.wrong("value", str(error)) from error


def _check_references(plan: Plan, reader: _Reader) -> None:
    """What a plan without a parent names must be in it; with a parent `resolve` checks again."""
    if plan.inherits is None:
        check_parties(plan)
    for entry in plan.inferred:
        if not _leads_somewhere(reader.data, entry.split(".")):
            raise reader.wrong("inferred", f"“{entry}” không chỉ vào khóa nào")


def check_parties(plan: Plan) -> None:
    """Every sender, recipient and led criterion of a plan is known to it; else PlanError."""
    codes = {criterion.code for criterion in plan.criteria}
    for report in plan.reports:
        for key, party in (("from", report.sender), ("to", report.recipient)):
            if plan.party_name(party) is None:
                raise PlanError(f"{plan.id}: reports.{report.code}.{key}: không có vai trò “{party}”")
    for role in plan.roles:
        for duty in (*role.leads, *role.works_with):
            if CRITERION_CODE.fullmatch(duty) and duty not in codes:
                raise PlanError(f"{plan.id}: roles.{role.code}.leads: không có tiêu chí “{duty}”")
    for goal in plan.goals:
        if goal.criterion not in codes:
            raise PlanError(f"{plan.id}: targets.{goal.year}.{goal.criterion}: không có tiêu chí này")


def _leads_somewhere(data: object, steps: Sequence[str]) -> bool:
    if not steps:
        return True
    step, rest = steps[0], steps[1:]
    below: list[object] = []
    if isinstance(data, Mapping):
        below = [value for key, value in data.items() if step in ("*", str(key))]
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for item in data:
            code = item.get("code") if isinstance(item, Mapping) else item
            if step in ("*", str(code)):
                below.append(item)
    return any(_leads_somewhere(value, rest) for value in below)
