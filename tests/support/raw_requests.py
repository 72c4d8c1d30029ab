"""Requests made by hand, byte for byte as a server would hand them on: no client library tidies them up."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from flask import Flask


@dataclass(frozen=True)
class RawRequest:
    """`path` is decoded, as PATH_INFO is; `announced` is what Content-Length claims, None for the truth."""

    method: str
    path: bytes
    query: bytes = b""
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = "203.0.113.7"
    announced: str | None = None

    def environ(self) -> dict[str, object]:
        """As PEP 3333 wants it: every text holds bytes as latin-1."""
        environ: dict[str, object] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path.decode("latin-1"),
            "QUERY_STRING": self.query.decode("latin-1"),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": self.address,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if self.content_type:
            environ["CONTENT_TYPE"] = self.content_type
        if self.body or self.announced is not None:
            environ["CONTENT_LENGTH"] = str(len(self.body)) if self.announced is None else self.announced
        for name, value in self.headers.items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        return environ

    def as_bytes(self, host: str) -> bytes:
        """The same on the wire."""
        target = quote_from_bytes(self.path, safe="/%:@!$&'()*+,;=~-._") or "/"
        query = "?" + quote_from_bytes(self.query, safe="%&=+/:@!$'()*,;?~-._") if self.query else ""
        lines = [f"{self.method} {target}{query} HTTP/1.1", f"Host: {host}", "Connection: close"]
        if self.content_type:
            lines.append(f"Content-Type: {self.content_type}")
        lines.append(f"Content-Length: {len(self.body) if self.announced is None else self.announced}")
        lines += [f"{name}: {value}" for name, value in self.headers.items() if name.lower() != "host"]
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + self.body


@dataclass(frozen=True)
class RawAnswer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def call(app: Flask, request: RawRequest) -> RawAnswer:
    """What the application answers. An error that it does not handle is raised."""
    seen: dict[str, object] = {}

    def start(status: str, headers: list[tuple[str, str]], _info: object = None) -> object:
        seen.update(status=int(status.split()[0]), headers={name.lower(): value for name, value in headers})
        return lambda _data: None

    answer = app(request.environ(), start)
    try:
        body = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    return RawAnswer(seen["status"], seen["headers"], body)
