"""Answers as columns for analysts: codes that a questionnaire knows, and never a word that a person wrote.

A row of a rotated group tells two things: what was asked at random, and what was volunteered under "Đánh giá
thêm". Which one it is follows from the id of the answer, and ids stay here; so each has a column of its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from exports.generalising import CIRCUMSTANCES
from surveys.questionnaire import Questionnaire
from surveys.questions import Question

VOLUNTEERED: Final = "__volunteered"
SEVERAL: Final = ";"
MOST_SHEETS: Final = 20_000
"""So many different ones are remembered before it begins anew: some five megabytes."""
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


class _Sheets(dict[str, int]):
    """Sheets of answers, each text with a number of its own, taken apart where it is first seen.

    People often answer alike: of a million sheets some ten thousand differ. `codes` has by question what is
    stored and what is written; anything else was never an answer to it.
    """

    def __init__(self, codes: Mapping[str, Mapping[Any, str]], several: Collection[str]) -> None:
        super().__init__()
        self._words: dict[str, list[str | None]] = {}
        self._answers: dict[str, array[int]] = {question: array("i") for question in codes}
        self._single: list[tuple[str, dict[Any, int], Callable[[int], None]]] = []
        self._several: list[tuple[str, dict[str | None, int], Callable[[int], None]]] = []
        self._codes = codes
        for question, known in codes.items():
            self._words[question] = [None, *dict.fromkeys(known.values())]
            number = {word: place for place, word in enumerate(self._words[question])}
            keep = self._answers[question].append
            if question in several:
                self._several.append((question, number, keep))
            else:
                of_stored = {stored: number[word] for stored, word in known.items()}
                self._single.append((question, of_stored, keep))

    def __missing__(self, text: str) -> int:
        sheet = orjson.loads(text)
        given = sheet.get
        for question, number, keep in self._single:
            keep(number.get(given(question), 0))
        for question, number_of, keep in self._several:
            word = self._together(question, given(question))
            if word not in number_of:
                number_of[word] = len(self._words[question])
                self._words[question].append(word)
            keep(number_of[word])
        self[text] = found = len(self)
        return found

    def _together(self, question: str, given: Any) -> str | None:
        known = self._codes[question]
        if isinstance(given, list):
            return SEVERAL.join(known[each] for each in given if each in known)
        return known.get(given)

    def numbers(self, question: str, sheets: Any) -> Any:
        """What these sheets answer to a question, as places in its words; 0 for nothing."""
        return np.frombuffer(self._answers[question], np.int32)[sheets]

    def column(self, question: str, numbers: Any) -> pa.Array:
        """The words at these places."""
        if not numbers.any():
            return pa.nulls(len(numbers), pa.string())
        return pa.array(self._words[question], pa.string()).take(pa.array(numbers))


class ResponseColumns:
    """Turns rows (the values of TOGETHER with BETWEEN, id, answers) into what a Generaliser takes.

    Made once for all questionnaires that may occur. `schema` is that of the file.
    """

    def __init__(self, questionnaires: Iterable[Questionnaire], provinces: Mapping[str, str]) -> None:
        self._questionnaires = {(item.code, item.version): item for item in questionnaires}
        self._provinces = provinces
        self._codes: dict[str, dict[Any, str]] = {}
        self._several: set[str] = set()
        self._rotated: set[str] = set()
        for questionnaire in self._questionnaires.values():
            self._rotated.update(questionnaire.rotation.of if questionnaire.rotation else ())
            for question in questionnaire.questions:
                if question.type != "text":
                    self._codes.setdefault(question.id, {}).update(_codes(question))
                    if question.type == "choices":
                        self._several.add(question.id)
        self.questions = tuple(self._codes)
        self._sheets = self._no_sheets()
        self.schema = pa.schema([(name, pa.string()) for name in self._names()])

    def _names(self) -> Iterable[str]:
        yield from CIRCUMSTANCES
        for question in self.questions:
            yield question
            if question in self._rotated:
                yield question + VOLUNTEERED

    def parts(self, rows: Sequence[Sequence[str]]) -> tuple[pa.Table, Any, Callable[[Any], pa.Table]]:
        """The circumstances that occur, which of them each row has, and its answers.

        The latter as a function that lays out the answers of the rows with the given numbers.
        """
        together, ids, answers = zip(*rows, strict=True)
        encoded = pa.array(together, pa.string()).dictionary_encode()
        kind_of_row = encoded.indices.to_numpy()
        kinds = [text.split(BETWEEN) for text in encoded.dictionary.to_pylist()]
        if len(self._sheets) > MOST_SHEETS:
            self._sheets = self._no_sheets()
        sheets = self._sheets
        numbers = np.fromiter(map(sheets.__getitem__, answers), np.int32, len(answers))
        undrawn = self._undrawn(kinds, kind_of_row, ids)

        def laid_out(chosen: Any) -> pa.Table:
            arrays, sheet_of_row = {}, numbers[chosen]
            for question in self.questions:
                given = sheets.numbers(question, sheet_of_row)
                if question in self._rotated:
                    volunteered = np.where(undrawn[question][chosen], given, 0)
                    arrays[question] = sheets.column(question, given - volunteered)
                    arrays[question + VOLUNTEERED] = sheets.column(question, volunteered)
                else:
                    arrays[question] = sheets.column(question, given)
            return pa.table(arrays)

        return self._circumstances(kinds), kind_of_row, laid_out

    def _circumstances(self, kinds: Sequence[Sequence[str]]) -> pa.Table:
        values = dict(zip(TOGETHER, zip(*kinds, strict=True), strict=True))
        values["province"] = tuple(self._provinces.get(agency, "") for agency in values["agency"])
        return pa.table({name: pa.array(values[name], pa.string()) for name in CIRCUMSTANCES})

    def _no_sheets(self) -> _Sheets:
        return _Sheets(self._codes, self._several)

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
            known = ids if len(chosen) == len(ids) else [ids[row] for row in chosen.tolist()]
            digits = "\n".join(known).encode().translate(None, b"-").split(b"\n")
            drawn = np.array(questionnaire.combination_indexes_of(digits))
            for question in questionnaire.rotation.of:
                is_undrawn = np.array([question not in rows for rows in questionnaire.combinations])
                found[question][chosen] = is_undrawn[drawn]
        return found


def _codes(question: Question) -> dict[Any, str]:
    return {stored: str(stored) for stored in question.answers.values()}
