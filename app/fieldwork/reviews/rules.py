"""Rules that the review of a round may break."""

from __future__ import annotations

from flask_babel import gettext as _

from app.errors import Conflict, NotFound


class UnknownFlag(NotFound):
    """The round has no such flag."""


class DecidedMeanwhile(Conflict):
    """Somebody else has written down something about this flag since the page was opened."""

    def words(self) -> tuple[str, str]:
        return (
            _("Người khác vừa ghi về dấu hiệu này"),
            _("Hãy đọc điều vừa ghi ở trên rồi gửi lại nếu vẫn thấy cần. Lời bạn ghi còn ở dưới."),
        )
