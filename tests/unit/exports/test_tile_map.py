"""Every province has one tile of its own, and nothing on it runs over its edge."""

from __future__ import annotations

import csv
from pathlib import Path

from exports.shapes import Path as Strokes
from exports.shapes import Rect, Text
from exports.svg import to_svg
from exports.text_width import text_width
from exports.tile_map import COLUMNS, HEIGHT, PITCH, PLACES, STRIP, WIDTH, Tile, tile_map

UNITS = Path(__file__).parents[3] / "app/directory/data/administrative_units.csv"
KEY = [(Tile("", "", "", 5), "từ 95 % trở lên"), (Tile("", "", "", hatched=True), "bm: bảo mật thống kê")]


def provinces() -> dict[str, str]:
    with UNITS.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "province"]
    prefixes = ("Tỉnh ", "Thành phố ")
    return {row["code"]: next(row["name"].removeprefix(p) for p in prefixes if row["name"].startswith(p))
            for row in rows}  # fmt: skip


def drawn(tiles: list[Tile]) -> list[object]:
    return list(tile_map(tiles, KEY, title="Bản đồ", description="Mô tả").shapes)


def test_the_map_has_exactly_the_provinces_of_the_directory_each_at_its_own_place() -> None:
    assert set(PLACES) == set(provinces())
    assert len(set(PLACES.values())) == len(PLACES) == 34


def test_neighbours_on_the_ground_are_near_on_the_map() -> None:
    """Pairs with a common border, across the whole country: at most two steps in any direction."""
    pairs = (("12", "15"), ("11", "14"), ("04", "20"), ("01", "24"), ("31", "22"), ("37", "38"), ("38", "40"),
             ("40", "42"), ("42", "44"), ("44", "46"), ("46", "48"), ("48", "51"), ("51", "52"), ("52", "66"),
             ("66", "56"), ("68", "75"), ("75", "79"), ("79", "80"), ("80", "82"), ("82", "91"), ("86", "92"),
             ("92", "96"))  # fmt: skip
    for one, two in pairs:
        (column, row), (other_column, other_row) = PLACES[one], PLACES[two]
        assert abs(column - other_column) <= 2 and abs(row - other_row) <= 2, (one, two)
    north = [PLACES[code][1] for code in ("04", "01", "38", "46", "48", "56", "79", "96")]
    assert north == sorted(north)


def test_every_text_stays_inside_its_tile() -> None:
    for text in ("92,5 %", "100,0 %", "94,96 %", "bm", "–", "tk"):
        tiles = [Tile(code, name, text, 3) for code, name in provinces().items()]
        for shape in drawn(tiles)[: -2 * len(KEY) - 1]:
            if isinstance(shape, Text):
                left = shape.x - text_width(shape.text, shape.size) / 2
                column = int(shape.x // PITCH)
                assert left >= column * PITCH + STRIP - 1, shape
                assert shape.x + text_width(shape.text, shape.size) / 2 <= (column + 1) * PITCH + 1, shape
                assert "…" not in shape.text, shape


def test_the_key_leaves_the_coast_alone() -> None:
    key = [(Tile("", "", ""), "tk: ít phiếu, chỉ để tham khảo; –: chưa có phiếu nào từ đâu cả")]
    shapes = tile_map([Tile("52", "Gia Lai", "–")], key, title="Bản đồ", description="Mô tả").shapes
    words = next(shape for shape in shapes if isinstance(shape, Text) and shape.full)
    assert words.full == key[0][1]
    assert words.x + text_width(words.text, words.size) <= (COLUMNS - 1) * PITCH


def test_bands_differ_without_their_colour() -> None:
    """Each band has another texture, but the two highest, which differ as dark and light do."""
    textures = {}
    for level in (5, 4, 3, 2):
        shapes = drawn([Tile("01", "Hà Nội", "90,0 %", level)])
        body = next(shape for shape in shapes if isinstance(shape, Rect))
        strokes = [shape for shape in shapes if isinstance(shape, Strokes)]
        in_tile = [s for s in strokes if s.strokes[0][0][1] < HEIGHT * 4]
        textures[level] = (body.css, tuple(in_tile))
    assert textures[5][1] == textures[4][1] == ()
    assert textures[3][1] and textures[2][1] and textures[3][1] != textures[2][1]
    assert len({css for css, _strokes in textures.values()}) == 4


def test_what_is_hidden_is_hatched_and_what_is_missing_is_not() -> None:
    hidden, missing = (
        [shape for shape in drawn([tile]) if isinstance(shape, Strokes)]
        for tile in (Tile("01", "Hà Nội", "bm", hatched=True), Tile("01", "Hà Nội", "–"))
    )
    assert len(hidden) == len(missing) + 1


def test_a_province_without_a_place_stands_below_the_others() -> None:
    tiles = [Tile("96", "Cà Mau", "–"), *(Tile(f"x{index}", "Mới", "–") for index in range(COLUMNS + 1))]
    chart = tile_map(tiles, KEY, title="Bản đồ", description="Mô tả")
    bottoms = [shape.y for shape in chart.shapes if isinstance(shape, Text) and shape.text == "Mới"]
    last = max(row for _column, row in PLACES.values())
    assert min(bottoms) > (last + 1) * HEIGHT
    assert max(bottoms) < chart.height
    assert chart.width == WIDTH


def test_the_svg_of_all_provinces_is_light() -> None:
    tiles = [
        Tile(code, name, "92,5 %", 2 + index % 4) for index, (code, name) in enumerate(provinces().items())
    ]
    svg = to_svg(tile_map(tiles, KEY, title="Bản đồ", description="Mô tả"), "map")
    assert len(svg) < 45_000
    assert "style=" not in svg
