"""A page of constant parts around a small changing one, compressed without compressing it anew.

RFC 1951 lets a stream be put together from blocks: the constant parts are deflated once and end on a byte
boundary, the changing part goes between them as a stored block, and only the checksum runs over the page.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from struct import pack

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
LONGEST_STORED = 0xFFFF


@dataclass(frozen=True, slots=True)
class Around:
    """`head` and `tail` of a page, plain and deflated."""

    head: bytes
    tail: bytes
    head_checksum: int
    deflated_head: bytes
    deflated_tail: bytes

    @classmethod
    def of(cls, head: bytes, tail: bytes) -> Around:
        return cls(
            head,
            tail,
            zlib.crc32(head),
            HEADER + _deflated(head, zlib.Z_FULL_FLUSH),
            _deflated(tail, zlib.Z_FINISH),
        )

    def starting_with(self, front: bytes) -> Around:
        """The same page with more at the end of its head; the tail is shared, not copied."""
        return Around(
            self.head + front,
            self.tail,
            zlib.crc32(front, self.head_checksum),
            self.deflated_head + _deflated(front, zlib.Z_FULL_FLUSH),
            self.deflated_tail,
        )

    def plain(self, middle: bytes) -> bytes:
        return b"".join((self.head, middle, self.tail))

    def gzipped(self, middle: bytes) -> bytes:
        """The same page as a gzip stream."""
        checksum = zlib.crc32(self.tail, zlib.crc32(middle, self.head_checksum))
        size = len(self.head) + len(middle) + len(self.tail)
        parts = [self.deflated_head]
        for start in range(0, len(middle), LONGEST_STORED):
            part = middle[start : start + LONGEST_STORED]
            parts += (pack("<BHH", 0, len(part), len(part) ^ 0xFFFF), part)
        parts += (self.deflated_tail, pack("<II", checksum, size & 0xFFFFFFFF))
        return b"".join(parts)


def _deflated(content: bytes, ending: int) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return compressor.compress(content) + compressor.flush(ending)
