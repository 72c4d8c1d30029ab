"""A network that can be bad: a proxy before the server that cuts, loses, delays and lies."""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

RECORDS = "/thuc-dia/api/phieu"
Fault = Callable[[socket.socket, "Request"], bool]
"""Does something else with a request. Returns whether that was all; if not, the server is asked."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    head: bytes
    body: bytes

    @property
    def whole(self) -> bytes:
        return self.head + self.body


@dataclass
class Network:
    """Listens on `port` for a server on `server`. `fault` is asked for each request; `down` drops them all.

    `change` may rewrite what the server answers; `seen` is what the server was really asked, `records` the
    bodies of the records among it.
    """

    server: int
    port: int = 0
    down: bool = False
    fault: Fault | None = None
    change: Callable[[Request, bytes], bytes] | None = None
    seen: list[tuple[str, str]] = field(default_factory=list)
    records: list[bytes] = field(default_factory=list)
    _listener: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def good(self) -> None:
        """Everything works again."""
        self.down, self.fault, self.change = False, None, None

    def close(self) -> None:
        self._listener.close()

    def sent(self, path: str = RECORDS) -> int:
        """How often the server was asked to take something there."""
        return self.seen.count(("POST", path))

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, phone: socket.socket) -> None:
        with suppress(OSError), phone:
            if self.down:
                return
            phone.settimeout(30)
            request = _read(phone)
            if request is None or self.down or (self.fault is not None and self.fault(phone, request)):
                return
            reply = self.ask(request)
            phone.sendall(self.change(request, reply) if self.change else reply)

    def ask(self, request: Request, most: int | None = None) -> bytes:
        """The server's answer to a request, of which it gets at most so many bytes."""
        if most is None or most >= len(request.whole):
            self.seen.append((request.method, request.path.partition("?")[0]))
            if request.path == RECORDS:
                self.records.append(request.body)
        with socket.create_connection(("127.0.0.1", self.server), 30) as server:
            server.sendall(request.whole[:most])
            if most is not None and most < len(request.whole):
                return b""
            reply = b""
            while part := server.recv(65536):
                reply += part
            return reply


def _read(phone: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = phone.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        part = phone.recv(65536)
        if not part:
            return None
        body += part
    method, path, _version = head.split(b"\r\n", 1)[0].decode().split(" ")
    # One request a connection keeps the proxy simple, and both sides can tell where an answer ends.
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return Request(method, path, b"\r\n".join([*lines, b"Connection: close", b"", b""]), body)


def abruptly(phone: socket.socket) -> None:
    """The line is gone without a farewell."""
    phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    phone.close()


def answering(
    status: int, body: str = "{}", *, headers: str = "", path: str = "/thuc-dia/api/phieu"
) -> Fault:
    """Something in the way answers in the server's place."""

    def fault(phone: socket.socket, request: Request) -> bool:
        if request.path != path:
            return False
        data = body.encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}"
        head += f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n"
        phone.sendall(head.encode() + data)
        return True

    return fault


def cutting(network: Network, *, request_at: int | None = None, reply_at: int | None = None) -> Fault:
    """Records arrive up to a byte, or their receipts do; then the line breaks."""

    def fault(phone: socket.socket, request: Request) -> bool:
        if request.path != RECORDS:
            return False
        if request_at is not None:
            network.ask(request, min(request_at, len(request.whole) - 1))
        else:
            reply = network.ask(request)
            phone.sendall(reply[: min(reply_at or 0, len(reply) - 1)])
        abruptly(phone)
        return True

    return fault


def slowly(seconds: float) -> Fault:
    """Every request takes its time."""

    def fault(_phone: socket.socket, _request: Request) -> bool:
        time.sleep(seconds)
        return False

    return fault
