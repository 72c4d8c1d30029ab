"""The files beside the figures: what a reader needs to understand and to check them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.editions.fileset import TEXTS, Draft
from app.editions.heads import MINISTRY
from app.editions.revisions import own_address
from app.editions.shelf import FrozenEdition
from app.editions.targets import PLANS, TARGETS, target_records
from app.feedback.texts import texts_for_edition
from app.installation import is_demonstration
from app.keys import configuration
from app.plans import Plans, profile_texts, read_plans
from app.results.families import families
from app.results.figuring import Sheet
from app.results.inputs import Inputs
from surveys.editions import EditionCode
from surveys.figures import Place
from surveys.periods import Quarter
from surveys.thresholds import to_mapping


def write_frame(draft: Draft, inputs: Inputs, sheet: Sheet, code: EditionCode) -> None:
    """The plans of the day are sealed here: whatever they ask later, this edition is judged by these."""
    texts = dict(profile_texts())
    draft.write_json(PLANS, texts)
    for name, value in frame_files(inputs, sheet, code, read_plans(tuple(texts.values()))).items():
        draft.write_json(name, value)


def frame_files(inputs: Inputs, sheet: Sheet, code: EditionCode, plans: Plans) -> dict[str, object]:
    """What follows from the inputs and the plans, by the names of the files."""
    compared = isinstance(code.period, Quarter)
    return {
        "directory.json": _directory(sheet),
        "thresholds.json": to_mapping(sheet.thresholds),
        TARGETS: target_records(plans, sheet.tree.provinces, code.period.last_day.year),
        "questionnaires.json": _questionnaires(inputs),
        "families.json": list(_families(sheet)) if compared else [],
    }


def write_tables(draft: Draft, code: EditionCode, now: datetime) -> None:
    """Open data in every format, from the figures as they were just written."""
    # Four writers of files, two of them large: no page needs them.
    from exports.open_data import OpenDataInfo, sealed_target, write_open_data

    frozen = FrozenEdition(draft.folder, "")
    info = OpenDataInfo(
        code, now, publisher=MINISTRY, url=f"{configuration().base_url}/ket-qua/{own_address(code.code)}",
        demo=is_demonstration(),
    )  # fmt: skip
    write_open_data(draft.folder, info, frozen.every, sealed_target)


def write_texts(draft: Draft, code: EditionCode, revised: FrozenEdition | None, now: datetime) -> None:
    """What people wrote and what is done about it, of quarters.

    A revision repeats those of the edition that it revises: two tables of one quarter, some days apart, would
    tell by their difference what became of single contacts.
    """
    texts: dict[str, Any] = {}
    if revised is not None:
        texts = dict(revised.texts)
    elif isinstance(code.period, Quarter):
        texts = texts_for_edition(code.period, now)
    draft.write_json(TEXTS, texts)


def _directory(sheet: Sheet) -> dict[str, Any]:
    tree = sheet.tree
    return {
        "places": [asdict(place) for place in tree.places.values()],
        "successors": dict(tree.successors),
        "merged": sorted(tree.merged),
        "procedures": dict(sheet.procedure_names),
    }


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
