"""What a member of staff tells the second wall: who it is, and which permission reaches where."""

from __future__ import annotations

import json
from datetime import date

from app.accounts.identity import Actor
from app.accounts.roles import Permission


def reach_of(actor: Actor, on: date) -> str:
    """`by`, `on` and the scopes of each permission, as `reach_places()` in PostgreSQL reads them."""
    within = {permission.value: sorted(actor.scopes(permission)) for permission in Permission}
    held = {permission: scopes for permission, scopes in within.items() if scopes}
    return json.dumps({"by": actor.id, "on": on.isoformat(), "in": held}, separators=(",", ":"))
