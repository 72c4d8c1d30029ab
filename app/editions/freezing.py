"""The files beside the figures: what a reader needs to understand and to check them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from app.editions.fileset import Draft
from app.plans import assessed_by
from app.results.families import families
from app.results.figuring import Sheet
from app.results.inputs import Inputs
from surveys.editions import EditionCode
from surveys.figures import NATION, Place
from surveys.periods import Quarter
from surveys.thresholds import to_mapping


def write_frame(draft: Draft, inputs: Inputs, sheet: Sheet, code: EditionCode) -> None:
    draft.write_json("directory.json", _directory(sheet))
    draft.write_json("thresholds.json", to_mapping(sheet.thresholds))
    draft.write_json("targets.json", _targets(sheet, code))
    draft.write_json("questionnaires.json", _questionnaires(inputs))
    compared = isinstance(code.period, Quarter)
    draft.write_json("families.json", list(_families(sheet)) if compared else [])


def _directory(sheet: Sheet) -> dict[str, Any]:
    tree = sheet.tree
    return {
        "places": [asdict(place) for place in tree.places.values()],
        "successors": dict(tree.successors),
        "merged": sorted(tree.merged),
        "procedures": dict(sheet.procedure_names),
    }


def _targets(sheet: Sheet, code: EditionCode) -> dict[str, Any]:
    """What the plan of the nation and of each province asks in the year of the period."""
    year = code.period.last_day.year
    found = {}
    for place in (NATION, *sheet.tree.provinces):
        plan = assessed_by(None if place == NATION else place, year)
        if plan is not None:
            found[place] = {
                goal.criterion: {
                    "operator": goal.target.operator,
                    "limit": str(goal.target.limit),
                    "unit": goal.target.unit,
                    "document": goal.source.document,
                }
                for goal in plan.goals_of(year)
                if goal.target is not None
            }
    return found


def _questionnaires(inputs: Inputs) -> dict[str, Any]:
    """The versions that were answered, whole, by code and version."""
    return {
        f"{code} {version}": inputs.definitions[code, version]
        for code, version in sorted(inputs.current.versions)
    }


def _families(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Who shared a correction of words, with p-values, q-values and the word of each."""
    for members in families(sheet.tree):
        told = [(code, sheet.moved[code]) for code in members]
        rows = [
            {"place": code, "p": moved.change.p, "q": moved.q, "word": moved.word.value}
            for code, moved in told
            if moved.change is not None
        ]
        if rows:
            yield {"family": family_name(sheet.tree.places[members[0]]), "members": rows}


def family_name(first: Place) -> str:
    """The nation, the provinces, or the agencies of one kind in one province: "14/department"."""
    if first.is_agency:
        return f"{first.parent}/{first.kind}"
    return first.kind
