"""People who go on while a server stops and starts: they answer, read pages, or are slow."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import cycle
from urllib.parse import urlencode
from uuid import uuid4

from tests.support.outside import FORM, Browser

# One of these for every request that got no answer.
NO_ANSWER = (OSError, HTTPException)
PAUSE = 0.05


def fields_of(response_id: str, stamp: str) -> dict[str, str]:
    return {"id": response_id, "t": stamp, "satisfaction": "5"}


@dataclass
class Crowd:
    """People who answer, each with the same id until there is a receipt, and what they went through."""

    port: int
    path: str
    stamp: str
    receipts: dict[str, str] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    tries: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer_until_over(self, keeps_line: bool) -> None:
        with Browser(self.port, keeps_line=keeps_line) as browser:
            while not self.over.is_set():
                response_id = str(uuid4())
                while response_id not in self.receipts:
                    self.try_once(browser, response_id)

    def try_once(self, browser: Browser, response_id: str) -> None:
        try:
            heard = browser.ask("POST", self.path, fields_of(response_id, self.stamp))
        except ConnectionRefusedError:
            self.note("nobody there")
            time.sleep(PAUSE)
        except NO_ANSWER as error:
            line = "kept" if browser.keeps_line else "new"
            self.note(f"no answer on a {line} line: {type(error).__name__}")
            self.unanswered.add(response_id)
        else:
            self.note(str(heard.status))
            if heard.status == 303:
                self.receipts[response_id] = heard.location
            else:
                time.sleep(PAUSE)

    def note(self, kind: str) -> None:
        with self._lock:
            self.tries[kind] += 1

    def wait_for(self, more: int, seconds: float = 120) -> None:
        wanted, deadline = len(self.receipts) + more, time.monotonic() + seconds
        while len(self.receipts) < wanted:
            assert time.monotonic() < deadline, "nobody was answered any more"
            time.sleep(0.02)

    def send_again(self, every: int) -> dict[str, str]:
        """The receipts of a second sending: of whoever once got no answer, and of every so many others."""
        chosen = {one for number, one in enumerate(self.receipts) if number % every == 0} | self.unanswered
        with Browser(self.port) as browser:
            return {
                one: browser.ask("POST", self.path, fields_of(one, self.stamp)).location for one in chosen
            }


@dataclass
class Reader:
    """Somebody of the staff who goes from page to page in one session."""

    browser: Browser
    pages: Sequence[str]
    over: threading.Event
    statuses: Counter[str] = field(default_factory=Counter)

    def read_until_over(self) -> None:
        for page in cycle(self.pages):
            if self.over.is_set():
                break
            try:
                self.statuses[str(self.browser.get(page).status)] += 1
            except ConnectionRefusedError:
                self.statuses["nobody there"] += 1
                time.sleep(PAUSE)
            except NO_ANSWER as error:
                self.statuses[f"no answer: {type(error).__name__}"] += 1


@dataclass
class Slow:
    """An answer of which half has arrived when the server is asked to stop."""

    line: socket.socket
    rest: bytes

    @classmethod
    def begun(cls, crowd: Crowd) -> Slow:
        body = urlencode(fields_of(str(uuid4()), crowd.stamp)).encode()
        head = f"POST {crowd.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\n"
        line = socket.create_connection(("127.0.0.1", crowd.port), timeout=20)
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:20])
        return cls(line, body[20:])

    def finish(self) -> bool:
        """Sends the rest; whether the receipt came."""
        with self.line:
            try:
                self.line.sendall(self.rest)
                return self.line.recv(4_096).startswith(b"HTTP/1.1 303")
            except OSError:
                return False


@contextmanager
def at_work(crowd: Crowd, senders: int, readers: Sequence[Reader] = ()) -> Iterator[None]:
    """Half of the crowd keep their line, as a reverse proxy does."""
    threads = [threading.Thread(target=crowd.answer_until_over, args=(n % 2 == 0,)) for n in range(senders)]
    threads += [threading.Thread(target=reader.read_until_over) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        crowd.over.set()
        for thread in threads:
            thread.join(60)
