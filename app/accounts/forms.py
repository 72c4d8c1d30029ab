"""Forms of signing in and of one's own secrets. Their token is checked by the guard, before any view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import ValidationError

from app.accounts import passwords
from app.accounts.actions import MOST_NAME
from app.accounts.queries import is_new_email, normal_email
from app.ui.forms import StaffForm

# What a browser and its password manager have to know; pasting is always allowed.
EMAIL = {"type": "email", "autocomplete": "username", "maxlength": 254}
OLD = {"autocomplete": "current-password"}
NEW = {"autocomplete": "new-password"}
CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


def given(form: StaffForm, field: Any) -> None:
    if not (field.data or "").strip():
        raise ValidationError(_("Hãy điền ô này"))


def chosen(form: StaffForm, field: Any) -> None:
    if not field.data:
        raise ValidationError(_("Hãy chọn một vai trò"))


class SignInForm(StaffForm):
    email = StringField(_("Email"), default="", validators=[given], render_kw=EMAIL)
    password = PasswordField(_("Mật khẩu"), default="", validators=[given], render_kw=OLD)


class CodeForm(StaffForm):
    code = StringField(_("Mã xác thực"), default="", validators=[given], render_kw=CODE)


class NewPasswordForm(StaffForm):
    """A new password, twice. `personal` are the words of the person that are too easy to guess."""

    new_password = PasswordField(_("Mật khẩu mới"), default="", render_kw=NEW)
    again = PasswordField(_("Nhập lại mật khẩu mới"), default="", render_kw=NEW)

    def __init__(self, *args: Any, personal: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.personal = personal

    def validate_new_password(self, field: PasswordField) -> None:
        password = passwords.typed(field.data or "")
        if len(password) < passwords.LEAST_CHARACTERS:
            raise ValidationError(_("Mật khẩu cần ít nhất %(least)s ký tự", least=passwords.LEAST_CHARACTERS))
        if len(password) > passwords.MOST_CHARACTERS:
            raise ValidationError(_("Mật khẩu dài nhất %(most)s ký tự", most=passwords.MOST_CHARACTERS))
        if passwords.is_guessable(password, self.personal):
            raise ValidationError(
                _("Mật khẩu này dễ đoán; hãy ghép vài từ không liên quan với nhau, không dùng tên mình")
            )

    def validate_again(self, field: PasswordField) -> None:
        if passwords.typed(field.data or "") != passwords.typed(self.new_password.data or ""):
            raise ValidationError(_("Hai lần nhập chưa giống nhau"))


class EnrolForm(NewPasswordForm):
    code = StringField(_("Mã xác thực"), default="", validators=[given], render_kw=CODE)


class ChangePasswordForm(NewPasswordForm):
    password = PasswordField(_("Mật khẩu hiện nay"), default="", validators=[given], render_kw=OLD)
    code = StringField(_("Mã xác thực"), default="", validators=[given], render_kw=CODE)

    def validate_new_password(self, field: PasswordField) -> None:
        super().validate_new_password(field)
        if passwords.typed(field.data) == passwords.typed(self.password.data or ""):
            raise ValidationError(_("Mật khẩu mới phải khác mật khẩu hiện nay"))


class NewAuthenticatorForm(StaffForm):
    password = PasswordField(_("Mật khẩu hiện nay"), default="", validators=[given], render_kw=OLD)
    code = StringField(_("Mã xác thực"), default="", validators=[given], render_kw=CODE)
    new_code = StringField(_("Mã của ứng dụng mới"), default="", validators=[given], render_kw=CODE)


class GrantForm(StaffForm):
    """A role over a scope. Which ones may be given is for the view to say: it knows who gives."""

    role = SelectField(_("Vai trò"), validate_choice=False, validators=[chosen])
    scope = StringField(_("Phạm vi"), default="", validators=[given])


class InviteForm(GrantForm):
    name = StringField(_("Họ và tên"), default="", validators=[given], render_kw={"maxlength": 200})
    email = StringField(_("Email"), default="", validators=[given], render_kw={"type": "email"})

    def validate_name(self, field: Any) -> None:
        if len(field.data) > MOST_NAME or not field.data.isprintable():
            raise ValidationError(_("Hãy ghi họ tên bằng chữ, tối đa 200 ký tự"))

    def validate_email(self, field: Any) -> None:
        if not is_new_email(normal_email(field.data)):
            raise ValidationError(
                _(
                    "Hãy ghi địa chỉ thư điện tử bằng chữ không dấu, không có phần sau dấu +, "
                    "ví dụ lan@haiphong.gov.vn"
                )
            )


class ResetForm(StaffForm):
    lost_authenticator = BooleanField(_("Người này mất cả ứng dụng xác thực và mã khôi phục"))
