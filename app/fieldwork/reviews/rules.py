"""Rules that the review of a round and second visits may break."""

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


class UnknownSlip(Conflict):
    """No visit of this round and place gave out a slip with this code."""

    def words(self) -> tuple[str, str]:
        return (
            _("Không có phiếu hẹn mang mã này"),
            _("Hãy so lại mã trên phiếu hẹn của hộ. Phiếu hẹn của đợt khác, xã khác không dùng được ở đây."),
        )


class AlreadyChecked(Conflict):
    """This household was seen a second time before."""

    def words(self) -> tuple[str, str]:
        return _("Hộ này đã được thăm lại"), _("Mỗi hộ chỉ thăm lại một lần. Không cần nhập nữa.")


class SameCollector(Conflict):
    """Nobody checks the own work."""

    def words(self) -> tuple[str, str]:
        return (
            _("Cần người khác thăm lại"),
            _("Người đã phỏng vấn hộ này không tự kiểm tra mình. Hãy chọn đúng người đã thăm lại."),
        )


class NoFacts(Conflict):
    """Without a fact that both visits asked for, nothing can be compared."""

    def words(self) -> tuple[str, str]:
        return _("Chưa có câu nào để so"), _("Hãy nhập ít nhất một câu mà hộ đã trả lời lần này.")
