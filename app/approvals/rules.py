"""The rules of two persons, each with the words for who breaks it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.hands import REMEMBERED
from app.errors import Conflict, NotFound


class UnknownApproval(NotFound):
    """No proposal has this id."""


class TheSamePerson(Conflict):
    """Whoever proposes an act cannot decide on it: then it would be an act of one."""

    def words(self) -> tuple[str, str]:
        return (
            _("Cần người thứ hai"),
            _("Bạn đã đề xuất việc này nên người khác phải quyết định. Bạn có thể rút đề xuất."),
        )


class InOneHand(Conflict):
    """Both accounts may be in one hand: who has invited or reset somebody could sit behind that account.

    Such an approval would be an act of one, whoever it was in truth.
    """

    def words(self) -> tuple[str, str]:
        return (
            _("Cần người thứ hai khác"),
            _(
                "Từ %(days)s ngày trước đề xuất đến nay, tài khoản của bạn và của người đề xuất đã qua tay "
                "cùng một người (mời, đặt lại, mở khóa hoặc đổi quyền), nên chưa chắc là hai người. "
                "Chưa có gì thay đổi; hãy nhờ một người khác quyết định.",
                days=REMEMBERED.days,
            ),
        )


class NotTheProposer(Conflict):
    """Only whoever made a proposal withdraws it; others decide on it."""

    def words(self) -> tuple[str, str]:
        return (
            _("Không rút được đề xuất"),
            _("Chỉ người đã đề xuất mới rút được. Bạn có thể chấp thuận hoặc từ chối."),
        )


class AlreadyDecided(Conflict):
    """A proposal is decided once; whoever comes second learns of it and changes nothing."""

    def words(self) -> tuple[str, str]:
        return (
            _("Đề xuất đã được quyết định"),
            _("Một người khác vừa quyết định, hoặc đề xuất đã được rút. Hãy mở lại danh sách để xem."),
        )


class AlreadyProposed(Conflict):
    """The same act for the same thing waits already; two would be decided apart."""

    def words(self) -> tuple[str, str]:
        return (
            _("Việc này đã được đề xuất"),
            _("Một đề xuất như vậy đang chờ quyết định. Hãy mở danh sách chờ duyệt."),
        )


class NoReason(Conflict):
    """A proposal and a refusal say why; whoever decides, and whoever reads it later, must understand."""

    def words(self) -> tuple[str, str]:
        return _("Cần ghi lý do"), _(
            "Hãy ghi lý do để người quyết định và người xem lại sau này hiểu việc này."
        )
