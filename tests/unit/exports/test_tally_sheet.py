"""The sheet on which doors are counted."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from exports.paper_words import MOST_TALLIES, TallyWords
from exports.tally_sheet import TallySheet, tally_sheet

ROWS = tuple((f"Cửa loại {n}", f"Nghĩa là {n}") for n in range(6))
WORDS = TallyWords(
    "Bảng kê", ((("Thôn:", 0.6), ("Ngày:", 0.4)),), "Mỗi cửa gạch một ô", ROWS, "Cộng:", "Đếm lại"
)
SHEET = TallySheet("vi", "Đợt quý IV", "Phường Tô Hiệu", WORDS, demo="BẢN MINH HỌA")


def test_every_page_is_a_whole_sheet_with_a_place_for_each_number() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(tally_sheet(SHEET, 3))).pages]
    assert len(pages) == 3 and len(set(pages)) == 1
    assert all(words in pages[0] for row in ROWS for words in row)
    assert pages[0].count("Cộng:") == 6 and "BẢN MINH HỌA" in pages[0]


@pytest.mark.parametrize("count", [0, MOST_TALLIES + 1])
def test_none_and_too_many_are_refused(count: int) -> None:
    with pytest.raises(ValueError):
        tally_sheet(SHEET, count)
