"""Reads about one-time links. A link is looked up by the hash of its token; the token is kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, func, select

from app.dossiers.models import Link, LinkBatch
from app.errors import NotFound
from app.extensions import db
from surveys.scoring import Channel

VERIFIED: Final = Channel.LINK.value
OPEN: Final = Channel.LINK_OPEN.value
CHANNELS: Final = (VERIFIED, OPEN)


class UnknownBatch(NotFound):
    """No batch of links has this id."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a link stands for. `expires_on` is the last day, in Vietnam, on which it can be used."""

    batch: str
    agency: str
    procedure: str | None
    questionnaire: str
    version: str
    phase: str
    channel: str
    expires_on: date
    revoked: bool
    spent: bool

    def is_usable(self, today: date) -> bool:
        """It may still be answered: neither spent nor withdrawn nor too old."""
        return not self.spent and not self.revoked and today <= self.expires_on


class LinkCount(NamedTuple):
    """Links issued in a quarter, and how many of them have been spent since."""

    issued: int
    spent: int


# Built once: the statement runs for every request of a survey page.
_FIND: Final = (
    select(
        Link.batch,
        LinkBatch.agency,
        LinkBatch.procedure,
        LinkBatch.questionnaire,
        LinkBatch.version,
        LinkBatch.phase,
        LinkBatch.channel,
        LinkBatch.expires_on,
        LinkBatch.revoked,
        Link.spent,
    )
    .join(LinkBatch, LinkBatch.id == Link.batch)
    .where(Link.token_hash == bindparam("token_hash"))
)


def find_link(token_hash: bytes) -> LinkView | None:
    """The link whose token has this SHA-256, in one query by primary keys; None for an unknown one."""
    row = db.session.execute(_FIND, {"token_hash": token_hash}).one_or_none()
    return LinkView(*tuple(row)) if row else None


def count_links(
    quarter: str, agencies: Iterable[str], channel: str = VERIFIED, phase: str | None = None
) -> dict[str, LinkCount]:
    """For each agency with links of a channel in a quarter ("2026-Q3"): how many, and how many were used.

    `phase` None counts the links of both moments. An agency without links is left out: its response rate is
    unknown, not zero.
    """
    wanted = and_(
        LinkBatch.quarter == quarter, LinkBatch.channel == channel, LinkBatch.agency.in_(list(agencies))
    )
    if phase is not None:
        wanted = and_(wanted, LinkBatch.phase == phase)
    used = (
        select(Link.batch, func.count().label("spent"))
        .join(LinkBatch, LinkBatch.id == Link.batch)
        .where(wanted, Link.spent)
        .group_by(Link.batch)
        .subquery()
    )
    statement = (
        select(LinkBatch.agency, func.sum(LinkBatch.issued), func.sum(func.coalesce(used.c.spent, 0)))
        .outerjoin(used, used.c.batch == LinkBatch.id)
        .where(wanted)
        .group_by(LinkBatch.agency)
    )
    return {
        agency: LinkCount(int(issued), int(spent)) for agency, issued, spent in db.session.execute(statement)
    }
