"""How much is allowed at a time, and when those who are turned away come back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.budgets import Crowd, MinuteBudget


def test_what_weighs_more_than_one_counts_for_as_many() -> None:
    budget = MinuteBudget(3)
    assert budget.wait(0, "a") == 0
    budget.take(0, "a", n=2)
    assert budget.wait(0, "a") > 0 and budget.wait(0, "b") == 0
    assert budget.wait(60, "a") == 0


def test_a_crowd_comes_back_at_the_pace_of_the_ten_seconds_before() -> None:
    crowd = Crowd()
    for at in range(200):
        crowd.served(5, f"quick {at}")
    told = [crowd.turned_away(12, f"slow {at}") for at in range(100)]
    # Twenty a second, in the order in which they came.
    assert told == sorted(told) and [told.count(wait) for wait in range(1, 6)] == [20] * 5


def test_who_came_back_or_never_comes_holds_nobody_up() -> None:
    crowd = Crowd()
    for at in range(50):
        crowd.turned_away(0, f"{at}")
    assert crowd.turned_away(0, "late") == 1 + 50 // 5
    # Who asks again does not wait behind itself.
    assert crowd.turned_away(0, "late") == 1 + 50 // 5
    for at in range(50):
        crowd.served(1, f"{at}")
    assert crowd.turned_away(1, "other") == 1
    assert crowd.turned_away(1_000, "much later") == 1


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30), st.integers(0, 40))))
def test_nobody_waits_longer_than_all_others_together(acts: list[tuple[bool, int, int]]) -> None:
    crowd, second, names = Crowd(), 0, set()
    for is_served, name, later in acts:
        second += later
        if is_served:
            crowd.served(second, str(name))
        else:
            names.add(name)
            assert 1 <= crowd.turned_away(second, str(name)) <= 1 + len(names) / Crowd.LEAST_PACE
