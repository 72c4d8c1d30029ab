"""The second wall, tried from inside: a staff request whose view has forgotten every condition."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask, abort
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.accounts.models import GrantRow, Person
from app.accounts.roles import Role
from app.approvals.models import ApprovalRow
from app.audit.actions import record
from app.audit.queries import verify
from app.comments.models import Contact, FeedbackCount, WithdrawnContact
from app.dossiers.actions import issue_links
from app.extensions import db
from app.improvements.actions import Words, write
from app.moderation.models import CommentCell, CommentLayer
from app.responding.models import KeptAside, Response
from app.results.imports.models import Import
from app.results.models import QuarantineReview
from app.transactions import transaction
from app.walls import SETTING
from tests.conftest import test_config
from tests.support import citizens, two_roles
from tests.support.accounts import NOW, enrolled, signed_in

NOWHERE = '{"by": "00000000-0000-0000-0000-000000000000", "in": {"contacts-read": []}}'
OWN, FOREIGN = citizens.AGENCY, citizens.OTHER_AGENCY
# Every table with policies, and what of a row tells where it belongs.
PLACES = {
    "contacts": "agency",
    "withdrawn_contacts": "agency",
    "comment_cells": "agency",
    "comment_layers": "agency",
    "feedback_counts": "agency",
    "improvement_versions": "agency",
    "improvements": "agency",
    "quarantine_reviews": "agency",
    "responses": "agency",
    "kept_aside": "agency",
    "link_batches": "agency",
    "links": "(SELECT agency FROM link_batches WHERE id = links.batch)",
    "approvals": "scope",
    "audit_events": "scope",
    "people": "name",
    "grants": "scope",
    "imports": "scopes",
}
# Every other table, and why anybody who serves a page may see all of it.
OPEN = {
    "agencies": "public: who answers for what",
    "agency_names": "public",
    "agency_procedures": "public",
    "alembic_version": "the state of the system",
    "digests": "published figures",
    "installation": "facts about the service",
    "invitations": "hashes; asked before anybody is known",
    "oidc_identities": "ids of a provider, no names; asked before anybody is known",
    "procedures": "public",
    "quarter_states": "the state of counting",
    "questionnaires": "public",
    "recovery_codes": "hashes; asked before anybody is known",
    "staff_sessions": "hashes; asked before anybody is known",
    "tallies": "numbers without people, which published figures are made of",
    "tallies_by_cluster": "numbers without people",
    "tallies_by_procedure": "numbers without people",
    "threshold_sets": "public: the rules of the figures",
    "throttles": "keyed hashes; asked before anybody is known",
    "units": "public",
}


@dataclass
class House:
    """A service whose database has two roles, and what a view does there for somebody."""

    app: Flask
    owner_url: str

    def within(self, person: UUID, act: Callable[[], object], status: int = 200) -> object:
        """Does something inside a request of this person, behind the guard and in place of the view."""

        def view() -> str:
            return json.dumps(act(), default=str)

        self.app.view_functions["console.home"] = view
        response = signed_in(self.app, person).get("/quan-tri")
        assert response.status_code == status, response.text
        return json.loads(response.text) if status == 200 else None


@pytest.fixture
def house(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with two_roles.database(postgres_server) as roles:
        app = create_app(test_config(tmp_path_factory.mktemp("house"), roles.application))
        app.testing = True
        app.extensions["clock"] = lambda: NOW
        _furnish(app)
        yield House(app, roles.owner)
        with app.app_context():
            db.engine.dispose()


def _furnish(app: Flask) -> None:
    """One row of each kind in province 14, and one in province 31."""
    citizens.prepare(app)
    for agency in (OWN, FOREIGN):
        person = enrolled(app, f"{agency}@bo.vn", (Role.AGENCY, agency), name=agency).id
        with app.app_context(), transaction():
            issue_links(
                agency, None, questionnaire="COT_LOI", version="1.0", phase="after-result", count=3,
                by="command:test", now=NOW,
            )  # fmt: skip
            words = Words("2026-Q3", "Phải khai lại nhiều lần", "Tự điền sẵn", "Sở", NOW.date())
            write(agency, words, by="command:test", now=NOW)
            db.session.add_all(
                [
                    Contact(
                        code_hash=agency.encode(), agency=agency, day=NOW.date(), due_on=NOW.date(),
                        address="a", message="b", consent_text="c",
                    ),
                    FeedbackCount(
                        quarter="2026-Q3", agency=agency, theme="fees", status="Đã trả lời",
                        timing="late", n=3,
                    ),
                    WithdrawnContact(id=uuid4(), agency=agency, withdrawn_on=NOW.date()),
                    QuarantineReview(
                        agency=agency, quarter="2026-Q3", reason="budget", number=1, act="release", why="g",
                        approval=uuid4(), proposed_by="a", decided_by="b", decided_at=NOW,
                    ),
                    Response(
                        agency=agency, id=str(uuid4()), questionnaire="COT_LOI", version="1.0",
                        phase="after-result", channel="web", quarter="2026-Q4", day=NOW.date(), language="vi",
                        answers="{}", comment="d",
                    ),
                    CommentCell(agency=agency, quarter="2026-Q4", answers=10, closed=False),
                    CommentLayer(
                        agency=agency, response=str(uuid4()), quarter="2026-Q4", state="waiting", covers="[]",
                        fingerprint="h", folded="d",
                    ),
                    KeptAside(
                        agency=agency, id=str(uuid4()), content_hash="e", day=NOW.date(), channel="web",
                        body="{}",
                    ),
                    Import(
                        person=person, scopes=agency, name="h.csv", kind="csv", size=1, rows=1,
                        uploaded_at=NOW,
                    ),
                    ApprovalRow(
                        kind="hide-comment", subject=agency, scope=agency, payload="{}", reason="f",
                        proposed_by="somebody", proposed_at=NOW,
                    ),
                ]
            )  # fmt: skip


@pytest.fixture
def leader(house: House) -> UUID:
    return enrolled(house.app, "son-la@bo.vn", (Role.PROVINCE, "14"), name="14").id


def placed() -> dict[str, list[str]]:
    """Where the visible rows of each table belong."""
    return {
        table: sorted(
            {str(place) for place in db.session.scalars(text(f"SELECT DISTINCT {column} FROM {table}"))}
        )
        for table, column in PLACES.items()
    }


def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    """All rows, as the service itself reads them."""
    with house.app.app_context():
        return {
            table: sorted(map(tuple, db.session.execute(text(f"SELECT * FROM {table}"))), key=repr)
            for table in PLACES
        }


def test_every_table_has_policies_or_a_reason_to_have_none(house: House) -> None:
    """A new table says here which of the two it is; the pattern of a policy stands in ADR 11."""
    with house.app.app_context():
        tables = set(db.metadata.tables)
        held = set(
            db.session.scalars(
                text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
            )
        )
        policies = set(db.session.scalars(text("SELECT tablename FROM pg_policies")))
    unstated = tables - set(PLACES) - set(OPEN)
    assert not unstated, f"say how far a request sees {sorted(unstated)}: a policy, or a reason for none"
    assert held == policies == set(PLACES)
    assert set(OPEN) | set(PLACES) == tables | {"alembic_version"}


def test_a_view_without_any_condition_shows_nothing_of_elsewhere(house: House, leader: UUID) -> None:
    found = house.within(leader, placed)
    with_people = {"audit_events", "people", "grants"}
    assert found == {table: ["14", OWN] if table in with_people else [OWN] for table in PLACES}


@pytest.mark.parametrize("table", PLACES)
def test_a_view_without_any_condition_changes_nothing_of_elsewhere(
    house: House, leader: UUID, table: str
) -> None:
    """Whatever of one's own is touched is put back, so that any difference is one of elsewhere."""
    column = "reason" if table == "approvals" else _columns(house, table)[-1]

    def touch() -> list[str]:
        outcomes = []
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            try:
                rows = db.session.execute(text(f"{statement} RETURNING {PLACES[table]} AS place")).scalars()
                outcomes += [str(place) for place in rows]
            except DBAPIError as error:
                outcomes.append(type(error.orig).__name__)
            db.session.rollback()
        return outcomes

    outcomes = house.within(leader, touch)
    assert isinstance(outcomes, list)
    assert set(outcomes) <= {OWN, "14", "InsufficientPrivilege"}, outcomes


