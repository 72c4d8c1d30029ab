"""What a quarterly report is made from: the right quarters, the right places, the right plan."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.comments.models import FeedbackCount
from app.editions.listing import PublishedFigures, get_edition
from app.editions.queries import NothingCounted, get_quarterly_report, list_report_places
from app.extensions import db
from app.improvements.actions import Words, publish, withdraw, write
from app.improvements.models import ImprovementRow
from app.indices.models import ExternalIndexRow
from app.installation import mark_as_demonstration
from app.letterheads.actions import change_letterhead
from app.letterheads.queries import Letterhead
from app.results.queries import UnknownPlace
from surveys.periods import Quarter
from tests.support.directory import load_small_directory
from tests.support.editions import publish_all
from tests.support.kept_worlds import KeptWorlds
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
Q3 = Quarter(2026, 3)
FINANCE, HEALTH = "51-STC", "51-SYT"


@pytest.fixture
def counted(session: scoped_session[Session], kept_world: KeptWorlds, tmp_path: Path) -> None:
    """Two departments of Quang Ngai in four quarters, and one of Son La in the last."""
    kept_world("four quarters", lambda: publish_four_quarters(tmp_path))


def publish_four_quarters(folder: Path) -> None:
    load_small_directory(folder)
    for quarter in ("2024-Q3", "2024-Q4", "2025-Q4", "2026-Q3"):
        tallies = TallyWriter(quarter)
        tallies.rated(FINANCE, (40, 40, 10, 5, 5))
        tallies.rated(HEALTH, (30, 50, 10, 5, 5))
        if quarter == "2026-Q3":
            tallies.rated("14-SKHCN", (30, 20, 5, 3, 2))
        tallies.write()
    db.session.commit()
    publish_all(NOW)
    db.session.commit()


def test_the_history_ends_with_the_quarter_reaches_back_eight_and_keeps_its_gaps(counted: None) -> None:
    report = get_quarterly_report(HEALTH, get_edition("2026-Q3"), now=NOW)
    assert [figures.quarter for figures in report.history] == ["2024-Q4", "2025-Q4", "2026-Q3"]
    assert report.figures.official.n == 100
    assert report.children == ()


def test_a_province_shows_all_its_agencies_and_the_plan_decides_on_ranks(counted: None) -> None:
    report = get_quarterly_report("51", get_edition("2026-Q3"), now=NOW)
    assert report.ranks
    assert len(report.children) == 14
    assert {child.place.code for child in report.children if child.rank} == {FINANCE, HEALTH}
    assert report.plan is not None
    assert report.plan.id == "quang-ngai-47"
    assert report.head.body == "VĂN PHÒNG"
    assert not get_quarterly_report("14", get_edition("2026-Q3"), now=NOW).ranks


def test_the_nation_shows_only_provinces_that_have_begun(counted: None) -> None:
    report = get_quarterly_report("VN", get_edition("2026-Q3"), now=NOW)
    assert [child.place.code for child in report.children] == ["51", "14"]
    assert (report.figures.covered, report.figures.members) == (2, 34)


def test_the_versions_that_were_asked_are_printed(counted: None) -> None:
    report = get_quarterly_report(HEALTH, get_edition("2026-Q3"), now=NOW)
    assert [questionnaire.name for questionnaire in report.questionnaires] == ["COT_LOI 1.0"]


def test_a_place_without_answers_and_a_place_that_is_none_are_told_apart(counted: None) -> None:
    with pytest.raises(NothingCounted) as nothing:
        get_quarterly_report("51-SNV", get_edition("2026-Q3"), now=NOW)
    assert nothing.value.place.name == "Sở Nội vụ"
    with pytest.raises(UnknownPlace):
        get_quarterly_report("51-KHONG", get_edition("2026-Q3"), now=NOW)


def test_all_places_are_the_nation_and_whoever_has_answers(counted: None) -> None:
    places = list(list_report_places(PublishedFigures(), "VN", Q3))
    assert places == ["VN", "51", FINANCE, HEALTH, "14", "14-SKHCN"]


def test_illustration_is_said_to_be_illustration(counted: None) -> None:
    assert not get_quarterly_report(HEALTH, get_edition("2026-Q3"), now=NOW).demo
    mark_as_demonstration(marked_on="2026-11-03")
    assert get_quarterly_report(HEALTH, get_edition("2026-Q3"), now=NOW).demo


def test_what_people_said_and_what_is_done_is_frozen_with_the_edition(
    session: scoped_session[Session], tmp_path: Path
) -> None:
    load_small_directory(tmp_path)
    tallies = TallyWriter("2026-Q3")
    tallies.rated(HEALTH, (30, 50, 10, 5, 5))
    tallies.write()
    heap = FeedbackCount(quarter="2026-Q3", agency=HEALTH, theme="fees", status="Đã trả lời",
                         timing="on-time", n=25)  # fmt: skip
    session.add(heap)
    said = Words("2026-Q3", "Thanh toán lỗi phải làm lại từ đầu", "Cho thanh toán lại", "Sở", NOW.date())
    row = session.get_one(ImprovementRow, write(HEALTH, said, by="command:test", now=NOW))
    publish(row, seen=1, by="command:test", now=NOW)
    session.add(
        ExternalIndexRow(
            indicator="766-5", place="51", period="2026-Q3", last_day=Q3.last_day, value="16.80",
            source="Cổng", imported_by="command:test", imported_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    publish_all(NOW)
    frozen_report = get_quarterly_report(HEALTH, get_edition("2026-Q3"), now=NOW)
    assert [item.shortcoming for item in frozen_report.improvements] == [said.shortcoming]
    assert frozen_report.feedback is not None
    fees = next(row for row in frozen_report.feedback.rows if row.theme == "Phí, lệ phí, thanh toán")
    assert (fees.total, fees.on_time, fees.late) == (25, 25, 0)
    assert frozen_report.indices766 == ()
    province = get_quarterly_report("51", get_edition("2026-Q3"), now=NOW)
    assert [str(item.value) for item in province.indices766] == ["16.80"]
    assert [item.shortcoming for item in province.improvements] == [said.shortcoming]
    # Whatever is written later changes no report of this edition.
    withdraw(row, why="Viết nhầm cơ quan", seen=2, by="command:test", now=NOW)
    heap.n = 400
    session.commit()
    again = get_quarterly_report(HEALTH, get_edition("2026-Q3"), now=NOW)
    assert (again.feedback, again.improvements) == (frozen_report.feedback, frozen_report.improvements)


def test_the_letterhead_of_whoever_issues_a_report_stands_on_it(
    counted: None, session: scoped_session[Session]
) -> None:
    """Quang Ngai makes its office send the report, so the letterhead of no other department counts."""
    for agency, name in (("51-VPUBND", "Người của văn phòng"), (HEALTH, "Người của sở"), (FINANCE, "")):
        wanted = Letterhead(signer_name=name, recipients=("Nơi riêng",))
        change_letterhead(agency, wanted, seen=0, by="command:test", now=NOW)
    session.commit()

    edition = get_edition("2026-Q3")
    province, health = (get_quarterly_report(place, edition, now=NOW).head for place in ("51", HEALTH))

    assert (province.signer_name, health.signer_name) == ("Người của văn phòng", "Người của sở")
    assert health.recipients == ("Nơi riêng",)
    assert "Nơi riêng" not in province.recipients
    assert get_quarterly_report("14", edition, now=NOW).head.signer_name == ""


def test_procedures_and_communes_come_from_the_agencies_below(
    session: scoped_session[Session], tmp_path: Path
) -> None:
    load_small_directory(tmp_path, communes=("03646",))
    tallies = TallyWriter("2026-Q3")
    tallies.rated(FINANCE, (40, 40, 10, 5, 5))
    tallies.procedure(FINANCE, "1.004616", (40, 40, 10, 5, 5))
    tallies.rated("03646", (20, 20, 10, 5, 5))
    tallies.write()
    session.commit()
    publish_all(NOW)
    session.commit()
    edition = get_edition("2026-Q3")

    province, nation = (get_quarterly_report(place, edition, now=NOW) for place in ("51", "VN"))
    agency = get_quarterly_report(FINANCE, edition, now=NOW)

    assert [(item.agency, item.procedure.code, item.cell.n) for item in province.procedures] == [
        ("Sở Tài chính", "1.004616", 100)
    ]
    assert [item.agency for item in nation.procedures if item.procedure.code] == [
        "Sở Tài chính tỉnh Quảng Ngãi"
    ]
    assert [(name, [child.place.code for child in own]) for name, own in nation.communes] == [
        ("Tỉnh Sơn La", ["03646"])
    ]
    assert (agency.procedures, agency.children) == ((), ())
    assert agency.link.endswith(f"/ket-qua/2026-Q3.r0/{FINANCE}")
    assert nation.link.endswith("/ket-qua/2026-Q3.r0")
