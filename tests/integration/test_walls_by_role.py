"""What the second wall shows to whom: each role, and citizens, for whom nobody has asked."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.models import GrantRow, Person
from app.accounts.roles import Role
from app.audit.actions import record
from app.audit.queries import verify
from app.extensions import db
from app.transactions import transaction
from tests.support.accounts import NOW, enrolled
from tests.support.walled import FOREIGN, OWN, PLACES, House, placed


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
        assert house.within(leader, lambda p=person, s=scope: give(p, s)) == "InsufficientPrivilege"


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
        assert house.within(leader, lambda name=by: tell(name)) == "InsufficientPrivilege"
    with house.app.app_context():
        assert verify().broken_at is None


def test_whoever_holds_only_the_system_sees_nothing_and_who_leads_a_team_only_field_work(
    house: House,
) -> None:
    for number, role in enumerate((Role.OPERATOR, Role.TEAM_LEAD)):
        person = enrolled(house.app, f"{number}@bo.vn", (role, OWN), name="self").id
        found = house.within(person, placed)
        led = {table for table in PLACES if table.startswith("field_")} if role is Role.TEAM_LEAD else set()
        assert found == {
            table: ["self"] if table == "people" else [OWN] if table in {"grants", *led} else []
            for table in PLACES
        }


def test_an_auditor_reads_neither_answers_nor_contacts(house: House) -> None:
    person = enrolled(house.app, "u@bo.vn", (Role.AUDITOR, "nation")).id
    found = house.within(person, placed)
    assert isinstance(found, dict)
    empty = {table for table, seen in found.items() if not seen}
    heard = {"comment_cells", "comment_layers", "responses", "kept_aside", "quarantine_reviews"}
    sent = {"contacts", "feedback_counts", "imports", "withdrawn_contacts"}
    # Who interviews, and what of it stands out, is between those who lead and those who are led.
    led = {"field_collectors", "field_devices", "field_inbox", "field_visits", "field_flags"}
    led |= {"field_backchecks", "field_paper_forms", "field_paper_keyings", "field_paper_tallies"}
    assert empty == heard | sent | led


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


def test_citizens_pages_see_neither_people_nor_answers_nor_events(house: House) -> None:
    with house.app.app_context():
        expected = {"link_batches": [OWN, FOREIGN], "links": [OWN, FOREIGN]}
    seen = {}

    def view() -> str:
        seen.update(placed())
        return ""

    house.app.view_functions["releases.home"] = view
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

    house.app.view_functions["releases.home"] = view
    assert house.app.test_client().get("/").status_code == 200
    assert seen["improvements"] == [OWN] and seen["improvement_versions"] == []


def test_grants_of_a_person_are_shown_whole_or_not_at_all(house: House, leader: UUID) -> None:
    """Half of what somebody holds would look like somebody who holds less."""
    both = enrolled(house.app, "haino@bo.vn", (Role.AGENCY, OWN), (Role.MINISTRY, "nation"), name="both").id

    def held() -> list[str]:
        query = text("SELECT scope FROM grants WHERE person = :person ORDER BY 1")
        return [*db.session.scalars(query, {"person": both})]

    assert house.within(leader, held) == [OWN, "nation"]
