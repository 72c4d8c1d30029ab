"""The administrative plans kept as profiles in `surveys/plan_profiles/`, read once for each process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.ui.yaml_marks import parse_yaml
from surveys.criteria import Target
from surveys.plans import ASSESSED, Plan, assessment_plan, load_plan, resolve

FOLDER = Path(__file__).resolve().parent.parent / "surveys" / "plan_profiles"
NATIONAL = "qg-1565"


@cache
def list_plans() -> tuple[Plan, ...]:
    """All plans as their documents say, the national one first, then by id. Raises PlanError."""
    plans = []
    for path in sorted(FOLDER.glob("*.yaml")):
        data, _ = parse_yaml(path.read_text(encoding="utf-8"))
        assert isinstance(data, dict), path.name
        plans.append(load_plan({str(key): value for key, value in data.items()}))
    return tuple(sorted(plans, key=lambda plan: (plan.id != NATIONAL, plan.id)))


@cache
def plan_for(province_code: str | None = None) -> Plan:
    """The province's own plan with what it inherits, or the national one; None asks for the nation."""
    by_id = {plan.id: plan for plan in list_plans()}
    own = [plan for plan in by_id.values() if province_code and plan.scope.province_code == province_code]
    return resolve(own[0] if own else by_id[NATIONAL], by_id)


@cache
def assessed_by(province_code: str | None, year: int) -> Plan | None:
    """The plan whose satisfaction target holds for a province in a year; None where no plan sets one."""
    try:
        return assessment_plan(list_plans(), province_code, year)
    except LookupError:
        return None


def target_for(province_code: str | None, year: int, criterion: str = ASSESSED) -> Target | None:
    """What that plan asks of a criterion; None: nothing is judged."""
    plan = assessed_by(province_code, year)
    return plan.target(year, criterion) if plan else None
