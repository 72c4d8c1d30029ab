"""The form with which a review of quarantined answers is proposed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import ValidationError

from app.approvals.forms import MOST_REASON, check_reason
from app.ui.forms import StaffForm


class ReviewForm(StaffForm):
    """The view sets the choices to what is possible now."""

    act = RadioField(_("Đề xuất"), validate_choice=False)
    reason = TextAreaField(_("Lý do"), render_kw={"rows": 3, "maxlength": MOST_REASON})

    def validate_act(self, field: Any) -> None:
        if field.data not in {value for value, _words in field.choices}:
            raise ValidationError(_("Hãy chọn một trong các đề xuất"))

    def validate_reason(self, field: Any) -> None:
        check_reason(field.data, needed=True)
