"""A real resident survey of 984 people, imported and reported; every figure is made a second time.

The second time uses pandas, statsmodels and decimal arithmetic straight from the file, and no code of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import combinations
from pathlib import Path

import numpy
import pandas
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from app.catalogue.actions import publish
from app.directory.actions import add_agency
from app.directory.models import Unit
from app.extensions import db
from app.responding.models import Response
from app.results.queries import get_figures, list_children
from app.results.tally_tables import TALLIES
from app.transactions import transaction
from surveys.printing import printed_rate, score
from surveys.ranking import Entrant, RankTable, rank_family
from tests.support.acts import ACT
from tests.support.editions import publish_all
from tests.support.kept_worlds import KeptWorlds

DATA = Path(__file__).parents[1] / "data"
FILE, MAPPING = DATA / "kcmo_2022q1.csv", DATA / "kcmo_mapping.yaml"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
QUARTER = "2022-Q1"
DISTRICTS = {f"99-D{number}": number for number in range(1, 7)}
COLUMNS = {
    "satisfaction": "q1_03", "item_2_3": "q2_03", "item_2_4": "q2_04", "item_2_6": "q2_06",
    "item_2_8": "q2_08",
}  # fmt: skip
FACTORS = [name for name in COLUMNS if name != "satisfaction"]
DONT_KNOW = 9
LEVELS = (5, 4, 3, 2, 1)


@pytest.fixture(autouse=True)
def context(app: Flask, set_now: Callable[[datetime], None]) -> Iterator[None]:
    set_now(NOW)
    with app.app_context():
        yield


@pytest.fixture
def city(context: None) -> None:
    found_city()


def found_city() -> None:
    """A province of its own code with the six districts as agencies, and the questionnaire."""
    start = date(2020, 1, 1)
    with transaction():
        publish((DATA / "kcmo_questionnaire.yaml").read_text("utf-8"), **ACT)
        db.session.add(Unit(code="99", valid_from=start, name="Tỉnh Thử nghiệm", level="province"))
        db.session.flush()
        for code, number in DISTRICTS.items():
            name = f"Khu vực hội đồng số {number}"
            add_agency(code=code, name=name, kind="department", province="99", on=start)


@pytest.fixture
def imported(runner: FlaskCliRunner, city: None, tmp_path: Path) -> str:
    return import_city(runner, tmp_path)


def import_city(runner: FlaskCliRunner, folder: Path) -> str:
    """What the command said."""
    arguments = ["import", "responses", str(FILE), "--mapping", str(MAPPING)]
    result = runner.invoke(args=[*arguments, "--rejects", str(folder / "loi.csv")])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def digested(context: None, kept_world: KeptWorlds, runner: FlaskCliRunner, tmp_path: Path) -> None:
    """The answers of the city imported and its quarters published."""

    def build() -> None:
        found_city()
        import_city(runner, tmp_path)
        publish_all(NOW)

    kept_world("real survey", build)


# The second way.


def answers_in(place: str) -> pandas.DataFrame:
    frame = pandas.read_csv(FILE)
    return frame[frame.counci == DISTRICTS[place]] if place in DISTRICTS else frame


def ratings(place: str, question: str) -> pandas.Series:
    """Of the sheets that rate the whole, as only those count at all."""
    frame = answers_in(place)
    frame = frame[frame[COLUMNS["satisfaction"]] != DONT_KNOW]
    column = frame[COLUMNS[question]]
    return column[column != DONT_KNOW]


def rounded(value: Decimal) -> str:
    """One decimal, half away from zero, with a decimal comma."""
    return str(value.quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")


def percentage(part: int, whole: int) -> str:
    with localcontext(prec=60):
        return rounded(Decimal(int(part)) * 100 / Decimal(int(whole))) + "\u00a0%"


def interval(part: int, whole: int) -> str:
    low, high = proportion_confint(part, whole, alpha=0.05, method="wilson")
    return f"{rounded(Decimal(low) * 100)}–{rounded(Decimal(high) * 100)}\u00a0%"


def factor_score(values: pandas.Series) -> str:
    with localcontext(prec=60):
        return rounded((Decimal(int(values.sum())) / len(values) - 1) / 4 * 100)


PLACES = [*DISTRICTS, "99", "VN"]


def test_every_sheet_is_stored_once_however_often_the_file_is_imported(
    imported: str, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    assert imported == "Đã đọc 984 dòng: 984 mới, 0 đã có, 0 lỗi\n"
    again = ["import", "responses", str(FILE), "--mapping", str(MAPPING)]
    rejects = ["--rejects", str(tmp_path / "loi.csv")]
    assert runner.invoke(args=[*again, *rejects]).output == "Đã đọc 984 dòng: 0 mới, 984 đã có, 0 lỗi\n"
    assert runner.invoke(args=["tally", "verify"]).exit_code == 0
    rows = db.session.execute(select(Response.channel, Response.source_channel, Response.quarter)).all()
    assert {(row.channel, row.quarter) for row in rows} == {("import", QUARTER)}
    methods = pandas.Series([row.source_channel for row in rows]).value_counts().to_dict()
    assert methods == pandas.read_csv(FILE).method.value_counts().to_dict()


@pytest.mark.parametrize("question", COLUMNS)
def test_the_tallies_are_the_counts_of_the_file(imported: str, question: str) -> None:
    stored = db.session.execute(
        select(TALLIES.c.agency, TALLIES.c.value, TALLIES.c.n, TALLIES.c.assigned).where(
            TALLIES.c.question == question
        )
    ).all()
    assert all(row.assigned for row in stored)
    counted = {
        (code, str(value)): int(n)
        for code in DISTRICTS
        for value, n in ratings(code, question).value_counts().items()
    }
    assert {(row.agency, row.value): row.n for row in stored} == counted


def test_those_who_could_not_rate_the_whole_are_set_aside_and_counted(imported: str) -> None:
    rows = db.session.execute(
        select(TALLIES.c.agency, TALLIES.c.value, TALLIES.c.n).where(TALLIES.c.question == "_set_aside")
    )
    lacking = {
        (code, "no-rating"): int((answers_in(code)[COLUMNS["satisfaction"]] == DONT_KNOW).sum())
        for code in DISTRICTS
    }
    assert {(row.agency, row.value): row.n for row in rows} == lacking
    assert sum(lacking.values()) == 30


@pytest.mark.parametrize("place", PLACES)
def test_the_rate_of_a_place_agrees_to_the_last_digit(digested: None, place: str) -> None:
    cell = get_figures(place, QUARTER).official
    values = ratings(place, "satisfaction")
    satisfied = int((values >= 4).sum())
    assert cell.levels == tuple(int((values == level).sum()) for level in LEVELS)
    assert (cell.n, cell.satisfied, cell.n_eff) == (len(values), satisfied, len(values))
    printed = printed_rate(cell.distribution, cell.interval, n_eff=cell.n_eff)
    assert printed.n == str(len(values))
    assert printed.rate == percentage(satisfied, len(values))
    assert printed.interval == interval(satisfied, len(values))
    assert printed.levels == tuple(percentage((values == level).sum(), len(values)) for level in LEVELS)


@pytest.mark.parametrize("place", PLACES)
def test_the_factors_of_a_place_agree_to_the_last_digit(digested: None, place: str) -> None:
    figures = get_figures(place, QUARTER)
    assert [factor.question for factor in figures.factors] == FACTORS
    for factor in figures.factors:
        values = ratings(place, factor.question)
        satisfied = int((values >= 4).sum())
        printed = printed_rate(factor.cell.distribution, factor.cell.interval, n_eff=factor.cell.n_eff)
        assert factor.cell.score is not None
        assert score(factor.cell.score) == factor_score(values)
        assert printed.n == str(len(values))
        assert printed.rate == percentage(satisfied, len(values))
        assert printed.interval == interval(satisfied, len(values))
        assert factor.volunteered.n == 0


def test_channels_and_the_parts_of_the_city_add_up(digested: None) -> None:
    districts = list_children("99", QUARTER)
    assert [item.place.code for item in districts] == list(DISTRICTS)
    city = get_figures("99", QUARTER)
    assert sum(item.official.n for item in districts) == city.official.n == 954
    (channel,) = city.channels
    assert (channel.channel, channel.phase, channel.cell.n) == ("import", "after-result", 954)
    assert city.apart == ()
    assert city.movement.change is None


def counts() -> tuple[numpy.ndarray, numpy.ndarray]:
    """Satisfied and all of each district."""
    parts = [ratings(code, "satisfaction") for code in DISTRICTS]
    return numpy.array([int((part >= 4).sum()) for part in parts]), numpy.array([len(part) for part in parts])


def ranked() -> RankTable:
    """The districts as our own functions rank them, from the digested figures."""
    cells = [(item.place, item.official) for item in list_children("99", QUARTER)]
    entrants = [Entrant(place.code, place.name, cell.satisfied, cell.n, cell.n_eff) for place, cell in cells]
    return rank_family(entrants)


def test_imported_answers_alone_make_no_public_rank(digested: None) -> None:
    assert [item.rank for item in list_children("99", QUARTER)] == [None] * 6


def test_the_intervals_of_ranks_agree(digested: None) -> None:
    satisfied, n = counts()
    pairs = list(combinations(range(len(n)), 2))
    tests = [proportions_ztest(satisfied[list(pair)], n[list(pair)]) for pair in pairs]
    real = multipletests([p for _, p in tests], alpha=0.05, method="fdr_bh")[0]
    better, worse = numpy.zeros(len(n), int), numpy.zeros(len(n), int)
    for (first, second), (z, _), significant in zip(pairs, tests, real, strict=True):
        if significant:
            winner, loser = (first, second) if z > 0 else (second, first)
            better[loser] += 1
            worse[winner] += 1
    expected = {
        code: (int(1 + better[place]), int(len(n) - worse[place]), len(n))
        for place, code in enumerate(DISTRICTS)
    }
    table = ranked()
    found = {row.entrant.code: (row.best, row.worst, len(table.rows)) for row in table.rows}
    assert found == expected
    # The districts differ enough for some pair to be told apart, so the test sees more than 1 to 6.
    assert len(set(found.values())) > 1


def test_the_groups_agree(digested: None) -> None:
    satisfied, n = counts()
    tests = [
        proportions_ztest([own, satisfied.sum() - own], [size, n.sum() - size])
        for own, size in zip(satisfied, n, strict=True)
    ]
    real = multipletests([p for _, p in tests], alpha=0.05, method="fdr_bh")[0]
    words = {
        code: ("cao hơn rõ rệt" if z > 0 else "thấp hơn rõ rệt") if significant else "không khác rõ rệt"
        for code, (z, _), significant in zip(DISTRICTS, tests, real, strict=True)
    }
    assert {row.entrant.code: row.group.value for row in ranked().rows} == words
