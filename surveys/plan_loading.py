"""From a parsed profile to a plan; every mistake is named with the key at which it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from surveys.criteria import Target
from surveys.mapping_reader import PlanError, Reader
from surveys.periods import Deadline, DeadlineKind, Month
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
)

CRITERION_CODE = re.compile(r"[A-Z]{2}\d[a-z]?")
PROVINCE_CODE = re.compile(r"\d{2}")

DEADLINE_KINDS: tuple[DeadlineKind, ...] = ("before_day", "in_month", "in_year")

Operator = Literal[">=", "<"] | None

INHERITED_FORMS: Mapping[str, tuple[Operator, str | None]] = {
    "TC1": (None, None),
    "TC2": ("<", "phút"),
    "TC3": (">=", "%"),
    "TC4": (">=", "%"),
}
"""Operator and unit of the four national criteria, for plans that give only their values."""


def load_plan(mapping: Mapping[str, object]) -> Plan:
    """A plan from its parsed profile; PlanError names the plan and the key of the first mistake."""
    name = mapping.get("id") if isinstance(mapping, Mapping) else None
    reader = Reader(mapping, str(name or "kế hoạch"))
    plan_id = reader.text("id")
    document = _document(reader.group("document"))
    cited = document.cited
    plan = Plan(
        id=plan_id,
        title=reader.text("title"),
        document=document,
        scope=_scope(reader.group("scope")),
        inherits=reader.optional("inherits"),
        period=_period(reader),
        parties=_names(reader),
        roles=tuple(_role(item) for item in reader.items("roles")),
        criteria=tuple(_criterion(item) for item in reader.items("criteria")),
        goals=_goals(reader, cited),
        target_basis=_target_basis(reader),
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
    for entry in plan.inferred:
        if not _leads_somewhere(mapping, entry.split(".")):
            raise reader.wrong(f"“{entry}” không chỉ vào khóa nào", "inferred")
    if plan.inherits is None:
        check_references(plan)
    return plan


def check_references(plan: Plan) -> None:
    """Every sender, recipient and criterion that a plan names is known to it; else PlanError.

    A plan with a parent may name what only the parent knows: it is checked when it is resolved.
    """
    codes = {criterion.code for criterion in plan.criteria}
    for report in plan.reports:
        for key, party in (("from", report.sender), ("to", report.recipient)):
            if party is not None and plan.party_name(party) is None:
                raise PlanError(f"{plan.id}: reports.{report.code}.{key}: không có vai trò “{party}”")
    for role in plan.roles:
        for duty in (*role.leads, *role.works_with):
            if CRITERION_CODE.fullmatch(duty) and duty not in codes:
                raise PlanError(f"{plan.id}: roles.{role.code}.leads: không có tiêu chí “{duty}”")
    for goal in plan.goals:
        if goal.criterion not in codes:
            raise PlanError(f"{plan.id}: targets.{goal.year}.{goal.criterion}: không có tiêu chí này")


def _document(reader: Reader) -> Document:
    month = reader.optional("month")
    try:
        parsed_month = Month.parse(month) if month else None
    except ValueError as error:
        raise reader.wrong(str(error), "month") from error
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
    reader.close()
    if document.number is None and document.number_note is None:
        raise reader.wrong("không có số thì phải có number_note nói vì sao", "number")
    if document.date is None and document.date_note is None:
        raise reader.wrong("không có ngày thì phải có date_note nói vì sao", "date")
    return document


def _scope(reader: Reader) -> Scope:
    level, code = reader.choice("level", Level), reader.optional("province_code")
    if (code is None) is not (level is Level.NATIONAL) or (code and not PROVINCE_CODE.fullmatch(code)):
        raise reader.wrong("tỉnh có mã hai chữ số trong ngoặc kép, cả nước không có mã", "province_code")
    scope = Scope(level, code, reader.text("name"), reader.whole("communes"), reader.flag("special_zone"))
    reader.close()
    return scope


def _period(reader: Reader) -> tuple[date, date] | None:
    if not reader.has("period"):
        return None
    period = reader.group("period")
    first, last = period.day("first_day"), period.day("last_day")
    period.close()
    if first is None or last is None or last < first:
        raise period.wrong("cần first_day và last_day, ngày cuối không trước ngày đầu")
    return first, last


def _names(reader: Reader) -> dict[str, str]:
    if not reader.has("parties"):
        return {}
    group = reader.group("parties")
    return {code: group.text(code) for code in group.data}


def _target_basis(reader: Reader) -> dict[int, str]:
    if not reader.has("target_basis"):
        return {}
    group = reader.group("target_basis")
    return {_year(group, year): group.text(year) for year in group.data}


def _year(reader: Reader, year: str) -> int:
    if re.fullmatch(r"20\d\d", year, flags=re.ASCII) is None:
        raise reader.wrong("phải là năm, như 2026", year)
    return int(year)


def _role(reader: Reader) -> Role:
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


def _criterion(reader: Reader) -> Criterion:
    known: dict[str | None, Operator] = {None: None, ">=": ">=", "<": "<"}
    operator, code, unit = reader.optional("operator"), reader.text("code"), reader.optional("unit")
    if operator not in known:
        raise reader.wrong(f"“{operator}” không phải “>=”, “<” hay null", "operator")
    if CRITERION_CODE.fullmatch(code) is None:
        raise reader.wrong("mã tiêu chí viết như TC4, CT1b", "code")
    if (unit is None) is not (operator is None):
        raise reader.wrong("có phép so sánh thì có đơn vị, không thì không", "unit")
    criterion = Criterion(code, reader.text("name"), known[operator], unit, reader.texts("sources"))
    reader.close()
    return criterion


def _goals(reader: Reader, cited: str) -> tuple[Goal, ...]:
    forms = dict(INHERITED_FORMS)
    forms |= {c.code: (c.operator, c.unit) for c in map(_criterion, reader.items("criteria"))}
    goals: list[Goal] = []
    targets = reader.group("targets")
    for year, of_year in targets.groups():
        number = _year(targets, year)
        for code, item in of_year.groups():
            if code not in forms:
                raise item.wrong("không có tiêu chí này")
            target = _target(item, code, *forms[code])
            goals.append(Goal(number, code, target, _source(item, cited)))
            item.close()
    return tuple(goals)


def _target(reader: Reader, code: str, operator: Operator, unit: str | None) -> Target | None:
    if operator is None or unit is None:
        if reader.raw("value") is not True:
            raise reader.wrong("tiêu chí không có ngưỡng chỉ nhận true", "value")
        return None
    value = reader.number("value")
    try:
        return Target(code, operator, value, unit)
    except ValueError as error:
        raise reader.wrong(str(error), "value") from error


def _source(reader: Reader, cited: str) -> Source:
    """The plan itself with the section, or another document where the entry names one."""
    if not reader.has("source"):
        return Source(cited, reader.text("section"))
    other = reader.group("source")
    day = other.day("date")
    words = f"{other.text('kind')} số {other.text('number')}"
    if day is not None:
        words += f" ngày {day.day}/{day.month}/{day.year}"
    source = Source(words, other.text("section"))
    other.close()
    return source


def _quantity(reader: Reader, cited: str) -> Quantity:
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


def _ranking(reader: Reader, cited: str) -> Ranking:
    ranking = Ranking(False)
    if reader.flag("enabled"):
        ranking = Ranking(True, reader.text("subjects"), reader.flag("published"), _source(reader, cited))
    reader.close()
    return ranking


def _feedback(reader: Reader, cited: str) -> Feedback:
    feedback = Feedback(False)
    if reader.flag("enabled"):
        days = reader.whole("working_days")
        feedback = Feedback(True, reader.text("requirement"), days, _source(reader, cited))
    reader.close()
    return feedback


def _channels(reader: Reader) -> SurveyChannels | None:
    if not reader.has("survey_channels"):
        return None
    group = reader.group("survey_channels")
    channels = SurveyChannels(group.flag("offline_home"), group.texts("languages"), group.optional("note"))
    group.close()
    return channels


def _report(reader: Reader, plan_id: str, cited: str) -> Report:
    cycle, deadline = reader.choice("cycle", Cycle), _deadline(reader)
    if (deadline is None) is (cycle is Cycle.ONCE):
        raise reader.wrong("báo cáo một lần phải có hạn, báo cáo định kỳ thì không", "deadline")
    report = Report(
        code=reader.text("code"),
        origin=plan_id,
        cycle=cycle,
        title=reader.text("title"),
        sender=reader.text("from"),
        recipient=reader.optional("to"),
        via=reader.optional("via"),
        deadline=deadline,
        source=_source(reader, cited),
        note=reader.optional("note"),
    )
    reader.close()
    return report


def _deadline(reader: Reader) -> Deadline | None:
    if not reader.has("deadline"):
        return None
    group = reader.group("deadline")
    kind, value = group.text("kind"), group.text("value")
    group.close()
    known: dict[str, DeadlineKind] = {kind: kind for kind in DEADLINE_KINDS}
    if kind not in known:
        names = ", ".join(f"“{name}”" for name in known)
        raise group.wrong(f"“{kind}” không phải một trong {names}", "kind")
    try:
        return Deadline(known[kind], value)
    except ValueError as error:
        raise group.wrong(str(error), "value") from error


def _leads_somewhere(data: object, steps: Sequence[str]) -> bool:
    """Whether an entry of `inferred` points at something that is in the profile."""
    if not steps:
        return True
    below: list[object] = []
    if isinstance(data, Mapping):
        below = [value for key, value in data.items() if steps[0] in ("*", str(key))]
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for item in data:
            name = item.get("code") if isinstance(item, Mapping) else item
            if steps[0] in ("*", str(name)):
                below.append(item)
    return any(_leads_somewhere(value, steps[1:]) for value in below)
