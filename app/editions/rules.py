"""What may not be done to an edition, and why."""

from __future__ import annotations

from abc import ABC, abstractmethod

from flask_babel import force_locale
from flask_babel import gettext as _

from app.errors import Conflict, NotFound
from app.i18n import DEFAULT


class UnknownEdition(NotFound):
    """No edition has this code."""


class Refused(Exception, ABC):
    """What may not be done to an edition as it stands; a page and a command say the same `advice`."""

    @property
    @abstractmethod
    def advice(self) -> str: ...

    def in_vietnamese(self) -> str:
        """The advice where there is no request to say in which language."""
        with force_locale(DEFAULT):
            return self.advice


class TooEarly(Refused):
    """Answers of the period are still coming in."""

    @property
    def advice(self) -> str:
        return str(_("Chưa đến ngày được chốt số liệu của kỳ này: phiếu của kỳ còn đang về."))


class AlreadyClosed(Refused):
    """What is closed never changes."""

    @property
    def advice(self) -> str:
        return str(_("Kỳ này đã được chốt. Muốn sửa số liệu thì lập bản đính chính."))


class NothingToClose(Refused):
    """Nobody answered in the period."""

    @property
    def advice(self) -> str:
        return str(_("Kỳ này chưa có phiếu nào nên không có gì để chốt."))


class NotPublishedYet(Refused):
    """A revision follows a published edition."""

    @property
    def advice(self) -> str:
        return str(_("Bản trước của kỳ này chưa công bố."))


class NoReasonGiven(Refused):
    """Everybody may read why a revision was made."""

    @property
    def advice(self) -> str:
        return str(_("Bản đính chính phải nêu lý do."))


class AlreadyPublished(Refused):
    """An edition is published once."""

    @property
    def advice(self) -> str:
        return str(_("Kỳ này đã được công bố."))


class OpenObjections(Refused):
    """Who objects is answered first."""

    @property
    def advice(self) -> str:
        return str(_("Còn ý kiến của cơ quan chưa được trả lời nên chưa công bố được."))


class Damaged(Refused):
    """Its files are not those that were closed."""

    @property
    def advice(self) -> str:
        return str(_("Tệp của kỳ này không còn đúng với mã băm đã ghi nên không công bố."))


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


class NoDocuments(Conflict):
    """Official documents are those of published quarters: months and weeks have none."""

    def words(self) -> tuple[str, str]:
        return (
            _("Chưa lập được văn bản"),
            _("Văn bản chính thức chỉ lập cho quý đã công bố; tháng và tuần không có báo cáo."),
        )
