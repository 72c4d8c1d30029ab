"""The real server, asked over a bare socket: whatever comes, it answers with no failure and lives on."""

from __future__ import annotations

import re
import socket
import urllib.request
from collections import Counter
from pathlib import Path

from flask import Flask

from tests.attacks.conftest import Drill
from tests.support.fuzzed_world import fuzzer_of, visitors_of
from tests.support.serving import served
from tests.support.world import build

PATIENCE = 1.0
# Two lengths, a length and chunks, bare line feeds, half a chunk, no end, and what is no HTTP at all.
CRAFTED = (
    b"POST /phieu/14-SKHCN HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
    b"POST /phieu/14-SKHCN HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
    b"POST /phieu/14-SKHCN HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
    b"POST /phieu/14-SKHCN HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"POST /phieu/14-SKHCN HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: 1\r\n" * 5_000 + b"\r\n",
    b"GET /\xff\xfe?\xb1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /tim?q=\xe1\xbb\x87\xb1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\0" * 1_000,
    b"GET / HTTP/1.1\r\nHost: x\r\nCookie: hailong=\xff\xfe\x00\r\n\r\n",
    b"POST /k/x HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\nid=",
    b"POST /k/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
)


def is_whole(answer: bytes) -> bool:
    """Whether everything that was announced has come; the line may stay open for the next request."""
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return bool(end and length and len(body) >= int(length[1]))


def told(port: int, data: bytes) -> tuple[int, bytes]:
    """The status and everything that came; 0 where the server only closed the line or waits for more."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        answer = b""
        try:
            line.sendall(data)
            while not is_whole(answer) and (piece := line.recv(65_536)):
                answer += piece
        except OSError:
            pass
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else 0, answer


def test_a_real_server_survives_hostile_bytes(app: Flask, drill: Drill, tmp_path: Path) -> None:
    world = build(app)
    fuzzer = fuzzer_of(world, drill.draw)
    visitors, draw = visitors_of(world, fuzzer), drill.draw
    statuses: Counter[int] = Counter()
    wrong = []
    with served(app, tmp_path, 2) as port:
        for number in range(drill.scaled(60, 2_000)):
            rule = draw.choice(fuzzer.rules)
            method = draw.choice(sorted(rule.methods or ()))
            data = fuzzer.request(draw.choice(visitors), rule, method).as_bytes("localhost")
            if number < len(CRAFTED):
                data = CRAFTED[number]
            elif draw.random() < 0.5:
                data = fuzzer.bytes_spoiled(data)
            status, answer = told(port, data)
            statuses[status] += 1
            if status >= 500 or b"Traceback" in answer:
                wrong.append((data[:400], answer[:300]))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as ready:
            assert ready.status == 200
    drill.report(n=sum(statuses.values()), statuses=dict(statuses), failures=len(wrong))
    assert wrong == []
    # Most of it was understood, or nothing behind the door was tried.
    assert statuses[200] + statuses[303] + statuses[404] > sum(statuses.values()) / 5
