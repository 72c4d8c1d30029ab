"""Small sounds of every kind that is taken, made without any library: silence of a known length."""

from __future__ import annotations

import struct

from surveys.sounds import ogg_checksum

# A frame of Opus (CELT, 20 ms, mono) that any decoder turns into silence.
_SILENCE = b"\xf8\xff\xfe"
_FRAME = 960
SKIPPED = 312


def opus(seconds: float = 1.0, *, head: bytes = b"OpusHead") -> bytes:
    """Opus in Ogg, the sound itself on pages of at most five seconds."""
    frames = round(seconds * 50)
    start = head + struct.pack("<BBHIHB", 1, 1, SKIPPED, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    pages = [ogg_page([start], 0, 0, 0x02), ogg_page([tags], 1, 0, 0)]
    for first in range(0, frames, 250):
        count = min(250, frames - first)
        last = first + count == frames
        place = (first + count) * _FRAME + SKIPPED
        pages.append(ogg_page([_SILENCE] * count, len(pages), place, 0x04 if last else 0))
    return b"".join(pages)


def ogg_page(packets: list[bytes], number: int, place: int, flags: int, serial: int = 7) -> bytes:
    body = b"".join(packets)
    table = bytes(len(packet) for packet in packets)
    fields = (b"OggS", 0, flags, place, serial, number, 0, len(packets))
    head = struct.pack("<4sBBqIIIB", *fields) + table
    checksum = struct.pack("<I", ogg_checksum(head + body))
    return head[:22] + checksum + head[26:] + body


def mp3(seconds: float = 1.0, *, tag: bytes = b"") -> bytes:
    """MPEG 1 layer III, 32 kbit/s, 44.1 kHz, mono: empty frames."""
    frame = b"\xff\xfb\x10\xc0" + bytes(100)
    return tag + frame * round(seconds * 44_100 / 1152)


def m4a(seconds: int = 1, *, codec: bytes = b"mp4a", handler: bytes = b"soun") -> bytes:
    """The boxes of a recording of AAC; what lies in them is no sound that could be heard."""

    def box(kind: bytes, *parts: bytes) -> bytes:
        body = b"".join(parts)
        return struct.pack(">I4s", 8 + len(body), kind) + body

    entry = box(codec, bytes(28))
    described = box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1), entry))
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13)), box(b"minf", described)))
    header = box(b"mvhd", bytes(12), struct.pack(">II", 1000, seconds * 1000), bytes(80))
    return box(b"ftyp", b"M4A ", bytes(4)) + box(b"moov", header, track) + box(b"mdat", bytes(500))
