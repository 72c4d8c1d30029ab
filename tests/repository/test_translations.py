"""The English words of the pages are complete: none is missing, unfinished, left over or broken.

The messages are taken from the code with the mapping of `make messages`, so nothing has to be extracted
before the tests run.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app.i18n import DEFAULT, LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = [language for language in LANGUAGES if language != DEFAULT]
# A lone % counts as well: beside a named placeholder it would break the formatting.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%|\{\w*\}")

Words = str | tuple[str, ...]

pytestmark = pytest.mark.parametrize("language", TRANSLATED)


@cache
def words_of_code() -> dict[Words, str]:
    """Each message with the first place that uses it."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found: dict[Words, str] = {}
    for name, line, message, _comments, _context in extract_from_dir(ROOT, methods, options):
        found.setdefault(message, f"{name}:{line}")
    return found


@cache
def catalogue(language: str) -> Catalog:
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def entries(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(words: Words | list[str]) -> tuple[str, ...]:
    """The text, or singular and plurals."""
    return (words,) if isinstance(words, str) else tuple(words)


def texts(message: Message) -> Iterator[str]:
    yield from forms(message.id)
    yield from forms(message.string)


def test_the_code_has_messages_in_python_and_in_templates(language: str) -> None:
    places = words_of_code().values()
    assert any(".py:" in place for place in places)
    assert any(".html:" in place for place in places)


def test_every_message_of_the_code_is_in_the_catalogue(language: str) -> None:
    known = {message.id for message in entries(language)}
    missing = {words: place for words, place in words_of_code().items() if words not in known}
    assert not missing, f"{language}: run `make messages` and translate {missing}"


def test_every_message_is_translated_and_confirmed(language: str) -> None:
    for message in entries(language):
        assert all(text.strip() for text in forms(message.string)), f"{language}: translate {message.id!r}"
        assert not message.fuzzy, f"{language}: check {message.id!r} and remove its fuzzy mark"


def test_every_plural_form_of_the_language_is_there(language: str) -> None:
    for message in entries(language):
        wanted = catalogue(language).num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == wanted, f"{language}: {message.id!r} needs {wanted} forms"


def test_no_message_is_left_from_code_that_is_gone(language: str) -> None:
    stale = [message.id for message in entries(language) if message.id not in words_of_code()]
    assert not stale, f"{language}: nothing says this any more, run `make messages`: {stale}"
    left = list(catalogue(language).obsolete)
    assert not left, f"{language}: delete the entries that start with #~: {left}"


def test_placeholders_are_those_of_the_message(language: str) -> None:
    for message in entries(language):
        wanted = Counter(PLACEHOLDER.findall(forms(message.id)[0]))
        for text in forms(message.string):
            assert Counter(PLACEHOLDER.findall(text)) == wanted, f"{language}: placeholders differ: {text!r}"


def test_every_text_is_composed(language: str) -> None:
    for message in entries(language):
        for text in texts(message):
            assert text == unicodedata.normalize("NFC", text), f"{language}: compose the letters of {text!r}"
