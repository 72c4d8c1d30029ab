"""Every staff route, every method, every role, own and foreign things: written out, not derived.

M ministry, P province 14, A agency 14-SKHCN, T team lead of it, U auditor, O operator. A row says who gets an
answer; everybody else is told that there is nothing. Of foreign things (FOREIGN) only those whose scope is
the nation learn anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from app.accounts.access import ACCESS, Door
from app.accounts.actions import disable
from app.accounts.queries import get_person
from app.accounts.roles import PERMISSIONS, Role
from app.approvals.kinds import Decision, Kind
from app.approvals.models import ApprovalRow
from app.comments.actions import ContactWish, keep_contact
from app.comments.codes import code_hash
from app.comments.models import Contact
from app.dossiers.actions import issue_links
from app.editions.closing import close
from app.editions.listing import get_edition
from app.editions.objections import object_to
from app.extensions import db
from app.fieldwork.paper.tallies import TallyKey
from app.improvements.actions import Words, write
from app.moderation.models import CommentLayer
from app.responding.models import Response
from app.results.imports.models import Import
from app.transactions import transaction
from surveys.covering import fingerprint
from surveys.editions import EditionCode
from tests.support import citizens
from tests.support.accounts import NOW, enrolled, signed_in, token_on
from tests.support.field_work import a_round
from tests.support.records import record
from tests.support.tallies import TallyWriter

MATRIX = """
GET  /quan-tri                                        MPATUO
POST /quan-tri/dang-xuat                              MPATUO
GET  /quan-tri/phien                                  MPATUO
POST /quan-tri/phien/{session}/ket-thuc               MPATUO
POST /quan-tri/phien/ket-thuc-khac                    MPATUO
GET  /quan-tri/bao-mat                                MPATUO
GET  /quan-tri/bao-mat/mat-khau                       MPATUO
POST /quan-tri/bao-mat/mat-khau                       MPATUO
GET  /quan-tri/bao-mat/ma-khoi-phuc                   MPATUO
POST /quan-tri/bao-mat/ma-khoi-phuc                   MPATUO
GET  /quan-tri/bao-mat/ung-dung                       MPATUO
POST /quan-tri/bao-mat/ung-dung                       MPATUO
GET  /quan-tri/bao-mat/ung-dung/ma.svg                MPATUO
GET  /quan-tri/co-quan                                MPATU
GET  /quan-tri/co-quan.csv                            MPATU
GET  /quan-tri/co-quan/{agency}                       MPATU
GET  /quan-tri/co-quan/them                           MP
POST /quan-tri/co-quan/them                           MP
GET  /quan-tri/co-quan/{agency}/doi-ten               MP
POST /quan-tri/co-quan/{agency}/doi-ten               MP
GET  /quan-tri/co-quan/{agency}/sap-nhap              MP
POST /quan-tri/co-quan/{agency}/sap-nhap              MP
GET  /quan-tri/co-quan/{agency}/cham-dut              MP
POST /quan-tri/co-quan/{agency}/cham-dut              MP
GET  /quan-tri/co-quan/{agency}/thu-tuc               MP
POST /quan-tri/co-quan/{agency}/thu-tuc               MP
POST /quan-tri/co-quan/{agency}/thu-tuc/1.004616/bo   MP
POST /quan-tri/co-quan/{agency}/hoan-tac              MP
POST /quan-tri/co-quan/{agency}/bo-ten                MP
GET  /quan-tri/thu-tuc                                MPATU
GET  /quan-tri/thu-tuc/1.004616                       MPATU
GET  /quan-tri/don-vi                                 MPATU
GET  /quan-tri/duong-dan                              MPAU
GET  /quan-tri/duong-dan/{batch}                      MPAU
POST /quan-tri/duong-dan/{batch}/thu-hoi              MPA
GET  /quan-tri/duong-dan/phat-hanh                    MPA
GET  /quan-tri/duong-dan/phat-hanh/{agency}           MPA
POST /quan-tri/duong-dan/phat-hanh/{agency}           MPA
GET  /quan-tri/lien-he                                MPA
GET  /quan-tri/lien-he/{contact}                      MPA
POST /quan-tri/lien-he/{contact}/da-tra-loi           MPA
POST /quan-tri/lien-he/{contact}/da-xong              MPA
POST /quan-tri/lien-he/{contact}/nhom                 MPA
POST /quan-tri/lien-he/{contact}/hoan-tac             MPA
GET  /quan-tri/gop-y                                  MPA
GET  /quan-tri/gop-y/{comment}                        MP
POST /quan-tri/gop-y/{comment}/che                    MP
POST /quan-tri/gop-y/{comment}/cong-bo                MP
POST /quan-tri/gop-y/{comment}/hoan-tac               MP
POST /quan-tri/gop-y/{comment}/an                     MP
GET  /quan-tri/chi-so                                 MPAU
POST /quan-tri/chi-so                                 MP
GET  /quan-tri/thuc-dia                               MPATU
GET  /quan-tri/thuc-dia/dot/{round}                   MPATU
GET  /quan-tri/thuc-dia/de-rieng                      MPAT
GET  /quan-tri/thuc-dia/de-rieng/{record}/{sha256}    MPAT
POST /quan-tri/thuc-dia/de-rieng/{record}/{sha256}/lay-vao MPAT
POST /quan-tri/thuc-dia/de-rieng/{record}/{sha256}/de-lai MPAT
GET  /quan-tri/thuc-dia/nhap-tep                      MPAT
POST /quan-tri/thuc-dia/nhap-tep                      MPAT
GET  /quan-tri/thuc-dia/dot/{round}/loai/{collector}  MP
POST /quan-tri/thuc-dia/dot/{round}/loai/{collector}  MP
GET  /quan-tri/thuc-dia/loi-doc                       MPATU
GET  /quan-tri/thuc-dia/loi-doc/{province}/COT_LOI/1.0 MPATU
POST /quan-tri/thuc-dia/loi-doc/{province}/COT_LOI/1.0 MP
POST /quan-tri/thuc-dia/loi-doc/{province}/COT_LOI/1.0/mong/bo MP
GET  /quan-tri/thuc-dia/loi-doc/{province}/COT_LOI/1.0/mong/mau.csv MPATU
GET  /quan-tri/thuc-dia/loi-doc/tieng/{voice}         MPATU
GET  /quan-tri/thuc-dia/dot/moi                       MPAT
GET  /quan-tri/thuc-dia/dot/moi/{agency}              MPAT
POST /quan-tri/thuc-dia/dot/moi/{agency}              MPAT
GET  /quan-tri/thuc-dia/dot/{round}/sua               MPAT
POST /quan-tri/thuc-dia/dot/{round}/sua               MPAT
GET  /quan-tri/thuc-dia/dot/{round}/thon              MPAT
POST /quan-tri/thuc-dia/dot/{round}/thon              MPAT
POST /quan-tri/thuc-dia/dot/{round}/thon/{village}/bo MPAT
GET  /quan-tri/thuc-dia/dot/{round}/ra-soat           MPAT
GET  /quan-tri/thuc-dia/dot/{round}/ra-soat/{flag}    MPAT
POST /quan-tri/thuc-dia/dot/{round}/ra-soat/{flag}    MPAT
GET  /quan-tri/thuc-dia/dot/{round}/tham-lai/{commune} MPAT
POST /quan-tri/thuc-dia/dot/{round}/tham-lai/{commune} MPAT
GET  /quan-tri/thuc-dia/dot/{round}/giay/{commune}    MPAT
POST /quan-tri/thuc-dia/dot/{round}/giay/{commune}/in MPAT
GET  /quan-tri/thuc-dia/dot/{round}/giay/{commune}/nhap MPAT
POST /quan-tri/thuc-dia/dot/{round}/giay/{commune}/nhap MPAT
GET  /quan-tri/thuc-dia/dot/{round}/giay/{commune}/chon/{form} MPAT
POST /quan-tri/thuc-dia/dot/{round}/giay/{commune}/chon/{form} MPAT
POST /quan-tri/thuc-dia/dot/{round}/giay/{commune}/bo/{form} MPAT
GET  /quan-tri/thuc-dia/dot/{round}/giay/{commune}/cua MPAT
POST /quan-tri/thuc-dia/dot/{round}/giay/{commune}/cua MPAT
POST /quan-tri/thuc-dia/dot/{round}/giay/{commune}/cua/in MPAT
GET  /quan-tri/thuc-dia/dot/{round}/giay/{commune}/cua/{tally} MPAT
POST /quan-tri/thuc-dia/dot/{round}/giay/{commune}/cua/{tally} MPAT
POST /quan-tri/thuc-dia/dot/{round}/giay/{commune}/cua/{tally}/bo MPAT
GET  /quan-tri/thuc-dia/dot/{round}/phan-cong/{commune} MPAT
POST /quan-tri/thuc-dia/dot/{round}/phan-cong/{commune} MPAT
GET  /quan-tri/thuc-dia/to                            MPAT
GET  /quan-tri/thuc-dia/to/moi                        MPAT
GET  /quan-tri/thuc-dia/to/moi/{agency}               MPAT
POST /quan-tri/thuc-dia/to/moi/{agency}               MPAT
GET  /quan-tri/thuc-dia/to/{team}                     MPAT
POST /quan-tri/thuc-dia/to/{team}/doi-ten             MPAT
POST /quan-tri/thuc-dia/to/{team}/nghi                MPAT
POST /quan-tri/thuc-dia/to/{team}/mo-lai              MPAT
POST /quan-tri/thuc-dia/to/{team}/thanh-vien          MPAT
POST /quan-tri/thuc-dia/thanh-vien/{collector}/nghi   MPAT
POST /quan-tri/thuc-dia/thanh-vien/{collector}/mo-lai MPAT
POST /quan-tri/thuc-dia/thanh-vien/{collector}/may    MPAT
GET  /quan-tri/thuc-dia/may                           MPAT
GET  /quan-tri/thuc-dia/may/{device}                  MPAT
POST /quan-tri/thuc-dia/may/{device}/ma-moi           MPAT
POST /quan-tri/thuc-dia/may/{device}/the              MPAT
POST /quan-tri/thuc-dia/may/{device}/tam-dung         MPAT
POST /quan-tri/thuc-dia/may/{device}/chay-tiep        MPAT
POST /quan-tri/thuc-dia/may/{device}/thu-hoi          MPAT
POST /quan-tri/thuc-dia/may/{device}/thay             MPAT
GET  /quan-tri/viec-cai-tien                          MPAU
GET  /quan-tri/viec-cai-tien.csv                      MPAU
GET  /quan-tri/viec-cai-tien/{improvement}            MPAU
GET  /quan-tri/viec-cai-tien/viet                     MPA
GET  /quan-tri/viec-cai-tien/viet/{agency}            MPA
POST /quan-tri/viec-cai-tien/viet/{agency}            MPA
GET  /quan-tri/viec-cai-tien/{improvement}/sua        MPA
POST /quan-tri/viec-cai-tien/{improvement}/sua        MPA
POST /quan-tri/viec-cai-tien/{improvement}/cong-bo    MPA
POST /quan-tri/viec-cai-tien/{improvement}/da-xong    MPA
GET  /quan-tri/viec-cai-tien/{improvement}/rut        MPA
POST /quan-tri/viec-cai-tien/{improvement}/rut        MPA
POST /quan-tri/viec-cai-tien/{improvement}/hoan-tac   MPA
GET  /quan-tri/dau-van-ban                            MPA
GET  /quan-tri/dau-van-ban/{agency}                   MPA
POST /quan-tri/dau-van-ban/{agency}                   MPA
GET  /quan-tri/nguoi-dung                             MPAU
GET  /quan-tri/nguoi-dung/{person}                    MPAU
GET  /quan-tri/nguoi-dung/moi                         MP
POST /quan-tri/nguoi-dung/moi                         MP
POST /quan-tri/nguoi-dung/{person}/vai-tro            MP
POST /quan-tri/nguoi-dung/{person}/vai-tro/bo         MP
GET  /quan-tri/nguoi-dung/{person}/khoa               MP
POST /quan-tri/nguoi-dung/{person}/khoa               MP
POST /quan-tri/nguoi-dung/{person}/mo                 MP
GET  /quan-tri/nguoi-dung/{person}/dat-lai            MP
POST /quan-tri/nguoi-dung/{person}/dat-lai            MP
GET  /quan-tri/phieu                                  MPATU
GET  /quan-tri/phieu/COT_LOI/1.0                      MPATU
GET  /quan-tri/phieu/COT_LOI/1.0/xem-thu              MPATU
GET  /quan-tri/phieu/COT_LOI/1.0/xem-thu/khung        MPATU
GET  /quan-tri/phieu/COT_LOI/so-sanh/1.0/1.0          MPATU
GET  /quan-tri/so-phieu                               MPAU
GET  /quan-tri/de-rieng                               MP
GET  /quan-tri/de-rieng/2026-Q3/{agency}/too-fast     MP
POST /quan-tri/de-rieng/2026-Q3/{agency}/too-fast     MP
GET  /quan-tri/ky-cong-bo                             MPAU
GET  /quan-tri/ky-cong-bo/2026-Q3                     MPAU
GET  /quan-tri/ky-cong-bo/2026-Q3/so-lieu/{agency}    MPAU
GET  /quan-tri/ky-cong-bo/2026-Q3/so-lieu/{agency}.pdf MPAU
POST /quan-tri/ky-cong-bo/2026-Q3/y-kien              MPA
POST /quan-tri/ky-cong-bo/2026-Q3/y-kien/{objection}/tra-loi M
GET  /quan-tri/ky-cong-bo/chot/2026-Q3                M
POST /quan-tri/ky-cong-bo/chot/2026-Q3                M
GET  /quan-tri/ky-cong-bo/2026-Q3/cong-bo             M
POST /quan-tri/ky-cong-bo/2026-Q3/cong-bo             M
GET  /quan-tri/ky-cong-bo/2026-Q3/dinh-chinh          M
POST /quan-tri/ky-cong-bo/2026-Q3/dinh-chinh          M
POST /quan-tri/ky-cong-bo/2026-Q3/van-ban             M
GET  /quan-tri/phe-duyet                              MPAU
GET  /quan-tri/phe-duyet/da-quyet-dinh                MPAU
GET  /quan-tri/phe-duyet/{approval}                   MPAU
POST /quan-tri/phe-duyet/{approval}/chap-thuan        MP
POST /quan-tri/phe-duyet/{approval}/tu-choi           MP
POST /quan-tri/phe-duyet/{approval}/rut               MP
GET  /quan-tri/lich-cong-bo                           MPAU
GET  /quan-tri/lich-cong-bo/2026-Q4                   M
POST /quan-tri/lich-cong-bo/2026-Q4                   M
GET  /quan-tri/nguong                                 MPAU
GET  /quan-tri/nguong/doi                             M
POST /quan-tri/nguong/doi                             M
GET  /quan-tri/nhap-du-lieu                           MP
POST /quan-tri/nhap-du-lieu                           MP
GET  /quan-tri/nhap-du-lieu/{import}                  MP
GET  /quan-tri/nhap-du-lieu/{import}/dong-loi.csv     MP
POST /quan-tri/nhap-du-lieu/{import}/chay             MP
POST /quan-tri/nhap-du-lieu/{import}/bo               MP
GET  /quan-tri/nhat-ky                                MPU
GET  /quan-tri/nhat-ky.csv                            MPU
GET  /quan-tri/he-thong                               MUO
"""
# On the way in nobody is anybody yet.
ENTRANCE = {"/quan-tri/dang-nhap", "/quan-tri/dang-nhap/ma", "/quan-tri/loi-moi"}
WHO = {
    "M": (Role.MINISTRY, "nation"),
    "P": (Role.PROVINCE, "14"),
    "A": (Role.AGENCY, citizens.AGENCY),
    "T": (Role.TEAM_LEAD, citizens.AGENCY),
    "U": (Role.AUDITOR, "nation"),
    "O": (Role.OPERATOR, "nation"),
}
NATIONAL = "MUO"
FOREIGN = (
    "{agency}", "{approval}", "{batch}", "{collector}", "{comment}", "{contact}", "{device}", "{import}",
    "{improvement}", "{objection}", "{person}", "{province}", "{record}", "{round}", "{team}", "{voice}",
)  # fmt: skip
# What stands in the matrix where a route has a part of its own.
VALUES = re.compile(r"\{\w+\}|1\.004616|mong|COT_LOI|(?<=/)1\.0(?=/|$)|2026-Q[34]|too-fast")
FORM_PAGE = "/quan-tri/bao-mat/ma-khoi-phuc"


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    letters: str


def rows() -> Iterator[Row]:
    for line in MATRIX.strip().splitlines():
        yield Row(*line.split())


def decided_long_ago(scope: str) -> UUID:
    """A proposal that can be read, while every further decision about it is a conflict."""
    row = ApprovalRow(
        id=uuid4(), kind=Kind.VERIFY_SOURCE.value, subject=scope, scope=scope, payload="{}", reason="Để thử",
        proposed_by="person-1", proposed_at=NOW, decision=Decision.REFUSED.value, decided_by="person-2",
        decided_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    return row.id


def left_contact(agency: str) -> UUID:
    code = str(uuid4())
    keep_contact(ContactWish(agency, "0912345678", "", "Đồng ý"), code=code, day=NOW.date())
    return db.session.scalars(select(Contact.id).where(Contact.code_hash == code_hash(code))).one()


def heard_comment(agency: str) -> UUID:
    sheet = record(agency=agency, comment="Chờ lâu")
    db.session.execute(insert(Response), {name: getattr(sheet, name) for name in sheet.__slots__})
    layer = CommentLayer(agency=agency, response=sheet.id, id=uuid4(), quarter=sheet.quarter, state="waiting",
                         covers="[]", fingerprint=fingerprint("Chờ lâu"), folded="cho lau")  # fmt: skip
    db.session.add(layer)
    return layer.id


def things(app: Flask) -> tuple[dict[str, str], dict[str, str]]:
    """What the placeholders stand for in province 14, and elsewhere."""
    citizens.prepare(app)
    found, aside = [], TallyWriter("2026-Q3")
    for agency, email in ((citizens.AGENCY, "mot@bo.vn"), (citizens.OTHER_AGENCY, "hai@bo.vn")):
        person = enrolled(app, email, (Role.AGENCY, agency)).id
        with app.app_context(), transaction():
            found.append(belongings(agency, person))
            aside.values(agency, "_set_aside", {"too-fast": 12})
            aside.rated(agency, (20, 10, 5, 3, 2))
    with app.app_context():
        with transaction():
            aside.write()
        drafted(found)
    return found[0], found[1]


def belongings(agency: str, person: UUID) -> dict[str, str]:
    """One of everything that an agency has, within the transaction of the caller; as often as one likes."""
    names = {"{agency}": agency, "{person}": str(person), "{approval}": str(decided_long_ago(agency))}
    batch = issue_links(
        agency, None, questionnaire="COT_LOI", version="1.0", phase="after-result", count=1,
        by="command:test", now=NOW,
    )  # fmt: skip
    names["{batch}"] = str(batch.id)
    names["{contact}"] = str(left_contact(agency))
    names["{comment}"] = str(heard_comment(agency))
    names["{improvement}"] = str(promised(agency))
    names["{import}"] = str(uploaded(person, agency[:2]))
    return names | fielded(agency)


def fielded(agency: str) -> dict[str, str]:
    made = a_round(agency)
    return {
        "{round}": made.round, "{village}": made.village, "{commune}": made.village[:5],
        "{team}": str(made.team), "{collector}": str(made.collector), "{device}": str(made.device),
        "{record}": made.record, "{sha256}": made.sha256, "{province}": agency[:2], "{voice}": made.voice,
        "{flag}": str(made.flag),
        "{form}": f"{made.village[:5]}-0001",
        "{tally}": TallyKey(made.village, made.collector, NOW.date()).text,
    }  # fmt: skip


def drafted(found: list[dict[str, str]]) -> None:
    """The quarter as a draft, to which each of the agencies objects."""
    close(EditionCode.parse("2026-Q3"), by="command:test", now=NOW)
    with transaction():
        for names in found:
            key = object_to(
                get_edition("2026-Q3"), names["{agency}"], "Thiếu phiếu của ngày cuối", by="person-1", now=NOW
            )
            names["{objection}"] = str(key)


def promised(agency: str) -> UUID:
    words = Words("2026-Q3", "Phải khai lại nhiều lần", "Tự điền sẵn", "Sở", NOW.date())
    return write(agency, words, by="command:test", now=NOW)


def uploaded(person: UUID, scope: str) -> UUID:
    """An import whose file is gone, so that nothing comes of asking for it."""
    row = Import(
        person=person, scopes=scope, name="a.csv", kind="csv", size=1, rows=1, uploaded_at=NOW
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id


def filled(path: str, places: dict[str, str]) -> str:
    for name, value in {**places, "{session}": str(UUID(int=1))}.items():
        path = path.replace(name, value)
    return path


def statuses(app: Flask, person: UUID, where: dict[str, str], only: tuple[str, ...] = ()) -> dict[Row, int]:
    """Every row of the matrix, each in a session of its own."""
    found = {}
    for row in rows():
        if only and not any(name in row.path for name in only):
            continue
        client = signed_in(app, person)
        data = {"csrf_token": token_on(client.get(FORM_PAGE).text)} if row.method == "POST" else None
        found[row] = client.open(filled(row.path, where), method=row.method, data=data).status_code
    return found


@pytest.mark.parametrize("letter", list(WHO))
def test_a_role_gets_what_the_matrix_says_and_nothing_else(app: Flask, letter: str) -> None:
    own, foreign = things(app)
    person = enrolled(app, "toi@bo.vn", WHO[letter]).id
    wrong = []
    for where, only, reaches in ((foreign, FOREIGN, letter in NATIONAL), (own, (), True)):
        for row, status in statuses(app, person, where, only).items():
            # Ending a session that there is not is no matter of rights.
            expected = letter in row.letters and reaches and "{session}" not in row.path
            if (status != 404) is not expected or status in (403, 405, 500):
                wrong.append((row.method, filled(row.path, where), status))
    assert wrong == []


def closed(client: FlaskClient, row: Row, where: dict[str, str]) -> bool:
    answer = client.open(filled(row.path, where), method=row.method)
    return answer.status_code == 303 and answer.headers["Location"].startswith("/quan-tri/dang-nhap")


def test_nobody_half_way_disabled_or_without_a_role_is_let_in(app: Flask) -> None:
    own, _foreign = things(app)
    out = enrolled(app, "nghi@bo.vn").id
    with app.app_context(), transaction():
        disable(get_person(out), by="command:test", now=NOW)
    half = enrolled(app, "nua@bo.vn").id
    strangers = [app.test_client(), signed_in(app, out), signed_in(app, half, second_factor=False)]
    assert [
        (row, number) for row in rows() for number, one in enumerate(strangers) if not closed(one, row, own)
    ] == []
    nothing = enrolled(app, "khong@bo.vn").id
    with app.app_context(), transaction():
        from app.accounts.models import GrantRow

        db.session.query(GrantRow).filter_by(person=nothing).delete()
    for row, status in statuses(app, nothing, own).items():
        assert (status == 404) is (row.letters != "MPATUO" or "{session}" in row.path), row


def test_the_table_of_access_says_the_same_as_the_matrix(app: Flask) -> None:
    """Where a view asks once more, the answers alone would not show that the guard has lost its row."""
    routes = app.url_map.bind("localhost")
    ids = dict.fromkeys(
        (
            "{approval}",
            "{collector}",
            "{comment}",
            "{contact}",
            "{device}",
            "{flag}",
            "{import}",
            "{improvement}",
            "{objection}",
            "{person}",
            "{record}",
            "{team}",
        ),
        str(UUID(int=1)),
    )
    own = {"{agency}": "14-SKHCN", "{batch}": "x", **ids}
    for row in rows():
        endpoint, _values = routes.match(filled(row.path, own), method=row.method)
        rule = ACCESS[endpoint]
        held = {
            letter for letter, (role, _) in WHO.items() if isinstance(rule, Door) or rule in PERMISSIONS[role]
        }
        assert held == set(row.letters), (row, rule)


def test_the_matrix_names_every_route_and_method_of_the_console(app: Flask) -> None:
    there = set()
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/quan-tri") or any(rule.rule.startswith(way) for way in ENTRANCE):
            continue
        path = re.sub(r"<[^>]*>", "{}", rule.rule)
        there |= {(method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    written = {(row.method, VALUES.sub("{}", row.path)) for row in rows()}
    assert there - written == set(), "write into the matrix who gets an answer there"
    assert written - there == set(), "no route is called so any more"
