"""A clock that stands still, and a provider of identities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from tests.support.accounts import NOW
from tests.support.provider import CLIENT, SECRET, Provider, running


@pytest.fixture(autouse=True)
def still(set_now: Callable[[datetime], None]) -> None:
    set_now(NOW)


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(app: Flask, server: Provider) -> Provider:
    """As good as new, and configured."""
    fresh = Provider(issuer=server.issuer)
    server.__dict__.update(fresh.__dict__)
    app.extensions["hailong"] = replace(
        app.extensions["hailong"],
        oidc_issuer=server.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="VNeID",
    )
    return server
