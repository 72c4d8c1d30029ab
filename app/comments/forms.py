"""The form for who wants to be contacted. No CSRF token: a citizen carries no authority and no cookie."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from surveys.questions import has_control

MOST_ADDRESS = 200
MOST_MESSAGE = 1_000
NONCE = re.compile(r"[0-9a-f]{32}")
# Enough to call or to write to: some digits or something@somewhere. People write numbers in many ways.
_REACHABLE = re.compile(r"(?:[^0-9]*[0-9]){8,15}[^0-9]*|[^@\s]+@[^@\s]+\.[^@\s]+")


def cleaned(value: str | None) -> str:
    """Composed letters and plain line ends."""
    text = (value or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", text).strip()


def readable(form: FlaskForm, field: Any) -> None:
    """No NUL, no lone surrogate, and nothing that a broken encoding was replaced by."""
    if has_control(field.data or "") or "\ufffd" in (field.data or ""):
        raise ValidationError(_("Có ký tự không đọc được; hãy xóa ký tự đó và viết lại"))


class ContactForm(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    nonce = HiddenField()
    address = StringField(filters=[cleaned], validators=[readable])
    message = TextAreaField(filters=[cleaned], validators=[readable])
    consent = BooleanField()

    def validate_address(self, field: StringField) -> None:
        if len(field.data) > MOST_ADDRESS or not _REACHABLE.fullmatch(field.data):
            raise ValidationError(_("Hãy ghi số điện thoại hoặc địa chỉ thư điện tử"))

    def validate_message(self, field: TextAreaField) -> None:
        if len(field.data) > MOST_MESSAGE:
            raise ValidationError(
                _("Lời nhắn dài quá %(limit)s ký tự; hãy viết ngắn lại", limit=MOST_MESSAGE)
            )

    def validate_consent(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_("Cần Ông/Bà đồng ý thì cơ quan mới được liên hệ lại"))

    def validate_nonce(self, field: HiddenField) -> None:
        if not NONCE.fullmatch(field.data or ""):
            raise ValidationError(_("Trang này đã cũ; hãy mở lại rồi gửi lần nữa"))
