"""Answers for analysts: what is in the file, what never is, and what the command refuses."""

from __future__ import annotations

import csv
import os
from collections import Counter
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pyarrow.parquet
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session, scoped_session

from app.audit.models import AuditEvent
from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.results import export_reading
from app.results.folding import RESPONSES
from app.results.models import QuarantineReview, QuarterState
from exports.generalising import CIRCUMSTANCES
from surveys.canonical import canonical_json
from surveys.periods import Quarter
from tests.integration.results.conftest import NOW

COMMENT = "Cán bộ tên Lan ở cửa số 3"
GIVEN: dict[str, object] = {"satisfaction": 5, "access": 4, "paperwork": 3, "officer": "not_met"}


def stored(
    agency: str,
    number: int,
    *,
    quarter: str = "2026-Q3",
    procedure: str | None = "1.000001",
    channel: str = "link",
    language: str = "vi",
    quarantine: str = "",
    test: bool = False,
    answers: dict[str, object] | None = None,
) -> list[str]:
    """Answers as the fold left them; returns their ids."""
    ids = [str(uuid4()) for _ in range(number)]
    given = canonical_json(answers or GIVEN)
    rows = [
        {
            "agency": agency, "id": name, "questionnaire": "COT_LOI", "version": "1.0",
            "procedure": procedure, "phase": "after-result", "channel": channel, "quarter": quarter,
            "day": date(2026, 8, 17), "language": language, "cluster": "7", "answers": given,
            "comment": COMMENT, "fill_seconds": 35,
            "quarantine": quarantine, "test": test, "tallied": True,
        }
        for name in ids
    ]  # fmt: skip
    db.session.execute(insert(RESPONSES), rows)
    if db.session.get(QuarterState, quarter) is None:
        db.session.add(QuarterState(quarter=quarter, moves=1, digested_moves=-1))
    db.session.commit()
    return ids


