"""The official page: its parts, its text layer, its fonts, and the same bytes every time."""

from __future__ import annotations

import io
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pypdf import PdfReader

from exports.document import DEMONSTRATION, DocumentInfo, OfficialDocument
from exports.fonts import width_of
from exports.letterhead import balanced, wrapped
from exports.shapes import Chart, Text
from exports.tables import Column, make_table
from tests.support.reports import PRINTED_AT, head

INFO = DocumentInfo("Báo cáo thử", "SỞ Y TẾ", "quý III năm 2026", PRINTED_AT, draft=True, demo=True)
SENTENCE = (
    "Ủy ban nhân dân xã Nghĩa Thuận tổng hợp ý kiến về dịch vụ công: “Rất hài lòng” – 92,5\u00a0% … "
    "Những chữ khó: ẵ, ẽ, ỗ, ữ, ợ, ỷ, Ặ, Ễ, Ộ, Ử; fi fl ffi; 10.000\u00a0₫."
)


def document(info: DocumentInfo = INFO) -> OfficialDocument:
    return OfficialDocument(info, head(), "BÁO CÁO", "Tổng hợp ý kiến quý III năm 2026")


def filled(info: DocumentInfo = INFO) -> bytes:
    made = document(info)
    made.section("I. Phạm vi")
    made.paragraph(SENTENCE)
    columns = (Column("Đơn vị", 60), Column("Tỷ lệ", 40, "number"))
    made.table(
        "Kết quả", columns, [(f"Xã số {at}", "92,5\u00a0%") for at in range(120)], "Nguồn: khảo sát; n = 120."
    )
    made.section("II. Hình")
    made.chart("Hình", "Một câu.", Chart(200, 40, "t", "d", (Text(0, 20, "Chữ trong hình"),)), "Nguồn.")
    made.close("Trân trọng báo cáo.")
    made.appendix("Công thức")
    made.paragraph("Hết.")
    return made.render()


@pytest.fixture(scope="module")
def content() -> bytes:
    return filled()


@pytest.fixture(scope="module")
def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_text_comes_back_letter_by_letter(reader: PdfReader) -> None:
    found = text_of(reader)
    assert " ".join(SENTENCE.split()) in found
    assert unicodedata.normalize("NFC", found) == found


def test_decomposed_letters_are_composed() -> None:
    made = document()
    made.paragraph(unicodedata.normalize("NFD", "Nghĩa Thuận"))
    assert "Nghĩa Thuận" in text_of(PdfReader(io.BytesIO(made.render())))


def test_another_reader_finds_the_same_words(content: bytes) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("Máy này thiếu pdftotext")
    run = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    assert " ".join(SENTENCE.split()) in " ".join(run.stdout.decode("utf-8").split())


def test_every_font_is_embedded_and_none_is_helvetica(reader: PdfReader) -> None:
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            found = font.get_object()
            names.add(str(found["/BaseFont"]))
            assert "/FontFile2" in found["/FontDescriptor"].get_object()
    assert names
    assert not [name for name in names if "Helvetica" in name]


def test_language_title_author_and_time_are_stated(reader: PdfReader) -> None:
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Báo cáo thử", "SỞ Y TẾ")
    assert reader.metadata.creation_date == PRINTED_AT.replace(microsecond=0)
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_same_input_gives_the_same_bytes(content: bytes) -> None:
    assert filled() == content
    later = filled(replace(INFO, made_at=datetime(2026, 10, 12, 3, tzinfo=UTC)))
    assert later != content


