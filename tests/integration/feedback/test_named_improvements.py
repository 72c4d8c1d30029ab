"""What a report names of what is done, and whose words it prints."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.extensions import db
from app.feedback import texts
from app.improvements.actions import Words, publish, write
from app.improvements.models import ImprovementRow
from surveys.periods import Quarter
from tests.support.directory import load_small_directory

NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
Q3 = Quarter(2026, 3)


def test_a_province_says_how_many_it_does_not_name_and_whose_words_it_prints(
    session: scoped_session[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_small_directory(tmp_path)
    for agency in ("14-SYT", "14-SNV"):
        said = Words("2026-Q3", "Phải khai lại", "Tự điền sẵn", "Phòng Chuyển đổi số", date(2026, 12, 1))
        row = db.session.get_one(ImprovementRow, write(agency, said, by="command:test", now=NOW))
        publish(row, seen=1, by="command:test", now=NOW)

    def who(place: str) -> list[str]:
        return [item.who for item in texts.get_texts(place, Q3, NOW).improvements]

    assert who("14-SYT") == ["Phòng Chuyển đổi số"]
    assert sorted(who("14")) == ["Phòng Chuyển đổi số, Sở Nội vụ", "Phòng Chuyển đổi số, Sở Y tế"]
    assert "Phòng Chuyển đổi số, Sở Y tế, tỉnh Sơn La" in who("VN")

    monkeypatch.setattr(texts, "MOST_IN_REPORT", 1)
    found = {place: texts.get_texts(place, Q3, NOW) for place in ("14-SYT", "14", "VN")}
    named = {place: (len(own.improvements), own.more_improvements) for place, own in found.items()}
    assert named == {"14-SYT": (1, 0), "14": (1, 1), "VN": (1, 1)}
    assert texts.texts_from(texts.texts_for_edition(Q3, NOW), "14") == found["14"]
