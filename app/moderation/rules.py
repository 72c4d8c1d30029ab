"""States of a comment, and the rules that reviewing it may break."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _

from app.errors import Conflict, NotFound


class State(StrEnum):
    WAITING = "waiting"
    PUBLISHED = "published"
    HIDDEN = "hidden"


class UnknownComment(NotFound):
    """No comment has this id, or it is not this person's to review."""


class TextHasChanged(Conflict):
    """What would be published is not what the reviewer has seen."""

    def words(self) -> tuple[str, str]:
        return (
            _("Góp ý này vừa thay đổi"),
            _("Người khác vừa che thêm hoặc quyết định, hoặc cách che tự động đã đổi. Hãy mở lại để xem."),
        )


class NothingToUndo(Conflict):
    """The comment waits for a review already."""

    def words(self) -> tuple[str, str]:
        return _("Không có gì để hoàn tác"), _("Góp ý này đang chờ duyệt.")