def test_the_page_is_a4_and_text_keeps_the_margins_of_the_decree(reader: PdfReader) -> None:
    page = reader.pages[0]
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    millimetre = 72 / 25.4
    lefts: list[float] = []

    def visit(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        upright = outer[1] == 0
        if text.strip() and upright and "MINH HỌA" not in text:
            lefts.append(inner[4] * outer[0] + outer[4])

    page.extract_text(visitor_text=visit)
    assert lefts
    assert min(lefts) >= 30 * millimetre - 0.5
    assert max(lefts) <= (210 - 15) * millimetre


def test_pages_are_numbered_from_the_second(reader: PdfReader) -> None:
    pages = [page.extract_text().split("\n") for page in reader.pages]
    assert len(pages) > 3
    assert "1" not in pages[0]
    for number, lines in enumerate(pages[1:], start=2):
        assert str(number) in lines[:3]


def test_draft_and_demonstration_stand_on_every_page(reader: PdfReader) -> None:
    for page in reader.pages:
        text = page.extract_text()
        assert "DỰ THẢO" in text
        assert DEMONSTRATION in text


def test_a_final_document_of_real_data_bears_neither() -> None:
    text = text_of(PdfReader(io.BytesIO(filled(replace(INFO, draft=False, demo=False)))))
    assert "DỰ THẢO" not in text
    assert "MINH HỌA" not in text


def test_the_head_of_a_table_is_repeated_and_no_row_is_lost(reader: PdfReader) -> None:
    pages = [page.extract_text() for page in reader.pages]
    with_rows = [page for page in pages if "Xã số" in page]
    assert len(with_rows) > 1
    assert all("Đơn vị" in page for page in with_rows)
    lines = "\n".join(pages).split("\n")
    assert [f"Xã số {at}" in lines for at in range(120)] == [True] * 120


@pytest.mark.parametrize("count", range(24, 30))
def test_the_end_of_a_table_keeps_company_and_its_source(count: int) -> None:
    made = document()
    made.section("I. Kết quả")
    columns = (Column("Đơn vị", 60), Column("Tỷ lệ", 40, "number"))
    rows = [(f"Xã số {at}", "92,5\u00a0%") for at in range(count)]
    made.table("Kết quả", columns, rows, "Nguồn: khảo sát.")
    last = PdfReader(io.BytesIO(made.render())).pages[-1].extract_text()
    assert f"Xã số {count - 2}\n" in last
    assert f"Xã số {count - 1}\n" in last
    assert "Nguồn: khảo sát." in last


def test_a_line_over_rows_is_never_the_last_of_a_page() -> None:
    columns = (Column("Đơn vị", 60), Column("Tỷ lệ", 40, "number"))
    for above in range(24, 30):
        made = document()
        made.section("I. Kết quả")
        rows = [(f"Xã số {at}", "92,5\u00a0%") for at in range(above)]
        rows += [("Chưa xếp hạng", ""), *((f"Phường {at}", "bm") for at in range(12))]
        made.table("Kết quả", columns, rows)
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.render())).pages]
        assert all(("Chưa xếp hạng" in page) is ("Phường 0\n" in page) for page in pages)


def test_bookmarks_lead_to_sections_and_annexes(reader: PdfReader) -> None:
    titles = [item.title for item in reader.outline if not isinstance(item, list)]
    assert titles == ["I. Phạm vi", "II. Hình", "Phụ lục I. Công thức"]


def test_the_head_of_the_page_leaves_number_and_day_blank(reader: PdfReader) -> None:
    text = text_of(reader)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "Số: /BC-SKHCN" in text
    assert "Sơn La, ngày tháng 10 năm 2026" in text
    assert "Kính gửi: Bộ Khoa học và Công nghệ." in text


def test_the_month_of_the_date_is_that_of_vietnam() -> None:
    late = datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert "tháng 01 năm 2027" in text_of(PdfReader(io.BytesIO(filled(replace(INFO, made_at=late)))))
    assert "tháng 12 năm 2026" in text_of(
        PdfReader(io.BytesIO(filled(replace(INFO, made_at=late - timedelta(microseconds=1)))))
    )


