"""The matrix of access holds for somebody who knows nothing of the application but its address."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import ROOT
from app.accounts.identity import NATION_SCOPE
from app.accounts.models import GrantRow
from app.accounts.roles import Role
from app.approvals.models import ApprovalRow
from app.comments.models import Contact
from app.directory.models import Agency, AgencyProcedure, Procedure
from app.dossiers.models import LinkBatch
from app.editions.models import Objection
from app.extensions import db
from app.fieldwork.models import Collector, Device, InboxRecord, Round, Team
from app.fieldwork.reviews.models import Flag
from app.improvements.models import ImprovementRow
from app.moderation.models import CommentLayer
from app.results.imports.models import Import
from app.transactions import transaction
from surveys.figures import NATION
from tests.integration.accounts.test_matrix import WHO, belongings, drafted
from tests.support import citizens
from tests.support.accounts import PASSWORD, SECRET, enrolled
from tests.support.serving import environment_of, flask_command, served
from tests.support.tallies import TallyWriter


def furnish(app: Flask, agency: str, number: int) -> dict[str, str]:
    """One of everything, for one person alone: what one has ended must still be there for the next."""
    person = enrolled(app, f"nguoi{number}@bo.vn", (Role.AGENCY, agency)).id
    procedure = f"1.00{number:04d}"
    with app.app_context(), transaction():
        db.session.add(Procedure(code=procedure, name=f"Thủ tục {number}"))
        db.session.flush()
        db.session.add(AgencyProcedure(agency=agency, procedure=procedure))
        return {**belongings(agency, person), "1.004616": procedure}


def scopes(app: Flask) -> dict[str, list[str]]:
    """To whom every id belongs that a page may name."""
    found: dict[str, list[str]] = {NATION: [NATION_SCOPE]}
    pairs = (
        (ApprovalRow.id, ApprovalRow.scope), (Contact.id, Contact.agency),
        (CommentLayer.id, CommentLayer.agency), (Import.id, Import.scopes),
        (LinkBatch.id, LinkBatch.agency), (Agency.code, Agency.code),
        (GrantRow.person, GrantRow.scope), (Agency.province, Agency.province),
        (ImprovementRow.id, ImprovementRow.agency), (Round.code, Round.agency), (Team.id, Team.agency),
        (Objection.id, Objection.agency),
    )  # fmt: skip
    team = select(Collector.id, Team.agency).join(Team, Team.id == Collector.team)
    phone = select(Device.id, Team.agency).join(Collector, Collector.id == Device.collector)
    phone = phone.join(Team, Team.id == Collector.team)
    flag = select(Flag.id, Round.agency).join(Round, Round.code == Flag.round)
    with app.app_context():
        for statement in (team, phone, flag):
            for name, place in db.session.execute(statement):
                found.setdefault(str(name), []).append(place)
        for name, device in db.session.execute(select(InboxRecord.id, InboxRecord.device)):
            found[str(name)] = found[str(device)]
        for key, scope in pairs:
            for name, place in db.session.execute(select(key, scope)):
                found.setdefault(str(name), []).append(place)
    return found


def plan(app: Flask, environment: dict[str, str], people: dict[str, str]) -> dict[str, object]:
    routes = subprocess.run(
        flask_command("routes"), cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout
    secret = {"password": PASSWORD, "secret": SECRET.hex()}
    staff = {
        letter: {"email": f"{letter}@bo.vn".lower(), "scope": scope, "id": people[letter], **secret}
        for letter, (_role, scope) in WHO.items()
    }
    return {"staff": staff, "routes": routes, "scopes": scopes(app)}


@pytest.mark.slow
def test_from_outside_the_matrix_holds(app: Flask, tmp_path: Path) -> None:
    citizens.prepare(app)
    people = {letter: str(enrolled(app, f"{letter}@bo.vn", grant).id) for letter, grant in WHO.items()}
    own = {letter: furnish(app, citizens.AGENCY, number) for number, letter in enumerate(WHO)}
    foreign = furnish(app, citizens.OTHER_AGENCY, 9)
    with app.app_context(), transaction():
        aside = TallyWriter("2026-Q3")
        for agency in (citizens.AGENCY, citizens.OTHER_AGENCY):
            aside.rated(agency, (40, 20, 5, 3, 2))
            aside.values(agency, "_set_aside", {"too-fast": 12})
        aside.write()
    with app.app_context():
        drafted([*own.values(), foreign])
    with served(app, tmp_path, 2) as port:
        known = plan(app, environment_of(app, tmp_path), people)
        written = {**known, "port": port, "own": own, "foreign": foreign}
        (tmp_path / "plan.json").write_text(json.dumps(written, default=str), encoding="utf-8")
        command = [sys.executable, "-m", "tests.drills.outside_matrix", str(tmp_path / "plan.json")]
        told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = json.loads(told)
    print(json.dumps({"drill": "matrix from outside", "n": sum(found["asked"].values()), **found}))
    assert found["imported"] == []
    assert found["wrong"] == []
