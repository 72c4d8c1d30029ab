"""How long a collector waits for the app, the first time without a network and on a slow telephone.

Seconds are measured and printed, and nothing is asserted of them.
"""

from __future__ import annotations

import json
import statistics
import time
from typing import TYPE_CHECKING

import pytest

from tests.attacks.conftest import WHOLE
from tests.support.pockets import House, Pocket, collector
from tests.support.weak_network import Network

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TIMES = 10 if WHOLE else 2
SLOWED = 4


def test_the_work_of_today_is_there_without_a_network(
    browser: Browser, house: House, network: Network
) -> None:
    seconds = []
    for _time in range(TIMES):
        with collector(browser, house, network) as pocket:
            pocket.ready_for_no_network()
            network.down = True
            context = pocket.page.context
            pocket.page.close()
            page = context.new_page()
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            start = time.perf_counter()
            again = Pocket(page, network)
            again.open()
            page.get_by_role("button", name="Máy này").wait_for()
            seconds.append(time.perf_counter() - start)
            again.knock()
        network.down = False
    found = {"median": round(statistics.median(seconds), 2), "most": round(max(seconds), 2)}
    print(json.dumps({"drill": "first offline start", "n": TIMES, "slowed": SLOWED, "seconds": found}))
