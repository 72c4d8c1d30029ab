"""Rounds, teams, devices and visits: docs/adr/0017-field-work.md.

Field work is the stated exception to anonymity. What ties an answer to a visit is one pair of columns of
`field_visits`, emptied when the time for review is over.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, LargeBinary, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.fieldwork.prompts.models import Prompt, PromptFile
from app.instants import Instant

__all__ = [
    "Collector", "Device", "FieldReceipt", "InboxRecord", "Prompt", "PromptFile", "Round", "RoundVillage",
    "Team", "TeamVillage", "Visit", "VisitCount",
]  # fmt: skip


class Round(Model):
    """One wave of interviews: which questionnaire, when, and how households are chosen.

    `agency` is the place whose people lead it: a province's code or a commune's committee. It accepts
    records until `last_day` and `grace_days` more; later ones are kept aside, never refused.
    """

    __tablename__ = "field_rounds"
    __table_args__ = (Index("ix_field_rounds_agency", "agency"),)

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    agency: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    questionnaire: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    grace_days: Mapped[int] = mapped_column(Integer)
    # Every `step`-th household is visited, from a random start drawn for each village.
    step: Mapped[int] = mapped_column(Integer)
    # For how many days after its end visits stay joined to answers.
    review_days: Mapped[int] = mapped_column(Integer)
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
    # Since when nothing joins its visits to answers any more.
    parted_at: Mapped[datetime | None] = mapped_column(Instant)


class RoundVillage(Model):
    """A village or neighbourhood of a round, with the number of interviews wanted there.

    `village` is the commune's five digits, a hyphen and two or three digits: the same in every round, as
    the design effect counts by it.
    """

    __tablename__ = "field_villages"

    round: Mapped[str] = mapped_column(ForeignKey("field_rounds.code"), primary_key=True)
    village: Mapped[str] = mapped_column(String(9), primary_key=True)
    commune: Mapped[str] = mapped_column(String(5))
    name: Mapped[str] = mapped_column(Text)
    target: Mapped[int] = mapped_column(Integer)
    # The first household to visit, from 1 to the round's step.
    start: Mapped[int] = mapped_column(Integer)


class Team(Model):
    """A community digital-technology team of a commune."""

    __tablename__ = "field_teams"
    __table_args__ = (Index("ix_field_teams_agency", "agency"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    agency: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class TeamVillage(Model):
    """Which team goes where in a round."""

    __tablename__ = "field_team_villages"

    round: Mapped[str] = mapped_column(ForeignKey("field_rounds.code"), primary_key=True)
    village: Mapped[str] = mapped_column(String(9), primary_key=True)
    team: Mapped[UUID] = mapped_column(ForeignKey("field_teams.id"), primary_key=True)


class Collector(Model):
    """A member of a team who interviews. `code` is what appears in lists, such as "TV-03"."""

    __tablename__ = "field_collectors"
    __table_args__ = (Index("ix_field_collectors_team", "team"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    team: Mapped[UUID] = mapped_column(ForeignKey("field_teams.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Device(Model):
    """A telephone, bound to a collector by scanning a code once.

    `state` is one of invited, active, paused, revoked. The token and the code are kept as hashes only.
    """

    __tablename__ = "field_devices"
    __table_args__ = (Index("ix_field_devices_token", "token_hash", unique=True),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    collector: Mapped[UUID] = mapped_column(ForeignKey("field_collectors.id"))
    label: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_until: Mapped[datetime | None] = mapped_column(Instant)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    enrolled_at: Mapped[datetime | None] = mapped_column(Instant)
    # What the device last said of itself: counters, storage, version of the app (canonical JSON).
    report: Mapped[str | None] = mapped_column(Text)
    reported_at: Mapped[datetime | None] = mapped_column(Instant)
    # The device that took this one's place.
    replaced_by: Mapped[UUID | None] = mapped_column(Uuid)


class InboxRecord(Model):
    """A record as it came, stored before anybody looks into it; it goes when it has been interpreted.

    `problem` is empty while it waits, else why it lies aside for a supervisor. `device` is empty for a
    record from an export file.
    """

    __tablename__ = "field_inbox"
    __table_args__ = (
        Index(
            "ix_field_inbox_waiting",
            "received_at",
            sqlite_where=text("problem = ''"),
            postgresql_where=text("problem = ''"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    device: Mapped[UUID | None] = mapped_column(Uuid)
    # The round that the record itself names, once it could be read: who may see it follows from it.
    round: Mapped[str | None] = mapped_column(String(40))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(Instant)
    problem: Mapped[str] = mapped_column(String(40), default="")
    # Who decided that it stays aside, when and why; it is never deleted for that.
    left_by: Mapped[str | None] = mapped_column(String(80))
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    left_why: Mapped[str] = mapped_column(Text, default="")


class FieldReceipt(Model):
    """Which content was counted under an id: a resend of the same bytes is known by it, others lie aside.

    Whoever stores the row owns the id, so that two processes never count one record twice.
    """

    __tablename__ = "field_receipts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))


class Visit(Model):
    """An interview: who, where, when and how long. `id` is drawn by the server.

    `answer_agency` and `answer_id` are the key of the response; both are emptied `review_days` after the
    end of the round.
    """

    __tablename__ = "field_visits"
    __table_args__ = (
        Index("ix_field_visits_round", "round", "collector"),
        Index("ix_field_visits_answer", "answer_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("field_rounds.code"))
    village: Mapped[str] = mapped_column(String(9))
    team: Mapped[UUID] = mapped_column(Uuid)
    collector: Mapped[UUID] = mapped_column(Uuid)
    # Empty for an interview on paper.
    device: Mapped[UUID | None] = mapped_column(Uuid)
    day: Mapped[date] = mapped_column(Date)
    # As the device says. Where the day lay outside the round it was clamped, where the start does not fit the
    # day it is left empty; `clock` tells either.
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    seconds: Mapped[int | None] = mapped_column(Integer)
    clock: Mapped[bool] = mapped_column(Boolean, default=False)
    language: Mapped[str] = mapped_column(String(8))
    interpreter: Mapped[bool] = mapped_column(Boolean, default=False)
    # The household says that a team operated the device for it: a lead looks at it, because who helped must
    # not ask how it was.
    helped: Mapped[bool] = mapped_column(Boolean, default=False)
    # Of an interview on paper: closed doors of its day are counted too, as a telephone does by itself.
    tallied: Mapped[bool] = mapped_column(Boolean, default=False)
    answer_agency: Mapped[str | None] = mapped_column(String(40))
    answer_id: Mapped[str | None] = mapped_column(String(36))
    # A hash of the code on the household's paper slip, where it agreed to a second visit.
    slip_hash: Mapped[bytes | None] = mapped_column(LargeBinary)


class VisitCount(Model):
    """Doors at which there was no interview: refused, absent, later, ineligible, helped. Numbers only."""

    __tablename__ = "field_counts"

    round: Mapped[str] = mapped_column(ForeignKey("field_rounds.code"), primary_key=True)
    village: Mapped[str] = mapped_column(String(9), primary_key=True)
    collector: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    outcome: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)
