"""Forms with which staff change the directory. The guard has checked that they come from our own pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField
from wtforms.validators import ValidationError

from app.ui.forms import StaffForm

MOST_NAME = 200
_CODE = re.compile(r"[0-9A-Z]{2}-[0-9A-Z]{1,30}|[0-9]{5}")
EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)


def stripped(text: str | None) -> str:
    return (text or "").strip()


def without_library_words(field: Any) -> None:
    """What the library says of a value that it cannot read is English: our own words take its place."""
    field.errors = []
    field.process_errors = []


class DayForm(StaffForm):
    """Something that holds from a day on."""

    on = DateField(_("Từ ngày"))

    def validate_on(self, field: Any) -> None:
        without_library_words(field)
        if field.data is None or not EARLIEST <= field.data < LATEST:
            raise ValidationError(_("Hãy chọn một ngày"))


class RenameForm(DayForm):
    name = StringField(_("Tên"), filters=[stripped])

    def validate_name(self, field: Any) -> None:
        _require_name(field)


class MergeForm(DayForm):
    into = StringField(_("Cơ quan tiếp nhận"), filters=[stripped])

    def validate_into(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Hãy ghi mã của cơ quan tiếp nhận"))


class AddForm(DayForm):
    code = StringField(_("Mã"), filters=[stripped])
    name = StringField(_("Tên"), filters=[stripped])
    kind = SelectField(_("Loại"), validate_choice=False)
    province = SelectField(_("Tỉnh, thành phố"), validate_choice=False)

    def validate_code(self, field: Any) -> None:
        if _CODE.fullmatch(field.data) is None:
            raise ValidationError(
                _("Mã gồm mã tỉnh, gạch nối và tên viết tắt bằng chữ hoa không dấu, ví dụ 14-SKHCN")
            )

    def validate_name(self, field: Any) -> None:
        _require_name(field)


class ProcedureForm(StaffForm):
    procedure = StringField(_("Mã thủ tục"), filters=[stripped])

    def validate_procedure(self, field: Any) -> None:
        if re.fullmatch(r"[0-9]\.[0-9]{6}", field.data) is None:
            raise ValidationError(_("Mã thủ tục gồm một chữ số, dấu chấm và sáu chữ số, ví dụ 1.004616"))


def _require_name(field: Any) -> None:
    if not field.data or len(field.data) > MOST_NAME:
        raise ValidationError(_("Hãy ghi tên, không quá %(limit)s ký tự", limit=MOST_NAME))
