"""The data dictionary: what every column of the open data means, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from exports.columns import COLUMNS, Column
from exports.edition_info import OpenDataInfo

DICTIONARY_HEAD: Final = (
    "Cột", "Tên", "Title", "Kiểu", "Đơn vị", "Mô tả", "Description", "Giá trị",
)  # fmt: skip
TYPES: Final = {"text": "chữ", "integer": "số nguyên", "number": "số thực", "boolean": "đúng/sai"}

NOTES: Final = (
    "Mỗi dòng là một ô số liệu được công bố của một nơi trong kỳ; mọi định dạng có cùng các dòng, các cột.",
    "Ô trống nghĩa là cột không áp dụng cho dòng. Dòng có status là bm không có con số nào vì quá ít phiếu, "
    "hoặc vì con số sẽ làm lộ một ô khác. Chỉ trong số liệu tuần, ô không có phiếu nào cũng mang bm.",
    "Số viết với dấu chấm thập phân, tỷ lệ từ 0 đến 1. Tỷ lệ tính từ số đếm trong cùng dòng giữ 15 chữ số có "
    "nghĩa; khoảng tin cậy, tỷ lệ gia quyền và thay đổi làm tròn đúng như trên trang và báo cáo.",
    "Không cộng các dòng của nơi cấp trên với các dòng của nơi bên dưới: chúng là cùng những phiếu.",
    "Trong CSV, chữ bắt đầu bằng dấu của công thức (=, +, -, @) có thêm dấu nháy đơn ở đầu.",
)


def dictionary(info: OpenDataInfo) -> dict[str, Any]:
    """As plain values for JSON."""
    return {
        "edition": info.to_mapping(),
        "notes": list(NOTES),
        "columns": [_column(column) for column in COLUMNS],
    }


def _column(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "required": column.required,
        "title": column.title._asdict(),
        "description": column.description._asdict(),
    }
    if column.unit is not None:
        found["unit"] = column.unit._asdict()
    if column.codes:
        found["codes"] = {code: words._asdict() for code, words in column.codes.items()}
    if column.minimum is not None:
        found["minimum"] = column.minimum
    if column.maximum is not None:
        found["maximum"] = column.maximum
    return found


def dictionary_rows() -> Iterator[tuple[str, ...]]:
    """The same as rows under DICTIONARY_HEAD."""
    for column in COLUMNS:
        yield (
            column.name,
            column.title.vi,
            column.title.en,
            TYPES[column.type],
            column.unit.vi if column.unit else "",
            column.description.vi,
            column.description.en,
            "; ".join(f"{code} = {words.vi}" for code, words in column.codes.items()),
        )
    for note in NOTES:
        yield ("", "Ghi chú", "", "", "", note, "", "")
