"""Which sounds are taken, and that every cut and every wrong byte that can be seen is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sounds import Fault, NotTaken, SoundKind, ogg_checksum, sound_of
from tests.support.sounds import m4a, mp3, ogg_page, opus

STARTS = [b"", b"OggS", b"ID3", b"\xff\xfb\x10\xc0", b"\0\0\0\x10ftypM4A ", b"RIFF\0\0\0\0WAVE", opus()[:60]]


def fault_of(content: bytes) -> tuple[Fault, str] | None:
    try:
        sound_of(content)
    except NotTaken as problem:
        return problem.fault, problem.found
    return None


def test_three_kinds_are_known_with_their_length() -> None:
    for content, kind in ((opus(12), SoundKind.OPUS), (mp3(12), SoundKind.MP3), (m4a(12), SoundKind.AAC)):
        sound = sound_of(content)
        assert sound.kind is kind and sound.seconds == pytest.approx(12, abs=0.03)


def test_the_checksum_is_the_one_that_the_format_names() -> None:
    """The check value of CRC-32/CKSUM, whose result is inverted at its end."""
    assert ogg_checksum(b"123456789") == 0x765E7680 ^ 0xFFFFFFFF
    assert ogg_checksum(b"") == 0


def test_what_stands_around_an_mp3_is_passed_over() -> None:
    tag = b"ID3\x04\0\0\0\0\x02\x01" + bytes(257)
    for content in (mp3(tag=tag), mp3() + b"TAG" + bytes(125), mp3() + bytes(50), mp3(tag=tag + bytes(9))):
        assert sound_of(content).kind is SoundKind.MP3
    assert fault_of(mp3() + b"and more") == (Fault.BROKEN, "")
    assert fault_of(mp3()[:104]) == (Fault.BROKEN, "")
    assert fault_of(b"ID3\x04\0\0\xff\xff\xff\xff" + mp3()) == (Fault.BROKEN, "")
    assert fault_of(tag) == (Fault.BROKEN, "")


def test_a_recorder_that_writes_as_it_goes_says_no_length() -> None:
    assert sound_of(m4a(0)).seconds is None


@pytest.mark.parametrize("content", [opus(0.4), mp3(0.2), m4a()], ids=["opus", "mp3", "m4a"])
def test_a_file_that_was_cut_off_is_not_taken(content: bytes) -> None:
    sound_of(content)
    for end in range(len(content)):
        # Between two frames of an MP3 nobody can see that there were more.
        if fault_of(content[:end]) is None:
            assert content.startswith(b"\xff\xfb") and end % 104 == 0


def test_a_wrong_byte_anywhere_in_an_ogg_is_seen() -> None:
    content = opus(0.1)
    for place in range(len(content)):
        wrong = bytearray(content)
        wrong[place] ^= 0x20
        assert fault_of(bytes(wrong)) is not None, place


def test_pages_that_do_not_follow_each_other_are_no_recording() -> None:
    first, tags = ogg_page([b"OpusHead" + bytes(11)], 0, 0, 2), ogg_page([b"OpusTags"], 1, 0, 0)
    for third in (
        ogg_page([b"a"], 3, 960, 4), ogg_page([b"a"], 2, 960, 4, serial=8), ogg_page([b"a"], 2, 960, 2),
        ogg_page([b"a"], 2, -1, 4), b"",
    ):  # fmt: skip
        assert fault_of(first + tags + third) == (Fault.BROKEN, "")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"RIFF\x24\0\0\0WAVEfmt ", (Fault.OTHER_KIND, "WAV")),
        (b"#!AMR\n" + bytes(20), (Fault.OTHER_KIND, "AMR")),
        (b"fLaC" + bytes(20), (Fault.OTHER_KIND, "FLAC")),
        (b"\x1a\x45\xdf\xa3" + bytes(20), (Fault.OTHER_KIND, "WebM")),
        (b"\xff\xf1\x50\x80" + bytes(20), (Fault.OTHER_KIND, "AAC (.aac)")),
        (opus(head=b"\x01vorbis "), (Fault.OTHER_KIND, "Ogg Vorbis")),
        (m4a(codec=b"samr"), (Fault.OTHER_KIND, "AMR")),
        (m4a(codec=b"alac"), (Fault.OTHER_KIND, "MP4")),
        (m4a(handler=b"vide"), (Fault.PICTURES, "")),
        ("Xin chào".encode(), (Fault.NO_SOUND, "")),
        (b"", (Fault.NO_SOUND, "")),
        (b"%PDF-1.7", (Fault.NO_SOUND, "")),
    ],
)
def test_what_is_not_taken_is_named(content: bytes, expected: tuple[Fault, str]) -> None:
    assert fault_of(content) == expected


@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_any_bytes_are_a_sound_or_a_named_fault(start: bytes, rest: bytes) -> None:
    fault_of(start + rest)
