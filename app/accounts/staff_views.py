"""Pages of the console about people: the list, and one person with what they may do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import own_views, sessions
from app.accounts.actions import told
from app.accounts.forms import GrantForm
from app.accounts.identity import current_actor
from app.accounts.places import find_places
from app.accounts.queries import (
    PersonView,
    UnknownPerson,
    get_person,
    list_scopes,
    page_of_people,
    view_of,
)
from app.accounts.reach import may_manage, visible_scopes
from app.accounts.roles import Permission, Role
from app.accounts.staff_words import change_messages, role_words, scope_words, state_words

blueprint = Blueprint("accounts_staff", __name__, url_prefix="/quan-tri")
blueprint.register_blueprint(own_views.blueprint)

LONGEST_TEXT = 100


@blueprint.get("/nguoi-dung")
def people() -> ResponseReturnValue:
    text = request.args.get("q", "")[:LONGEST_TEXT]
    page = page_of_people(text, visible_scopes(current_actor(), list_scopes()), request.args)
    return render_template(
        "accounts/people.html",
        text=text,
        page=page,
        may_invite=current_actor().may(Permission.PEOPLE_MANAGE),
        places=find_places({grant.scope for row in page.rows for grant in row.grants}),
        messages=change_messages(),
        **words_of_people(),
    )


@blueprint.get("/nguoi-dung/<uuid:person>")
def person(person: UUID) -> ResponseReturnValue:
    return person_page(visible_person(person), new_grant_form())


def visible_person(person: UUID) -> PersonView:
    """Raises UnknownPerson for somebody outside the scopes of the actor, just as for nobody."""
    found = get_person(person)
    view = view_of(found, sessions.grants_of(found.id))
    visible = visible_scopes(current_actor(), {grant.scope for grant in view.grants})
    if visible == []:
        raise UnknownPerson
    return view


def person_page(view: PersonView, form: GrantForm) -> str:
    return render_template(
        "accounts/person.html",
        person=view,
        form=form,
        may_manage=may_manage(current_actor(), str(view.id), view.grants),
        seen=told(view.grants),
        is_own=current_actor().id == str(view.id),
        places=find_places({grant.scope for grant in view.grants}),
        messages=change_messages(),
        **words_of_people(),
    )


def new_grant_form() -> GrantForm:
    form = GrantForm(formdata=None)
    form.role.choices = role_choices()
    return form


def role_choices() -> list[tuple[str, str]]:
    """Nothing is chosen beforehand: whoever gives a role says which."""
    return [("", _("Chọn vai trò")), *((role.value, role_words(role)) for role in Role)]


def words_of_people() -> dict[str, Any]:
    return {"role_words": role_words, "scope_words": scope_words, "state_words": state_words}
