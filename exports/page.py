"""The sheet of paper under a document: A4 with the margins of Decree 30/2020/NĐ-CP and what stands on each.

Page number, foot and marks are drawn before the text, so that "DỰ THẢO" lies beneath it. The same input gives
the same bytes: the time of making is a parameter and nothing random enters the file.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from exports.fonts import BOLD, REGULAR
from exports.letterhead import BODY_SIZE
from exports.qr_code import draw_qr_code
from exports.texts import clean

LEFT: Final = 30 * mm
RIGHT: Final = 17 * mm
TOP: Final = 20 * mm
BOTTOM: Final = 22 * mm
WIDTH: Final = A4[0] - LEFT - RIGHT

DRAFT: Final = "DỰ THẢO"
DEMONSTRATION: Final = "DỮ LIỆU MINH HỌA – không phải số liệu thật"
PRODUCT: Final = "Hài Lòng"
FOOT_SIZE: Final = 8.5
LOWEST: Final = 5.5 * mm
"""No line stands nearer to the edge, where printers leave the paper white."""
_DRAFT_GREY: Final = HexColor("#ECECEC")
_FOOT_INK: Final = HexColor("#3A4651")
_QR_SIDE: Final = 13.5 * mm
_QR_FORM: Final = "qr-code"


@dataclass(frozen=True)
class Foot:
    """The small lines at the foot of every page, and the address that the QR code beside them leads to."""

    lines: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True)
class DocumentInfo:
    """What a document is called and what it is; `made_at` is the creation time that the file states."""

    title: str
    author: str
    subject: str
    made_at: datetime
    draft: bool = True
    demo: bool = False
    foot: Foot = Foot()


@dataclass(frozen=True)
class Mark:
    """A place that the outline of the file leads to; the page is known once the text has been set."""

    key: str
    text: str
    level: int


class Sheets(BaseDocTemplate):  # type: ignore[misc]  # ReportLab has no types
    """Sets the flowables on pages, draws what stands on each, and collects the outline.

    A flowable with an attribute `mark` (a `Mark`) is bookmarked. `at_end` is called with the canvas and the
    pages of all marks after the last page, and may define forms that earlier pages already show.
    """

    def __init__(
        self,
        target: io.BytesIO,
        info: DocumentInfo,
        at_end: Callable[[Any, dict[str, int]], None] | None = None,
    ) -> None:
        super().__init__(
            target, pagesize=A4, title=clean(info.title), author=clean(info.author),
            subject=clean(info.subject), creator=PRODUCT, producer=PRODUCT, lang="vi", invariant=1,
            initialFontName=REGULAR, initialFontSize=BODY_SIZE, pageCompression=1,
        )  # fmt: skip
        self._info, self._at_end = info, at_end
        self._pages_of: dict[str, int] = {}
        frame = Frame(
            LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0,
            bottomPadding=0,
        )  # fmt: skip
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self._page)])

    def set(self, story: list[Flowable]) -> None:
        self.build(story, canvasmaker=_canvas_of(self._info))

    def beforeDocument(self) -> None:
        """The QR code is drawn once and shown on every page."""
        if not self._info.foot.address:
            return
        self.canv.beginForm(_QR_FORM, 0, 0, _QR_SIDE, _QR_SIDE)
        draw_qr_code(self.canv, self._info.foot.address, 0, 0, _QR_SIDE)
        self.canv.endForm()

    def _page(self, canvas: Any, document: Any) -> None:
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
        self._foot(canvas)
        canvas.restoreState()

    def _foot(self, canvas: Any) -> None:
        step = FOOT_SIZE * 1.3
        more = len(self._info.foot.lines) + self._info.demo - 1
        y = max(14 * mm, LOWEST + more * step)
        canvas.setFillColor(_FOOT_INK)
        for line in self._info.foot.lines:
            canvas.setFont(REGULAR, FOOT_SIZE)
            canvas.drawString(LEFT, y, clean(line))
            y -= step
        if self._info.demo:
            canvas.setFillGray(0)
            canvas.setFont(BOLD, 10)
            canvas.drawString(LEFT, min(y, 10 * mm), DEMONSTRATION)
        if self._info.foot.address:
            canvas.saveState()
            canvas.translate(A4[0] - RIGHT - _QR_SIDE, 5 * mm)
            canvas.doForm(_QR_FORM)
            canvas.restoreState()
            corner = (A4[0] - RIGHT - _QR_SIDE, 5 * mm)
            canvas.linkURL(
                self._info.foot.address, (*corner, corner[0] + _QR_SIDE, corner[1] + _QR_SIDE), thickness=0
            )

    def afterFlowable(self, flowable: Flowable) -> None:
        mark = getattr(flowable, "mark", None)
        if mark is None:
            return
        self._pages_of[mark.key] = self.page
        self.canv.bookmarkPage(mark.key)
        self.canv.addOutlineEntry(mark.text, mark.key, mark.level, closed=mark.level > 0)

    def _endBuild(self) -> None:
        # The last page is closed here, as the base class does, so that the form begins on a clean canvas.
        self._doSave = 0
        super()._endBuild()
        if self._at_end is not None:
            self._at_end(self.canv, self._pages_of)
        self.canv.save()


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
