"""What kind of sound a file holds, found by walking through all of it: its name may say anything.

Three kinds are taken, which every telephone since Android 5 plays: Opus in Ogg (RFC 7845), MP3 (ISO 11172-3)
and AAC in MP4 (ISO 14496-12). Nothing is decoded. The walk finds a file that was cut off or put together from
pieces; what a pair of ears would find, it does not.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SoundKind(StrEnum):
    """The value is the media type under which such a file is served."""

    OPUS = "audio/ogg"
    MP3 = "audio/mpeg"
    AAC = "audio/mp4"


@dataclass(frozen=True, slots=True)
class Sound:
    """`seconds` is None where the file does not say: recorders that write as they go know it too late."""

    kind: SoundKind
    seconds: float | None


class Fault(StrEnum):
    """Why a file is no sound that is taken."""

    # No sound at all, by what it begins with.
    NO_SOUND = "no-sound"
    # A sound of another kind, which `NotTaken.found` names.
    OTHER_KIND = "other-kind"
    # One of the three, but it ends early, or something else lies within.
    BROKEN = "broken"
    # A film: its pictures would weigh on the telephone.
    PICTURES = "pictures"


class NotTaken(ValueError):
    """`fault` says why; `found` names the kind of another sound as people know it."""

    def __init__(self, fault: Fault, found: str = "") -> None:
        super().__init__(f"{fault} {found}".strip())
        self.fault = fault
        self.found = found


# What other sounds and films begin with.
_OTHERS: Final = (
    (b"#!AMR", "AMR"),
    (b"fLaC", "FLAC"),
    (b"\x1a\x45\xdf\xa3", "WebM"),
    (b"caff", "CAF"),
    (b"MThd", "MIDI"),
    (b"ADIF", "AAC (.aac)"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMA"),
)


def sound_of(content: bytes) -> Sound:
    """Kind and duration. Raises NotTaken."""
    if content.startswith(b"OggS"):
        return _ogg(content)
    if content[4:8] == b"ftyp":
        return _mp4(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        raise NotTaken(Fault.OTHER_KIND, "WAV")
    for start, name in _OTHERS:
        if content.startswith(start):
            raise NotTaken(Fault.OTHER_KIND, name)
    if content.startswith(b"ID3") or _frame(content, 0) is not None:
        return _mp3(content)
    if len(content) > 1 and content[0] == 0xFF and content[1] & 0xF6 == 0xF0:
        raise NotTaken(Fault.OTHER_KIND, "AAC (.aac)")
    raise NotTaken(Fault.NO_SOUND)


# --- Opus in Ogg ---

_PAGE: Final = struct.Struct("<4sBBqIIIB")
_OPUS_RATE: Final = 48_000
_FIRST: Final = 0x02
_REVERSED: Final = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


def ogg_checksum(page: bytes) -> int:
    """The CRC of a page whose own field of it is zero.

    It is the polynomial of zlib with its bits the other way round, so zlib computes it on reversed bytes.
    """
    found = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{found:032b}"[::-1], 2)


def _ogg(content: bytes) -> Sound:
    place, number, stream, last, skipped = 0, 0, None, 0, 0
    while place < len(content):
        if len(content) - place < _PAGE.size:
            raise NotTaken(Fault.BROKEN)
        mark, version, flags, granule, serial, sequence, checksum, segments = _PAGE.unpack_from(
            content, place
        )
        body = place + _PAGE.size + segments
        end = body + sum(content[place + _PAGE.size : body])
        page = content[place : place + 22] + bytes(4) + content[place + 26 : end]
        if mark != b"OggS" or version or end > len(content) or ogg_checksum(page) != checksum:
            raise NotTaken(Fault.BROKEN)
        if number == 0:
            skipped, stream = _opus_head(content[body:end]), serial
        if serial != stream or sequence != number or bool(flags & _FIRST) is not (number == 0):
            raise NotTaken(Fault.BROKEN)
        # A page on which no packet ends has the position -1.
        last = max(last, granule)
        place, number = end, number + 1
    seconds = (last - skipped) / _OPUS_RATE
    if seconds <= 0:
        raise NotTaken(Fault.BROKEN)
    return Sound(SoundKind.OPUS, seconds)


def _opus_head(packet: bytes) -> int:
    """How many samples at the beginning are not heard."""
    if not packet.startswith(b"OpusHead"):
        raise NotTaken(Fault.OTHER_KIND, "Ogg Vorbis" if packet.startswith(b"\x01vorbis") else "Ogg")
    if len(packet) < 19 or not 1 <= packet[9] <= 2:
        raise NotTaken(Fault.BROKEN)
    return int.from_bytes(packet[10:12], "little")


# --- MP3 ---

_MPEG1: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2: Final = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES: Final = (44_100, 48_000, 32_000)
# By the two bits of the version: MPEG 2.5 and 2 have a quarter and half of the rates.
_DIVISORS: Final = {0: 4, 2: 2, 3: 1}
_LAYER_3: Final = 1
# What may stand behind the last frame: names of singers and the like.
_TAGS: Final = (b"TAG", b"APETAGEX", b"LYRICSBEGIN")


@dataclass(frozen=True, slots=True)
class _Frame:
    length: int
    seconds: float


def _frame(content: bytes, place: int) -> _Frame | None:
    """The frame of layer III that begins there, if one does."""
    if len(content) - place < 4 or content[place] != 0xFF or content[place + 1] & 0xE0 != 0xE0:
        return None
    version, layer = (content[place + 1] >> 3) & 3, (content[place + 1] >> 1) & 3
    bits, rate = content[place + 2] >> 4, (content[place + 2] >> 2) & 3
    if version not in _DIVISORS or layer != _LAYER_3 or not 1 <= bits <= 14 or rate > 2:
        return None
    hertz = _RATES[rate] // _DIVISORS[version]
    samples, kilobits = (1152, _MPEG1[bits - 1]) if version == 3 else (576, _MPEG2[bits - 1])
    padding = (content[place + 2] >> 1) & 1
    return _Frame(samples // 8 * kilobits * 1000 // hertz + padding, samples / hertz)


def _mp3(content: bytes) -> Sound:
    place, count, seconds = _behind_tag(content), 0, 0.0
    while place < len(content) and content[place] == 0:
        place += 1
    while (frame := _frame(content, place)) is not None:
        if place + frame.length > len(content):
            raise NotTaken(Fault.BROKEN)
        place, count, seconds = place + frame.length, count + 1, seconds + frame.seconds
    rest = content[place:].lstrip(b"\0")
    if count < 2 or (rest and not rest.startswith(_TAGS)):
        raise NotTaken(Fault.BROKEN)
    return Sound(SoundKind.MP3, seconds)


def _behind_tag(content: bytes) -> int:
    """Where the sound begins behind an ID3 tag, whose length is written in four times seven bits."""
    if not content.startswith(b"ID3"):
        return 0
    if len(content) < 10 or any(byte & 0x80 for byte in content[6:10]):
        raise NotTaken(Fault.BROKEN)
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte
    return 10 + size + (10 if content[5] & 0x10 else 0)


# --- AAC in MP4 ---

# Boxes that hold others, on the way from the file to the description of what is in it.
_HOLDERS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_MOST_BOXES: Final = 100_000


def _mp4(content: bytes) -> Sound:
    found: dict[bytes, list[bytes]] = {}
    for kind, body in _boxes(content):
        found.setdefault(kind, []).append(body)
    # Without one of the two there is nothing to hear, or nobody knows how.
    if not found.get(b"moov") or not found.get(b"mdat"):
        raise NotTaken(Fault.BROKEN)
    if any(body[8:12] == b"vide" for body in found.get(b"hdlr", [])):
        raise NotTaken(Fault.PICTURES)
    codecs = {body[12:16] for body in found.get(b"stsd", [])}
    if codecs & {b"samr", b"sawb"}:
        raise NotTaken(Fault.OTHER_KIND, "AMR")
    if codecs != {b"mp4a"}:
        raise NotTaken(Fault.OTHER_KIND, "MP4")
    return Sound(SoundKind.AAC, _movie_seconds(found.get(b"mvhd", [])))


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every box that is looked at, with what is in it; all of them fill the file exactly."""
    waiting, seen = [(0, len(content))], 0
    while waiting:
        place, end = waiting.pop()
        while place < end:
            kind, body, after = _box(content, place, end)
            seen += 1
            if seen > _MOST_BOXES:
                raise NotTaken(Fault.BROKEN)
            if kind in _HOLDERS:
                waiting.append((body, after))
            # Of the sound itself only that it is there.
            yield kind, b"" if kind in (b"mdat", *_HOLDERS) else content[body:after]
            place = after


def _box(content: bytes, place: int, end: int) -> tuple[bytes, int, int]:
    """Kind, where its content begins, and where the next one does."""
    if end - place < 8:
        raise NotTaken(Fault.BROKEN)
    size, body = int.from_bytes(content[place : place + 4]), place + 8
    if size == 1:
        size, body = int.from_bytes(content[place + 8 : place + 16]), place + 16
    after = place + size if size else end
    if body > after or after > end:
        raise NotTaken(Fault.BROKEN)
    return content[place + 4 : place + 8], body, after


def _movie_seconds(headers: list[bytes]) -> float | None:
    """Duration divided by its time scale; in version 1 the numbers before are twice as wide."""
    for body in headers:
        wide = body[:1] == b"\x01"
        scale = int.from_bytes(body[20:24] if wide else body[12:16])
        length = int.from_bytes(body[24:32] if wide else body[16:20])
        if scale and length:
            return length / scale
    return None
