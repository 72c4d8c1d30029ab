"""Forms of the review of a round and of second visits."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.directory.staff_forms import stripped
from app.ui.forms import StaffForm

LEAST_NOTE: Final = 5
MOST_NOTE: Final = 1000
MOST_SLIP: Final = 40


class FlagForm(StaffForm):
    """`state` has its choices from the view; `seen` is what stood there when the page was opened."""

    state = RadioField(_("Kết luận"), validate_choice=False)
    note = TextAreaField(
        _("Đã tìm hiểu được gì"), filters=[stripped], render_kw={"rows": 4, "maxlength": MOST_NOTE}
    )
    seen = HiddenField(default="")

    def validate_state(self, field: Any) -> None:
        if field.data not in {value for value, _words in field.choices}:
            raise ValidationError(_("Hãy chọn một kết luận"))

    def validate_note(self, field: Any) -> None:
        if not LEAST_NOTE <= len(field.data or "") <= MOST_NOTE:
            raise ValidationError(_("Hãy ghi một lý do ngắn để người sau hiểu"))


class SecondVisitForm(StaffForm):
    """The facts are fields of the page itself: their names depend on the questionnaire."""

    slip = StringField(
        _("Mã phiếu hẹn"), filters=[stripped], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )
    checker = SelectField(_("Người thăm lại"), validate_choice=False)

    def validate_slip(self, field: Any) -> None:
        if not field.data or len(field.data) > MOST_SLIP or not field.data.isprintable():
            raise ValidationError(_("Hãy ghi mã trên phiếu hẹn của hộ"))

    def validate_checker(self, field: Any) -> None:
        if not field.data or field.data not in {value for value, _words in field.choices}:
            raise ValidationError(_("Hãy chọn một người trong danh sách"))
