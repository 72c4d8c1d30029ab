"""What staff write about a contact: nothing in it may name or reach a person."""

from __future__ import annotations

from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from app.comments.forms import UNREADABLE, cleaned
from app.ui.forms import StaffForm
from surveys.redaction import redact

MOST_WORDS = 1_000
LEAST_WORDS = 5


def written(text: str | None) -> str:
    return cleaned(text or "")


class AnswerForm(StaffForm):
    """The agency's own words to the person; only who holds the code reads them."""

    answer = TextAreaField(_("Lời trả lời cho người gửi"), filters=[written])

    def validate_answer(self, field: Any) -> None:
        require_harmless(field)


class OutcomeForm(AnswerForm):
    """Contacts are finished with a word on what was done."""

    outcome = TextAreaField(_("Đã làm gì"), filters=[written])

    def validate_outcome(self, field: Any) -> None:
        if len(field.data) < LEAST_WORDS:
            raise ValidationError(_("Hãy ghi ngắn gọn việc đã làm"))
        require_harmless(field)


def require_harmless(field: Any) -> None:
    if len(field.data) > MOST_WORDS:
        raise ValidationError(
            _("Dài quá %(limit)s ký tự; hãy viết ngắn lại", limit=format_decimal(MOST_WORDS))
        )
    if UNREADABLE in field.data:
        raise ValidationError(_("Có ký tự không đọc được; hãy xóa ký tự đó và viết lại"))
    found = redact(field.data).counts
    if found:
        raise ValidationError(
            _("Có %(what)s: hãy bỏ, ở đây không ghi thông tin cá nhân", what=", ".join(found))
        )
