"""What improvements are called on staff pages."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import current_language
from app.improvements.models import ImprovementRow
from app.improvements.rules import Act, State
from app.improvements.staff_queries import DONE, OPEN
from surveys.periods import Locale, Quarter


def state_words(state: str) -> str:
    words: str = {
        State.DRAFT: _("bản nháp"),
        State.PUBLISHED: _("đã công bố"),
        State.WITHDRAWN: _("đã rút"),
    }[State(state)]
    return words


def act_words(act: str) -> str:
    words: str = {
        Act.WRITTEN: _("viết"),
        Act.CHANGED: _("sửa lời"),
        Act.PUBLISHED: _("công bố"),
        Act.DONE: _("ghi là đã xong"),
        Act.WITHDRAWN: _("rút"),
        Act.UNDONE: _("hoàn tác"),
    }[Act(act)]
    return words


def late_words(row: ImprovementRow, days: int) -> str:
    words: str = ngettext("quá hạn %(num)s ngày", "quá hạn %(num)s ngày", days)
    return words


def states() -> list[tuple[str, str]]:
    return [
        (OPEN, _("chưa xong")),
        (DONE, _("đã xong")),
        (State.DRAFT, _("bản nháp")),
        (State.WITHDRAWN, _("đã rút")),
        ("", _("mọi tình trạng")),
    ]


def messages() -> dict[str, str]:
    """What has just been done, by the word in the address."""
    return {
        "written": _("Đã lưu bản nháp. Người dân chưa thấy; hãy đọc lại rồi công bố."),
        "changed": _("Đã ghi bản mới. Bản cũ vẫn ở phần lịch sử."),
        "published": _("Đã công bố. Mọi người đọc được ngay."),
        "done": _("Đã ghi là đã xong."),
        "withdrawn": _("Đã rút. Người dân không thấy nữa; ở đây vẫn giữ."),
        "undone": _("Đã hoàn tác bước vừa rồi."),
    }


def quarter_words(code: str) -> str:
    return Quarter.parse(code).label_in(locale())


def locale() -> Locale:
    return "en" if current_language() == "en" else "vi"
