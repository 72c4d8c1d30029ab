"""What the plans asked when an edition was closed: as `targets.json` holds it, and read from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from app.plans import Plans
from surveys.criteria import PlanTarget, Target
from surveys.figures import NATION

TARGETS: Final = "targets.json"
PLANS: Final = "plans.json"

Targets = Mapping[str, Mapping[str, PlanTarget]]
"""By the nation or province, then by criterion."""


def target_records(plans: Plans, provinces: Iterable[str], year: int) -> dict[str, Any]:
    """What the plan of the nation and of each province asks in a year; `limit` is on their scale."""
    found = {}
    for place in (NATION, *provinces):
        province = None if place == NATION else place
        if plans.assessed_by(province, year) is not None:
            found[place] = {
                criterion: {
                    "operator": asked.target.operator,
                    "limit": str(asked.target.limit),
                    "unit": asked.target.unit,
                    "plan": asked.plan,
                    "document": asked.document,
                }
                for criterion, asked in plans.targets_in(province, year).items()
            }
    return found


def read_targets(records: Mapping[str, Mapping[str, Any]]) -> Targets:
    return {
        place: {criterion: _read(criterion, record) for criterion, record in asked.items()}
        for place, asked in records.items()
    }


def _read(criterion: str, record: Mapping[str, Any]) -> PlanTarget:
    limit = Fraction(record["limit"])
    value = 100 * limit if record["unit"] == "%" else limit
    target = Target(criterion, record["operator"], value, record["unit"])
    return PlanTarget(target, record.get("plan", ""), record["document"])
