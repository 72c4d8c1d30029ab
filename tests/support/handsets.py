"""A telephone that can be killed: a Chromium of its own, whose storage outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import CHROMIUM
from tests.support.pockets import Pocket
from tests.support.weak_network import Network

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType

SECONDS = 30
# Puts the clock of a page forward; the app has no other way to the time of day.
SHIFT = """(() => { const Real = Date; const by = %d;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + by); }
    static now() { return Real.now() + by; }
  }; })()"""


@dataclass
class Handset:
    """`kind` starts browsers; `folder` is what stays when one is killed."""

    kind: BrowserType
    folder: Path
    network: Network
    ahead: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _browser: Browser | None = field(default=None, repr=False)

    def start(self) -> Pocket:
        """The app, opened as from the home screen."""
        said = self.folder / "DevToolsActivePort"
        said.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--remote-debugging-port=0", f"--user-data-dir={self.folder}", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + SECONDS
        while not (said.exists() and said.read_text().count("\n")):
            assert time.monotonic() < deadline, "the browser did not start"
            time.sleep(0.05)
        port = said.read_text().splitlines()[0]
        self._browser = self.kind.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = self._browser.contexts[0]
        if self.ahead:
            context.add_init_script(SHIFT % (self.ahead * 1000))
        return self.page()

    def page(self) -> Pocket:
        """Another tab."""
        assert self._browser is not None
        page = self._browser.contexts[0].new_page()
        page.set_default_timeout(SECONDS * 1000)
        page.set_viewport_size({"width": 360, "height": 740})
        return Pocket(page, self.network)

    def kill(self) -> None:
        """As when the battery is taken out."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(Exception):
            assert self._browser is not None
            self._browser.close()
        self._process = self._browser = None

    def again(self) -> Pocket:
        self.kill()
        return self.start()
