"""The menu of the console: for each person what that person may do, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _

from app.accounts.identity import Actor
from app.accounts.roles import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """`current`: the page belongs to this part; `exact`: it is the very page."""

    label: str
    url: str
    current: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A page of the menu; the pages below its address belong to it."""

    endpoint: str
    label: str
    permission: Permission | None


def menu_for(actor: Actor) -> list[Group]:
    """Groups without an entry are left out."""
    groups = [
        Group(title, tuple(_entry(part) for part in parts if _is_open(part, actor)))
        for title, parts in _parts()
    ]
    return [group for group in groups if group.entries]


def _parts() -> Iterator[tuple[str, tuple[_Part, ...]]]:
    yield "", (_Part("console.home", _("Việc cần làm"), None),)
    yield (
        _("Thu thập"),
        (
            _Part("catalogue_staff.questionnaires", _("Phiếu khảo sát"), Permission.QUESTIONNAIRES_READ),
            _Part("dossiers_staff.batches", _("Đường dẫn một lần"), Permission.LINKS_READ),
            _Part("fieldwork_staff.rounds", _("Thực địa"), Permission.FIELD_READ),
            _Part("results_staff.imports.list_imports", _("Nhập dữ liệu"), Permission.IMPORTS_RUN),
        ),
    )
    yield (
        _("Lắng nghe"),
        (
            _Part("results_staff.counts", _("Số phiếu"), Permission.COUNTS_READ),
            _Part("results_staff.set_aside", _("Phiếu để riêng"), Permission.QUARANTINE_REVIEW),
            _Part("editions_staff.editions", _("Kỳ công bố"), Permission.EDITIONS_READ),
            _Part("moderation_staff.comments", _("Góp ý"), Permission.COMMENTS_READ),
            _Part("comments_staff.contacts", _("Liên hệ lại"), Permission.CONTACTS_READ),
            _Part("improvements_staff.improvements", _("Việc cải tiến"), Permission.IMPROVEMENTS_READ),
            _Part("indices_staff.indices", _("Chỉ số bên ngoài"), Permission.INDICES_READ),
        ),
    )
    yield (
        _("Danh mục"),
        (
            _Part("directory_staff.agencies", _("Cơ quan"), Permission.DIRECTORY_READ),
            _Part("directory_staff.procedures", _("Thủ tục"), Permission.DIRECTORY_READ),
            _Part("directory_staff.units", _("Đơn vị hành chính"), Permission.DIRECTORY_READ),
            _Part("letterheads_staff.choose_agency", _("Đầu văn bản"), Permission.LETTERHEADS_WRITE),
        ),
    )
    yield (
        _("Hệ thống"),
        (
            _Part("approvals_staff.approvals", _("Phê duyệt"), Permission.APPROVALS_READ),
            _Part("releases_staff.calendar", _("Lịch công bố"), Permission.EDITIONS_READ),
            _Part("thresholds_staff.thresholds", _("Ngưỡng công bố"), Permission.COUNTS_READ),
            _Part("accounts_staff.people", _("Người dùng"), Permission.PEOPLE_READ),
            _Part("console.trail", _("Nhật ký"), Permission.AUDIT_READ),
            _Part("console.system", _("Tình trạng máy chủ"), Permission.SYSTEM_READ),
        ),
    )


def _is_open(part: _Part, actor: Actor) -> bool:
    known = part.endpoint in current_app.view_functions
    return known and (part.permission is None or actor.may(part.permission))


def _entry(part: _Part) -> Entry:
    url = url_for(part.endpoint)
    exact = request.endpoint == part.endpoint
    below = part.endpoint != "console.home" and request.path.startswith(url.partition("?")[0] + "/")
    return Entry(part.label, url, exact or below, exact)
