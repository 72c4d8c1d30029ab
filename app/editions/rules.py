"""What may not be done to an edition, and why."""

from __future__ import annotations

from flask_babel import gettext as _

from app.errors import Conflict, NotFound


class UnknownEdition(NotFound):
    """No edition has this code."""


class TooEarly(Exception):
    """Chưa đến ngày được chốt số liệu của kỳ này: phiếu của kỳ còn đang về."""


class AlreadyClosed(Exception):
    """Kỳ này đã được chốt. Số liệu đã chốt không đổi nữa; muốn sửa thì lập bản đính chính."""


class NothingToClose(Exception):
    """Kỳ này chưa có phiếu nào nên không có gì để chốt."""


class NotPublishedYet(Exception):
    """Bản trước của kỳ này chưa công bố nên chưa lập được bản đính chính."""


class NoReasonGiven(Exception):
    """Bản đính chính phải nêu lý do."""


class AlreadyPublished(Exception):
    """Kỳ này đã được công bố."""


class OpenObjections(Exception):
    """Còn ý kiến của cơ quan chưa được trả lời nên chưa công bố được."""


class Damaged(Exception):
    """Tệp của kỳ này không còn đúng với mã băm đã ghi nên không công bố."""


class UnknownObjection(NotFound):
    """No objection to this edition has this id."""


class AlreadyAnswered(Conflict):
    """An objection is answered once; neither text is ever changed."""

    def words(self) -> tuple[str, str]:
        return _("Ý kiến đã được trả lời"), _("Mỗi ý kiến được trả lời một lần và không sửa.")


class NoLongerDraft(Conflict):
    """What is published cannot be objected to any more: then it is a matter for a revision."""

    def words(self) -> tuple[str, str]:
        return (
            _("Kỳ này đã được công bố"),
            _("Ý kiến chỉ gửi được khi số liệu còn là dự thảo; số đã công bố chỉ sửa bằng đính chính."),
        )


class UnderWay(Conflict):
    """The same work was asked for already and is not finished."""

    def words(self) -> tuple[str, str]:
        return _("Việc này đang chạy"), _("Hãy mở lại danh sách kỳ công bố để xem tiến độ.")
