"""Which proposals a person sees and may decide on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.accounts.identity import Actor
from app.accounts.places import find_places
from app.accounts.reach import covers, scopes_within
from app.accounts.roles import Permission
from app.approvals.kinds import Kind, needs_of
from app.approvals.queries import Approval, Brief, list_scopes, list_waiting_of_others
from app.approvals.second_person import tied


def visible_scopes(actor: Actor) -> list[str] | None:
    """The scopes of the proposals that a person may read; None for all."""
    return scopes_within(actor.scopes(Permission.APPROVALS_READ), list_scopes())


def is_visible(actor: Actor, approval: Approval) -> bool:
    return _reaches(actor, Permission.APPROVALS_READ, approval.scope)


def is_entitled(actor: Actor, approval: Approval) -> bool:
    """Whether the person has the right to decide, had somebody else proposed it."""
    wanted = {Permission.APPROVALS_DECIDE, needs_of(approval.kind)}
    return all(_reaches(actor, permission, approval.scope) for permission in wanted)


def list_decidable(actor: Actor, approvals: Sequence[Approval]) -> frozenset[UUID]:
    """Those on which this person may decide now."""
    open_to = [
        one
        for one in approvals
        if one.decision is None and one.proposed_by != actor.id and is_entitled(actor, one)
    ]
    return frozenset(one.id for one in open_to) - tied(actor.id, open_to)


def count_for(actor: Actor) -> int:
    """How many proposals of others wait for this person."""
    held = list_scopes()
    waiting: list[Brief] = []
    for kind in Kind:
        reached = set(held)
        for permission in (Permission.APPROVALS_DECIDE, needs_of(kind)):
            within = scopes_within(actor.scopes(permission), held)
            reached &= set(held if within is None else within)
        waiting += list_waiting_of_others(reached, kind, person=actor.id)
    return len(waiting) - len(tied(actor.id, waiting))


def _reaches(actor: Actor, permission: Permission, scope: str) -> bool:
    return covers(actor.scopes(permission), scope, find_places({scope}))
