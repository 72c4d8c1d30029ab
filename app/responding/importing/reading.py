"""What the rows of one import are read with: a mapping, the questions, and who may bring what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.catalogue.queries import UnknownQuestionnaire, get_questionnaire, list_questionnaires
from app.csv_reading import RejectFile
from app.directory.queries import list_lifetimes, list_procedure_codes
from app.installation import refuse_demonstration
from app.responding.importing.interpreting import Interpreter, RowProblem
from app.responding.importing.mapping import FIELDS, FileMapping, Translator, UnknownValue
from app.responding.importing.mapping_file import MappingText, read_mapping
from app.responding.importing.rows import FileRow, open_rows
from app.responding.records import ResponseRecord
from app.text_files import NOTHING_KEPT, TableProblem
from surveys.periods import local_day
from surveys.problems import Problem
from surveys.questionnaire import Questionnaire


@dataclass(frozen=True)
class Reading:
    """From rows to records; a row that is none goes to the rejected ones with its reason."""

    mapping: FileMapping
    questions: Mapping[str, bool]
    translator: Translator
    interpreter: Interpreter

    def open(self, path: Path, rejects: RejectFile, *, checked: bool = False) -> Iterator[FileRow]:
        """Raises TableProblem."""
        return open_rows(path, self.mapping, self.questions, rejects, checked=checked)

    def read(self, rows: Iterable[FileRow], rejects: RejectFile) -> Iterator[tuple[FileRow, ResponseRecord]]:
        for row in rows:
            try:
                yield row, self.interpreter.read(self.translator.read(row.values, row.line))
            except UnknownValue as error:
                reason = f"Giá trị của cột {error.column} không có trong tệp ánh xạ"
                rejects.add(row.line, reason, row.shown)
            except RowProblem as problem:
                rejects.add(row.line, str(problem), row.shown)


def reading_of(
    mapping_text: MappingText | None, *, now: datetime, covered: Collection[str] | None = None
) -> Reading:
    """`covered`: the agencies about which answers may be brought; None for all of them.

    Raises DemonstrationOnly, MappingProblem, or TableProblem for a mapping of which every row would fail.
    """
    refuse_demonstration()
    questions = _known_questions()
    mapping = FileMapping() if mapping_text is None else read_mapping(mapping_text, questions)
    _refuse_useless(mapping)
    interpreter = Interpreter(
        mapping,
        local_day(now),
        _find_questionnaire,
        list_lifetimes(),
        frozenset(list_procedure_codes()),
        covered,
    )
    return Reading(mapping, questions, Translator(mapping, (*FIELDS, *questions), questions), interpreter)


def _known_questions() -> dict[str, bool]:
    """Every question of every published version, with whether its cell may hold several values."""
    found: dict[str, bool] = {}
    for name in list_questionnaires():
        for question in get_questionnaire(name.code, name.version).questions:
            found[question.id] = question.type == "choices"
    return found


def _refuse_useless(mapping: FileMapping) -> None:
    """A mapping whose every row would fail, or lose an answer unseen, is refused before the first row."""
    code, version = mapping.constants.get("questionnaire"), mapping.constants.get("version")
    if not (code and version):
        return
    questionnaire = _find_questionnaire(code, version)
    if questionnaire is None:
        raise TableProblem(
            f"Phiếu {code} phiên bản {version} ghi trong tệp ánh xạ chưa được công bố. {NOTHING_KEPT}"
        )
    mistakes = list(_mistakes(mapping, questionnaire))
    if mistakes:
        raise TableProblem("\n".join([*mistakes, NOTHING_KEPT]))


def _mistakes(mapping: FileMapping, questionnaire: Questionnaire) -> Iterator[str]:
    used = dict.fromkeys([*mapping.rename, *mapping.values, *mapping.missing_in, *mapping.constants])
    for name in used:
        if name in FIELDS:
            continue
        if not questionnaire.has(name):
            yield f"Tệp ánh xạ: phiếu {questionnaire.name} không có câu hỏi {name}."
            continue
        constant = mapping.constants.get(name)
        answers = {*mapping.values.get(name, {}).values(), *([] if constant is None else [constant])}
        for answer in sorted(answers):
            read = questionnaire.question(name).parse([answer])
            if isinstance(read, Problem):
                yield f"Tệp ánh xạ: “{answer[:40]}” không phải câu trả lời của {name}: {read.message()}."


def _find_questionnaire(code: str, version: str) -> Questionnaire | None:
    try:
        return get_questionnaire(code, version)
    except UnknownQuestionnaire:
        return None
