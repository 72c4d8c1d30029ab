"""Pages of the console about people: one's own here, everybody else's in the list of people."""

from __future__ import annotations

from flask import Blueprint

from app.accounts import own_views

blueprint = Blueprint("accounts_staff", __name__, url_prefix="/quan-tri")
blueprint.register_blueprint(own_views.blueprint)
