"""Files that are made in the moment in which they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response

from exports.cells import CSV_TYPE, Value, csv_bytes


def csv_download(name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    return download(name, csv_bytes(columns, rows), CSV_TYPE)


def download(name: str, content: bytes, media_type: str) -> Response:
    """A file to save under a name of ours, which has plain letters only."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
