"""What thresholds are called on staff pages and before a second person."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _

from app.approvals.kinds import Description
from app.i18n import current_language
from surveys.periods import Locale, Quarter
from surveys.printing import number, percent
from surveys.thresholds import Thresholds, from_mapping

SETTABLE: Final = ("disclosure", "verdict", "rank", "response_rate", "merge")


def threshold_words(name: str) -> str:
    words: str = {
        "disclosure": _("Che số: từ bao nhiêu phiếu thì được in"),
        "verdict": _("Kết luận: dưới số phiếu này chỉ để tham khảo"),
        "rank": _("Xếp hạng: từ bao nhiêu phiếu hiệu dụng"),
        "response_rate": _("Tỷ lệ trả lời: dưới mức này không ghi “đủ căn cứ”"),
        "merge": _("Gia quyền: nhóm có ít phiếu hơn thì gộp vào “khác”"),
    }[name]
    return words


def value_words(thresholds: Thresholds, name: str) -> str:
    value = getattr(thresholds, name)
    if isinstance(value, Fraction):
        return percent(value, locale=locale(), decimals=0)
    return number(value, locale())


def quarter_words(code: str) -> str:
    return Quarter.parse(code).label_in(locale())


def describe(subject: str, payload: Mapping[str, Any]) -> Description:
    before, after = from_mapping(payload["before"]), from_mapping(payload["thresholds"])
    quarter = quarter_words(payload["first_quarter"])
    changes = tuple(
        f"{threshold_words(name)}: {value_words(before, name)} → {value_words(after, name)}"
        for name in SETTABLE
        if getattr(before, name) != getattr(after, name)
    )
    kept = _("Các quý trước %(quarter)s giữ nguyên ngưỡng và số liệu đã in.", quarter=quarter)
    return Description(
        subject=_("từ %(quarter)s", quarter=quarter),
        effects=(*changes, kept),
        undo=_("Khi quý ấy đã bắt đầu thì ngưỡng của nó không đổi nữa; chỉ đổi được cho quý sau."),
        url=url_for("thresholds_staff.thresholds"),
    )


def locale() -> Locale:
    return "en" if current_language() == "en" else "vi"
