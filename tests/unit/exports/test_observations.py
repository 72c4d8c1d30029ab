"""The rows of open data: nothing that must stay hidden, nothing more precise than a page, the same words."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.cell_facts import cell_facts
from exports.codes import HIDDEN
from exports.columns import COLUMNS, NAMES, NUMBERS, Row
from exports.observations import no_target, rows_of_place
from exports.open_data import FORMATS, place_file
from surveys.criteria import PlanTarget, Target, judge
from surveys.figures import (
    Cell,
    ChannelFigures,
    FactorFigures,
    Movement,
    Place,
    PlaceFigures,
    WeightedFigures,
)
from surveys.intervals import Interval
from surveys.printing import interval_text, percent, printed_rate
from surveys.scoring import Channel, Distribution, Phase
from surveys.thresholds import DEFAULTS, Standing
from tests.support.open_data import (
    INFO,
    READERS,
    TC4,
    all_shapes,
    few,
    poisoned,
    poisoned_question,
    target_of,
)
from tests.support.reports import place_figures

AGENCY = Place("14-X", "Sở Thử Nghiệm", "department", "14")
levels = st.tuples(*(st.integers(0, 60) for _ in range(5)))
cells = st.builds(
    lambda counts, deff: Cell.of(Distribution(counts), sum(counts) / deff),
    levels,
    st.sampled_from([1.0, 1.3, 2.7]),
)


def records(figures: PlaceFigures) -> list[dict[str, object]]:
    return [dict(zip(NAMES, row, strict=True)) for row in rows_of_place(figures, "2026-Q3", target_of)]


def official(figures: PlaceFigures) -> dict[str, object]:
    return next(row for row in records(figures) if row["channel"] == "verified")


def is_blank(row: Row) -> bool:
    values = dict(zip(NAMES, row, strict=True))
    # The target is the plan's and the coverage counts places: neither tells anything of the answers.
    return all(values[name] is None for name in NUMBERS if name not in ("target", "covered", "members"))


def leaking(n: int) -> PlaceFigures:
    """Figures in which somebody forgot to take numbers out of every place that must be hidden."""
    cell = poisoned(n)
    found = all_shapes()[2]
    return replace(
        found,
        official=cell,
        channels=(ChannelFigures(Channel.LINK, Phase.AFTER_RESULT, cell, 3 * n, n),),
        apart=(ChannelFigures(Channel.QR, Phase.AFTER_RESULT, cell, 3 * n, n),),
        factors=(FactorFigures("access", "Tìm dịch vụ", cell, cell),),
        questions=(poisoned_question(n) if n < 10 else replace(poisoned_question(n), counts=None),),
        procedures=((Place("1.000001", "Thủ tục", "procedure", "14-A"), cell),),
        set_aside=(("honeypot", None),),
        weighted=WeightedFigures(Fraction(7, 9), 31.0),
    )


@settings(max_examples=25, deadline=None)
@given(n=st.one_of(st.integers(1, 9), st.integers(10_007, 99_991)))
def test_a_hidden_cell_leaves_no_number_in_any_format(n: int) -> None:
    figures = leaking(n)
    for extension in FORMATS:
        rows = READERS[extension](place_file(extension, INFO, figures, target_of))
        assert len(rows) == 8
        for row in rows:
            assert row[NAMES.index("status")] == HIDDEN, extension
            assert is_blank(row), (extension, row)


def test_neighbours_of_a_hidden_channel_do_not_tell_its_change() -> None:
    shown = place_figures(AGENCY, "2026-Q3", 400, 0.9)
    figures = replace(
        all_shapes()[2], official=shown.official,
        channels=(ChannelFigures(Channel.LINK, Phase.AFTER_RESULT, poisoned(7)),),
    )  # fmt: skip
    row = official(figures)
    assert row["change_word"] == HIDDEN
    assert {row[name] for name in NAMES if name.startswith("change_")} == {HIDDEN, None}
    assert row["change"] is None and row["q"] is None


@given(cell=cells)
def test_numbers_are_those_of_the_page(cell: Cell) -> None:
    """Rounded for print, the file says what a page says; where the page hedges, the file has no rate."""
    limit = TC4.target.limit
    facts = cell_facts(cell, DEFAULTS, TC4.target)
    page = printed_rate(cell.distribution, cell.interval, n_eff=cell.n_eff, against=(limit,))
    if page.standing in (Standing.NONE, Standing.SUPPRESSED):
        assert set(facts) <= {"status", "n"} and facts.get("n", 0) == 0
        return
    assert facts["status"] == ("reference" if page.standing is Standing.INDICATIVE else "shown")
    if facts["rate_kind"] == "exact":
        assert percent(Fraction(facts["satisfied"], facts["n"]), against=(limit,)) == page.rate
        assert facts["rate"] == pytest.approx(facts["satisfied"] / facts["n"], rel=1e-14)
        low, high = (Fraction(str(facts[name])) for name in ("low", "high"))
        assert interval_text(Interval(low, high), against=(limit,)) == page.interval
    else:
        bound = facts["low"] if facts["rate_kind"] == "at-least" else facts["high"]
        assert percent(Fraction(str(bound)), against=(limit,)) in page.rate
        assert "satisfied" not in facts and "rate" not in facts
    assert ("level_5" in facts) is (page.levels is not None)


@given(cell=cells, response=st.one_of(st.none(), st.fractions(0, 1)))
def test_a_verdict_can_be_checked_from_its_own_row(cell: Cell, response: Fraction | None) -> None:
    figures = PlaceFigures(
        AGENCY, "2026-Q3", cell, Movement(Channel.LINK, all_shapes()[0].movement.word), response_rate=response
    )
    row = official(figures)
    if row["status"] != "shown":
        assert row["certain"] is None and row["verdict"] in (None, "too-few", HIDDEN)
        return
    met = Fraction(row["satisfied"], row["n"]) >= Fraction(str(row["target"]))
    assert row["verdict"] == ("met" if met else "not-met")
    heard = response is not None and row["response_rate"] >= float(DEFAULTS.response_rate)
    beyond = row["low"] >= row["target"] if met else row["high"] < row["target"]
    assert row["certain"] is (heard and beyond)
    judged = judge(cell.rate, cell.interval, TC4.target, n=cell.n, n_eff=cell.n_eff, response_rate=response)
    assert row["certain"] is judged.certain


@pytest.mark.parametrize("satisfied", [0, 24])
def test_all_or_none_of_few_answers_are_told_by_a_bound(satisfied: int) -> None:
    facts = cell_facts(few(satisfied, 24), DEFAULTS)
    assert facts["rate_kind"] == ("at-least" if satisfied else "at-most")
    assert not {"satisfied", "rate", "score", "level_5"} & set(facts)


def test_many_answers_worth_few_show_no_levels() -> None:
    row = official(all_shapes()[-1])
    assert (row["status"], row["n"], row["n_eff"], row["satisfied"]) == ("reference", 45, 21.5, 40)
    assert row["level_5"] is None and row["score"] is None and row["verdict"] == "too-few"


def test_levels_add_up_and_options_to_their_question() -> None:
    for figures in all_shapes():
        found = records(figures)
        for row in found:
            if row["level_5"] is not None:
                counts = [row[f"level_{level}"] for level in (5, 4, 3, 2, 1)]
                assert sum(counts) == row["n"] and counts[0] + counts[1] == row["satisfied"]
        for question in (row for row in found if row["measure"] == "question"):
            answers = [row for row in found if (row["measure"], row["item"]) == ("answer", question["item"])]
            assert not answers or sum(row["count"] for row in answers) == question["n"]
            assert bool(answers) is (question["status"] != HIDDEN and question["n"] >= 30)


def test_estimated_minutes_are_told_with_the_decimals_of_the_page() -> None:
    row = next(
        row
        for row in records(all_shapes()[2])
        if (row["measure"], row["item"]) == ("question", "submit_time")
    )
    assert (row["criterion"], row["unit"], row["target"], row["target_operator"]) == (
        "TC2",
        "minutes",
        5.0,
        "below",
    )
    assert re.fullmatch(r"\d+\.\d", str(row["value"]))
    assert row["rate"] is None and row["verdict"] is None and row["certain"] is None


def test_a_change_a_rank_and_marks_stand_beside_the_official_figure() -> None:
    row = official(all_shapes()[2])
    assert (row["change"], row["change_word"], row["change_channel"], row["q"]) == (
        13.8,
        "up",
        "link",
        0.012346,
    )
    assert row["change_low"] < row["change"] < row["change_high"]
    assert (row["rank_best"], row["rank_worst"], row["rank_of"], row["group"]) == (2, 5, 9, "higher")
    assert row["marks"] == "merged;broken" and row["questionnaires"] == "COT_LOI 1.0;COT_LOI 1.1"


def test_the_weighted_rate_keeps_its_side_of_the_target_and_tells_no_more() -> None:
    row = official(all_shapes()[1])
    assert (row["weighted_rate"], row["weighting_changes"]) == (0.951, row["rate"] < 0.95)
    close = replace(all_shapes()[1], weighted=WeightedFigures(Fraction(94996, 100000), 900.0))
    assert official(close)["weighted_rate"] == 0.94996


def test_the_nation_is_only_called_so_when_whole() -> None:
    nation = all_shapes()[0]
    assert official(nation)["place_name"] == "1/34 tỉnh, thành phố có số liệu"
    assert official(replace(nation, covered=34))["place_name"] == "Cả nước"


def test_blank_numbers_of_a_row_that_is_shown_say_why() -> None:
    flagged = next(figures for figures in all_shapes() if figures.response_rate_flagged)
    row = official(flagged)
    assert (row["response_rate"], row["response_status"]) == (None, "flagged")
    assert (row["change"], row["change_word"]) == (None, HIDDEN)
    empty = official(next(figures for figures in all_shapes() if figures.place.code == "14-E"))
    assert (empty["status"], empty["n"], empty["rate"], empty["verdict"]) == ("none", 0, None, None)
    assert empty["response_status"] == "unknown"


def test_answers_set_aside_are_counted_or_marked() -> None:
    found = [row for row in records(all_shapes()[1]) if row["channel"] not in ("verified", "link", "field")]
    aside = {(row["measure"], row["item"], row["channel"]): (row["status"], row["n"]) for row in found}
    assert aside["set-aside", "honeypot", "all"] == ("shown", 12)
    assert aside["set-aside", "too-fast", "all"] == (HIDDEN, None)
    assert aside["set-aside", None, "qr"] == ("shown", 12)
    assert aside["set-aside", None, "web"] == (HIDDEN, None)
    assert aside["left-out", "honeypot", "all"] == ("shown", 12)
    assert aside["released", "honeypot", "all"] == ("none", 0)


def test_without_a_plan_nothing_is_judged() -> None:
    for row in rows_of_place(all_shapes()[2], "2026-Q3", no_target):
        values = dict(zip(NAMES, row, strict=True))
        assert all(
            values[name] is None
            for name in ("target", "target_operator", "target_plan", "verdict", "certain")
        )


def test_a_strict_target_is_told_as_one() -> None:
    below = PlanTarget(Target("TC4", "<", Fraction(1, 2), "share"), "p")
    rows = rows_of_place(all_shapes()[2], "2026-Q3", lambda figures, criterion: below)
    assert next(rows)[NAMES.index("target_operator")] == "below"


def test_every_column_has_its_own_name_and_every_place_its_rows_in_one_order() -> None:
    assert len(set(NAMES)) == len(COLUMNS)
    measures = [row["measure"] for row in records(all_shapes()[1])]
    order = list(dict.fromkeys(measures))
    assert order == [
        "satisfaction", "factor", "factor-volunteered", "question", "answer", "set-aside", "left-out",
        "released", "fill-time",
    ]  # fmt: skip
