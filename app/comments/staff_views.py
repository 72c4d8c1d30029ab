"""Contacts in the console: what is due first, one contact with its owner's words, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.comments import staff_actions
from app.comments.clock_words import done_words, kind_of, reply_words, state_words
from app.comments.clocks import State
from app.comments.queries import UnknownContact
from app.comments.staff_forms import AnswerForm, OutcomeForm, SortForm
from app.comments.staff_queries import (
    OPEN,
    WITHDRAWN,
    Whole,
    find_withdrawn,
    get_whole,
    page_of_contacts,
    page_of_withdrawn,
)
from app.comments.themes import Theme, ending_words, theme_choices, theme_words
from app.transactions import commits
from app.ui.forms import StaffForm
from app.ui.links import done_at
from surveys.periods import local_day

NO_THEME = "none"
blueprint = Blueprint("comments_staff", __name__, url_prefix="/quan-tri")


@blueprint.app_context_processor
def clock_helpers() -> dict[str, Any]:
    return {"clock_kind": kind_of, "reply_words": reply_words, "done_words": done_words}


@blueprint.get("/lien-he")
def contacts() -> ResponseReturnValue:
    scopes, today = current_actor().scopes(Permission.CONTACTS_READ), local_day(clock.now())
    state, agency = request.args.get("state", OPEN), request.args.get("agency", "")[:40]
    if state == WITHDRAWN:
        page = page_of_withdrawn(scopes, today, request.args, agency=agency)
    else:
        theme = _theme()
        page = page_of_contacts(scopes, today, request.args, state=state, agency=agency, theme=theme)
    return render_template(
        "console/comments/contacts.html",
        page=page,
        state=state,
        states=_states(),
        agency=agency,
        theme=request.args.get("theme", ""),
        themes=[("", _("mọi nhóm vấn đề")), (NO_THEME, theme_words(Theme.UNSORTED)), *theme_choices()],
        withdrawn=state == WITHDRAWN,
        state_words=state_words,
        theme_words=theme_words,
        ending_words=ending_words,
    )


@blueprint.get("/lien-he/<uuid:contact>")
@commits
def contact(contact: UUID) -> ResponseReturnValue:
    scopes, now = current_actor().scopes(Permission.CONTACTS_READ), clock.now()
    try:
        whole = get_whole(contact, scopes, local_day(now))
    except UnknownContact:
        day = find_withdrawn(contact, scopes, local_day(now))
        if day is None:
            raise
        return render_template("console/comments/withdrawn.html", number=str(contact)[:8], day=day), 410
    return _page(whole)


@blueprint.post("/lien-he/<uuid:contact>/da-tra-loi")
@commits
def reply(contact: UUID) -> ResponseReturnValue:
    whole, form = _whole(contact), AnswerForm()
    if not form.validate():
        return _page(whole, answering=form), 400
    staff_actions.reply(whole.row, answer=form.answer.data, by=current_actor().id, now=clock.now())
    return done_at(".contact", "replied", contact=contact)


@blueprint.post("/lien-he/<uuid:contact>/da-xong")
@commits
def finish(contact: UUID) -> ResponseReturnValue:
    whole, form = _whole(contact), OutcomeForm()
    form.own, form.today = whole.row.agency, local_day(clock.now())
    if not form.validate():
        return _page(whole, finishing=form), 400
    staff_actions.finish(whole.row, form.finish, by=current_actor().id, now=clock.now())
    return done_at(".contact", "finished", contact=contact)


@blueprint.post("/lien-he/<uuid:contact>/nhom")
@commits
def sort(contact: UUID) -> ResponseReturnValue:
    """Says what it is about."""
    whole, form = _whole(contact), SortForm()
    if not form.validate():
        return _page(whole, sorting=form), 400
    staff_actions.sort(whole.row, theme=Theme(form.theme.data), by=current_actor().id, now=clock.now())
    return done_at(".contact", "sorted", contact=contact)


@blueprint.post("/lien-he/<uuid:contact>/hoan-tac")
@commits
def step_back(contact: UUID) -> ResponseReturnValue:
    """Takes the last step back."""
    whole = _whole(contact)
    staff_actions.step_back(whole.row, by=current_actor().id, now=clock.now())
    return done_at(".contact", "undone", contact=contact)


def _whole(contact: UUID) -> Whole:
    """Raises UnknownContact for one that is not this person's to answer."""
    return get_whole(contact, current_actor().scopes(Permission.CONTACTS_ANSWER), local_day(clock.now()))


def _page(
    whole: Whole,
    answering: StaffForm | None = None,
    finishing: StaffForm | None = None,
    sorting: StaffForm | None = None,
) -> str:
    """Shows how to reach a person, which the trail notes; and the form that has to be corrected."""
    theme = whole.row.theme
    answering = answering or AnswerForm(formdata=None)
    finishing = finishing or OutcomeForm(formdata=None, answer=whole.answer, theme=theme)
    sorting = sorting or SortForm(formdata=None, theme=theme)
    staff_actions.note_read(whole.row, by=current_actor().id, now=clock.now())
    return render_template(
        "console/comments/contact.html",
        whole=whole,
        row=whole.row,
        answering=answering,
        finishing=finishing,
        sorting=sorting,
        problems=next((form for form in (answering, sorting) if form.errors), finishing),
        state_words=state_words,
        theme_words=theme_words,
        ending_words=ending_words,
        messages={
            "replied": _("Đã ghi là đã trả lời. Đồng hồ xử lý vẫn chạy cho đến khi xong."),
            "finished": _("Đã ghi là đã xong."),
            "sorted": _("Đã ghi nhóm vấn đề."),
            "undone": _("Đã hoàn tác bước vừa rồi."),
        },
    )


def _theme() -> str | None:
    """The theme that is asked for; None for all, and for what is none."""
    wanted = request.args.get("theme", "")
    if wanted == NO_THEME:
        return Theme.UNSORTED.value
    return wanted if wanted in {value for value, _words in theme_choices()} else None


def _states() -> list[tuple[str, str]]:
    return [
        (OPEN, _("chưa xong")),
        (State.NEW, _("chờ trả lời")),
        (State.REPLIED, _("đã trả lời, chưa xong")),
        (State.DONE, _("đã xong")),
        (WITHDRAWN, _("người gửi đã rút")),
    ]
