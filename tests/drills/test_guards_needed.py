"""Every guard in the code is needed: with any single one taken away, a test turns red."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.support.mutants import Copy, Mutant, mutants, suites_of

# So many copies are tried at once; each is a process of its own.
COPIES = 2


@pytest.mark.slow
def test_every_guard_in_the_code_is_needed(tmp_path: Path) -> None:
    begin, every = time.monotonic(), list(mutants())
    copies: SimpleQueue[Copy] = SimpleQueue()
    for number in range(COPIES):
        copies.put(Copy(tmp_path / str(number)))

    def survives(mutant: Mutant) -> bool:
        copy = copies.get()
        try:
            return not copy.is_noticed(mutant, suites_of(mutant.path))
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(COPIES) as pool:
        survived = list(pool.map(survives, every))
    survivors = [mutant.name for mutant, alive in zip(every, survived, strict=True) if alive]
    seconds = round(time.monotonic() - begin)
    print(json.dumps({"drill": "guards", "n": len(every), "survivors": survivors, "seconds": seconds}))
    assert survivors == []
