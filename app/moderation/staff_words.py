"""What comments and their review are called on staff pages and before a second person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app import clock
from app.approvals.kinds import Description
from app.directory.staff_queries import names_of_agencies
from app.i18n import current_language
from app.moderation.rules import State
from surveys.periods import Locale, Quarter, local_day


def state_words(state: State) -> str:
    words: str = {
        State.WAITING: _("chờ duyệt"),
        State.PUBLISHED: _("được công bố"),
        State.HIDDEN: _("đã ẩn"),
    }[state]
    return words


def describe(subject: str, payload: Mapping[str, Any]) -> Description:
    """Without a word of the comment: who reads proposals may not read comments."""
    agency = payload["agency"]
    name = names_of_agencies({agency}, local_day(clock.now())).get(agency, agency)
    return Description(
        subject=_(
            "góp ý %(number)s, %(agency)s, %(quarter)s",
            number=subject[:8],
            agency=name,
            quarter=quarter_words(payload["quarter"]),
        ),
        effects=(
            _("Góp ý này không được công bố và cán bộ của cơ quan không thấy nữa."),
            _("Phiếu trả lời giữ nguyên từng chữ và vẫn được đếm; không ai xóa hay sửa được."),
        ),
        undo=_("Hoàn tác được: người duyệt góp ý có thể đưa góp ý về chờ duyệt."),
        url=url_for("moderation_staff.comment", comment=subject),
    )


def quarter_words(quarter: str) -> str:
    return Quarter.parse(quarter).label_in(_locale())


def messages() -> dict[str, str]:
    """What has just been done, by the word in the address."""
    return {
        "covered": _("Đã che. Dưới đây là góp ý như sẽ được công bố; góp ý vẫn chờ duyệt."),
        "published": _("Góp ý được công bố như dưới đây."),
        "undone": _("Góp ý trở về chờ duyệt."),
    }


def _locale() -> Locale:
    return "en" if current_language() == "en" else "vi"
