"""What may not be done to an edition, and why."""

from __future__ import annotations

from app.errors import NotFound


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
