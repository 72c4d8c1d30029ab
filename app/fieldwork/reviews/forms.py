"""Forms of the review of a round."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import ValidationError

from app.directory.staff_forms import stripped
from app.ui.forms import StaffForm

LEAST_NOTE: Final = 5
MOST_NOTE: Final = 1000


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
