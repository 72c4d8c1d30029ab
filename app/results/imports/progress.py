"""How far an import is, in the words of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.results.imports.queries import ImportView, State


@dataclass(frozen=True, slots=True)
class Progress:
    """`rate` is rows a second; `left` says how long it will still take, empty where nobody knows yet."""

    done: int
    rows: int
    rate: int
    left: str

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.rows) if self.rows else 0


def progress_of(view: ImportView, *, now: datetime) -> Progress:
    row = view.row
    begun = row.started_at if view.state is State.RUNNING else None
    seconds = (now - begun).total_seconds() if begun else 0.0
    rate = row.done / seconds if seconds > 0 else 0.0
    left = _duration((row.rows - row.done) / rate) if rate else ""
    return Progress(row.done, row.rows, round(rate), left)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    words: str = _("dưới một phút") if minutes < 1 else _("khoảng %(minutes)s phút", minutes=minutes)
    return words


def state_words(state: State) -> str:
    words: str = {
        State.UPLOADED: _("chờ xác nhận"),
        State.WAITING: _("đang chờ đến lượt"),
        State.RUNNING: _("đang nhập"),
        State.STUCK: _("dừng giữa chừng"),
        State.DONE: _("đã nhập xong"),
        State.REFUSED: _("không nhập được"),
        State.GONE: _("tệp đã bị xóa"),
    }[state]
    return words
