"""What an office says of its documents, line by line as Decree 30/2020/NĐ-CP places it."""

from __future__ import annotations

import re
from typing import Any, Final

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.comments.staff_forms import written
from app.letterheads.queries import Letterhead
from app.ui.forms import StaffForm

MOST_SIGNER_LINES: Final = 4
MOST_RECIPIENTS: Final = 20
MOST_LINE: Final = 120
_SYMBOL: Final = re.compile(r"[A-ZĐ0-9][A-ZĐ0-9.&-]{0,29}")


class LetterheadForm(StaffForm):
    """Every field may be empty: then the rule decides, as it says beside the field."""

    seen = HiddenField(default="0")
    symbol = StringField(_("Ký hiệu"), filters=[written])
    signer = TextAreaField(_("Quyền hạn, chức vụ người ký"), filters=[written])
    signer_name = StringField(_("Họ và tên người ký"), filters=[written])
    recipients = TextAreaField(_("Nơi nhận"), filters=[written])
    archive = StringField(_("Lưu"), filters=[written])

    def validate_symbol(self, field: Any) -> None:
        if field.data and not _SYMBOL.fullmatch(field.data):
            raise ValidationError(_("Ký hiệu viết hoa liền nhau, ví dụ BC-SKHCN"))

    def validate_signer(self, field: Any) -> None:
        _check_lines(field, MOST_SIGNER_LINES)

    def validate_signer_name(self, field: Any) -> None:
        if len(field.data) > 80 or "\n" in field.data or any(c.isdigit() for c in field.data):
            raise ValidationError(_("Hãy ghi họ và tên trên một dòng, không quá 80 ký tự, không có chữ số"))

    def validate_recipients(self, field: Any) -> None:
        _check_lines(field, MOST_RECIPIENTS)

    def validate_archive(self, field: Any) -> None:
        if len(field.data) > 40 or "\n" in field.data:
            raise ValidationError(_("Hãy ghi nơi lưu trên một dòng, không quá 40 ký tự, ví dụ VT, CĐS"))

    @property
    def seen_number(self) -> int:
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0

    @property
    def letterhead(self) -> Letterhead:
        return Letterhead(
            symbol=self.symbol.data,
            signer=tuple(line.upper() for line in _lines(self.signer.data)),
            signer_name=self.signer_name.data,
            recipients=tuple(line.strip("-–;. ") for line in _lines(self.recipients.data)),
            archive=self.archive.data.rstrip("."),
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip("-–;. ")]


def _check_lines(field: Any, most: int) -> None:
    lines = _lines(field.data)
    if len(lines) > most:
        raise ValidationError(_("Nhiều quá %(limit)s dòng", limit=most))
    if any(len(line) > MOST_LINE for line in lines):
        raise ValidationError(_("Có dòng dài quá %(limit)s ký tự", limit=MOST_LINE))
