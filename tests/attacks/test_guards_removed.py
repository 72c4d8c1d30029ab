"""Every row of the table of access is needed; the guards in the code are tried in `tests/drills`."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.access import ACCESS, Door
from tests.attacks.conftest import Drill
from tests.integration.accounts import test_guard, test_matrix
from tests.support.mutants import NEEDLESS, all_mutants, mutants


def noticed(check: object, *arguments: object) -> bool:
    try:
        check(*arguments)
    except Exception:
        return True
    return False


def test_every_row_of_the_table_of_access_is_needed(
    app: Flask, drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A permission opened to all staff, and what is one's own opened to strangers."""
    assert not noticed(test_matrix.test_the_table_of_access_says_the_same_as_the_matrix, app)
    survivors, count = [], 0
    for endpoint, rule in dict(ACCESS).items():
        if rule in (Door.PUBLIC, Door.SIGNED_OUT):
            continue
        looser = Door.SIGNED_OUT if rule is Door.SIGNED_IN else Door.SIGNED_IN
        count += 1
        with monkeypatch.context() as patch:
            patch.setitem(ACCESS, endpoint, looser)
            if looser is Door.SIGNED_IN:
                seen = noticed(test_matrix.test_the_table_of_access_says_the_same_as_the_matrix, app)
            else:
                seen = opens_to_strangers(app, endpoint)
            if not seen:
                survivors.append(endpoint)
    drill.report(n=count, survivors=survivors)
    assert survivors == []


def opens_to_strangers(app: Flask, endpoint: str) -> bool:
    """What the test of the guard looks at, for one route: a stranger is no longer sent to the entrance."""
    return noticed(test_guard.only_ways_in_are_open, app, endpoint)


def test_every_guard_in_the_code_can_still_be_taken_away() -> None:
    """The list of guards is not older than the code."""
    names = [mutant.name for mutant in mutants()]
    assert len(names) == len(set(names))
    assert len(names) > 300
    assert set(NEEDLESS) <= {mutant.label for mutant in all_mutants()}, "it is not in the code any more"
