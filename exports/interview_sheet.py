"""A questionnaire on paper, for interviews where no telephone works: A4, one form after the other.

Every form bears a number of its own, under which two people key it in later; what only some are asked says
whom it is for.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from exports.fonts import BOLD, ITALIC, REGULAR, register_fonts, width_of
from exports.letterhead import wrapped
from exports.paper_words import MOST_FORMS, SheetWords
from exports.sheet_blocks import (
    FIRST_HEAD,
    GAP,
    INK,
    LATER_HEAD,
    LEADING,
    LEFT,
    NUMBER_ROOM,
    QUIET,
    RIGHT,
    ROOM,
    SIZE,
    TOP,
    Block,
    answers_block,
    draw_box,
    fields_line,
    paginated,
    paragraph,
    said,
)
from exports.texts import clean
from surveys.questionnaire import Questionnaire
from surveys.questions import Question

_SLIP_ROOM: Final[float] = 45 * mm


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
    slip = Block(_SLIP_ROOM, lambda _canvas, _y: None)
    pages = paginated([*blocks, slip] if sheet.slips else blocks)
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, pageCompression=1, lang=sheet.language, invariant=1)
    canvas.setTitle(clean(sheet.questionnaire.title.get(sheet.language)))
    for form, number in enumerate(sheet.numbers):
        for at, page in enumerate(pages):
            canvas.setFillColor(INK)
            canvas.setStrokeColor(INK)
            y = TOP - _head(canvas, sheet, number, first=at == 0)
            for block in page:
                if block is slip:
                    _slip(canvas, y, sheet.words, sheet.slips[form])
                block.draw(canvas, y)
                y -= block.height + GAP
            # What is torn off for the household does not bear the number of the form.
            _foot(canvas, sheet, "" if slip in page else number, at + 1, len(pages))
            canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _head(canvas: Any, sheet: InterviewSheet, number: str, *, first: bool) -> float:
    """Title and number; what it takes of the page."""
    words = clean(sheet.words.form.format(number=number))
    canvas.setFont(BOLD, 13)
    room = width_of(words, BOLD, 13) + 10
    canvas.roundRect(RIGHT - room, TOP - 20, room, 20, 4)
    canvas.drawString(RIGHT - room + 5, TOP - 14.5, words)
    if not first:
        canvas.line(LEFT, TOP - 26, RIGHT, TOP - 26)
        return LATER_HEAD
    title = wrapped(clean(sheet.questionnaire.title.get(sheet.language)), BOLD, 14, ROOM - room - 12)
    canvas.setFont(BOLD, 14)
    for at, line in enumerate(title[:2]):
        canvas.drawString(LEFT, TOP - 14 - at * 17, line)
    canvas.setFont(REGULAR, 9.5)
    canvas.setFillColor(QUIET)
    below = " · ".join(clean(text) for text in (sheet.round, sheet.place, sheet.demo) if text)
    canvas.drawString(LEFT, TOP - 18 - len(title[:2]) * 15, wrapped(below, REGULAR, 9.5, ROOM)[0])
    canvas.setFillColor(INK)
    return FIRST_HEAD


def _foot(canvas: Any, sheet: InterviewSheet, number: str, page: int, of: int) -> None:
    canvas.setFont(REGULAR, 9)
    canvas.setFillColor(QUIET)
    form = sheet.questionnaire
    canvas.drawString(LEFT, 9 * mm, clean(f"{form.code} {form.version}"))
    if number:
        words = sheet.words.page.format(number=number, page=page, of=of)
        canvas.drawRightString(RIGHT, 9 * mm, clean(words))
    canvas.setFillColor(INK)


def _blocks(sheet: InterviewSheet) -> list[Block]:
    form, language = sheet.questionnaire, sheet.language
    blocks = [fields_line(line) for line in sheet.words.fields]
    blocks.append(said(clean(form.intro.get(language))))
    places = {question.id: at for at, question in enumerate(form.questions, 1)}
    group = ""
    for at, question in enumerate(form.questions, 1):
        if question.group and question.group != group:
            heading = form.group(question.group).label.get(language)
            blocks.append(paragraph([(BOLD, line) for line in wrapped(clean(heading), BOLD, SIZE, ROOM)]))
        group = question.group or ""
        blocks.append(_question(at, question, sheet, places))
    thanks = clean(form.thanks.get(language))
    blocks.append(said(thanks))
    blocks.append(paragraph([(ITALIC, line) for line in wrapped(clean(sheet.words.end), ITALIC, SIZE, ROOM)]))
    return blocks


def _slip(canvas: Any, y: float, words: SheetWords, slip: str) -> None:
    """What the household agrees to, with the code for the form; below a line to cut, the code to keep."""
    title = clean(words.slip_title.format(slip=f"{slip[:4]} {slip[4:]}"))
    asked = wrapped(clean(words.slip_asked), REGULAR, SIZE, ROOM - NUMBER_ROOM)
    draw_box(canvas, LEFT, y)
    canvas.setFont(REGULAR, SIZE)
    for at, line in enumerate(asked):
        canvas.drawString(LEFT + NUMBER_ROOM, y - 12.5 - at * LEADING, line)
    y -= 12.5 + len(asked) * LEADING
    canvas.setFont(BOLD, 13)
    canvas.drawString(LEFT + NUMBER_ROOM, y - 4, title)
    y -= 20
    canvas.setDash(6, 4)
    canvas.line(LEFT, y, RIGHT, y)
    canvas.setDash()
    canvas.setFont(BOLD, 14)
    canvas.drawString(LEFT, y - 20, title)
    canvas.setFont(REGULAR, SIZE)
    for at, line in enumerate(wrapped(clean(words.slip_text), REGULAR, SIZE, ROOM)):
        canvas.drawString(LEFT, y - 38 - at * LEADING, line)


def _question(at: int, question: Question, sheet: InterviewSheet, places: dict[str, int]) -> Block:
    room = ROOM - NUMBER_ROOM
    label = clean(question.label.get(sheet.language))
    lines = [(BOLD, line) for line in wrapped(label, BOLD, SIZE, room)]
    for note in _notes(question, sheet, places):
        lines += [(ITALIC, line) for line in wrapped(clean(note), ITALIC, SIZE, room)]
    head = paragraph(lines, NUMBER_ROOM)
    body = answers_block(question, sheet.language)

    def draw(canvas: Any, y: float) -> None:
        canvas.setFont(BOLD, SIZE)
        canvas.drawString(LEFT, y - 11, f"{at}.")
        head.draw(canvas, y)
        body.draw(canvas, y - head.height - 4)

    return Block(head.height + 4 + body.height, draw)


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
