"""Answers as columns for analysts: codes that a questionnaire knows, and never a word that a person wrote.

A row of a rotated group tells two things: what was asked at random, and what was volunteered under "Đánh giá
thêm". Which one it is follows from the id of the answer, and ids stay here; so each has a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from exports.generalising import CIRCUMSTANCES
from surveys.questionnaire import Questionnaire
from surveys.questions import Question

VOLUNTEERED: Final = "__volunteered"
SEVERAL: Final = ";"
BETWEEN: Final = "\x1f"
TOGETHER: Final = (
    "agency",
    "quarter",
    "procedure",
    "channel",
    "phase",
    "questionnaire",
    "version",
    "language",
)
"""What a row is read with as one text, agency first: a million rows of ten values cost twice the time."""


class _Known(dict[Any, str | None]):
    """What is stored → what is written; anything else was never an answer to the question."""

    def __missing__(self, key: object) -> None:
        return None


class ResponseColumns:
    """Turns rows (the values of TOGETHER with BETWEEN, id, answers) into a table.

    Made once for all questionnaires that may occur."""

    def __init__(self, questionnaires: Iterable[Questionnaire], provinces: Mapping[str, str]) -> None:
        self._questionnaires = {(item.code, item.version): item for item in questionnaires}
        self._provinces = provinces
        self._codes: dict[str, _Known] = {}
        self._several: set[str] = set()
        self._rotated: set[str] = set()
        for questionnaire in self._questionnaires.values():
            self._rotated.update(questionnaire.rotation.of if questionnaire.rotation else ())
            for question in questionnaire.questions:
                if question.type != "text":
                    self._codes.setdefault(question.id, _Known()).update(_codes(question))
                    if question.type == "choices":
                        self._several.add(question.id)
        self.questions = tuple(self._codes)
        self.schema = pa.schema([(name, pa.string()) for name in self._names()])

    def _names(self) -> Iterable[str]:
        yield from CIRCUMSTANCES
        for question in self.questions:
            yield question
            if question in self._rotated:
                yield question + VOLUNTEERED

    def table(self, rows: Sequence[Sequence[str]]) -> pa.Table:
        together, ids, answers = zip(*rows, strict=True)
        circumstances = pa.array(together, pa.string()).dictionary_encode()
        kinds = [text.split(BETWEEN) for text in circumstances.dictionary.to_pylist()]
        arrays = {
            name: array.take(circumstances.indices) for name, array in self._circumstances(kinds).items()
        }
        # People often answer alike: a sheet is taken apart once, and its answers are laid out by its number.
        numbers: dict[str, int] = {}
        places = pa.array([numbers.setdefault(text, len(numbers)) for text in answers])
        opened = list(map(orjson.loads, numbers))
        undrawn = self._undrawn(kinds, circumstances.indices.to_numpy(), ids)
        for question in self.questions:
            found = pa.array(self._answers(question, opened), pa.string()).take(places)
            if question in self._rotated:
                volunteered = pa.array(undrawn[question])
                arrays[question] = pc.if_else(volunteered, None, found)
                arrays[question + VOLUNTEERED] = pc.if_else(volunteered, found, None)
            else:
                arrays[question] = found
        return pa.table([arrays[name] for name in self.schema.names], schema=self.schema)

    def _circumstances(self, kinds: Sequence[Sequence[str]]) -> dict[str, pa.Array]:
        values = dict(zip(TOGETHER, zip(*kinds, strict=True), strict=True))
        provinces = [self._provinces.get(agency, "") for agency in values["agency"]]
        return {name: pa.array(values[name], pa.string()) for name in TOGETHER} | {
            "province": pa.array(provinces, pa.string())
        }

    def _answers(self, question: str, sheets: Sequence[dict[str, Any]]) -> list[str | None]:
        words = self._codes[question]
        if question not in self._several:
            return [words[sheet.get(question)] for sheet in sheets]
        given = [sheet.get(question) for sheet in sheets]
        return [
            SEVERAL.join(filter(None, map(words.__getitem__, each)))
            if isinstance(each, list)
            else words[each]
            for each in given
        ]

    def _undrawn(
        self, kinds: Sequence[Sequence[str]], kind_of_row: Any, ids: Sequence[str]
    ) -> dict[str, Any]:
        """For each rotated question, whether a row was asked it only because it wanted to be."""
        found = {question: np.zeros(len(ids), dtype=bool) for question in self._rotated}
        at = TOGETHER.index("questionnaire")
        names = list(dict.fromkeys((kind[at], kind[at + 1]) for kind in kinds))
        version_of_row = np.array([names.index((kind[at], kind[at + 1])) for kind in kinds])[kind_of_row]
        for number, name in enumerate(names):
            questionnaire = self._questionnaires[name]
            if questionnaire.rotation is None:
                continue
            chosen = np.flatnonzero(version_of_row == number)
            digits = "\n".join(ids[row] for row in chosen.tolist()).replace("-", "").encode().split(b"\n")
            drawn = np.array(questionnaire.combination_indexes_of(digits))
            for question in questionnaire.rotation.of:
                is_undrawn = np.array([question not in rows for rows in questionnaire.combinations])
                found[question][chosen] = is_undrawn[drawn]
        return found


def _codes(question: Question) -> dict[Any, str]:
    return {stored: str(stored) for stored in question.answers.values()}
