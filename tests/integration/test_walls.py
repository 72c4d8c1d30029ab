"""The second wall, tried from inside: a staff request whose view has forgotten every condition."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from flask import abort
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.accounts.roles import Role
from app.extensions import db
from app.transactions import transaction
from app.walls import SETTING
from tests.conftest import test_config
from tests.support.accounts import NOW, enrolled
from tests.support.walled import FOREIGN, OWN, PLACES, House, columns_of, everything, placed

NOWHERE = '{"by": "00000000-0000-0000-0000-000000000000", "in": {"contacts-read": []}}'
# Every other table, and why anybody who serves a page may see all of it.
OPEN = {
    "agencies": "public: who answers for what",
    "agency_names": "public",
    "agency_procedures": "public",
    "alembic_version": "the state of the system",
    "digests": "published figures",
    "editions": "public once published; which drafts there are is no secret of anybody",
    "external_indices": "public: numbers that others publish",
    "field_prompt_files": "what is read aloud to every household, under its hash",
    "field_receipts": "random ids and hashes of sealed records",
    "installation": "facts about the service",
    "invitations": "hashes; asked before anybody is known",
    "letterheads": "printed on public documents: who signs and for whom",
    "oidc_identities": "ids of a provider, no names; asked before anybody is known",
    "procedures": "public",
    "quarter_states": "the state of counting",
    "questionnaires": "public",
    "release_dates": "public",
    "recovery_codes": "hashes; asked before anybody is known",
    "staff_sessions": "hashes; asked before anybody is known",
    "tallies": "numbers without people, which published figures are made of",
    "tallies_by_cluster": "numbers without people",
    "tallies_by_procedure": "numbers without people",
    "threshold_sets": "public: the rules of the figures",
    "throttles": "keyed hashes; asked before anybody is known",
    "units": "public",
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
    column = "reason" if table == "approvals" else columns_of(house, table)[-1]

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
        column = columns_of(house, table)[-1]
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = NULL"):
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
        db.engine.pool._pool.maxsize = 1
        db.engine.pool._max_overflow = 0
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


def test_a_request_that_the_guard_has_not_seen_sees_nothing(house: House) -> None:
    with house.app.test_request_context("/"):
        assert [places for places in placed().values() if places] == []
