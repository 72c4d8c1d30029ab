"""The table of contents: where each part begins, on lines with dots up to the page.

Which page a part begins on is known only when the last page has been set. The lines are therefore a form
that the page of contents shows and that is drawn at the very end, in one pass over the document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reportlab.platypus import Flowable

from exports.fonts import BOLD, REGULAR, width_of
from exports.letterhead import wrapped
from exports.page import Mark

HEADING: Final = "MỤC LỤC"
SIZE: Final = 12
LEADING: Final = 17
GAP: Final = 6
_FORM: Final = "contents"
_TOP: Final = 24


class Contents(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """The heading, and room for one line or two of each mark of the first level in `marks`.

    `marks` may still grow while the document is put together; it is read when the pages are set.
    """

    def __init__(self, marks: Sequence[Mark]) -> None:
        super().__init__()
        self._marks = marks
        self.width = self.height = 0.0

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        self.width = room
        self.height = _TOP + sum(len(lines) for _, lines in self._lines()) * LEADING + 10
        return self.width, self.height

    def _lines(self) -> list[tuple[Mark, list[str]]]:
        room = self.width - width_of("0000", REGULAR, SIZE) - 4 * GAP
        return [(mark, wrapped(mark.text, REGULAR, SIZE, room)) for mark in self._marks if not mark.level]

    def draw(self) -> None:
        canvas = self.canv
        canvas.setFont(BOLD, SIZE + 1)
        canvas.drawCentredString(self.width / 2, self.height - SIZE - 2, HEADING)
        canvas.doForm(_FORM)
        top = self.height - _TOP
        for mark, lines in self._lines():
            bottom = top - len(lines) * LEADING
            canvas.linkRect(mark.text, mark.key, (0, bottom, self.width, top), relative=1, thickness=0)
            top = bottom

    def fill(self, canvas: Any, pages: Mapping[str, int]) -> None:
        """Draws the form, after all pages are known."""
        canvas.beginForm(_FORM, 0, 0, self.width, self.height)
        y = self.height - _TOP - SIZE
        for mark, lines in self._lines():
            canvas.setFont(REGULAR, SIZE)
            for line in lines:
                canvas.drawString(0, y, line)
                y -= LEADING
            self._leader(canvas, lines[-1], str(pages[mark.key]), y + LEADING)
        canvas.endForm()

    def _leader(self, canvas: Any, line: str, page: str, y: float) -> None:
        canvas.drawRightString(self.width, y, page)
        dot = width_of(" .", REGULAR, SIZE)
        end = self.width - width_of(page, REGULAR, SIZE) - GAP
        # Counted from the right end, so that the dots of all lines stand under each other.
        dots = int((end - width_of(line, REGULAR, SIZE) - GAP) / dot)
        if dots > 0:
            canvas.drawRightString(end, y, " ." * dots)
