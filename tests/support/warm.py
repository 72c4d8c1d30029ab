"""Runs pytest again and again in one folder, each time with the code as it is then.

Reads arguments of pytest, a JSON list a line, and answers each with its exit code; a negative one is the
signal that ended it. Only what never changes is imported before: each run is a copy of this process.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

# A test that a missing guard keeps busy for so long has noticed it.
SECONDS: Final = 240
NO_ANSWER: Final = 70
LIBRARIES: Final = (
    "flask_babel", "flask_migrate", "flask_sqlalchemy", "flask_wtf", "hypothesis", "numpy", "openpyxl",
    "orjson", "pandas", "psycopg", "reportlab.platypus", "scipy.stats", "sqlalchemy.dialects.sqlite",
    "structlog", "wtforms", "yaml", "huey", "surveys.covering", "exports.cells",
)  # fmt: skip


def run(arguments: list[str]) -> int:
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        said = os.open("said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        code = NO_ANSWER
        try:
            code = int(pytest.main(arguments))
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    for library in LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(library)
    assert "app" not in sys.modules, "what is mutated is imported by each run"
    assert Path("app").is_dir()
    for line in sys.stdin:
        print(run(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
