"""Every route of the application stands in the table of access, and the table names nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.accounts.access import ACCESS, SHARED, Door
from app.accounts.roles import PERMISSIONS, Permission, Role
from tests.conftest import test_config

STAFF = "/quan-tri"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("routes")
    return create_app(test_config(folder))


def test_every_route_is_in_the_table_and_the_table_has_no_dead_row(whole: Flask) -> None:
    endpoints = {rule.endpoint for rule in whole.url_map.iter_rules()}
    missing, dead = endpoints - set(ACCESS), set(ACCESS) - endpoints
    assert not missing, f"app/accounts/access.py: say who may open {sorted(missing)}"
    assert not dead, f"app/accounts/access.py: no route has the name {sorted(dead)}"
    assert set(ACCESS) >= SHARED


def test_citizens_pages_are_public_and_no_page_of_the_console_is(whole: Flask) -> None:
    for rule in whole.url_map.iter_rules():
        staff = rule.rule == STAFF or rule.rule.startswith(STAFF + "/")
        public = ACCESS[rule.endpoint] is Door.PUBLIC
        assert staff is not public, f"{rule.rule}: pages of staff, and only they, live under {STAFF}"


def test_no_permission_to_read_opens_a_change(whole: Flask) -> None:
    for rule in whole.url_map.iter_rules():
        asked = ACCESS[rule.endpoint]
        if isinstance(asked, Permission) and "POST" in (rule.methods or set()):
            assert not asked.value.endswith("-read"), f"{rule.endpoint}: ask for a permission to change"


def test_every_role_has_a_row_and_every_permission_an_owner() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert set().union(*PERMISSIONS.values()) == set(Permission)
