"""The head and the signature of an agency's documents, set by the agency itself."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.directory.staff_choosing import choose_agency_page
from app.directory.staff_queries import get_agency_row
from app.letterheads.actions import change_letterhead
from app.letterheads.forms import LetterheadForm
from app.letterheads.models import LetterheadRow
from app.letterheads.queries import find_letterhead_row
from app.transactions import commits
from app.ui.links import done_at
from surveys.periods import local_day

blueprint = Blueprint("letterheads_staff", __name__, url_prefix="/quan-tri")


@blueprint.get("/dau-van-ban")
def choose_agency() -> ResponseReturnValue:
    """Whoever works for one agency only has nothing to choose."""
    template = "console/letterheads/choose.html"
    return choose_agency_page(Permission.LETTERHEADS_WRITE, template, only_one=".letterhead")


@blueprint.route("/dau-van-ban/<agency>", methods=["GET", "POST"])
@commits
def letterhead(agency: str) -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    known = get_agency_row(agency, actor.scopes(Permission.LETTERHEADS_WRITE), local_day(now))
    row = find_letterhead_row(known.code)
    form = _form(row)
    if not form.validate_on_submit():
        page = render_template(
            "console/letterheads/letterhead.html",
            form=form,
            agency=known,
            row=row,
            names=names_of({row.changed_by} if row else set()),
            messages={"changed": _("Đã lưu. Báo cáo lập từ bây giờ có đầu và chữ ký này.")},
        )
        return page, 400 if request.method == "POST" else 200
    change_letterhead(known.code, form.letterhead, seen=form.seen_number, by=actor.id, now=now)
    return done_at(".letterhead", "changed", agency=known.code)


def _form(row: LetterheadRow | None) -> LetterheadForm:
    if row is None:
        return LetterheadForm()
    fields = ("symbol", "signer", "signer_name", "recipients", "archive")
    return LetterheadForm(seen=str(row.number), **{name: getattr(row, name) for name in fields})
