"""Forms for printing forms and sheets of doors on paper, and for keying them in."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from app.directory.staff_forms import stripped
from app.fieldwork.staff_forms import require_number
from app.ui.forms import StaffForm
from exports.paper_words import MOST_FORMS, MOST_TALLIES
from surveys.doors import ABSENT, ANSWERED, HELPED, INELIGIBLE, LATER, REFUSED

# What a door came to, as the telephone, the sheet and its page call it.
DOOR_LABELS: Final = {
    ANSWERED: _("Đã phỏng vấn, ghi vào phiếu giấy"),
    REFUSED: _("Từ chối trả lời"),
    ABSENT: _("Không có ai ở nhà"),
    LATER: _("Hẹn lúc khác"),
    INELIGIBLE: _("Không thuộc diện hỏi"),
    HELPED: _("Đã giúp hộ này nộp hồ sơ"),
}


class PrintForm(StaffForm):
    """`first` only where numbers are printed again."""

    count = StringField(_("Số tờ phiếu"), filters=[stripped], render_kw={"inputmode": "numeric"})
    first = StringField(_("In lại từ số"), filters=[stripped], render_kw={"inputmode": "numeric"})

    def validate_count(self, field: Any) -> None:
        require_number(field, 1, MOST_FORMS)

    def validate_first(self, field: Any) -> None:
        if field.data:
            require_number(field, 1, 9999)


class SheetForm(StaffForm):
    """The head of a form on paper; the questions are fields of the page itself.

    Nothing is validated here: what may stand in a form is known where forms become records. The choices
    are set by the view.
    """

    number = StringField(_("Số phiếu"), filters=[stripped], render_kw={"autocomplete": "off"})
    village = SelectField(_("Thôn, bản"), validate_choice=False)
    collector = SelectField(_("Thành viên"), validate_choice=False)
    day = StringField(_("Ngày"), filters=[stripped], render_kw={"type": "date"})
    started = StringField(_("Bắt đầu lúc"), filters=[stripped], render_kw={"autocomplete": "off"})
    minutes = StringField(
        _("Số phút"), filters=[stripped], render_kw={"inputmode": "numeric", "autocomplete": "off"}
    )
    language = SelectField(_("Ngôn ngữ"), validate_choice=False)
    interpreter = SelectField(_("Có người dịch"), validate_choice=False)
    service = SelectField(_("Cơ quan của dịch vụ"), validate_choice=False)
    slip = StringField(
        _("Mã phiếu hẹn"), filters=[stripped], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )

    def validate_number(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Hãy ghi số ở góc trên của phiếu"))


class PrintTalliesForm(StaffForm):
    sheets = StringField(_("Số tờ bảng kê"), filters=[stripped], render_kw={"inputmode": "numeric"})

    def validate_sheets(self, field: Any) -> None:
        require_number(field, 1, MOST_TALLIES)


def _number(outcome: str) -> StringField:
    keys = {"inputmode": "numeric", "autocomplete": "off"}
    return StringField(DOOR_LABELS[outcome], filters=[stripped], render_kw=keys)


class TallyForm(StaffForm):
    """A sheet of doors; what may stand in it is known where sheets are counted."""

    village = SelectField(_("Thôn, bản"), validate_choice=False)
    collector = SelectField(_("Thành viên"), validate_choice=False)
    day = StringField(_("Ngày"), filters=[stripped], render_kw={"type": "date"})
    answered = _number(ANSWERED)
    refused = _number(REFUSED)
    absent = _number(ABSENT)
    later = _number(LATER)
    ineligible = _number(INELIGIBLE)
    helped = _number(HELPED)
