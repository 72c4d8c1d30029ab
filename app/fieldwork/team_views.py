"""Teams and their members in the console."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.directory.staff_queries import names_of_agencies
from app.fieldwork import staff_words
from app.fieldwork import team_actions as actions
from app.fieldwork.choices import commune_name, page_of_communes
from app.fieldwork.models import Collector, Team
from app.fieldwork.queries import get_collector, get_team, list_collectors, list_devices_of, page_of_teams
from app.fieldwork.staff_forms import NameForm
from app.fieldwork.staff_views import blueprint
from app.transactions import commits
from app.ui.confirming import Asked, ask, is_confirmed
from app.ui.links import done_at
from surveys.periods import local_day


@blueprint.get("/to")
def teams() -> ResponseReturnValue:
    scopes, today = current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now())
    page = page_of_teams(scopes, today, request.args)
    return render_template("console/fieldwork/teams.html", page=page, **staff_words.shared())


@blueprint.get("/to/moi")
def choose_commune() -> ResponseReturnValue:
    scopes, today = current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now())
    text = request.args.get("q", "")[:100]
    page = page_of_communes(text, scopes, today, request.args)
    if not text and len(page.rows) == 1 and not page.earlier:
        return redirect(url_for(".create_team", place=page.rows[0].code), 303)
    return render_template(
        "console/fieldwork/choose.html", page=page, text=text, provinces=[], goal=".create_team",
        title=_("Lập tổ ở xã, phường nào?"),
    )  # fmt: skip


@blueprint.route("/to/moi/<place>", methods=["GET", "POST"])
@commits
def create_team(place: str) -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    name = commune_name(place, actor.scopes(Permission.FIELD_LEAD), local_day(now))
    form = NameForm()
    if not form.validate_on_submit():
        page = render_template("console/fieldwork/team_form.html", form=form, place_name=name)
        return page, 400 if request.method == "POST" else 200
    team = actions.create_team(place, form.name.data, by=actor.id, now=now)
    return done_at(".team", "team-created", team=team.id)


@blueprint.get("/to/<uuid:team>")
def team(team: UUID) -> ResponseReturnValue:
    return team_page(_team(team), NameForm(formdata=None))


@blueprint.post("/to/<uuid:team>/doi-ten")
@commits
def rename_team(team: UUID) -> ResponseReturnValue:
    row, form = _team(team), NameForm()
    if not form.validate():
        return team_page(row, NameForm(formdata=None), renaming=form), 400
    actions.rename_team(row, form.name.data, by=current_actor().id, now=clock.now())
    return done_at(".team", "team-renamed", team=team)


@blueprint.post("/to/<uuid:team>/nghi")
@commits
def end_team(team: UUID) -> ResponseReturnValue:
    row = _team(team)
    if not is_confirmed():
        return ask(
            Asked(
                title=_("Cho %(name)s nghỉ?", name=row.name),
                effects=_effects_of_leaving(),
                undo=_("Hoàn tác được: mở lại tổ, rồi cho từng máy chạy tiếp."),
                action=_("Cho tổ nghỉ"),
                back=url_for(".team", team=team),
            )
        )
    actions.end_team(row, by=current_actor().id, now=clock.now())
    return done_at(".team", "team-ended", team=team)


@blueprint.post("/to/<uuid:team>/mo-lai")
@commits
def reopen_team(team: UUID) -> ResponseReturnValue:
    actions.reopen_team(_team(team), by=current_actor().id, now=clock.now())
    return done_at(".team", "team-reopened", team=team)


@blueprint.post("/to/<uuid:team>/thanh-vien")
@commits
def add_collector(team: UUID) -> ResponseReturnValue:
    row, form = _team(team), NameForm()
    if not form.validate():
        return team_page(row, form), 400
    actions.add_collector(row, form.name.data, by=current_actor().id, now=clock.now())
    return done_at(".team", "collector-added", team=team)


@blueprint.post("/thanh-vien/<uuid:collector>/nghi")
@commits
def end_collector(collector: UUID) -> ResponseReturnValue:
    row, team = found_collector(collector)
    if not is_confirmed():
        return ask(
            Asked(
                title=_("Cho %(code)s nghỉ?", code=row.code),
                effects=_effects_of_leaving(),
                undo=_("Hoàn tác được: mở lại thành viên, rồi cho từng máy chạy tiếp."),
                action=_("Cho nghỉ"),
                back=url_for(".team", team=team.id),
            )
        )
    actions.end_collector(row, team, by=current_actor().id, now=clock.now())
    return done_at(".team", "collector-ended", team=team.id)


@blueprint.post("/thanh-vien/<uuid:collector>/mo-lai")
@commits
def reopen_collector(collector: UUID) -> ResponseReturnValue:
    row, team = found_collector(collector)
    actions.reopen_collector(row, team, by=current_actor().id, now=clock.now())
    return done_at(".team", "collector-reopened", team=team.id)


def found_collector(collector: UUID) -> tuple[Collector, Team]:
    """Raises UnknownCollector for one who is not this person's."""
    scopes, today = current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now())
    return get_collector(collector, scopes, today)


def team_page(row: Team, adding: NameForm, renaming: NameForm | None = None) -> str:
    """The page of one team, also when one of its forms has to be corrected."""
    now = clock.now()
    members = list_collectors(row.id)
    devices = list_devices_of([member.id for member in members], now, local_day(now))
    return render_template(
        "console/fieldwork/team.html",
        team=row,
        place_name=names_of_agencies({row.agency}, local_day(now)).get(row.agency, row.agency),
        members=members,
        devices=devices,
        adding=adding,
        renaming=renaming or NameForm(formdata=None, name=row.name),
        now=now,
        **staff_words.shared(),
    )


def _team(team: UUID) -> Team:
    return get_team(team, current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now()))


def _effects_of_leaving() -> tuple[str, str]:
    return (
        _("Máy đang dùng tạm dừng: giữ nguyên phiếu đã làm nhưng chưa gửi được."),
        _("Phiếu đã gửi và các con số không đổi."),
    )
