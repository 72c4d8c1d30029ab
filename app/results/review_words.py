"""What a review of quarantined answers is called on staff pages and before a second person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app import clock
from app.approvals.kinds import Description
from app.directory.staff_queries import names_of_agencies
from app.i18n import current_language
from app.results.review_queries import GroupRow
from app.results.reviews import Group, ReviewAct
from app.results.wording import set_aside_reason
from surveys.periods import Quarter, local_day
from surveys.printing import date_text, number


def act_words(act: ReviewAct | None) -> str:
    words: str = {
        ReviewAct.RELEASE: _("đưa vào số liệu"),
        ReviewAct.LEAVE_OUT: _("loại khỏi số liệu"),
        None: _("chưa xem xét"),
    }[act]
    return words


def number_words(row: GroupRow) -> str:
    """A number in tens: too few to be told apart are not told."""
    if row.number:
        return f"{number(row.number, _locale())}+"
    words: str = _("dưới %(minimum)s", minimum=row.minimum)
    return words


def describe(subject: str, payload: Mapping[str, Any]) -> Description:
    group = Group(payload["quarter"], payload["agency"], payload["reason"])
    act, quarter = ReviewAct(payload["act"]), Quarter.parse(group.quarter)
    name = names_of_agencies({group.agency}, local_day(clock.now())).get(group.agency, group.agency)
    what = f"{name}, {quarter.label_in(_locale())}, “{set_aside_reason(group.reason)}”"
    return Description(
        subject=f"{act_words(act)}: {what}",
        effects=effects_of(act),
        undo=undo_words(quarter),
        url=url_for("results_staff.review", **group._asdict()),
    )


def effects_of(act: ReviewAct) -> tuple[str, ...]:
    kept = _("Không phiếu nào bị xóa hay sửa; lý do để riêng vẫn được giữ và được nêu trong bảng toàn vẹn.")
    if act is ReviewAct.RELEASE:
        return (
            _("Mọi phiếu có trả lời câu hài lòng của nhóm được tính vào số liệu của quý, theo đúng kênh."),
            _("Không ai chọn từng phiếu và không ai thấy mức đánh giá của các phiếu này."),
            kept,
        )
    return (_("Phiếu của nhóm ở ngoài mọi số liệu của quý."), kept)


def undo_words(quarter: Quarter) -> str:
    words: str = _(
        "Trước ngày %(day)s, hai người có thể quyết định lại; từ ngày ấy số liệu của quý không đổi nữa.",
        day=date_text(local_day(quarter.closable_from), _locale()),
    )
    return words


def _locale() -> Any:
    return "en" if current_language() == "en" else "vi"
