"""The program that anybody runs against a published edition: what it confirms, and what it finds."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session
from werkzeug.serving import make_server

from app.editions.check_edition import main
from app.editions.fileset import folder_of
from tests.integration.results.conftest import country
from tests.support import outside_check
from tests.support.editions import close_and_publish
from tests.support.outside_check import copy_of, edit_figures, numbers_in, raise_number, reseal, run_check

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


def test_an_untouched_edition_passes_in_a_bare_python(held: Path) -> None:
    found = run_check(str(held))

    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.count("✓") == 6
    assert "✗" not in found.stdout
    counts = [int(line.rsplit(": ", 1)[1].split()[0]) for line in found.stdout.splitlines()[:6]]
    assert min(counts) >= 5, "every check has compared something"


def test_another_hash_than_the_one_given_is_found(held: Path) -> None:
    sha256 = run_check(str(held)).stdout.split("SHA-256 ")[1][:64]

    assert run_check(str(held), sha256).returncode == 0
    found = run_check(str(held), "0" * 64)
    assert found.returncode == 1
    assert "✗ danh mục và mã băm" in found.stdout


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
            assert main(str(held), sha256) == 1, name
            (held / name).write_bytes(kept)
    assert main(str(held), sha256) == 0
    capsys.readouterr()


def test_every_single_number_is_found_by_arithmetic_alone(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The manifest and the index are forged to fit, and there is no table beside the figures."""
    shutil.rmtree(held / "data")
    reseal(held)
    kept = {path: path.read_bytes() for path in held.iterdir()}
    lines = [json.loads(line) for line in kept[held / "figures.ndjson"].splitlines()]
    missed: Counter[str] = Counter()
    tried = 0
    for line in lines:
        for way in numbers_in(line) if line["place"]["code"] in _WITH_FIGURES else ():
            code = line["place"]["code"]
            edit_figures(held, lambda places, code=code, way=way: raise_number(places[code], way))
            tried += 1
            if main(str(held)) == 0:
                missed[" ".join(str(key) for key in way if not isinstance(key, int))] += 1
            for path, content in kept.items():
                path.write_bytes(content)
    capsys.readouterr()

    assert tried > 150
    assert not missed


# The nation, a province, an agency with something of every kind, and one that was visited.
_WITH_FIGURES = {"VN", "51", "14-SKHCN", "03646"}


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("số phiếu", lambda p: p["14-SKHCN"]["official"].update(satisfied=1)),
        ("số phiếu", lambda p: p["14-SKHCN"].update(response_rate="1/2")),
        ("tổng", lambda p: p["VN"].update(covered=9)),
        ("thay đổi", lambda p: p["14-SKHCN"]["movement"]["change"].update(z=9.0)),
        ("thay đổi", lambda p: p["14-SKHCN"]["movement"]["change"].update(low=-0.5)),
        ("từ chỉ", lambda p: p["14-SKHCN"]["movement"].update(q=0.5)),
        ("từ chỉ", lambda p: p["51-SKHCN"]["movement"].update(word="tăng")),
        ("dữ liệu mở", lambda p: p["14-SKHCN"]["procedures"][0][1].update(n=70, satisfied=61)),
    ],
)
def test_a_forged_figure_is_told_by_the_check_that_knows_it(
    held: Path, capsys: pytest.CaptureFixture[str], words: str, change: Callable[[dict[str, Any]], None]
) -> None:
    edit_figures(held, change)

    assert main(str(held)) == 1
    failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
    assert any(words in line for line in failed), failed


@pytest.mark.parametrize(
    ("column", "value"),
    [("rate", "0.5"), ("low", "0.1"), ("high", "1"), ("n", "1"), ("level_5", "1"), ("verdict", "met"),
     ("certain", "true"), ("status", "shown"), ("target", "0.5")],
)  # fmt: skip
def test_a_forged_cell_of_the_table_is_found(
    held: Path, capsys: pytest.CaptureFixture[str], column: str, value: str
) -> None:
    path = held / "data" / "ket-qua.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8-sig").split("\n")]
    at, status = rows[0].index(column), rows[0].index("status")
    state = "bm" if column == "status" else "shown"
    row = next(row for row in rows if len(row) > status and row[status] == state and "satisfaction" in row)
    assert row[at] != value
    row[at] = value
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8-sig")
    reseal(held)

    assert main(str(held)) == 1
    assert "✗ dữ liệu mở" in capsys.readouterr().out


def test_a_forged_quarter_before_is_found_by_its_hash(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_figures(held.parent / "2026-Q2", lambda places: places["14-SKHCN"]["official"].update(satisfied=1))

    assert main(str(held)) == 1
    assert "quý trước 2026-Q2 có mã băm khác" in capsys.readouterr().out


def test_without_the_quarter_before_the_rest_is_checked(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(held.parent / "2026-Q2")

    assert main(str(held)) == 0
    assert "không đọc được quý trước" in capsys.readouterr().out


def test_a_published_edition_is_checked_over_the_net(
    country: Flask, session: scoped_session[Session], capsys: pytest.CaptureFixture[str]
) -> None:
    outside_check.write_two_quarters()
    session.commit()
    close_and_publish("2026-Q2", NOW)
    sha256 = close_and_publish("2026-Q3", NOW)
    server = make_server("127.0.0.1", 0, country, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        base = f"http://127.0.0.1:{server.server_port}/ket-qua"
        assert main(f"{base}/2026-Q3", sha256) == 0
        assert "không đọc được" not in capsys.readouterr().out
        assert main(f"{base}/2026-Q3", "0" * 64) == 1
        assert main(f"{base}/2026-Q4") == 1
    finally:
        server.shutdown()
        server.server_close()


def test_a_manifest_leads_to_no_file_outside(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = json.loads((held / "manifest.json").read_text())
    manifest["files"].append({"path": "../../etc/passwd", "bytes": 0, "sha256": ""})
    (held / "manifest.json").write_text(json.dumps(manifest))

    assert main(str(held)) == 1
    assert "tên tệp lạ" in capsys.readouterr().out
