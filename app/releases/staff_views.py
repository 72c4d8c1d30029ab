"""The release calendar for staff: the ministry announces another day, with its reason."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import NATION_SCOPE, current_actor
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.editions.sending import page_locale
from app.errors import Conflict, NotFound
from app.releases import actions
from app.releases.forms import AnnounceForm
from app.releases.queries import get_coming, list_announcements, list_coming
from app.transactions import transaction
from app.ui.links import done_at
from surveys.periods import parse_period

blueprint = Blueprint("releases_staff", __name__, url_prefix="/quan-tri/lich-cong-bo")


@blueprint.get("")
def calendar() -> ResponseReturnValue:
    moved = list_announcements()
    return render_template(
        "console/releases/calendar.html",
        coming=list_coming(clock.now()),
        moved=[(row, parse_period(row.period)) for row in moved],
        names=names_of({row.announced_by for row in moved}),
        may_announce=NATION_SCOPE in current_actor().scopes(Permission.EDITIONS_PUBLISH),
        locale=page_locale(),
    )


@blueprint.route("/<period>", methods=["GET", "POST"])
def announce(period: str) -> ResponseReturnValue:
    """Only for who answers for the whole nation: one day of release holds for every place."""
    actor, now = current_actor(), clock.now()
    if NATION_SCOPE not in actor.scopes(Permission.EDITIONS_PUBLISH):
        raise NotFound
    coming, form = get_coming(period, now), AnnounceForm()
    if form.validate_on_submit():
        try:
            with transaction():
                actions.announce_day(
                    coming.period, form.day.data, reason=form.reason.data, by=actor.id, now=now
                )
        except Conflict as error:
            form.refuse("day", error.words()[1])
        else:
            return done_at(".calendar", "announced")
    page = render_template("console/releases/announce.html", form=form, coming=coming, locale=page_locale())
    return page, 400 if form.errors else 200
