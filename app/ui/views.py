"""Static files, health, and what every template may use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import i18n
from app.errors import NotFound
from app.extensions import db
from app.installation import is_demonstration
from app.ui import assets, tables
from app.ui.links import with_arguments
from surveys.periods import ZONE, Locale
from surveys.printing import date_text, number

blueprint = Blueprint("ui", __name__)


@blueprint.app_context_processor
def template_helpers() -> dict[str, Any]:
    return {
        "asset_url": assets.asset_url,
        "language": i18n.current_language(),
        "languages": i18n.LANGUAGES,
        "is_demonstration": _is_demonstration,
        "address_in": address_in,
    }


@blueprint.app_template_filter("day")
def day_filter(day: date) -> str:
    return date_text(day, _locale())


@blueprint.app_template_filter("moment")
def moment_filter(instant: datetime) -> str:
    """The day and the minute as the clocks in Viet Nam show them."""
    local = instant.astimezone(ZONE)
    return f"{date_text(local.date(), _locale())} {local:%H:%M}"


@blueprint.app_template_filter("thousands")
def thousands_filter(n: int) -> str:
    return number(n, _locale())


blueprint.add_app_template_filter(tables.labelled)


def _locale() -> Locale:
    return "en" if i18n.current_language() == "en" else "vi"


def _is_demonstration() -> bool:
    """False where the database cannot be asked, so that the error page about it can still be shown."""
    try:
        return is_demonstration()
    except SQLAlchemyError:
        db.session.rollback()
        return False


def address_in(language: str) -> str:
    """The address of this page in another language. Vietnamese, the source, needs no parameter."""
    if request.endpoint is None:
        return "/"
    # Named, so that nothing fills in the language of this page.
    page = url_for(request.endpoint, **{**(request.view_args or {}), i18n.PARAMETER: None})
    arguments = [(name, value) for name, value in request.args.items() if name != i18n.PARAMETER]
    if language != i18n.DEFAULT:
        arguments.append((i18n.PARAMETER, language))
    return with_arguments(page, arguments)


@blueprint.get("/static/<digest>/<path:name>")
def static(digest: str, name: str) -> Response:
    asset = assets.find_asset(name)
    if asset is None:
        raise NotFound(name)
    accepts_gzip = asset.compressed is not None and request.accept_encodings["gzip"] > 0
    response = make_response(asset.compressed if accepts_gzip else asset.content)
    response.headers["Content-Type"] = asset.media_type
    response.headers["Vary"] = "Accept-Encoding"
    if accepts_gzip:
        response.headers["Content-Encoding"] = "gzip"
    # An address with an old digest still works, for pages that were kept, but is not kept itself.
    response.headers["Cache-Control"] = (
        assets.CACHE_FOR_A_YEAR if digest == asset.digest else "public, max-age=60"
    )
    return response


@blueprint.get("/healthz")
def healthz() -> tuple[str, int]:
    """The process answers; nothing else is asked."""
    return "ok\n", 200


@blueprint.get("/readyz")
def readyz() -> tuple[str, int]:
    """The database answers and has been migrated."""
    try:
        db.session.execute(text("SELECT count(*) FROM installation"))
    except SQLAlchemyError:
        db.session.rollback()
        return "database\n", 503
    return "ok\n", 200
