"""What is printed on sheets for interviewers with paper, and how many at once, without what draws them.

The library that draws takes twenty megabytes, and only who prints needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_FORMS: Final = 200
MOST_TALLIES: Final = 100


@dataclass(frozen=True)
class SheetWords:
    """What is printed around the questions; "{number}" and the like are filled in.

    `only_if` names a question by its place: "{question}", "{answers}". `fields` are lines to be filled in
    by the collector, each with its share of the width. `slip_asked` is put to the household; `slip_title`
    ("{slip}" is the code) and `slip_text` stand on what it keeps.
    """

    form: str
    page: str
    fields: tuple[tuple[tuple[str, float], ...], ...]
    only_if: str
    choose_any: str
    end: str
    slip_asked: str = ""
    slip_title: str = ""
    slip_text: str = ""


@dataclass(frozen=True)
class TallyWords:
    """`fields` are lines to fill in; `rows` are what a door may come to, each with what is meant by it."""

    title: str
    fields: tuple[tuple[tuple[str, float], ...], ...]
    told: str
    rows: tuple[tuple[str, str], ...]
    total: str
    end: str
