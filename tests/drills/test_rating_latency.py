"""No rating takes longer than another to be stored."""

from __future__ import annotations

import json
import statistics
import time
from collections import defaultdict

import pytest
from flask import Flask

from tests.support import citizens
from tests.support.citizens import NOW, post

RATINGS = ("5", "4", "3", "2", "1")
COUNT = 600


@pytest.mark.slow
def test_no_rating_takes_longer(app: Flask) -> None:
    """Sent in turn, so that whatever else the machine does falls on all of them."""
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    seconds: dict[str, list[float]] = defaultdict(list)
    client = app.test_client()
    for number, token in enumerate(citizens.links(app, COUNT * len(RATINGS))):
        rating = RATINGS[number % len(RATINGS)]
        fields = citizens.sheet(rating)
        begin = time.perf_counter()
        assert post(client, f"/k/{token}", fields).status_code == 303
        seconds[rating].append(time.perf_counter() - begin)
    medians = {rating: statistics.median(times) * 1000 for rating, times in seconds.items()}
    spread = max(medians.values()) / min(medians.values()) - 1
    told = {rating: round(median, 3) for rating, median in medians.items()}
    print(json.dumps({"drill": "latency of ratings", "n": COUNT * len(RATINGS), "medians_ms": told,
                      "spread": round(spread, 4)}))  # fmt: skip
    assert spread < 0.05