def test_the_body_ends_with_the_mark_of_the_decree_and_the_recipients(reader: PdfReader) -> None:
    text = text_of(reader)
    assert "Trân trọng báo cáo./." in text
    assert "Nơi nhận: - Bộ Khoa học và Công nghệ (để b/c);" in text
    assert "- Lưu: VT, CĐS." in text


def test_a_heading_is_never_the_last_line_of_a_page() -> None:
    for lines in range(33, 45, 2):
        made = document()
        for at in range(lines):
            made.paragraph(f"Dòng {at}.")
        made.section("Đề mục")
        made.table("Bảng", (Column("A", 1),), [("x",)] * 7)
        for page in PdfReader(io.BytesIO(made.render())).pages:
            text = page.extract_text()
            assert ("Đề mục" in text) is ("Bảng 1. Bảng" in text)


def test_a_centred_title_leaves_no_single_word_on_its_last_line() -> None:
    text = (
        "Tổng hợp ý kiến phản hồi, đánh giá của người dân về dịch vụ công trực tuyến của Sở Y tế tỉnh Sơn La"
    )
    lines = balanced(text, "VanBan-Dam", 14, 380)
    assert len(lines) == len(wrapped(text, "VanBan-Dam", 14, 380))
    assert len(lines[-1]) > len(lines[0]) / 2
    assert " ".join(lines) == text


def test_commas_of_a_column_stand_under_each_other() -> None:
    rows = [("89,96\u00a0%",), ("90,0\u00a0%",), ("bm",), ("5,1–9,2\u00a0%",), ("1.234",)]
    table = make_table((Column("Tỷ lệ", 1, "number"),), rows, 200)
    paddings = [row[0].rightPadding for row in table._cellStyles]
    assert paddings[2] > paddings[1]
    assert paddings[1] == paddings[3] == paddings[4] == paddings[5]


def test_no_word_of_a_table_crosses_its_border() -> None:
    columns = (Column("STT", 4), Column("Tên", 80), Column("n", 6, "number"), Column("Khoảng", 10, "centre"))
    rows = [("1", "Sở Y tế", "1.256.687", "95,7–100,0\u00a0%")]
    table = make_table(columns, rows, 460)
    assert sum(table._colWidths) == pytest.approx(460)
    for at, text in enumerate(rows[0]):
        assert "\n" not in table._cellvalues[1][at]
        assert width_of(text, "VanBan", 10.5) + 8 <= table._colWidths[at]


def test_the_signature_never_stands_on_a_page_without_words() -> None:
    for lines in range(20, 32):
        made = document()
        for at in range(lines):
            made.paragraph(f"Dòng {at}.")
        made.close("Trân trọng báo cáo.")
        for page in PdfReader(io.BytesIO(made.render())).pages:
            text = page.extract_text()
            assert ("Nơi nhận:" in text) is ("Trân trọng báo cáo./." in text)


def test_an_annex_names_the_report_by_number_date_and_body(reader: PdfReader) -> None:
    assert (
        "(Kèm theo Báo cáo số /BC-SKHCN ngày tháng 10 năm 2026 của Sở Khoa học và Công nghệ tỉnh Sơn La)"
        in text_of(reader)
    )


def test_a_signed_document_has_its_number_day_and_signer() -> None:
    issued = replace(head(), number="07", issued_on=date(2027, 1, 5), signer_name="Lò Thị Thử")
    made = OfficialDocument(INFO, issued, "BÁO CÁO", "Tổng hợp")
    made.close("Trân trọng báo cáo.")
    made.appendix("Công thức")
    made.paragraph("Hết.")
    text = text_of(PdfReader(io.BytesIO(made.render())))

    assert "Số: 07/BC-SKHCN" in text
    assert "Sơn La, ngày 05 tháng 01 năm 2027" in text
    assert "Kèm theo Báo cáo số 07/BC-SKHCN ngày 05 tháng 01 năm 2027" in text
    assert text.index("GIÁM ĐỐC") < text.index("Lò Thị Thử")
