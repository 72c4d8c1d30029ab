"""The form with which another day of release is announced."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, TextAreaField
from wtforms.validators import ValidationError

from app.approvals.forms import MOST_REASON, check_reason
from app.directory.staff_forms import without_library_words
from app.ui.forms import StaffForm


class AnnounceForm(StaffForm):
    day = DateField(_("Ngày công bố mới"))
    reason = TextAreaField(_("Lý do"), render_kw={"rows": 3, "maxlength": MOST_REASON})

    def validate_day(self, field: Any) -> None:
        without_library_words(field)
        if field.data is None:
            raise ValidationError(_("Hãy chọn một ngày"))

    def validate_reason(self, field: Any) -> None:
        check_reason(field.data, needed=True)