def export(app: Flask, out: Path, *arguments: str, first: str = "2026-Q3") -> Result:
    return app.test_cli_runner().invoke(
        args=["export", "responses", "--from", first, "--out", str(out), *arguments]
    )


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_file_holds_circumstances_and_answers_and_nothing_that_leads_to_anybody(
    country: Flask, tmp_path: Path
) -> None:
    ids = stored("14-SKHCN", 12)
    result = export(country, tmp_path / "phieu.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Đã ghi 12 phiếu" in result.stdout
    rows = read(tmp_path / "phieu.csv")
    assert tuple(rows[0])[: len(CIRCUMSTANCES)] == CIRCUMSTANCES
    assert {row["agency"] for row in rows} == {"14-SKHCN"}
    assert Counter(row["satisfaction"] for row in rows) == {"5": 12}
    text = (tmp_path / "phieu.csv").read_text("utf-8")
    assert not any(name in text or name.replace("-", "") in text for name in ids)
    assert COMMENT not in text and "comment" not in text and "2026-08" not in text
    assert not {"id", "day", "cluster", "fill_seconds"} & set(rows[0])
    assert (tmp_path / "phieu.csv").stat().st_mode & 0o077 == 0


def test_what_was_volunteered_stands_apart_from_what_was_drawn(country: Flask, tmp_path: Path) -> None:
    ids = stored("14-SKHCN", 60)
    export(country, tmp_path / "phieu.csv")
    drawn = [get_questionnaire("COT_LOI", "1.0").assigned(UUID(name)) for name in ids]
    rows = read(tmp_path / "phieu.csv")
    for question, answer in (("access", "4"), ("paperwork", "3"), ("officer", "not_met")):
        expected = sum(question in asked for asked in drawn)
        assert Counter(row[question] for row in rows)[answer] == expected
        assert Counter(row[f"{question}__volunteered"] for row in rows)[answer] == 60 - expected
        assert all(bool(row[question]) is not bool(row[f"{question}__volunteered"]) for row in rows)


def test_small_groups_lose_circumstances_until_ten_share_them(country: Flask, tmp_path: Path) -> None:
    stored("14-SKHCN", 15)
    stored("14-SKHCN", 4, procedure="1.000002")
    stored("14-SKHCN", 6, procedure="1.000003", language="en")
    stored("14-SNV", 6)
    stored("14-STP", 5)
    stored("51-SNV", 3, channel="field")
    result = export(country, tmp_path / "phieu.csv")
    told = Counter(
        (row["province"], row["agency"], row["procedure"], row["language"])
        for row in read(tmp_path / "phieu.csv")
    )
    assert told == {
        ("14", "14-SKHCN", "1.000001", "vi"): 15,
        ("14", "14-SKHCN", "*", "*"): 10,
        ("14", "*", "*", "*"): 11,
    }
    assert "Đã ghi 36 phiếu" in result.stdout and "3 phiếu không xuất" in result.stdout


def test_what_does_not_count_stays_here_unless_two_persons_released_it(
    country: Flask, tmp_path: Path, session: scoped_session[Session]
) -> None:
    stored("14-SKHCN", 12)
    stored("14-SKHCN", 11, test=True)
    stored("14-SKHCN", 13, quarantine="honeypot")
    stored("14-SKHCN", 14, quarantine="too-fast")
    stored("14-SKHCN", 20, quarter="2026-Q2")
    session.add(
        QuarantineReview(
            agency="14-SKHCN", quarter="2026-Q3", reason="too-fast", number=1, act="release", why="Đã xem",
            approval=uuid4(), proposed_by="one", decided_by="two", decided_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    export(country, tmp_path / "phieu.csv")
    assert len(read(tmp_path / "phieu.csv")) == 12 + 14
    export(country, tmp_path / "hai-quy.csv", "--to", "2026-Q3", first="2026-Q2")
    assert Counter(row["quarter"] for row in read(tmp_path / "hai-quy.csv")) == {"2026-Q2": 20, "2026-Q3": 26}


@pytest.mark.parametrize("others", [[], ["2026-Q1", "2025-Q4", "2025-Q3"]], ids=["most", "few"])
@pytest.mark.parametrize("at_once", [1, 7, 40, 4_096])
def test_the_answers_of_an_agency_are_read_together(
    country: Flask, monkeypatch: pytest.MonkeyPatch, at_once: int, others: list[str]
) -> None:
    # Where few of all quarters are asked for they are read by their index, else from end to end.
    monkeypatch.setattr(export_reading, "ROWS_AT_ONCE", at_once)
    for quarter in others:
        stored("14-SKHCN", 3, quarter=quarter)
    numbers = {"14-SKHCN": 23, "14-SNV": 9, "51-SNV": 31}
    ids = {agency: sorted(stored(agency, number)) for agency, number in numbers.items()}
    found: dict[str, list[str]] = {agency: [] for agency in ids}
    parts: Counter[str] = Counter()
    for answers in export_reading.answers_of(db.session.connection(), [Quarter.parse("2026-Q3")]):
        kinds = [text.split(export_reading.BETWEEN) for text in answers.kinds.texts.to_pylist()]
        agencies = [kinds[kind][0] for kind in answers.kinds.of_row.tolist()]
        parts.update(set(agencies))
        for agency, name in zip(agencies, answers.ids, strict=True):
            found[agency].append(name.decode())
        assert answers.sheets.texts.to_pylist() == [canonical_json(GIVEN)]
        assert answers.sheets.of_row.tolist() == [0] * len(answers.ids)
    assert found == ids
    assert all(parts[agency] == 1 for agency, number in numbers.items() if number <= at_once)


def test_a_value_that_would_shift_all_others_is_an_error(country: Flask) -> None:
    stored("14-SKHCN", 12, procedure="1.0\x1e001")
    with pytest.raises(ValueError, match="x1e"):
        list(export_reading.answers_of(db.session.connection(), [Quarter.parse("2026-Q3")]))


def test_several_choices_are_one_cell_and_words_of_a_person_are_none(country: Flask, tmp_path: Path) -> None:
    stored(
        "14-SKHCN",
        10,
        answers={"satisfaction": 1, "reasons": ["attitude", "other", "Lan"], "comment": COMMENT},
    )
    export(country, tmp_path / "phieu.csv")
    assert {row["reasons"] for row in read(tmp_path / "phieu.csv")} == {"attitude;other"}
    assert "Lan" not in (tmp_path / "phieu.csv").read_text("utf-8")


def test_both_formats_hold_the_same_rows(country: Flask, tmp_path: Path) -> None:
    stored("14-SKHCN", 30)
    stored("51-SNV", 25, channel="qr", procedure=None)
    export(country, tmp_path / "phieu.csv")
    export(country, tmp_path / "phieu.parquet", "--format", "parquet")
    table = pyarrow.parquet.read_table(tmp_path / "phieu.parquet").to_pylist()
    as_text = [{name: value or "" for name, value in row.items()} for row in table]

    def order(row: dict[str, str]) -> list[tuple[str, str]]:
        return sorted(row.items())

    assert sorted(as_text, key=order) == sorted(read(tmp_path / "phieu.csv"), key=order)


def test_the_trail_says_that_answers_left(country: Flask, tmp_path: Path) -> None:
    stored("14-SKHCN", 12)
    export(country, tmp_path / "phieu.csv")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "responses-exported")).one()
    assert (event.subject, event.by, event.scope) == (
        "2026-Q3..2026-Q3",
        "command:export responses",
        "nation",
    )
    assert '"responses":12' in event.details


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "2026-Q5"], "không phải mã quý"),
        (["--from", "2026-Q4"], "số liệu của quý khóa từ ngày 11/01/2027"),
        (["--from", "2026-Q3", "--to", "2026-Q2"], "đứng trước"),
        (["--from", "2020-Q1"], "không có đủ phiếu"),
        (["--from", "2026-Q3"], "không có đủ phiếu"),
        (["--from", "2026-Q3", "--format", "xml"], "--format"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_leaves_nothing(
    country: Flask, tmp_path: Path, arguments: list[str], words: str
) -> None:
    stored("14-SKHCN", 7)
    folder = tmp_path / "out"
    folder.mkdir()
    result = country.test_cli_runner().invoke(
        args=["export", "responses", *arguments, "--out", str(folder / "phieu.csv")]
    )
    assert result.exit_code in (1, 2) and words in result.stderr
    assert "Traceback" not in result.output and list(folder.iterdir()) == []
    assert db.session.scalar(select(AuditEvent).where(AuditEvent.action == "responses-exported")) is None


def test_a_file_that_is_there_is_not_touched(country: Flask, tmp_path: Path) -> None:
    stored("14-SKHCN", 12)
    (tmp_path / "phieu.csv").write_text("cũ")
    result = export(country, tmp_path / "phieu.csv")
    assert result.exit_code == 1 and "Đã có" in result.stderr
    assert (tmp_path / "phieu.csv").read_text() == "cũ"


def test_a_folder_that_is_not_there_is_named(country: Flask, tmp_path: Path) -> None:
    stored("14-SKHCN", 12)
    result = export(country, tmp_path / "nowhere" / "phieu.csv")
    assert result.exit_code == 1 and "Không ghi được" in result.stderr


def test_a_full_disk_leaves_no_half_file(
    country: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored("14-SKHCN", 12)
    folder = tmp_path / "out"
    folder.mkdir()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = export(country, folder / "phieu.csv")
    assert result.exit_code == 1 and "ổ đĩa đã đầy" in result.stderr
    assert list(folder.iterdir()) == []
