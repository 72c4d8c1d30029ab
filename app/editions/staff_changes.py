"""Changes of editions by staff: close, propose publication, revise, object, answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.editions import objections, rules, staff_words
from app.editions.closing import check_closable
from app.editions.desk import ask_to_close
from app.editions.document_acts import ask_for_documents
from app.editions.listing import get_edition
from app.editions.models import Edition
from app.editions.publishing import propose_publication
from app.editions.rules import UnknownEdition
from app.editions.staff_forms import AnswerForm, ObjectionForm, ReasonForm
from app.editions.staff_queries import require_reach
from app.editions.staff_views import blueprint, may_close, may_everywhere, page_of, shared
from app.errors import NotFound
from app.results.source import UnknownPlace
from app.transactions import transaction
from app.ui.links import done_at
from surveys.editions import EditionCode


@blueprint.route("/chot/<period>", methods=["GET", "POST"])
def close(period: str) -> ResponseReturnValue:
    """Says what a close does before it does it."""
    code, now = _code(period), clock.now()
    if code.revision:
        raise UnknownEdition(period)
    with _told():
        check_closable(code, "", now)
        if request.method != "POST":
            return render_template("console/editions/close.html", code=code, **shared())
        ask_to_close(code, reason="", by=current_actor().id, now=now)
    return done_at(".editions", "asked")


@blueprint.route("/<edition>/dinh-chinh", methods=["GET", "POST"])
def revise(edition: str) -> ResponseReturnValue:
    row, form = _mine(edition), ReasonForm()
    following = EditionCode.parse(row.code).next_revision
    with _told():
        # A reason is asked for below; what else stands in the way is said first.
        check_closable(following, "?", clock.now())
        if not form.validate_on_submit():
            return _reason_page("revise", row, form)
        ask_to_close(following, reason=form.reason.data, by=current_actor().id, now=clock.now())
    return done_at(".editions", "asked")


@blueprint.route("/<edition>/cong-bo", methods=["GET", "POST"])
def publish(edition: str) -> ResponseReturnValue:
    row, form = _mine(edition), ReasonForm()
    if not form.validate_on_submit():
        return _reason_page("publish", row, form)
    with _told(), transaction():
        approval = propose_publication(
            row.code, reason=form.reason.data, by=current_actor().id, now=clock.now()
        )
    return done_at("approvals_staff.approval", "proposed", approval=approval)


@blueprint.post("/<edition>/van-ban")
def documents(edition: str) -> ResponseReturnValue:
    """Has the official documents made, or the rest of them."""
    row = _mine(edition, Permission.EDITIONS_PUBLISH)
    ask_for_documents(row, by=current_actor().id, now=clock.now())
    return done_at(".edition", "documents", edition=row.code)


@blueprint.post("/<edition>/y-kien")
def object_to(edition: str) -> ResponseReturnValue:
    row, form, actor = get_edition(edition), ObjectionForm(), current_actor()
    if not form.validate():
        return page_of(row, objecting=form), 400
    try:
        require_reach(actor, Permission.EDITIONS_OBJECT, form.place.data)
        with transaction():
            objections.object_to(row, form.place.data, form.text.data, by=actor.id, now=clock.now())
    except UnknownPlace:
        form.refuse("place", _("Không có cơ quan hoặc tỉnh nào mang mã này trong phạm vi của bạn"))
        return page_of(row, objecting=form), 400
    return done_at(".edition", "objected", edition=row.code)


@blueprint.post("/<edition>/y-kien/<uuid:objection>/tra-loi")
def answer(edition: str, objection: UUID) -> ResponseReturnValue:
    row, form = _mine(edition), AnswerForm()
    if not form.validate():
        return page_of(row, answering=(str(objection), form)), 400
    with transaction():
        objections.answer(row, objection, form.answer.data, by=current_actor().id, now=clock.now())
    return done_at(".edition", "answered", edition=row.code)


def _mine(edition: str, permission: Permission = Permission.EDITIONS_CLOSE) -> Edition:
    """Only for who answers for the whole nation: an edition is one for everybody."""
    if not may_everywhere(permission):
        raise NotFound
    return get_edition(edition)


def _code(period: str) -> EditionCode:
    if not may_close():
        raise NotFound
    try:
        return EditionCode.parse(period)
    except ValueError:
        raise UnknownEdition(period) from None


def _reason_page(name: str, row: Edition, form: ReasonForm) -> ResponseReturnValue:
    page = render_template(f"console/editions/{name}.html", row=row, form=form, **shared())
    return page, 400 if request.method == "POST" else 200


@contextmanager
def _told() -> Iterator[None]:
    """A broken rule becomes a page with its words."""
    try:
        yield
    except rules.Refused as error:
        raise staff_words.Refused(error) from error
