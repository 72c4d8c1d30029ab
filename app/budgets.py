"""How much of something is allowed at a time, in the memory of one process. No address is remembered."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final


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


class Crowd:
    """Whoever was turned away from something that serves as fast as it can, and when each is to come back.

    Told is a moment of one's own behind all who wait, at the pace at which the last ten seconds served: so
    they come one after the other, and what serves is never idle. Who does not come is forgotten.
    """

    SPAN: Final = 10
    FORGOTTEN_AFTER: Final = 60
    # Before anything was served, and when next to nothing was.
    LEAST_PACE: Final = 5.0

    def __init__(self) -> None:
        self._due: dict[str, int] = {}
        self._span = -1
        self._served = 0
        self._pace = self.LEAST_PACE
        self._lock = threading.Lock()

    def served(self, second: int, name: str) -> None:
        """Somebody was let in."""
        with self._lock:
            self._turn_page(second)
            self._served += 1
            self._due.pop(name, None)

    def turned_away(self, second: int, name: str) -> int:
        """In how many seconds to come back, at least one."""
        with self._lock:
            self._turn_page(second)
            self._due.pop(name, None)
            wait = 1 + int(len(self._due) / self._pace)
            self._due[name] = second + wait
            return wait

    def _turn_page(self, second: int) -> None:
        span = second // self.SPAN
        if span == self._span:
            return
        # A span of which nobody has heard anything says nothing about the pace.
        if span == self._span + 1:
            self._pace = max(self.LEAST_PACE, self._served / self.SPAN)
        self._span, self._served = span, 0
        gone = [name for name, due in self._due.items() if due + self.FORGOTTEN_AFTER < second]
        for name in gone:
            del self._due[name]
