"""The form with which staff issue links."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from app.directory.staff_forms import stripped, without_library_words
from app.dossiers.issuing import CSV, MOST_IN_FILE, MOST_ON_PAPER, PDF
from app.ui.forms import StaffForm
from surveys.scoring import Phase

LONGEST = timedelta(days=366)


class IssueForm(StaffForm):
    """`today` is set by the view: links that have expired already are of no use."""

    procedure = SelectField(_("Thủ tục"), validate_choice=False)
    phase = SelectField(_("Hỏi vào lúc"), validate_choice=False)
    count = StringField(_("Số đường dẫn"), filters=[stripped])
    expires_on = DateField(_("Ngày cuối còn dùng được"))
    made_as = RadioField(_("Nhận dưới dạng"), validate_choice=False)
    today: date = date.min

    def validate_procedure(self, field: Any) -> None:
        if field.data not in {code for code, _name in field.choices}:
            raise ValidationError(_("Hãy chọn thủ tục trong danh sách của cơ quan"))

    def validate_phase(self, field: Any) -> None:
        if field.data not in {phase.value for phase in Phase}:
            raise ValidationError(_("Hãy chọn một lúc"))

    def validate_made_as(self, field: Any) -> None:
        if field.data not in (CSV, PDF):
            raise ValidationError(_("Hãy chọn dạng tệp"))

    def validate_count(self, field: Any) -> None:
        most = MOST_ON_PAPER if self.made_as.data == PDF else MOST_IN_FILE
        # A length of digits first: a number of thousands of digits takes long to read.
        if not field.data.isascii() or not field.data.isdigit() or len(field.data) > len(str(most)):
            raise ValidationError(_("Hãy ghi một số từ 1 đến %(most)s", most=format_decimal(most)))
        if not 1 <= int(field.data) <= most:
            raise ValidationError(_("Hãy ghi một số từ 1 đến %(most)s", most=format_decimal(most)))

    def validate_expires_on(self, field: Any) -> None:
        without_library_words(field)
        if field.data is None or not self.today <= field.data <= self.today + LONGEST:
            raise ValidationError(_("Hãy chọn một ngày từ hôm nay, trong vòng một năm"))
