"""What may not be announced about a release, and why."""

from __future__ import annotations

from flask_babel import gettext as _

from app.errors import Conflict, NotFound


class UnknownPeriod(NotFound):
    """No release of such a period is to come."""


class UnknownCorrection(NotFound):
    """No published revision has this code."""


class AlreadyReleased(Conflict):
    """What was published has its day; another one cannot be announced any more."""

    def words(self) -> tuple[str, str]:
        return _("Kỳ này đã công bố"), _("Ngày công bố của kỳ đã công bố không đổi được nữa.")


class DayNotPossible(Conflict):
    """A day that has passed, on which the period is still open, or that nobody can plan for."""

    def words(self) -> tuple[str, str]:
        return (
            _("Không báo được ngày này"),
            _("Ngày công bố phải từ hôm nay, sau khi kỳ được chốt, và trong vòng mười hai tháng tới."),
        )


class SameDay(Conflict):
    """The day that holds already is no news."""

    def words(self) -> tuple[str, str]:
        return _("Ngày này đã được báo"), _("Kỳ này đang được báo công bố vào đúng ngày ấy.")


class AnnouncedMeanwhile(Conflict):
    """Somebody else has announced a day at the same moment."""

    def words(self) -> tuple[str, str]:
        return (
            _("Ngày công bố vừa thay đổi"),
            _("Một người khác vừa báo một ngày khác. Hãy mở lại để xem rồi làm lại."),
        )
