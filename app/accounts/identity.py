"""Who acts: a person with grants, as everything above the accounts sees them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from app.accounts.roles import PERMISSIONS, Permission, Role

NATION_SCOPE = "nation"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a part of the tree: `nation`, the code of a province, or the code of an agency."""

    role: Role
    scope: str


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is what audit events keep; the name is for screens only."""

    id: str
    name: str
    grants: tuple[Grant, ...] = ()

    def scopes(self, permission: Permission) -> frozenset[str]:
        """The parts of the tree for which this person holds the permission; empty where nowhere."""
        return frozenset(grant.scope for grant in self.grants if permission in PERMISSIONS[grant.role])

    def may(self, permission: Permission) -> bool:
        return bool(self.scopes(permission))


def find_actor() -> Actor | None:
    """The person of this request, who has signed in with both factors; None for anybody else."""
    actor: Actor | None = g.get("actor")
    return actor


def current_actor() -> Actor:
    """The person of this request. Only for views behind the guard."""
    actor = find_actor()
    assert actor is not None, "the guard lets nobody in without an actor"
    return actor
