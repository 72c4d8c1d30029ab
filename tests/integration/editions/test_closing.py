"""A period frozen as files: what is written, what is refused, what a crash leaves."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.editions import closing, rules
from app.editions.closing import close
from app.editions.fileset import SEALED, check_files, editions_folder, folder_of
from app.editions.listing import PublishedFigures, find_edition, frozen, get_edition
from app.editions.publishing import publish
from app.editions.verification import verify
from app.extensions import db
from app.results import queries
from app.results.digesting import make
from app.transactions import transaction
from surveys.editions import EditionCode
from surveys.periods import Quarter
from tests.support import citizens
from tests.support.editions import close_and_publish
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
Q2, Q3 = EditionCode.parse("2026-Q2"), EditionCode.parse("2026-Q3")


@pytest.fixture
def world(app: Flask) -> Flask:
    """Two quarters of two agencies; of the second one a channel has so few answers that it is hidden."""
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    with app.app_context(), transaction():
        for quarter, good in (("2026-Q2", 60), ("2026-Q3", 85)):
            writer = TallyWriter(quarter)
            writer.rated(citizens.AGENCY, (good, 20, 5, 3, 2))
            writer.rated(citizens.OTHER_AGENCY, (30, 10, 5, 3, 1))
            writer.rated(citizens.OTHER_AGENCY, (3, 1, 0, 0, 1), channel="field")
            writer.write()
    return app


def test_the_frozen_figures_are_those_that_were_decided(world: Flask) -> None:
    with world.app_context():
        close_and_publish("2026-Q2", NOW)
        queries.prepare(NOW)
        close(Q3, by="command:test", now=NOW)

        every = frozen(get_edition("2026-Q3")).every()
        kept = {figures.place.code: replace(figures, targets=None) for figures in every}
        decided = {figures.place.code: figures for figures in make(Quarter(2026, 3))}

    assert kept == decided
    assert all(part.cell.hidden for part in kept[citizens.OTHER_AGENCY].channels)
    assert kept[citizens.AGENCY].movement.change is not None


def test_a_quarter_that_still_receives_answers_is_not_closed(world: Flask) -> None:
    with world.app_context():
        with pytest.raises(rules.TooEarly):
            close(Q3, by="command:test", now=datetime(2026, 10, 10, 16, 59, 59, tzinfo=UTC))

        assert close(Q3, by="command:test", now=datetime(2026, 10, 10, 17, tzinfo=UTC))


def test_nothing_is_closed_twice_and_an_empty_period_never(world: Flask) -> None:
    with world.app_context():
        close(Q3, by="command:test", now=NOW)
        with pytest.raises(rules.AlreadyClosed):
            close(Q3, by="command:test", now=NOW)
        with pytest.raises(rules.NothingToClose):
            close(EditionCode.parse("2025-Q1"), by="command:test", now=NOW)

        assert [folder.name for folder in editions_folder().iterdir()] == ["2026-Q3"]


def test_the_manifest_tells_nothing_of_what_is_sealed(world: Flask) -> None:
    """The same tallies closed twice have the same figures and another seal: no hash can be guessed."""
    with world.app_context():
        first = close(Q3, by="command:test", now=NOW)
        kept = _files(folder_of("2026-Q3"))
        with transaction():
            db.session.delete(get_edition("2026-Q3"))
        second = close(Q3, by="command:test", now=NOW)
        again = _files(folder_of("2026-Q3"))

    assert first != second
    assert {name for name in kept if kept[name] != again[name]} == {SEALED, "manifest.json"}


def test_late_answers_change_nothing_that_is_closed(world: Flask) -> None:
    with world.app_context():
        close_and_publish("2026-Q3", NOW)
        before = _files(folder_of("2026-Q3"))
        with transaction():
            writer = TallyWriter("2026-Q3")
            writer.rated(citizens.AGENCY, (0, 0, 0, 0, 40), question="satisfaction", channel="field")
            writer.write()
        queries.prepare(NOW)

        figures = PublishedFigures().find(citizens.AGENCY, "2026-Q3")
        assert figures is not None
        assert figures.official.n == 115
        assert _files(folder_of("2026-Q3")) == before


def test_a_crash_before_the_row_leaves_no_edition(world: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder may have its name already; nobody sees it, and the next close takes its place."""

    def crash(*_args: object, **_values: object) -> None:
        raise KeyboardInterrupt

    with world.app_context():
        monkeypatch.setattr(closing, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            close(Q3, by="command:test", now=NOW)
        assert find_edition("2026-Q3") is None
        assert PublishedFigures().find(citizens.AGENCY, "2026-Q3") is None
        monkeypatch.undo()

        sha256 = close(Q3, by="command:test", now=NOW)
        assert check_files(folder_of("2026-Q3"), sha256) == []


def test_of_fifty_who_publish_at_once_one_does(world: Flask) -> None:
    with world.app_context():
        close(Q3, by="command:test", now=NOW)

    def try_to(_number: int) -> str:
        with world.app_context():
            try:
                with transaction():
                    publish("2026-Q3", by="command:test", now=NOW)
            except rules.AlreadyPublished:
                return "late"
            return "published"

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(try_to, range(50)))

    assert sorted(outcomes) == ["late"] * 49 + ["published"]
    with world.app_context():
        actions = db.session.scalars(select(AuditEvent.action)).all()
        assert actions.count("edition-published") == 1


