"""States of rounds and telephones, and the rules of field work that a change may break."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from app.errors import Conflict, NotFound
from app.fieldwork.models import Round


class RoundState(StrEnum):
    """Follows from the dates alone."""

    UPCOMING = "upcoming"
    RUNNING = "running"
    # No more interviews; telephones still send what they hold.
    SENDING = "sending"
    CLOSED = "closed"


class DeviceState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    REVOKED = "revoked"


def state_of(row: Round, today: date) -> RoundState:
    if today < row.first_day:
        return RoundState.UPCOMING
    if today <= row.last_day:
        return RoundState.RUNNING
    return RoundState.SENDING if today <= last_accepting_day(row) else RoundState.CLOSED


def last_accepting_day(row: Round) -> date:
    """The last day on which what telephones send is counted; later it lies aside."""
    return row.last_day + timedelta(days=row.grace_days)


def parting_day(row: Round) -> date:
    """From this day on nothing joins visits to answers."""
    return row.last_day + timedelta(days=row.review_days + 1)


class UnknownRound(NotFound):
    """No round has this code, or it is not this person's."""


class UnknownVillage(NotFound):
    """The round has no such village, or it is not this person's."""


class UnknownTeam(NotFound):
    """No team has this id, or it is not this person's."""


class UnknownCollector(NotFound):
    """No member of a team has this id, or it is not this person's."""


class UnknownDevice(NotFound):
    """No telephone has this id, or it is not this person's."""


class UnknownRecord(NotFound):
    """No such record lies aside, or it is not this person's."""


class NoPlaceOfField(Conflict):
    """Field work is led by a province or by the committee of a commune; other agencies have no villages."""

    def words(self) -> tuple[str, str]:
        return (
            _("Cơ quan này không tổ chức thực địa"),
            _("Đợt thực địa và tổ khảo sát thuộc tỉnh, thành phố hoặc UBND cấp xã. Hãy chọn nơi khác."),
        )


class RoundHasBegun(Conflict):
    """What telephones have taken along cannot change under them."""

    def words(self) -> tuple[str, str]:
        return (
            _("Đợt đã bắt đầu"),
            _("Máy đã nhận việc nên chỉ đổi được tên đợt và kéo dài hạn."),
        )


class OnlyLonger(Conflict):
    """A shorter time would put aside what people have already answered."""

    def words(self) -> tuple[str, str]:
        return (
            _("Chỉ kéo dài được"),
            _("Rút ngắn hạn sẽ để riêng những phiếu làm đúng hạn cũ. Hãy chọn muộn hơn hoặc giữ nguyên."),
        )


class RoundIsOver(Conflict):
    """Visits and answers are parted: nothing of the round can be corrected any more."""

    def words(self) -> tuple[str, str]:
        return (
            _("Đợt đã khép lại"),
            _("Hết thời gian xem xét, phiếu và lượt thăm đã tách rời nên không sửa được. Hãy mở đợt mới."),
        )


class ChangedMeanwhile(Conflict):
    """Somebody else has written the same at the same moment; whoever is later looks first."""

    def words(self) -> tuple[str, str]:
        return (
            _("Một người khác vừa ghi cùng lúc"),
            _("Chưa có gì của bạn được lưu. Hãy mở lại trang để xem rồi làm lại."),
        )


class VillageInUse(Conflict):
    """Somebody has been there already: the numbers of the visit need their village."""

    def words(self) -> tuple[str, str]:
        return (
            _("Thôn, bản này đã có lượt thăm"),
            _("Số lượt đã ghi cần tên thôn, bản nên không bỏ được. Bỏ phân công của tổ để dừng ở đây."),
        )


class StateForbids(Conflict):
    """The step does not fit the state of the telephone, which somebody else may just have changed."""

    def words(self) -> tuple[str, str]:
        return (
            _("Không làm được bước này"),
            _("Tình trạng của máy vừa thay đổi hoặc không cho phép. Hãy mở lại trang để xem."),
        )


class HasEnded(Conflict):
    """Who has left gets no telephone, and a team that has ended no members."""

    def words(self) -> tuple[str, str]:
        return (
            _("Tổ hoặc thành viên đã nghỉ"),
            _("Hãy mở lại tổ hoặc thành viên trước, rồi làm bước này."),
        )


class CodeIsGone(Conflict):
    """The code of enrolment was used, has run out, or a newer one has taken its place."""

    def words(self) -> tuple[str, str]:
        return (
            _("Mã ghi danh không còn dùng được"),
            _("Mã đã dùng, đã hết hạn hoặc đã có mã mới. Hãy tạo mã mới ở trang của máy."),
        )
