"""The administrative plans: as profiles of the running program, or as an edition sealed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from app.ui.yaml_marks import parse_yaml
from surveys.criteria import PlanTarget, Target
from surveys.plans import ASSESSED, Plan, assessment_plan, load_plan, resolve

FOLDER = Path(__file__).resolve().parent.parent / "surveys" / "plan_profiles"
NATIONAL = "qg-1565"


@dataclass(frozen=True)
class Plans:
    """Profiles, each as the text of its file. Equal texts are read once for each process."""

    texts: tuple[str, ...]

    @cached_property
    def listed(self) -> tuple[Plan, ...]:
        """All plans as their documents say, the national one first, then by id. Raises PlanError."""
        plans = []
        for text in self.texts:
            data, _ = parse_yaml(text)
            assert isinstance(data, dict), text[:80]
            plans.append(load_plan({str(key): value for key, value in data.items()}))
        return tuple(sorted(plans, key=lambda plan: (plan.id != NATIONAL, plan.id)))

    @cached_property
    def _by_scope(self) -> dict[str | None, Plan]:
        return {}

    @cached_property
    def _by_year(self) -> dict[tuple[str | None, int], Plan | None]:
        return {}

    def plan_for(self, province_code: str | None = None) -> Plan:
        """The province's own plan with what it inherits, or the national one; None asks for the nation."""
        known = self._by_scope
        if province_code not in known:
            by_id = {plan.id: plan for plan in self.listed}
            own = [
                plan for plan in self.listed if province_code and plan.scope.province_code == province_code
            ]
            known[province_code] = resolve(own[0] if own else by_id[NATIONAL], by_id)
        return known[province_code]

    def assessed_by(self, province_code: str | None, year: int) -> Plan | None:
        """The plan whose satisfaction target holds for a province in a year; None where no plan sets one."""
        known, key = self._by_year, (province_code, year)
        if key not in known:
            try:
                known[key] = assessment_plan(self.listed, province_code, year)
            except LookupError:
                known[key] = None
        return known[key]

    def plan_in(self, province_code: str | None, year: int) -> Plan:
        """The plan with the targets of the year; where none speaks of it, the own plan, without targets."""
        return self.assessed_by(province_code, year) or self.plan_for(province_code)

    def targets_in(self, province_code: str | None, year: int) -> dict[str, PlanTarget]:
        """What the plan asks of each criterion to which it sets a threshold."""
        plan = self.assessed_by(province_code, year)
        return {
            goal.criterion: PlanTarget(goal.target, plan.id, goal.source.document)
            for goal in (plan.goals_of(year) if plan else ())
            if plan is not None and goal.target is not None
        }


@cache
def read_plans(texts: tuple[str, ...]) -> Plans:
    """The same object for the same texts: what it has read it keeps."""
    return Plans(texts)


@cache
def profile_texts() -> Mapping[str, str]:
    """The profiles of the running program by the names of their files."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}


def todays() -> Plans:
    return read_plans(tuple(profile_texts().values()))


def list_plans() -> tuple[Plan, ...]:
    """The plans of the day, the national one first, then by id. Raises PlanError."""
    return todays().listed


def plan_for(province_code: str | None = None) -> Plan:
    """Of the plans of the day."""
    return todays().plan_for(province_code)


def assessed_by(province_code: str | None, year: int) -> Plan | None:
    """Of the plans of the day."""
    return todays().assessed_by(province_code, year)


def target_for(province_code: str | None, year: int, criterion: str = ASSESSED) -> Target | None:
    """What the plan of the day asks of a criterion; None: nothing is judged."""
    plan = assessed_by(province_code, year)
    return plan.target(year, criterion) if plan else None
