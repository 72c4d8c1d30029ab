"""Signing in by a provider on another site, in a real browser: cookies go only where they may."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.browser.conftest import ROOT, wait_until_ready
from tests.conftest import TEST_KEY
from tests.support.accounts import SIGN_IN, code, enrolled
from tests.support.postgres import free_port
from tests.support.provider import CLIENT, SECRET, Provider, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture
def provider() -> Iterator[Provider]:
    """To a browser `localhost` is another site than `127.0.0.1`."""
    with running() as found:
        found.issuer = found.issuer.replace("127.0.0.1", "localhost")
        at = int(datetime.now(UTC).timestamp())
        found.claims = {"iat": at, "exp": at + 600}
        yield found


@pytest.fixture
def server(app: Flask, provider: Provider, tmp_path: Path) -> Iterator[str]:
    address = f"http://127.0.0.1:{free_port()}"
    environment = {
        **os.environ, "HAILONG_ENV": "test", "SECRET_KEY": TEST_KEY, "DATA_DIR": str(tmp_path),
        "DATABASE_URL": app.extensions["hailong"].database_url, "BASE_URL": address,
        "OIDC_ISSUER": provider.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "VNeID",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", address.rpartition(":")[2],
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "wsgi:app",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_until_ready(address, process, seconds=90)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def test_whoever_comes_back_from_another_site_is_half_way_in(
    app: Flask, browser: Browser, server: str
) -> None:
    """The session cookie is `Strict`: a redirect in the place of our page would arrive without it."""
    now = datetime.now(UTC)
    enrolled(app, now=now)
    page = browser.new_page()
    page.goto(f"{server}{SIGN_IN}?tiep=/quan-tri/phien")
    page.get_by_role("link", name="Đăng nhập bằng VNeID").click()
    page.get_by_role("link", name="Đồng ý").click()
    page.wait_for_url("**/quan-tri/dang-nhap/ma**")
    page.get_by_label("Mã xác thực").fill(code(datetime.now(UTC)))
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/quan-tri/phien")
    cookies = {cookie["name"]: cookie["sameSite"] for cookie in page.context.cookies()}
    assert cookies["hailong"] == "Strict"
    assert "hailong-oidc" not in cookies
    page.close()
