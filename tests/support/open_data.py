"""Figures of many shapes for the files of open data, and readers of each format that are not ours."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import openpyxl
import pyarrow.parquet

from exports.columns import COLUMNS, NAMES, Row, Value
from exports.open_data import OpenDataInfo
from surveys.comparison import NoChange, Word, compare
from surveys.comparison import Sample as Side
from surveys.criteria import PlanTarget, Target
from surveys.editions import EditionCode
from surveys.figures import (
    HIDDEN,
    NATION,
    AsideFigures,
    Cell,
    ChannelFigures,
    Movement,
    Place,
    PlaceFigures,
    QuestionFigures,
    RankFigures,
    ReviewFigures,
    WeightedFigures,
)
from surveys.periods import ZONE
from surveys.ranking import Group
from surveys.scoring import Channel, Distribution, Phase
from tests.support.reports import place_figures

QUARTER = "2026-Q3"
INFO = OpenDataInfo(
    EditionCode.parse("2026-Q3.r1"),
    datetime(2026, 10, 12, 9, 30, tzinfo=ZONE),
    "Ủy ban nhân dân tỉnh Thử Nghiệm",
)
TC4 = PlanTarget(Target("TC4", ">=", 95), "qg-1565", "Quyết định 1565/QĐ-TTg")
TC2 = PlanTarget(Target("TC2", "<", 5, "phút"), "qg-1565", "Quyết định 1565/QĐ-TTg")


def target_of(figures: PlaceFigures, criterion: str) -> PlanTarget | None:
    return {"TC4": TC4, "TC2": TC2}.get(criterion)


def few(satisfied: int, n: int) -> Cell:
    return Cell.of(Distribution((satisfied, 0, 0, 0, n - satisfied)), n)


def all_shapes() -> list[PlaceFigures]:
    """Nation, province, and agencies that are ranked, merged, small, hidden in part or whole, or silent."""
    province = Place("14", "Tỉnh Sơn La", "province", NATION)
    top = place_figures(Place(NATION, "Cả nước", "nation"), QUARTER, 12000, 0.93)
    middle = place_figures(province, QUARTER, 4000, 0.95, before=few(3600, 4000))
    return [
        replace(top, covered=1, members=34),
        replace(
            middle,
            covered=4,
            members=8,
            weighted=WeightedFigures(Fraction(9512345, 10000000), 812.25),
            aside=(
                AsideFigures(Channel.QR, Phase.AFTER_RESULT, 12),
                AsideFigures(Channel.WEB, Phase.JUST_SUBMITTED, None),
            ),
            reviews=(ReviewFigures("honeypot", 12, 0), ReviewFigures("too-fast", None, None)),
        ),
        *_agencies(),
    ]


def _agencies() -> list[PlaceFigures]:
    def agency(code: str, n: int, rate: float, name: str = "Sở Thử Nghiệm") -> PlaceFigures:
        return place_figures(Place(code, name, "department", "14"), QUARTER, n, rate)

    change = compare(Side.simple(560, 700), Side.simple(600, 640))
    one, two = agency("14-A", 640, 0.94), agency("14-B", 24, 0.9)
    return [
        replace(
            one,
            movement=Movement(Channel.LINK, Word.UP, change, 0.0123456789),
            rank=RankFigures(2, 5, 9, Group.HIGHER),
            marks=("sáp nhập", "gián đoạn"),
            questionnaires=("COT_LOI 1.0", "COT_LOI 1.1"),
        ),
        replace(
            two, official=few(24, 24), procedures=((Place("", "Không ghi thủ tục", "procedure"), few(0, 12)),)
        ),
        replace(
            agency("14-C", 300, 0.9, '=HYPERLINK("http://a")'),
            channels=(
                ChannelFigures(Channel.LINK, Phase.AFTER_RESULT, HIDDEN),
                ChannelFigures(Channel.FIELD, Phase.AFTER_RESULT, HIDDEN),
            ),
            movement=Movement(Channel.LINK, Word.NONE, reason=NoChange.HIDDEN),
            response_rate=None,
            response_rate_flagged=True,
        ),
        agency("14-D", 5, 0.9),
        agency("14-E", 0, 0.9),
        replace(agency("14-F", 45, 0.9), official=Cell.of(Distribution((30, 10, 3, 1, 1)), 21.5)),
    ]


def poisoned(n: int = 7) -> Cell:
    """A cell whose numbers somebody forgot to take out."""
    return Cell(hidden=n >= 10, n=n, satisfied=n - 1, n_eff=float(n), levels=(n - 1, 0, 0, 0, 1))


def poisoned_question(n: int) -> QuestionFigures:
    counts = (("yes", n - 1), ("no", 1))
    return QuestionFigures(
        "secret", "Câu hỏi", None, n, counts, (("yes", "Có"), ("no", "Không")), (), ("yes",)
    )


def read_csv(content: bytes) -> list[Row]:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert tuple(lines[0]) == NAMES
    types: Mapping[str, Callable[[str], Value]] = {
        "text": lambda text: text[1:] if text.startswith("'") else text,
        "integer": int,
        "number": float,
        "boolean": {"true": True, "false": False}.__getitem__,
    }
    return [
        tuple(types[column.type](text) if text else None for column, text in zip(COLUMNS, line, strict=True))
        for line in lines[1:]
    ]


def read_xlsx(content: bytes) -> list[Row]:
    """Every sheet of numbers, one after the other; a formula would not come back as its text."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows: list[Row] = []
    for sheet in book.worksheets:
        if sheet.title.startswith("Số liệu"):
            head, *found = sheet.iter_rows(values_only=True)
            assert head == NAMES
            rows += [_typed(row) for row in found]
    return rows


def _typed(row: tuple[object, ...]) -> Row:
    """A workbook knows one kind of number; a whole one is read as an integer whatever the column is."""
    row += (None,) * (len(COLUMNS) - len(row))
    return tuple(
        float(value) if column.type == "number" and isinstance(value, int) else value
        for column, value in zip(COLUMNS, row, strict=True)
    )


def read_json(content: bytes) -> list[Row]:
    data = json.loads(content)
    assert tuple(data["columns"]) == NAMES
    assert all(set(record) <= set(NAMES) for record in data["rows"])
    return [tuple(record.get(name) for name in NAMES) for record in data["rows"]]


def read_parquet(content: bytes) -> list[Row]:
    table = pyarrow.parquet.read_table(io.BytesIO(content))
    assert tuple(table.column_names) == NAMES
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


READERS: Mapping[str, Callable[[bytes], list[Row]]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "json": read_json,
    "parquet": read_parquet,
}
