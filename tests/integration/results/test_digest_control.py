"""What is printed of a whole tree cannot be turned into what is hidden: attacked by linear programming."""

from __future__ import annotations

import random

import pytest

from app.results.attack import lp_attack
from app.results.control import (
    OFFICIAL,
    control_official,
    hidden_in_tree,
    official_table,
    visible_procedures,
)
from app.results.counts import PlaceCounts
from app.results.tree import Tree
from surveys.disclosure import Kind, exposed
from surveys.figures import NATION, Place
from surveys.scoring import VERIFIED_CHANNELS, Channel, Distribution, Phase

Counted = dict[str, PlaceCounts]


def tree_of(provinces: dict[str, list[str]]) -> Tree:
    places = {NATION: Place(NATION, NATION, "nation")}
    for province, agencies in provinces.items():
        places[province] = Place(province, province, "province", NATION)
        places |= {code: Place(code, code, "department", province) for code in agencies}
    return Tree(places, {NATION: tuple(provinces), **{key: tuple(value) for key, value in provinces.items()}})


def rated(**channels: tuple[int, int, int, int, int]) -> PlaceCounts:
    counts = PlaceCounts()
    for channel, levels in channels.items():
        counts.satisfaction[Channel(channel), Phase.AFTER_RESULT] = list(levels)
    return counts


def random_country(seed: int) -> tuple[Tree, Counted]:
    """Small agencies, many with several channels, so that rows and columns meet in circles."""
    draw = random.Random(seed)
    provinces = {
        str(code): [f"{code}-{name}" for name in "ABCDEFG"[: draw.randint(2, 7)]] for code in range(10, 14)
    }
    tree = tree_of(provinces)
    agencies: Counted = {}
    for code in (code for codes in provinces.values() for code in codes):
        used = draw.sample(VERIFIED_CHANNELS, draw.randint(1, 3))
        agencies[code] = rated(**{
            channel.value: tuple(draw.randint(0, draw.choice((1, 4, 12))) for _ in range(5))
            for channel in used
        })  # fmt: skip
    return tree, tree.summed(agencies)


@pytest.mark.parametrize("seed", range(12))
def test_no_hidden_number_of_a_country_can_be_narrowed_down(seed: int) -> None:
    tree, counts = random_country(seed)
    official, channels = control_official(tree, counts)
    table, names = official_table(tree, counts)
    hidden = {names[place, OFFICIAL] for place in official} | {names[pair] for pair in channels}
    assert all(key in hidden for key in table.cells if 0 < table.cells[key].n < 10)
    kinds = {key: Kind.PRIMARY if table.is_primary(key) else Kind.COMPLEMENT for key in hidden}
    found = exposed(table, kinds, attack=lp_attack)
    # What hiding cannot protect is only where nothing that has answers is left to hide around it.
    assert not found or all(
        key in hidden or not cell.n for key, cell in table.cells.items() if not str(key).startswith(NATION)
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_channels_of_a_hidden_figure_are_hidden(seed: int) -> None:
    tree, counts = random_country(seed)
    official, channels = control_official(tree, counts)
    for place in official:
        present = {channel for channel in VERIFIED_CHANNELS if counts[place].of(channel).n}
        assert {channel for code, channel in channels if code == place} == present


def test_a_figure_alone_below_ten_takes_its_sibling_or_its_total() -> None:
    tree = tree_of({"10": ["10-A", "10-B"], "20": ["20-A"], "30": ["30-A"]})
    counts = tree.summed({
        "10-A": rated(link=(3, 2, 1, 1, 0)), "10-B": rated(link=(30, 20, 5, 3, 2)),
        "20-A": rated(link=(50, 20, 5, 3, 2)), "30-A": rated(link=(4, 0, 2, 1, 1)),
    })  # fmt: skip
    official, _ = control_official(tree, counts)
    # 30-A is all of its province, so the province goes too, and a second province guards it in the nation.
    assert {"10-A", "10-B", "30-A", "30", "10"} <= official
    assert NATION not in official


def test_the_tens_of_the_open_quarter_are_known_to_the_attacker() -> None:
    """1 and 20 hidden in 21 would be seen by whoever remembers the “20” of the open quarter."""
    tree = tree_of({"10": ["10-A", "10-B", "10-C", "10-D"]})
    counts = tree.summed({
        "10-A": rated(link=(1, 0, 0, 0, 0)), "10-B": rated(link=(9, 6, 3, 1, 1)),
        "10-C": rated(link=(20, 15, 7, 3, 2)), "10-D": rated(link=(50, 30, 5, 3, 2)),
    })  # fmt: skip
    assert control_official(tree, counts)[0] == {"10-A", "10-B", "10-C"}


def test_a_tree_without_small_numbers_hides_nothing_but_what_is_withheld() -> None:
    tree = tree_of({"10": ["10-A", "10-B", "10-C"]})
    counts = tree.summed({code: rated(link=(20, 10, 4, 3, 3)) for code in ("10-A", "10-B", "10-C")})
    measure = lambda part: (part.official.n, part.official.satisfied)  # noqa: E731  # one expression, used below
    assert hidden_in_tree(tree, counts, measure) == set()
    assert len(hidden_in_tree(tree, counts, measure, ["10-B"])) == 2


def test_a_small_procedure_takes_a_second_one_with_it() -> None:
    parts = {"1.000001": Distribution((40, 20, 5, 3, 2)), "1.000002": Distribution((3, 2, 1, 0, 0)),
             "1.000003": Distribution((10, 8, 2, 2, 1))}  # fmt: skip
    shown = visible_procedures(Distribution.total(parts.values()), parts)
    assert shown == {"1.000001": True, "1.000002": False, "1.000003": False}


def test_procedures_that_nothing_can_guard_are_not_listed() -> None:
    """Two of nine make eighteen: whoever knows that both are below ten knows them."""
    parts = {code: Distribution((5, 2, 1, 1, 0)) for code in ("1.000001", "1.000002")}
    assert visible_procedures(Distribution.total(parts.values()), parts) is None
