"""What the effective number of answers says about interviews that are hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.results.control import Hidden
from app.results.counts import PlaceCounts
from app.results.figuring import Sheet, figures_of
from app.results.items import Items
from app.results.precision import printable_n_eff, procedure_n_eff
from app.results.tree import Tree
from surveys.comparison import Word
from surveys.figures import NATION, Movement, Place, PlaceFigures
from surveys.scoring import Channel, Distribution, Phase
from surveys.thresholds import DEFAULTS

LINK, FIELD = (Channel.LINK, Phase.AFTER_RESULT), (Channel.FIELD, Phase.AFTER_RESULT)
MINIMUM = DEFAULTS.disclosure


def place(links: int, villages: Sequence[tuple[int, int]]) -> PlaceCounts:
    """Some links, and villages with their satisfied and others; the links bring the satisfied to ten."""
    counts = PlaceCounts()
    satisfied = min(links, max(0, 10 - sum(village[0] for village in villages)))
    counts.satisfaction[LINK] = [satisfied, 0, 0, 0, links - satisfied]
    counts.satisfaction[FIELD] = [sum(s for s, _ in villages), 0, 0, 0, sum(others for _, others in villages)]
    counts.villages = {("A", str(at)): [s, 0, 0, 0, others] for at, (s, others) in enumerate(villages)}
    return counts


def partitions(n: int, most: int) -> Iterator[list[int]]:
    """Every way to spread n interviews over villages."""
    if not n:
        yield []
    for first in range(min(n, most), 0, -1):
        yield from ([first, *rest] for rest in partitions(n - first, first))


def printed(counts: PlaceCounts) -> PlaceFigures:
    """An agency of which the official figure is printed, and neither of its channels."""
    codes = {NATION: "", "P": NATION, "A": "P"}
    kinds = {NATION: "nation", "P": "province", "A": "commune"}
    places = {code: Place(code, code, kinds[code], parent) for code, parent in codes.items()}
    hidden = Hidden(channels={("A", Channel.LINK), ("A", Channel.FIELD)})
    return figures_of(
        Sheet(
            "2026-Q3", Tree(places, {NATION: ("P",), "P": ("A",)}), dict.fromkeys(codes, counts),
            Items(_no_questionnaire, ()), hidden, None,
            dict.fromkeys(codes, Movement(Channel.LINK, Word.NONE)), {}, DEFAULTS,
        ),
        "A",
    )  # fmt: skip


def _no_questionnaire(code: str, version: str) -> object:
    raise LookupError(f"{code} {version}")


def possible(n: int, n_eff: float) -> set[int]:
    """The attack: which numbers of hidden interviews below ten explain the printed number exactly."""
    pairs = round((Fraction(n * n) / Fraction(n_eff) - n) * 20)
    return {
        few for few in range(1, MINIMUM) for each in partitions(few, few)
        if sum(m * (m - 1) for m in each) == pairs
    }  # fmt: skip


def test_the_effective_number_of_all_channels_would_give_hidden_interviews_away() -> None:
    assert possible(39, place(30, [(4, 5)]).official_n_eff) == {9}
    counts = place(30, [(4, 4)])
    assert possible(38, counts.official_n_eff) == {8, 9}
    assert printed(counts).official.n_eff < counts.official_n_eff


def test_what_is_printed_is_the_same_however_many_interviews_are_hidden() -> None:
    found = {
        printed(place(40 - few, [(0, m) for m in each])).official.n_eff
        for few in range(1, MINIMUM)
        for each in partitions(few, few)
    }
    assert len(found) == 1
    # The same of the complement, as long as so few villages were visited that their sizes alone count.
    large = {printed(place(40 - n, [(0, n - 5), (5, 0)])).official.n_eff for n in range(MINIMUM, 40)}
    assert len(large) == 1


VILLAGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=14)


@given(st.integers(0, 60), VILLAGES)
def test_intervals_only_become_wider_and_visible_interviews_are_told_in_full(
    links: int, villages: list[tuple[int, int]]
) -> None:
    counts = place(links, villages)
    told = printable_n_eff(counts, is_field_hidden=True, minimum=MINIMUM)
    assert told <= counts.official_n_eff * (1 + 1e-12)
    assert printable_n_eff(counts, is_field_hidden=False, minimum=MINIMUM) == counts.official_n_eff


def test_many_villages_are_told_in_tenths_of_the_design_effect() -> None:
    counts = place(5, [(6, 1), (1, 6)] * 7)
    deff = counts.official.n / printable_n_eff(counts, is_field_hidden=True, minimum=MINIMUM)
    assert abs(deff * 10 - round(deff * 10)) < 1e-9


def test_procedures_do_not_tell_how_few_of_them_were_asked_in_interviews() -> None:
    counts = place(40, [(8, 8), (3, 9)])
    official = counts.official_n_eff
    both = {Channel.LINK: [37, 0, 0, 0, 0], Channel.FIELD: [3, 0, 0, 0, 0]}
    counts.procedures = {"p": both, "q": {Channel.FIELD: [8, 0, 0, 0, 17], Channel.LINK: [0, 0, 0, 0, 3]}}
    found = procedure_n_eff(counts, "p", Distribution((40, 0, 0, 0, 0)), official, MINIMUM)
    assert found == 40 * official / counts.official.n
    counts.procedures = {"p": {Channel.LINK: [20, 0, 0, 0, 20]}, "q": {Channel.FIELD: [11, 0, 0, 0, 17]}}
    assert procedure_n_eff(counts, "p", Distribution((20, 0, 0, 0, 20)), official, MINIMUM) == 40
