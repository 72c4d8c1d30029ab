"""The program that anybody runs against a published edition: what it confirms, and what it finds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session
from werkzeug.serving import make_server

from app.editions.check_edition import Edition, cells, main
from app.editions.fileset import SEALED, folder_of
from app.editions.shelf import FrozenEdition
from app.editions.verification import list_differences
from tests.integration.results.conftest import country
from tests.support import outside_check
from tests.support.editions import close_and_publish
from tests.support.outside_check import (
    copy_of,
    edit_figures,
    numbers_in,
    raise_number,
    reseal,
    run_check,
    write_table_anew,
)

__all__ = ["country"]
NOW = datetime(2026, 10, 20, 3, tzinfo=UTC)


@pytest.fixture
def held(country: Flask, session: scoped_session[Session], tmp_path: Path) -> Path:
    """Two quarters as somebody outside has copied them; the later one."""
    outside_check.write_two_quarters()
    session.commit()
    for code in ("2026-Q2", "2026-Q3"):
        close_and_publish(code, NOW)
        copy_of(folder_of(code), tmp_path / "held" / code)
    return tmp_path / "held" / "2026-Q3"


def sealed_copy(held: Path) -> Path:
    """The same with what it was made from, as only the operator has it."""
    target = held / SEALED
    target.parent.mkdir()
    shutil.copyfile(folder_of(held.name) / SEALED, target)
    return held


def against_both(held: Path, sha256: str = "") -> bool | str:
    """The check of the later quarter with the earlier one beside it: false where nothing differs."""
    return main(str(held), sha256, str(held.parent / "2026-Q2"))


def test_an_untouched_edition_passes_in_a_bare_python(held: Path) -> None:
    found = run_check(str(held), "", str(held.parent / "2026-Q2"))

    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.count("✓") == 4
    assert "✗" not in found.stdout
    counts = [int(line.rsplit(": ", 1)[1].split()[0]) for line in found.stdout.splitlines()[:4]]
    assert min(counts) >= 15, "every check has compared something"


def test_another_hash_than_the_one_given_is_found(held: Path) -> None:
    sha256 = run_check(str(held)).stdout.split("SHA-256 ")[1][:64]

    assert run_check(str(held), sha256).returncode == 0
    found = run_check(str(held), "0" * 64)
    assert found.returncode == 1
    assert sha256 in found.stderr


def test_every_edited_missing_or_shortened_file_is_found(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [path.relative_to(held) for path in held.rglob("*") if path.is_file()]
    sha256 = run_check(str(held)).stdout.split("SHA-256 ")[1][:64]
    for name in names:
        kept = (held / name).read_bytes()
        for content in (kept + b" ", kept[:-2], None):
            (held / name).unlink()
            if content is not None:
                (held / name).write_bytes(content)
            assert main(str(held), sha256), name
            told = capsys.readouterr().out
            assert name.as_posix() in told or name.name == "manifest.json" or content is None
            (held / name).write_bytes(kept)
    assert not main(str(held), sha256)
    capsys.readouterr()


def test_every_number_is_found_by_the_program_or_by_making_it_again(held: Path) -> None:
    """All around is forged to fit. What outsiders cannot see, `flask edition verify` finds."""
    edition = Edition(str(held), "", str(held.parent / "2026-Q2"))
    assert not _differs(edition)
    missed: list[tuple[str, tuple[Any, ...]]] = []
    tried = 0
    for code in _WITH_FIGURES:
        kept = edition.places[code]
        for way in numbers_in(kept):
            edition.places[code] = deepcopy(kept)
            raise_number(edition.places[code], way)
            edition.cells |= {(code, *name): cell for name, cell in cells(edition.places[code])}
            tried += 1
            missed += [] if _differs(edition) else [(code, way)]
        edition.places[code] = kept
        edition.cells |= {(code, *name): cell for name, cell in cells(kept)}

    assert tried > 150
    names = {" ".join(key for key in way if isinstance(key, str)) for _code, way in missed}
    assert names <= _ONLY_REMADE
    sealed = sealed_copy(held)
    for code, way in missed:
        edit_figures(sealed, lambda places, code=code, way=way: raise_number(places[code], way))
    told = [problem for problem in list_differences(FrozenEdition(sealed, "")) if "số khác" in problem]
    assert len(told) == len({code for code, _way in missed})


def _differs(edition: Edition) -> bool:
    """Without the hashes, which a forger makes fit."""
    try:
        checks = (edition.check_sums, edition.check_table, edition.check_changes)
        return not all(good for check in checks for _what, good in check())
    except (ArithmeticError, LookupError, ValueError):
        return True


# The nation, a province, an agency with something of every kind, and one that was visited.
_WITH_FIGURES = ("VN", "51", "14-SKHCN", "03646")
# No table says them, and they are no share of which sums are known.
_ONLY_REMADE = {
    "questions n", "questions counts", "set_aside", "covered", "members",
    "channels offered", "channels answered", "apart offered", "apart answered",
}  # fmt: skip


_FORGED: tuple[tuple[str, Callable[[dict[str, Any]], None]], ...] = (
    ("tổng", lambda p: p["14-SKHCN"]["official"].update(satisfied=1)),
    ("dữ liệu mở", lambda p: p["14-SKHCN"]["official"].update(n_eff=99.0)),
    ("dữ liệu mở", lambda p: p["14-SXD"]["official"].update(n=3)),
    ("thay đổi", lambda p: p["14-SKHCN"]["movement"]["change"].update(z=9.0)),
    ("thay đổi", lambda p: p["14-SKHCN"]["movement"]["change"].update(low=-0.5)),
    ("thay đổi", lambda p: p["14-SKHCN"]["movement"].update(q=0.5)),
    ("thay đổi", lambda p: p["51-SKHCN"]["movement"].update(word="tăng")),
    ("thay đổi", lambda p: p["14-SXD"]["movement"].update(word="tăng")),
    ("dữ liệu mở", lambda p: p["14-SKHCN"]["procedures"][0][1].update(n=70, satisfied=61)),
)


def test_a_forged_figure_is_told_by_the_check_that_knows_it(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {path: path.read_bytes() for path in held.rglob("*") if path.is_file()}
    for words, change in _FORGED:
        edit_figures(held, change)

        assert against_both(held)
        failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
        assert any(words in line for line in failed), failed
        for path, content in kept.items():
            path.write_bytes(content)


def test_a_forger_who_writes_the_table_anew_is_found_by_the_sums(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file fits every other one: only the places above know better."""
    edit_figures(held, _praise)
    write_table_anew(held)

    assert against_both(held)
    failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
    assert any("tổng" in line and "51: satisfaction" in line for line in failed), failed
    assert not any("dữ liệu mở" in line for line in failed), failed


