"""From tallies to figures: counted by hand, hidden where they must be, compared with the formulas."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import orjson
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.dossiers.models import Link, LinkBatch
from app.results import digesting, queries
from app.results.models import Digest, QuarterState
from surveys.comparison import NoChange, Sample, Word, benjamini_hochberg, compare
from surveys.figure_mapping import from_mapping, to_mapping
from surveys.figures import HIDDEN, PlaceFigures
from surveys.intervals import cluster_deff
from surveys.periods import Quarter
from surveys.ranking import Entrant, rank_family
from surveys.scoring import Channel
from tests.integration.results.conftest import NOW, add_agency
from tests.support.tallies import TallyWriter

Q3 = Quarter(2026, 3)


@pytest.fixture
def digested(counted: Flask) -> Flask:
    queries.prepare(NOW)
    return counted


def figures(place: str, quarter: str = "2026-Q3") -> PlaceFigures:
    return queries.get_figures(place, quarter)


def test_the_quarters_that_can_be_closed_are_digested_once(counted: Flask) -> None:
    assert queries.prepare(NOW) == ["2026-Q2", "2026-Q3"]
    assert queries.prepare(NOW) == []
    assert [quarter.code for quarter in queries.closed_quarters(NOW)] == ["2026-Q3", "2026-Q2"]


def test_an_agency_prints_what_was_counted(digested: Flask) -> None:
    found = figures("14-SKHCN")
    assert (found.official.n, found.official.satisfied, found.official.levels) == (100, 91, (60, 31, 4, 3, 2))
    assert found.official.n_eff == 100
    assert [(part.channel, part.cell.n) for part in found.channels] == [(Channel.LINK, 100)]
    assert [(part.channel, part.phase, part.cell.n) for part in found.apart] == [
        ("qr", "after-result", 41), ("link", "just-submitted", 30),
    ]  # fmt: skip
    access = found.factors[0]
    assert (access.question, access.cell.n, access.cell.satisfied) == ("access", 60, 50)
    assert access.volunteered == HIDDEN
    prefilled = next(item for item in found.questions if item.question == "prefilled")
    assert (prefilled.n, dict(prefilled.counts or ())["mostly"]) == (90, 40)
    assert found.median_fill_seconds == 45
    assert found.set_aside == (("too-fast", 12),)


def test_what_is_above_is_the_sum_of_what_is_below(digested: Flask) -> None:
    province = figures("14").official
    assert (province.n, province.satisfied) == (100 + 100 + 23 + 7 + 60, 91 + 80 + 19 + 5 + 48)
    assert figures("VN").official.n == figures("14").official.n + figures("51").official.n
    assert (figures("14").covered, figures("14").members) == (3, 5)
    assert (figures("VN").covered, figures("VN").members) == (2, 2)


def test_a_hidden_figure_takes_what_it_is_made_of_with_it(digested: Flask) -> None:
    for place in ("14-SXD", "14-STP"):
        found = figures(place)
        assert found.official == HIDDEN
        assert (found.channels, found.factors, found.questions, found.procedures) == ((), (), (), ())
        assert found.response_rate is None
        assert found.movement.word is Word.NONE
        assert (found.movement.change, found.movement.reason) == (None, NoChange.HIDDEN)


def test_no_hidden_number_is_stored_anywhere(digested: Flask, session: scoped_session[Session]) -> None:
    for place in ("14-SXD", "14-STP"):
        wanted = (Digest.place == place, Digest.quarter == "2026-Q3")
        stored = orjson.loads(session.scalar(select(Digest.figures).where(*wanted)) or "")
        assert stored["official"] == {"hidden": True, "n": 0, "satisfied": 0, "n_eff": 0.0, "levels": None}


def test_a_stored_digest_is_what_the_figures_say_of_themselves(digested: Flask) -> None:
    for found in digesting.make(Q3):
        again = from_mapping(orjson.loads(digesting._row(found)["figures"]))
        assert again == from_mapping(to_mapping(found))
        assert again == queries.find_figures(found.place.code, "2026-Q3")


def test_field_answers_are_worth_less_where_neighbours_agree(
    counted: Flask, session: scoped_session[Session]
) -> None:
    writer = TallyWriter("2026-Q3")
    villages = {str(at): ((6, 0, 0, 0, 0) if at % 2 else (0, 0, 0, 2, 4)) for at in range(14)}
    writer.villages("51-SNV", villages)
    writer.write()
    session.commit()
    queries.prepare(NOW)
    deff = cluster_deff([(6 if at % 2 else 0, 6) for at in range(14)])
    field = next(part for part in figures("51-SNV").channels if part.channel is Channel.FIELD)
    assert deff > 5
    assert field.cell.n == 84
    assert field.cell.n_eff == pytest.approx(84 / deff)
    assert figures("51-SNV").official.n_eff == pytest.approx(184**2 / (100 + 84 * deff))


def test_words_of_change_are_those_of_the_family(digested: Flask) -> None:
    family = {
        "14-SKHCN": compare(Sample.simple(70, 100), Sample.simple(91, 100)),
        "14-SNV": compare(Sample.simple(80, 100), Sample.simple(80, 100)),
    }
    qs = benjamini_hochberg([change.p for change in family.values()])
    for (place, change), q in zip(family.items(), qs, strict=True):
        movement = figures(place).movement
        assert (movement.channel, movement.change, movement.q) == (Channel.LINK, change, q)
    assert figures("14-SKHCN").movement.word is Word.UP
    assert figures("14-SNV").movement.word is Word.UNCLEAR
    assert figures("03646").movement.channel is Channel.FIELD
    assert figures("03646").movement.reason is NoChange.TOO_FEW_BEFORE


def test_a_family_is_not_the_whole_list(digested: Flask) -> None:
    """Provinces are corrected among themselves: two members, whatever their agencies."""
    changes = [figures(place).movement.change for place in ("14", "51")]
    assert all(changes)
    qs = benjamini_hochberg([change.p for change in changes if change])
    assert [figures(place).movement.q for place in ("14", "51")] == qs
    nation = figures("VN").movement
    assert nation.change is not None
    assert nation.q == nation.change.p


def test_the_first_quarter_has_nothing_to_compare_with(digested: Flask) -> None:
    assert figures("14-SKHCN", "2026-Q2").movement.reason is NoChange.UNPUBLISHED


def test_ranks_exist_only_where_the_plan_asks_for_them(digested: Flask) -> None:
    table = rank_family([Entrant("51-SKHCN", "a", 90, 100, 100), Entrant("51-SNV", "b", 60, 100, 100)])
    found = [figures(row.entrant.code).rank for row in table.rows]
    assert [(rank.best, rank.worst, rank.group) for rank in found if rank] == [
        (row.best, row.worst, row.group) for row in table.rows
    ]
    assert figures("14-SKHCN").rank is None


def test_links_make_the_response_rate(counted: Flask, session: scoped_session[Session]) -> None:
    batch = LinkBatch(
        id="b1", agency="14-SKHCN", questionnaire="COT_LOI", version="1.0", phase="after-result",
        channel="link", quarter="2026-Q3", issued=250, expires_on=date(2026, 12, 1),
    )  # fmt: skip
    session.add(batch)
    session.flush()
    session.add_all(Link(token_hash=bytes([at]) * 32, batch="b1", spent=at < 100) for at in range(120))
    session.execute(QuarterState.__table__.update().values(moves=9))
    session.commit()
    queries.prepare(NOW)
    assert figures("14-SKHCN").response_rate == Fraction(100, 250)
    assert (figures("14-SKHCN").channels[0].offered, figures("14-SKHCN").channels[0].answered) == (250, 100)
    # The commune's interviews have no count of invitations, so that of the province is not known.
    assert figures("14").response_rate is None


def test_a_merged_agency_takes_its_predecessor_along_also_in_the_quarter_before(
    counted: Flask, session: scoped_session[Session]
) -> None:
    add_agency("51-CU", "51", "department", "Sở cũ", until=date(2026, 8, 31), into="51-SNV")
    for quarter in ("2026-Q2", "2026-Q3"):
        writer = TallyWriter(quarter)
        writer.rated("51-CU", (50, 0, 0, 0, 0))
        writer.write()
    session.commit()
    queries.prepare(NOW)
    found = figures("51-SNV")
    assert (found.official.n, found.official.satisfied) == (150, 110)
    assert found.movement.change == compare(Sample.simple(130, 150), Sample.simple(110, 150))
    assert found.marks == ("sáp nhập",)
    assert queries.find_figures("51-CU", "2026-Q3") is None
    assert figures("51-CU", "2026-Q2").official.n == 50


def test_an_agency_that_ended_without_a_successor_still_counts(
    counted: Flask, session: scoped_session[Session]
) -> None:
    add_agency("51-GT", "51", "department", "Sở giải thể", until=date(2026, 8, 31))
    writer = TallyWriter("2026-Q3")
    writer.rated("51-GT", (40, 10, 0, 0, 0))
    writer.write()
    session.commit()
    queries.prepare(NOW)
    assert figures("51-GT").official.n == 50
    assert figures("51").official.n == 250


def test_moved_tallies_are_digested_again_with_the_quarter_after_them(
    digested: Flask, session: scoped_session[Session]
) -> None:
    late = TallyWriter("2026-Q2")
    late.rated("51-SNV", (0, 0, 0, 0, 40), channel="import")
    late.write()
    session.commit()
    assert queries.prepare(NOW) == ["2026-Q2", "2026-Q3"]
    assert figures("51-SNV", "2026-Q2").official.n == 140


def test_two_processes_digest_one_quarter_without_harm(
    counted: Flask, session: scoped_session[Session]
) -> None:
    rows = [digesting._row(found) for found in digesting.make(Q3)]
    assert digesting._store("2026-Q3", 1, digesting.NEVER, rows)
    assert not digesting._store("2026-Q3", 1, digesting.NEVER, rows)
    session.commit()
    assert len(list(session.scalars(select(Digest.place).where(Digest.quarter == "2026-Q3")))) == len(rows)


def test_a_page_digests_only_what_never_was(counted: Flask, session: scoped_session[Session]) -> None:
    queries.ensure_digests("2026-Q3", NOW)
    writer = TallyWriter("2026-Q3")
    writer.rated("51-SKHCN", (50, 0, 0, 0, 0), channel="import")
    writer.write()
    session.commit()
    queries.ensure_digests("2026-Q3", NOW)
    assert figures("51-SKHCN").official.n == 100
