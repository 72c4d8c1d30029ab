"""Releases as people and their programs read them: the way in, events of a calendar, entries of a feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.editions.listing import PublishedFigures, frozen
from app.editions.models import Edition
from app.editions.revisions import own_address
from app.editions.sending import here
from app.releases.feed import Entry
from app.releases.queries import Coming, Released
from app.results.presenters import Line, line_of
from app.results.wording import _, place_title
from app.ui.icalendar import DayEvent
from surveys.editions import EditionCode
from surveys.figures import NATION, PlaceFigures
from surveys.periods import Locale, Period, parse_period


@dataclass(frozen=True)
class HomePage:
    """The newest published quarter of the nation in one sentence; None where nothing is published."""

    period: Period | None
    title: str = ""
    head: Line | None = None


def home_page(source: PublishedFigures, *, locale: Locale) -> HomePage:
    period = next(iter(source.periods("quarter")), None)
    figures = source.find(NATION, period.code) if period else None
    if figures is None:
        return HomePage(None)
    return HomePage(period, place_title(figures), line_of(figures, locale))


def calendar_events(
    coming: Sequence[Coming], released: Sequence[Released], *, locale: Locale, url: str
) -> list[DayEvent]:
    """One event a period: a calendar that knows it moves it, and never doubles it."""
    return [
        *(_coming_event(item, locale, url) for item in coming),
        *(_released_event(item, locale, url) for item in released),
    ]


def _uid(period: str) -> str:
    return f"{period}.cong-bo@hai-long"


def _coming_event(item: Coming, locale: Locale, url: str) -> DayEvent:
    label = item.period.label_in(locale)
    words = [_("Ngày công bố thường lệ.")]
    if item.expected.is_moved:
        words = [_("Đã báo công bố ngày khác: %(reason)s", reason=item.expected.reason)]
    if item.late:
        words.append(_("Trễ %(days)s ngày.", days=item.late))
    return DayEvent(
        uid=_uid(item.period.code),
        day=item.expected.day,
        summary=_("Công bố kết quả %(period)s", period=label),
        description="\n".join(words),
        url=url,
    )


def _released_event(item: Released, locale: Locale, url: str) -> DayEvent:
    label = parse_period(item.edition.period).label_in(locale)
    return DayEvent(
        uid=_uid(item.edition.period),
        day=item.day,
        summary=_("Đã công bố kết quả %(period)s", period=label),
        description=_("Trễ %(days)s ngày.", days=item.late) if item.late else _("Đã công bố."),
        url=url,
    )


def feed_entries(source: PublishedFigures, most: int, *, locale: Locale, base: str) -> list[Entry]:
    """The last publications first, revisions among them."""
    published = sorted(source.published, key=lambda edition: (str(edition.published_at), edition.code))
    return [_feed_entry(edition, locale, base) for edition in reversed(published[-most:])]


def _feed_entry(edition: Edition, locale: Locale, base: str) -> Entry:
    label = EditionCode.parse(edition.code).label_in(locale)
    figures = frozen(edition).find(NATION)
    assert edition.published_at is not None, "only published editions stand in a feed"
    return Entry(
        sha256=edition.sha256,
        title=_("Kết quả %(period)s", period=label),
        url=base + here("editions.period", period=own_address(edition.code)),
        published=edition.published_at,
        text=" ".join(_sentences(edition, figures, locale)),
    )


def _sentences(edition: Edition, figures: PlaceFigures | None, locale: Locale) -> Iterator[str]:
    if figures is not None:
        head = line_of(figures, locale)
        if head.cell.hidden or not head.cell.n:
            yield _("Chưa có con số nào in được.")
        else:
            yield _(
                "%(place)s: %(rate)s hài lòng, khoảng tin cậy 95 %%: %(interval)s, trên %(n)s phiếu.",
                place=place_title(figures),
                rate=head.printed.rate,
                interval=head.printed.interval,
                n=head.printed.n,
            )
    if edition.reason:
        yield _("Lý do đính chính: %(reason)s", reason=edition.reason)
    yield f"SHA-256 {edition.sha256}"
