"""Who was asked in a quarter, by channel: the lower part of every response rate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from app.directory.models import Agency
from app.dossiers.queries import count_links
from app.extensions import db
from app.fieldwork.rates import count_doors
from surveys.scoring import Channel, Phase


def list_invited(quarter: str) -> Iterator[tuple[Channel, Mapping[str, Sequence[int]]]]:
    """Channels with the numbers of `Invited` by agency, for answers after the result."""
    agencies = db.session.scalars(select(Agency.code).order_by(Agency.code)).all()
    for channel in (Channel.LINK, Channel.LINK_OPEN):
        yield channel, count_links(quarter, agencies, channel, Phase.AFTER_RESULT)
    doors = count_doors(quarter)
    yield Channel.FIELD, {agency: doors[agency] for agency in agencies if agency in doors}
