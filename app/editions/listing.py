"""Which editions there are, and the frozen files behind each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.editions.models import Edition
from app.editions.revisions import own_address
from app.editions.rules import UnknownEdition
from app.editions.shelf import FrozenEdition, open_edition
from app.extensions import db
from app.installation import is_demonstration
from app.keys import configuration
from surveys.editions import EditionCode, EditionInfo
from surveys.figures import METHOD_VERSION, PlaceFigures
from surveys.periods import Period, parse_period


def find_edition(code: str) -> Edition | None:
    return db.session.get(Edition, code)


def get_edition(code: str) -> Edition:
    """Raises UnknownEdition."""
    found = find_edition(code)
    if found is None:
        raise UnknownEdition(code)
    return found


def list_editions() -> Sequence[Edition]:
    """Every edition, drafts too; the newest days first, of one period the newest revision."""
    return db.session.scalars(
        select(Edition).order_by(Edition.last_day.desc(), Edition.first_day, Edition.revision.desc())
    ).all()


def list_published(kind: str | None = None) -> Sequence[Edition]:
    """Published editions in the same order, every revision."""
    statement = select(Edition).where(Edition.published_at.is_not(None))
    if kind is not None:
        statement = statement.where(Edition.kind == kind)
    order = Edition.last_day.desc(), Edition.first_day, Edition.revision.desc()
    return db.session.scalars(statement.order_by(*order)).all()


def find_newest(period: str, *, published: bool = True) -> Edition | None:
    """The edition of a period with the highest revision."""
    statement = select(Edition).where(Edition.period == period)
    if published:
        statement = statement.where(Edition.published_at.is_not(None))
    return db.session.scalar(statement.order_by(Edition.revision.desc()).limit(1))


def find_last_published(kind: str) -> Edition | None:
    """The edition that became public last, whatever its days."""
    statement = select(Edition).where(Edition.kind == kind, Edition.published_at.is_not(None))
    return db.session.scalar(statement.order_by(Edition.published_at.desc(), Edition.code.desc()).limit(1))


def frozen(edition: Edition) -> FrozenEdition:
    return open_edition(edition.code, edition.sha256)


def info_of(edition: Edition) -> EditionInfo:
    """What documents and files say of an edition. Its address is its own: what is printed lasts longer than
    the newest edition."""
    return EditionInfo(
        edition=EditionCode.parse(edition.code),
        sha256=edition.sha256,
        closed_at=edition.closed_at,
        published_at=edition.published_at,
        url=f"{configuration().base_url}/ket-qua/{own_address(edition.code)}",
        reason=edition.reason,
        method_version=METHOD_VERSION,
        demo=is_demonstration(),
    )


class PublishedFigures:
    """A `FigureSource`: of every period the newest published revision, or exactly those that are given.

    `pinned` puts editions, drafts too, in the place of the newest ones of their periods.
    """

    def __init__(self, *pinned: Edition) -> None:
        newest: dict[str, Edition] = {}
        self.published = list_published()
        for edition in self.published:
            newest.setdefault(edition.period, edition)
        for edition in pinned:
            newest[edition.period] = edition
        self._editions = newest

    def edition(self, period: str) -> Edition | None:
        return self._editions.get(period)

    def editions(self) -> list[Edition]:
        """What is read, one edition a period, the newest days first."""
        return list(self._editions.values())

    def find(self, place: str, period: str) -> PlaceFigures | None:
        edition = self._editions.get(period)
        return frozen(edition).find(place) if edition else None

    def children(self, parent: str, period: str, *, brief: bool = False) -> list[PlaceFigures]:
        edition = self._editions.get(period)
        return frozen(edition).children(parent, brief=brief) if edition else []

    def history(self, place: str, periods: Sequence[str], *, brief: bool = False) -> list[PlaceFigures]:
        editions = [self._editions[period] for period in periods if period in self._editions]
        found = (frozen(edition).find(place, brief=brief) for edition in editions)
        return [figures for figures in found if figures is not None]

    def periods(self, kind: str) -> list[Period]:
        codes = [edition.period for edition in self._editions.values() if edition.kind == kind]
        return sorted(map(parse_period, codes), key=lambda period: period.first_day, reverse=True)

    def stamp(self) -> object:
        return tuple(sorted(edition.sha256 for edition in self._editions.values()))
