"""The indicators of others that are known here, and the periods for which they are told. Pure.

Decision 766/QĐ-TTg of 23 June 2022 sets five groups with 100 points together; the fifth, satisfaction, is
made of three rates whose denominators are not the people who answered. None of them is compared with ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from surveys.periods import FIRST_YEAR, LAST_YEAR, Month, Quarter, parse_period

POINTS: Final = "điểm"
PERCENT: Final = "%"
_VALUE: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,4})?", flags=re.ASCII)
_YEAR: Final = re.compile(r"[0-9]{4}", flags=re.ASCII)


@dataclass(frozen=True, slots=True)
class Indicator:
    """`most` is the largest value that there can be."""

    code: str
    name: str
    unit: str = PERCENT
    most: int = 100


INDICATORS: Final = (
    Indicator("766", "Bộ chỉ số 766, tổng điểm", POINTS, 100),
    Indicator("766-1", "Bộ chỉ số 766, nhóm 1: công khai, minh bạch", POINTS, 18),
    Indicator("766-2", "Bộ chỉ số 766, nhóm 2: tiến độ, kết quả giải quyết", POINTS, 20),
    Indicator("766-3", "Bộ chỉ số 766, nhóm 3: số hóa hồ sơ", POINTS, 22),
    Indicator("766-4", "Bộ chỉ số 766, nhóm 4: cung cấp dịch vụ trực tuyến", POINTS, 22),
    Indicator("766-5", "Bộ chỉ số 766, nhóm 5: mức độ hài lòng", POINTS, 18),
    Indicator("766-5.1", "Bộ chỉ số 766: tỷ lệ phản ánh, kiến nghị xử lý đúng hạn"),
    Indicator("766-5.2", "Bộ chỉ số 766: tỷ lệ hài lòng trong xử lý phản ánh, kiến nghị"),
    Indicator("766-5.3", "Bộ chỉ số 766: tỷ lệ hài lòng trong tiếp nhận, giải quyết thủ tục hành chính"),
    Indicator("dvcqg-hai-long", "Cổng Dịch vụ công quốc gia: tỷ lệ đánh giá hài lòng, rất hài lòng"),
)
BY_CODE: Final = {indicator.code: indicator for indicator in INDICATORS}
ORDER: Final = {indicator.code: number for number, indicator in enumerate(INDICATORS)}


def read_value(text: str) -> Decimal:
    """A number as Vietnamese or foreign files write it. Raises ValueError."""
    if _VALUE.fullmatch(text) is None:
        raise ValueError(text)
    return Decimal(text.replace(",", "."))


def last_day_of(period: str) -> date:
    """The last day of a quarter, a month or a year. Raises ValueError for what is none of them."""
    if _YEAR.fullmatch(period) and FIRST_YEAR <= int(period) <= LAST_YEAR:
        return date(int(period), 12, 31)
    found = parse_period(period)
    if not isinstance(found, Quarter | Month):
        raise ValueError(period)
    return found.last_day


def period_label(period: str) -> str:
    """ "quý III năm 2026", "tháng 10 năm 2026", "năm 2026"."""
    return f"năm {period}" if _YEAR.fullmatch(period) else parse_period(period).label
