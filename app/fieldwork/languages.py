"""The languages in which households are interviewed, and what they are called."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _

# Vietnamese is what a questionnaire itself says; of the others a province supplies words and voices.
OTHER_LANGUAGES: Final = ("thai", "mong", "other")
LANGUAGES: Final = ("vi", *OTHER_LANGUAGES)


def language_words(language: str) -> str:
    """As it stands within a sentence."""
    words: str = {
        "vi": _("tiếng Việt"),
        "thai": _("tiếng Thái"),
        "mong": _("tiếng Mông"),
        "other": _("tiếng khác"),
    }[language]
    return words


def language_title(language: str) -> str:
    """As it stands by itself in a list or a table."""
    words = language_words(language)
    return words[:1].upper() + words[1:]
