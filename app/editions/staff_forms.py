"""What staff write about an edition. The guard has checked that it comes from our own page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from app.approvals.forms import MOST_REASON, check_reason
from app.comments.staff_forms import require_harmless, written
from app.ui.forms import StaffForm

LEAST = 20
MOST = 2000
LONGEST_CODE = 40


class ReasonForm(StaffForm):
    """Why something is published, or revised."""

    reason = TextAreaField(_("Lý do"), filters=[written], render_kw={"rows": 3, "maxlength": MOST_REASON})

    def validate_reason(self, field: Any) -> None:
        check_reason(field.data, needed=True)
        require_harmless(field)


class ObjectionForm(StaffForm):
    place = StringField(_("Mã cơ quan hoặc tỉnh"), filters=[written], render_kw={"maxlength": LONGEST_CODE})
    text = TextAreaField(_("Ý kiến về số liệu"), filters=[written], render_kw={"rows": 5, "maxlength": MOST})

    def validate_text(self, field: Any) -> None:
        require_paragraph(field)


class AnswerForm(StaffForm):
    answer = TextAreaField(_("Trả lời"), filters=[written], render_kw={"rows": 4, "maxlength": MOST})

    def validate_answer(self, field: Any) -> None:
        require_paragraph(field)


def require_paragraph(field: Any) -> None:
    if len(field.data or "") < LEAST:
        raise ValidationError(_("Hãy viết ít nhất %(least)s ký tự để người đọc hiểu rõ", least=LEAST))
    if len(field.data) > MOST:
        raise ValidationError(_("Dài quá %(limit)s ký tự; hãy viết ngắn lại", limit=MOST))
    require_harmless(field)
