"""What field work adds to the figures: how many doors opened, and what enters no official figure."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from app.dossiers.models import Link, LinkBatch
from app.editions.listing import frozen, get_edition
from app.editions.queries import get_quarterly_report
from app.editions.verification import verify
from app.fieldwork.models import RoundVillage, VisitCount
from app.fieldwork.rates import count_doors
from app.results import queries
from app.results.models import QuarterState
from exports.quarterly import render_quarterly
from surveys.figures import DoorFigures, PlaceFigures
from surveys.scoring import Channel
from tests.integration.results.conftest import NOW
from tests.support.editions import close_and_publish
from tests.support.field_work import a_visit
from tests.support.phones import the_round
from tests.support.tallies import TallyWriter

COMMUNE, VILLAGE = "03646", "03646-01"
TEAM, COLLECTOR, TELEPHONE = uuid4(), uuid4(), uuid4()


def figures(place: str) -> PlaceFigures:
    found = queries.find_figures(place, "2026-Q3")
    assert found is not None
    return found


def doors(
    session: scoped_session[Session], completed: int, *, code: str = "A", collector: UUID = COLLECTOR,
    day: date = date(2026, 8, 1), **closed: int,
) -> None:  # fmt: skip
    """A round in the third quarter with so many interviews and closed doors on one day."""
    session.add(the_round(code, first_day=date(2026, 6, 20), last_day=date(2026, 10, 10)))
    session.flush()
    session.add(RoundVillage(round=code, village=VILLAGE, commune=COMMUNE, name="Tổ 1", target=60, start=1))
    session.flush()
    session.add_all(a_visit(code, VILLAGE, TEAM, collector, TELEPHONE, day=day) for _ in range(completed))
    session.add_all(
        VisitCount(round=code, village=VILLAGE, collector=collector, outcome=outcome, day=day, n=n)
        for outcome, n in closed.items()
    )
    session.flush()


def digest(session: scoped_session[Session]) -> None:
    session.execute(QuarterState.__table__.update().values(moves=9))
    session.commit()
    queries.prepare(NOW)


def test_doors_are_those_of_the_eligible_who_were_asked(
    country: Flask, session: scoped_session[Session]
) -> None:
    doors(session, 60, refused=10, absent=20, later=7, ineligible=5, helped=3)
    doors(session, 5, code="B", day=date(2026, 7, 1), absent=1)
    doors(session, 9, code="C", day=date(2026, 6, 30), refused=4)
    # Beside an interview on paper nobody notes the doors that stayed shut.
    session.add(a_visit("A", VILLAGE, TEAM, COLLECTOR, day=date(2026, 8, 1)))
    session.flush()
    assert count_doors("2026-Q3") == {COMMUNE: (96, 65, 10, 21)}
    assert count_doors("2026-Q2") == {COMMUNE: (13, 9, 4, 0)}
    assert count_doors("2026-Q1") == {}


def test_a_commune_prints_how_many_doors_opened(counted: Flask, session: scoped_session[Session]) -> None:
    doors(session, 60, refused=25, absent=15)
    digest(session)
    found = figures(COMMUNE)
    (part,) = found.channels
    assert (part.channel, part.offered, part.answered) == (Channel.FIELD, 100, 60)
    assert found.response_rate == Fraction(60, 100) and not found.response_rate_flagged
    assert found.doors == DoorFigures(60, 25, 15)
    assert figures("14").doors == found.doors and figures("14-SKHCN").doors is None


def test_a_province_puts_doors_and_links_together_where_both_are_known(
    counted: Flask, session: scoped_session[Session]
) -> None:
    doors(session, 60, refused=25, absent=15)
    session.add(
        LinkBatch(
            id="b1", agency="14-SKHCN", questionnaire="COT_LOI", version="1.0", phase="after-result",
            channel="link", quarter="2026-Q3", issued=300, expires_on=date(2026, 12, 1),
        )
    )  # fmt: skip
    session.flush()
    session.add_all(Link(token_hash=bytes([at]) * 32, batch="b1", spent=True) for at in range(100))
    digest(session)
    assert figures("14").response_rate == Fraction(100 + 60, 300 + 100)
    # A department has no doors of its own: what is not known of one channel is not known of all.
    assert figures("14-SKHCN").response_rate == Fraction(100, 300)


def test_so_few_doors_that_they_could_be_counted_off_are_not_told(
    counted: Flask, session: scoped_session[Session]
) -> None:
    doors(session, 6, refused=3)
    digest(session)
    (part,) = figures(COMMUNE).channels
    assert (part.offered, part.answered, part.withheld) == (None, None, True)
    assert figures(COMMUNE).response_rate is None and figures(COMMUNE).response_rate_withheld
    assert figures(COMMUNE).doors is None and figures("14").doors is None


def test_interviews_whose_office_nobody_knows_enter_no_official_figure(
    counted: Flask, session: scoped_session[Session]
) -> None:
    queries.prepare(NOW)
    before = {place: figures(place) for place in (COMMUNE, "14", "VN")}
    writer = TallyWriter("2026-Q3")
    writer.rated(COMMUNE, (0, 0, 0, 10, 30), channel="field-unnamed")
    writer.write()
    session.commit()
    queries.prepare(NOW)
    for place, known in before.items():
        found = figures(place)
        assert (found.official, found.channels) == (known.official, known.channels), place
        (apart,) = [part for part in found.apart if part.channel is Channel.FIELD_UNNAMED]
        assert (apart.cell.n, apart.cell.satisfied) == (40, 0)
        assert apart.channel.open and not apart.channel.verified


def test_an_edition_seals_its_doors_and_a_revision_tells_no_others(
    counted: Flask, session: scoped_session[Session]
) -> None:
    """A telephone that sends late changes neither the edition nor its report."""
    doors(session, 60, refused=25, absent=15)
    session.commit()
    close_and_publish("2026-Q3", NOW)
    edition = get_edition("2026-Q3")
    before = render_quarterly(get_quarterly_report("14", edition, now=NOW))

    doors(session, 3, code="B", refused=2)
    writer = TallyWriter("2026-Q3")
    writer.rated("14-SKHCN", (20, 10, 0, 0, 0), channel="import")
    writer.write()
    session.commit()
    assert count_doors("2026-Q3")[COMMUNE].completed == 63
    assert render_quarterly(get_quarterly_report("14", edition, now=NOW)) == before

    close_and_publish("2026-Q3.r1", NOW, reason="Phiếu đến muộn")
    for code in ("2026-Q3", "2026-Q3.r1"):
        found = frozen(get_edition(code)).find(COMMUNE)
        assert found is not None and found.doors == DoorFigures(60, 25, 15)
        assert not verify(get_edition(code)).problems
    assert any(record[0] == "unasked" for record in frozen(get_edition("2026-Q3.r1")).sealed_records())


def test_a_revision_does_not_tell_of_whom_the_edition_withheld_how_many_were_asked(
    country: Flask, session: scoped_session[Session]
) -> None:
    """Nine interviews are hidden, and what the edition knew of their doors stays where it was."""
    writer = TallyWriter("2026-Q3")
    writer.rated("14-SKHCN", (60, 0, 0, 0, 40))
    writer.rated("51-SKHCN", (60, 31, 4, 3, 2))
    for code, levels in (("2026-Q3", (6, 0, 0, 0, 3)), ("2026-Q3.r1", (0, 10, 0, 6, 0))):
        writer.villages(COMMUNE, {"01": levels})
        writer.write()
        doors(session, sum(levels), code=code, refused=30)
        session.commit()
        close_and_publish(code, NOW, reason="Phiếu đến muộn")
        writer = TallyWriter("2026-Q3")
    revised = frozen(get_edition("2026-Q3.r1"))
    records = {record[0]: record for record in revised.sealed_records()}
    assert [COMMUNE, "field"] in records["unasked"][1]
    assert records["links"] == ["links", "field", COMMUNE, 39, 9, 30, 0]
    assert all(figures.doors is None for figures in revised.every())
