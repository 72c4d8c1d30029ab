"""What is frozen beside figures comes back as it was, and says nothing of a place that has nothing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from surveys.canonical import canonical_json
from surveys.external_index import ExternalIndex
from surveys.feedback import FeedbackRow, FeedbackStatus, FeedbackTable
from surveys.improvements import Improvement
from surveys.report_texts import ReportTexts, texts_from, texts_to_mapping

FEEDBACK = FeedbackTable(
    (
        FeedbackRow(
            "Thái độ phục vụ", ((FeedbackStatus.RECEIVED, 0), (FeedbackStatus.ANSWERED, None)), None, None
        ),
        FeedbackRow("Vấn đề khác", ((FeedbackStatus.ANSWERED, 31),), 20, 11),
    ),
    ("Chờ lâu mà không được báo.",),
)
WHOLE = ReportTexts(
    FEEDBACK,
    (
        Improvement("Phải khai lại", "Tự điền", "Sở", date(2026, 12, 15), date(2026, 11, 1)),
        Improvement("Cổng chậm", "Thêm máy chủ", "Trung tâm"),
    ),
    (ExternalIndex("Bộ chỉ số 766, tổng điểm", Decimal("92.50"), "điểm", "Cổng", "quý III năm 2026"),),
)


@pytest.mark.parametrize(
    "texts",
    [
        WHOLE,
        ReportTexts(feedback=FEEDBACK),
        ReportTexts(improvements=WHOLE.improvements),
        ReportTexts(indices=WHOLE.indices),
        ReportTexts(improvements=(Improvement("a", "b", "c", agency="d"),), more_improvements=7),
    ],
)
def test_texts_go_through_a_file_and_come_back(texts: ReportTexts) -> None:
    written = canonical_json(texts_to_mapping({"14": texts}))
    assert texts_from(json.loads(written), "14") == texts
    # A value keeps the digits that its source wrote.
    assert texts_from(json.loads(written), "14").indices == texts.indices
    assert canonical_json(texts_to_mapping({"14": texts_from(json.loads(written), "14")})) == written


def test_only_places_that_have_any_are_kept_and_in_the_order_of_their_codes() -> None:
    mapping = texts_to_mapping({"31": WHOLE, "14": WHOLE, "19": ReportTexts()})
    assert list(mapping) == ["14", "31"]
    assert texts_from(mapping, "19") == ReportTexts() and not ReportTexts()


def test_a_hidden_number_is_no_number_in_the_file_either() -> None:
    row = texts_to_mapping({"14": WHOLE})["14"]["feedback"]["rows"][0]
    assert row["counts"] == [["Mới tiếp nhận", 0], ["Đã trả lời", None]] and row["late"] is None
