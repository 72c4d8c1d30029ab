"""What people and their rights are called on staff pages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from app.accounts.identity import NATION_SCOPE
from app.accounts.places import Place
from app.accounts.queries import PersonView
from app.accounts.roles import Role


def role_words(role: Role) -> str:
    words: str = {
        Role.MINISTRY: _("Bộ"),
        Role.PROVINCE: _("Tỉnh, thành phố"),
        Role.AGENCY: _("Cơ quan"),
        Role.TEAM_LEAD: _("Trưởng nhóm khảo sát"),
        Role.AUDITOR: _("Kiểm tra"),
        Role.OPERATOR: _("Vận hành"),
    }[role]
    return words


def scope_words(scope: str, places: Mapping[str, Place]) -> str:
    if scope == NATION_SCOPE:
        words: str = _("cả nước")
        return words
    place = places.get(scope)
    return f"{place.name} ({scope})" if place else scope


def state_words(person: PersonView) -> str:
    words: str = (
        _("Đang khóa")
        if person.is_disabled
        else _("Đang dùng")
        if person.has_enrolled
        else _("Chưa nhận lời mời")
    )
    return words


def change_messages() -> dict[str, str]:
    """What has just been done, by the word in the address."""
    return {
        "grant": _("Đã thêm vai trò. Người này đăng nhập lại để dùng quyền mới."),
        "take-back": _("Đã bỏ vai trò. Mọi phiên của người này đã kết thúc."),
        "disable": _("Đã khóa. Mọi phiên của người này đã kết thúc."),
        "enable": _("Đã mở khóa."),
    }
