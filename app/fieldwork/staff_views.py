"""Field work in the console: rounds, and how far one is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.directory.staff_queries import names_of_agencies
from app.fieldwork import staff_words
from app.fieldwork.aside_queries import count_aside
from app.fieldwork.progress import Doors, Progress, hidden_of, progress_of
from app.fieldwork.queries import (
    RoundLine,
    get_round,
    is_led,
    list_team_names,
    list_troubled,
    list_villages,
    page_of_rounds,
    teams_by_village,
)
from app.fieldwork.reviews.flags import count_open
from app.fieldwork.rules import UnknownRound
from app.fieldwork.tiles import BAR, tiles_of
from app.thresholds.queries import thresholds_between
from surveys.disclosure import SUPPRESSED
from surveys.periods import local_day
from surveys.printing import number, percent

blueprint = Blueprint("fieldwork_staff", __name__, url_prefix="/quan-tri/thuc-dia")


@blueprint.get("")
def rounds() -> ResponseReturnValue:
    actor, today = current_actor(), local_day(clock.now())
    return render_template(
        "console/fieldwork/rounds.html",
        page=page_of_rounds(actor.scopes(Permission.FIELD_READ), today, request.args),
        may_lead=actor.may(Permission.FIELD_LEAD),
        **staff_words.shared(),
    )


@blueprint.get("/dot/<code>")
def round_page(code: str) -> ResponseReturnValue:
    """How far it is, for who leads it; the same in numbers for who may only read."""
    actor, now = current_actor(), clock.now()
    today = local_day(now)
    reading, leading = actor.scopes(Permission.FIELD_READ), actor.scopes(Permission.FIELD_LEAD)
    line = get_round(code, reading, today)
    villages = list_villages(line.row, reading, today)
    progress = progress_of(line.row, reading, today)
    communes = names_of_agencies({item.commune for item in villages}, today)
    shown = request.args.get("xa", "")[:5]
    led = is_led(line.row, leading, today)
    leads_part = led or bool(leading & communes.keys())
    minimum = 0 if leads_part else _minimum(line)
    return render_template(
        "console/fieldwork/round.html",
        line=line,
        row=line.row,
        villages=villages,
        # Of many communes one is opened at a time: a province has more villages than a page can hold.
        listed=[item for item in villages if item.commune == shown or len(communes) == 1],
        villages_target=sum(item.target for item in villages),
        shown=shown,
        team_names=dict(list_team_names(line.row)),
        teams=teams_by_village(line.row),
        progress=progress,
        communes=communes,
        tiles=tiles_of(villages, progress, communes),
        bar=BAR,
        led=led,
        may_remove=is_led(line.row, actor.scopes(Permission.QUARANTINE_REVIEW), today),
        leads_part=leads_part,
        team_rows=team_rows_of(progress),
        hidden_teams=hidden_of(progress.teams, minimum),
        hidden_collectors=hidden_of(progress.collectors, minimum),
        troubled=list_troubled(leading, now, today, line.row) if leads_part else [],
        aside=count_aside(leading, today, line.row.code),
        open_flags=count_open(leading, today, line.row.code),
        rate=rate_words,
        doors=door_cells,
        suppressed=SUPPRESSED,
        **staff_words.shared(),
    )


def found_round(code: str) -> RoundLine:
    """A round that this person leads. Raises UnknownRound, also where only a part of it is the person's."""
    scopes, today = current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now())
    line = get_round(code, scopes, today)
    if not is_led(line.row, scopes, today):
        raise UnknownRound(code)
    return line


def _minimum(line: RoundLine) -> int:
    return thresholds_between(line.row.first_day, line.row.last_day).disclosure


def team_rows_of(progress: Progress) -> list[tuple[UUID | None, str, str]]:
    """Teams with their commune and name, in the order of these; who has no team any more comes first."""
    known = {worker.team_id: (worker.agency, worker.team) for worker in progress.workers.values()}
    rows = [(team, *(known.get(team, ("", "–")) if team else ("", "–"))) for team in progress.teams]
    return sorted(rows, key=lambda row: row[1:])


def rate_words(value: Any) -> str:
    return "–" if value is None else percent(value, locale=staff_words.locale())


def door_cells(doors: Doors, hidden: bool) -> list[str]:
    """Asked, interviewed, response, refusal as a table prints them."""
    if hidden:
        return [SUPPRESSED] * 4
    locale = staff_words.locale()
    return [
        number(doors.asked, locale),
        number(doors.answered, locale),
        rate_words(doors.response),
        rate_words(doors.refusal),
    ]
