"""A real server and a real Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import TEST_KEY, lacking
from tests.support.postgres import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.pockets import House
    from tests.support.weak_network import Network

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).resolve().parents[2]
# The whole country would take the closing of a quarter a minute, and no page here shows it.
DIRECTORY = """
from pathlib import Path
from app import keys
from app.transactions import transaction
from tests.support.directory import load_small_directory
from wsgi import app

with app.app_context(), transaction():
    load_small_directory(keys.configuration().data_dir, communes=("03646", "11365"))
"""


def wait_until_ready(url: str, process: subprocess.Popen[bytes], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with {process.returncode}")
        try:
            with urllib.request.urlopen(url + "/readyz", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError("the server did not become ready")


def wait_until(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Does what `page.wait_for_function` would, which our policy refuses from its second look on."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.05)


def expect(seen: Any) -> Any:
    """What a page is to show soon: on a busy machine a page that has arrived is not yet drawn."""
    from playwright.sync_api import expect as look

    look.set_options(timeout=30_000)
    return look(seen)


@pytest.fixture(scope="session")
def server_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of the live server: commands that prepare its data run in the same one."""
    folder = tmp_path_factory.mktemp("live")
    environment = {
        **os.environ,
        "HAILONG_ENV": "test",
        "SECRET_KEY": TEST_KEY,
        "DATA_DIR": str(folder),
        "MINIMUM_FILL_SECONDS": "0",
    }
    environment.pop("DATABASE_URL", None)
    flask = ["-m", "flask", "--app", "wsgi", "db", "upgrade"]
    for arguments, more in ((flask, {}), (["-c", DIRECTORY], {"PYTHONPATH": os.fspath(ROOT)})):
        subprocess.run([sys.executable, *arguments], check=True, cwd=ROOT, env=environment | more,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return environment


@pytest.fixture(scope="session")
def live_server(server_environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
         "--no-ws", "--workers", "1", "--blocking-threads", "8", "wsgi:app"],
        cwd=ROOT, env=server_environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        lacking("Chromium (apt-get install chromium)")
    if shutil.which("chromium") is None:
        lacking("Chromium trong PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server of its own with a round of field work, for everything about telephones."""
    from tests.support.pockets import House, house_in
    from tests.support.serving import environment_of, granian_command

    folder, port = tmp_path_factory.mktemp("house"), free_port()
    app = house_in(folder, sqlite_template)
    process = subprocess.Popen(
        granian_command(port, 1, 8), cwd=ROOT, env=environment_of(app, folder), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process)
        yield House(app, port)
    finally:
        process.terminate()
        process.wait(20)
        with app.app_context():
            from app.extensions import db

            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def network(house: House) -> Iterator[Network]:
    """What stands between a telephone and that server."""
    from tests.support.weak_network import Network

    made = Network(house.port)
    yield made
    made.close()
