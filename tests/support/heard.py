"""Answers with comments, counted and handed to reviewers as the job worker would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask import Flask
from sqlalchemy import insert, select

from app.extensions import db
from app.moderation.gathering import gather
from app.moderation.models import CommentLayer
from app.responding.models import Response
from app.results.folding import fold_waiting
from app.transactions import transaction
from tests.support.records import record

QUARTER = "2026-Q4"


def answer(app: Flask, comments: Iterable[str | None], agency: str = "14-SKHCN", **changes: object) -> None:
    """One answer for each comment, None for one without."""
    kept = {"quarter": QUARTER, "day": date(2026, 11, 20), "agency": agency, **changes}
    rows = [record(comment=text, **kept) for text in comments]
    with app.app_context(), transaction():
        db.session.execute(
            insert(Response), [{name: getattr(row, name) for name in row.__slots__} for row in rows]
        )


def hand_over(app: Flask, now: datetime) -> int:
    with app.app_context():
        fold_waiting()
        return gather(now=now)


def layers(app: Flask) -> list[CommentLayer]:
    with app.app_context():
        return list(db.session.scalars(select(CommentLayer).order_by(CommentLayer.id)))
