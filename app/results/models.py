"""Counts at the grain that pages read, and the figures of a place made from them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class Tally(Model):
    """How many countable responses gave one value to one question.

    `assigned` tells rows drawn at random from those volunteered. The pseudo-question `_fill` holds the
    filling time in steps of five seconds; `_set_aside` the quarantined, by reason, which are in no figure;
    `_released`, by the same reasons, those that two persons let count: they are in the other rows as well.
    """

    __tablename__ = "tallies"
    __table_args__ = ({"sqlite_with_rowid": False},)

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    phase: Mapped[str] = mapped_column(String(16), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(40), primary_key=True)
    assigned: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


class ProcedureTally(Model):
    """The satisfaction question by procedure."""

    __tablename__ = "tallies_by_procedure"
    __table_args__ = ({"sqlite_with_rowid": False},)

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    procedure: Mapped[str] = mapped_column(String(8), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    phase: Mapped[str] = mapped_column(String(16), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int] = mapped_column(Integer, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


class ClusterTally(Model):
    """The satisfaction question by village, which the design effect of field work needs."""

    __tablename__ = "tallies_by_cluster"
    __table_args__ = ({"sqlite_with_rowid": False},)

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    cluster: Mapped[str] = mapped_column(String(40), primary_key=True)
    phase: Mapped[str] = mapped_column(String(16), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int] = mapped_column(Integer, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


class Digest(Model):
    """The figures of one place in one closed quarter as they may be printed (`surveys.figures`), as JSON.

    Suppression, families of tests and ranks are decided once here, so that every page, file and filter
    repeats the same words.
    """

    __tablename__ = "digests"
    __table_args__ = (Index("ix_digests_parent", "quarter", "parent"),)

    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    parent: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    method_version: Mapped[str] = mapped_column(String(8))
    figures: Mapped[str] = mapped_column(Text)


class QuarterState(Model):
    """Counts how often a quarter's tallies have moved; a digest made at an older count is made again."""

    __tablename__ = "quarter_states"

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    moves: Mapped[int] = mapped_column(Integer, default=0)
    digested_moves: Mapped[int] = mapped_column(Integer, default=-1)


class QuarantineReview(Model):
    """What two persons decided about the answers of one agency that one reason set aside in one quarter.

    Nothing is changed or removed: of several decisions about a group the one with the highest number holds.
    """

    __tablename__ = "quarantine_reviews"

    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(Text)
    approval: Mapped[UUID] = mapped_column(Uuid)
    proposed_by: Mapped[str] = mapped_column(String(80))
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Instant)
