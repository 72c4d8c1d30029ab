"""The form with which a file is uploaded."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import ValidationError

from app.ui.forms import StaffForm
from app.ui.yaml_marks import MAX_CHARACTERS

# Of a mapping; a letter takes up to four bytes.
_MOST_BYTES = 4 * MAX_CHARACTERS


class UploadForm(StaffForm):
    """`file` is the table; `mapping` says how a foreign one is read, `earlier` names one used before."""

    file = FileField(_("Tệp phiếu trả lời"))
    earlier = SelectField(_("Cách đọc tệp"), validate_choice=False)
    mapping = FileField(_("Tệp ánh xạ mới"))

    def validate_file(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Hãy chọn một tệp CSV, NDJSON hoặc Excel (.xlsx)"))

    def validate_earlier(self, field: Any) -> None:
        if field.data and field.data not in {value for value, _words in field.choices}:
            raise ValidationError(_("Hãy chọn trong danh sách"))

    def mapping_text(self) -> str | None:
        """What the new mapping says; None where none was sent. Raises ValidationError."""
        sent = self.mapping.data
        if not sent:
            return None
        content = sent.stream.read(_MOST_BYTES + 1)
        try:
            text: str = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("Tệp ánh xạ không phải chữ UTF-8")) from None
        if len(content) > _MOST_BYTES or "\0" in text:
            raise ValidationError(_("Tệp ánh xạ quá dài hoặc không phải chữ"))
        return text
