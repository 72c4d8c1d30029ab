"""Reading a file of such numbers: everything in it is right, or nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from app.csv_reading import NotedRejects, Row, open_table
from app.indices.indicators import BY_CODE, last_day_of, read_value
from app.text_files import NOTHING_KEPT, TableProblem

COLUMNS: Final = ("period", "place", "indicator", "value", "unit", "source")
LONGEST_SOURCE: Final = 300
MOST_NAMED: Final = 20
MOST_ROWS: Final = 50_000

Known = Callable[[Collection[str]], Collection[str]]
"""Which of these codes are places that the file may speak about."""


@dataclass(frozen=True, slots=True)
class Value:
    """One row of a file that is right."""

    indicator: str
    place: str
    period: str
    last_day: date
    value: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.indicator, self.place, self.period


class _Wrong(ValueError):
    """A cell that cannot be taken: the column, and what is wrong, in Vietnamese."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(f"cột {column}: {words}")


def read_values(path: Path, known: Known) -> list[Value]:
    """Raises TableProblem, which names every wrong row with its column, up to twenty of them."""
    rejects = NotedRejects()
    rows = list(_limited(open_table(path, COLUMNS, rejects)))
    places = known({row["place"] for _line, row in rows})
    problems = list(rejects.rows)
    values: dict[tuple[str, str, str], tuple[int, Value]] = {}
    for line, row in rows:
        try:
            value = _value(row, places)
        except _Wrong as wrong:
            problems.append((line, str(wrong)))
            continue
        first, _before = values.setdefault(value.key, (line, value))
        if first != line:
            problems.append((line, f"cùng kỳ, nơi và chỉ tiêu với dòng {first}"))
    if problems:
        raise TableProblem(_words(sorted(problems)))
    return [value for _line, value in values.values()]


def _limited(rows: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    for number, item in enumerate(rows):
        if number >= MOST_ROWS:
            raise TableProblem(f"Tệp có quá {MOST_ROWS} dòng; hãy chia tệp. {NOTHING_KEPT}")
        yield item


def _value(row: Row, places: Collection[str]) -> Value:
    """Raises _Wrong for the first cell that cannot be taken, from left to right."""
    try:
        last_day = last_day_of(row["period"])
    except ValueError:
        raise _Wrong(
            "period", f"“{row['period'][:20]}” không phải kỳ; viết như 2026-Q3, 2026-10 hoặc 2026"
        ) from None
    if row["place"] not in places:
        raise _Wrong(
            "place", f"không có nơi nào mang mã “{row['place'][:40]}”, hoặc nơi đó không thuộc quyền của bạn"
        )
    indicator = BY_CODE.get(row["indicator"])
    if indicator is None:
        raise _Wrong("indicator", f"“{row['indicator'][:20]}” không có; chỉ có: {', '.join(BY_CODE)}")
    value = _number(row["value"], indicator.most)
    if row["unit"] != indicator.unit:
        raise _Wrong(
            "unit", f"đơn vị của {indicator.code} là “{indicator.unit}”, không phải “{row['unit'][:20]}”"
        )
    if not 0 < len(row["source"]) <= LONGEST_SOURCE:
        raise _Wrong("source", f"hãy ghi nguồn (trang, ngày xem), không quá {LONGEST_SOURCE} ký tự")
    return Value(indicator.code, row["place"], row["period"], last_day, value, row["source"])


def _number(text: str, most: int) -> str:
    try:
        value = read_value(text)
    except ValueError:
        raise _Wrong("value", f"“{text[:20]}” không phải số; viết như 92,5") from None
    if value > most:
        raise _Wrong("value", f"{text} lớn hơn mức cao nhất là {most}")
    return str(value)


def _words(problems: list[tuple[int, str]]) -> str:
    shown = "; ".join(f"dòng {line}, {words}" for line, words in problems[:MOST_NAMED])
    more = f"; và {len(problems) - MOST_NAMED} dòng khác" if len(problems) > MOST_NAMED else ""
    return f"Tệp có {len(problems)} dòng sai: {shown}{more}. {NOTHING_KEPT}"
