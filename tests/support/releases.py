"""Another release of the app for phones, made on the way between the server and the phone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from flask import Flask

from app.ui.assets import find_asset
from tests.support.weak_network import Request

NEW = b"feedfeedfeedfeed"
RELEASE = re.compile(rb"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")


def newer(words: str, app: Flask, *, broken: bool = False) -> Callable[[Request, bytes], bytes]:
    """Another release: one file says `words`, and the list of the worker knows it, unless it is `broken`."""
    shell = RELEASE.sub(NEW, app.test_client().get("/thuc-dia/").data)
    asset = find_asset("field/words.js")
    assert asset is not None
    text = asset.content.replace("Việc được giao".encode(), words.encode())
    before, after = (hashlib.sha256(one).hexdigest() for one in (asset.content, text))

    def change(request: Request, reply: bytes) -> bytes:
        path = request.path.partition("?")[0]
        if not path.startswith(("/static/", "/thuc-dia/")) or "/api/" in path:
            return reply
        head, _, body = reply.partition(b"\r\n\r\n")
        if path.endswith("/field/words.js"):
            head = re.sub(rb"(?i)\r\ncontent-encoding:[^\r]*", b"", head)
            body = b"half" if broken else text
        if path == "/thuc-dia/sw.js":
            page = re.search(rb'\["/thuc-dia/", "([0-9a-f]{64})"\]', body)
            assert page is not None
            body = RELEASE.sub(NEW, body).replace(before.encode(), after.encode())
            body = body.replace(page[1], hashlib.sha256(shell).hexdigest().encode())
        if path == "/thuc-dia/":
            body = RELEASE.sub(NEW, body)
        head = re.sub(rb"(?i)(\r\ncontent-length:) *\d+", rb"\g<1> %d" % len(body), head)
        return head + b"\r\n\r\n" + body

    return change
