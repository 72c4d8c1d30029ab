"""People in the console: found, invited and changed by who may, and never beyond what that person holds."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from app.accounts.actions import GrantsMoved, change_grants
from app.accounts.identity import Grant
from app.accounts.models import GrantRow, Person
from app.accounts.queries import get_person
from app.accounts.roles import Role
from app.accounts.sessions import grants_of
from app.audit.models import AuditEvent
from app.extensions import db
from app.transactions import transaction
from tests.support import citizens
from tests.support.accounts import NOW, enrolled, member_client, send, signed_in, token_on

PEOPLE = "/quan-tri/nguoi-dung"
FORM_PAGE = "/quan-tri/bao-mat/ma-khoi-phuc"


@pytest.fixture(autouse=True)
def places(app: Flask) -> None:
    citizens.prepare(app)


def leader(app: Flask, *grants: tuple[Role, str]) -> FlaskClient:
    return member_client(app, *(grants or ((Role.PROVINCE, "14"),)), email="truong@sonla.gov.vn")


def invite(client: FlaskClient, role: Role | str, scope: str, **changes: str) -> TestResponse:
    fields = {"name": "Lò Văn Én", "email": "en@sonla.gov.vn", "role": str(role), "scope": scope, **changes}
    return send(client, f"{PEOPLE}/moi", fields)


def change(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Rights are changed from the page of the person, which remembers what it has shown."""
    if "/vai-tro" in path:
        page = client.get(path.partition("/vai-tro")[0]).text
        shown = re.search(r'name="seen" value="([^"]*)"', page)
        fields.setdefault("seen", shown[1] if shown else "")
    return send(client, path, fields, page=FORM_PAGE)


def held(app: Flask, person: UUID) -> set[Grant]:
    with app.app_context():
        return set(grants_of(person))


def test_an_invitation_is_shown_once_and_accepted_by_the_invited(app: Flask) -> None:
    client = leader(app)
    page = invite(client, Role.AGENCY, "14-SKHCN")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    html5lib.HTMLParser(strict=True).parse(page.text)
    found = re.search(r"<code>http://127\.0\.0\.1:8000(/quan-tri/loi-moi/[\w-]{43})</code>", page.text)
    assert found
    assert app.test_client().get(found[1]).status_code == 200
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.email == "en@sonla.gov.vn")).one()
        assert grants_of(person.id) == (Grant(Role.AGENCY, "14-SKHCN"),)
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject == str(person.id))).one()
        assert (event.action, event.scope) == ("person.invited", "14-SKHCN")
        assert "Én" not in event.details


@pytest.mark.parametrize(
    ("own", "role", "scope", "given"),
    [
        ((Role.MINISTRY, "nation"), Role.MINISTRY, "nation", True),
        ((Role.MINISTRY, "nation"), Role.OPERATOR, "nation", True),
        ((Role.MINISTRY, "nation"), Role.AUDITOR, "31", True),
        ((Role.MINISTRY, "nation"), Role.AGENCY, "31-SNV", True),
        ((Role.MINISTRY, "nation"), Role.AGENCY, "99-KHONG", False),
        ((Role.MINISTRY, "nation"), Role.AGENCY, "", False),
        ((Role.MINISTRY, "nation"), "vua", "nation", False),
        ((Role.PROVINCE, "14"), Role.PROVINCE, "14", True),
        ((Role.PROVINCE, "14"), Role.AGENCY, "14-SKHCN", True),
        ((Role.PROVINCE, "14"), Role.TEAM_LEAD, "14", True),
        ((Role.PROVINCE, "14"), Role.PROVINCE, "31", False),
        ((Role.PROVINCE, "14"), Role.AGENCY, "31-SNV", False),
        ((Role.PROVINCE, "14"), Role.PROVINCE, "nation", False),
        ((Role.PROVINCE, "14"), Role.MINISTRY, "14", False),
        ((Role.PROVINCE, "14"), Role.AUDITOR, "14", False),
        ((Role.PROVINCE, "14"), Role.OPERATOR, "14", False),
    ],
)
def test_nobody_gives_more_than_they_hold(
    app: Flask, own: tuple[Role, str], role: Role | str, scope: str, given: bool
) -> None:
    client = leader(app, own)
    assert (invite(client, role, scope).status_code == 200) is given
    target = enrolled(app, "muc@sonla.gov.vn", (Role.AGENCY, "14-SKHCN")).id
    before = held(app, target)
    answer = change(client, f"{PEOPLE}/{target}/vai-tro", role=str(role), scope=scope)
    assert answer.status_code == (303 if given else 400)
    assert (held(app, target) != before) is (given and (role, scope) != (Role.AGENCY, "14-SKHCN"))


