"""The state of the system for who keeps it running: no data of anybody, only whether work is done."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.console.frame import blueprint
from app.console.system_state import read_state


@blueprint.get("/he-thong")
def system() -> ResponseReturnValue:
    return render_template("console/system.html", state=read_state(clock.now()))
