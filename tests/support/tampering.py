"""Secrets that are nearly right: changed in one place, cut, written otherwise, or made for something else."""

from __future__ import annotations

import hashlib
import random
import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from typing import Final

_URLSAFE: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
Tamper = Callable[[random.Random, str], str]


def _flipped(draw: random.Random, token: str) -> str:
    at = draw.randrange(len(token))
    return token[:at] + chr(ord(token[at]) ^ (1 << draw.randrange(7))) + token[at + 1 :]


def _other_letter(draw: random.Random, token: str) -> str:
    at = draw.randrange(len(token))
    return token[:at] + draw.choice(_URLSAFE) + token[at + 1 :]


def _same_bytes(draw: random.Random, token: str) -> str:
    """The last letter of base64 holds bits that decode to nothing: a lenient reader takes all of them."""
    last = _URLSAFE.find(token[-1])
    return token[:-1] + _URLSAFE[last & 0b110000 | draw.randrange(16)]


def _swapped_case(draw: random.Random, token: str) -> str:
    at = draw.randrange(len(token))
    return draw.choice((token.swapcase(), token.upper(), token.lower(), token[:at].swapcase() + token[at:]))


def _cut(draw: random.Random, token: str) -> str:
    return draw.choice((token[: draw.randrange(len(token))], token[draw.randrange(1, len(token)) :]))


def _longer(draw: random.Random, token: str) -> str:
    more = draw.choice((token, draw.choice(_URLSAFE), "=", "==", " ", "\t", "\n", "\0", ".", "%00", "\u200b"))
    return draw.choice((token + more, more + token))


def _hash(draw: random.Random, token: str) -> str:
    """What the database holds, in the shape of a token."""
    digest = hashlib.sha256(token.encode()).digest()
    whole = draw.choice((urlsafe_b64encode(digest), b64encode(digest), digest.hex().encode())).decode()
    return draw.choice((whole, whole[: len(token)], whole.rstrip("=")))


def _other_letters(draw: random.Random, token: str) -> str:
    """Letters that look the same or fold to the same."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in token)
    return draw.choice((wide, token.replace("-", "+").replace("_", "/"), token[::-1], "\ufeff" + token))


def _random(draw: random.Random, token: str) -> str:
    return "".join(draw.choice(_URLSAFE) for _ in token)


TAMPERS: Final[Sequence[Tamper]] = (
    _flipped, _flipped, _other_letter, _same_bytes, _swapped_case, _cut, _longer, _hash, _other_letters,
    _random,
)  # fmt: skip


def tampered(draw: random.Random, real: Sequence[str], elsewhere: Sequence[str], count: int) -> Iterator[str]:
    """`count` texts of which none is in `real`; `elsewhere` are secrets that count for something else."""
    known, made = set(real), 0
    while made < count:
        token, act = draw.choice(real), draw.random()
        if act < 0.08 and elsewhere:
            text = draw.choice(elsewhere)
        elif act < 0.16 and len(real) > 1:
            at = draw.randrange(len(token))
            text = token[:at] + draw.choice(real)[at:]
        else:
            text = draw.choice(TAMPERS)(draw, token)
        if text not in known:
            made += 1
            yield text
