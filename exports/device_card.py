"""The card with which a telephone is enrolled: one code, for whom it is, and what to do, on A6."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from reportlab.lib.pagesizes import A6, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from exports.fonts import BOLD, REGULAR, register_fonts
from exports.letterhead import wrapped
from exports.qr_code import draw_qr_code

_PAGE: Final = landscape(A6)
_MARGIN: Final = 9 * mm
_QR: Final = 58 * mm
_GAP: Final = 6 * mm
_LEADING: Final = 1.35


@dataclass(frozen=True)
class DeviceCard:
    """`steps` stand beside the code, `until` says when it ends; `demo` marks illustration."""

    title: str
    team: str
    collector: str
    steps: tuple[str, ...]
    until: str
    address: str
    demo: str = ""


def device_card(card: DeviceCard) -> bytes:
    """One page as PDF."""
    register_fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=_PAGE, pageCompression=1, lang="vi")
    canvas.setTitle(card.title)
    left = _MARGIN + _QR + _GAP
    room = _PAGE[0] - left - _MARGIN
    draw_qr_code(canvas, card.address, _MARGIN, _PAGE[1] - _MARGIN - _QR, _QR)
    y = _PAGE[1] - _MARGIN
    for face, size, words in (
        (BOLD, 13, card.title),
        (BOLD, 20, card.collector),
        (REGULAR, 9, card.team),
        *((REGULAR, 10, step) for step in card.steps),
        (BOLD, 10, card.until),
        (BOLD, 10, card.demo),
    ):
        for line in wrapped(words, face, size, room) if words else ():
            y -= size * _LEADING
            canvas.setFont(face, size)
            canvas.drawString(left, y, line)
        y -= 3
    canvas.setFont(REGULAR, 6.5)
    bottom = _MARGIN
    for line in reversed(wrapped(card.address.partition("://")[2], REGULAR, 6.5, _PAGE[0] - 2 * _MARGIN)):
        canvas.drawString(_MARGIN, bottom, line)
        bottom += 9
    canvas.showPage()
    canvas.save()
    return stream.getvalue()
