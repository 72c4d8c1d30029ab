"""Copies of the project in which one file at a time is another, and which tests may notice it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from coverage import CoverageData

from app import ROOT
from tests.support.mutants import Mutant

COPIED: Final = ("app", "exports", "surveys", "tests", "migrations", "translations", "docs")
# What a guard lets through is seen by these, on SQLite alone: it does not depend on the database, but a lock.
SUITES: Final = ("tests/integration",)
ON_SQLITE: Final = ("-k", "not postgresql")


# So many tests are tried first, then so many more: most guards are noticed at once.
STEPS: Final = (5, 30)


@dataclass(frozen=True)
class Noticing:
    """Which tests execute which lines of which file."""

    by_line: Mapping[str, Mapping[int, frozenset[str]]]
    # How much of what a test executes lies in a file, by file and test.
    share: Mapping[str, Mapping[str, float]]
    # How long a test takes.
    seconds: Mapping[str, float]

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Every test that executes the guard, those first that are about its file most and are quick.

        What works as soon as it is imported counts for every test that executes anything of its file.
        """
        lines, share = self.by_line.get(mutant.path, {}), self.share.get(mutant.path, {})
        found = {test for line in mutant.lines for test in lines.get(line, ())}
        if mutant.is_imported:
            found = set(share)

        def worth(test: str) -> float:
            return share[test] / (1 + self.seconds.get(test, 0.0))

        tests = sorted(found - {""}, key=lambda test: (-worth(test), test))
        return [test.replace("[sqlite", "[postgresql") for test in tests] if mutant.is_lock else tests


class Copy:
    """A process of its own tries mutants one after the other; it must be closed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "wsgi.py"):
            shutil.copy(ROOT / name, folder / name)
        # Compiled once, and each file is read anew as soon as its text is another, whatever its clock says.
        compiling = ("-m", "compileall", "-q", "--invalidation-mode", "checked-hash", *COPIED[:4])
        subprocess.run((sys.executable, *compiling), cwd=folder, check=True)
        self._warm: subprocess.Popen[str] | None = None

    def noticed_by(self, mutant: Mutant, tests: Sequence[str]) -> str:
        """The first test that turns red, empty where none does."""
        path = self.folder / mutant.path
        kept = path.read_text(encoding="utf-8")
        path.write_text(mutant.text, encoding="utf-8")
        try:
            steps = (0, *STEPS, len(tests))
            parts = (tests[first:last] for first, last in pairwise(steps))
            return next(filter(None, (self.red(part) for part in parts if part)), "")
        finally:
            path.write_text(kept, encoding="utf-8")

    def learn(self, suites: Sequence[str] = SUITES) -> Noticing:
        """Runs the tests on the code as it is, and asserts that they are green."""
        data, settings = self.folder / "coverage.db", self.folder / "coverage.ini"
        settings.write_text(f"[run]\nsource = app\ndata_file = {data}\n", encoding="utf-8")
        times = self.folder / "times.xml"
        options = ("--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report=")
        options += (f"--junitxml={times}", "-o", "junit_duration_report=call")
        command = (sys.executable, "-B", "-m", "pytest", "-x", "-n", "0", *ON_SQLITE, *options, *suites)
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
        return noticing(data, self.folder, seconds_of(times))

    def close(self) -> None:
        if self._warm is not None:
            assert self._warm.stdin is not None
            self._warm.stdin.close()
            self._warm.wait()

    def red(self, tests: Sequence[str]) -> str:
        """The first of these tests that is red. What cannot even be collected is our mistake and raises."""
        named = self.folder / "chosen.txt"
        named.write_text("\n".join(tests), encoding="utf-8")
        # To read asserts anew for each run takes longer than most tests; that they hold is all that counts.
        code = self._ask(["-x", "-n", "0", "--assert=plain", f"@{named}"])
        said = (self.folder / "said.txt").read_text(encoding="utf-8", errors="replace")
        if code == -signal.SIGALRM:
            return "a test that did not end"
        assert code in (0, 1), said[-2_000:]
        first = re.search(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE)
        assert bool(first) is bool(code), said[-2_000:]
        return first[1] if first else ""

    def _ask(self, arguments: Sequence[str]) -> int:
        if self._warm is None:
            self._warm = subprocess.Popen(
                (sys.executable, "-B", "-m", "tests.support.warm"),
                cwd=self.folder,
                env=os.environ | {"SQLITE_TEMPLATE": str(self.folder / "template.db")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._warm.stdin is not None and self._warm.stdout is not None
        self._warm.stdin.write(json.dumps(arguments) + "\n")
        self._warm.stdin.flush()
        return int(self._warm.stdout.readline())


def seconds_of(report: Path) -> dict[str, float]:
    cases = ElementTree.parse(report).iter("testcase")
    return {
        f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}": float(case.attrib["time"])
        for case in cases
    }


def noticing(file: Path, folder: Path, seconds: Mapping[str, float]) -> Noticing:
    """What a run under coverage has learnt in a copy that lies in this folder."""
    data = CoverageData(str(file))
    data.read()
    lines: defaultdict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    for measured in data.measured_files():
        path = Path(measured).relative_to(folder).as_posix()
        for line, contexts in data.contexts_by_lineno(measured).items():
            lines[path][line] = frozenset(context.rpartition("|")[0] for context in contexts)
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    totals: defaultdict[str, int] = defaultdict(int)
    for path, by_line in lines.items():
        for tests in by_line.values():
            for test in tests:
                counts[path][test] += 1
                totals[test] += 1
    share = {
        path: {test: count / totals[test] for test, count in by_test.items()}
        for path, by_test in counts.items()
    }
    return Noticing(lines, share, seconds)
