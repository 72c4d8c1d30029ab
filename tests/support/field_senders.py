"""Very many telephones at once against the real server, each as patient as the app."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

# What the app does when nothing at all is said.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0


@dataclass
class Sender:
    """One telephone: its token and the envelopes that it still has to send."""

    token: str
    bodies: Sequence[bytes]


@dataclass
class Evening:
    """What happened: outcomes by status, and how long after the beginning each record was acknowledged."""

    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    seconds: list[float] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    # Seconds from a question to its answer, whatever that was.
    answered_in: list[float] = field(default_factory=list)


def all_send(port: int, senders: Sequence[Sender], *, within: float, draw: random.Random) -> Evening:
    """Every telephone begins at a moment of its own within so many seconds; ends when all is told."""
    evening, begin = Evening(), monotonic()

    async def together() -> None:
        starts = [(sender, draw.uniform(0, within)) for sender in senders]
        await asyncio.gather(*(_send(port, sender, start, begin, evening) for sender, start in starts))

    asyncio.run(together())
    return evening


async def _send(port: int, sender: Sender, start: float, begin: float, evening: Evening) -> None:
    await asyncio.sleep(start)
    waiting, pause = list(sender.bodies), FIRST_WAIT
    while waiting:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            evening.broken += 1
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_WAIT)
            continue
        try:
            while waiting:
                asked = monotonic()
                status, headers, body = await _post(reader, writer, sender.token, waiting[0])
                evening.answered_in.append(monotonic() - asked)
                evening.statuses[status] += 1
                if status in (200, 201, 202):
                    evening.states[json.loads(body)["state"]] += 1
                    evening.seconds.append(monotonic() - begin)
                    waiting.pop(0)
                    pause = FIRST_WAIT
                else:
                    # Nobody holds a connection open while waiting.
                    writer.close()
                    await asyncio.sleep(float(headers.get("retry-after", pause)))
                    break
        except (OSError, asyncio.IncompleteReadError, ValueError):
            evening.broken += 1
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_WAIT)
        finally:
            writer.close()


async def _post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, body: bytes
) -> tuple[int, dict[str, str], bytes]:
    head = (
        f"POST /thuc-dia/api/phieu HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, colon, value in (line.partition(":") for line in lines[1:])
        if colon
    }
    length = int(headers.get("content-length", "0"))
    return int(lines[0].split()[1]), headers, await reader.readexactly(length)
