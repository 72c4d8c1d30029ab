"""Field work as the tests need it: a round with one of everything, written without the console."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from app import keys
from app.extensions import db
from app.fieldwork.models import (
    Collector,
    Device,
    InboxRecord,
    Prompt,
    PromptFile,
    Round,
    RoundVillage,
    Team,
    TeamVillage,
    Visit,
    VisitCount,
)
from app.fieldwork.paper.models import PaperForm, PaperKeying, PaperTally
from app.fieldwork.paper.tallies import NUMBERS
from app.fieldwork.reviews.models import BackCheck, Flag
from surveys.canonical import canonical_json
from tests.support.accounts import NOW

DAY = NOW.date()


@dataclass(frozen=True)
class Placed:
    """Keys of what was written."""

    round: str
    village: str
    team: UUID
    collector: UUID
    device: UUID
    record: str
    sha256: str
    voice: str
    flag: UUID


def a_round(agency: str, *, commune: str = "", problem: str = "round-over") -> Placed:
    """A running round of an agency with one village, team, collector, telephone, visit and record aside.

    Within the transaction of the caller. Names are the code of the agency.
    """
    code, village = f"{agency}-{uuid4().hex[:8]}", f"{commune or agency[:2] + '001'}-01"
    team = Team(id=uuid4(), agency=agency, name=agency, created_at=NOW)
    collector = Collector(id=uuid4(), team=team.id, code="TV-01", name=agency, created_at=NOW)
    device = Device(
        id=uuid4(), collector=collector.id, label=agency, state="active", enrolled_at=NOW,
        token_hash=keys.token_hash(code), report="{}", reported_at=NOW,
    )  # fmt: skip
    flag = uuid4()
    db.session.add_all([the_round(agency, code), team])
    db.session.flush()
    db.session.add_all(
        [
            collector,
            RoundVillage(
                round=code, village=village, commune=village[:5], name="Bản Mòng", target=20, start=3
            ),
        ]
    )
    db.session.flush()
    record = InboxRecord(
        id=str(uuid4()), sha256="0" * 64, device=device.id, round=code, body=b"{}", received_at=NOW,
        problem=problem,
    )  # fmt: skip
    db.session.add_all(
        [
            device,
            record,
            TeamVillage(round=code, village=village, team=team.id),
            a_visit(code, village, team.id, collector.id, device.id),
            Flag(
                id=flag,
                round=code,
                collector=collector.id,
                indicator="short",
                p=1e-6,
                q=1e-4,
                numbers='{"cases":9,"of":10,"expected":0.1}',
                found_at=NOW,
                state="open",
                note="",
            ),
            BackCheck(
                id=uuid4(),
                round=code,
                village=village,
                collector=collector.id,
                visit=uuid4(),
                reason="random",
                drawn_at=NOW,
                agreed=0,
                disagreed=0,
            ),
            PaperForm(round=code, number=f"{village[:5]}-0001", printed_at=NOW, printed_by="a"),
            *(
                PaperKeying(round=code, number=f"{village[:5]}-0001", keyed_by=who, keyed_at=NOW, body=body)
                for who, body in (("a", '{"slip":["A"]}'), ("b", '{"slip":["B"]}'))
            ),
            PaperTally(
                round=code,
                village=village,
                collector=collector.id,
                day=DAY,
                first=doors_on_paper(1),
                first_by="a",
                second=doors_on_paper(2),
                second_by="b",
            ),
            VisitCount(round=code, village=village, collector=collector.id, outcome="refused", day=DAY, n=1),
        ]
    )
    db.session.flush()
    voice = a_prompt(agency)
    return Placed(code, village, team.id, collector.id, device.id, record.id, record.sha256, voice, flag)


def doors_on_paper(absent: int) -> str:
    """What one person keyed in of a sheet of doors."""
    return canonical_json(dict.fromkeys(NUMBERS, 0) | {"absent": absent})


def a_prompt(agency: str) -> str:
    """A voice for the intro, given by the agency for its province. Returns its hash."""
    content = f"a voice of {agency}".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    db.session.merge(
        PromptFile(sha256=sha256, media_type="audio/ogg", size=len(content), seconds=3, content=content)
    )
    db.session.flush()
    key = {"province": agency[:2], "questionnaire": "COT_LOI", "version": "1.0", "language": "mong"}
    db.session.merge(Prompt(**key, part="intro", kind="voice", sha256=sha256, put_by=agency, put_at=NOW))
    db.session.flush()
    return sha256


def the_round(agency: str, code: str) -> Round:
    return Round(
        code=code, agency=agency, title=agency, questionnaire="COT_LOI", version="1.0",
        first_day=DAY - timedelta(days=5), last_day=DAY + timedelta(days=10), grace_days=7, step=5,
        review_days=60, created_by="command:test", created_at=NOW,
    )  # fmt: skip


def a_visit(
    code: str, village: str, team: UUID, collector: UUID, device: UUID | None = None, *,
    day: date = DAY, answer: tuple[str, str] | None = None,
) -> Visit:  # fmt: skip
    return Visit(
        id=uuid4(), round=code, village=village, team=team, collector=collector, device=device, day=day,
        started_at=NOW, seconds=90, language="vi", interpreter=False,
        answer_agency=answer[0] if answer else None, answer_id=answer[1] if answer else None,
    )  # fmt: skip
