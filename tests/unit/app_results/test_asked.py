"""Links and doors beside the answers: what an outsider works out from them, and what is withheld for it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.results import figuring
from surveys.figures import NATION, ChannelFigures, PlaceFigures
from surveys.scoring import Channel
from tests.attacks.conftest import SEED, WHOLE
from tests.unit.app_results.asked_worlds import FIELD, LINK, Outsider, World, invented, list_found

WORLDS = 300 if WHOLE else 6


@contextmanager
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Invitations are printed wherever the answers are and ten were asked."""
    with monkeypatch.context() as patch:
        patch.setattr(figuring, "control_invited", lambda *_args, **_options: frozenset())
        yield


def channel(figures: PlaceFigures, its: Channel) -> ChannelFigures:
    return next(part for part in figures.channels if part.channel is its)


def visited() -> World:
    """A department is named by nine households of one commune; its complement is a commune of thirty."""
    communes = {"10-X0": 52, "10-X1": 30, "10-X2": 40}
    world = World({"10": ["10-S0", *communes], "20": ["20-X0"]})
    world.flows = {(commune, commune): (n, n - 10) for commune, n in communes.items()}
    world.flows |= {("10-X0", "10-S0"): (9, 3), ("20-X0", "20-X0"): (60, 50)}
    world.closed = {"10-X0": 12, "10-X1": 9, "10-X2": 8, "20-X0": 20}
    return world


def linked() -> World:
    """Seven answers are hidden with twelve of an agency that issued no links in this quarter."""
    world = World({"10": ["10-S0", "10-S1", "10-S2"], "20": ["20-S0", "20-S1"]})
    world.links = {"10-S0": (7, 5), "10-S1": (12, 6), "10-S2": (40, 30), "20-S0": (60, 30), "20-S1": (50, 30)}
    world.differ = {agency: 0 for agency in world.links if agency != "10-S1"}
    world.unused = dict.fromkeys(world.differ, 100)
    return world


def test_doors_of_communes_would_count_the_hidden_answers_about_a_department(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, key = visited(), ("10-S0", str(FIELD))
    with as_before(monkeypatch):
        printed = world.printed()
    assert printed["10-S0"].official.hidden
    assert Outsider(world, printed, invitations=False).known(key)[0] == (1, 9)
    assert Outsider(world, printed).known(key)[0] == (9, 9)

    printed = world.printed()
    assert list_found(world, printed) == []
    # The doors of the province say no more than all its interviews, those of the other province nothing.
    assert channel(printed["10"], FIELD).answered == 131
    assert channel(printed["20-X0"], FIELD).answered == 60
    for commune in ("10-X0", "10-X2"):
        part = channel(printed[commune], FIELD)
        assert (part.offered, part.answered, part.withheld, part.cell.hidden) == (None, None, True, False)
        assert printed[commune].response_rate is None
        assert printed[commune].response_rate_withheld


def test_links_of_a_province_would_count_what_its_complement_does_not_cover(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, key = linked(), ("10-S0", str(LINK))
    with as_before(monkeypatch):
        assert Outsider(world, world.printed()).known(key)[0] == (7, 7)

    printed = world.printed()
    assert list_found(world, printed) == []
    assert channel(printed["10-S2"], LINK).answered == 40
    for place in ("10", NATION):
        assert channel(printed[place], LINK).withheld
        assert printed[place].response_rate_withheld


def test_what_lacks_of_the_interviews_is_what_was_set_aside_or_named_no_office(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = visited()
    world.flows["10-X0", "10-S0"] = (0, 0)
    for aside, unnamed in ((4, 0), (0, 4)):
        world.aside, world.unnamed = {"10-X0": aside, "10-X2": 20}, {"10-X0": unnamed, "10-X2": 20}
        with as_before(monkeypatch):
            assert list_found(world, world.printed())
        printed = world.printed()
        assert list_found(world, printed) == []
        assert channel(printed["10-X0"], FIELD).withheld
        assert channel(printed["10-X1"], FIELD).answered == 30


def test_few_links_are_no_complement_of_nobody() -> None:
    """Nine links are withheld; without a second agency the province would tell them."""
    world = linked()
    world.links["10-S0"] = (17, 10)
    world.links["20-S1"], world.unused["20-S1"] = (0, 0), 9
    printed = world.printed()
    assert channel(printed["20-S1"], LINK).withheld
    assert channel(printed["20-S0"], LINK).withheld
    assert channel(printed["20"], LINK).answered == 60
    assert channel(printed["10"], LINK).answered == 57


def test_the_rate_of_two_channels_is_told_only_where_both_tell_theirs() -> None:
    world = visited()
    world.links = {"10-X0": (200, 150), "10-X1": (100, 50), "20-X0": (80, 60)}
    world.differ, world.unused = dict.fromkeys(world.links, 0), dict.fromkeys(world.links, 100)
    printed = world.printed()
    for figures in printed.values():
        used = [part for part in figures.channels if part.cell.hidden or part.cell.n]
        told = [part.answered is not None for part in used]
        assert (figures.response_rate is not None) == (bool(told) and all(told)), figures.place.code
    assert printed["20-X0"].response_rate is not None
    assert printed["10-X0"].response_rate is None


def test_what_an_edition_before_withheld_stays_withheld() -> None:
    world = linked()
    world.links["10-S0"] = (17, 10)
    assert not channel(world.printed()["10-S0"], LINK).withheld
    printed = world.printed(unasked={("10-S0", LINK)})
    assert channel(printed["10-S0"], LINK).withheld
    assert channel(printed["10-S2"], LINK).withheld, "what is left of the province would tell it"
    assert channel(printed["10"], LINK).answered is not None


@pytest.mark.parametrize("number", range(WORLDS))
def test_no_outsider_counts_what_is_hidden_by_who_was_asked(number: int) -> None:
    world = invented(random.Random(f"{SEED} {number}"))
    assert list_found(world, world.printed()) == []


def test_the_outsider_finds_something_in_worlds_where_nothing_is_withheld(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise the test before would prove nothing."""
    with as_before(monkeypatch):
        worlds = (invented(random.Random(f"{SEED} {number}")) for number in range(WORLDS))
        assert any(list_found(world, world.printed()) for world in worlds)
