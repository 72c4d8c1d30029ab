"""Pages of acts for two persons: what waits, what was decided, and one proposal with what would happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import Actor, current_actor
from app.accounts.places import find_places
from app.accounts.queries import names_of
from app.accounts.staff_words import scope_words
from app.approvals import actions, kinds
from app.approvals.forms import DecideForm
from app.approvals.queries import PAGE, Approval, Place, get_approval, list_decided, list_waiting
from app.approvals.reach import is_entitled, is_visible, list_decidable, visible_scopes
from app.approvals.rules import InOneHand, UnknownApproval
from app.approvals.second_person import handlings_of
from app.approvals.staff_words import decision_words, handling_words, kind_words, messages, why_not
from app.transactions import transaction
from app.ui.links import done_at
from surveys.periods import ZONE

blueprint = Blueprint("approvals_staff", __name__, url_prefix="/quan-tri/phe-duyet")
FROM = "from"


@blueprint.get("")
def approvals() -> ResponseReturnValue:
    """The longest waiting first."""
    found = list_waiting(visible_scopes(current_actor()), after=_place(), limit=PAGE + 1)
    keys = [Place(item.proposed_at, item.id) for item in found]
    return _list_page("approvals", found, keys)


@blueprint.get("/da-quyet-dinh")
def decided() -> ResponseReturnValue:
    """The newest decision first."""
    found = list_decided(visible_scopes(current_actor()), before=_place(), limit=PAGE + 1)
    keys = [Place(item.decided_at, item.id) for item in found if item.decided_at]
    return _list_page("decided", found, keys)


@blueprint.get("/<uuid:approval>")
def approval(approval: UUID) -> ResponseReturnValue:
    return _page(_visible(approval), DecideForm(formdata=None))


@blueprint.post("/<uuid:approval>/chap-thuan")
def approve(approval: UUID) -> ResponseReturnValue:
    return _decided(approval, DecideForm(), approve=True)


@blueprint.post("/<uuid:approval>/tu-choi")
def refuse(approval: UUID) -> ResponseReturnValue:
    form = DecideForm()
    form.is_refusal = True
    return _decided(approval, form, approve=False)


@blueprint.post("/<uuid:approval>/rut")
def withdraw(approval: UUID) -> ResponseReturnValue:
    found = _visible(approval)
    with transaction():
        actions.withdraw(found.id, by=current_actor().id, now=clock.now())
    return done_at(".approval", "withdrawn", approval=found.id)


def _decided(approval: UUID, form: DecideForm, *, approve: bool) -> ResponseReturnValue:
    """Whoever proposed it is told so; whoever may read it but not decide finds nothing here."""
    actor, found = current_actor(), _visible(approval)
    if not is_entitled(actor, found):
        raise UnknownApproval(str(approval))
    if found.decision is None and found.proposed_by != actor.id and not form.validate():
        return _page(found, form), 400
    reason, now = form.reason.data or "", clock.now()
    try:
        with transaction():
            actions.decide(found.id, approve=approve, reason=reason, by=actor.id, now=now)
    except InOneHand:
        with transaction():
            actions.note_in_one_hand(found.id, by=actor.id, now=now)
        raise
    return done_at(".approval", "approved" if approve else "refused", approval=found.id)


def _visible(approval: UUID) -> Approval:
    """Raises UnknownApproval for one outside the scopes, just as for one that never was."""
    found = get_approval(approval)
    if not is_visible(current_actor(), found):
        raise UnknownApproval(str(approval))
    return found


def _page(found: Approval, form: DecideForm) -> str:
    actor = current_actor()
    waits = found.decision is None
    # Beside who proposed, the second person: who has decided or, while it waits, who might.
    second = actor.id if is_entitled(actor, found) else None
    people = [person for person in (found.proposed_by, found.decided_by or second) if person]
    handlings = handlings_of(found, people)
    return render_template(
        "console/approvals/approval.html",
        row=found,
        about=kinds.describe(found.kind, found.subject, found.payload),
        form=form,
        may_decide=found.id in list_decidable(actor, [found]),
        may_withdraw=waits and found.proposed_by == actor.id,
        why_not=why_not(actor, found) if waits else "",
        messages=messages(),
        handled={one.person: handling_words(one, names_of([one.by])) for one in handlings},
        **_words(actor, [found]),
    )


def _list_page(name: str, found: Sequence[Approval], keys: Sequence[Place]) -> str:
    shown, actor = found[:PAGE], current_actor()
    later = _address(name, keys[PAGE - 1]) if len(found) > PAGE else ""
    return render_template(
        f"console/approvals/{name}.html",
        rows=[(item, kinds.describe(item.kind, item.subject, item.payload)) for item in shown],
        deciding=list_decidable(actor, shown),
        first=url_for(f".{name}") if request.args.get(FROM) else "",
        later=later,
        **_words(actor, shown),
    )


def _words(actor: Actor, shown: Sequence[Approval]) -> dict[str, Any]:
    people = {person for item in shown for person in (item.proposed_by, item.decided_by) if person}
    places = find_places({item.scope for item in shown})
    return {
        "actor_id": actor.id,
        "names": names_of(people),
        "where": lambda item: scope_words(item.scope, places),
        "kind_words": kind_words,
        "decision_words": decision_words,
        "zone": ZONE,
    }


def _place() -> Place | None:
    """Where the page before ended; an address that cannot be read leads to the first page."""
    at, _space, approval = request.args.get(FROM, "").partition(" ")
    try:
        found = Place(datetime.fromisoformat(at), UUID(approval))
    except ValueError:
        return None
    return found if found.at.tzinfo else None


def _address(name: str, place: Place) -> str:
    kept: dict[str, Any] = {FROM: f"{place.at.isoformat()} {place.id}"}
    return url_for(f".{name}", **kept)
