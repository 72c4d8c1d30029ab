from __future__ import annotations

from hypothesis import given, settings, HealthCheck
from hypothesis import strategies as st

from app.results.overlap_attack import find_narrow
from surveys.segment_problem import state_problem
from surveys.segments import What
from tests.unit.app_results.overlapping_worlds import (
    ONE, TWO, World, oracle_ranges, worlds,
)


def oracle_narrow(world: World) -> set:
    ranges = oracle_ranges(world)
    found = set()
    days = world.days
    from surveys.segments import run_of
    leafcount = world.count
    caps = {}
    for one in world.editions:
        start = days.index(one.first_day)
        from datetime import timedelta
        end = days.index(one.last_day + timedelta(days=1))
        for key, seen in one.cells.items():
            if not seen.hidden:
                caps.setdefault(key, []).append((start, end, seen.satisfied))
    for name, r in ranges.items():
        if name[0] == "cell":
            if not r.is_wide(4, 2):
                found.add(("cell", name[1], name[2]))
        elif name[0] == "run":
            _, key, start, end = name
            from datetime import timedelta
            n = sum(v[0] + v[1] for (u, p), v in world.count(days[start], days[end] - timedelta(days=1)).items()
                    if (key[0] in (u, "P", "VN")) and (key[1] in (p, world.family.total)))
            need = min([2] + [c for a, b, c in caps.get(key, ()) if a <= start and end <= b])
            if 0 < n < 10 and not r.is_wide(4, need):
                found.add(("days", key, start, end))
    return found


def engine_narrow(world: World) -> set:
    problem = state_problem(world.editions, world.family, world.count)
    out = set()
    for one in find_narrow(problem, thorough=True):
        if one.what is What.CELL:
            out.add(("cell", one.key, one.edition))
        elif one.what is What.DAYS:
            out.add(("days", one.key, one.first, one.last))
    return out


@settings(max_examples=25, print_blob=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from((ONE, TWO)).flatmap(lambda f: worlds(family=f)))
def test_same(world):
    a, b = oracle_narrow(world), engine_narrow(world)
    # groups named once: compare leaves fully, aggregates both ways loosely
    units = {u for c in world.answers for u, _ in c}
    def leafonly(x): return {t for t in x if t[0] == "days" and t[1][0] in units and t[1][1] in world.family.parts}
    assert leafonly(a) == leafonly(b)
    cells = lambda x: {t for t in x if t[0] == "cell"}
    assert cells(a) == cells(b)
    assert bool(a) <= bool(b)
