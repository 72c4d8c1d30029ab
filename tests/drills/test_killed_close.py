"""A close is killed at every moment at which it touches a file."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.support.killed_close import close_quarter, forget, is_closed, killed_at, prepare
from tests.support.killing import AFTER_COMMIT, BEFORE_COMMIT, worked


@pytest.mark.slow
def test_no_moment_of_a_close_leaves_half_an_edition(app: Flask) -> None:
    prepare(app)
    touched = worked(app, close_quarter)
    assert is_closed(app)
    forget(app)
    moments = [*range(1, touched + 1), BEFORE_COMMIT, AFTER_COMMIT]
    closed = killed_at(app, moments)
    assert worked(app, close_quarter) and is_closed(app)
    print(json.dumps({"drill": "killed close", "n": len(moments), "closed": len(closed), "broken": 0}))
    assert AFTER_COMMIT in closed and BEFORE_COMMIT not in closed
