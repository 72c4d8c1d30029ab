"""One-time links as a sheet of QR codes to cut apart: three columns and seven rows on A4.

Every slip stands alone: for whom, what to do, until when, and the address in letters for who has no camera.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from exports.fonts import BOLD, REGULAR, register_fonts, width_of
from exports.letterhead import wrapped
from exports.qr_code import draw_qr_code

COLUMNS: Final = 3
ROWS: Final = 7
PER_PAGE: Final = COLUMNS * ROWS
_MARGIN_X: Final = 8 * mm
_MARGIN_Y: Final = 9 * mm
_CELL_WIDTH: Final = (A4[0] - 2 * _MARGIN_X) / COLUMNS
_CELL_HEIGHT: Final = (A4[1] - 2 * _MARGIN_Y) / ROWS
_QR: Final = 24 * mm
_PAD: Final = 2.9 * mm
_NAME_LINES: Final = 3
_NAME_SIZE: Final = 8
_WORD_SIZE: Final = 7
_ADDRESS_SIZE: Final = 6.5
_LEADING: Final = 1.22

_Line: TypeAlias = tuple[str, float, str]


@dataclass(frozen=True)
class QrSheet:
    """`steps` are the lines beside each code, `until` the last day in words; `demo` marks illustration."""

    title: str
    agency: str
    steps: tuple[str, ...]
    until: str
    addresses: Sequence[str]
    demo: str = ""


def qr_sheet(sheet: QrSheet) -> bytes:
    """The pages as PDF. The order of the slips is the order of the addresses."""
    register_fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, pageCompression=1, lang="vi")
    canvas.setTitle(sheet.title)
    lines = _lines(sheet)
    for at, address in enumerate(sheet.addresses):
        if at and at % PER_PAGE == 0:
            canvas.showPage()
        row, column = divmod(at % PER_PAGE, COLUMNS)
        left = _MARGIN_X + column * _CELL_WIDTH
        top = A4[1] - _MARGIN_Y - row * _CELL_HEIGHT
        _slip(canvas, lines, address, left, top)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _slip(canvas: Any, lines: Sequence[_Line], address: str, left: float, top: float) -> None:
    canvas.setStrokeGray(0.6)
    canvas.setLineWidth(0.4)
    canvas.setDash(2, 2)
    canvas.rect(left, top - _CELL_HEIGHT, _CELL_WIDTH, _CELL_HEIGHT)
    canvas.setDash()
    draw_qr_code(canvas, address, left + _PAD, top - _PAD - _QR, _QR)
    y = top - _PAD
    for face, size, line in lines:
        y -= size * _LEADING
        canvas.setFont(face, size)
        canvas.drawString(left + 2 * _PAD + _QR, y, line)
    canvas.setFont(REGULAR, _ADDRESS_SIZE)
    for number, line in enumerate(_address_lines(address)):
        canvas.drawString(left + _PAD, top - _CELL_HEIGHT + _PAD + 8 * (1 - number), line)


def _lines(sheet: QrSheet) -> list[_Line]:
    """What stands beside every code; a long name is cut so that it never runs into the address."""
    room = _CELL_WIDTH - _QR - 3 * _PAD
    names = wrapped(sheet.agency, BOLD, _NAME_SIZE, room)
    if len(names) > _NAME_LINES:
        names = [*names[: _NAME_LINES - 1], f"{names[_NAME_LINES - 1]}…"]
    lines: list[_Line] = [(BOLD, _NAME_SIZE, line) for line in names]
    for words in (*sheet.steps, sheet.until, sheet.demo):
        lines += [(REGULAR, _WORD_SIZE, line) for line in wrapped(words, REGULAR, _WORD_SIZE, room) if words]
    return lines


def _address_lines(address: str) -> list[str]:
    """The address without its scheme, in two lines where one is too narrow."""
    shown = address.partition("://")[2] or address
    cut = len(shown)
    while width_of(shown[:cut], REGULAR, _ADDRESS_SIZE) > _CELL_WIDTH - 2 * _PAD:
        cut -= 1
    return [shown[:cut], shown[cut:]] if shown[cut:] else ["", shown]