@pytest.mark.parametrize("table", PLACES)
def test_only_what_is_elsewhere_stays_as_it_was(house: House, leader: UUID, table: str) -> None:
    """The same for keeps: what a blind statement has done is committed, and elsewhere nothing has moved."""
    before = everything(house)

    def wreck() -> None:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {_columns(house, table)[-1]} = NULL"):
            try:
                with transaction():
                    db.session.execute(text(statement))
            except DBAPIError:
                continue

    house.within(leader, wreck)
    after = everything(house)
    for name in PLACES:
        lost = [row for row in before[name] if row not in after[name]]
        assert not [row for row in lost if FOREIGN in map(str, row)], (table, name, lost)
    # Nobody deletes an answer or an event, one's own neither.
    assert len(after["responses"]) == len(before["responses"])
    assert before["audit_events"] == after["audit_events"]


def test_nobody_gives_or_takes_a_right_beyond_their_reach(house: House, leader: UUID) -> None:
    def give(person: UUID, scope: str) -> str:
        try:
            with transaction():
                db.session.add(GrantRow(person=person, role="province", scope=scope))
        except DBAPIError as error:
            return type(error.orig).__name__
        return "given"

    with house.app.app_context():
        other = db.session.query(Person).filter_by(name=OWN).one().id
    assert house.within(leader, lambda: give(other, "14")) == "given"
    for person, scope in ((other, "31"), (other, "nation"), (other, FOREIGN), (leader, "14-X")):
        assert house.within(leader, lambda p=person, s=scope: give(p, s)) == "InsufficientPrivilege"  # type: ignore[misc]


