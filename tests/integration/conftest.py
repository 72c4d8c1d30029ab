"""A house with two walls."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from app import create_app
from app.accounts.roles import Role
from app.extensions import db
from tests.conftest import test_config
from tests.support import two_roles
from tests.support.accounts import NOW, enrolled
from tests.support.walled import House, furnish


@pytest.fixture
def house(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with two_roles.database(postgres_server) as roles:
        app = create_app(test_config(tmp_path_factory.mktemp("house"), roles.application))
        app.testing = True
        app.extensions["clock"] = lambda: NOW
        furnish(app)
        yield House(app, roles.owner)
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def leader(house: House) -> UUID:
    return enrolled(house.app, "son-la@bo.vn", (Role.PROVINCE, "14"), name="14").id
