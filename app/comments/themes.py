"""What a contact is about and how it ended: fixed lists, so that quarters and agencies can be added up."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from flask_babel import gettext as _


class Theme(StrEnum):
    """In the order in which a report prints them. Staff choose one; a person never has to."""

    SYSTEM = "system"
    PROCEDURE = "procedure"
    ATTITUDE = "attitude"
    DEADLINE = "deadline"
    FEES = "fees"
    GUIDANCE = "guidance"
    OTHER = "other"
    # Nobody has chosen yet.
    UNSORTED = ""


class Ending(StrEnum):
    """How a contact ended; empty while it has not.

    With a transfer the matter goes to another agency and the way to reach the person does not: it was given
    for this agency alone, and whoever wants a reply from the other one leaves it there.
    """

    OPEN = ""
    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    OUT_OF_SCOPE = "out-of-scope"


# As official documents name them, in any language of the page.
PRINTED: Final[Mapping[Theme, str]] = {
    Theme.SYSTEM: "Hệ thống lỗi, chậm, khó dùng",
    Theme.PROCEDURE: "Thủ tục, hồ sơ rườm rà",
    Theme.ATTITUDE: "Thái độ phục vụ",
    Theme.DEADLINE: "Thời hạn giải quyết",
    Theme.FEES: "Phí, lệ phí, thanh toán",
    Theme.GUIDANCE: "Hướng dẫn, thông tin",
    Theme.OTHER: "Vấn đề khác",
    Theme.UNSORTED: "Chưa phân nhóm",
}


def theme_words(theme: str) -> str:
    words: str = {
        Theme.SYSTEM: _("Hệ thống lỗi, chậm, khó dùng"),
        Theme.PROCEDURE: _("Thủ tục, hồ sơ rườm rà"),
        Theme.ATTITUDE: _("Thái độ phục vụ"),
        Theme.DEADLINE: _("Thời hạn giải quyết"),
        Theme.FEES: _("Phí, lệ phí, thanh toán"),
        Theme.GUIDANCE: _("Hướng dẫn, thông tin"),
        Theme.OTHER: _("Vấn đề khác"),
        Theme.UNSORTED: _("Chưa phân nhóm"),
    }[Theme(theme)]
    return words


def ending_words(ending: str) -> str:
    words: str = {
        Ending.OPEN: _("chưa xong"),
        Ending.ANSWERED: _("đã trả lời, xử lý xong"),
        Ending.TRANSFERRED: _("chuyển nội dung cho cơ quan khác"),
        Ending.OUT_OF_SCOPE: _("không thuộc phạm vi"),
    }[Ending(ending)]
    return words


def theme_choices() -> list[tuple[str, str]]:
    """Those that can be chosen."""
    return [(theme.value, theme_words(theme)) for theme in Theme if theme is not Theme.UNSORTED]


def ending_choices() -> list[tuple[str, str]]:
    return [(ending.value, ending_words(ending)) for ending in Ending if ending is not Ending.OPEN]
