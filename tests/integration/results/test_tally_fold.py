"""Tallies are the answers, counted: no batch, crash, race or repetition makes them anything else."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import String, delete, func, select, update

from app.catalogue.actions import publish_shipped
from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.results import comparing, folding
from app.results.comparing import compare
from app.results.folding import RESPONSES, count_waiting, fold_waiting
from app.results.recounting import count_period
from app.results.tally_tables import BY_CLUSTER, BY_PROCEDURE, STATES, TALLIES
from app.results.verification import rebuild
from app.transactions import transaction
from tests.support.acts import ACT
from tests.support.sheets import SheetMaker, keep
from tests.support.tallies import everything

LEVELS = (1, 2, 3, 4, 5)
GROUP = ("quarter", "agency", "channel", "phase", "questionnaire", "version")


@pytest.fixture(autouse=True)
def published(app: Flask) -> Iterator[None]:
    with app.app_context():
        with transaction():
            publish_shipped(**ACT)
        yield


def by_hand(rows: list[dict[str, Any]]) -> tuple[Counter[tuple[Any, ...]], ...]:
    """The rules once more, a row at a time and without any code of the fold."""
    questionnaire = get_questionnaire("COT_LOI", "1.0")
    agencies = Counter(row["id"] for row in rows)
    tallies: Counter[tuple[Any, ...]] = Counter()
    by_procedure: Counter[tuple[Any, ...]] = Counter()
    by_cluster: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        if row["test"]:
            continue
        key = tuple(row[name] for name in GROUP)
        answers = json.loads(row["answers"])
        rating = answers.get("satisfaction")
        reason = row["quarantine"] or ("two-agencies" if agencies[row["id"]] > 1 else "")
        if reason or rating not in LEVELS:
            tallies[*key, "_set_aside", reason or "no-rating", True] += 1
            continue
        drawn = questionnaire.assigned(UUID(row["id"]))
        tallies[*key, "_sheets", "", True] += 1
        if row["fill_seconds"] is not None:
            tallies[*key, "_fill", str(row["fill_seconds"] // 5 * 5), True] += 1
        for question, answer in answers.items():
            volunteered = questionnaire.question(question).factor and question not in drawn
            for value in answer if isinstance(answer, list) else [answer]:
                tallies[*key, question, str(value), not volunteered] += 1
        if row["procedure"]:
            by_procedure[*key[:2], row["procedure"], *key[2:], rating] += 1
        if row["cluster"] and row["channel"] == "field":
            by_cluster[*key[:2], row["cluster"], *key[3:], rating] += 1
    return tallies, by_procedure, by_cluster


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_fold_counts_what_counting_by_hand_counts(seed: int) -> None:
    rows = SheetMaker(seed).sheets(400)
    keep(rows)
    assert fold_waiting(batch=90) == 400
    assert everything() == by_hand(rows)
    assert count_waiting() == 0
    assert fold_waiting() == 0


def test_volunteered_rows_are_told_from_drawn_ones() -> None:
    rows = SheetMaker(5).sheets(60, quarantine="", test=False, answers='{"access":4,"satisfaction":5}')
    keep(rows)
    fold_waiting()
    questionnaire = get_questionnaire("COT_LOI", "1.0")
    drawn = sum("access" in questionnaire.assigned(UUID(row["id"])) for row in rows)
    counted = dict.fromkeys((True, False), 0)
    for key, n in everything()[0].items():
        if key[6] == "access":
            counted[key[8]] += n
    assert counted == {True: drawn, False: 60 - drawn}
    assert 0 < drawn < 60


def test_folding_as_answers_come_gives_the_same_as_folding_them_at_once() -> None:
    maker, rows = SheetMaker(7), []
    for _ in range(6):
        part = maker.sheets(50)
        keep(part)
        rows += part
        fold_waiting(batch=20)
    assert everything() == by_hand(rows)


def test_free_words_are_nobodys_tally() -> None:
    answers = '{"comment":"riêng tư","satisfaction":5}'
    keep(SheetMaker(8).sheets(3, quarantine="", test=False, answers=answers))
    fold_waiting()
    assert not [key for key in everything()[0] if "comment" in key or "riêng tư" in key]


def test_a_crash_in_the_middle_of_a_batch_counts_nothing_and_the_next_fold_counts_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = SheetMaker(11).sheets(200)
    keep(rows)
    calls = []

    def dies_in_the_second_batch(connection: Any, counts: Any) -> None:
        calls.append(1)
        add_rows(connection, counts)
        if len(calls) == 2:
            raise RuntimeError("the machine stops here")

    add_rows = folding.add_rows
    monkeypatch.setattr(folding, "add_rows", dies_in_the_second_batch)
    with pytest.raises(RuntimeError, match="stops here"):
        fold_waiting(batch=60)
    assert count_waiting() == 140
    db.session.rollback()
    monkeypatch.undo()
    assert fold_waiting(batch=60) == 140
    assert everything() == by_hand(rows)


def test_two_folds_at_once_count_every_answer_once(app: Flask) -> None:
    rows = SheetMaker(13).sheets(600)
    keep(rows)
    start, counted, failures = threading.Barrier(2), [], []

    def fold() -> None:
        with app.app_context():
            start.wait()
            try:
                counted.append(fold_waiting(batch=40))
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=fold) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sum(counted) == 600
    assert everything() == by_hand(rows)


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
def test_an_id_under_two_agencies_counts_for_neither(together: bool) -> None:
    maker = SheetMaker(17, agencies=("99-A",))
    rows = maker.sheets(40, quarantine="", test=False)
    twin = {**rows[3], "agency": "99-B"}
    if together:
        keep([*rows, twin])
    else:
        keep(rows)
        fold_waiting()
        keep([twin])
    fold_waiting()
    assert everything() == by_hand([*rows, twin])
    reasons = db.session.scalars(select(RESPONSES.c.quarantine).where(RESPONSES.c.id == twin["id"]))
    assert list(reasons) == ["two-agencies", "two-agencies"]
    assert not any(comparison.missing for comparison in compare())


def test_an_id_under_two_agencies_is_found_across_batches() -> None:
    maker = SheetMaker(19, agencies=("99-A",))
    rows = maker.sheets(30, quarantine="", test=False)
    twins = [{**row, "agency": "99-Z"} for row in rows[:5]]
    keep([*rows, *twins])
    fold_waiting(batch=7)
    assert everything() == by_hand([*rows, *twins])


def test_an_answer_that_was_set_aside_before_keeps_its_reason_when_its_twin_arrives() -> None:
    maker = SheetMaker(23, agencies=("99-A",))
    row = maker.sheet(quarantine="too-fast", test=False)
    twin = {**row, "agency": "99-B", "quarantine": ""}
    keep([row])
    fold_waiting()
    keep([twin])
    fold_waiting()
    assert everything() == by_hand([row, twin])


def test_a_fold_moves_the_quarters_it_touches_and_no_other() -> None:
    maker = SheetMaker(29)
    keep(maker.sheets(5, quarter="2026-Q1", test=False))
    fold_waiting()
    keep(maker.sheets(5, quarter="2026-Q2", test=False))
    fold_waiting()
    fold_waiting()
    moves = {row.quarter: row.moves for row in db.session.execute(select(STATES))}
    assert moves == {"2026-Q1": 1, "2026-Q2": 1}


def test_a_window_of_days_counts_the_answers_of_those_days() -> None:
    rows = SheetMaker(31).sheets(300)
    keep(rows)
    fold_waiting()
    days = sorted({row["day"] for row in rows})
    first, last = days[10], days[-10]
    counts = count_period(first, last, ["99-A", "99-B", "00001"])
    inside = [row for row in rows if first <= row["day"] <= last]
    assert (counts.tallies, counts.by_procedure, counts.by_cluster) == by_hand(inside)
    one = count_period(first, last, ["99-A"])
    assert {key.agency for key in one.tallies} == {"99-A"}


def test_a_rebuild_from_nothing_gives_the_same_tallies() -> None:
    rows = SheetMaker(37).sheets(300)
    keep(rows)
    fold_waiting()
    before = everything()
    with transaction():
        for table in (TALLIES, BY_PROCEDURE, BY_CLUSTER):
            db.session.execute(delete(table))
    rebuilt = rebuild(**ACT)
    assert (rebuilt.sheets, rebuilt.repaired) == (300, sum(map(len, before)))
    assert everything() == before
    assert rebuild(**ACT).repaired == 0


def test_two_processes_rebuild_what_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "SHARE", 1)
    rows = SheetMaker(39).sheets(120)
    keep(rows)
    fold_waiting()
    before = everything()
    with transaction():
        db.session.execute(delete(TALLIES))
    assert rebuild(**ACT, processes=2).sheets == 120
    assert everything() == before


def test_a_rebuild_drops_what_no_answer_bears_out() -> None:
    rows = SheetMaker(41).sheets(20)
    keep(rows)
    fold_waiting()
    with transaction():
        ghost = dict(zip(TALLIES.c.keys(), ("2020-Q1", "99-GHOST", "link", "after-result", "COT_LOI", "1.0",
                                            "satisfaction", "5", True, 7), strict=True))  # fmt: skip
        db.session.execute(TALLIES.insert(), ghost)
    assert rebuild(**ACT).repaired == 1
    assert everything() == by_hand(rows)


def test_verify_is_content_with_honest_tallies(runner: FlaskCliRunner) -> None:
    keep(SheetMaker(43).sheets(30))
    result = runner.invoke(args=["tally", "fold"])
    assert result.exit_code == 0
    assert result.output.startswith("Đã đếm 30 phiếu mới trong ")
    result = runner.invoke(args=["tally", "verify"])
    assert result.exit_code == 0
    assert result.output == "Đã đếm lại 30 phiếu: mọi số đếm đều khớp; 0 phiếu chờ đếm.\n"


def test_verify_names_a_falsified_tally_and_rebuild_repairs_it(runner: FlaskCliRunner) -> None:
    keep(SheetMaker(47, agencies=("99-A",)).sheets(50, quarter="2026-Q1", quarantine="", test=False,
                                                   channel="link", phase="after-result",
                                                   answers='{"satisfaction":2}'))  # fmt: skip
    fold_waiting()
    with transaction():
        rating = TALLIES.c.question == "satisfaction"
        db.session.execute(update(TALLIES).where(rating).values(n=TALLIES.c.n + 5))
    result = runner.invoke(args=["tally", "verify"])
    assert result.exit_code == 1
    assert "agency=99-A" in result.output
    assert "question=satisfaction, value=2, assigned=True): đang ghi 55, đếm lại được 50" in result.output
    assert runner.invoke(args=["tally", "rebuild"]).output.startswith("Đã đếm lại 50 phiếu, sửa 1 số đếm")
    assert runner.invoke(args=["tally", "verify"]).exit_code == 0


FALSE: dict[str, Any] = {
    "quarter": "2031-Q4", "agency": "99-Z", "channel": "survey", "phase": "never", "questionnaire": "OTHER",
    "version": "9.9", "question": "other", "value": 9, "assigned": False, "procedure": "9.999999",
    "cluster": "99", "n": 77,
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, name) for table in (TALLIES, BY_PROCEDURE, BY_CLUSTER) for name in table.c.keys()],  # noqa: SIM118  # columns are no dict
    ids=str,
)
def test_verify_sees_every_column_of_every_tally(runner: FlaskCliRunner, table: Any, column: str) -> None:
    keep(SheetMaker(67, agencies=("99-A",)).sheets(
        12, quarter="2026-Q1", quarantine="", test=False, channel="field", phase="after-result",
        answers='{"satisfaction":4}', procedure="1.000001", cluster="1", fill_seconds=None,
    ))  # fmt: skip
    fold_waiting()
    with transaction():
        question = (table.c.question == "satisfaction",) if table is TALLIES else ()
        false = str(FALSE[column]) if isinstance(table.c[column].type, String) else FALSE[column]
        assert db.session.execute(update(table).where(*question).values({column: false})).rowcount == 1
    assert runner.invoke(args=["tally", "verify"]).exit_code == 1
    assert runner.invoke(args=["tally", "rebuild"]).exit_code == 0
    assert runner.invoke(args=["tally", "verify"]).exit_code == 0


@pytest.mark.parametrize("table", (TALLIES, BY_PROCEDURE, BY_CLUSTER), ids=str)
def test_verify_misses_a_row_that_was_taken_away(runner: FlaskCliRunner, table: Any) -> None:
    keep(SheetMaker(71).sheets(60, quarantine="", test=False, channel="field", answers='{"satisfaction":4}'))
    fold_waiting()
    with transaction():
        db.session.execute(delete(table).where(table.c.agency == "99-B"))
    assert runner.invoke(args=["tally", "verify"]).exit_code == 1


def vanish(name: str, request: pytest.FixtureRequest) -> None:
    """PostgreSQL lets only a superuser delete an answer, and none works for the application."""
    if db.engine.dialect.name == "sqlite":
        with transaction():
            db.session.execute(delete(RESPONSES).where(RESPONSES.c.id == name))
        return
    server = request.getfixturevalue("postgres_server")
    with psycopg.connect(f"{server}{db.engine.url.database}", autocommit=True) as superuser:
        superuser.execute("DELETE FROM responses WHERE id = %s", (name,))


def test_verify_finds_an_answer_that_vanished(runner: FlaskCliRunner, request: pytest.FixtureRequest) -> None:
    rows = SheetMaker(53).sheets(30, quarantine="", test=False, answers='{"satisfaction":4}')
    keep(rows)
    fold_waiting()
    vanish(rows[0]["id"], request)
    assert runner.invoke(args=["tally", "verify"]).exit_code == 1


def test_verify_finds_an_id_that_counts_under_two_agencies(runner: FlaskCliRunner) -> None:
    maker = SheetMaker(59, agencies=("99-A",))
    row = maker.sheet(quarantine="", test=False)
    keep([row, {**row, "agency": "99-B"}])
    fold_waiting()
    with transaction():
        db.session.execute(update(RESPONSES).values(quarantine=""))
    rebuild(**ACT)
    result = runner.invoke(args=["tally", "verify"])
    assert result.exit_code == 1
    assert f"Phiếu {row['id']} được đếm ở hai cơ quan" in result.output


def test_the_waiting_are_counted_without_touching_them() -> None:
    keep(SheetMaker(61).sheets(12))
    assert count_waiting() == 12
    assert db.session.scalar(select(func.count()).select_from(TALLIES)) == 0
