"""The import of a file of answers, in groups that are each stored for good before the next is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app.catalogue.queries import UnknownQuestionnaire, get_questionnaire, list_questionnaires
from app.csv_reading import RejectFile
from app.directory.queries import list_lifetimes, list_procedure_codes
from app.extensions import db
from app.installation import refuse_demonstration
from app.responding.entries import Outcome
from app.responding.importing.interpreting import Interpreter, RowProblem
from app.responding.importing.mapping import FIELDS, FileMapping, Translator, UnknownValue
from app.responding.importing.mapping_file import read_mapping
from app.responding.importing.rows import FileRow, open_rows
from app.responding.importing.storing import store_group
from app.responding.records import ResponseRecord
from app.text_files import NOTHING_KEPT, TableProblem
from surveys.periods import local_day
from surveys.printing import number
from surveys.problems import Problem
from surveys.questionnaire import Questionnaire

# Answers that arrive meanwhile wait for the end of a group on SQLite, so one takes a few tenths of a second.
GROUP: Final = 10_000
# A foreign file may have hundreds of columns that nobody asked for.
MOST_CHARACTERS: Final = 10_000_000
_ASIDE: Final = "Mã phiếu đã có với nội dung khác; nội dung này được giữ riêng và không được đếm"


@dataclass
class ImportedResponses:
    """How many rows were read and what became of each."""

    read: int = 0
    new: int = 0
    known: int = 0
    aside: int = 0
    failed: int = 0

    def __str__(self) -> str:
        aside = f", {number(self.aside)} trùng mã khác nội dung" if self.aside else ""
        return (
            f"Đã đọc {number(self.read)} dòng: {number(self.new)} mới, {number(self.known)} đã có{aside}, "
            f"{number(self.failed)} lỗi"
        )


def import_responses(
    path: Path,
    *,
    mapping_path: Path | None,
    rejects: RejectFile,
    by: str,
    now: datetime,
    progress: Callable[[int], None] = lambda _rows: None,
) -> ImportedResponses:
    """Stores every good row; what was stored stays stored if the machine stops in the middle.

    Raises DemonstrationOnly, MappingProblem or TableProblem.
    """
    refuse_demonstration()
    questions = _known_questions()
    mapping = FileMapping() if mapping_path is None else read_mapping(mapping_path, questions)
    _refuse_useless(mapping)
    reader = _Reader(
        Translator(mapping, (*FIELDS, *questions), questions),
        Interpreter(
            mapping, local_day(now), _find_questionnaire, list_lifetimes(), frozenset(list_procedure_codes())
        ),
        rejects,
    )
    # Whoever answers meanwhile must not wait for a transaction that only read.
    db.session.rollback()
    report = ImportedResponses()
    for group in _groups(open_rows(path, mapping, questions, rejects)):
        sheets = list(reader.read(group))
        outcomes = store_group([record for _, record in sheets], by=by, now=now)
        _count([row for row, _ in sheets], outcomes, report, rejects)
        report.read = report.new + report.known + rejects.count
        progress(report.read)
    report.read = report.new + report.known + rejects.count
    report.failed = rejects.count - report.aside
    return report


def _groups(rows: Iterator[FileRow]) -> Iterator[list[FileRow]]:
    """The rows in groups that fit into the memory, however long a row is."""
    group: list[FileRow] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(map(len, row.shown.values()))
        if len(group) == GROUP or characters > MOST_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


@dataclass(frozen=True)
class _Reader:
    """From rows to records; a row that is none goes to the reject file with its reason."""

    translator: Translator
    interpreter: Interpreter
    rejects: RejectFile

    def read(self, group: list[FileRow]) -> Iterator[tuple[FileRow, ResponseRecord]]:
        for row in group:
            try:
                yield row, self.interpreter.read(self.translator.read(row.values, row.line))
            except UnknownValue as error:
                reason = f"Giá trị của cột {error.column} không có trong tệp ánh xạ"
                self.rejects.add(row.line, reason, row.shown)
            except RowProblem as problem:
                self.rejects.add(row.line, str(problem), row.shown)


def _count(
    rows: list[FileRow], outcomes: list[Outcome], report: ImportedResponses, rejects: RejectFile
) -> None:
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome is Outcome.NEW:
            report.new += 1
        elif outcome is Outcome.SAME:
            report.known += 1
        else:
            report.aside += 1
            rejects.add(row.line, _ASIDE, row.shown)


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
