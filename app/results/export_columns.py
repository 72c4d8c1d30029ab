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
import pyarrow.compute as pc

from app.results.export_reading import BETWEEN, TOGETHER, Answers
from exports.generalising import CIRCUMSTANCES
from surveys.questionnaire import Questionnaire
from surveys.questions import Question

VOLUNTEERED: Final = "__volunteered"
SEVERAL: Final = ";"
MOST_SHEETS: Final = 20_000
"""So many different ones are remembered before it begins anew: some five megabytes."""


class _Sheets(dict[str, int]):
    """Sheets of answers, each text with a number of its own, taken apart where it is first seen.

    People often answer alike: of a million sheets some ten thousand differ. `codes` has by question what is
    stored and what is written; anything else was never an answer to it.
    """

    def __init__(self, codes: Mapping[str, Mapping[Any, str]], several: Collection[str]) -> None:
        super().__init__()
        self._codes = codes
        self._several = several
        self._words: dict[str, list[str | None]] = {}
        self._places: dict[str, dict[str, int]] = {}
        self._column = {question: column for column, question in enumerate(codes)}
        for question, known in codes.items():
            self._words[question] = [None, *dict.fromkeys(known.values())]
            self._places[question] = {word: place for place, word in enumerate(self._words[question]) if word}
        # Two bytes a cell hold more words than there are sheets.
        self._cells = array("h")
        self._nothing = array("h", bytes(2 * len(codes)))

    def __missing__(self, text: str) -> int:
        cells = self._nothing[:]
        for question, given in orjson.loads(text).items():
            if question in self._column and (word := self._written(question, given)):
                places = self._places[question]
                if word not in places:
                    places[word] = len(self._words[question])
                    self._words[question].append(word)
                cells[self._column[question]] = places[word]
        self._cells.extend(cells)
        self[text] = found = len(self)
        return found

    def _written(self, question: str, given: Any) -> str | None:
        known = self._codes[question]
        if not isinstance(given, list):
            return known.get(given)
        if question in self._several:
            return SEVERAL.join(known[each] for each in given if each in known)
        return None

    def numbers(self, sheets: Any) -> Any:
        """What these sheets answer, a line a question, as places in its words; 0 for nothing."""
        return np.frombuffer(self._cells, np.int16).reshape(-1, len(self._column))[sheets].T

    def column(self, question: str, numbers: Any) -> pa.Array:
        """The words at these places."""
        if not numbers.any():
            return pa.nulls(len(numbers), pa.string())
        return pa.array(self._words[question], pa.string()).take(pa.array(numbers))


class ResponseColumns:
    """Turns answers as they are read into what a Generaliser takes.

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

    def parts(self, answers: Answers) -> tuple[pa.Table, Any, Callable[[Any], pa.Table]]:
        """The circumstances that occur, which of them each row has, and its answers.

        The latter as a function that lays out the answers of the rows with the given numbers.
        """
        values = pc.split_pattern(answers.kinds.texts, BETWEEN).flatten()
        kinds = {
            name: values.take(pa.array(np.arange(place, len(values), len(TOGETHER))))
            for place, name in enumerate(TOGETHER)
        }
        if len(self._sheets) > MOST_SHEETS:
            self._sheets = self._no_sheets()
        sheets = self._sheets
        known = np.fromiter(map(sheets.__getitem__, answers.sheets.texts.to_pylist()), np.int32)
        numbers = known[answers.sheets.of_row]
        undrawn = self._undrawn(kinds, answers.kinds.of_row, answers.ids)

        def laid_out(chosen: Any) -> pa.Table:
            arrays, given = {}, sheets.numbers(numbers[chosen])
            for line, question in enumerate(self.questions):
                if question in self._rotated:
                    volunteered = np.where(undrawn[question][chosen], given[line], 0)
                    arrays[question] = sheets.column(question, given[line] - volunteered)
                    arrays[question + VOLUNTEERED] = sheets.column(question, volunteered)
                else:
                    arrays[question] = sheets.column(question, given[line])
            return pa.table(arrays)

        return self._circumstances(kinds), answers.kinds.of_row, laid_out

    def _circumstances(self, kinds: Mapping[str, pa.Array]) -> pa.Table:
        agencies = kinds["agency"].dictionary_encode()
        provinces = [self._provinces.get(agency, "") for agency in agencies.dictionary.to_pylist()]
        province = pa.array(provinces, pa.string()).take(agencies.indices)
        return pa.table({name: {**kinds, "province": province}[name] for name in CIRCUMSTANCES})

    def _no_sheets(self) -> _Sheets:
        return _Sheets(self._codes, self._several)

    def _undrawn(
        self, kinds: Mapping[str, pa.Array], kind_of_row: Any, ids: Sequence[bytes]
    ) -> dict[str, Any]:
        """For each rotated question, whether a row was asked it only because it wanted to be."""
        found = {question: np.zeros(len(ids), dtype=bool) for question in self._rotated}
        version = pc.binary_join_element_wise(kinds["questionnaire"], kinds["version"], BETWEEN)
        version = version.dictionary_encode()
        names = [tuple(text.split(BETWEEN)) for text in version.dictionary.to_pylist()]
        version_of_row = version.indices.to_numpy()[kind_of_row]
        for number, name in enumerate(names):
            questionnaire = self._questionnaires[name]
            if questionnaire.rotation is None:
                continue
            chosen = np.flatnonzero(version_of_row == number)
            known = ids if len(chosen) == len(ids) else [ids[row] for row in chosen.tolist()]
            digits = b"\n".join(known).translate(None, b"-").split(b"\n")
            drawn = np.array(questionnaire.combination_indexes_of(digits))
            for question in questionnaire.rotation.of:
                is_undrawn = np.array([question not in rows for rows in questionnaire.combinations])
                found[question][chosen] = is_undrawn[drawn]
        return found


def _codes(question: Question) -> dict[Any, str]:
    return {stored: str(stored) for stored in question.answers.values()}
