"""One-time links for staff: batches and what is left of them, issuing with the only copy, revoking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.catalogue.queries import current_questionnaire
from app.directory.queries import list_procedures_of
from app.directory.staff_choosing import choose_agency_page
from app.directory.staff_queries import AgencyRow, get_agency_row
from app.dossiers.actions import DEFAULT_DAYS, issue_links, revoke_batch
from app.dossiers.issuing import CSV, PDF, channel_for, csv_of, pdf_of
from app.dossiers.queries import OPEN
from app.dossiers.staff_forms import IssueForm
from app.dossiers.staff_queries import BatchRow, get_batch_row, page_of_batches
from app.transactions import commits
from app.ui.confirming import Asked, ask, is_confirmed
from app.ui.download import download
from app.ui.links import done_at
from exports.cells import CSV_TYPE
from surveys.periods import local_day
from surveys.scoring import Phase

blueprint = Blueprint("dossiers_staff", __name__, url_prefix="/quan-tri")
QUESTIONNAIRE = "COT_LOI"
ALL = "all"


@blueprint.get("/duong-dan")
def batches() -> ResponseReturnValue:
    actor, today = current_actor(), local_day(clock.now())
    state, agency = request.args.get("state", ""), request.args.get("agency", "")[:40]
    scopes = actor.scopes(Permission.LINKS_READ)
    return render_template(
        "console/dossiers/batches.html",
        page=page_of_batches(scopes, today, request.args, usable=state != ALL, agency=agency),
        state=state,
        agency=agency,
        today=today,
        **_words(),
    )


@blueprint.get("/duong-dan/phat-hanh")
def choose_agency() -> ResponseReturnValue:
    """Links are always about one agency: first it is found."""
    return choose_agency_page(Permission.LINKS_ISSUE, "console/dossiers/choose.html")


@blueprint.route("/duong-dan/phat-hanh/<agency>", methods=["GET", "POST"])
@commits
def issue(agency: str) -> ResponseReturnValue:
    """The answer to the form is the file itself: the tokens are in it and nowhere else."""
    actor, now = current_actor(), clock.now()
    today = local_day(now)
    row = get_agency_row(agency, actor.scopes(Permission.LINKS_ISSUE), today)
    form = _issue_form(row)
    channel = channel_for(actor, agency, today)
    if not form.validate_on_submit():
        page = render_template("console/dossiers/issue.html", form=form, row=row, is_open=channel == OPEN)
        return page, 400 if request.method == "POST" else 200
    questionnaire = current_questionnaire(QUESTIONNAIRE)
    batch = issue_links(
        agency,
        form.procedure.data or None,
        questionnaire=questionnaire.code,
        version=questionnaire.version,
        phase=form.phase.data,
        count=int(form.count.data),
        by=actor.id,
        now=now,
        expires_on=form.expires_on.data,
        channel=channel,
    )
    return _file_of(batch, row, form.made_as.data)


@blueprint.get("/duong-dan/<batch>")
def batch(batch: str) -> ResponseReturnValue:
    return render_template(
        "console/dossiers/batch.html",
        row=_batch(batch, Permission.LINKS_READ),
        today=local_day(clock.now()),
        **_words(),
    )


@blueprint.post("/duong-dan/<batch>/thu-hoi")
@commits
def revoke(batch: str) -> ResponseReturnValue:
    row = _batch(batch, Permission.LINKS_ISSUE)
    if not is_confirmed():
        return ask(_revoking(row))
    revoke_batch(row.id, by=current_actor().id, now=clock.now())
    return done_at(".batch", "revoked", batch=row.id)


def _issue_form(row: AgencyRow) -> IssueForm:
    today = local_day(clock.now())
    form = IssueForm(expires_on=today + timedelta(days=DEFAULT_DAYS), count="21", made_as=PDF)
    form.today = today
    procedures = list_procedures_of(row.code)
    form.procedure.choices = [("", _("Không ghi thủ tục")), *((item.code, item.name) for item in procedures)]
    form.phase.choices = [
        (Phase.AFTER_RESULT.value, _("Sau khi có kết quả")),
        (Phase.JUST_SUBMITTED.value, _("Vừa nộp xong")),
    ]
    form.made_as.choices = [
        (PDF, _("Tờ mã QR để in và cắt (PDF, 21 mã mỗi trang)")),
        (CSV, _("Danh sách địa chỉ để gửi tin nhắn (CSV)")),
    ]
    return form


def _file_of(batch: Any, row: AgencyRow, made_as: str) -> Response:
    name = f"duong-dan-{row.code}-{batch.id[:8]}"
    if made_as == PDF:
        return download(f"{name}.pdf", pdf_of(batch, row.name), "application/pdf")
    return download(f"{name}.csv", csv_of(batch), CSV_TYPE)


def _batch(batch: str, permission: Permission) -> BatchRow:
    scopes, today = current_actor().scopes(permission), local_day(clock.now())
    return get_batch_row(batch, scopes, today)


def _revoking(row: BatchRow) -> Asked:
    left = _("một số ít") if row.unspent is None else str(row.unspent)
    return Asked(
        title=_("Thu hồi đợt đường dẫn này?"),
        effects=(
            _("%(left)s đường dẫn chưa dùng sẽ dẫn đến trang “không còn dùng được”.", left=left),
            _("Phiếu đã gửi qua đợt này được giữ nguyên và vẫn được đếm."),
        ),
        undo=_("Không hoàn tác được: chỉ có mã băm của đường dẫn được giữ. Cần thì phát hành đợt mới."),
        action=_("Thu hồi"),
        back=url_for(".batch", batch=row.id),
        grave=True,
    )


def _words() -> dict[str, Any]:
    return {
        "phases": {
            Phase.AFTER_RESULT.value: _("có kết quả"),
            Phase.JUST_SUBMITTED.value: _("vừa nộp xong"),
        },
        "messages": {"revoked": _("Đã thu hồi đợt đường dẫn.")},
        "open_channel": OPEN,
        "may_issue": current_actor().may(Permission.LINKS_ISSUE),
    }
