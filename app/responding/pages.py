"""Survey pages: rendered once for all who see the same questions; each request adds what differs."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.i18n import DEFAULT, PARAMETER
from app.responding.gzipping import Around
from app.responding.page_model import build_blocks, problem_views
from app.responding.sheets import Sheet
from surveys.problems import Problem

# Marks that no rendered text can hold: what is put in at each request stands between the first and the last.
_MARK: Final = "\x02{}\x03"
_MARKS: Final = re.compile("\x02([a-z]+)\x03")
_LINES: Final = re.compile(r"\s*\n\s*")
# All versions, phases, rotations and languages in use are a few hundred pages.
MOST_SKELETONS: Final = 1_000
# Ten rotations in two languages, and posters, whose names anybody can invent.
MOST_PAGES_OF_SHEET: Final = 100


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A page without id, token or names.

    `front` takes the names and the address in the other language, both escaped already; `between` stands
    between the id and the signed time.
    """

    around: Around
    front: str
    between: bytes

    def for_sheet(self, *, switch: str, names: str) -> Skeleton:
        """The page about one agency, which needs no more than an id and a time."""
        front = self.front.format(switch=switch, names=names)
        return Skeleton(self.around.starting_with(front.encode()), "", self.between)

    def page(self, response_id: UUID, stamp: str, *, gzip: bool) -> bytes:
        middle = b"".join((str(response_id).encode(), self.between, stamp.encode()))
        return self.around.gzipped(middle) if gzip else self.around.plain(middle)


@dataclass(frozen=True, slots=True)
class Fresh:
    """What one request adds to a skeleton."""

    response_id: UUID
    stamp: str
    language: str
    poster: str

    @property
    def switch(self) -> str:
        """The address of this page in the other language, as HTML; the token in the path stays out of it."""
        other = f"?{PARAMETER}={'en' if self.language == DEFAULT else DEFAULT}"
        return other + escape("&" + urlencode({"p": self.poster})) if self.poster else other


def fresh_page(sheet: Sheet, fresh: Fresh, *, gzip: bool) -> bytes:
    """The empty sheet of one person, as bytes ready to send."""
    index = sheet.questionnaire.combination_index(fresh.response_id)
    key = index, fresh.language, fresh.poster
    page: Skeleton | None = sheet.pages.get(key)
    if page is None:
        skeleton = _skeleton(sheet, fresh.response_id, fresh.language)
        if len(sheet.pages) >= MOST_PAGES_OF_SHEET:
            sheet.pages.clear()
        page = sheet.pages[key] = skeleton.for_sheet(switch=fresh.switch, names=sheet.names)
    return page.page(fresh.response_id, fresh.stamp, gzip=gzip)


def corrected_page(
    sheet: Sheet, fresh: Fresh, raw: Mapping[str, Sequence[str]], problems: Sequence[Problem]
) -> bytes:
    """The sheet with what was sent and what has to be looked at again."""
    text = _render(sheet, fresh.response_id, fresh.language, raw=raw, problems=problems)
    values = {
        "switch": fresh.switch,
        "names": sheet.names,
        "id": str(fresh.response_id),
        "t": fresh.stamp,
    }
    return _MARKS.sub(lambda mark: values[mark[1]], text).encode()


def preview_page(sheet: Sheet, response_id: UUID, language: str) -> str:
    """The sheet as people get it, but with nowhere to send it and without an id: nothing can be counted."""
    text = _render(sheet, response_id, language, preview=True)
    values = {"switch": f"?{PARAMETER}={'en' if language == DEFAULT else DEFAULT}", "names": sheet.names}
    return _MARKS.sub(lambda mark: values.get(mark[1], ""), text)


def _skeleton(sheet: Sheet, response_id: UUID, language: str) -> Skeleton:
    questionnaire = sheet.questionnaire
    key = (
        questionnaire.code, questionnaire.version, questionnaire.combination_index(response_id),
        sheet.phase, sheet.one_time, language, sheet.demonstration,
    )  # fmt: skip
    kept: dict[Hashable, Skeleton] = current_app.extensions.setdefault("survey_skeletons", {})
    skeleton = kept.get(key)
    if skeleton is None:
        with _rendering:
            skeleton = kept.get(key) or _split(_render(sheet, response_id, language))
            if len(kept) >= MOST_SKELETONS:
                kept.clear()
            kept[key] = skeleton
    return skeleton


# Rendering is rare and costs a thousand times a request; when a new version starts, once is enough.
_rendering = threading.Lock()


def _split(text: str) -> Skeleton:
    """Cuts at the marks `switch`, `names`, `id` and `t`, which stand in this order."""
    pieces = _MARKS.split(text)
    assert pieces[-4::2] == ["id", "t"], "the id and the signed time come last"
    head, tail = pieces[0], pieces[-1]
    front = "".join(
        f"{{{piece}}}" if number % 2 else piece.replace("{", "{{").replace("}", "}}")
        for number, piece in enumerate(pieces[1:-4], start=1)
    )
    return Skeleton(Around.of(head.encode(), tail.encode()), front, pieces[-3].encode())


def _render(
    sheet: Sheet,
    response_id: UUID,
    language: str,
    *,
    raw: Mapping[str, Sequence[str]] | None = None,
    problems: Sequence[Problem] = (),
    preview: bool = False,
) -> str:
    assigned: Collection[str] = sheet.questionnaire.assigned(response_id)
    # The page is kept for whoever reads this language, so it follows it and not the address of the moment.
    with force_locale(language):
        text = render_template(
            "responding/survey.html",
            language=language,
            questionnaire=sheet.questionnaire,
            one_time=sheet.one_time,
            preview=preview,
            demonstration=sheet.demonstration,
            problems=problem_views(sheet.questionnaire, problems, language),
            blocks=build_blocks(
                sheet.questionnaire,
                phase=sheet.phase,
                assigned=assigned,
                language=language,
                raw=raw or {},
                problems=problems,
            ),
            slot=lambda name: Markup(_MARK.format(name)),  # noqa: S704  # a mark of ours around a name of ours
            suffix="" if language == DEFAULT else f"?{PARAMETER}={language}",
            script_words=_script_words(),
        )
    return _without_indentation(text)


def _without_indentation(text: str) -> str:
    """Line breaks of the template weigh and mean nothing, except in what a person wrote."""
    before, area, after = text.partition("<textarea")
    written, end, rest = after.partition("</textarea>")
    if not area:
        return _LINES.sub("", text)
    return _LINES.sub("", before) + area + written + end + _without_indentation(rest)


def _script_words() -> dict[str, Any]:
    """What the optional script says."""
    return {
        "steps": _("Trả lời từng câu một"),
        "whole": _("Xem cả phiếu"),
        "next": _("Tiếp tục"),
        "back": _("Quay lại"),
        "progress": _("Đã trả lời {n}/{of} câu"),
    }
