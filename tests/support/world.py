"""Two provinces with something of every kind in each, and somebody of every role in the first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.accounts.actions import create_person
from app.accounts.identity import Grant
from app.accounts.models import Person
from app.accounts.roles import Role
from app.approvals.kinds import Kind
from app.approvals.models import ApprovalRow
from app.comments.actions import ContactWish, keep_contact
from app.dossiers.actions import issue_links
from app.extensions import db
from app.results.reviews import Group, ReviewAct
from app.transactions import transaction
from tests.support import citizens
from tests.support.accounts import NOW, enrolled, signed_in, write_grants
from tests.support.editions import publish_all
from tests.support.tallies import TallyWriter

PLACES = ("14", citizens.AGENCY), ("31", citizens.OTHER_AGENCY)
ROLES: Mapping[Role, str] = {
    Role.MINISTRY: "nation",
    Role.PROVINCE: "14",
    Role.AGENCY: citizens.AGENCY,
    Role.TEAM_LEAD: citizens.AGENCY,
    Role.AUDITOR: "nation",
    Role.OPERATOR: "nation",
}


NOTHING = UUID(int=0)


@dataclass
class Place:
    """What one agency has."""

    province: str
    agency: str
    batch: str = ""
    tokens: tuple[str, ...] = ()
    contact_code: str = ""
    invitation: str = ""
    person: UUID = NOTHING
    approval: UUID = NOTHING


@dataclass
class World:
    app: Flask
    places: tuple[Place, Place]
    staff: dict[Role, UUID] = field(default_factory=dict)

    def sit_down(self, role: Role) -> FlaskClient:
        """A fresh session of the role with its grants, whatever has happened to the person meanwhile."""
        person = self.staff[role]
        with self.app.app_context(), transaction():
            db.session.execute(update(Person).where(Person.id == person).values(disabled_at=None))
            write_grants(person, [Grant(role, ROLES[role])])
        return signed_in(self.app, person, now=NOW)


def build(app: Flask, *, links: int = 5) -> World:
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    with app.app_context(), transaction():
        found = (_furnish(*PLACES[0], links), _furnish(*PLACES[1], links))
        writer = TallyWriter("2026-Q3")
        for _province, agency in PLACES:
            writer.rated(agency, (70, 20, 5, 3, 2))
        writer.write()
    with app.app_context():
        publish_all(NOW)
    world = World(app, found)
    for number, (role, scope) in enumerate(ROLES.items()):
        world.staff[role] = enrolled(app, f"vai{number}@bo.vn", (role, scope)).id
    return world


def _furnish(province: str, agency: str, links: int) -> Place:
    """Within the transaction of the caller."""
    place = Place(province, agency)
    batch = issue_links(
        agency, None, questionnaire="COT_LOI", version="1.0", phase="after-result", count=links,
        by="command:test", now=NOW,
    )  # fmt: skip
    place.batch, place.tokens = batch.id, batch.tokens
    place.contact_code = ("Q" if province == "14" else "R") * 20
    wish = ContactWish(agency, "0912 345 678", "Xin gọi buổi chiều", "Tôi đồng ý")
    keep_contact(wish, code=place.contact_code, day=date(2026, 11, 20))
    grants = [Grant(Role.AGENCY, agency)]
    person, place.invitation = create_person(
        f"moi{province}@bo.vn", "Người mới", grants, by="command:test", now=NOW
    )
    place.person, place.approval = person.id, uuid4()
    group = Group("2026-Q3", agency, "too-fast")
    db.session.add(
        ApprovalRow(
            id=place.approval,
            kind=Kind.REMOVE_QUARANTINED.value,
            subject=group.subject,
            scope=agency,
            payload=json.dumps({**group._asdict(), "act": ReviewAct.LEAVE_OUT.value}),
            reason="Gửi từ một máy",
            proposed_by="command:test",
            proposed_at=NOW,
        )
    )
    return place
