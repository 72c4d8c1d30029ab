"""Tables on a phone: each row becomes a card, and each of its cells says which column it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup, escape

_ROW: Final = re.compile(r"<tr\b.*?</tr>", re.S)
_CELL: Final = re.compile(r"<t[dh]\b")


def labelled(rows: Markup, columns: Sequence[str | tuple[str, str]]) -> Markup:
    """The rows with the words of its column at every cell, for the style sheet to show where the head is not.

    `columns` are words, or pairs of words and a class. The rows are markup of our own templates, one cell a
    column, no table within a table.
    """
    words = [column if isinstance(column, str) else column[0] for column in columns]
    marked = _ROW.sub(lambda row: _labelled_row(row[0], iter(words)), str(rows))
    return Markup(marked)  # noqa: S704  # What was markup before; the words that came in are escaped.


def _labelled_row(row: str, words: Iterator[str]) -> str:
    def label(cell: re.Match[str]) -> str:
        word = next(words, "")
        if cell[0] == "<th" or not word:
            return cell[0]
        return f'{cell[0]} data-label="{escape(word)}"'

    return _CELL.sub(label, row)
