"""Forms for printing forms on paper and for keying them in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from app.directory.staff_forms import stripped
from app.fieldwork.staff_forms import require_number
from app.ui.forms import StaffForm
from exports.interview_sheet import MOST_FORMS


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
