"""The first page of the console: what needs me now, and what is due."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.console.frame import blueprint
from app.console.tasks import deadlines_for, tasks_for


@blueprint.get("")
def home() -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    return render_template(
        "console/home.html", tasks=tasks_for(actor, now=now), dues=deadlines_for(actor, now=now)
    )
