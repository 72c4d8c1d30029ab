"""From the strings of one row to an answer sheet, or to the reason why it is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from app.directory.records import Lifetime
from app.responding.importing.days import read_day
from app.responding.importing.mapping import FileMapping, Raw
from app.responding.records import ResponseRecord, split_comment
from surveys.answers import read_answers
from surveys.periods import quarter_of_day
from surveys.questionnaire import Questionnaire
from surveys.scoring import Channel, Phase

LONGEST_CHANNEL: Final = 40
DEFAULT_LANGUAGE: Final = "vi"
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
# The suffixes that provinces add to the national code of a procedure say nothing about it.
_PROCEDURE: Final = re.compile(r"([0-9]\.[0-9]{6})(\.[0-9A-Za-z.]+)?")


class RowProblem(Exception):
    """A row that cannot be kept; the message is the reason, in Vietnamese."""


FindQuestionnaire: TypeAlias = Callable[[str, str], Questionnaire | None]


@dataclass
class Interpreter:
    """What the rows of one import are read with; nobody can have answered after `today`."""

    mapping: FileMapping
    today: date
    find_questionnaire: FindQuestionnaire
    agencies: Mapping[str, Lifetime]
    procedures: Collection[str]
    # The agencies about which this import may bring answers; None for all of them.
    covered: Collection[str] | None = None
    _days: dict[str, date] = field(default_factory=dict)

    def read(self, raw: Raw) -> ResponseRecord:
        """Raises RowProblem."""
        questionnaire = self._questionnaire(raw)
        day = self._day(_one(raw, "answered_at"))
        name = _response_id(raw)
        # Which rows were drawn is decided from the id again when the sheet is counted.
        reading = read_answers(questionnaire, raw, phase=_phase(raw), assigned=())
        if reading.problems:
            raise RowProblem("; ".join(f"{item.question_id}: {item.message()}" for item in reading.problems))
        answers, comment = split_comment(reading.answers)
        return ResponseRecord(
            agency=self._agency(raw, day),
            id=name,
            questionnaire=questionnaire.code,
            version=questionnaire.version,
            procedure=self._procedure(raw),
            phase=reading.phase.value,
            channel=(Channel.IMPORT if self.mapping.verified else Channel.IMPORT_OPEN).value,
            source_channel=_source_channel(raw),
            quarter=quarter_of_day(day).code,
            day=day,
            language=_language(raw),
            cluster=None,
            answers=answers,
            comment=comment,
        )

    def _questionnaire(self, raw: Raw) -> Questionnaire:
        code, version = _one(raw, "questionnaire"), _one(raw, "version")
        questionnaire = self.find_questionnaire(code, version)
        if questionnaire is None:
            raise RowProblem(f"Không có phiếu {_quoted(code)} phiên bản {_quoted(version)} đã công bố")
        return questionnaire

    def _day(self, text: str) -> date:
        day = self._days.get(text)
        if day is None:
            day = self._days[text] = self._read_day(text)
            if len(self._days) > 10_000:
                # A file may give every row an instant of its own.
                self._days.clear()
        return day

    def _read_day(self, text: str) -> date:
        try:
            day = read_day(text, quarters=self.mapping.quarters, order=self.mapping.date_order)
            # A day without a quarter is out of the calendar.
            quarter_of_day(day)
        except (ValueError, OverflowError):
            raise RowProblem(
                f"answered_at {_quoted(text)} không phải ngày giờ; viết như {self._example} hoặc "
                "2026-09-30T16:45:00+07:00"
            ) from None
        if day > self.today:
            raise RowProblem(f"answered_at {_quoted(text)} ở tương lai")
        return day

    @property
    def _example(self) -> str:
        return {"dd/mm/yyyy": "30/09/2026", "mm/dd/yyyy": "09/30/2026"}.get(
            self.mapping.date_order, "2026-09-30"
        )

    def _agency(self, raw: Raw, day: date) -> str:
        code = _one(raw, "agency")
        life = self.agencies.get(code)
        if life is None or not life.holds(day):
            raise RowProblem(f"Không có cơ quan {_quoted(code)} vào ngày {day:%d/%m/%Y}")
        if self.covered is not None and code not in self.covered:
            raise RowProblem(f"Cơ quan {_quoted(code)} ở ngoài phạm vi của người nhập")
        return code

    def _procedure(self, raw: Raw) -> str | None:
        text = _one(raw, "procedure", optional=True)
        if not text:
            return None
        found = _PROCEDURE.fullmatch(text)
        if found is None or found[1] not in self.procedures:
            raise RowProblem(f"Không có thủ tục {_quoted(text)}")
        return found[1]


def _one(raw: Raw, name: str, *, optional: bool = False) -> str:
    values = raw.get(name, ())
    text = values[0].strip() if values else ""
    if len(values) > 1:
        given = [value for value in map(str.strip, values) if value]
        if len(given) > 1:
            raise RowProblem(f"{name} có nhiều giá trị")
        text = given[0] if given else ""
    if not text and not optional:
        raise RowProblem(f"Thiếu {name}")
    if not text.isprintable():
        raise RowProblem(f"{name} có ký tự không đọc được")
    return unicodedata.normalize("NFC", text)


def _response_id(raw: Raw) -> str:
    text = _one(raw, "response_id")
    if _ID.fullmatch(text) is None:
        raise RowProblem(f"response_id {_quoted(text)} không phải UUID ngẫu nhiên (phiên bản 4)")
    return text.lower()


def _phase(raw: Raw) -> Phase | None:
    text = _one(raw, "phase", optional=True)
    if not text:
        return None
    try:
        return Phase(text)
    except ValueError:
        raise RowProblem(f"phase {_quoted(text)} không thuộc {', '.join(Phase)}") from None


def _language(raw: Raw) -> str:
    text = _one(raw, "language", optional=True) or DEFAULT_LANGUAGE
    if _LANGUAGE.fullmatch(text) is None:
        raise RowProblem(f"language {_quoted(text)} không phải mã ngôn ngữ, ví dụ vi")
    return text


def _source_channel(raw: Raw) -> str | None:
    """What the file calls the channel; it decides nothing."""
    text = _one(raw, "channel", optional=True)
    if len(text) > LONGEST_CHANNEL:
        raise RowProblem(f"channel dài quá {LONGEST_CHANNEL} ký tự")
    return text or None


def _quoted(text: str) -> str:
    """What a file says, short enough for one line and without letters that a terminal would obey."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[:40])
    return f"“{shown}{'…' if len(text) > len(shown) else ''}”"
