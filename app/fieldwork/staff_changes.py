"""Changes of rounds by staff: setting one up, its dates, its villages, and which team goes where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import NATION_SCOPE, current_actor
from app.accounts.roles import Permission
from app.directory.staff_queries import names_of_agencies
from app.fieldwork import actions, aside_views, device_views, staff_words, team_views
from app.fieldwork.choices import page_of_communes, place_name, provinces_led, questionnaires
from app.fieldwork.models import RoundVillage
from app.fieldwork.paper import tally_views
from app.fieldwork.paper import views as paper_views
from app.fieldwork.prompts import views as prompt_views
from app.fieldwork.queries import (
    RoundLine,
    get_round,
    list_communes,
    list_teams_of,
    list_villages,
    teams_by_village,
)
from app.fieldwork.reach import is_commune
from app.fieldwork.reviews import second_visit_views
from app.fieldwork.reviews import views as review_views
from app.fieldwork.rules import RoundState, UnknownVillage
from app.fieldwork.staff_forms import RoundForm, VillagesForm
from app.fieldwork.staff_views import blueprint, found_round
from app.fieldwork.villages import BadLine, read_villages
from app.transactions import commits
from app.ui.confirming import Asked, ask, is_confirmed
from app.ui.links import done_at
from surveys.periods import local_day

__all__ = [
    "aside_views", "device_views", "paper_views", "prompt_views", "review_views", "second_visit_views",
    "tally_views", "team_views",
]  # fmt: skip
MOST_FILE = 512 * 1024


@blueprint.get("/dot/moi")
def choose_place() -> ResponseReturnValue:
    """Whoever leads one place only has nothing to choose."""
    scopes, today = current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now())
    text = request.args.get("q", "")[:100]
    provinces = provinces_led(scopes, today)
    page = page_of_communes(text, scopes, today, request.args)
    if not provinces and not text and len(page.rows) == 1 and not page.earlier:
        return redirect(url_for(".create", place=page.rows[0].code), 303)
    return render_template(
        "console/fieldwork/choose.html", page=page, text=text, provinces=provinces, goal=".create",
        title=_("Mở đợt ở đâu?"),
    )  # fmt: skip


@blueprint.route("/dot/moi/<place>", methods=["GET", "POST"])
@commits
def create(place: str) -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    name = place_name(place, actor.scopes(Permission.FIELD_LEAD), local_day(now))
    form = _round_form(None, grace_days="7", step="5", review_days="60")
    if not form.validate_on_submit():
        return _form_page(form, name, None), 400 if request.method == "POST" else 200
    row = actions.create_round(place, form.terms, by=actor.id, now=now)
    return done_at(".villages", "round-created", code=row.code)


@blueprint.route("/dot/<code>/sua", methods=["GET", "POST"])
@commits
def change(code: str) -> ResponseReturnValue:
    line = found_round(code)
    row = line.row
    names = ("title", "first_day", "last_day")
    given: dict[str, Any] = {name: getattr(row, name) for name in names}
    given |= {name: str(getattr(row, name)) for name in ("grace_days", "step", "review_days")}
    form = _round_form(line, questionnaire=f"{row.questionnaire} {row.version}", **given)
    if not form.validate_on_submit():
        return _form_page(form, line.place_name, line), 400 if request.method == "POST" else 200
    actions.change_round(row, form.terms, by=current_actor().id, now=clock.now())
    return done_at(".round_page", "round-changed", code=code)


@blueprint.route("/dot/<code>/thon", methods=["GET", "POST"])
@commits
def villages(code: str) -> ResponseReturnValue:
    """Either every line is taken, or none is and all of them stand in the form again, the bad ones named."""
    line, now = found_round(code), clock.now()
    form, communes = VillagesForm(), list_communes(line.row.agency, local_day(now))
    if request.method != "POST":
        return _villages_page(line, form, communes, [])
    text = _sent_lines(form)
    own = line.row.agency if is_commune(line.row.agency) else ""
    good, bad = read_villages(text, communes, own)
    if bad or not good:
        form.lines.data = text
        if not bad:
            form.refuse("lines", _("Hãy ghi ít nhất một dòng"))
        return _villages_page(line, form, communes, bad), 400
    actions.put_villages(line.row, good, by=current_actor().id, now=now)
    return done_at(".villages", "villages", code=code)


@blueprint.post("/dot/<code>/thon/<village>/bo")
@commits
def remove_village(code: str, village: str) -> ResponseReturnValue:
    line = found_round(code)
    found = next((item for item in _villages_of(line) if item.village == village), None)
    if found is None:
        raise UnknownVillage(village)
    if not is_confirmed():
        return ask(
            Asked(
                title=_("Bỏ %(name)s khỏi đợt?", name=found.name),
                effects=(_("Tổ được phân công ở đây sẽ không thấy nơi này trong việc nữa."),),
                undo=_("Hoàn tác bằng cách ghi lại dòng này; hộ bắt đầu sẽ được rút lại."),
                action=_("Bỏ"),
                back=url_for(".villages", code=code),
            )
        )
    actions.remove_village(line.row, village, by=current_actor().id, now=clock.now())
    return done_at(".villages", "village-removed", code=code)


@blueprint.route("/dot/<code>/phan-cong/<commune>", methods=["GET", "POST"])
@commits
def assign(code: str, commune: str) -> ResponseReturnValue:
    """Of one commune, also by who leads that commune only, in a round of the province."""
    actor, now = current_actor(), clock.now()
    today = local_day(now)
    scopes = actor.scopes(Permission.FIELD_LEAD)
    line = get_round(code, scopes, today)
    rows = list_villages(line.row, scopes, today, commune)
    if not rows:
        raise UnknownVillage(commune)
    teams = list_teams_of(commune)
    if request.method == "POST":
        known = {str(team.id): team.id for team in teams}
        chosen: dict[str, list[UUID]] = {
            row.village: [known[key] for key in request.form.getlist(row.village) if key in known]
            for row in rows
        }
        actions.assign_teams(line.row, chosen, by=actor.id, now=now)
        return done_at(".round_page", "assigned", code=code)
    return render_template(
        "console/fieldwork/assign.html",
        line=line, row=line.row, villages=rows, teams=teams, held=teams_by_village(line.row),
        commune=commune, commune_name=names_of_agencies({commune}, today).get(commune, commune),
        **staff_words.shared(),
    )  # fmt: skip


def _villages_of(line: RoundLine) -> Sequence[RoundVillage]:
    """All of them: who leads a round leads every village in it."""
    return list_villages(line.row, {NATION_SCOPE}, local_day(clock.now()))


def _round_form(line: RoundLine | None, **given: Any) -> RoundForm:
    today = local_day(clock.now())
    if line is None:
        given |= {"first_day": today, "last_day": today}
    form = RoundForm(**given)
    form.first = min(today, line.row.first_day) if line else today
    form.questionnaire.choices = _offered(line)
    return form


def _offered(line: RoundLine | None) -> list[tuple[str, str]]:
    """With the one that a round has, whatever is offered today."""
    found = [(name, name) for name in questionnaires()]
    own = f"{line.row.questionnaire} {line.row.version}" if line else ""
    return found if not own or (own, own) in found else [(own, own), *found]


def _form_page(form: RoundForm, name: str, line: RoundLine | None) -> str:
    begun = line is not None and line.state is not RoundState.UPCOMING
    return render_template(
        "console/fieldwork/round_form.html", form=form, place_name=name, line=line, begun=begun,
        **staff_words.shared(),
    )  # fmt: skip


def _sent_lines(form: VillagesForm) -> str:
    """The file where there is one, read as UTF-8; what is no UTF-8 shows as such in its line."""
    if form.file.data and form.file.data.filename:
        content: bytes = form.file.data.read(MOST_FILE + 1)
        text = content.decode("utf-8-sig", "replace").replace("\0", "\ufffd")
        typed = form.lines.data or ""
        return f"{typed.rstrip()}\n{text}" if typed.strip() else text
    return (form.lines.data or "").replace("\0", "\ufffd")


def _villages_page(
    line: RoundLine, form: VillagesForm, communes: dict[str, str], bad: Sequence[BadLine]
) -> str:
    return render_template(
        "console/fieldwork/villages.html",
        line=line, row=line.row, form=form, bad=bad, villages=_villages_of(line), communes=communes,
        one_commune=is_commune(line.row.agency), **staff_words.shared(),
    )  # fmt: skip
