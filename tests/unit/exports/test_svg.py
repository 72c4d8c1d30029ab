"""The SVG of a drawing: valid, safe under a strict policy, and read aloud by its title."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings

from exports.shapes import LOOKS, Chart, Text
from exports.svg import to_svg
from tests.unit.exports.chart_inputs import CHARTS

SVG = "{http://www.w3.org/2000/svg}"
STYLES = Path(__file__).parents[3] / "app" / "static" / "chart.css"


@settings(max_examples=60)
@given(CHARTS)
def test_it_is_valid_and_needs_no_inline_style(chart: Chart) -> None:
    root = ET.fromstring(to_svg(chart, "a"))
    for element in root.iter():
        assert "style" not in element.attrib
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "rect", "line", "circle", "text", "polygon", "path"
        }  # fmt: skip


@settings(max_examples=30)
@given(CHARTS)
def test_ids_are_unique_on_a_page_with_two_drawings(chart: Chart) -> None:
    page = f"<div>{to_svg(chart, 'muc-do')}{to_svg(chart, 'xu-huong')}</div>"
    ids = [element.attrib["id"] for element in ET.fromstring(page).iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids)) == 4


def test_a_reader_hears_title_and_description() -> None:
    root = ET.fromstring(to_svg(Chart(10, 20, "Tỷ lệ < 90 %", "Sở A & Sở B", ()), "x"))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "x-title x-desc"
    heard = {element.attrib["id"]: element.text for element in root}
    assert heard == {"x-title": "Tỷ lệ < 90 %", "x-desc": "Sở A & Sở B"}
    assert root.attrib["viewBox"] == "0 0 10 20"


def test_texts_are_escaped() -> None:
    chart = Chart(9, 9, "t", "d", (Text(0, 5, "<script>", full='"&<'),))
    text = ET.fromstring(to_svg(chart, "x")).find(f"{SVG}text")
    assert text is not None
    assert [child.text for child in text] == ['"&<']
    assert "".join(text.itertext()).endswith("<script>")


@pytest.mark.parametrize("prefix", ["", "1a", 'a"b', "a b", "ô"])
def test_a_prefix_that_is_no_id_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError):
        to_svg(Chart(1, 1, "t", "d", ()), prefix)


def test_every_class_of_the_drawings_has_a_rule_in_the_stylesheet() -> None:
    styles = STYLES.read_text(encoding="utf-8")
    known = set(re.findall(r"\.chart \.([a-z0-9-]+)", styles))
    assert set(LOOKS) <= known


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    brighter, darker = sorted([_luminance(one), _luminance(two)], reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_numbers_stand_out_from_the_level_they_are_written_on() -> None:
    for level in range(1, 6):
        ground, text = LOOKS[f"level-{level}"].fill, LOOKS[f"on-{level}"].fill
        assert ground and text and contrast(ground, text) >= 4.5
    styles = (STYLES.parent / "site.css").read_text(encoding="utf-8")
    dark = styles.split("prefers-color-scheme: dark")[1]
    levels = re.findall(r"--l[1-5]: (#[0-9a-f]{6})", dark)[:5]
    assert len(levels) == 5
    assert all(contrast(colour, "#10171e") >= 4.5 for colour in levels)
