"""The rules of a review of quarantined answers, each with the words for who breaks it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.errors import Conflict, NotFound


class UnknownGroup(NotFound):
    """Nothing was set aside there, or for a reason that nobody reviews."""


class QuarterRuns(Conflict):
    """What is reviewed must be whole: while the quarter runs, more may come in for the same reason, and a
    decision would cover answers that nobody has looked at.
    """

    def words(self) -> tuple[str, str]:
        return _("Quý chưa kết thúc"), _(
            "Chỉ xem xét phiếu để riêng khi quý đã hết, để không có phiếu nào vào nhóm sau quyết định."
        )


class QuarterClosed(Conflict):
    """Figures of a quarter that may be published do not move by a decision of ours any more."""

    def words(self) -> tuple[str, str]:
        return _("Quý đã đến hạn chốt"), _(
            "Số liệu đã có thể được công bố nên không đổi nữa. Phiếu chưa được đưa vào thì ở ngoài số liệu."
        )


class GroupTooSmall(Conflict):
    """A decision about a handful of answers would be one about single people."""

    def words(self) -> tuple[str, str]:
        return _("Nhóm quá nhỏ"), _(
            "Nhóm quá ít phiếu để in thì chỉ có thể loại khỏi số liệu: không ai quyết định về từng người."
        )


class AlreadySo(Conflict):
    """The group stands already where the decision would put it."""

    def words(self) -> tuple[str, str]:
        return _("Nhóm phiếu đã như vậy"), _("Quyết định trước đã đưa nhóm phiếu này về đúng chỗ ấy.")
