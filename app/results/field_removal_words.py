"""What leaving out a collector's interviews is called, before a second person and on its page."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.approvals.kinds import Description
from app.i18n import current_language
from surveys.periods import Locale
from surveys.printing import number, percent
from surveys.thresholds import DEFAULTS


def act_words(act: str) -> str:
    words: str = {"remove": _("loại khỏi số liệu"), "restore": _("đưa lại vào số liệu")}[act]
    return words


def describe(subject: str, payload: Mapping[str, Any]) -> Description:
    """The figures are those of the moment of the proposal; the act is done on no others."""
    what = _("phiếu của %(code)s, đợt “%(title)s”", code=payload["code"], title=payload["title"])
    return Description(
        subject=f"{act_words(payload['act'])}: {what}",
        effects=effects_of(payload),
        undo=undo_words(),
        url=url_for("results_staff.field_removal", code=payload["round"], collector=payload["collector"]),
    )


def effects_of(payload: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        number_words(payload["act"], payload["number"]),
        _(
            "Mức hài lòng của đợt: trước %(before)s, sau %(after)s.",
            before=standing_words(*payload["before"], moved=payload["number"]),
            after=standing_words(*payload["after"], moved=payload["number"]),
        ),
        _("Không phiếu nào bị xóa hay sửa; số phiếu loại ra được nêu theo kênh trong bảng toàn vẹn."),
    )


def number_words(act: str, count: int) -> str:
    if act == "remove":
        words: str = ngettext(
            "%(num)s phiếu ra ngoài mọi số liệu.", "%(num)s phiếu ra ngoài mọi số liệu.", count
        )
    else:
        words = ngettext("%(num)s phiếu được tính lại.", "%(num)s phiếu được tính lại.", count)
    return words


def standing_words(n: int, satisfied: int, *, moved: int) -> str:
    """Of few answers, also where they could be told by subtraction, only the number is shown."""
    shown = number(n, _locale())
    if min(n, moved) < DEFAULTS.disclosure:
        words: str = _("n = %(n)s (quá ít để in tỷ lệ)", n=shown)
    else:
        rate = percent(Fraction(satisfied, n), locale=_locale())
        words = _("%(rate)s (n = %(n)s)", rate=rate, n=shown)
    return words


def undo_words() -> str:
    words: str = _(
        "Hai người có thể quyết định ngược lại, cho đến khi đợt hết thời gian xem xét hoặc quý đến hạn chốt."
    )
    return words


def _locale() -> Locale:
    return "en" if current_language() == "en" else "vi"
