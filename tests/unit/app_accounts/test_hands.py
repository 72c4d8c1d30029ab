"""Through whose hands an account has gone, from what was done to accounts, in that order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.hands import RESET, Handling, hands_of, last_handling, may_be_one

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def done(*acts: str) -> list[Handling]:
    """“x y” for each act: x did something to the account of y."""
    pairs = [act.split() for act in acts]
    return [Handling(person, by, RESET, AT, place) for place, (by, person) in enumerate(pairs)]


@pytest.mark.parametrize(
    "acts",
    [
        ["x y"],
        ["y x"],
        ["x z", "z y"],
        ["x u", "u z", "z y"],
        ["m x", "m y"],
        ["m n", "n x", "m y"],
        ["x y", "a y", "a x"],
    ],
)
def test_who_has_handled_the_other_or_whom_one_has_handled_may_be_one(acts: list[str]) -> None:
    assert may_be_one("x", "y", done(*acts))
    assert may_be_one("y", "x", done(*acts))


@pytest.mark.parametrize(
    "acts",
    [
        [],
        ["x z", "y z"],
        ["command:staff x", "command:staff y"],
        ["a x", "b y"],
        # Whoever got into the hands of x had done with y before.
        ["z y", "x z"],
        ["x y2"],
    ],
)
def test_others_are_two(acts: list[str]) -> None:
    assert not may_be_one("x", "y", done(*acts))


def test_the_latest_act_is_told() -> None:
    acts = done("a x", "b x", "c y")
    last = last_handling("x", acts)
    assert last is not None
    assert last.by == "b"
    assert last_handling("z", acts) is None


names = st.sampled_from(["a", "b", "c", "d", "command:staff"])
trails = st.lists(st.tuples(names, names), max_size=8)


@given(trails)
def test_hands_are_those_of_a_replay(trail: list[tuple[str, str]]) -> None:
    """Told otherwise: whoever takes an account takes along all that were behind the one they came from."""
    behind: dict[str, set[str]] = {name: {name} for name in ["a", "b", "c", "d"]}
    for by, person in trail:
        if by != "command:staff" and person != "command:staff":
            behind[person] |= behind[by]
    acts = done(*(f"{by} {person}" for by, person in trail))
    for name, expected in behind.items():
        assert hands_of(name, acts) == expected
