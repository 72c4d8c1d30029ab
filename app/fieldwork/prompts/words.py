"""What the page of words and voices says of a language: each part with what it has, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.fieldwork.languages import OTHER_LANGUAGES, language_words
from app.fieldwork.prompts.keeping import PromptLine
from app.fieldwork.prompts.reading import INTRO, TEXT, VOICE
from app.i18n import current_language
from surveys.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class PartWords:
    """A part as the questionnaire says it, and what is there of it in the language."""

    part: str
    label: str
    text: PromptLine | None
    voice: PromptLine | None


@dataclass(frozen=True, slots=True)
class LanguageWords:
    language: str
    name: str
    parts: tuple[PartWords, ...]

    @property
    def texts(self) -> int:
        return sum(item.text is not None for item in self.parts)

    @property
    def voices(self) -> int:
        return sum(item.voice is not None for item in self.parts)

    @property
    def without_text(self) -> list[str]:
        return [item.part for item in self.parts if item.text is None]

    @property
    def without_voice(self) -> list[str]:
        return [item.part for item in self.parts if item.voice is None]


def sheet_rows(questionnaire: Questionnaire, language: str = "vi") -> list[tuple[str, str]]:
    """Each part with its words in a language of the questionnaire."""
    intro = (INTRO, questionnaire.intro.get(language))
    return [intro, *((item.id, item.label.get(language)) for item in questionnaire.questions)]


def sheet_words(questionnaire: Questionnaire, lines: Iterable[PromptLine]) -> list[LanguageWords]:
    """Every language that an interview may be in, those without anything too."""
    known = {(line.language, line.part, line.kind): line for line in lines}
    rows = sheet_rows(questionnaire, current_language())
    return [
        LanguageWords(
            language,
            language_words(language),
            tuple(
                PartWords(part, label, known.get((language, part, TEXT)), known.get((language, part, VOICE)))
                for part, label in rows
            ),
        )
        for language in OTHER_LANGUAGES
    ]
