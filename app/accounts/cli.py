"""`flask staff …`: the first administrator, and help for people who are locked out."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import with_appcontext

from app.accounts import actions
from app.accounts.identity import NATION_SCOPE, Grant
from app.accounts.invitations import invitation_address
from app.accounts.models import Person
from app.accounts.queries import UnknownPerson, get_person_by_email, list_people
from app.accounts.roles import Role
from app.accounts.rotation import rotate_seeds
from app.clock import now
from app.commands import Noun, Refused
from app.transactions import transaction
from surveys.printing import number

BY = "command:staff"
EMAIL = click.argument("email", metavar="EMAIL")


@click.group("staff", cls=Noun)
def staff_group() -> None:
    """Tài khoản của cán bộ: lập, khóa, mở, đặt lại."""


@staff_group.command("create")
@EMAIL
@click.option("--name", required=True, help="Họ và tên.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="Vai trò.")
@click.option("--scope", default=NATION_SCOPE, show_default=True, help="nation, mã tỉnh hoặc mã cơ quan.")
@with_appcontext
def create(email: str, name: str, role: str, scope: str) -> None:
    """Lập tài khoản và in lời mời dùng một lần.

    Lời mời chỉ hiện lần này, kèm thời hạn.
    """
    try:
        with transaction():
            grants = [Grant(Role(role), scope)]
            person, code = actions.create_person(email, name, grants, by=BY, now=now())
            address = person.email
    except actions.BadAddress as error:
        raise Refused(
            f"“{email}” không phải địa chỉ thư điện tử viết bằng chữ không dấu, không có dấu +."
        ) from error
    except actions.AlreadyInvited as error:
        raise Refused(f"{email} đã có tài khoản; hãy dùng flask staff reset {email}.") from error
    lasts = _lasting(actions.INVITATION_LASTS)
    click.echo(f"Đã lập tài khoản {address}. Lời mời, {lasts}: {invitation_address(code)}")


@staff_group.command("reset")
@EMAIL
@click.option("--lost-authenticator", is_flag=True, help="Mất cả ứng dụng xác thực và mã khôi phục.")
@with_appcontext
def reset(email: str, lost_authenticator: bool) -> None:
    """In đường dẫn dùng một lần để đặt lại mật khẩu.

    Mọi phiên đang mở kết thúc ngay. Người chưa nhận lời mời có thời hạn như lần mời đầu.
    """
    try:
        with transaction():
            person = _person(email)
            code, lasts = actions.reset(person, lost_authenticator=lost_authenticator, by=BY, now=now())
    except actions.IsDisabled as error:
        raise Refused(f"{email} đang bị khóa; hãy mở bằng flask staff enable {email}.") from error
    click.echo(f"Đường dẫn đặt lại cho {email}, {_lasting(lasts)}: {invitation_address(code)}")


@staff_group.command("disable")
@EMAIL
@with_appcontext
def disable(email: str) -> None:
    """Khóa tài khoản và kết thúc mọi phiên của người đó."""
    with transaction():
        actions.disable(_person(email), by=BY, now=now())
    click.echo(f"Đã khóa {email}; mọi phiên đã kết thúc.")


@staff_group.command("enable")
@EMAIL
@with_appcontext
def enable(email: str) -> None:
    """Mở lại tài khoản đã khóa."""
    with transaction():
        actions.enable(_person(email), by=BY, now=now())
    click.echo(f"Đã mở {email}.")


@staff_group.command("rotate-key")
@with_appcontext
def rotate_key() -> None:
    """Mã hóa lại khóa của ứng dụng xác thực bằng SECRET_KEY mới.

    Chạy sau khi đổi SECRET_KEY; khóa cũ chỉ được bỏ khỏi SECRET_KEY_FALLBACKS khi không còn ai bị bỏ lại.
    """
    with transaction():
        rotation = rotate_seeds(by=BY, now=now())
    moved, current = number(rotation.moved), number(rotation.current)
    click.echo(f"Đã mã hóa lại cho {moved} người; {current} người đã dùng khóa mới từ trước.")
    if rotation.lost:
        raise Refused(
            f"{', '.join(rotation.lost)}: không khóa nào mở được ứng dụng xác thực. Hãy thêm khóa cũ vào "
            "SECRET_KEY_FALLBACKS rồi chạy lại, hoặc dùng flask staff reset EMAIL --lost-authenticator."
        )


@staff_group.command("list")
@with_appcontext
def list_everybody() -> None:
    """Liệt kê tài khoản, vai trò và phạm vi."""
    people = list_people()
    for person in people:
        state = "khóa" if person.is_disabled else "đang dùng" if person.has_enrolled else "chưa nhận lời mời"
        grants = ", ".join(f"{grant.role.value}:{grant.scope}" for grant in person.grants)
        click.echo(f"{person.email}\t{person.name}\t{grants}\t{state}")
    if not people:
        click.echo("Chưa có tài khoản nào. Hãy lập: flask staff create EMAIL --name … --role ministry")


def _lasting(lasts: timedelta) -> str:
    return f"dùng một lần trong {lasts // timedelta(hours=1)} giờ"


def _person(email: str) -> Person:
    try:
        return get_person_by_email(email)
    except UnknownPerson as error:
        raise Refused(f"Không có tài khoản {email}.") from error


commands: list[click.Command] = [staff_group]
