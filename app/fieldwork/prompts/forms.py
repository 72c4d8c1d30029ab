"""The form with which a province gives words and voices."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import SelectField
from wtforms.validators import ValidationError

from app.fieldwork.languages import OTHER_LANGUAGES, language_words
from app.ui.forms import StaffForm


class PromptsForm(StaffForm):
    """Words and voices in one language. Nothing is chosen beforehand: a wrong language would be heard."""

    language = SelectField(_("Ngôn ngữ"), validate_choice=False)
    files = MultipleFileField(_("Tệp"))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.language.choices = [("", "–"), *((code, language_words(code)) for code in OTHER_LANGUAGES)]

    def validate_language(self, field: Any) -> None:
        if field.data not in OTHER_LANGUAGES:
            raise ValidationError(_("Hãy chọn một ngôn ngữ"))

    def validate_files(self, field: Any) -> None:
        if not any(file and file.filename for file in field.data or []):
            raise ValidationError(_("Hãy chọn ít nhất một tệp"))