def _praise(places: dict[str, Any]) -> None:
    """Ten of an agency's answers become very satisfied ones, in its channel and in the whole."""
    figures = places["51-SKHCN"]
    for cell in (figures["official"], figures["channels"][0]["cell"]):
        cell["levels"] = [cell["levels"][0] + 10, *cell["levels"][1:4], cell["levels"][4] - 10]
        cell["satisfied"] += 10


_REMADE: tuple[tuple[str, str, str], ...] = (
    ("figures.ndjson", '"response_rate":null', '"response_rate":"1/2"'),
    ("figures.ndjson", '"covered":', '"covered":3'),
    ("figures.index.json", '"VN":[0', '"VN":[1'),
    ("directory.json", '"department"', '"office"'),
    ("families.json", '"word":"', '"word":"tăng '),
    ("thresholds.json", '"verdict":30', '"verdict":20'),
    ("data/ket-qua.json", '"n":', '"n":1'),
    ("data/ket-qua.csv", ",fill-time,", ",other-time,"),
)


def test_what_no_outsider_needs_is_found_by_making_it_again(held: Path) -> None:
    folder = sealed_copy(held)
    assert list(list_differences(FrozenEdition(folder, ""))) == []
    for name, old, new in _REMADE:
        kept = (folder / name).read_bytes()
        assert old in kept.decode(), (name, old)
        (folder / name).write_bytes(kept.decode().replace(old, new, 1).encode())

        found = list(list_differences(FrozenEdition(folder, "")))
        assert any(problem.startswith(name) for problem in found), (name, found)
        (folder / name).write_bytes(kept)


_CELLS = {
    "rate": "0.5", "low": "0.1", "high": "1", "n": "1", "level_5": "1", "verdict": "met", "certain": "true",
    "status": "shown", "target": "0.5",
}  # fmt: skip


def test_a_forged_cell_of_the_table_is_found(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = held / "data" / "ket-qua.csv"
    kept = path.read_text(encoding="utf-8-sig")
    for column, value in _CELLS.items():
        rows = [line.split(",") for line in kept.split("\n")]
        at, status = rows[0].index(column), rows[0].index("status")
        state = "bm" if column == "status" else "shown"
        row = next(
            row for row in rows if len(row) > status and row[status] == state and "satisfaction" in row
        )
        assert row[at] != value
        row[at] = value
        path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8-sig")
        reseal(held)

        assert main(str(held)), column
        failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
        assert any("dữ liệu mở" in line for line in failed), (column, failed)


def test_a_table_with_a_row_too_many_is_found(held: Path) -> None:
    path = held / "data" / "ket-qua.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, lines[1]]))
    reseal(held)

    assert main(str(held))


def test_a_forged_quarter_before_is_found_by_its_hash(held: Path) -> None:
    edit_figures(held.parent / "2026-Q2", lambda places: places["14-SKHCN"]["official"].update(satisfied=1))

    assert "mã băm" in str(against_both(held))
    assert not main(str(held)), "without the quarter before the rest is checked"


def test_a_published_edition_is_checked_over_the_net(
    country: Flask, session: scoped_session[Session]
) -> None:
    outside_check.write_two_quarters()
    session.commit()
    close_and_publish("2026-Q2", NOW)
    sha256 = close_and_publish("2026-Q3", NOW)
    server = make_server("127.0.0.1", 0, country, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        base = f"http://127.0.0.1:{server.server_port}/ket-qua"
        assert not main(f"{base}/2026-Q3", sha256, f"{base}/2026-Q2")
        assert main(f"{base}/2026-Q3", "0" * 64)
        assert main(f"{base}/2026-Q4")
    finally:
        server.shutdown()
        server.server_close()


def test_a_manifest_leads_to_no_file_outside(held: Path) -> None:
    manifest = json.loads((held / "manifest.json").read_text())
    for name in ("../../etc/passwd", "/etc/passwd"):
        (held / "manifest.json").write_text(
            json.dumps(manifest | {"files": [{"path": name, "bytes": 0, "sha256": ""}]})
        )

        assert "tên tệp lạ" in str(main(str(held)))
