"""The import of a file of answers, in groups that are each stored for good before the next is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from app.catalogue.queries import (
    UnknownQuestionnaire,
    get_questionnaire,
    list_questionnaires,
)
from app.csv_reading import RejectFile, TableProblem
from app.directory.queries import UnknownProcedure, find_agency, get_procedure
from app.extensions import db
from app.installation import refuse_demonstration
from app.responding.importing.interpreting import Interpreter, RowProblem
from app.responding.importing.mapping import FIELDS, FileMapping, UnknownValue, read_mapping
from app.responding.importing.rows import FileRow, open_rows
from app.responding.records import ResponseRecord
from app.responding.store import Outcome, store_many
from surveys.periods import local_day
from surveys.printing import number
from surveys.questionnaire import Questionnaire

GROUP: Final = 5_000
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
    now: datetime,
    progress: Callable[[int], None] = lambda _rows: None,
) -> ImportedResponses:
    """Stores every good row; what was stored stays stored if the machine stops in the middle.

    Raises DemonstrationOnly, MappingProblem or TableProblem.
    """
    refuse_demonstration()
    questions = _known_questions()
    mapping = FileMapping() if mapping_path is None else read_mapping(mapping_path, questions)
    _refuse_unpublished(mapping)
    interpreter = Interpreter(
        mapping, local_day(now), _find_questionnaire, cache(_agency_exists), cache(_procedure_exists)
    )
    report = ImportedResponses()
    rows = open_rows(path, mapping, questions, rejects)
    names = (*FIELDS, *questions)
    while group := list(islice(rows, GROUP)):
        _store(list(_interpreted(group, interpreter, names, rejects)), report, rejects)
        # Nothing is read twice, so nothing needs to stay in the session of a long import.
        db.session.rollback()
        report.read = report.new + report.known + rejects.count
        progress(report.read)
    report.read = report.new + report.known + rejects.count
    report.failed = rejects.count - report.aside
    return report


def _interpreted(
    group: list[FileRow], interpreter: Interpreter, names: tuple[str, ...], rejects: RejectFile
) -> Iterator[tuple[FileRow, ResponseRecord]]:
    for row in group:
        try:
            yield row, interpreter.read(interpreter.mapping.translate(row.values, names))
        except UnknownValue as error:
            rejects.add(row.line, f"Giá trị của cột {error.column} không có trong tệp ánh xạ", row.shown)
        except RowProblem as problem:
            rejects.add(row.line, str(problem), row.shown)


def _store(
    sheets: list[tuple[FileRow, ResponseRecord]], report: ImportedResponses, rejects: RejectFile
) -> None:
    outcomes = store_many([record for _, record in sheets])
    for (row, _), outcome in zip(sheets, outcomes, strict=True):
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


def _refuse_unpublished(mapping: FileMapping) -> None:
    code, version = mapping.constants.get("questionnaire"), mapping.constants.get("version")
    if code and version and _find_questionnaire(code, version) is None:
        raise TableProblem(
            f"Phiếu {code} phiên bản {version} ghi trong tệp ánh xạ chưa được công bố. Chưa có gì được lưu."
        )


def _find_questionnaire(code: str, version: str) -> Questionnaire | None:
    try:
        return get_questionnaire(code, version)
    except UnknownQuestionnaire:
        return None


def _agency_exists(code: str, on: date) -> bool:
    return find_agency(code, on) is not None


def _procedure_exists(code: str) -> bool:
    try:
        get_procedure(code)
    except UnknownProcedure:
        return False
    return True
