"""Through whose hands an account has gone: who invited or reset its person could have enrolled instead.

An act for two persons asks here whether both could be one. The trail knows, and nobody can change it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.audit.queries import list_about

# A month: nobody misses an own account that opens no more for so long unnoticed, and the acts of two persons
# crowd in the weeks after a quarter, so that whoever prepares for them is seen. Longer would leave an office
# whose people are all new without a second person for the whole of its first quarter.
REMEMBERED: Final = timedelta(days=30)

INVITED: Final = "person.invited"
RESET: Final = "person.reset"
ENABLED: Final = "person.enabled"
GRANTS_CHANGED: Final = "person.grants-changed"
HANDLING: Final = frozenset({INVITED, RESET, ENABLED, GRANTS_CHANGED})

# Whoever works at the server itself is trusted (docs/threat-model.md) and stands for nobody in the console.
_COMMAND: Final = "command:"


@dataclass(frozen=True, slots=True)
class Handling:
    """An act by which an account came into the hands of `by`; `position` is its place in the trail."""

    person: str
    by: str
    action: str
    at: datetime
    position: int


def list_handlings(people: Collection[str], *, since: datetime) -> list[Handling]:
    """What was done to these accounts, and to those of who did it, and so on; the oldest first."""
    found: list[Handling] = []
    known: set[str] = set()
    wanted = set(people)
    while wanted := {person for person in wanted if person not in known and not is_command(person)}:
        known |= wanted
        more = [
            Handling(event.subject, event.by, event.action, event.at, event.position)
            for event in list_about(wanted, HANDLING, since=since)
        ]
        found += more
        wanted = {handling.by for handling in more}
    return sorted(found, key=lambda handling: handling.position)


def is_command(by: str) -> bool:
    return by.startswith(_COMMAND)


def hands_of(person: str, handlings: Iterable[Handling]) -> frozenset[str]:
    """Everybody who could be in this account: its person, who handled it, who had handled those before.

    Who handled an account after its person had handled another has nothing to do with the other.
    """
    done_to: Mapping[str, list[Handling]] = defaultdict(list)
    for handling in handlings:
        if not is_command(handling.by):
            done_to[handling.person].append(handling)
    # Up to which place in the trail the hands of each count; the account itself counts as it is today.
    until: dict[str, float] = {person: float("inf")}
    open_ends = [person]
    while open_ends:
        reached = open_ends.pop()
        for handling in done_to[reached]:
            if handling.position < until[reached] and handling.position > until.get(handling.by, -1):
                until[handling.by] = handling.position
                open_ends.append(handling.by)
    return frozenset(until)


def may_be_one(one: str, other: str, handlings: Iterable[Handling]) -> bool:
    """Whether one person could be behind both accounts."""
    known = list(handlings)
    return not hands_of(one, known).isdisjoint(hands_of(other, known))


def last_handling(person: str, handlings: Iterable[Handling]) -> Handling | None:
    """The latest of what was done to one account."""
    return next((one for one in reversed(list(handlings)) if one.person == person), None)
