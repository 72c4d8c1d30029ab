"""Whether somebody can be the second person at all: never where one hand may be in both accounts.

What counts is what was done to either account from a month before the proposal on, however long it waits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from app.accounts.hands import REMEMBERED, Handling, is_command, last_handling, list_handlings, may_be_one
from app.approvals.queries import Approval, Brief
from app.approvals.rules import InOneHand


def ensure_second(proposal: Approval, person: str) -> None:
    """Raises InOneHand."""
    if is_tied(proposal, person):
        raise InOneHand


def is_tied(proposal: Approval, person: str) -> bool:
    return bool(tied(person, [proposal]))


def tied(person: str, proposals: Sequence[Approval] | Sequence[Brief]) -> frozenset[UUID]:
    """Those of the proposals on which this person cannot decide because both accounts may be in one hand."""
    others = [one for one in proposals if one.proposed_by != person and not is_command(one.proposed_by)]
    if not others or is_command(person):
        return frozenset()
    since = min(one.proposed_at for one in others) - REMEMBERED
    known = list_handlings({person, *(one.proposed_by for one in others)}, since=since)
    return frozenset(one.id for one in others if may_be_one(one.proposed_by, person, _for(one, known)))


def handlings_of(proposal: Approval, people: Collection[str]) -> list[Handling]:
    """The latest of what was done to the account of each of these people, as far as it counts here."""
    known = list_handlings(people, since=proposal.proposed_at - REMEMBERED)
    if proposal.decided_at is not None:
        known = [one for one in known if one.at <= proposal.decided_at]
    found = (last_handling(person, known) for person in dict.fromkeys(people))
    return [one for one in found if one is not None]


def _for(proposal: Approval | Brief, known: Sequence[Handling]) -> list[Handling]:
    since = proposal.proposed_at - REMEMBERED
    return [one for one in known if one.at >= since]