def test_two_roles_do_not_add_up_across_places(app: Flask) -> None:
    """Leading one province and auditing the nation gives nobody the right to lead the nation."""
    client = leader(app, (Role.PROVINCE, "14"), (Role.AUDITOR, "nation"))
    assert invite(client, Role.PROVINCE, "31").status_code == 400
    assert invite(client, Role.AUDITOR, "nation").status_code == 400


def test_nobody_changes_who_holds_more(app: Flask) -> None:
    client = leader(app)
    above = enrolled(app, "bo@bo.vn", (Role.AGENCY, "14-SKHCN"), (Role.MINISTRY, "nation")).id
    assert client.get(f"{PEOPLE}/{above}").status_code == 200
    for path in ("khoa", "mo", "dat-lai", "vai-tro/bo", "vai-tro"):
        fields = {"role": "agency", "scope": "14-SKHCN", "confirmed": "1"}
        assert change(client, f"{PEOPLE}/{above}/{path}", **fields).status_code == 404
    assert len(held(app, above)) == 2


def test_nobody_changes_the_own_rights(app: Flask) -> None:
    member = enrolled(app, "truong@sonla.gov.vn", (Role.MINISTRY, "nation"))
    client = signed_in(app, member.id)
    assert client.get(f"{PEOPLE}/{member.id}").status_code == 200
    for path in ("khoa", "mo", "dat-lai", "vai-tro/bo", "vai-tro"):
        fields = {"role": "operator", "scope": "nation", "confirmed": "1"}
        assert change(client, f"{PEOPLE}/{member.id}/{path}", **fields).status_code == 404


def test_a_change_of_rights_ends_the_sessions_and_is_recorded(app: Flask) -> None:
    client = leader(app)
    target = enrolled(app, "muc@sonla.gov.vn", (Role.AGENCY, "14-SKHCN")).id
    theirs = signed_in(app, target)
    path = f"{PEOPLE}/{target}"
    assert change(client, f"{path}/vai-tro", role="team-lead", scope="14").status_code == 303
    assert theirs.get("/quan-tri/phien").status_code == 303
    assert change(client, f"{path}/vai-tro/bo", role="agency", scope="14-SKHCN").status_code == 303
    assert held(app, target) == {Grant(Role.TEAM_LEAD, "14")}
    last = change(client, f"{path}/vai-tro/bo", role="team-lead", scope="14")
    assert last.headers["Location"].startswith(f"{PEOPLE}?done=")
    with app.app_context():
        actions = db.session.scalars(select(AuditEvent.action)).all()
    assert actions.count("person.grants-changed") == 3


def test_rights_that_moved_since_the_page_was_shown_are_not_overwritten(app: Flask) -> None:
    client = leader(app)
    target = enrolled(app, "muc@sonla.gov.vn", (Role.AGENCY, "14-SKHCN")).id
    path = f"{PEOPLE}/{target}/vai-tro"
    assert change(client, path, role="team-lead", scope="14", seen="agency:14-SKHCN").status_code == 303
    for late in (path, f"{path}/bo"):
        answer = change(client, late, role="agency", scope="14-SKHCN", seen="agency:14-SKHCN")
        assert answer.status_code == 409
        assert "Quyền của người này vừa được đổi" in answer.text
    assert held(app, target) == {Grant(Role.AGENCY, "14-SKHCN"), Grant(Role.TEAM_LEAD, "14")}


def test_of_many_who_change_one_person_at_once_one_does(app: Flask) -> None:
    target = enrolled(app, "muc@sonla.gov.vn", (Role.AGENCY, "14-SKHCN")).id

    def give(number: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    grants = [Grant(Role.AGENCY, f"14-{number}")]
                    person = get_person(target)
                    change_grants(person, grants, seen="agency:14-SKHCN", by="command:test", now=NOW)
            except GrantsMoved:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(give, range(8))) == 1
    assert len(held(app, target)) == 1


def test_disabling_asks_once_and_can_be_taken_back(app: Flask) -> None:
    client = leader(app)
    target = enrolled(app, "muc@sonla.gov.vn", (Role.AGENCY, "14-SKHCN")).id
    theirs = signed_in(app, target)
    asked = client.get(f"{PEOPLE}/{target}/khoa")
    assert "Có thể mở khóa bất cứ lúc nào" in asked.text
    html5lib.HTMLParser(strict=True).parse(asked.text)
    assert theirs.get("/quan-tri/phien").status_code == 200
    token = token_on(asked.text)
    done = client.post(f"{PEOPLE}/{target}/khoa", data={"csrf_token": token, "confirmed": "1"})
    assert done.status_code == 303
    assert "Đang khóa" in client.get(f"{PEOPLE}/{target}").text
    assert theirs.get("/quan-tri/phien").status_code == 303
    assert change(client, f"{PEOPLE}/{target}/dat-lai").status_code == 409
    assert change(client, f"{PEOPLE}/{target}/mo").status_code == 303
    assert "Đang dùng" in client.get(f"{PEOPLE}/{target}").text


