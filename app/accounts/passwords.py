"""Passwords: which ones are accepted, and how they are kept."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from werkzeug.exceptions import ServiceUnavailable

from surveys.collation import fold

LEAST_CHARACTERS: Final = 12
MOST_CHARACTERS: Final = 128
# What must remain of a password once everything that anybody would guess first is taken out of it.
LEAST_UNGUESSED: Final = 6
COMMON_WORDS: Final = Path(__file__).parent / "data" / "common_words.txt"

# argon2id. OWASP's floor is 19 MiB and two passes; this costs a tenth of a second on one core of 2024.
MEMORY_KIBIBYTES: Final = 32 * 1024
PASSES: Final = 3
# So many at once: fifty people who sign in together wait for each other instead of exhausting the memory.
AT_ONCE: Final = 4
MOST_SECONDS_WAITING: Final = 20

_hasher: Final = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIBIBYTES, parallelism=1)
_turns: Final = threading.BoundedSemaphore(AT_ONCE)

_RUNS: Final = ("0123456789012345", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORTEST_RUN: Final = 3


class _Turn:
    """A place at the hashing of passwords. Raises ServiceUnavailable when none comes free."""

    def __enter__(self) -> None:
        if not _turns.acquire(timeout=MOST_SECONDS_WAITING):
            raise ServiceUnavailable

    def __exit__(self, *_error: object) -> None:
        _turns.release()


def typed(password: str) -> str:
    """The password as it was meant: the same letters, whichever way the keyboard composes them."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    with _Turn():
        return _hasher.hash(typed(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one of this hash. Without a hash it takes the same time to say no."""
    with _Turn():
        try:
            _hasher.verify(password_hash or _hash_of_nobody(), typed(password)[: MOST_CHARACTERS + 1])
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Made with other costs than today's; it is made anew at the next sign-in."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash("a password that nobody has")


def is_guessable(password: str, personal: Iterable[str] = ()) -> bool:
    """Whether little remains of it without common words, runs, repetitions, years and the person's own words.

    No rule about capitals or signs: they make passwords harder to remember and not harder to guess.
    """
    left = re.sub(r"[\W_]+", "", fold(password))
    words = {re.sub(r"[\W_]+", "", fold(word)) for word in personal}
    for word in sorted(words | common_words(), key=lambda word: (-len(word), word)):
        if len(word) >= _SHORTEST_RUN:
            left = left.replace(word, " ")
    left = re.sub(r"(?:19|20)\d\d", " ", left)
    left = _without_runs(left)
    return len(set(left) - {" "}) < LEAST_UNGUESSED


def _without_runs(text: str) -> str:
    """Neighbours on the keyboard or in the alphabet, forwards and backwards, count as nothing."""
    for run in _RUNS:
        for line in (run, run[::-1]):
            for length in range(len(line), _SHORTEST_RUN - 1, -1):
                for start in range(len(line) - length + 1):
                    text = text.replace(line[start : start + length], " ")
    return text


@cache
def common_words() -> frozenset[str]:
    """What people put into passwords first, folded and without spaces."""
    lines = COMMON_WORDS.read_text(encoding="utf-8").splitlines()
    words = (re.sub(r"[\W_]+", "", fold(line)) for line in lines if line and not line.startswith("#"))
    return frozenset(word for word in words if word)
