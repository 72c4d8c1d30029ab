"""Comments in the console: a list as they would be published, and the review of one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.approvals.kinds import Kind
from app.approvals.queries import find_waiting
from app.directory.staff_queries import get_agency_row
from app.moderation import actions
from app.moderation.forms import CoverForm, HideForm
from app.moderation.queries import (
    CommentRow,
    Reach,
    Wanted,
    get_comment,
    list_quarters_of,
    page_of_comments,
)
from app.moderation.rules import State
from app.moderation.staff_words import messages, quarter_words, state_words
from app.transactions import commits
from app.ui.links import done_at
from app.ui.paging import Page
from surveys.periods import local_day

blueprint = Blueprint("moderation_staff", __name__, url_prefix="/quan-tri")
ALL = "all"


@blueprint.get("/gop-y")
@commits
def comments() -> ResponseReturnValue:
    """What is shown is free text, so the trail notes the page."""
    reach = _reach()
    quarters = list_quarters_of(reach)
    wanted = _wanted(quarters, bool(reach.deciding))
    page = page_of_comments(wanted, reach, request.args) if quarters else Page([])
    if page.rows:
        _note(wanted.quarter, wanted.agency or min(reach.reading), len(page.rows))
    return render_template(
        "console/moderation/comments.html",
        page=page,
        wanted=wanted,
        chosen=request.args.get("state", ""),
        quarters=[(code, quarter_words(code)) for code in quarters],
        states=_states(),
        may_decide=bool(reach.deciding),
        state_words=state_words,
        narrowed=bool(wanted.agency or wanted.text),
    )


@blueprint.get("/gop-y/<uuid:comment>")
@commits
def comment(comment: UUID) -> ResponseReturnValue:
    return _page(_found(comment), CoverForm(formdata=None, typed=""), HideForm(formdata=None))


@blueprint.post("/gop-y/<uuid:comment>/che")
@commits
def cover(comment: UUID) -> ResponseReturnValue:
    row, form = _found(comment), CoverForm()
    form.row = row
    if not form.validate():
        return _page(row, form, HideForm(formdata=None)), 400
    actions.cover(row, form.covers, by=current_actor().id, now=clock.now())
    return done_at(".comment", "covered", comment=comment)


@blueprint.post("/gop-y/<uuid:comment>/cong-bo")
@commits
def publish(comment: UUID) -> ResponseReturnValue:
    row = _found(comment)
    actions.publish(row, seen=request.form.get("seen", ""), by=current_actor().id, now=clock.now())
    return done_at(".comment", "published", comment=comment)


@blueprint.post("/gop-y/<uuid:comment>/hoan-tac")
@commits
def take_back(comment: UUID) -> ResponseReturnValue:
    actions.take_back(_found(comment), by=current_actor().id, now=clock.now())
    return done_at(".comment", "undone", comment=comment)


@blueprint.post("/gop-y/<uuid:comment>/an")
@commits
def hide(comment: UUID) -> ResponseReturnValue:
    """Proposes: a second person decides."""
    row, form, now = _found(comment), HideForm(), clock.now()
    if not form.validate():
        return _page(row, CoverForm(formdata=None, typed=""), form), 400
    scopes = current_actor().scopes(Permission.COMMENTS_DECIDE)
    # Staff of the agency that the comment is about have no part in hiding it.
    province = get_agency_row(row.agency, scopes, local_day(now)).province
    proposal = actions.propose_hiding(
        row, scope=province, reason=form.reason.data, by=current_actor().id, now=now
    )
    return done_at("approvals_staff.approval", "proposed", approval=proposal)


def _reach() -> Reach:
    actor = current_actor()
    return Reach(
        reading=actor.scopes(Permission.COMMENTS_READ),
        deciding=actor.scopes(Permission.COMMENTS_DECIDE),
        on=local_day(clock.now()),
    )


def _wanted(quarters: list[str], may_decide: bool) -> Wanted:
    """One quarter at a time; reviewers begin with what waits for them."""
    arguments = request.args
    quarter = arguments.get("quarter", "")
    state = arguments.get("state", State.WAITING if may_decide else ALL)
    return Wanted(
        quarter=quarter if quarter in quarters else next(iter(quarters), ""),
        state=state if state in set(State) else "",
        agency=arguments.get("agency", "")[:40],
        text=arguments.get("q", "")[:100],
    )


def _found(comment: UUID) -> CommentRow:
    return get_comment(comment, current_actor().scopes(Permission.COMMENTS_DECIDE), local_day(clock.now()))


def _page(row: CommentRow, covering: CoverForm, hiding: HideForm) -> str:
    _note(str(row.id), row.agency, 1)
    return render_template(
        "console/moderation/comment.html",
        row=row,
        covering=covering,
        hiding=hiding,
        problems=hiding if hiding.errors else covering,
        waiting=find_waiting(Kind.HIDE_COMMENT, str(row.id)),
        state_words=state_words,
        quarter_words=quarter_words,
        messages=messages(),
    )


def _note(subject: str, scope: str, comments: int) -> None:
    actions.note_read(subject, scope=scope, comments=comments, by=current_actor().id, now=clock.now())


def _states() -> list[tuple[str, str]]:
    return [
        (State.WAITING, _("chờ duyệt")),
        (State.PUBLISHED, _("được công bố")),
        (State.HIDDEN, _("đã ẩn")),
        (ALL, _("mọi tình trạng")),
    ]
