"""What staff write about a contact: nothing in it may name or reach a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.comments.forms import UNREADABLE, cleaned
from app.comments.staff_actions import Finish
from app.comments.themes import Ending, Theme, ending_choices, theme_choices
from app.directory.queries import find_agency
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


class SortForm(StaffForm):
    """What a contact is about; the agency says so, the person never has to."""

    theme = SelectField(_("Nhóm vấn đề"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theme.choices = [("", _("Chọn một nhóm")), *theme_choices()]

    def validate_theme(self, field: Any) -> None:
        if field.data not in {value for value, _words in theme_choices()}:
            raise ValidationError(_("Hãy chọn một nhóm vấn đề"))


class OutcomeForm(SortForm, AnswerForm):
    """Contacts are finished with a word on what was done. `own` and `today` are set by the view."""

    # Both forms stand on one page: a label must find its own field.
    answer = TextAreaField(_("Lời trả lời cho người gửi"), id="final-answer", filters=[written])
    ended = RadioField(_("Kết thúc thế nào"), validate_choice=False, default=Ending.ANSWERED.value)
    passed_to = StringField(_("Mã cơ quan tiếp nhận nội dung"), filters=[written])
    outcome = TextAreaField(_("Đã làm gì"), filters=[written])
    own: str = ""
    today: date = date.min

    def validate_outcome(self, field: Any) -> None:
        if len(field.data) < LEAST_WORDS:
            raise ValidationError(_("Hãy ghi ngắn gọn việc đã làm"))
        require_harmless(field)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ended.choices = ending_choices()

    def validate_ended(self, field: Any) -> None:
        if field.data not in {value for value, _words in ending_choices()}:
            raise ValidationError(_("Hãy chọn cách kết thúc"))

    def validate_passed_to(self, field: Any) -> None:
        """Only a transfer names another agency; what stands there otherwise is of no matter."""
        if self.ended.data != Ending.TRANSFERRED:
            return
        if field.data == self.own or find_agency(field.data, self.today) is None:
            raise ValidationError(_("Hãy ghi mã của một cơ quan khác, ví dụ 14-SKHCN"))

    @property
    def finish(self) -> Finish:
        transferred = self.ended.data == Ending.TRANSFERRED
        return Finish(
            Ending(self.ended.data),
            Theme(self.theme.data),
            outcome=self.outcome.data,
            answer=self.answer.data,
            passed_to=self.passed_to.data if transferred else None,
        )


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
