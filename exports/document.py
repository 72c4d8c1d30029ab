"""The official page of Decree 30/2020/NĐ-CP as a PDF: text that copies, fonts inside, a way to every part.

The same input gives the same bytes: the time of making is a parameter and nothing random enters the file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Paragraph, Spacer

from exports.contents import Contents
from exports.drawing import to_drawing
from exports.fonts import BOLD, ITALIC, REGULAR, register_fonts
from exports.head import Head
from exports.letterhead import BODY_SIZE, AppendixTitle, LetterHead, Signature, TitleBlock
from exports.page import DEMONSTRATION, WIDTH, DocumentInfo, Foot, Mark, Sheets
from exports.shapes import Chart
from exports.tables import Column, make_table
from exports.texts import clean
from surveys.periods import local_day

__all__ = [
    "CHART_WIDTH", "DEMONSTRATION", "DocumentInfo", "Foot", "OfficialDocument", "clean",
]  # fmt: skip

INDENT: Final = 12.7 * mm
CHART_WIDTH: Final = 620
"""Charts are built this wide and scaled to the page: 14 units of type become ten points."""
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def _style(name: str, face: str = REGULAR, size: float = BODY_SIZE, **options: Any) -> ParagraphStyle:
    leading = options.pop("leading", size * 1.3)
    return ParagraphStyle(
        name, fontName=face, bulletFontName=face, fontSize=size, leading=leading, allowWidows=0,
        allowOrphans=0, **options,
    )  # fmt: skip


_BODY: Final = _style("body", alignment=TA_JUSTIFY, firstLineIndent=INDENT, spaceAfter=6)
_BASIS: Final = _style("basis", ITALIC, alignment=TA_JUSTIFY, firstLineIndent=INDENT, spaceAfter=4)
_ITEM: Final = _style("item", alignment=TA_JUSTIFY, firstLineIndent=INDENT, spaceAfter=4)
_HEADINGS: Final = (
    _style("section", BOLD, firstLineIndent=INDENT, spaceBefore=8, spaceAfter=5),
    _style("part", BOLD, firstLineIndent=INDENT, spaceBefore=4, spaceAfter=4),
)
_CAPTION: Final = _style("caption", BOLD, 12, alignment=TA_CENTER, spaceBefore=6, spaceAfter=3)
_SOURCE: Final = _style("source", ITALIC, 11, alignment=TA_LEFT, spaceAfter=8)
_CHOICES: Final = _style("choices", ITALIC, 12, alignment=TA_LEFT, leftIndent=INDENT, spaceAfter=5)
LEAST_START: Final = 160
"""Room that a long table needs to begin on a page: its head and two rows."""
SHORT_ANNEX: Final = 170
"""Room for the title of an annex, on four lines, and a sentence."""
SHORT_TABLE: Final = 8
"""Rows up to which a table is not split over two pages."""


class OfficialDocument:
    """A document under construction: parts are added in reading order, `render` gives the file.

    Tables and drawings are counted from 1. A `label` such as "Bảng 5a" names one otherwise, for documents
    whose outline gives every table its number.
    """

    def __init__(self, info: DocumentInfo, head: Head, kind: str, abstract: str) -> None:
        register_fonts()
        self._info, self._head = info, head
        self._tables = self._charts = self._appendices = 0
        self._waiting: list[Any] = []
        self._marks: list[Mark] = []
        self._contents: Contents | None = None
        self._day = local_day(info.made_at)
        self._story: list[Flowable] = [
            LetterHead(head, self._day),
            TitleBlock(kind, clean(abstract), head.addressee),
        ]

    def section(self, text: str) -> None:
        self._heading(text, 0)

    def part(self, text: str) -> None:
        self._heading(text, 1)

    def _heading(self, text: str, level: int) -> None:
        heading = Paragraph(escape(clean(text)), _HEADINGS[level])
        self._waiting.append(self._marked(heading, text, level))

    def _marked(self, flowable: Any, text: str, level: int) -> Any:
        flowable.mark = Mark(f"part-{len(self._marks) + 1}", clean(text), level)
        self._marks.append(flowable.mark)
        return flowable

    def _add(self, *block: Flowable, whole: bool = True) -> None:
        """A block under the headings that wait for one: no heading stays behind at the foot of a page.

        `whole` keeps the block on one page; otherwise it begins where its first lines have room.
        """
        if whole and (self._waiting or len(block) > 1):
            self._story.append(KeepTogether([*self._waiting, *block]))
        elif whole:
            self._story += block
        else:
            room = LEAST_START + sum(heading.style.leading + 16 for heading in self._waiting)
            self._story += [CondPageBreak(room), *self._waiting, *block]
        self._waiting = []

    def contents(self) -> None:
        """Here stands where each section and annex begins, also those that are added later."""
        self._contents = Contents(self._marks)
        self._add(Spacer(1, 6), self._contents)

    def block(self, *flowables: Flowable) -> None:
        """Something drawn by somebody else, kept on one page."""
        self._add(*(flowables if self._waiting else [KeepTogether(list(flowables))]))

    def paragraph(self, *sentences: str) -> None:
        words = " ".join(sentence for sentence in sentences if sentence)
        if words:
            self._add(_paragraph(words, _BODY))

    def note(self, text: str) -> None:
        """Small words under what stands above; nothing where there are none."""
        if text:
            self._add(_paragraph(text, _SOURCE))

    def basis(self, sentences: Iterable[str]) -> None:
        """The legal basis, in italics, one paragraph for each document."""
        for sentence in sentences:
            self._add(_paragraph(sentence, _BASIS))

    def items(self, texts: Iterable[str]) -> None:
        for text in texts:
            self._add(_paragraph(f"- {text}", _ITEM))

    def table(
        self, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], source: str = "",
        bold_rows: Sequence[int] = (), label: str = "",
    ) -> None:  # fmt: skip
        """ "Bảng n. …", the table, and under it source and n."""
        head = self._table_head(caption, label)
        cells = [[clean(text) for text in row] for row in rows]
        foot = _paragraph(source, _SOURCE) if source else None
        body = make_table(columns, cells, WIDTH, bold_rows, foot)
        self._add(head, body, *([] if source else [Spacer(1, 8)]), whole=len(rows) <= SHORT_TABLE)

    def empty_table(self, caption: str, sentence: str, label: str = "") -> None:
        """The number and name of a table that has nothing to show, and why."""
        self._add(self._table_head(caption, label), _paragraph(sentence, _BODY))

    def _table_head(self, caption: str, label: str) -> Any:
        self._tables += not label
        return self._caption(label or f"Bảng {self._tables}", caption)

    def _caption(self, label: str, caption: str) -> Any:
        text = f"{label}. {caption}" if caption else label
        return self._marked(_paragraph(text, _CAPTION), text, 1)

    def chart(self, caption: str, sentence: str, chart: Chart, source: str = "", label: str = "") -> str:
        """A sentence that says what is seen, "Biểu đồ n. …", the drawing and its source, kept together.

        Returns the name under which a table may speak of the drawing: "Biểu đồ 3".
        """
        before = [_paragraph(sentence, _BODY)] if sentence else []
        after = [_paragraph(source, _SOURCE)] if source else []
        self._add(*before, self._chart_head(caption, label), to_drawing(chart, WIDTH), Spacer(1, 3), *after)
        return label or self._chart_name

    def empty_chart(self, caption: str, sentence: str, label: str = "") -> None:
        self._add(self._chart_head(caption, label), _paragraph(sentence, _BODY))

    def _chart_head(self, caption: str, label: str) -> Any:
        self._charts += not label
        return self._caption(label or self._chart_name, caption)

    @property
    def _chart_name(self) -> str:
        return f"Biểu đồ {self._charts}"

    def choices(self, question: str, choices: str) -> None:
        """A question of a questionnaire and under it what can be chosen."""
        below = [_paragraph(choices, _CHOICES)] if choices else []
        self._add(_paragraph(question, _ITEM), *below)

    def close(self, *sentences: str) -> None:
        """The last words of the body, ended with "./.", then recipients and signature."""
        words = " ".join(sentences).rstrip(".")
        # A page with nothing but a signature could be laid under any other report.
        self._add(_paragraph(f"{words}./.", _BODY), Spacer(1, 10), Signature(self._head))

    def appendix(self, name: str, *, short: bool = False) -> None:
        """A new page "Phụ lục I", "Phụ lục II" …; for a `short` one of a sentence no page is begun."""
        number = _ROMAN[self._appendices]
        self._appendices += 1
        block = AppendixTitle(number, clean(name), self._head.attached_line(self._day))
        begin = [CondPageBreak(SHORT_ANNEX), Spacer(1, 24)] if short else [PageBreak()]
        self._story += [*begin, self._marked(block, f"Phụ lục {number}. {name}", 0)]

    def render(self) -> bytes:
        target = io.BytesIO()
        at_end = self._contents.fill if self._contents else None
        Sheets(target, self._info, at_end).set(self._story)
        return target.getvalue()


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(clean(text)), style)
