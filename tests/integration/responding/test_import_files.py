"""Files that are not what they should be are refused whole, before the first row, in words."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from app.responding.importing import actions
from app.responding.importing.mapping import stable_id
from tests.support.importing import Importer, row, stored, whole_file


def lines(*rows: dict[str, str]) -> bytes:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in rows).encode()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", gzip.compress(whole_file([row()]).encode()), "Tệp là tệp nén (.gz)"),
        ("a.csv", b"PK\x03\x04" + bytes(40), "Tệp là bảng tính Excel (.xlsx)"),
        ("a.ndjson", gzip.compress(lines(row())), "Tệp là tệp nén (.gz)"),
        ("a.ndjson", lines(row()).decode().encode("utf-16"), "UTF-16"),
        ("a.ndjson", lines(row(), row(comment="Được")).decode().encode("cp1258", "replace"), "Windows-1258"),
        ("a.json", json.dumps([row(), row()]).encode(), "Tệp là một danh sách JSON ([…])"),
    ],
)
def test_what_is_no_text_or_no_table_is_named(
    importer: Importer, name: str, content: bytes, reason: str
) -> None:
    result = importer.text(content, name=name)
    assert result.exit_code == 1
    assert reason in result.output
    assert result.output.rstrip().endswith("Chưa có gì được lưu.")
    assert stored() == []


def test_a_quotation_mark_left_open_at_the_end_is_found_before_the_first_row_is_kept(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "GROUP", 2)
    text = whole_file([row() for _ in range(6)]).rstrip("\n") + '"chưa đóng\n'
    for broken in (text, text.replace('"', '"' + "x" * 1_000_000)):
        result = importer.text(broken)
        assert result.exit_code == 1
        assert "Từ dòng 7 có dấu nháy kép không đóng" in result.output
        assert stored() == []


def test_an_import_that_dies_half_way_is_finished_by_the_next(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = whole_file([row() for _ in range(25)])
    monkeypatch.setattr(actions, "GROUP", 10)
    store, groups = actions.store_group, iter(range(100))

    def dies_at_the_second(*arguments: Any, **named: Any) -> Any:
        if next(groups) == 1:
            raise KeyboardInterrupt
        return store(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(actions, "store_group", dies_at_the_second)
        importer.text(text)
    assert len(stored()) == 10
    assert importer.text(text).output == "Đã đọc 25 dòng: 15 mới, 10 đã có, 0 lỗi\n"
    assert len({response.id for response in stored()}) == len(stored()) == 25


def test_missing_files_and_folders_are_told_alike_in_both_forms(importer: Importer, tmp_path: Path) -> None:
    for ending in ("csv", "ndjson"):
        (tmp_path / f"thư-mục.{ending}").mkdir()
        assert "đây là thư mục" in importer.run(tmp_path / f"thư-mục.{ending}").output
        assert "không có tệp" in importer.run(tmp_path / f"không-có.{ending}").output


def test_a_key_that_stands_twice_in_a_line_is_refused(importer: Importer) -> None:
    """A reader would keep one of the two answers and drop the other unseen."""
    line = lines(row(satisfaction="1")).decode().rstrip("}\n") + ', "satisfaction": "5"}\n'
    importer.text(line, name="a.ndjson")
    assert importer.reasons() == [("1", "Khóa lặp lại trong một dòng: satisfaction")]


def test_the_reject_file_never_replaces_another_file(importer: Importer, tmp_path: Path) -> None:
    text = whole_file([row(satisfaction="6")])
    other = tmp_path / "sổ.csv"
    other.write_text("quan trọng\n", encoding="utf-8")
    for place in (other, tmp_path / "phiếu.csv"):
        result = importer.text(text, "--rejects", str(place))
        assert result.exit_code == 1
        assert "không phải tệp dòng lỗi" in result.output
    assert other.read_text("utf-8") == "quan trọng\n"
    assert (tmp_path / "phiếu.csv").read_text("utf-8") == text
    for _ in range(2):
        assert importer.text(text).exit_code == 0


HEAD = "source: thu-nghiem\nconstants: {questionnaire: COT_LOI, version: '1.0', agency: 99-A}\n"


@pytest.mark.parametrize(
    ("order", "written", "day"),
    [
        ("dd/mm/yyyy", "5/8/2026", "2026-08-05"),
        ("dd/mm/yyyy", "05.08.2026 23:59:59", "2026-08-05"),
        ("mm/dd/yyyy", "8/5/2026 11:30 PM", "2026-08-05"),
        ("yyyy/mm/dd", "2026/8/5", "2026-08-05"),
        ("dd/mm/yyyy", "2026-08-05T17:00:00Z", "2026-08-06"),
    ],
)
def test_a_mapping_says_how_a_file_writes_days(
    importer: Importer, order: str, written: str, day: str
) -> None:
    mapping = HEAD + f"id_from: so\nrename: {{answered_at: ngay}}\ndate_order: {order}\n"
    importer.text(f"so,ngay,satisfaction\n1,{written},5\n", *importer.mapping(mapping))
    assert [response.day.isoformat() for response in stored()] == [day]


def test_a_day_that_does_not_exist_in_that_order_is_a_bad_row(importer: Importer) -> None:
    mapping = HEAD + "id_from: so\nrename: {answered_at: ngay}\ndate_order: mm/dd/yyyy\n"
    importer.text("so,ngay,satisfaction\n1,31/08/2026,5\n", *importer.mapping(mapping))
    assert "viết như 09/30/2026" in importer.reasons()[0][1]


def test_a_file_without_any_id_is_known_by_its_lines(importer: Importer) -> None:
    options = importer.mapping(HEAD + "id_from_line: true\nrename: {answered_at: ngay}\n")
    table = "ngay,satisfaction\n2026-08-05,5\n2026-08-05,5\n"
    assert "2 mới, 0 đã có" in importer.text(table, *options).output
    assert "0 mới, 2 đã có" in importer.text(table, *options).output
    assert {item.id for item in stored()} == {stable_id("thu-nghiem", f"line {line}") for line in (2, 3)}


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ("id_from: so\nid_from_line: true\n", "dòng 3: id_from: mã phiếu chỉ được ghi một nơi"),
        ("id_from_line: 3\n", "dòng 3: id_from_line: chỉ nhận true hoặc false"),
        ("id_from: so\ndate_order: dd-mm\n", "dòng 4: date_order: chỉ nhận “dd/mm/yyyy” hoặc"),
        (
            "id_from: so\nvalues: {satisfaction: {Tốt: '5', Kém: '0'}}\n",
            "“0” không phải câu trả lời của satisfaction: Hãy chọn một mức từ 1 đến 5",
        ),
    ],
)
def test_a_mapping_under_which_no_row_could_be_right_is_refused(
    importer: Importer, mapping: str, reason: str
) -> None:
    result = importer.text(
        "so,answered_at,satisfaction\n1,2026-08-05,Tốt\n", *importer.mapping(HEAD + mapping)
    )
    assert result.exit_code == 1
    assert reason in result.output
    assert stored() == []


def test_chosen_values_may_stand_apart(importer: Importer) -> None:
    values = "values: {reasons: {thái độ: attitude, khác: other}, satisfaction: {Kém: 1}}\n"
    options = importer.mapping(HEAD + "id_from: so\n" + values)
    importer.text("so,answered_at,satisfaction,reasons\n1,2026-08-05,Kém,thái độ; khác\n", *options)
    assert json.loads(stored()[0].answers) == {"reasons": ["attitude", "other"], "satisfaction": 1}
