"""How far a person reaches over other people: never further than the own grants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from app.accounts.identity import NATION_SCOPE, Actor, Grant
from app.accounts.places import Place, find_places
from app.accounts.roles import PERMISSIONS, Permission


def covers(outer: Collection[str], inner: str, places: Mapping[str, Place]) -> bool:
    """Whether an outer scope holds the inner one. A scope that is no place lies in the nation only."""
    if NATION_SCOPE in outer or inner in outer:
        return True
    place = places.get(inner)
    return place is not None and place.province is not None and place.province in outer


def may_grant(actor: Actor, grants: Iterable[Grant]) -> bool:
    """Whether all that these grants permit, and giving them, is the actor's own in their scopes."""
    wanted = list(grants)
    places = find_places({grant.scope for grant in wanted})
    return all(
        covers(actor.scopes(permission), grant.scope, places)
        for grant in wanted
        for permission in PERMISSIONS[grant.role] | {Permission.PEOPLE_MANAGE}
    )


def may_manage(actor: Actor, person: str, grants: Collection[Grant]) -> bool:
    """Whether the actor may change, reset or disable somebody: nobody who holds more, and never oneself.

    Who holds nothing belongs to nobody but the nation.
    """
    if person == actor.id:
        return False
    if not grants:
        return NATION_SCOPE in actor.scopes(Permission.PEOPLE_MANAGE)
    return may_grant(actor, grants)


def visible_scopes(actor: Actor, held: Collection[str]) -> list[str] | None:
    """Those of the scopes that people hold whose people the actor may see; None for everybody."""
    return scopes_within(actor.scopes(Permission.PEOPLE_READ), held)


def scopes_within(own: Collection[str], held: Collection[str]) -> list[str] | None:
    """Those of the held scopes that lie in the own ones; None where the own ones are everything."""
    if NATION_SCOPE in own:
        return None
    places = find_places(held)
    return sorted(scope for scope in held if covers(own, scope, places))
