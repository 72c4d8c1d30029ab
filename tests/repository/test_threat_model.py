"""Every line of the threat model names the tests that prove it, or says in words that nothing does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("threat-model.md", "security/asvs.md")
REFERENCE = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
UNPROVEN = ("not proven", "not met", "not applicable")


def lines_of(document: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of tables, without heads and rules."""
    for number, line in enumerate((ROOT / "docs" / document).read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("|") and not line.startswith(("|---", "| threat", "| item")):
            yield number, cells


@cache
def named_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_line_names_a_test_or_says_that_there_is_none(document: str) -> None:
    count = 0
    for number, cells in lines_of(document):
        assert len(cells) >= 3, f"docs/{document}:{number}: a line has at least three cells"
        proof, count = cells[-1], count + 1
        named = [name for _path, name in REFERENCE.findall(proof) if name]
        assert named or any(word in proof for word in UNPROVEN), (
            f"docs/{document}:{number}: name a test as `file::test`, or write “not proven”"
        )
    assert count > 20


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_exists(document: str) -> None:
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    for path, name in REFERENCE.findall(text):
        assert (ROOT / path).is_file(), f"docs/{document} names {path}, which does not exist"
        assert not name or name in named_in(ROOT / path), f"docs/{document} names {path}::{name}"
