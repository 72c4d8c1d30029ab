"""Five hundred interviews in a week of cut lines, kills, two tabs, an update, a wrong clock, a new code."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.attacks.conftest import SEED, WHOLE
from tests.support.field_week import EVENTS, Week, judge
from tests.support.handsets import Handset
from tests.support.pockets import House
from tests.support.releases import newer
from tests.support.weak_network import Network

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_five_hundred_interviews_arrive_once_and_unchanged(
    browser: Browser, house: House, network: Network, tmp_path: Path
) -> None:
    code, device = house.code()
    handset = Handset(browser.browser_type, tmp_path / "phone", network)
    update = newer("Việc được giao", house.app)
    n, patience = (500, 1000) if WHOLE else (21, 150)
    week = Week(house, network, handset, device, n, random.Random(SEED), update, patience=patience)
    try:
        week.live(code)
    finally:
        handset.kill()
    found = judge(week)
    print(json.dumps({"drill": "field week", "n": week.n, "seed": SEED, **found}))
    assert (found["rows"], found["duplicates"], found["changed"]) == (week.n, 0, 0)
    assert found["doors"]
    assert found["aside"] == 0
    assert set(EVENTS) <= {name for name in found if found[name]}
