"""The question for known weaknesses: one that is known fails, and silence is never taken for a no."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOUND = {"name": "flask", "version": "3.1.3", "vulns": []}
WEAK = {"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "CVE-1", "fix_versions": ["3.0"]}]}
UNASKED = {"name": "flask", "version": "3.1.3", "skip_reason": "not found"}


def asked(folder: Path, answer: str, seconds: str = "20") -> subprocess.CompletedProcess[str]:
    """Runs the check against a `pip-audit` that says what the test wants."""
    fake = folder / "pip-audit"
    fake.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    fake.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "ADVISORY_SECONDS": seconds}
    command = [sys.executable, str(ROOT / ".ci" / "advisories")]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def says(*packages: object) -> str:
    return f"echo '{json.dumps({'dependencies': packages})}'"


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (says(SOUND), 0, "đã hỏi 1 thư viện, 0 lỗ hổng"),
        (says(SOUND, WEAK) + "; exit 1", 1, "jinja2 2.4.1: CVE-1"),
        (says(UNASKED), 0, "BỎ QUA"),
        (says(SOUND, UNASKED), 0, "1 thư viện không hỏi được"),
        ("echo 'no network' >&2; exit 1", 0, "BỎ QUA"),
    ],
)
def test_only_a_known_weakness_fails_and_what_was_not_asked_is_told(
    tmp_path: Path, answer: str, code: int, words: str
) -> None:
    done = asked(tmp_path, answer)
    assert done.returncode == code, done.stderr
    assert words in done.stdout


def test_who_does_not_answer_in_time_is_not_waited_for(tmp_path: Path) -> None:
    done = asked(tmp_path, "exec sleep 30", seconds="1")
    assert done.returncode == 0
    assert done.stdout.count("BỎ QUA") == 2
