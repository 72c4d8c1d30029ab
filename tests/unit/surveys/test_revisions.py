"""What a revision takes over, and that nobody is seen by comparing it with the edition before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.revisions import Verdict, decide_revision, least_moved, list_moved, pooled

PARENTS = {"a": "P", "b": "P", "c": "P", "d": "Q"}


def decide(
    old: Mapping[str, Sequence[int]], new: Mapping[str, Sequence[int]], printed: Collection[str]
) -> dict[str, Verdict]:
    return decide_revision(
        {agency: {"link": levels} for agency, levels in old.items()},
        {agency: {"link": levels} for agency, levels in new.items()},
        PARENTS,
        printed,
    )


def test_ten_new_answers_are_printed_and_nine_wait() -> None:
    old = {"a": (40, 10), "b": (40, 10), "c": (40, 10)}
    new = {"a": (50, 10), "b": (49, 10), "c": (40, 10)}
    assert decide(old, new, "abc") == {
        "a": Verdict.CHANGED,
        "b": Verdict.WAITS,
        "c": Verdict.UNCHANGED,
    }


def test_answers_that_joined_and_left_are_counted_apart() -> None:
    # Twelve satisfied joined and three others left: n grew by nine, and both sides are seen.
    assert decide({"a": (40, 10)}, {"a": (52, 7)}, "a") == {"a": Verdict.WAITS}
    assert decide({"a": (40, 20)}, {"a": (52, 10)}, "a") == {"a": Verdict.CHANGED}


def test_an_agency_waits_as_a_whole_where_one_of_its_channels_must() -> None:
    old = {"a": {"link": (100, 0), "field": (50, 0)}}
    new = {"a": {"link": (150, 0), "field": (53, 0)}}
    assert decide_revision(old, new, PARENTS, {"a"}) == {"a": Verdict.WAITS}


def test_unprinted_agencies_of_a_province_change_together_or_wait_together() -> None:
    old, new = {"a": (3, 1), "b": (20, 0)}, {"a": (7, 1), "b": (26, 0)}
    assert set(decide(old, new, ()).values()) == {Verdict.CHANGED}
    new = {"a": (7, 1), "b": (22, 0)}
    assert set(decide(old, new, ()).values()) == {Verdict.WAITS}


def test_an_agency_that_is_new_in_the_revision_joins_with_all_its_answers() -> None:
    assert decide({}, {"a": (8, 1)}, "a") == {"a": Verdict.WAITS}
    assert decide({}, {"a": (8, 2)}, "a") == {"a": Verdict.CHANGED}


LEVELS = st.lists(st.sampled_from((0, 0, 1, 3, 9, 10, 12, 30)), min_size=2, max_size=2)
AGENCIES = st.fixed_dictionaries(
    {agency: st.fixed_dictionaries({"link": LEVELS, "field": LEVELS}) for agency in PARENTS}
)


@settings(deadline=None)
@given(AGENCIES, AGENCIES, st.sets(st.sampled_from(sorted(PARENTS))))
def test_no_difference_of_printed_numbers_singles_out_one_to_nine(
    old: dict[str, dict[str, list[int]]], new: dict[str, dict[str, list[int]]], printed: set[str]
) -> None:
    verdicts = decide_revision(old, new, PARENTS, printed)
    taken = {agency: new[agency] if verdicts[agency] is Verdict.CHANGED else old[agency] for agency in old}

    def of(members: Collection[str]) -> None:
        before, after = (pooled(tallies[agency] for agency in members) for tallies in (old, taken))
        for moved in list_moved(before, after):
            assert moved.is_large_enough(10)

    for agency in printed:
        of([agency])
    for province in "PQ":
        members = {agency for agency, parent in PARENTS.items() if parent == province}
        # What is left of the province when every printed agency is taken away.
        of(members - printed)


def test_what_rose_and_what_fell_is_the_least_that_explains_a_difference() -> None:
    moved = least_moved((5, 5, 0), (9, 2))
    assert (moved.added, moved.removed) == (4, 3)
