"""Every guard in the code is needed: with any single one taken away, a test turns red."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.support.mutant_copies import Copy
from tests.support.mutants import Mutant, mutants

# So many copies are tried at once; each is a process of its own.
COPIES = int(os.environ.get("COPIES", "2"))
# Where to look, as beginnings of paths with blanks between them; empty for everywhere.
WITHIN = tuple(os.environ.get("GUARDS", "").split()) or ("",)


@pytest.mark.slow
def test_every_guard_in_the_code_is_needed(tmp_path: Path) -> None:
    begin, every = time.monotonic(), [mutant for mutant in mutants() if mutant.path.startswith(WITHIN)]
    copies: SimpleQueue[Copy] = SimpleQueue()
    made = [Copy(tmp_path / str(number)) for number in range(COPIES)]
    for copy in made:
        copies.put(copy)
    known = made[0].learn()

    def survives(mutant: Mutant) -> bool:
        copy = copies.get()
        try:
            return not copy.noticed_by(mutant, known.tests_of(mutant))
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(COPIES) as pool:
        survived = list(pool.map(survives, every))
    for copy in made:
        copy.close()
    survivors = [mutant.name for mutant, alive in zip(every, survived, strict=True) if alive]
    seconds = round(time.monotonic() - begin)
    print(json.dumps({"drill": "guards", "n": len(every), "survivors": survivors, "seconds": seconds}))
    assert survivors == []