def test_staff_write_events_in_their_own_name_only(house: House, leader: UUID) -> None:
    def tell(by: str) -> str:
        try:
            with transaction():
                record("links-issued", by=by, subject="x", scope=OWN, now=NOW)
        except DBAPIError as error:
            return type(error.orig).__name__
        return "told"

    assert house.within(leader, lambda: tell(str(leader))) == "told"
    for by in (str(uuid4()), "command:links"):
        assert house.within(leader, lambda name=by: tell(name)) == "InsufficientPrivilege"  # type: ignore[misc]
    with house.app.app_context():
        assert verify().broken_at is None


def test_whoever_holds_nothing_or_only_the_system_sees_nothing(house: House) -> None:
    for number, role in enumerate((Role.OPERATOR, Role.TEAM_LEAD)):
        person = enrolled(house.app, f"{number}@bo.vn", (role, OWN), name="self").id
        found = house.within(person, placed)
        assert found == {
            table: ["self"] if table == "people" else [OWN] if table == "grants" else [] for table in PLACES
        }


def test_an_auditor_reads_neither_answers_nor_contacts(house: House) -> None:
    person = enrolled(house.app, "u@bo.vn", (Role.AUDITOR, "nation")).id
    found = house.within(person, placed)
    assert isinstance(found, dict)
    empty = {table for table, seen in found.items() if not seen}
    heard = {"comment_cells", "comment_layers", "responses", "kept_aside", "quarantine_reviews"}
    assert empty == heard | {"contacts", "feedback_counts", "imports", "withdrawn_contacts"}


def test_an_agency_reads_only_comments_that_were_reviewed(house: House) -> None:
    person = enrolled(house.app, "cq@bo.vn", (Role.AGENCY, OWN)).id

    def states() -> list[str]:
        return [*db.session.scalars(text("SELECT state FROM comment_layers"))]

    assert house.within(person, states) == []
    with house.app.app_context(), transaction():
        db.session.execute(text("UPDATE comment_layers SET state = 'published'"))
    assert house.within(person, states) == ["published"]


def test_an_agency_that_became_a_part_of_another_is_covered(house: House, leader: UUID) -> None:
    with house.app.app_context(), transaction():
        merge = "UPDATE agencies SET merged_into = :into, valid_to = '2026-11-19' WHERE code = :code"
        db.session.execute(text(merge), {"into": OWN, "code": FOREIGN})
    found = house.within(leader, placed)
    assert isinstance(found, dict)
    assert found["contacts"] == [OWN, FOREIGN]


