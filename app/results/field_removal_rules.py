"""The rules of leaving out a collector's interviews, each with the words for who breaks it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.errors import Conflict


class VisitsParted(Conflict):
    """The time of review is over: nobody can tell any more whose interview an answer was."""

    def words(self) -> tuple[str, str]:
        return _("Đã hết thời gian xem xét"), _(
            "Lượt thăm và phiếu đã tách rời nên không còn biết phiếu nào của ai; quyết định trước vẫn giữ."
        )


class NothingToMove(Conflict):
    """The collector has no answers that the act would be about."""

    def words(self) -> tuple[str, str]:
        return _("Không có phiếu nào"), _(
            "Thành viên này không có phiếu nào mà đề xuất ấy sẽ loại ra hay đưa lại."
        )


class BeyondReach(Conflict):
    """Some of the answers are about an agency that is not this person's to judge."""

    def words(self) -> tuple[str, str]:
        return _("Có phiếu ngoài phạm vi của bạn"), _(
            "Một số phiếu của thành viên này nói về cơ quan ngoài tỉnh. Việc này để Bộ đề xuất và quyết định."
        )


class MovedMeanwhile(Conflict):
    """Other answers are there than the proposal names: what was seen is not what would be done."""

    def words(self) -> tuple[str, str]:
        return _("Số phiếu đã khác"), _(
            "Từ lúc đề xuất đến nay số phiếu của thành viên này đã thay đổi. Hãy từ chối để đề xuất lại."
        )
