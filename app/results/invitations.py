"""How many were asked and how many answered, of one place, where nothing of it is withheld."""

from __future__ import annotations

from collections.abc import Collection

from app.results.counts import Invited, PlaceCounts
from surveys.criteria import ResponseRate, response_rate
from surveys.figures import DoorFigures
from surveys.scoring import VERIFIED_CHANNELS, Channel


def invitations(
    counts: PlaceCounts, channel: Channel, unasked: Collection[Channel]
) -> tuple[int | None, int | None, bool]:
    """Asked, answered, and whether both are withheld; `unasked` are the channels that withhold them."""
    known = counts.invited.get(channel)
    if known is None or channel in unasked:
        return None, None, known is not None
    return known.issued, known.spent, False


def doors_of(counts: PlaceCounts, unasked: Collection[Channel]) -> DoorFigures | None:
    """Nothing where it is withheld, or where an edition of before did not seal what became of the doors."""
    known = counts.invited.get(Channel.FIELD)
    if (
        known is None
        or Channel.FIELD in unasked
        or known.spent + known.refused + known.absent != known.issued
    ):
        return None
    return DoorFigures(known.spent, known.refused, known.absent)


def answered_share(counts: PlaceCounts, unasked: Collection[Channel]) -> ResponseRate:
    """The response rate of the official figure; none where one of its channels has no count or tells none."""
    asked = [counts.invited.get(channel, Invited()) for channel in _used(counts)]
    if not asked or withholds_rate(counts, unasked) or not all(each.issued for each in asked):
        return ResponseRate(None)
    # More answers than invitations in one channel are not made good by another.
    if any(each.spent > each.issued for each in asked):
        return ResponseRate(None, flagged=True)
    return response_rate(sum(each.spent for each in asked), sum(each.issued for each in asked))


def withholds_rate(counts: PlaceCounts, unasked: Collection[Channel]) -> bool:
    """Whether one of the channels that make up the official figure withholds how many were asked."""
    return any(channel in unasked for channel in _used(counts))


def _used(counts: PlaceCounts) -> list[Channel]:
    return [channel for channel in VERIFIED_CHANNELS if counts.of(channel).n]
