"""Telephones in the console: enrolling by a code that is shown once, pausing, revoking, replacing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.directory.staff_queries import names_of_agencies
from app.fieldwork import staff_words
from app.fieldwork import team_actions as actions
from app.fieldwork.models import Collector, Team
from app.fieldwork.queries import DeviceLine, get_device, page_of_devices, read_report
from app.fieldwork.staff_forms import CodeForm
from app.fieldwork.staff_views import blueprint
from app.fieldwork.team_actions import Invited
from app.fieldwork.team_views import found_collector
from app.i18n import DEFAULT
from app.installation import is_demonstration
from app.keys import configuration
from app.transactions import commits
from app.ui.confirming import Asked, ask, is_confirmed
from app.ui.download import download
from app.ui.links import done_at
from exports.qr_code import qr_matrix
from surveys.periods import ZONE, local_day
from surveys.printing import date_text

ALL = "all"
APP = "/thuc-dia/"


@blueprint.get("/may")
def devices() -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    today, state = local_day(now), request.args.get("state", "")[:8]
    scopes = actor.scopes(Permission.FIELD_LEAD)
    return render_template(
        "console/fieldwork/devices.html",
        page=page_of_devices(scopes, now, today, request.args, all_states=state == ALL),
        state=state,
        now=now,
        **staff_words.shared(),
    )


@blueprint.get("/may/<uuid:device>")
def device(device: UUID) -> ResponseReturnValue:
    line, now = found_device(device), clock.now()
    report = read_report(line.row)
    return render_template(
        "console/fieldwork/device.html",
        line=line,
        row=line.row,
        report=report,
        # Sealed ever, less what the server has acknowledged: what was there to be sent.
        to_send=max(report.get("ready", 0) - report.get("acknowledged", 0), 0),
        now=now,
        place_name=_commune(line.team),
        **staff_words.shared(),
    )


@blueprint.post("/thanh-vien/<uuid:collector>/may")
@commits
def invite_device(collector: UUID) -> ResponseReturnValue:
    """The answer is the page with the code, which is in no other place."""
    row, team = found_collector(collector)
    invited = actions.invite_device(row, team, by=current_actor().id, now=clock.now())
    return _code_page(invited, row, team)


@blueprint.post("/may/<uuid:device>/ma-moi")
@commits
def renew_code(device: UUID) -> ResponseReturnValue:
    line = found_device(device)
    invited = actions.renew_code(line.row, line.team, by=current_actor().id, now=clock.now())
    return _code_page(invited, line.collector, line.team)


@blueprint.post("/may/<uuid:device>/the")
def card(device: UUID) -> ResponseReturnValue:
    """The same code on a card to print. Raises CodeIsGone for any other."""
    line, form = found_device(device), CodeForm()
    code, until = form.code.data or "", line.row.code_until
    actions.check_code(line.row, code, now=clock.now())
    # Only who prints needs the library that draws, which takes twenty megabytes.
    from exports.device_card import DeviceCard, device_card

    assert until is not None, "a code that is good has an end"
    with force_locale(DEFAULT):
        content = device_card(
            DeviceCard(
                title=_("Ghi danh máy khảo sát"),
                team=f"{line.team.name}, {_commune(line.team)}",
                collector=line.collector.code,
                steps=(
                    _("1. Mở máy ảnh của điện thoại, quét mã."),
                    _("2. Bấm vào đường dẫn, bấm “Ghi danh”, chờ dòng “Máy đã được ghi danh”."),
                    _("3. Thêm trang vào màn hình chính. Hủy thẻ này."),
                ),
                until=_("Dùng một lần, trước %(moment)s.", moment=_moment(until)),
                address=_address(code),
                demo=_("BẢN MINH HỌA") if is_demonstration() else "",
            )
        )
    return download(f"ghi-danh-{line.collector.code.lower()}.pdf", content, "application/pdf")


@blueprint.post("/may/<uuid:device>/tam-dung")
@commits
def pause_device(device: UUID) -> ResponseReturnValue:
    """Without a question: one click takes it back."""
    line = found_device(device)
    actions.pause_device(line.row, line.team, by=current_actor().id, now=clock.now())
    return done_at(".device", "paused", device=device)


@blueprint.post("/may/<uuid:device>/chay-tiep")
@commits
def resume_device(device: UUID) -> ResponseReturnValue:
    line = found_device(device)
    actions.resume_device(line.row, line.collector, line.team, by=current_actor().id, now=clock.now())
    return done_at(".device", "resumed", device=device)


@blueprint.post("/may/<uuid:device>/thu-hoi")
@commits
def revoke_device(device: UUID) -> ResponseReturnValue:
    line = found_device(device)
    if not is_confirmed():
        return ask(_revoking(line, _("Thu hồi máy này?"), _("Thu hồi")))
    actions.revoke_device(line.row, line.team, by=current_actor().id, now=clock.now())
    return done_at(".device", "revoked", device=device)


@blueprint.post("/may/<uuid:device>/thay")
@commits
def replace_device(device: UUID) -> ResponseReturnValue:
    """Lost or broken: the old one is revoked, and a code for the new one is shown."""
    line = found_device(device)
    if not is_confirmed():
        return ask(_revoking(line, _("Thay máy này bằng máy khác?"), _("Thay máy")))
    invited = actions.replace_device(
        line.row, line.collector, line.team, by=current_actor().id, now=clock.now()
    )
    return _code_page(invited, line.collector, line.team)


def found_device(device: UUID) -> DeviceLine:
    """Raises UnknownDevice for one that is not this person's."""
    now = clock.now()
    return get_device(device, current_actor().scopes(Permission.FIELD_LEAD), now, local_day(now))


def _revoking(line: DeviceLine, title: str, action: str) -> Asked:
    effects = [_("Máy này không nhận việc và không gửi phiếu được nữa. Phiếu đã gửi được giữ nguyên.")]
    if line.waiting:
        gone = _("Nếu dữ liệu của trang trên máy đã bị xóa thì không lấy lại được.")
        effects.append(f"{staff_words.waiting_words(line)}. {gone}")
    effects.append(
        _("Phiếu còn trong máy không mất: xuất ra tệp ngay trên máy, rồi nhập tệp ở trang “Nhập tệp từ máy”.")
    )
    return Asked(
        title=title,
        effects=effects,
        undo=_("Không hoàn tác được: khóa của máy bị hủy. Tìm lại được máy thì ghi danh lại bằng mã mới."),
        action=action,
        back=url_for(".device", device=line.row.id),
        grave=True,
    )


def _code_page(invited: Invited, collector: Collector, team: Team) -> Response:
    matrix = qr_matrix(_address(invited.code))
    page = render_template(
        "console/fieldwork/code.html",
        invited=invited,
        collector=collector,
        team=team,
        address=_address(invited.code),
        modules=len(matrix),
        drawing=_path_of(matrix),
    )
    return make_response(page)


def _path_of(matrix: list[bytes]) -> str:
    """The dark modules of a QR code as one path, a run of them at a time."""
    parts = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                parts.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length + 1
    return "".join(parts)


def _address(code: str) -> str:
    """In the fragment, which no log and no other host ever sees."""
    return f"{configuration().base_url}{APP}#{code}"


def _commune(team: Team) -> str:
    return names_of_agencies({team.agency}, local_day(clock.now())).get(team.agency, team.agency)


def _moment(until: datetime) -> str:
    local = until.astimezone(ZONE)
    return f"{local:%H:%M} {date_text(local.date())}"
