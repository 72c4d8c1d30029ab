"""A database with two roles, made by the statements that docs/operations.md tells an operator to run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.support import postgres

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
APPLICATION = "hailong_app"


@dataclass(frozen=True)
class Roles:
    """Addresses for psycopg (`owner`) and for the application."""

    owner: str
    application: str


def documented(heading: str) -> str:
    """The SQL below a comment line, so that a test proves the words."""
    matched = re.search(rf"```sql\n(-- {heading}.*?)```", OPERATIONS.read_text(encoding="utf-8"), re.DOTALL)
    assert matched is not None, heading
    return matched[1]


@contextmanager
def database(server: str) -> Iterator[Roles]:
    """A copy of the template with both roles; the role of the application goes at the end."""
    from tests.conftest import copy_of_template

    name = f"two_roles_{uuid4().hex}"
    owner = copy_of_template(server, name)
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (APPLICATION,)).fetchone()
        if found is None:
            connection.execute(documented("the role of the application"))
            connection.execute(f"ALTER ROLE {APPLICATION} PASSWORD '{APPLICATION}'")
    plain = owner.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(documented("what it may do"))
    try:
        yield Roles(plain, postgres.address(server, name, APPLICATION))
    finally:
        with psycopg.connect(server + "postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
