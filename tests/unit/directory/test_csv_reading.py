"""Files that people made: what is wrong is said in Vietnamese, and good rows survive bad neighbours."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.csv_reading import ImportReport, RejectFile, open_table
from app.text_files import TableProblem
from exports.cells import guarded

HEADER = "code,name\n"


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "tệp.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def problem_of(path: Path) -> str:
    with pytest.raises(TableProblem) as caught:
        list(open_table(path, ("code", "name")))
    return str(caught.value)


def rejected(path: Path) -> tuple[list[tuple[int, dict[str, str]]], list[list[str]]]:
    """The good rows, and the rows of the reject file without its header."""
    with RejectFile(path) as rejects:
        rows = list(open_table(path, ("code", "name"), rejects))
    if not rejects.path.exists():
        return rows, []
    with rejects.path.open(encoding="utf-8-sig", newline="") as stream:
        return rows, list(csv.reader(stream))[1:]


def test_rows_come_with_their_line_composed_and_without_outer_spaces(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Hải Phòng")
    path = written(tmp_path, f'\ufeffcode,name\r\n31, {decomposed} \r\n\r\n14,"Sơn\nLa"\r\n22,x\r\n')
    assert list(open_table(path, ("code",))) == [
        (2, {"code": "31", "name": "Hải Phòng"}),
        (4, {"code": "14", "name": "Sơn\nLa"}),
        (6, {"code": "22", "name": "x"}),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, encoding: str) -> None:
    assert "UTF-16" in problem_of(written(tmp_path, (HEADER + "31,Huế\n").encode(encoding)))


def test_windows_1258_in_the_last_of_many_rows_is_found_before_the_first_row_is_given(tmp_path: Path) -> None:
    rows = "".join(f"{n},abc\n" for n in range(300_000))
    path = written(tmp_path, (HEADER + rows).encode() + "31,Đà Nẵng\n".encode("cp1258", "ignore"))
    with pytest.raises(TableProblem, match=r"Dòng 300002 .*Windows-1258"):
        open_table(path, ("code", "name"))


@pytest.mark.parametrize(
    ("separator", "words"), [(";", "dấu chấm phẩy"), ("\t", "dấu tab"), ("|", "gạch đứng")]
)
def test_another_separator_is_named(tmp_path: Path, separator: str, words: str) -> None:
    content = (HEADER + "31,Huế\n").replace(",", separator)
    assert words in problem_of(written(tmp_path, content))


def test_a_table_of_one_needed_column_may_have_semicolons_in_its_cells(tmp_path: Path) -> None:
    path = written(tmp_path, "code\na;b\n")
    assert list(open_table(path, ("code",))) == [(2, {"code": "a;b"})]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "Tệp trống"),
        ("31,Huế\n", "không phải dòng tiêu đề"),
        ("code,ten\n31,Huế\n", "thiếu cột: name"),
        ("code,name,code\n1,2,3\n", "lặp lại: code"),
        ("code,name,\n1,2,3\n", "Cột thứ 3 không có tên"),
        ('code,name\n31,"Huế\n14,Sơn La\n', "Từ dòng 2 có dấu nháy kép không đóng"),
        ("code,name\n31," + "x" * 200_000 + "\n", "ô quá dài"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(
    tmp_path: Path, content: str, words: str
) -> None:
    assert words in problem_of(written(tmp_path, content))


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    assert "không có tệp" in problem_of(tmp_path / "none.csv")
    assert "thư mục" in problem_of(tmp_path)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("code,name", "Dòng tiêu đề lặp lại"),
        ("31", "Dòng có 1 cột, tiêu đề có 2 cột"),
        ("31,Huế,x", "Dòng có 3 cột, tiêu đề có 2 cột"),
        ("31,H\x00", "ký tự điều khiển"),
        ('"31"x,Huế', "dấu nháy kép"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line_and_its_neighbours_are_kept(
    tmp_path: Path, row: str, reason: str
) -> None:
    rows, bad = rejected(written(tmp_path, f"{HEADER}14,Sơn La\n{row}\n31,Huế\n"))
    assert [values["code"] for _, values in rows] == ["14", "31"]
    assert [line for line, _ in rows] == [2, 4]
    assert [(line[0], reason in line[1]) for line in bad] == [("3", True)]


def test_without_a_reject_file_a_bad_row_is_a_problem_of_the_file(tmp_path: Path) -> None:
    assert "Dòng 2: Dòng có 1 cột" in problem_of(written(tmp_path, HEADER + "31\n"))


def test_a_clean_run_leaves_no_reject_file_and_removes_that_of_an_earlier_run(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "31\n")
    rejected(path)
    assert (tmp_path / "tệp.csv.loi.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    path.write_text(HEADER + "31,Huế\n", encoding="utf-8")
    assert rejected(path)[1] == []
    assert not (tmp_path / "tệp.csv.loi.csv").exists()


def test_a_reject_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "31\n")
    with (
        RejectFile(path, tmp_path / "none" / "loi.csv") as rejects,
        pytest.raises(TableProblem, match="Không ghi được tệp dòng lỗi"),
    ):
        list(open_table(path, ("code",), rejects))


def test_no_cell_of_the_reject_file_is_taken_for_a_formula() -> None:
    assert guarded("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert guarded("@x") == "'@x"
    assert guarded("-2+3") == "'-2+3"
    assert guarded("\n=1+1") == "'\n=1+1"
    assert guarded("＝1+1") == "'＝1+1"
    assert guarded("-2,5") == "-2,5"
    assert guarded("Sơn La") == "Sơn La"


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["C"])), st.integers()), max_size=5))
def test_what_python_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("name", "n"), *rows])
    expected = [(unicodedata.normalize("NFC", name).strip(), str(n)) for name, n in rows]
    assert [(row["name"], row["n"]) for _, row in open_table(path, ("name", "n"))] == expected


def test_the_report_is_one_line_with_grouped_thousands() -> None:
    report = ImportReport(read=3355, new=3355)
    assert str(report) == "Đã đọc 3.355 dòng: 3.355 mới, 0 đổi, 0 giữ nguyên, 0 lỗi"
