"""Reads a parsed profile key by key and names the key of the first mistake."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

_E = TypeVar("_E", bound=StrEnum)


class PlanError(ValueError):
    """A profile is wrong; the message begins with the plan and the key, "son-la-169: scope.level: …"."""


class Reader:
    """One mapping of a profile; `close` refuses the keys that nobody asked for."""

    def __init__(self, data: object, plan: str, path: tuple[str, ...] = ()) -> None:
        self.plan, self.path = plan, path
        if not isinstance(data, Mapping):
            raise self.wrong("phải là một nhóm khóa")
        self.data = {str(key): value for key, value in data.items()}
        self.known: set[str] = set()

    def wrong(self, problem: str, *keys: str) -> PlanError:
        return PlanError(": ".join(filter(None, (self.plan, ".".join((*self.path, *keys)), problem))))

    def raw(self, key: str) -> object:
        self.known.add(key)
        return self.data.get(key)

    def has(self, key: str) -> bool:
        return self.raw(key) is not None

    def close(self) -> None:
        for key in self.data:
            if key not in self.known:
                raise self.wrong("không có khóa này", key)

    def optional(self, key: str) -> str | None:
        value = self.raw(key)
        return None if value is None else self._words(value, key)

    def text(self, key: str) -> str:
        value = self.raw(key)
        if value is None:
            raise self.wrong("thiếu khóa này", key)
        return self._words(value, key)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._words(item, key, str(place)) for place, item in enumerate(self._list(key), 1))

    def flag(self, key: str) -> bool:
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong("phải là true hoặc false", key)
        return bool(value)

    def whole(self, key: str) -> int | None:
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong("phải là số nguyên", key)
        return value

    def number(self, key: str) -> Fraction:
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong("phải là số", key)
        # Through the text, so that 2.5 stays five halves and no binary remainder enters.
        return Fraction(str(value))

    def day(self, key: str) -> date | None:
        value = self.optional(key)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError as error:
            raise self.wrong("ngày phải viết như 2025-11-10", key) from error

    def choice(self, key: str, kind: type[_E]) -> _E:
        value = self.text(key)
        try:
            return kind(value)
        except ValueError as error:
            raise self.wrong(f"“{value}” không thuộc {', '.join(kind)}", key) from error

    def group(self, key: str) -> Reader:
        return Reader(self.raw(key), self.plan, (*self.path, key))

    def groups(self) -> Iterator[tuple[str, Reader]]:
        """Every entry, each a mapping of its own."""
        for key in self.data:
            yield key, self.group(key)

    def items(self, key: str) -> Iterator[Reader]:
        """The entries of a list of mappings, each called by its code, else by its place."""
        codes: set[str] = set()
        for place, item in enumerate(self._list(key), start=1):
            code = str(item.get("code", place)) if isinstance(item, Mapping) else str(place)
            if code in codes:
                raise self.wrong(f"mã “{code}” dùng hai lần", key)
            codes.add(code)
            yield Reader(item, self.plan, (*self.path, key, code))

    def _list(self, key: str) -> Sequence[object]:
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self.wrong("phải là danh sách", key)
        return value

    def _words(self, value: object, *keys: str) -> str:
        if isinstance(value, date):
            # An unquoted 2025-11-10 arrives as a date; one spelling is kept for both.
            return value.isoformat()
        if not isinstance(value, str) or not value.strip():
            raise self.wrong("phải là chữ, không được trống", *keys)
        if not unicodedata.is_normalized("NFC", value):
            raise self.wrong("chữ tiếng Việt phải ở dạng dựng sẵn (NFC)", *keys)
        return value.strip()
