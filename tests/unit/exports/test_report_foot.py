"""What stands at the foot of every page, the marks of a draft, and the way to every part."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import segno
from pypdf import PdfReader

from exports.columns import COLUMNS
from exports.qr_code import draw_qr_code, qr_matrix
from exports.quarterly import QuarterlyReport, render_quarterly
from surveys.editions import EditionCode, EditionInfo
from tests.support.reports import agency_report, province_report

SHA = "0123456789abcdef" * 4
ADDRESS = "https://hailong.example/ket-qua/2026-Q3/14-SYT"
DRAFT = EditionInfo(EditionCode.parse("2026-Q3"), SHA, datetime(2026, 10, 11, 17, 5, tzinfo=UTC), url=ADDRESS)
PUBLISHED = replace(DRAFT, published_at=datetime(2026, 10, 20, 3, tzinfo=UTC))


def with_edition(edition: EditionInfo | None, *, demo: bool = False) -> QuarterlyReport:
    return replace(agency_report(), edition=edition, demo=demo)


def reader_of(report: QuarterlyReport) -> PdfReader:
    return PdfReader(io.BytesIO(render_quarterly(report)))


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def published() -> PdfReader:
    return reader_of(with_edition(PUBLISHED))


def test_every_page_says_which_document_and_which_numbers_it_is(published: PdfReader) -> None:
    for page in published.pages:
        text = words(page.extract_text())
        assert "Mã báo cáo BCQ-2026-Q3-14-SYT; kỳ công bố 2026-Q3 (đã công bố)" in text
        assert "Chốt số liệu 00:05 ngày 12/10/2026; phiếu khảo sát COT_LOI 1.0" in text
        assert f"SHA-256 {SHA[:16]}…" in text


def test_the_whole_hash_stands_in_the_last_annex_in_one_piece(published: PdfReader) -> None:
    text = "".join(page.extract_text() for page in published.pages)
    last = text[text.rindex("DỮ LIỆU MỞ VÀ CÁCH KIỂM TRA") :]
    assert SHA in last
    assert ADDRESS in last


def test_a_correction_says_so_on_its_first_page_and_where_the_changes_are_told() -> None:
    code = EditionCode.parse("2026-Q3.r1")
    url = "https://hailong.example/ket-qua/2026-Q3.r1"
    revised = replace(PUBLISHED, edition=code, url=url, reason="Phiếu giấy nhập muộn.")
    reader = reader_of(with_edition(revised))
    first, text = (
        words("".join(page.extract_text() for page in some)) for some in (reader.pages[:1], reader.pages)
    )
    assert "quý III năm 2026 của Sở Y tế tỉnh Sơn La (đính chính lần 1)" in first
    assert reader.metadata is not None and str(reader.metadata.title).endswith("(đính chính lần 1)")
    where = "ghi ở https://hailong.example/dinh-chinh/2026-Q3.r1."
    assert f"lần 1; lý do: Phiếu giấy nhập muộn. Những số đã đổi so với bản trước {where}" in text
    assert "2026-Q3.r1: quý III năm 2026 (đính chính lần 1)" in text
    # Before its publication nobody can read that page.
    assert "dinh-chinh" not in words(
        "".join(
            page.extract_text() for page in reader_of(with_edition(replace(revised, published_at=None))).pages
        )
    )


def test_no_line_of_the_foot_stands_where_printers_leave_the_paper_white() -> None:
    heights: list[float] = []

    def visit(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        if text.strip() and outer[1] == 0:
            heights.append(inner[5] * outer[3] + outer[5])

    reader_of(with_edition(PUBLISHED, demo=True)).pages[0].extract_text(visitor_text=visit)
    assert 5 * 72 / 25.4 < min(heights) < 20 * 72 / 25.4


def test_the_program_that_checks_is_named_with_its_whole_address(published: PdfReader) -> None:
    text = words("".join(page.extract_text() for page in published.pages))
    assert "chương trình ở https://hailong.example/ket-qua/kiem-tra.py." in text


def test_every_column_of_the_open_data_is_explained(published: PdfReader) -> None:
    text = words("".join(page.extract_text() for page in published.pages))
    last = text[text.rindex("Từ điển dữ liệu mở") :]
    assert [column.name for column in COLUMNS if f" {column.name} " not in last] == []
    assert "`" not in last


def test_the_mark_of_a_draft_goes_with_publication_and_that_of_illustration_does_not() -> None:
    for edition, drafted in ((None, True), (DRAFT, True), (PUBLISHED, False)):
        for page in reader_of(with_edition(edition, demo=True)).pages:
            text = page.extract_text()
            assert ("DỰ THẢO" in text) is drafted
            assert "DỮ LIỆU MINH HỌA" in text


def test_a_published_document_of_real_data_bears_no_mark(published: PdfReader) -> None:
    text = "".join(page.extract_text() for page in published.pages)
    assert "DỰ THẢO" not in text
    assert "MINH HỌA" not in text


def test_a_published_report_is_the_same_file_whenever_it_is_made() -> None:
    first = with_edition(PUBLISHED)
    later = replace(first, printed_at=datetime(2027, 2, 3, tzinfo=UTC))
    assert render_quarterly(first) == render_quarterly(later)


def test_a_revision_says_why() -> None:
    edition = replace(PUBLISHED, edition=EditionCode.parse("2026-Q3.r1"), reason="Thêm 120 phiếu đến muộn.")
    text = words("".join(page.extract_text() for page in reader_of(with_edition(edition)).pages))
    assert "bản đính chính lần 1; lý do: Thêm 120 phiếu đến muộn." in text
    assert "BCQ-2026-Q3.r1-14-SYT" in text


def test_the_qr_code_of_every_page_leads_to_the_page_of_the_place(published: PdfReader) -> None:
    drawn = {}
    for page in published.pages:
        links = [note.get_object() for note in page["/Annots"]]
        assert ADDRESS in [link["/A"]["/URI"] for link in links if "/A" in link]
        forms = page["/Resources"]["/XObject"]
        drawn |= {name: forms[name].get_object() for name in forms if "qr" in name}
    assert len(drawn) == 1, "drawn once, shown on every page"
    stream = next(iter(drawn.values())).get_data().decode()
    assert matrix_of(stream) == [
        list(row) for row in segno.make(ADDRESS, error="m", boost_error=False).matrix
    ]


def matrix_of(stream: str) -> list[list[int]]:
    """The modules that a stream of rectangles darkens."""
    boxes = [tuple(map(float, box)) for box in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re", stream)]
    side = min(height for *_, height in boxes)
    count = round(max(y for _, y, _, _ in boxes) / side) + 1
    found = [[0] * count for _ in range(count)]
    for x, y, width, _ in boxes:
        for at in range(round(x / side), round((x + width) / side)):
            found[count - 1 - round(y / side)][at] = 1
    return found


def test_the_matrix_of_a_code_is_whole() -> None:
    calls: list[tuple[float, ...]] = []

    class Path:
        def rect(self, *box: float) -> None:
            calls.append(box)

    class Canvas:
        beginPath = staticmethod(Path)
        setFillGray = staticmethod(lambda _: None)
        drawPath = staticmethod(lambda *_, **__: None)

    draw_qr_code(Canvas(), ADDRESS, 0, 0, float(len(qr_matrix(ADDRESS))))
    assert sum(width for _, _, width, _ in calls) == sum(sum(row) for row in qr_matrix(ADDRESS))


def test_contents_name_every_section_and_annex_with_its_page() -> None:
    reader = reader_of(with_edition(PUBLISHED))
    marks = {
        str(item.title): reader.get_destination_page_number(item) + 1
        for item in reader.outline
        if not isinstance(item, list)
    }
    contents = next(page for page in reader.pages if "MỤC LỤC" in page.extract_text())
    text = words(contents.extract_text().replace(" .", ""))
    assert len(marks) == 14
    for title, page in marks.items():
        assert f"{title} {page}" in text
        head = re.sub(r"^(Phụ lục [IV]+)\. .*", r"\1", title)
        assert head in words(reader.pages[page - 1].extract_text())
    links = [note.get_object() for note in contents["/Annots"]]
    assert len([link for link in links if "/Dest" in link]) == 14


def test_tables_and_drawings_are_bookmarked_under_their_sections() -> None:
    reader = reader_of(replace(province_report(communes=3), edition=DRAFT))
    nested = [str(item.title) for part in reader.outline if isinstance(part, list) for item in part]
    assert [title for title in nested if title.startswith("Bảng 12.")]
    assert [title for title in nested if title.startswith("Biểu đồ 5.")]


def test_no_font_but_the_embedded_ones_is_named_in_any_page_or_form() -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("Máy này thiếu pdffonts")
    content = render_quarterly(replace(province_report(communes=3), edition=DRAFT))
    run = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True)
    lines = run.stdout.decode().splitlines()[2:]
    assert lines
    for line in lines:
        # Name, type, encoding, embedded, subset, Unicode map, object.
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line
    assert b"Helvetica" not in run.stdout


def test_the_first_page_holds_the_four_cards() -> None:
    first = words(reader_of(with_edition(PUBLISHED)).pages[0].extract_text().replace("\u00a0", " "))
    for part in (
        "TC1.",
        "TC2.",
        "TC3.",
        "TC4.",
        "Điểm mạnh",
        "Tồn tại",
        "91,3 %",
        "Không có số liệu đối chứng",
    ):
        assert part in first
    assert "Chưa đạt, đủ căn cứ thống kê" in first
