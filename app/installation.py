"""What this database is: above all, whether everything in it is illustration."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import String, inspect
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db

DEMONSTRATION = "demonstration"


class DemonstrationOnly(Exception):
    """Cơ sở dữ liệu này chỉ chứa dữ liệu minh họa và không dùng cho việc khác.

    A database is marked as a demonstration when it is made and stays one for ever, so that invented
    answers can never be taken for people's.
    """


class HoldsRealData(Exception):
    """Cơ sở dữ liệu này đã có phiếu thật nên không thể nạp dữ liệu minh họa."""


class Fact(Model):
    """One lasting fact about the installation."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


def is_demonstration() -> bool:
    fact = db.session.get(Fact, DEMONSTRATION)
    return fact is not None


def mark_as_demonstration(*, marked_on: str) -> None:
    """Marks the database for ever; there is no function that takes the mark away."""
    if not is_demonstration():
        db.session.add(Fact(name=DEMONSTRATION, value=marked_on))
        db.session.flush()


def refuse_demonstration_in_production(app: Flask) -> None:
    """Production never starts on a database of illustration. Raises DemonstrationOnly."""
    with app.app_context():
        if inspect(db.engine).has_table(Fact.__tablename__) and is_demonstration():
            raise DemonstrationOnly(
                "Cơ sở dữ liệu này chỉ chứa dữ liệu minh họa nên không dùng để vận hành thật. "
                "Hãy đặt DATABASE_URL hoặc DATA_DIR khác."
            )
        db.session.remove()


def refuse_demonstration() -> None:
    """Called before anything real is stored. Raises DemonstrationOnly."""
    if is_demonstration():
        raise DemonstrationOnly
