"""The published JSON Schema of questionnaire files, for editors that check while people write."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, Response

from app.catalogue.actions import SHIPPED

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/questionnaire.schema.json")
def questionnaire_schema() -> Response:
    response = Response(_schema(), content_type="application/schema+json; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@cache
def _schema() -> bytes:
    return (SHIPPED / "questionnaire.schema.json").read_bytes()
