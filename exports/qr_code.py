"""An address as a QR code of plain rectangles, for a sheet of links and for the foot of a report."""

from __future__ import annotations

from typing import Any

import segno


def draw_qr_code(canvas: Any, address: str, left: float, bottom: float, side: float) -> None:
    """Runs of dark modules as one filled path, so that no line shows between two of them."""
    matrix = qr_matrix(address)
    module = side / len(matrix)
    path = canvas.beginPath()
    for number, row in enumerate(matrix):
        y = bottom + side - (number + 1) * module
        start = None
        for at, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = at
            elif not dark and start is not None:
                path.rect(left + start * module, y, (at - start) * module, module)
                start = None
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


def qr_matrix(address: str) -> list[bytes]:
    """Rows of modules from the top, 1 for dark, without the quiet zone around them."""
    return [bytes(row) for row in segno.make(address, error="m", boost_error=False).matrix]
