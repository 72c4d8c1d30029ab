"""Where tests keep what they throw away: in memory, where the machine has room for it there.

Each test has a database of its own. Making and removing its files costs a disk several times what the
test itself takes, and nothing here has to outlive the machine.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")
# Several clusters, the profiles of browsers and the largest uploads of the tests together stay far below.
LEAST_ROOM: Final = 4 * 2**30


def keep_scratch_in_memory() -> None:
    """Sets TMPDIR for this process and those it starts; whoever has set it already is obeyed."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return
    if shutil.disk_usage(MEMORY).free < LEAST_ROOM:
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None
