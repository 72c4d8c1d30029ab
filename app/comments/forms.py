"""The form for who wants to be contacted. No CSRF token: a citizen carries no authority and no cookie."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.comments.codes import new_nonce
from app.ui.forms import PageForm
from surveys.questions import without_control

MOST_ADDRESS = 200
MOST_MESSAGE = 1_000
UNREADABLE = "\ufffd"
NONCE = re.compile(r"[0-9a-f]{32}")
# Enough to call or to write to: some digits or something@somewhere. People write numbers in many ways.
_REACHABLE = re.compile(r"(?:[^0-9]*[0-9]){8,15}[^0-9]*|[^@\s]+@[^@\s]+\.[^@\s]+")


def cleaned(value: str) -> str:
    """Composed letters and plain line ends; what no page can show is marked."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return without_control(unicodedata.normalize("NFC", text).strip(), UNREADABLE)


def readable(form: PageForm, field: Any) -> None:
    """Nothing that stands for a NUL, a lone surrogate or a broken encoding."""
    if UNREADABLE in field.data:
        raise ValidationError(_("Có ký tự không đọc được; hãy xóa ký tự đó và viết lại"))


class ContactForm(PageForm):
    nonce = HiddenField(default="")
    address = StringField(default="", validators=[readable])
    message = TextAreaField(default="", validators=[readable])
    consent = BooleanField()

    def validate_address(self, field: StringField) -> None:
        if len(field.data) > MOST_ADDRESS or not _REACHABLE.fullmatch(field.data):
            raise ValidationError(_("Hãy ghi số điện thoại hoặc địa chỉ thư điện tử"))

    def validate_message(self, field: TextAreaField) -> None:
        if len(field.data) > MOST_MESSAGE:
            raise ValidationError(
                _("Lời nhắn dài quá %(limit)s ký tự; hãy viết ngắn lại", limit=format_decimal(MOST_MESSAGE))
            )

    def validate_consent(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_("Cần Ông/Bà đồng ý thì cơ quan mới được liên hệ lại"))

    def validate_nonce(self, field: HiddenField) -> None:
        if not NONCE.fullmatch(field.data):
            field.data = new_nonce()
            raise ValidationError(_("Trang này đã cũ và vừa được làm mới; hãy gửi lần nữa"))
