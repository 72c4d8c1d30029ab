"""What staff write about an improvement: public words of an agency about itself, which name nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.comments.staff_forms import require_harmless, written
from app.directory.staff_forms import without_library_words
from app.improvements.actions import Words
from app.ui.forms import StaffForm
from surveys.periods import Quarter

LEAST = 10
MOST = 500
MOST_LEAD = 200
LONGEST = timedelta(days=2 * 366)


class SeenForm(StaffForm):
    """Every change names the version that was on the page; another number is no version of anybody."""

    seen = HiddenField(default="")

    @property
    def seen_number(self) -> int:
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


class WriteForm(SeenForm):
    """`today` is set by the view."""

    quarter = SelectField(_("Người dân nói điều này trong"), validate_choice=False)
    shortcoming = TextAreaField(_("Ông/Bà nói"), filters=[written])
    solution = TextAreaField(_("Chúng tôi làm"), filters=[written])
    lead = StringField(_("Cơ quan, bộ phận chủ trì"), filters=[written])
    due = DateField(_("Xong trước hết ngày"))
    today: date = date.min

    def validate_quarter(self, field: Any) -> None:
        if field.data not in {value for value, _words in field.choices}:
            raise ValidationError(_("Hãy chọn một quý trong danh sách"))

    def validate_shortcoming(self, field: Any) -> None:
        require_sentence(field)

    def validate_solution(self, field: Any) -> None:
        require_sentence(field)

    def validate_lead(self, field: Any) -> None:
        if not field.data or len(field.data) > MOST_LEAD or "\n" in field.data:
            raise ValidationError(
                _("Hãy ghi tên cơ quan, bộ phận, không quá %(limit)s ký tự", limit=MOST_LEAD)
            )
        require_harmless(field)

    def validate_due(self, field: Any) -> None:
        without_library_words(field)
        if field.data is None or not self._first_day <= field.data <= self.today + LONGEST:
            raise ValidationError(_("Hãy chọn một ngày từ đầu quý ấy, trong vòng hai năm tới"))

    @property
    def words(self) -> Words:
        return Words(
            quarter=self.quarter.data,
            shortcoming=self.shortcoming.data,
            solution=self.solution.data,
            lead=self.lead.data,
            due=self.due.data,
        )

    @property
    def _first_day(self) -> date:
        """Where the quarter itself is wrong, that is said there."""
        try:
            return Quarter.parse(self.quarter.data or "").first_day
        except ValueError:
            return self.today


class FinishForm(SeenForm):
    """`first_day` is that of the quarter; `today` the last on which it can have been done."""

    done_on = DateField(_("Đã xong ngày"))
    done_words = TextAreaField(_("Đã làm được gì"), filters=[written])
    first_day: date = date.min
    today: date = date.max

    def validate_done_on(self, field: Any) -> None:
        without_library_words(field)
        if field.data is None or not self.first_day <= field.data <= self.today:
            raise ValidationError(_("Hãy chọn một ngày từ đầu quý ấy đến hôm nay"))

    def validate_done_words(self, field: Any) -> None:
        require_sentence(field)


class WithdrawForm(SeenForm):
    why = TextAreaField(_("Lý do rút"), filters=[written])

    def validate_why(self, field: Any) -> None:
        require_sentence(field)


def require_sentence(field: Any) -> None:
    if len(field.data) < LEAST:
        raise ValidationError(_("Hãy viết một câu trọn ý"))
    if len(field.data) > MOST:
        raise ValidationError(_("Dài quá %(limit)s ký tự; hãy viết ngắn lại", limit=MOST))
    require_harmless(field)
