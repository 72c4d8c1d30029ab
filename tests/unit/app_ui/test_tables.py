"""Every cell of a console list says which column it stands in."""

from __future__ import annotations

from markupsafe import Markup

from app.ui.tables import labelled

ROWS = Markup(
    '<tr><th scope="row">Sơn La</th><td class="number">12</td>\n<td></td></tr>\n<tr><td>x</td></tr>'
)


def test_cells_carry_the_words_of_their_column_and_headings_none() -> None:
    marked = labelled(ROWS, ["Nơi", ("Số phiếu", "number"), "Tình trạng"])
    assert marked == (
        '<tr><th scope="row">Sơn La</th><td data-label="Số phiếu" class="number">12</td>\n'
        '<td data-label="Tình trạng"></td></tr>\n<tr><td data-label="Nơi">x</td></tr>'
    )


def test_words_are_escaped_and_a_nameless_column_says_nothing() -> None:
    marked = labelled(Markup("<tr><td>a</td><td>b</td><td>c</td></tr>"), ["", 'n < 10 "ẩn"'])
    assert marked == '<tr><td>a</td><td data-label="n &lt; 10 &#34;ẩn&#34;">b</td><td>c</td></tr>'
