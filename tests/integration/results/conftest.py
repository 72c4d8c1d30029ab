"""A small country: two provinces with a few agencies, and tallies that can be counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from app.catalogue.actions import publish_shipped
from app.directory.models import Agency, AgencyName, Unit
from app.extensions import db
from surveys.collation import fold
from tests.support.acts import ACT
from tests.support.editions import publish_all
from tests.support.kept_worlds import KeptWorlds
from tests.support.tallies import TallyWriter

BEGIN = date(2025, 7, 1)
NOW = datetime(2026, 10, 20, 3, tzinfo=UTC)
AGENCIES = {
    "14-SKHCN": ("14", "department", "Sở Khoa học và Công nghệ"),
    "14-SNV": ("14", "department", "Sở Nội vụ"),
    "14-STP": ("14", "department", "Sở Tư pháp"),
    "14-SXD": ("14", "department", "Sở Xây dựng"),
    "03646": ("14", "commune", "Ủy ban nhân dân xã Mường Bám"),
    "51-SKHCN": ("51", "department", "Sở Khoa học và Công nghệ"),
    "51-SNV": ("51", "department", "Sở Nội vụ"),
}


def add_agency(
    code: str, province: str, kind: str, name: str, *, until: date | None = None, into: str | None = None
) -> None:
    db.session.add(Agency(code=code, province=province, kind=kind, valid_from=BEGIN, valid_to=until,
                          merged_into=into))  # fmt: skip
    db.session.flush()
    db.session.add(AgencyName(agency=code, valid_from=BEGIN, valid_to=until, name=name, folded=fold(name)))
    db.session.flush()


@pytest.fixture
def country(app: Flask, session: scoped_session[Session], kept_world: KeptWorlds) -> Flask:
    """The directory and the core questionnaire, without any answer."""
    app.extensions["clock"] = lambda: NOW
    kept_world("country", found_country)
    return app


@pytest.fixture
def counted(app: Flask, session: scoped_session[Session], kept_world: KeptWorlds) -> Flask:
    """Two quarters. In Sơn La the 7 answers of Xây dựng must be hidden, and with them the 23 of Tư pháp."""
    app.extensions["clock"] = lambda: NOW
    kept_world("counted", count_quarters)
    return app


@pytest.fixture
def published(app: Flask, session: scoped_session[Session], kept_world: KeptWorlds) -> Flask:
    """Both quarters of the small country, published."""
    app.extensions["clock"] = lambda: NOW
    kept_world("published", publish_quarters)
    return app


def found_country() -> None:
    for code, name in (("14", "Tỉnh Sơn La"), ("51", "Tỉnh Quảng Ngãi")):
        db.session.add(Unit(code=code, valid_from=BEGIN, name=name, level="province"))
    for code, (province, kind, name) in AGENCIES.items():
        add_agency(code, province, kind, name)
    publish_shipped(**ACT)
    db.session.commit()


def count_quarters() -> None:
    found_country()
    before = TallyWriter("2026-Q2")
    before.rated("14-SKHCN", (30, 40, 15, 10, 5))
    before.rated("14-SNV", (40, 40, 10, 5, 5))
    before.rated("51-SKHCN", (80, 15, 3, 1, 1))
    before.rated("51-SNV", (60, 20, 10, 5, 5))
    before.write()
    now = TallyWriter("2026-Q3")
    now.rated("14-SKHCN", (60, 31, 4, 3, 2))
    now.rated("14-SNV", (42, 38, 11, 5, 4))
    now.rated("14-STP", (11, 8, 2, 1, 1))
    now.rated("14-SXD", (4, 1, 1, 1, 0))
    now.rated("14-SKHCN", (20, 10, 5, 3, 3), channel="qr")
    now.rated("14-SKHCN", (10, 10, 5, 3, 2), phase="just-submitted")
    now.rated("14-SKHCN", (30, 20, 5, 3, 2), question="access")
    now.rated("14-SKHCN", (3, 2, 0, 0, 0), question="access", assigned=False)
    now.values("14-SKHCN", "prefilled", {"mostly": 40, "partly": 30, "nothing": 20, "unnoticed": 10})
    now.values("14-SKHCN", "_fill", {"30": 20, "45": 60, "60": 20})
    now.values("14-SKHCN", "_set_aside", {"too-fast": 12})
    now.rated("51-SKHCN", (70, 20, 5, 3, 2))
    now.rated("51-SNV", (40, 20, 20, 10, 10))
    now.villages("03646", {str(village): (2, 2, 1, 0, 0) for village in range(12)})
    now.write()
    db.session.commit()


def publish_quarters() -> None:
    count_quarters()
    publish_all(NOW)
