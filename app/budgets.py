"""How much of something is allowed in a minute, in the memory of one process. No address is remembered."""

from __future__ import annotations

import threading
from collections import Counter


class MinuteBudget:
    """Counts by name within one minute of the clock; the next minute begins anew."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._minute = -1
        self._used: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, second: int, name: str = "", *, n: int = 1) -> bool:
        """Whether `n` more are within the budget of the minute in which `second` lies."""
        with self._lock:
            minute = second // 60
            if minute != self._minute:
                self._minute = minute
                self._used.clear()
            self._used[name] += n
            return self._used[name] <= self._limit

    def wait(self, second: int, name: str = "") -> int:
        """0 where one more is within the budget, else in how many seconds to come back.

        Those who are turned away are spread over the minutes to come, each with a place of their own: were
        all told the beginning of the next minute, most of them would be turned away again.
        """
        if self.take(second, name):
            return 0
        if self._limit == 0:
            return 60
        place = self._used[name] - self._limit - 1
        return 60 - second % 60 + place * 60 // self._limit
