"""The form with which a proposal is decided. The guard has checked that it comes from our own page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from app.ui.forms import StaffForm

MOST_REASON = 1000


def check_reason(text: str | None, *, needed: bool) -> None:
    """Raises ValidationError with words for the field."""
    if needed and not (text or "").strip():
        raise ValidationError(_("Hãy ghi lý do để người khác xem lại sau này hiểu việc này"))
    if len(text or "") > MOST_REASON:
        raise ValidationError(_("Hãy viết ngắn hơn: nhiều nhất 1.000 ký tự"))


class DecideForm(StaffForm):
    """A refusal says why; beside an approval a note is welcome but not needed."""

    reason = TextAreaField(_("Lý do"), render_kw={"rows": 3, "maxlength": MOST_REASON})
    is_refusal = False

    def validate_reason(self, field: Any) -> None:
        check_reason(field.data, needed=self.is_refusal)
