"""The application under measurement, with an empty view and the plain way of taking an answer beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app import create_app, walls
from app.accounts import guard
from app.accounts.access import ACCESS, Door
from app.catalogue.queries import current_questionnaire
from app.extensions import db
from app.responding.models import Response
from app.responding.records import received_on
from surveys.canonical import canonical_json
from surveys.questionnaire import Questionnaire
from surveys.questions import Question

blueprint = Blueprint("bench", __name__)


def plain_form(questionnaire: Questionnaire) -> type[FlaskForm]:
    """One WTForms class for the questionnaire; the plain way makes an object of it for each request."""

    class Meta:
        csrf = False

    fields = {question.id: _field(question) for question in questionnaire.questions}
    own = {"Meta": Meta, "id": StringField(validators=[InputRequired()])}
    return type("PlainForm", (FlaskForm,), {**own, **fields})


def _field(question: Question) -> object:
    choices = [(option.value, option.label.get("vi")) for option in question.offered]
    rules = [InputRequired() if question.required else Optional()]
    if question.type == "text":
        return TextAreaField(validators=[*rules, Length(max=question.max_length)])
    if question.type == "choices":
        return SelectMultipleField(choices=choices, validators=rules)
    return RadioField(choices=choices, validators=rules)


@cache
def form_class() -> type[FlaskForm]:
    return plain_form(current_questionnaire("COT_LOI"))


@blueprint.get("/bench/empty")
def empty() -> str:
    return ""


@blueprint.post("/bench/plain/<agency>")
def plain(agency: str) -> ResponseReturnValue:
    """A form object, an ORM object and a commit for every answer, as a tutorial would write it."""
    # No request of the service itself writes answers, so policies would refuse it.
    walls.set_reach(walls.SERVICE)
    form = form_class()()
    if not form.validate():
        return "", 400
    day, quarter = received_on(datetime.now(UTC))
    answers = {name: value for name, value in form.data.items() if value and name not in ("id", "comment")}
    db.session.add(
        Response(
            agency=agency,
            id=form.id.data,
            questionnaire="COT_LOI",
            version="1.0",
            phase="after-result",
            channel="web",
            quarter=quarter,
            day=day,
            language="vi",
            answers=canonical_json(answers),
            comment=form.comment.data or None,
        )
    )
    db.session.commit()
    return redirect(f"/cam-on/{'A' * 16}", 303)


# What is not in the table of access does not exist; these two are as open as the citizens' pages.
guard.ACCESS = {**ACCESS, "bench.empty": Door.PUBLIC, "bench.plain": Door.PUBLIC}

app = create_app()
app.register_blueprint(blueprint)
