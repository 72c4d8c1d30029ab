"""A questionnaire on paper, for interviews where no telephone works: A4, one form after the other.

Every form bears a number of its own, under which two people key it in later. Boxes are large enough for a
thick pen on a knee, and each stands before its words; what only some are asked says whom it is for.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from exports.faces import draw_face
from exports.fonts import BOLD, ITALIC, REGULAR, register_fonts, width_of
from exports.letterhead import wrapped
from exports.texts import clean
from surveys.questionnaire import Questionnaire
from surveys.questions import Option, Question

MOST_FORMS: Final = 200
BOX: Final = 6 * mm
_LEFT: Final = 18 * mm
_RIGHT: Final = A4[0] - 15 * mm
_TOP: Final = A4[1] - 14 * mm
_BOTTOM: Final = 17 * mm
_ROOM: Final = _RIGHT - _LEFT
_SIZE: Final = 11
_LEADING: Final = 14.6
_GAP: Final = 9
_FACE: Final = 11 * mm
_NUMBER_ROOM: Final = 8 * mm
_FIRST_HEAD: Final[float] = 22 * mm
_LATER_HEAD: Final[float] = 13 * mm
_SLIP_ROOM: Final[float] = 45 * mm
_INK, _QUIET, _RULE = HexColor("#1B2733"), HexColor("#52606D"), HexColor("#6B7680")


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
class InterviewSheet:
    """`numbers`: those of the forms, as printed. `place` and `round` stand in the head.

    `slips`: a code for each form, printed twice at its end, once on a part to tear off for the household.
    """

    questionnaire: Questionnaire
    language: str
    round: str
    place: str
    numbers: Sequence[str]
    words: SheetWords
    demo: str = ""
    slips: Sequence[str] = ()


def interview_sheet(sheet: InterviewSheet) -> bytes:
    """The forms as PDF, each beginning on a page of its own. Raises ValueError for none or over 200."""
    if not 0 < len(sheet.numbers) <= MOST_FORMS:
        raise ValueError(f"From 1 to {MOST_FORMS} forms are printed at once, not {len(sheet.numbers)}.")
    register_fonts()
    blocks = _blocks(sheet)
    # The one block that is another on every form: only its room is known before.
    slip = _Block(_SLIP_ROOM, lambda _canvas, _y: None)
    pages = _paginated([*blocks, slip] if sheet.slips else blocks)
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, pageCompression=1, lang=sheet.language, invariant=1)
    canvas.setTitle(clean(sheet.questionnaire.title.get(sheet.language)))
    for form, number in enumerate(sheet.numbers):
        for at, page in enumerate(pages):
            canvas.setFillColor(_INK)
            canvas.setStrokeColor(_INK)
            y = _TOP - _head(canvas, sheet, number, first=at == 0)
            for block in page:
                if block is slip:
                    _slip(canvas, y, sheet.words, sheet.slips[form])
                block.draw(canvas, y)
                y -= block.height + _GAP
            # What is torn off for the household does not bear the number of the form.
            _foot(canvas, sheet, "" if slip in page else number, at + 1, len(pages))
            canvas.showPage()
    canvas.save()
    return stream.getvalue()


@dataclass(frozen=True)
class _Block:
    """What stays together on a page: its height, and how it is drawn from its upper edge."""

    height: float
    draw: Callable[[Any, float], None]


def _paginated(blocks: Sequence[_Block]) -> list[list[_Block]]:
    pages: list[list[_Block]] = [[]]
    left = _TOP - _BOTTOM - _FIRST_HEAD
    for block in blocks:
        if pages[-1] and block.height > left:
            pages.append([])
            left = _TOP - _BOTTOM - _LATER_HEAD
        pages[-1].append(block)
        left -= block.height + _GAP
    return pages


def _head(canvas: Any, sheet: InterviewSheet, number: str, *, first: bool) -> float:
    """Title and number; what it takes of the page."""
    words = clean(sheet.words.form.format(number=number))
    canvas.setFont(BOLD, 13)
    room = width_of(words, BOLD, 13) + 10
    canvas.roundRect(_RIGHT - room, _TOP - 20, room, 20, 4)
    canvas.drawString(_RIGHT - room + 5, _TOP - 14.5, words)
    if not first:
        canvas.line(_LEFT, _TOP - 26, _RIGHT, _TOP - 26)
        return _LATER_HEAD
    title = wrapped(clean(sheet.questionnaire.title.get(sheet.language)), BOLD, 14, _ROOM - room - 12)
    canvas.setFont(BOLD, 14)
    for at, line in enumerate(title[:2]):
        canvas.drawString(_LEFT, _TOP - 14 - at * 17, line)
    canvas.setFont(REGULAR, 9.5)
    canvas.setFillColor(_QUIET)
    below = " · ".join(clean(text) for text in (sheet.round, sheet.place, sheet.demo) if text)
    canvas.drawString(_LEFT, _TOP - 18 - len(title[:2]) * 15, wrapped(below, REGULAR, 9.5, _ROOM)[0])
    canvas.setFillColor(_INK)
    return _FIRST_HEAD


def _foot(canvas: Any, sheet: InterviewSheet, number: str, page: int, of: int) -> None:
    canvas.setFont(REGULAR, 9)
    canvas.setFillColor(_QUIET)
    form = sheet.questionnaire
    canvas.drawString(_LEFT, 9 * mm, clean(f"{form.code} {form.version}"))
    if number:
        words = sheet.words.page.format(number=number, page=page, of=of)
        canvas.drawRightString(_RIGHT, 9 * mm, clean(words))
    canvas.setFillColor(_INK)


def _blocks(sheet: InterviewSheet) -> list[_Block]:
    form, language = sheet.questionnaire, sheet.language
    blocks = [_fields(line) for line in sheet.words.fields]
    blocks.append(_said(clean(form.intro.get(language))))
    places = {question.id: at for at, question in enumerate(form.questions, 1)}
    group = ""
    for at, question in enumerate(form.questions, 1):
        if question.group and question.group != group:
            heading = form.group(question.group).label.get(language)
            blocks.append(_paragraph([(BOLD, line) for line in wrapped(clean(heading), BOLD, _SIZE, _ROOM)]))
        group = question.group or ""
        blocks.append(_question(at, question, sheet, places))
    thanks = clean(form.thanks.get(language))
    blocks.append(_said(thanks))
    blocks.append(
        _paragraph([(ITALIC, line) for line in wrapped(clean(sheet.words.end), ITALIC, _SIZE, _ROOM)])
    )
    return blocks


def _fields(line: Sequence[tuple[str, float]]) -> _Block:
    """Words with a dotted line behind each, to be filled in with a pen."""

    def draw(canvas: Any, y: float) -> None:
        x = _LEFT
        canvas.setFont(REGULAR, _SIZE)
        for words, share in line:
            end = x + _ROOM * share - 8
            canvas.drawString(x, y - 14, clean(words))
            canvas.setDash(1, 2)
            canvas.line(min(end, x + width_of(clean(words), REGULAR, _SIZE) + 4), y - 16, end, y - 16)
            canvas.setDash()
            x += _ROOM * share

    return _Block(18, draw)


def _said(text: str) -> _Block:
    """What is read aloud: in a frame of its own."""
    lines = wrapped(text, ITALIC, _SIZE, _ROOM - 16)
    height = len(lines) * _LEADING + 10

    def draw(canvas: Any, y: float) -> None:
        canvas.setStrokeColor(_RULE)
        canvas.roundRect(_LEFT, y - height, _ROOM, height, 4)
        canvas.setStrokeColor(_INK)
        canvas.setFont(ITALIC, _SIZE)
        for at, line in enumerate(lines):
            canvas.drawString(_LEFT + 8, y - 5 - 11 - at * _LEADING, line)

    return _Block(height, draw)


def _slip(canvas: Any, y: float, words: SheetWords, slip: str) -> None:
    """What the household agrees to, with the code for the form; below a line to cut, the code to keep."""
    title = clean(words.slip_title.format(slip=f"{slip[:4]} {slip[4:]}"))
    asked = wrapped(clean(words.slip_asked), REGULAR, _SIZE, _ROOM - _NUMBER_ROOM)
    _box(canvas, _LEFT, y)
    canvas.setFont(REGULAR, _SIZE)
    for at, line in enumerate(asked):
        canvas.drawString(_LEFT + _NUMBER_ROOM, y - 12.5 - at * _LEADING, line)
    y -= 12.5 + len(asked) * _LEADING
    canvas.setFont(BOLD, 13)
    canvas.drawString(_LEFT + _NUMBER_ROOM, y - 4, title)
    y -= 20
    canvas.setDash(6, 4)
    canvas.line(_LEFT, y, _RIGHT, y)
    canvas.setDash()
    canvas.setFont(BOLD, 14)
    canvas.drawString(_LEFT, y - 20, title)
    canvas.setFont(REGULAR, _SIZE)
    for at, line in enumerate(wrapped(clean(words.slip_text), REGULAR, _SIZE, _ROOM)):
        canvas.drawString(_LEFT, y - 38 - at * _LEADING, line)


def _paragraph(lines: Sequence[tuple[str, str]], indent: float = 0) -> _Block:
    def draw(canvas: Any, y: float) -> None:
        for at, (face, line) in enumerate(lines):
            canvas.setFont(face, _SIZE)
            canvas.drawString(_LEFT + indent, y - 11 - at * _LEADING, line)

    return _Block(len(lines) * _LEADING, draw)


def _question(at: int, question: Question, sheet: InterviewSheet, places: dict[str, int]) -> _Block:
    room = _ROOM - _NUMBER_ROOM
    label = clean(question.label.get(sheet.language))
    lines = [(BOLD, line) for line in wrapped(label, BOLD, _SIZE, room)]
    for note in _notes(question, sheet, places):
        lines += [(ITALIC, line) for line in wrapped(clean(note), ITALIC, _SIZE, room)]
    head = _paragraph(lines, _NUMBER_ROOM)
    body = _body(question, sheet.language)

    def draw(canvas: Any, y: float) -> None:
        canvas.setFont(BOLD, _SIZE)
        canvas.drawString(_LEFT, y - 11, f"{at}.")
        head.draw(canvas, y)
        body.draw(canvas, y - head.height - 4)

    return _Block(head.height + 4 + body.height, draw)


def _notes(question: Question, sheet: InterviewSheet, places: dict[str, int]) -> list[str]:
    """Whom it is for, how to choose, and the hint that the questionnaire itself gives."""
    notes = []
    condition = question.show_if
    if condition is not None:
        asked = next(q for q in sheet.questionnaire.questions if q.id == condition.question)
        given = {str(value) for value in condition.values}
        leading = [option for option in asked.offered if (option.value in given) is not condition.negated]
        answers = " / ".join(f"“{option.label.get(sheet.language)}”" for option in leading)
        notes.append(sheet.words.only_if.format(question=places[condition.question], answers=answers))
    if question.hint is not None:
        notes.append(question.hint.get(sheet.language))
    elif question.type == "choices":
        notes.append(sheet.words.choose_any)
    return notes


def _body(question: Question, language: str) -> _Block:
    if question.type == "text":
        return _writing()
    if question.type == "scale":
        return _scale(question, language)
    return _options(question.options, language)


def _writing() -> _Block:
    """Two lines to write on."""

    def draw(canvas: Any, y: float) -> None:
        canvas.setDash(1, 2)
        for below in (18, 38):
            canvas.line(_LEFT + _NUMBER_ROOM, y - below, _RIGHT, y - below)
        canvas.setDash()

    return _Block(40, draw)


def _options(options: Sequence[Option], language: str) -> _Block:
    """Boxes in as many columns of equal width as the longest answer allows, at most three."""
    texts = [clean(option.label.get(language)) for option in options]
    room = _ROOM - _NUMBER_ROOM
    longest = max(width_of(text, REGULAR, _SIZE) for text in texts) + BOX + 16
    columns = max(1, min(3, len(texts), int(room // longest)))
    column = room / columns
    wraps = [wrapped(text, REGULAR, _SIZE, column - BOX - 10) for text in texts]
    rows = [range(start, min(start + columns, len(texts))) for start in range(0, len(texts), columns)]
    heights = [max(BOX + 5, max(len(wraps[at]) for at in row) * _LEADING + 4) for row in rows]

    def draw(canvas: Any, y: float) -> None:
        canvas.setFont(REGULAR, _SIZE)
        for row, height in zip(rows, heights, strict=True):
            for place, at in enumerate(row):
                x = _LEFT + _NUMBER_ROOM + place * column
                _box(canvas, x, y)
                for below, line in enumerate(wraps[at]):
                    canvas.drawString(x + BOX + 6, y - 12.5 - below * _LEADING, line)
            y -= height

    return _Block(sum(heights), draw)


def _scale(question: Question, language: str) -> _Block:
    """Five faces side by side, best first as everywhere, the word and the box under each."""
    column = (_ROOM - _NUMBER_ROOM) / 5
    words = [wrapped(clean(o.label.get(language)), REGULAR, _SIZE, column - 4) for o in question.levels]
    deep = max(len(lines) for lines in words) * _LEADING
    others = _options(question.options, language) if question.options else _Block(0, lambda _canvas, _y: None)
    height = _FACE + deep + BOX + 10

    def draw(canvas: Any, y: float) -> None:
        for at, (level, lines) in enumerate(zip(question.levels, words, strict=True)):
            centre = _LEFT + _NUMBER_ROOM + column * (at + 0.5)
            draw_face(canvas, int(level.value), centre - _FACE / 2, y, _FACE)
            canvas.setFont(REGULAR, _SIZE)
            for below, line in enumerate(lines):
                canvas.drawCentredString(centre, y - _FACE - 12 - below * _LEADING, line)
            _box(canvas, centre - BOX / 2, y - _FACE - deep - 5)
        others.draw(canvas, y - height)

    return _Block(height + others.height, draw)


def _box(canvas: Any, left: float, top: float) -> None:
    canvas.setLineWidth(1)
    canvas.roundRect(left, top - BOX, BOX, BOX, 2)
