"""The form with which a file of numbers is uploaded."""

from __future__ import annotations

from contextlib import closing
from typing import Any, Final

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from app.ui.forms import StaffForm

MOST_BYTES: Final = 4_000_000


class UploadForm(StaffForm):
    file = FileField(_("Tệp CSV"))

    def validate_file(self, field: Any) -> None:
        if not field.data or not field.data.filename:
            raise ValidationError(_("Hãy chọn một tệp CSV"))

    def content(self) -> bytes:
        """Raises ValidationError for more than such a file ever holds."""
        with closing(self.file.data):
            content: bytes = self.file.data.stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValidationError(_("Tệp lớn hơn 4 MB; hãy chia tệp"))
        return content
