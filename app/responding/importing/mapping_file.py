"""How a foreign file is read: a YAML file of renamed columns, changed values, missing codes and constants.

source: kcmo-resident-survey        # names the source; part of every id made from it
id_from: id                         # a column that is unique in the source; makes the ids …
id_from_line: true                  # … or, where there is none, the number of the line
rename: {satisfaction: q1_03, agency: counci}
values: {agency: {"1": 99-D1, "2": 99-D2}}
missing: ["9", NA]                  # everywhere, or {satisfaction: ["9"]}
constants: {questionnaire: KHAO_SAT, version: "1.0", answered_at: 2022-03-31}
date_order: dd/mm/yyyy              # or mm/dd/yyyy, yyyy/mm/dd; with any of / - .
period: calendar quarter            # `answered_at` may then be a quarter, such as 2022-Q1
verified_source: {statement: …, by: [role, another role], on: 2022-04-20}
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from app.responding.importing.days import DATE_ORDERS
from app.responding.importing.mapping import FIELDS, FileMapping
from app.text_files import reason_of
from app.ui.yaml_marks import BadYaml, Trail, parse_yaml

_KEYS: Final = (
    "source", "id_from", "id_from_line", "rename", "values", "missing", "constants", "date_order", "period",
    "verified_source",
)  # fmt: skip
_SOURCE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,79}")
_PERIOD: Final = "calendar quarter"
_PERSONS: Final = 2


class MappingProblem(Exception):
    """A mapping file that cannot be used; the message names the line and the key of every mistake."""


class MappingText(NamedTuple):
    """A mapping as it was written, and what it is called where its mistakes are told."""

    name: str
    text: str


def load_mapping(path: Path) -> MappingText:
    """Raises MappingProblem for what is no text."""
    try:
        return MappingText(str(path), path.read_text("utf-8-sig"))
    except OSError as error:
        raise MappingProblem(f"Không đọc được tệp ánh xạ {path}: {reason_of(error)}.") from error
    except UnicodeDecodeError as error:
        raise MappingProblem(f"Tệp ánh xạ {path} không phải UTF-8.") from error


def read_mapping(given: MappingText, questions: Collection[str]) -> FileMapping:
    """`questions`: the ids that published questionnaires have. Raises MappingProblem with every mistake."""
    try:
        data, marks = parse_yaml(given.text)
    except BadYaml as error:
        raise MappingProblem("\n".join(f"{given.name}: {mistake}" for mistake in error.mistakes)) from error
    checked = _Checked(data, marks, {*FIELDS, *questions})
    mapping = checked.mapping()
    if checked.mistakes:
        raise MappingProblem("\n".join(f"{given.name}: {mistake}" for mistake in sorted(checked.mistakes)))
    return mapping


class _Checked:
    """Reads the keys one by one and remembers what is wrong with which line."""

    def __init__(self, data: Any, marks: Mapping[Trail, int], names: Collection[str]) -> None:
        self.marks = marks
        self.names = names
        self.mistakes: list[str] = []
        self.data: dict[Any, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self._wrong((), "tệp phải là một nhóm khóa")
        for key in self.data:
            if key not in _KEYS:
                self._wrong((key,), f"không có khóa này; các khóa là {', '.join(_KEYS)}")

    def mapping(self) -> FileMapping:
        missing = self.data.get("missing")
        everywhere = missing if isinstance(missing, list) else []
        by_name = missing if isinstance(missing, dict) else {}
        if missing is not None and not isinstance(missing, list | dict):
            self._wrong(("missing",), "phải là danh sách mã, hoặc một nhóm trường: danh sách mã")
        mapping = FileMapping(
            source=self._source(),
            id_from=self._text(("id_from",), self.data.get("id_from", "")),
            rename=self._texts("rename"),
            values=self._tables(),
            missing=self._codes(("missing",), everywhere),
            missing_in={name: self._codes(("missing", name), codes) for name, codes in by_name.items()},
            constants=self._texts("constants"),
            quarters=self._one_of("period", (_PERIOD,)) == _PERIOD,
            date_order=self._one_of("date_order", tuple(DATE_ORDERS)),
            id_from_line=self._id_from_line(),
            verified=self._verified(),
        )
        self._refuse_unknown_names(mapping)
        for name in mapping.rename.keys() & mapping.constants.keys():
            self._wrong(("constants", name), "đã có ở rename; chỉ được ghi một nơi")
        self._refuse_two_ids(mapping)
        return mapping

    def _refuse_two_ids(self, mapping: FileMapping) -> None:
        ids = {
            "id_from": bool(mapping.id_from),
            "id_from_line": mapping.id_from_line,
            "rename.response_id": "response_id" in mapping.rename,
            "constants.response_id": "response_id" in mapping.constants,
        }
        given = [name for name, used in ids.items() if used]
        if len(given) > 1:
            self._wrong((given[0],), f"mã phiếu chỉ được ghi một nơi, không ghi cả {', '.join(given)}")

    def _refuse_unknown_names(self, mapping: FileMapping) -> None:
        groups = {
            "rename": mapping.rename,
            "values": mapping.values,
            "missing": mapping.missing_in,
            "constants": mapping.constants,
        }
        for group, used in groups.items():
            for name in used:
                if name not in self.names:
                    self._wrong((group, name), "không phải trường của tệp phiếu, cũng không phải mã câu hỏi")

    def _source(self) -> str:
        source = self._text(("source",), self.data.get("source"))
        if self.data.get("source") is not None and _SOURCE.fullmatch(source) is None:
            self._wrong(("source",), "gồm 3 đến 80 chữ thường không dấu, chữ số, gạch nối, ví dụ xa-a-2026")
        return source

    def _one_of(self, key: str, known: tuple[str, ...]) -> str:
        given = self.data.get(key)
        if given is not None and given not in known:
            self._wrong((key,), f"chỉ nhận {' hoặc '.join(f'“{word}”' for word in known)}")
        return given if given in known else ""

    def _id_from_line(self) -> bool:
        given = self.data.get("id_from_line", False)
        if not isinstance(given, bool):
            self._wrong(("id_from_line",), "chỉ nhận true hoặc false")
        return given is True

    def _verified(self) -> bool:
        """Whether two different roles stand for the source."""
        claim = self.data.get("verified_source")
        if claim is None:
            return False
        if not isinstance(claim, dict):
            self._wrong(("verified_source",), "phải là một nhóm khóa statement, by, on")
            return False
        for key in claim.keys() - {"statement", "by", "on"}:
            self._wrong(("verified_source", key), "không có khóa này; các khóa là statement, by, on")
        self._text(("verified_source", "statement"), claim.get("statement"))
        try:
            date.fromisoformat(self._text(("verified_source", "on"), claim.get("on")))
        except ValueError:
            self._wrong(("verified_source", "on"), "ngày phải viết như 2026-04-20")
        roles = claim.get("by")
        if not isinstance(roles, list) or not roles:
            self._wrong(("verified_source", "by"), "phải là danh sách vai trò, ví dụ [trưởng phòng]")
            return False
        return len({self._text(("verified_source", "by"), role).casefold() for role in roles}) >= _PERSONS

    def _tables(self) -> dict[str, dict[str, str]]:
        tables = self.data.get("values", {})
        if not isinstance(tables, dict):
            self._wrong(("values",), "phải là một nhóm trường: {giá trị trong tệp: giá trị của ta}")
            return {}
        return {str(name): self._pairs(("values", name), table) for name, table in tables.items()}

    def _texts(self, key: str) -> dict[str, str]:
        return self._pairs((key,), self.data.get(key, {}))

    def _pairs(self, trail: Trail, pairs: Any) -> dict[str, str]:
        if not isinstance(pairs, dict):
            self._wrong(trail, "phải là một nhóm khóa: giá trị")
            return {}
        return {str(name): self._text((*trail, name), value) for name, value in pairs.items()}

    def _codes(self, trail: Trail, codes: Any) -> frozenset[str]:
        if not isinstance(codes, list):
            self._wrong(trail, "phải là danh sách mã")
            return frozenset()
        return frozenset(self._text(trail, code) for code in codes)

    def _text(self, trail: Trail, value: Any) -> str:
        """Words, or a number as it was written; True and lists are mistakes."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self._wrong(trail, "thiếu khóa này" if value is None else "phải là chữ hoặc số")
            return ""
        return unicodedata.normalize("NFC", str(value)).strip()

    def _wrong(self, trail: Trail, message: str) -> None:
        """The line is that of the nearest key that the file has."""
        line = next((self.marks[trail[:n]] for n in range(len(trail), 0, -1) if trail[:n] in self.marks), 1)
        key = ".".join(map(str, trail))
        self.mistakes.append(f"dòng {line}: {key + ': ' if key else ''}{message}")
