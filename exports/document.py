"""The official page of Decree 30/2020/NĐ-CP as a PDF: text that copies, fonts inside, a way to every part.

The same input gives the same bytes: the time of making is a parameter and nothing random enters the file.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)

from exports.drawing import to_drawing
from exports.fonts import BOLD, ITALIC, REGULAR, register_fonts
from exports.head import Head
from exports.letterhead import BODY_SIZE, AppendixTitle, LetterHead, Signature, TitleBlock
from exports.shapes import Chart
from exports.tables import Column, make_table
from surveys.periods import local_day

LEFT: Final = 30 * mm
RIGHT: Final = 17 * mm
TOP: Final = 20 * mm
BOTTOM: Final = 20 * mm
WIDTH: Final = A4[0] - LEFT - RIGHT
INDENT: Final = 12.7 * mm
CHART_WIDTH: Final = 620
"""Charts are built this wide and scaled to the page: 14 units of type become ten points."""

DRAFT: Final = "DỰ THẢO"
DEMONSTRATION: Final = "DỮ LIỆU MINH HỌA – không phải số liệu thật"
PRODUCT: Final = "Hài Lòng"
_DRAFT_GREY: Final = HexColor("#ECECEC")
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True)
class DocumentInfo:
    """What a document is called and what it is; `made_at` is the creation time that the file states."""

    title: str
    author: str
    subject: str
    made_at: datetime
    draft: bool = True
    demo: bool = False


def clean(text: str) -> str:
    """Composed letters (NFC), so that what is copied out of the file can be searched for."""
    return unicodedata.normalize("NFC", text)


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
SHORT_TABLE: Final = 8
"""Rows up to which a table is not split over two pages."""


class OfficialDocument:
    """A document under construction: parts are added in reading order, `render` gives the file."""

    def __init__(self, info: DocumentInfo, head: Head, kind: str, abstract: str) -> None:
        register_fonts()
        self._info, self._head = info, head
        self._tables = self._charts = self._appendices = 0
        self._waiting: list[Any] = []
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
        heading.outline = (clean(text), level)
        self._waiting.append(heading)

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

    def paragraph(self, *sentences: str) -> None:
        words = " ".join(sentence for sentence in sentences if sentence)
        if words:
            self._add(_paragraph(words, _BODY))

    def basis(self, sentences: Iterable[str]) -> None:
        """The legal basis, in italics, one paragraph for each document."""
        for sentence in sentences:
            self._add(_paragraph(sentence, _BASIS))

    def items(self, texts: Iterable[str]) -> None:
        for text in texts:
            self._add(_paragraph(f"- {text}", _ITEM))

    def table(
        self, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], source: str = "",
        bold_rows: Sequence[int] = (),
    ) -> None:  # fmt: skip
        """ "Bảng n. …", the table, and under it source and n."""
        self._tables += 1
        head = Paragraph(escape(clean(f"Bảng {self._tables}. {caption}")), _CAPTION)
        cells = [[clean(text) for text in row] for row in rows]
        body = make_table(columns, cells, WIDTH, bold_rows)
        foot = _paragraph(source, _SOURCE) if source else Spacer(1, 8)
        self._add(head, body, foot, whole=len(rows) <= SHORT_TABLE)

    def chart(self, caption: str, sentence: str, chart: Chart, source: str = "") -> None:
        """A sentence that says what is seen, "Biểu đồ n. …", the drawing and its source, kept together."""
        self._charts += 1
        head = Paragraph(escape(clean(f"Biểu đồ {self._charts}. {caption}")), _CAPTION)
        before = [_paragraph(sentence, _BODY)] if sentence else []
        after = [_paragraph(source, _SOURCE)] if source else []
        self._add(*before, head, to_drawing(chart, WIDTH), Spacer(1, 3), *after)

    def choices(self, question: str, choices: str) -> None:
        """A question of a questionnaire and under it what can be chosen."""
        below = [_paragraph(choices, _CHOICES)] if choices else []
        self._add(_paragraph(question, _ITEM), *below)

    @property
    def next_table(self) -> int:
        """The number that the next table will bear, for a sentence that points to it."""
        return self._tables + 1

    def close(self, *sentences: str) -> None:
        """The last words of the body, ended with "./.", then recipients and signature."""
        words = " ".join(sentences).rstrip(".")
        # A page with nothing but a signature could be laid under any other report.
        self._add(_paragraph(f"{words}./.", _BODY), Spacer(1, 10), Signature(self._head))

    def appendix(self, name: str) -> None:
        """A new page "Phụ lục I", "Phụ lục II" …"""
        number = _ROMAN[self._appendices]
        self._appendices += 1
        block = AppendixTitle(number, clean(name), self._head.attached_line(self._day))
        block.outline = (f"Phụ lục {number}. {clean(name)}", 0)
        self._story += [PageBreak(), block]

    def render(self) -> bytes:
        target = io.BytesIO()
        template = _Template(target, self._info)
        template.build(self._story, canvasmaker=_canvas_of(self._info))
        return target.getvalue()


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(clean(text)), style)


class _Template(BaseDocTemplate):  # type: ignore[misc]
    """A4 with the margins of the decree; draws what stands on every page and collects the outline."""

    def __init__(self, target: io.BytesIO, info: DocumentInfo) -> None:
        super().__init__(
            target, pagesize=A4, title=clean(info.title), author=clean(info.author),
            subject=clean(info.subject), creator=PRODUCT, producer=PRODUCT, lang="vi", invariant=1,
            initialFontName=REGULAR, initialFontSize=BODY_SIZE, pageCompression=1,
        )  # fmt: skip
        self._info = info
        self._marks = 0
        frame = Frame(
            LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0,
            bottomPadding=0,
        )  # fmt: skip
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self._page)])

    def _page(self, canvas: Any, document: Any) -> None:
        """Drawn before the text, so that "DỰ THẢO" lies beneath it."""
        canvas.saveState()
        if self._info.draft:
            canvas.saveState()
            canvas.setFillColor(_DRAFT_GREY)
            canvas.setFont(BOLD, 110)
            canvas.translate(A4[0] / 2, A4[1] / 2)
            canvas.rotate(52)
            canvas.drawCentredString(0, -38, DRAFT)
            canvas.restoreState()
        if document.page > 1:
            canvas.setFont(REGULAR, 13)
            canvas.drawCentredString(A4[0] / 2, A4[1] - 13 * mm, str(document.page))
        if self._info.demo:
            canvas.setFont(BOLD, 11)
            canvas.drawCentredString(A4[0] / 2, 10 * mm, DEMONSTRATION)
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:
        outline = getattr(flowable, "outline", None)
        if outline is None:
            return
        text, level = outline
        self._marks += 1
        key = f"part-{self._marks}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level, closed=False)


class _Moment:
    """The time of making in the shape that the PDF library asks of its clock."""

    def __init__(self, made_at: datetime) -> None:
        utc = made_at.astimezone(UTC)
        self.t = utc.timestamp()
        self.YMDhms = utc.timetuple()[:6]
        self.dhh = self.dmm = 0


def _canvas_of(info: DocumentInfo) -> Any:
    def make(*args: Any, **kwargs: Any) -> Canvas:
        canvas = Canvas(*args, **kwargs)
        canvas._doc._timeStamp = _Moment(info.made_at)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.showOutline()
        return canvas

    return make