def test_of_several_who_close_at_once_one_does(world: Flask) -> None:
    def try_to(_number: int) -> str:
        with world.app_context():
            try:
                close(Q3, by="command:test", now=NOW)
            except rules.AlreadyClosed:
                return "late"
            return "closed"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(try_to, range(8)))

    assert sorted(outcomes) == ["closed"] + ["late"] * 7
    with world.app_context():
        assert verify(get_edition("2026-Q3")).problems == ()


def test_every_edit_of_a_file_is_found(world: Flask) -> None:
    with world.app_context():
        close(Q3, by="command:test", now=NOW)
        edition, folder = get_edition("2026-Q3"), folder_of("2026-Q3")
        assert verify(edition).problems == ()
        for name in _files(folder):
            path = folder / name
            kept = path.read_bytes()
            path.chmod(0o600)
            path.write_bytes(kept.replace(b"1", b"2", 1) if b"1" in kept else kept + b" ")

            assert any(name in problem for problem in verify(edition).problems), name
            path.write_bytes(kept)
        assert verify(edition).problems == ()


def test_a_forged_manifest_is_found_by_its_hash(world: Flask) -> None:
    """Whoever edits a file and its entry in the manifest has made another edition."""
    with world.app_context():
        close(Q3, by="command:test", now=NOW)
        path = folder_of("2026-Q3") / "manifest.json"
        manifest = json.loads(path.read_text())
        manifest["closed_at"] = "2026-10-11T00:00:00+00:00"
        path.chmod(0o600)
        path.write_text(json.dumps(manifest))

        assert [
            str(problem) for problem in check_files(folder_of("2026-Q3"), get_edition("2026-Q3").sha256)
        ] == ["manifest.json: mã băm khác với mã đã ghi khi chốt"]
        with pytest.raises(rules.Damaged), transaction():
            publish("2026-Q3", by="command:test", now=NOW)


def test_a_revision_has_a_number_and_leaves_what_it_revises(world: Flask) -> None:
    with world.app_context():
        with pytest.raises(rules.NotPublishedYet):
            close(Q3.next_revision, by="command:test", now=NOW, reason="Phiếu đến muộn")
        close_and_publish("2026-Q3", NOW)
        with pytest.raises(rules.NoReasonGiven):
            close(Q3.next_revision, by="command:test", now=NOW)
        kept = _files(folder_of("2026-Q3"))
        with transaction():
            writer = TallyWriter("2026-Q3")
            writer.rated(citizens.AGENCY, (0, 0, 0, 0, 40), channel="field")
            writer.write()
        close_and_publish("2026-Q3.r1", NOW, reason="Phiếu đến muộn")

        newest = PublishedFigures().find(citizens.AGENCY, "2026-Q3")
        assert newest is not None
        assert newest.official.n == 155
        first = PublishedFigures(get_edition("2026-Q3")).find(citizens.AGENCY, "2026-Q3")
        assert first is not None
        assert first.official.n == 115
        assert _files(folder_of("2026-Q3")) == kept


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
