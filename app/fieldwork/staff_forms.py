"""Forms of field work in the console. The guard has checked that they come from our own pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.directory.staff_forms import stripped, without_library_words
from app.fieldwork.actions import Terms
from app.ui.forms import StaffForm

MOST_NAME: Final = 100
MOST_STEP: Final = 200
MOST_GRACE: Final = 60
MOST_REVIEW: Final = 180
LONGEST: Final = timedelta(days=366)


class RoundForm(StaffForm):
    """`first` is the earliest first day that may be chosen; the choices are set by the view."""

    title = StringField(_("Tên đợt"), filters=[stripped])
    questionnaire = SelectField(_("Phiếu khảo sát"), validate_choice=False)
    first_day = DateField(_("Ngày đầu"))
    last_day = DateField(_("Ngày cuối"))
    grace_days = StringField(_("Số ngày chờ gửi nốt"), filters=[stripped])
    step = StringField(_("Bước nhảy"), filters=[stripped])
    review_days = StringField(_("Số ngày xem xét"), filters=[stripped])
    first: date = date.min

    def validate_title(self, field: Any) -> None:
        _require_name(field)

    def validate_questionnaire(self, field: Any) -> None:
        if field.data not in {value for value, _words in field.choices}:
            raise ValidationError(_("Hãy chọn một phiếu trong danh sách"))

    def validate_first_day(self, field: Any) -> None:
        without_library_words(field)
        if field.data is None or not self.first <= field.data <= self.first + 2 * LONGEST:
            raise ValidationError(_("Hãy chọn một ngày từ hôm nay"))

    def validate_last_day(self, field: Any) -> None:
        without_library_words(field)
        start = self.first_day.data or self.first
        if field.data is None or not start <= field.data <= start + LONGEST:
            raise ValidationError(_("Hãy chọn một ngày từ ngày đầu, trong vòng một năm"))

    def validate_grace_days(self, field: Any) -> None:
        require_number(field, 0, MOST_GRACE)

    def validate_step(self, field: Any) -> None:
        require_number(field, 1, MOST_STEP)

    def validate_review_days(self, field: Any) -> None:
        require_number(field, 7, MOST_REVIEW)

    @property
    def terms(self) -> Terms:
        code, _space, version = self.questionnaire.data.partition(" ")
        return Terms(
            title=self.title.data,
            questionnaire=code,
            version=version,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            grace_days=int(self.grace_days.data),
            step=int(self.step.data),
            review_days=int(self.review_days.data),
        )


class VillagesForm(StaffForm):
    """What is typed and what a table holds are read alike; the file comes first where there is one."""

    lines = TextAreaField(_("Thôn, bản, tổ dân phố"), render_kw={"rows": 12, "spellcheck": "false"})
    file = FileField(_("Hoặc tải lên bảng CSV"))


class FileForm(StaffForm):
    file = FileField(_("Tệp phiếu"))

    def validate_file(self, field: Any) -> None:
        if not field.data or not field.data.filename:
            raise ValidationError(_("Hãy chọn một tệp"))


class NameForm(StaffForm):
    name = StringField(_("Tên"), filters=[stripped])

    def validate_name(self, field: Any) -> None:
        _require_name(field)


class CodeForm(StaffForm):
    """The code that was shown once comes back to be printed; nothing else has it."""

    code = HiddenField(default="")


class LeaveForm(StaffForm):
    why = TextAreaField(_("Lý do để lại"), filters=[stripped], render_kw={"rows": 3, "maxlength": 500})

    def validate_why(self, field: Any) -> None:
        if len(field.data) < 5 or len(field.data) > 500:
            raise ValidationError(_("Hãy ghi một lý do ngắn để người sau hiểu"))


def require_number(field: Any, least: int, most: int) -> None:
    text = field.data or ""
    if not (text.isascii() and text.isdigit() and len(text) < 5 and least <= int(text) <= most):
        raise ValidationError(_("Hãy ghi một số từ %(least)s đến %(most)s", least=least, most=most))


def _require_name(field: Any) -> None:
    if not field.data or len(field.data) > MOST_NAME or not field.data.isprintable():
        raise ValidationError(_("Hãy ghi tên, không quá %(limit)s ký tự", limit=MOST_NAME))
