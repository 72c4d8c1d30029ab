"""Numbers as people read them, and the same number everywhere: page, PDF, spreadsheet.

Every number is rounded from its exact fraction, half away from zero. A number that is compared with a
threshold gets as many more decimals as it needs to be printed on the side on which it lies: 89,96 %
against 90 % never becomes "90,0 %".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from surveys.comparison import Change
from surveys.intervals import Interval
from surveys.periods import MONTHS_EN, Locale
from surveys.scoring import LEVELS, Distribution, Rounding, rounded
from surveys.thresholds import DEFAULTS, Size, Standing, Thresholds, standing

__all__ = [
    "DASH", "INDICATIVE", "MINUS", "NBSP", "SUPPRESSED", "Locale", "PrintedRate", "Standing", "change_text",
    "date_text", "decimal_text", "interval_text", "long_date", "minutes", "number", "percent", "points",
    "points_unit", "printed_rate", "score", "standing", "thresholds_note",
]  # fmt: skip

Number = Fraction | Decimal | int | float

NBSP: Final = "\u00a0"
DASH: Final = "–"
MINUS: Final = "−"
"""Before a negative number: a hyphen is shorter than the plus of its neighbour and may end a line."""
SUPPRESSED: Final = "bm"
"""Bảo mật thống kê: in place of every number of a cell of 1 to 9 answers."""
INDICATIVE: Final = {"vi": "tham khảo", "en": "indicative"}
POINTS: Final = {"vi": "điểm phần trăm", "en": "percentage points"}
MOST_DECIMALS: Final = 40
"""Only a threshold that no decimal can express would need more."""


def fitted(
    value: Number, against: Sequence[Number], decimals: int = 1, rounding: Rounding = "half_away"
) -> Decimal:
    """Rounded to `decimals` places, or to the first that keep it on its side of every threshold.

    The side is "at least" against "below", which serves both ≥ and strict < targets.
    """
    exact = Fraction(value)
    sides = [(limit, exact >= limit) for limit in (Fraction(each) for each in against)]
    printed = rounded(exact, decimals, rounding)
    for places in range(decimals + 1, MOST_DECIMALS):
        if all((printed >= limit) is side for limit, side in sides):
            break
        printed = rounded(exact, places, rounding)
    return printed


def decimal_text(value: Decimal, locale: Locale = "vi", decimal_mark: str | None = None) -> str:
    """A decimal with all its places, thousands grouped: 1.234,5 or 1,234.5; below zero −1.234,5."""
    mark = decimal_mark or ("." if locale == "en" else ",")
    group = "," if mark == "." else "."
    whole, _, places = f"{value:,f}".replace("-", MINUS).partition(".")
    return whole.replace(",", group) + (mark + places if places else "")


def number(n: int, locale: Locale = "vi") -> str:
    """A count: 1.000 or 1,000."""
    return decimal_text(Decimal(n), locale)


def percent(
    fraction: Number,
    *,
    against: Sequence[Number] = (),
    decimal_mark: str | None = None,
    locale: Locale = "vi",
    decimals: int = 1,
    rounding: Rounding = "half_away",
) -> str:
    """A share from 0 to 1 as "89,9 %" ("89.9%" in English); `against` holds shares as well."""
    hundredfold = [100 * Fraction(limit) for limit in against]
    value = fitted(100 * Fraction(fraction), hundredfold, decimals, rounding)
    return decimal_text(value, locale, decimal_mark) + _percent_sign(locale)


def _percent_sign(locale: Locale) -> str:
    return "%" if locale == "en" else f"{NBSP}%"


def minutes(
    value: Number, against: Sequence[Number] = (), locale: Locale = "vi", decimal_mark: str | None = None
) -> str:
    """A number of minutes without its unit: 4.96 prints "4,96" against < 5 and "5,0" against nothing."""
    return decimal_text(fitted(value, against), locale, decimal_mark)


def score(value: Number, locale: Locale = "vi", decimal_mark: str | None = None) -> str:
    """A factor score from 0 to 100, without a unit: "74,0"."""
    return decimal_text(fitted(value, ()), locale, decimal_mark)


def points(change: Change | Number, *, side_of_zero: bool = False, locale: Locale = "vi") -> str:
    """A difference of two rates as "+1,2 điểm phần trăm"; -0,0 prints "0,0".

    `side_of_zero`, for the bounds of an interval, adds decimals until a bound that is not 0 does not
    print as 0: whether the interval holds 0 must be seen.
    """
    value = change.diff if isinstance(change, Change) else change
    return f"{_signed(value, side_of_zero, locale)}{NBSP}{points_unit(locale)}"


def points_unit(locale: Locale = "vi") -> str:
    return POINTS[locale]


def _signed(value: Number, side_of_zero: bool, locale: Locale) -> str:
    exact = 100 * Fraction(value)
    printed, places = rounded(exact, 1), 1
    while side_of_zero and exact and not printed and places < MOST_DECIMALS:
        places += 1
        printed = rounded(exact, places)
    return ("+" if printed > 0 else "") + decimal_text(printed, locale)


def change_text(change: Change, locale: Locale = "vi") -> str:
    """The difference and its interval: "+5,0 điểm phần trăm (từ +2,1 đến +7,9)"."""
    low, high = (_signed(bound, True, locale) for bound in (change.low, change.high))
    span = f"{low} to {high}" if locale == "en" else f"từ {low} đến {high}"
    return f"{points(change, locale=locale)} ({span})"


def interval_text(
    interval: Interval,
    *,
    against: Sequence[Number] = (),
    locale: Locale = "vi",
    unit: Literal["%", ""] = "%",
    outward: bool = False,
) -> str:
    """An interval as "78,6–95,7 %", or without a sign where its unit is not a share.

    `outward` never prints it narrower than it is, as beside "từ 75,7 % trở lên": one bound, one number.
    """
    scale = 100 if unit == "%" else 1
    limits = [scale * Fraction(limit) for limit in against]
    roundings: tuple[Rounding, Rounding] = ("down", "up") if outward else ("half_away", "half_away")
    low, high = (
        decimal_text(fitted(scale * Fraction(bound), limits, rounding=rounding), locale)
        for bound, rounding in zip((interval.low, interval.high), roundings, strict=True)
    )
    # A dash between two numbers must not meet the minus of a negative one.
    between = (" to " if locale == "en" else " đến ") if MINUS in low + high else "–"
    return low + between + high + (_percent_sign(locale) if unit == "%" else "")


@dataclass(frozen=True)
class PrintedRate:
    """A cell as printed: every text is ready, "–" for nothing and "bm" for what must stay hidden.

    `levels` are the shares of 5, 4, 3, 2, 1, None where a cell may only show satisfied and not
    satisfied (`satisfied`, `not_satisfied`) or nothing.
    """

    standing: Standing
    n: str
    rate: str
    interval: str
    note: str
    satisfied: str
    not_satisfied: str
    levels: tuple[str, ...] | None


def printed_rate(
    distribution: Distribution,
    interval: Interval | None,
    *,
    n_eff: Size | None = None,
    against: Sequence[Number] = (),
    thresholds: Thresholds = DEFAULTS,
    locale: Locale = "vi",
) -> PrintedRate:
    """A satisfaction rate as its number of answers allows it to be printed."""
    allowed = standing(distribution.n, n_eff, thresholds)
    rate = distribution.rate
    if rate is None:
        return _blank(allowed, DASH)
    if allowed is Standing.SUPPRESSED:
        return _blank(allowed, SUPPRESSED)
    indicative = allowed is Standing.INDICATIVE
    hedge = interval if indicative else None
    one_sided = _one_sided(rate, hedge, against, locale)
    text = one_sided or percent(rate, against=against, locale=locale)
    rest = 1 - rate
    opposite = Interval(1 - hedge.high, 1 - hedge.low) if hedge else None
    return PrintedRate(
        standing=allowed,
        n=number(distribution.n, locale),
        rate=text,
        interval=interval_text(interval, against=against, locale=locale, outward=one_sided is not None)
        if interval
        else DASH,
        note=INDICATIVE[locale] if indicative else "",
        satisfied=text,
        not_satisfied=_one_sided(rest, opposite, (), locale) or percent(rest, locale=locale),
        levels=None if indicative else _level_shares(distribution, locale),
    )


def _level_shares(distribution: Distribution, locale: Locale) -> tuple[str, ...]:
    return tuple(percent(distribution.share(level) or 0, locale=locale) for level in LEVELS)


def _blank(allowed: Standing, mark: str) -> PrintedRate:
    return PrintedRate(allowed, mark, mark, mark, "", mark, mark, None)


def _one_sided(
    rate: Fraction, interval: Interval | None, against: Sequence[Number], locale: Locale
) -> str | None:
    """All or none of a few answers: honest about how little that proves."""
    if interval is None or rate not in (0, 1):
        return None
    if rate == 1:
        bound = percent(interval.low, against=against, locale=locale, rounding="down")
        return f"at least {bound}" if locale == "en" else f"từ {bound} trở lên"
    bound = percent(interval.high, against=against, locale=locale, rounding="up")
    return f"at most {bound}" if locale == "en" else f"không quá {bound}"


def date_text(day: date, locale: Locale = "vi") -> str:
    """30/11/2026; spelt out in English, where 9/10 would be read two ways."""
    return long_date(day, "en") if locale == "en" else f"{day:%d/%m/%Y}"


def in_sentence(name: str) -> str:
    """ "Tỉnh Sơn La" inside a sentence: "tỉnh Sơn La"."""
    return name[:1].lower() + name[1:]


def long_date(day: date, locale: Locale = "vi") -> str:
    """As "ngày 05 tháng 01 năm 2026": Decree 30/2020/NĐ-CP puts 0 before days to 9 and months 1 and 2."""
    if locale == "en":
        return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def thresholds_note(
    thresholds: Thresholds = DEFAULTS, locale: Locale = "vi", *, marks_empty: bool = False
) -> str:
    """The thresholds under a table, in one sentence. `marks_empty` is that of the period."""
    hidden, judged, ranked = thresholds.disclosure, thresholds.verdict, thresholds.rank
    share = percent(thresholds.response_rate, locale=locale, decimals=0)
    least = 0 if marks_empty else 1
    if locale == "en":
        return (
            f"Cells of {least} to {hidden - 1} answers are hidden (“{SUPPRESSED}”); below {judged} a figure "
            f"is indicative; ranks from {ranked}; certainty needs a response rate of {share} or more."
        )
    return (
        f"Ô có từ {least} đến {hidden - 1} phiếu ghi “{SUPPRESSED}” (bảo mật thống kê); dưới {judged} phiếu "
        f"chỉ để tham khảo; xếp hạng từ {ranked} phiếu; chỉ ghi “đủ căn cứ thống kê” khi tỷ lệ trả lời từ "
        f"{share} trở lên."
    )
