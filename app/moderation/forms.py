"""Forms of the review: which words to cover, and why a comment should be hidden."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.comments.staff_forms import require_harmless, written
from app.moderation.queries import CommentRow
from app.ui.forms import StaffForm
from surveys.covering import find_words

MOST_TYPED = 200


class CoverForm(StaffForm):
    """Ticked words, and words that are typed instead, with commas between them. `row` is set by the view."""

    ticked = SelectMultipleField(_("Từ cần che"), validate_choice=False)
    typed = StringField(_("Gõ từ cần che"), filters=[written])
    row: CommentRow

    def validate_typed(self, field: Any) -> None:
        if len(field.data) > MOST_TYPED:
            raise ValidationError(_("Hãy gõ ít hơn %(limit)s ký tự", limit=MOST_TYPED))
        for phrase in _phrases(field.data):
            if not find_words(self.row.words, phrase):
                raise ValidationError(_("Góp ý không có chữ “%(words)s”", words=phrase))

    @property
    def covers(self) -> frozenset[int]:
        ticked = {int(value) for value in self.ticked.data or () if value.isascii() and value.isdigit()}
        found = (find_words(self.row.words, phrase) for phrase in _phrases(self.typed.data))
        return frozenset(ticked).union(*found)


class HideForm(StaffForm):
    reason = TextAreaField(_("Lý do đề xuất ẩn"), filters=[written])

    def validate_reason(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Hãy ghi lý do, không chép lại lời của góp ý"))
        require_harmless(field)


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split(",") if phrase.strip()]