def test_a_reset_keeps_the_second_factor_unless_it_was_lost(app: Flask) -> None:
    client = leader(app)
    target = enrolled(app, "muc@sonla.gov.vn", (Role.AGENCY, "14-SKHCN")).id
    for ticked, enrols in (({}, False), ({"lost_authenticator": "y"}, True)):
        page = send(client, f"{PEOPLE}/{target}/dat-lai", ticked)
        html5lib.HTMLParser(strict=True).parse(page.text)
        found = re.search(r"(/quan-tri/loi-moi/[\w-]{43})", page.text)
        assert found
        assert ("ma.svg" in app.test_client().get(found[1]).text) is enrols


def test_who_holds_nothing_belongs_to_the_nation(app: Flask) -> None:
    """Somebody who reads the whole country but manages one province sees them and changes nothing."""
    target = enrolled(app, "khong@sonla.gov.vn").id
    with app.app_context(), transaction():
        db.session.execute(delete(GrantRow).where(GrantRow.person == target))
    reader = leader(app, (Role.AUDITOR, "nation"), (Role.PROVINCE, "14"))
    assert reader.get(f"{PEOPLE}/{target}").status_code == 200
    wanted = {"role": Role.AGENCY, "scope": "14-SKHCN"}
    assert change(reader, f"{PEOPLE}/{target}/vai-tro", **wanted).status_code == 404
    assert change(reader, f"{PEOPLE}/{target}/khoa", confirmed="1").status_code == 404
    assert held(app, target) == set()
    nation = member_client(app, (Role.MINISTRY, "nation"), email="bo@bo.vn")
    assert change(nation, f"{PEOPLE}/{target}/vai-tro", **wanted).status_code == 303
    assert held(app, target) == {Grant(Role.AGENCY, "14-SKHCN")}


def test_people_are_found_without_accents_and_only_within_ones_own(app: Flask) -> None:
    client = leader(app)
    enrolled(app, "den@sonla.gov.vn", (Role.AGENCY, "14-SKHCN"), name="Lò Thị Đẹn")
    enrolled(app, "phong@haiphong.gov.vn", (Role.AGENCY, "31-SNV"), name="Trần Thị Phòng")
    for text in ("", "lo thi den", "Đẹn", "sonla.gov"):
        page = client.get(PEOPLE, query_string={"q": text})
        assert "Lò Thị Đẹn" in page.text, text
        assert "Trần Thị Phòng" not in page.text
        html5lib.HTMLParser(strict=True).parse(page.text)
    assert "Không có ai khớp" in client.get(PEOPLE, query_string={"q": "%_không"}).text
    nation = member_client(app, (Role.AUDITOR, "nation"), email="kiemtra@bo.vn").get(PEOPLE).text
    assert "Trần Thị Phòng" in nation
    assert "Mời một người" not in nation


def test_a_long_list_has_pages(app: Flask) -> None:
    client = leader(app, (Role.MINISTRY, "nation"))
    for number in range(55):
        enrolled(app, f"nguoi{number:02}@bo.vn", (Role.AGENCY, "14-SKHCN"), name=f"Người {number:02}")
    first = client.get(PEOPLE).text
    later = re.search(r'<a rel="next" href="([^"]+)"', first)
    assert later
    second = client.get(later[1].replace("&amp;", "&")).text
    names = re.findall(r"Người \d\d", first + second)
    assert sorted(set(names)) == [f"Người {number:02}" for number in range(55)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "TRUONG@sonla.gov.vn"}, "Đã có tài khoản"),
        ({"email": "không"}, "Hãy ghi địa chỉ thư điện tử"),
        ({"name": ""}, "Hãy điền ô này"),
        ({"name": "A" * 201}, "tối đa 200"),
        ({"name": "A\u202eB"}, "Hãy ghi họ tên bằng chữ"),
    ],
)
def test_a_wrong_field_is_named(app: Flask, changes: dict[str, str], words: str) -> None:
    page = invite(leader(app), Role.AGENCY, "14-SKHCN", **changes)
    assert page.status_code == 400
    assert words in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)