def test_one_connection_serves_two_persons_and_carries_nothing_over(house: House, leader: UUID) -> None:
    """A pool of one; errors, rollbacks and requests of citizens in between."""
    other = enrolled(house.app, "hp@bo.vn", (Role.PROVINCE, "31"), name="31").id
    url = house.app.extensions["hailong"].database_url
    with house.app.app_context():
        db.session.remove()
        db.engine.dispose()
    single = create_app(test_config(house.app.extensions["hailong"].data_dir, url))
    single.extensions["clock"] = lambda: NOW
    with single.app_context():
        db.engine.pool = db.engine.pool.recreate()
        db.engine.pool._pool.maxsize = 1  # type: ignore[attr-defined]
        db.engine.pool._max_overflow = 0  # type: ignore[attr-defined]
    house = House(single, "")

    def who() -> list[str]:
        return [*db.session.scalars(text("SELECT agency FROM contacts ORDER BY 1"))]

    def backend() -> list[object]:
        return [db.session.scalar(text("SELECT pg_backend_pid()"))]

    def fail() -> None:
        db.session.execute(text("SELECT 1 / 0"))

    def give_up() -> None:
        who()
        abort(409)

    connections = set()
    for _round in range(10):
        for person, place in ((leader, OWN), (other, FOREIGN)):
            assert house.within(person, who) == [place]
            connections.add(str(house.within(person, backend)))
            house.within(person, fail, 500)
            house.within(person, give_up, 409)
            assert single.test_client().get("/phieu").status_code == 200
        with single.app_context():
            own = db.session.connection().connection.dbapi_connection
            assert own is not None
            db.session.rollback()
            # As the pool holds it, between two transactions.
            assert own.execute(f"SELECT current_setting('{SETTING}', true)").fetchone() in ((None,), ("",))
            assert own.execute("SELECT count(*) FROM contacts").fetchone() == (0,)
    assert len(connections) == 1
    with single.app_context():
        db.session.remove()
        db.engine.dispose()


def test_whoever_does_not_say_how_far_sees_nothing(house: House) -> None:
    """The password of the application alone, in another program."""
    url = house.app.extensions["hailong"].database_url.replace("+psycopg", "")
    for address in (url, house.owner_url):
        with psycopg.connect(address, autocommit=True) as own:
            for said in ("", "staff", "{}", '{"in": {}}', NOWHERE):
                own.execute("SELECT set_config(%s, %s, false)", (SETTING, said))
                for table in PLACES:
                    assert own.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), (said, table)


def test_citizens_pages_see_neither_people_nor_answers_nor_events(house: House) -> None:
    with house.app.app_context():
        expected = {"link_batches": [OWN, FOREIGN], "links": [OWN, FOREIGN]}
    seen = {}

    def view() -> str:
        seen.update(placed())
        return ""

    house.app.view_functions["ui.home"] = view
    assert house.app.test_client().get("/").status_code == 200
    assert {table: places for table, places in seen.items() if places} == expected


def test_citizens_pages_see_improvements_that_were_published_and_none_of_their_versions(house: House) -> None:
    with house.app.app_context(), transaction():
        publishing = text("UPDATE improvements SET state = 'published' WHERE agency = :own")
        db.session.execute(publishing, {"own": OWN})
    seen = {}

    def view() -> str:
        seen.update(placed())
        return ""

    house.app.view_functions["ui.home"] = view
    assert house.app.test_client().get("/").status_code == 200
    assert seen["improvements"] == [OWN] and seen["improvement_versions"] == []


def test_a_request_that_the_guard_has_not_seen_sees_nothing(house: House) -> None:
    with house.app.test_request_context("/"):
        assert [places for places in placed().values() if places] == []


def test_grants_of_a_person_are_shown_whole_or_not_at_all(house: House, leader: UUID) -> None:
    """Half of what somebody holds would look like somebody who holds less."""
    both = enrolled(house.app, "haino@bo.vn", (Role.AGENCY, OWN), (Role.MINISTRY, "nation"), name="both").id

    def held() -> list[str]:
        query = text("SELECT scope FROM grants WHERE person = :person ORDER BY 1")
        return [*db.session.scalars(query, {"person": both})]

    assert house.within(leader, held) == [OWN, "nation"]


def _columns(house: House, table: str) -> list[str]:
    with house.app.app_context():
        names = list(db.metadata.tables[table].columns.keys())
    keys = {column.name for column in db.metadata.tables[table].primary_key}
    return [f'"{name}"' for name in names if name not in keys] or [f'"{name}"' for name in names]
