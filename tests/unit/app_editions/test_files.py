"""Documents appear whole or not at all, and always inside their folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.editions.files import safe_name, write_whole


def test_a_document_is_written_whole_with_nothing_beside_it(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "new" / "folder", "2026-Q3-14.pdf", b"%PDF first")
    assert path.read_bytes() == b"%PDF first"
    assert write_whole(path.parent, path.name, b"%PDF second") == path
    assert path.read_bytes() == b"%PDF second"
    assert [found.name for found in path.parent.iterdir()] == ["2026-Q3-14.pdf"]


def test_a_failure_keeps_the_old_document_and_leaves_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_whole(tmp_path, "report.pdf", b"old")

    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path, "report.pdf", b"new")
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["report.pdf"]


def test_others_may_read_a_document_as_the_machine_allows(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert write_whole(tmp_path, "report.pdf", b"").stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("2026-Q3-14-SKHCN.pdf", "2026-Q3-14-SKHCN.pdf"),
        ("2026-Q3-../../etc/passwd.pdf", "2026-Q3-.._.._etc_passwd.pdf"),
        ("../x", "_x"),
        ("a\x00b", "a_b"),
        ("..", "_"),
    ],
)
def test_no_code_of_an_agency_leads_out_of_the_folder(name: str, safe: str, tmp_path: Path) -> None:
    assert safe_name(name) == safe
    assert write_whole(tmp_path, name, b"x").parent == tmp_path
