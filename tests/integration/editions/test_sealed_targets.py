"""What a plan asked when an edition was closed judges it for good, whatever the plan says later."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from app import plans
from app.editions.listing import frozen, get_edition
from app.editions.queries import get_quarterly_report
from app.results.presenters import target_of
from exports.quarterly import render_quarterly
from tests.integration.results.conftest import NOW, country
from tests.support.editions import close_and_publish
from tests.support.tallies import TallyWriter

__all__ = ["country"]
PLACES = ("VN", "51", "51-SKHCN")


def _read(client: FlaskClient, app: Flask) -> dict[str, bytes]:
    """Pages, open data and documents as a process reads them that has kept nothing."""
    for name in ("edition_pages", "editions_shelf"):
        app.extensions.pop(name, None)
    edition = get_edition("2026-Q3")
    found = {
        path: client.get(path).data
        for path in (
            "/ket-qua/2026-Q3", "/ket-qua/2026-Q3/51", "/ket-qua/2026-Q3/51-SKHCN?lang=en",
            "/so-sanh?ky=2026-Q3&noi=51-SKHCN&noi=51", "/ket-qua/2026-Q3/51.csv",
        )
    }  # fmt: skip
    return found | {
        place: render_quarterly(get_quarterly_report(place, edition, now=NOW)) for place in PLACES
    }


def test_a_later_change_of_a_plan_changes_nothing_that_was_published(
    country: Flask, session: scoped_session[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = TallyWriter("2026-Q3")
    writer.rated("51-SKHCN", (70, 20, 5, 3, 2))
    writer.values("51-SKHCN", "_fill", {"30": 20, "45": 60})
    writer.write()
    session.commit()
    close_and_publish("2026-Q3", NOW)
    client = country.test_client()
    before = _read(client, country)
    assert before["51"].startswith(b"%PDF")

    for path in plans.FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        changed = text.replace("TC4: {value: 95", "TC4: {value: 71").replace(
            "TC2: {value: 5", "TC2: {value: 9"
        )
        (tmp_path / path.name).write_text(changed.replace("Kế hoạch", "Chương trình"), encoding="utf-8")
    monkeypatch.setattr(plans, "FOLDER", tmp_path)
    plans.profile_texts.cache_clear()
    try:
        asked = plans.target_for("51", 2026)
        assert asked is not None and asked.value == 71, "the plan of the day has changed"
        assert _read(client, country) == before
        figures = frozen(get_edition("2026-Q3")).find("51-SKHCN")
        sealed = target_of(figures) if figures else None
        assert sealed is not None and sealed.value == 95
    finally:
        plans.profile_texts.cache_clear()


def test_an_edition_from_before_plans_were_sealed_is_judged_by_its_targets(
    country: Flask, session: scoped_session[Session]
) -> None:
    """Its file of targets names no plan, and there is no file of plans."""
    writer = TallyWriter("2026-Q3")
    writer.rated("51-SKHCN", (70, 20, 5, 3, 2))
    writer.write()
    session.commit()
    close_and_publish("2026-Q3", NOW)
    opened = frozen(get_edition("2026-Q3"))
    opened.folder.chmod(0o755)
    (opened.folder / "plans.json").unlink()

    assert opened.plans.plan_in("51", 2026).id == "quang-ngai-47"
