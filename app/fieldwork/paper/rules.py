"""Rules that forms on paper may break."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from app.errors import Conflict
from surveys.problems import Problem


class NotPrinted(Conflict):
    """No form with this number, or with some of these numbers, was printed for the commune in this round."""

    def words(self) -> tuple[str, str]:
        return (
            _("Chưa in phiếu mang số này"),
            _("Hãy xem lại số ở góc phiếu và tên đợt. Phiếu của đợt khác, xã khác thì nhập ở nơi của nó."),
        )


class FormCounted(Conflict):
    """A form with this number has been counted already in this round."""

    def words(self) -> tuple[str, str]:
        return (
            _("Phiếu mang số này đã được tính"),
            _("Hãy xem lại số ở góc phiếu. Mỗi số chỉ tính một lần trong đợt."),
        )


class TallyCounted(Conflict):
    """The doors of this collector in this village on this day have been counted already."""

    def words(self) -> tuple[str, str]:
        return (
            _("Bảng kê của ngày này đã được tính"),
            _("Hãy xem lại thôn, thành viên và ngày. Mỗi thành viên một bảng kê cho mỗi thôn, mỗi ngày."),
        )


class KeyedByYou(Conflict):
    """The second keying is made by somebody else: two people do not misread a cross in the same way."""

    def words(self) -> tuple[str, str]:
        return (
            _("Cần người thứ hai nhập"),
            _("Ông/Bà đã nhập tờ này. Một người khác nhập lần hai thì mới được tính."),
        )


class KeyedTwice(Conflict):
    """Two people have keyed this sheet in; what differs between them is to be decided now."""

    def words(self) -> tuple[str, str]:
        return (
            _("Tờ này đã được nhập hai lần"),
            _("Hai lần nhập khác nhau. Hãy mở tờ này trong danh sách chờ chọn và so với giấy."),
        )


class NothingToSettle(Conflict):
    """Two people have not keyed this sheet in, or it has just been settled or thrown away."""

    def words(self) -> tuple[str, str]:
        return (
            _("Không có gì để chọn"),
            _("Tờ này chưa được hai người nhập, hoặc vừa được xử lý xong. Hãy mở lại danh sách."),
        )


class StillDiffers(Conflict):
    """A field in which the two differ has not been decided."""

    def words(self) -> tuple[str, str]:
        return _("Còn chỗ chưa chọn"), _("Hãy chọn giá trị đúng theo tờ giấy ở mọi chỗ khác nhau.")


class BadForm(Conflict):
    """A form that cannot count as it was read: which fields are wrong, questions under "q:" and their id.

    A question brings what is wrong with it; what a field of the head may hold is known to the page.
    """

    def __init__(self, fields: Mapping[str, Problem | None]) -> None:
        super().__init__(", ".join(fields))
        self.fields = dict(fields)

    def words(self) -> tuple[str, str]:
        return _("Có ô chưa đúng"), _("Hãy bỏ các lần nhập của phiếu này rồi nhập lại theo tờ giấy.")


class NotCounted(Conflict):
    """Something of the round has changed meanwhile and speaks against counting a form."""

    def words(self) -> tuple[str, str]:
        return (
            _("Phiếu không tính được"),
            _("Thôn, bản, thành viên hoặc cơ quan ghi trên phiếu vừa thay đổi. Lần này chưa lưu."),
        )
