"""The plans that ask for the measurement: what they want, on what basis, and until when.

The profiles in `plan_profiles/` are parsed by the caller and handed in as mappings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from surveys.mapping_reader import PlanError
from surveys.plan_calendar import Due, Occurrence, deadlines, occurrences
from surveys.plan_loading import check_references, load_plan
from surveys.plan_model import (
    INFERRED,
    UNREADABLE,
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

__all__ = [
    "INFERRED",
    "UNREADABLE",
    "Criterion",
    "Cycle",
    "Document",
    "Due",
    "Feedback",
    "Goal",
    "Level",
    "Occurrence",
    "Plan",
    "PlanError",
    "Quantity",
    "Ranking",
    "Report",
    "Role",
    "Scope",
    "Source",
    "SurveyChannels",
    "assessment_plan",
    "deadlines",
    "legal_basis",
    "load_plan",
    "long_date",
    "occurrences",
    "resolve",
]

ASSESSED = "TC4"


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_C = TypeVar("_C", bound=_Coded)


def resolve(plan: Plan, by_id: Mapping[str, Plan]) -> Plan:
    """The plan with what it lacks taken from the plan it inherits from, and that one from its own.

    Criteria, roles, parties, quantities and reports are completed by code, targets by year and
    criterion. Ranking, feedback, notes and baseline are a plan's own: silence there means no.
    """
    if plan.inherits is None:
        return plan
    seen, current = {plan.id}, plan
    while current.inherits is not None:
        if current.inherits in seen or current.inherits not in by_id:
            raise PlanError(f"{current.id}: inherits: không có kế hoạch “{current.inherits}”, hoặc vòng lặp")
        current = by_id[current.inherits]
        seen.add(current.id)
    parent = resolve(by_id[plan.inherits], by_id)
    own = {(goal.year, goal.criterion) for goal in plan.goals}
    goals = [*plan.goals, *(goal for goal in parent.goals if (goal.year, goal.criterion) not in own)]
    full = replace(
        plan,
        parties={**parent.parties, **plan.parties},
        roles=_completed(plan.roles, parent.roles),
        criteria=_completed(plan.criteria, parent.criteria),
        goals=tuple(sorted(goals, key=lambda goal: (goal.year, goal.criterion))),
        quantities=_completed(plan.quantities, parent.quantities),
        reports=_completed(plan.reports, parent.reports),
    )
    check_references(full)
    return full


def _completed(own: Sequence[_C], inherited: Sequence[_C]) -> tuple[_C, ...]:
    codes = {item.code for item in own}
    return (*own, *(item for item in inherited if item.code not in codes))


def assessment_plan(plans: Iterable[Plan], province_code: str | None, year: int) -> Plan:
    """The resolved plan whose targets hold for the user-experience assessment of a province.

    That is the province's own plan if it sets the satisfaction criterion for that year, by itself or
    by inheritance, else the national one: a campaign with targets of another kind does not replace it.
    """
    by_id = {plan.id: plan for plan in plans}
    resolved = [resolve(plan, by_id) for plan in by_id.values()]
    asking = [plan for plan in resolved if plan.target(year, ASSESSED) is not None]
    own = [plan for plan in asking if province_code and plan.scope.province_code == province_code]
    national = [plan for plan in asking if plan.scope.level is Level.NATIONAL]
    for found in (*own, *national):
        return found
    raise LookupError(f"Không có kế hoạch nào đặt chỉ tiêu {ASSESSED} cho năm {year}.")


def legal_basis(
    plan: Plan, by_id: Mapping[str, Plan], *, year: int | None = None, guidance: str | None = None
) -> list[str]:
    """The sentences under "Căn cứ", highest document first.

    `guidance` is the ministry's guiding document; until somebody fills it in, a visible gap stands in
    its place. With a year, the documents that set that year's targets are named too.
    """
    chain, current = [plan], plan
    while current.inherits is not None:
        current = by_id[current.inherits]
        chain.append(current)
    named = [step.document.title for step in reversed(chain)]
    if year is not None and year in plan.target_basis:
        named.append(plan.target_basis[year])
    named.append(
        guidance
        or "Văn bản số ………… ngày …… tháng …… năm ……… của Bộ Khoa học và Công nghệ hướng dẫn đánh giá "
        "chất lượng trải nghiệm của người dùng (chưa điền)"
    )
    endings = [";"] * (len(named) - 1) + ["."]
    return [f"Căn cứ {words}{ending}" for words, ending in zip(named, endings, strict=True)]
