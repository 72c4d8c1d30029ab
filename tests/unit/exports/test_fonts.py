"""The font of documents: no letter may be missing, and a lack is said and not drawn as boxes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from exports import fonts
from tests.conftest import lacking

TRAP = Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf")


@pytest.fixture(autouse=True)
def _no_memory() -> object:
    fonts.find_family.cache_clear()
    yield
    fonts.find_family.cache_clear()


def test_the_alphabet_has_134_letters_with_marks_and_each_is_one_character() -> None:
    letters = fonts.vietnamese_letters()
    assert len(letters) == 134
    assert {"Ạ", "ỹ", "Đ", "ữ", "Ằ"} <= letters
    assert all(unicodedata.normalize("NFC", letter) == letter for letter in letters)


def test_the_font_found_lacks_nothing_in_any_of_its_four_faces() -> None:
    family = fonts.find_family()
    assert [fonts.missing_characters(face) for face in family.faces] == [frozenset()] * 4


def test_the_packaged_serif_lacks_nothing_either() -> None:
    family = fonts.candidates()[-1]
    assert family.name == "IBM Plex Serif"
    assert not any(fonts.missing_characters(face) for face in family.faces)


def test_the_old_liberation_serif_is_known_to_lack_92_letters() -> None:
    if not TRAP.is_file():
        lacking("fonts-liberation 1.07")
    assert len(fonts.missing_characters(TRAP) & fonts.vietnamese_letters()) == 92


def test_a_file_that_is_no_font_and_a_file_that_is_not_there_lack_everything(tmp_path: Path) -> None:
    broken = tmp_path / "x.ttf"
    broken.write_bytes(b"\x00\x01\x00\x00 no font at all")
    assert fonts.missing_characters(broken) == fonts.needed_characters()
    assert fonts.missing_characters(tmp_path / "none.ttf") == fonts.needed_characters()


def test_a_machine_with_the_old_font_alone_takes_the_packaged_one(monkeypatch: pytest.MonkeyPatch) -> None:
    families = [item for item in fonts.candidates() if "liberation2" not in str(item.faces[0])]
    monkeypatch.setattr(fonts, "candidates", lambda: families)
    assert fonts.find_family().name == "IBM Plex Serif"


def test_without_any_complete_font_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    old = [item for item in fonts.candidates() if item.faces[0] == TRAP]
    monkeypatch.setattr(fonts, "candidates", lambda: old)
    with pytest.raises(fonts.NoSuitableFont, match="fonts-liberation2"):
        fonts.find_family()
