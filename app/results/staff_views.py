"""Numbers of answers for staff: by place and channel, never a list of answers."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.directory.queries import list_provinces
from app.directory.scopes import covered_codes, province_codes
from app.i18n import current_language
from app.results import wording
from app.results.imports import views as import_views
from app.results.staff_counts import count_table, list_quarters
from surveys.figures import NATION
from surveys.periods import Locale, Quarter, local_day

blueprint = Blueprint("results_staff", __name__, url_prefix="/quan-tri")
blueprint.register_blueprint(import_views.blueprint)


@blueprint.get("/so-phieu")
def counts() -> ResponseReturnValue:
    now = clock.now()
    today = local_day(now)
    scopes = current_actor().scopes(Permission.COUNTS_READ)
    within = province_codes(scopes, today)
    provinces = [
        (view.code, view.name) for view in list_provinces(today) if within is None or view.code in within
    ]
    quarters = list_quarters(now)
    quarter = _chosen(quarters)
    parent = _parent(provinces, within is None)
    table = count_table(quarter, parent, covered_codes(scopes, today), now=now, locale=locale())
    return render_template(
        "console/results/counts.html",
        table=table,
        quarters=[(item.code, item.label_in(locale())) for item in quarters],
        provinces=provinces,
        parent="" if parent == NATION else parent,
        whole=within is None,
        columns=[(wording.stream_name(*stream), "number") for stream in table.streams],
    )


def _chosen(quarters: list[Quarter]) -> Quarter:
    """The quarter of the address where it is one of these, else the newest."""
    wanted = request.args.get("quarter", "")
    return next((quarter for quarter in quarters if quarter.code == wanted), quarters[0])


def _parent(provinces: list[tuple[str, str]], whole: bool) -> str:
    wanted = request.args.get("province", "")
    if wanted in {code for code, _name in provinces}:
        return wanted
    return NATION if whole or not provinces else provinces[0][0]


def locale() -> Locale:
    return "en" if current_language() == "en" else "vi"
