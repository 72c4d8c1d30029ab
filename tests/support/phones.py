"""Telephones of field work: a round to work in, what they make, and how they send it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from app import keys
from app.directory.models import Agency, AgencyName
from app.extensions import db
from app.fieldwork.enrolling import new_code
from app.fieldwork.models import Collector, Device, Round, RoundVillage, Team, TeamVillage
from app.fieldwork.sealing import seal_keys
from surveys.collation import fold
from tests.support import citizens
from tests.support.sealing import seal

NOW = citizens.NOW
TODAY = date(2026, 11, 20)
ROUND, COMMUNE, VILLAGE, OTHER_VILLAGE = "2026-Q4-SL", "03646", "03646-01", "03646-02"
API = "/thuc-dia/api"


@dataclass
class Phone:
    """One telephone. `send` gives the envelope to the server as the app does."""

    app: Flask
    id: UUID
    collector: UUID
    token: str
    public: bytes
    serial: int = 0
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def interview(self, **changes: Any) -> dict[str, Any]:
        """A finished interview; `answers` may be given in the place of a satisfied household's."""
        record = self._record("interview", "answered") | {
            "questionnaire": "TAI_NHA",
            "version": "1.0",
            "answers": {"filed_online": "yes", "operator": "self", "satisfaction": 5, "vneid_user": "yes"},
            "service": {"agency": citizens.AGENCY},
            "started": "2026-11-20T02:30:00Z",
            "seconds": 94,
            "language": "vi",
            "interpreter": False,
            "slip": None,
        }
        return record | changes

    def door(self, outcome: str = "refused", **changes: Any) -> dict[str, Any]:
        return self._record("door", outcome) | changes

    def _record(self, kind: str, outcome: str) -> dict[str, Any]:
        self.serial += 1
        return {
            "record": 1, "id": str(uuid4()), "kind": kind, "round": ROUND, "village": VILLAGE,
            "collector": str(self.collector), "device": str(self.id), "serial": self.serial,
            "outcome": outcome, "day": TODAY.isoformat(),
        }  # fmt: skip

    def sealed(self, record: dict[str, Any]) -> bytes:
        return seal(record, record["id"], self.public)

    def send(self, record: dict[str, Any] | bytes) -> TestResponse:
        body = record if isinstance(record, bytes) else self.sealed(record)
        return self.client.post(f"{API}/phieu", data=body, headers=self.headers)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"{API}/{path}", headers=self.headers | headers)

    def say(self, report: dict[str, Any]) -> TestResponse:
        return self.client.post(f"{API}/tinh-trang", json=report, headers=self.headers)


def prepare(app: Flask, *, now: datetime = NOW) -> None:
    """The small directory with one commune, and a round of the province in two of its villages.

    One team goes to both, and another team has nothing to do.
    """
    app.extensions["clock"] = lambda: now
    citizens.prepare(app)
    with app.app_context():
        start = date(2025, 7, 1)
        db.session.add(Agency(code=COMMUNE, province="14", kind="commune", valid_from=start))
        db.session.flush()
        name = "Ủy ban nhân dân phường Tô Hiệu"
        db.session.add(AgencyName(agency=COMMUNE, valid_from=start, name=name, folded=fold(name)))
        db.session.add(the_round())
        db.session.flush()
        team = Team(id=uuid4(), agency=COMMUNE, name="Tổ CNSCĐ Tô Hiệu", created_at=now)
        db.session.add_all([team, Team(id=uuid4(), agency=COMMUNE, name="Tổ khác", created_at=now)])
        for number, (village, words) in enumerate(((VILLAGE, "Tổ 1"), (OTHER_VILLAGE, "Bản Mòng"))):
            db.session.add(
                RoundVillage(
                    round=ROUND, village=village, commune=COMMUNE, name=words, target=20, start=2 + number
                )
            )
        db.session.flush()
        for village in (VILLAGE, OTHER_VILLAGE):
            db.session.add(TeamVillage(round=ROUND, village=village, team=team.id))
        db.session.commit()


def the_round(code: str = ROUND, **changes: Any) -> Round:
    values: dict[str, Any] = {
        "agency": "14", "title": "Đợt quý IV", "questionnaire": "TAI_NHA", "version": "1.0",
        "first_day": date(2026, 11, 10), "last_day": date(2026, 12, 10), "grace_days": 7, "step": 4,
        "review_days": 60, "created_by": "command:test", "created_at": NOW,
    }  # fmt: skip
    return Round(code=code, **values | changes)


def a_phone(app: Flask, *, state: str = "active", team: str = "Tổ CNSCĐ Tô Hiệu") -> Phone:
    """A telephone with a collector of its own, known to the server."""
    token = f"token-{uuid4().hex}"
    with app.app_context():
        own = db.session.query(Team).filter_by(name=team).one()
        count = db.session.query(Collector).count()
        collector = Collector(
            id=uuid4(), team=own.id, code=f"TV-{count + 1:02}", name="Lò Thị Mai", created_at=NOW
        )
        db.session.add(collector)
        db.session.flush()
        device = Device(
            id=uuid4(), collector=collector.id, label="Máy", state=state, enrolled_at=NOW,
            token_hash=keys.token_hash(token),
        )  # fmt: skip
        db.session.add(device)
        db.session.commit()
        return Phone(app, device.id, collector.id, token, seal_keys()[0].public)


def invited(app: Flask, phone: Phone, *, until: datetime = NOW + timedelta(hours=24)) -> str:
    """A code of enrolment for a telephone."""
    with app.app_context():
        code, code_hash = new_code()
        device = db.session.get(Device, phone.id)
        assert device is not None
        device.code_hash, device.code_until = code_hash, until
        db.session.commit()
    return code


def change(app: Flask, model: type, key: object, **values: Any) -> None:
    """Sets columns of one row, as the console would."""
    with app.app_context():
        row = db.session.get(model, key)
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()


def said(response: TestResponse) -> tuple[int, str]:
    """Status and what became of the record."""
    return response.status_code, json.loads(response.text)["state"]


def at(day: int, hour: int = 3, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


Clock = Callable[[datetime], None]


def many_phones(app: Flask, count: int) -> list[Phone]:
    """So many telephones, each with a collector of its own, written in one go."""
    with app.app_context():
        team = db.session.query(Team).filter_by(name="Tổ CNSCĐ Tô Hiệu").one().id
        public = seal_keys()[0].public
        phones = [Phone(app, uuid4(), uuid4(), f"token-{uuid4().hex}", public) for _ in range(count)]
        db.session.execute(
            insert(Collector),
            [
                {"id": one.collector, "team": team, "code": f"TV-{at}", "name": "A", "created_at": NOW}
                for at, one in enumerate(phones)
            ],
        )
        db.session.execute(
            insert(Device),
            [
                {
                    "id": one.id, "collector": one.collector, "label": "", "state": "active",
                    "token_hash": keys.token_hash(one.token), "enrolled_at": NOW,
                }
                for one in phones
            ],
        )  # fmt: skip
        db.session.commit()
    return phones
