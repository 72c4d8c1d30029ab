"""What a revision changed: every number that a page shows, as it stood before and as it stands now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.editions.listing import find_edition, frozen, list_published
from app.editions.models import Edition
from app.editions.shelf import FrozenEdition
from app.releases.rules import UnknownCorrection
from app.results import wording
from app.results.presenters import change_sentence, line_of, print_cell, response_rate_text, weighted_text
from app.results.presenters import target_of as target_at
from app.results.question_lines import Labels, labels_of
from app.results.wording import _
from surveys.editions import EditionCode
from surveys.figures import Cell, Place, PlaceFigures
from surveys.periods import Locale
from surveys.printing import DASH, NBSP, SUPPRESSED, number
from surveys.thresholds import Thresholds

COLUMNS: Final = ("ma_noi", "noi", "so_lieu", "truoc", "sau")


@dataclass(frozen=True)
class ChangedNumber:
    """One number of one place; "–" where it was not there at all."""

    place: Place
    name: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Correction:
    """A published revision and the edition that it overtook."""

    edition: Edition
    before: Edition

    @property
    def code(self) -> EditionCode:
        return EditionCode.parse(self.edition.code)


def list_corrections() -> list[Correction]:
    """The last ones first."""
    published = list_published()
    known = {edition.code: edition for edition in published}
    revisions = sorted(
        (edition for edition in published if edition.revision),
        key=lambda edition: (str(edition.published_at), edition.code),
        reverse=True,
    )
    return [Correction(edition, known[_code_before(edition)]) for edition in revisions]


def get_correction(code: str) -> Correction:
    """Raises UnknownCorrection."""
    edition = find_edition(code)
    if edition is None or not edition.revision or edition.published_at is None:
        raise UnknownCorrection(code)
    before = find_edition(_code_before(edition))
    assert before is not None, "a revision follows the edition that it revises"
    return Correction(edition, before)


def _code_before(edition: Edition) -> str:
    code = EditionCode.parse(edition.code)
    return EditionCode(code.period, code.revision - 1).code


def list_changes(correction: Correction, locale: Locale) -> list[ChangedNumber]:
    """In the order in which places are listed; those that are gone at the end."""
    before, after = frozen(correction.before), frozen(correction.edition)
    return [row for old, new in _changed_places(before, after) for row in _changed_numbers(old, new, locale)]


def count_changed_places(correction: Correction) -> int:
    return sum(1 for _pair in _changed_lines(frozen(correction.before), frozen(correction.edition)))


def _changed_places(
    before: FrozenEdition, after: FrozenEdition
) -> Iterator[tuple[PlaceFigures | None, PlaceFigures | None]]:
    for old, new in _changed_lines(before, after):
        yield (before.read_line(old) if old else None, after.read_line(new) if new else None)


def _changed_lines(
    before: FrozenEdition, after: FrozenEdition
) -> Iterator[tuple[bytes | None, bytes | None]]:
    known = dict(before.lines())
    for code, line in after.lines():
        old = known.pop(code, None)
        if old != line:
            yield old, line
    for old in known.values():
        yield old, None


def _changed_numbers(
    old: PlaceFigures | None, new: PlaceFigures | None, locale: Locale
) -> Iterator[ChangedNumber]:
    figures = new or old
    assert figures is not None
    was, now = (_shown(item, locale) if item else {} for item in (old, new))
    for what in dict.fromkeys([*now, *was]):
        before, after = was.get(what, DASH), now.get(what, DASH)
        if before != after:
            yield ChangedNumber(figures.place, wording.place_name(figures.place), what, before, after)


def _shown(figures: PlaceFigures, locale: Locale) -> Mapping[str, str]:
    """Everything that the page of a place prints, by what it is called there."""
    head, target = line_of(figures, locale), target_at(figures)
    found = {
        _("Tỷ lệ hài lòng"): _cell(figures.official, figures.thresholds, locale),
        _("Kết luận"): " – ".join(filter(None, (head.verdict, head.certainty))),
        _("So với quý trước"): change_sentence(figures, locale),
        _("Khoảng hạng"): head.rank or DASH,
        _("Tỷ lệ trả lời"): response_rate_text(figures, locale),
        _("Tỷ lệ gia quyền theo số hồ sơ"): weighted_text(figures, target, locale),
    }
    for part in (*figures.channels, *figures.apart):
        name = wording.stream_name(part.channel, part.phase)
        found[name] = _cell(part.cell, figures.thresholds, locale)
    labels = labels_of(figures, locale)
    for factor in figures.factors:
        name = labels.questions.get(factor.question, factor.label)
        found[name] = _cell(factor.cell, figures.thresholds, locale)
    for place, cell in figures.procedures:
        name = f"{place.name} ({place.code})" if place.code else _("Không ghi thủ tục")
        found[name] = _cell(cell, figures.thresholds, locale)
    found |= _questions(figures, labels, locale)
    return found | _set_aside(figures, locale)


def _set_aside(figures: PlaceFigures, locale: Locale) -> dict[str, str]:
    """By reason on the page of results; by stream, and with what was decided, in the integrity table."""
    found = {}
    for reason, n in figures.set_aside:
        found[_("Để riêng: %(what)s", what=wording.set_aside_reason(reason))] = _count(n, locale)
    for part in figures.aside:
        stream = wording.stream_name(part.channel, part.phase)
        found[_("Để riêng: %(what)s", what=stream)] = _count(part.n, locale)
    for review in figures.reviews:
        what = wording.set_aside_reason(review.reason)
        found[_("Đã quyết định loại: %(what)s", what=what)] = _count(review.left_out, locale)
        found[_("Đã quyết định đưa vào: %(what)s", what=what)] = _count(review.released, locale)
    return found


def _count(n: int | None, locale: Locale) -> str:
    return SUPPRESSED if n is None else number(n, locale)


def _questions(figures: PlaceFigures, labels: Labels, locale: Locale) -> dict[str, str]:
    """Counts of answers only where the page prints them as well."""
    found = {}
    for question in figures.questions:
        words = dict(question.options)
        asked = labels.questions.get(question.question, question.label)
        found[asked] = SUPPRESSED if question.counts is None else _n(number(question.n, locale))
        if question.counts is None or question.n < figures.thresholds.verdict:
            continue
        for value, n in question.counts:
            if value in question.missing:
                continue
            answer = labels.options.get((question.question, value), words.get(value, value))
            found[f"{asked}: {answer}"] = number(n, locale)
    return found


def _cell(cell: Cell, thresholds: Thresholds, locale: Locale) -> str:
    printed = print_cell(cell, locale, thresholds=thresholds)
    if cell.hidden or not cell.n:
        return printed.rate
    return f"{printed.rate} ({printed.interval}); {_n(printed.n)}"


def rows_of(changes: Sequence[ChangedNumber]) -> Iterator[tuple[str, ...]]:
    for item in changes:
        yield item.place.code, item.name, item.what, item.before, item.after


def _n(printed: str) -> str:
    return f"n{NBSP}={NBSP}{printed}"
