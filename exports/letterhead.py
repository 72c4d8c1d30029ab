"""The blocks of the official page that are no running text: head, title, signature, recipients.

Source of every size and place: Decree 30/2020/NĐ-CP, Appendix I.
"""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Any, Final

from reportlab.platypus import Flowable

from exports.fonts import BOLD, BOLD_ITALIC, ITALIC, REGULAR, width_of
from exports.head import Head

__all__ = ["AppendixTitle", "Head", "LetterHead", "Signature", "TitleBlock", "wrapped"]

NATIONAL_NAME: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
BODY_SIZE: Final = 13
RULE: Final = 0.7
SIGNATURE_ROOM: Final = 78


def wrapped(text: str, face: str, size: float, room: float) -> list[str]:
    """A text in lines of at most `room` points; a longer single word keeps a line of its own."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, face, size) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def balanced(text: str, face: str, size: float, room: float) -> list[str]:
    """Lines of about equal length, no more of them than needed: a centred title leaves no single word."""
    lines = wrapped(text, face, size, room)
    narrower = room
    while len(lines) > 1 and narrower > room / 2:
        narrower -= 6
        tighter = wrapped(text, face, size, narrower)
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines


class _Block(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A flowable that draws lines of text from its top edge downwards."""

    def __init__(self) -> None:
        super().__init__()
        self.width = 0.0
        self.height = 0.0

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        self.width = room
        self.height = self.draw_on(None)
        return room, self.height

    def draw(self) -> None:
        self.draw_on(self.canv)

    @abstractmethod
    def draw_on(self, canvas: Any) -> float:
        """Draw (or, without a canvas, only measure) and give the height taken."""

    def line(self, canvas: Any, face: str, size: float, centre: float, top: float, text: str) -> None:
        if canvas is not None:
            canvas.setFont(face, size)
            canvas.drawCentredString(centre, self.height - top - size, text)

    def rule(self, canvas: Any, centre: float, length: float, top: float) -> None:
        if canvas is not None:
            canvas.setLineWidth(RULE)
            y = self.height - top
            canvas.line(centre - length / 2, y, centre + length / 2, y)


class LetterHead(_Block):
    """Issuing bodies and number at the left, name of the nation, motto, place and date at the right."""

    def __init__(self, head: Head, day: date) -> None:
        super().__init__()
        self.head, self.day = head, day

    def draw_on(self, canvas: Any) -> float:
        of_nation = width_of(NATIONAL_NAME, BOLD, 12)
        left_room = self.width - of_nation - 14
        left, right = left_room / 2, self.width - of_nation / 2
        top_left = self._bodies(canvas, left, left_room)
        self.line(canvas, BOLD, 12, right, 0, NATIONAL_NAME)
        self.line(canvas, BOLD, 13, right, 15, MOTTO)
        self.rule(canvas, right, width_of(MOTTO, BOLD, 13), 33)
        top = max(top_left, 35) + 10
        self.line(canvas, REGULAR, 13, left, top, self.head.number_line)
        self.line(canvas, ITALIC, 13, right, top, self.head.date_line(self.day))
        return top + 30

    def _bodies(self, canvas: Any, centre: float, room: float) -> float:
        top, last = 0.0, 0.0
        for face, name in ((REGULAR, self.head.parent_body), (BOLD, self.head.body)):
            for text in wrapped(name, face, 12, room) if name else []:
                self.line(canvas, face, 12, centre, top, text)
                top, last = top + 15, width_of(text, face, 12)
        # The rule is a third to a half as long as the line above it.
        self.rule(canvas, centre, last * 0.42, top + 3)
        return top + 5


class TitleBlock(_Block):
    """The kind of document, its abstract with a rule under it, and to whom it is addressed."""

    def __init__(self, kind: str, abstract: str, addressee: str) -> None:
        super().__init__()
        self.kind, self.abstract, self.addressee = kind, abstract, addressee

    def draw_on(self, canvas: Any) -> float:
        centre = self.width / 2
        self.line(canvas, BOLD, 14, centre, 0, self.kind)
        top, last = 20.0, 0.0
        for text in balanced(self.abstract, BOLD, 14, self.width * 0.86):
            self.line(canvas, BOLD, 14, centre, top, text)
            top, last = top + 19, width_of(text, BOLD, 14)
        self.rule(canvas, centre, max(last * 0.42, 60), top + 5)
        top += 16
        if self.addressee:
            for text in balanced(f"Kính gửi: {self.addressee}.", REGULAR, 14, self.width * 0.9):
                self.line(canvas, REGULAR, 14, centre, top, text)
                top += 19
        return top + 10


class AppendixTitle(_Block):
    """ "Phụ lục I", its name in capitals as the decree asks, and the report it belongs to."""

    def __init__(self, number: str, name: str, belongs_to: str) -> None:
        super().__init__()
        self.number, self.name, self.belongs_to = number, name, belongs_to

    def draw_on(self, canvas: Any) -> float:
        centre = self.width / 2
        self.line(canvas, BOLD, 14, centre, 0, f"Phụ lục {self.number}")
        top = 20.0
        for text in balanced(self.name.upper(), BOLD, 13, self.width * 0.9):
            self.line(canvas, BOLD, 13, centre, top, text)
            top += 18
        for text in balanced(f"({self.belongs_to})", ITALIC, 13, self.width * 0.9):
            self.line(canvas, ITALIC, 13, centre, top, text)
            top += 18
        return top + 10


class Signature(_Block):
    """Recipients at the left; at the right who signs, over the room for a digital signature and a seal."""

    def __init__(self, head: Head) -> None:
        super().__init__()
        self.head = head

    def draw_on(self, canvas: Any) -> float:
        room = self.width * 0.5
        top = self._recipients(canvas, room)
        centre, down = self.width * 0.76, 0.0
        for title in self.head.signer:
            for text in wrapped(title, BOLD, 13, self.width * 0.46):
                self.line(canvas, BOLD, 13, centre, down, text)
                down += 17
        down += SIGNATURE_ROOM
        if self.head.signer_name:
            for text in wrapped(self.head.signer_name, BOLD, 13, self.width * 0.46):
                self.line(canvas, BOLD, 13, centre, down, text)
                down += 17
        return max(top, down)

    def _recipients(self, canvas: Any, room: float) -> float:
        self._left(canvas, BOLD_ITALIC, 12, 0, "Nơi nhận:")
        top = 16.0
        names = [f"{name};" for name in self.head.recipients] + [f"Lưu: {self.head.archive}."]
        for name in names:
            for at, text in enumerate(wrapped(f"- {name}", REGULAR, 11, room)):
                self._left(canvas, REGULAR, 11, top, text, 5 if at else 0)
                top += 13.5
        return top

    def _left(self, canvas: Any, face: str, size: float, top: float, text: str, x: float = 0) -> None:
        if canvas is not None:
            canvas.setFont(face, size)
            canvas.drawString(x, self.height - top - size, text)
