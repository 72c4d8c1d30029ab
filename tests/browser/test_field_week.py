"""A small week of interviews on a telephone that is really killed; the whole one is a drill."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.field_week import EVENTS, Week, judge
from tests.support.handsets import Handset
from tests.support.pockets import House
from tests.support.releases import newer
from tests.support.weak_network import Network

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

INTERVIEWS = 7


def test_a_week_of_everything_that_goes_wrong_loses_doubles_and_changes_nothing(
    browser: Browser, house: House, network: Network, tmp_path: Path
) -> None:
    code, device = house.code()
    update = newer("Việc được giao", house.app)
    handset = Handset(browser.browser_type, tmp_path / "phone", network)
    week = Week(house, network, handset, device, INTERVIEWS, random.Random(2026), update)
    try:
        week.live(code)
    finally:
        handset.kill()
    found = judge(week)
    assert (found["rows"], found["duplicates"], found["changed"]) == (INTERVIEWS, 0, 0), found
    assert found["doors"]
    assert found["aside"] == 0
    assert set(EVENTS) <= {name for name in found if found[name]}, found
