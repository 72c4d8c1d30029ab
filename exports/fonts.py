"""The serif of official documents: Times New Roman or a twin, with every Vietnamese letter, embedded.

Decree 30/2020/NĐ-CP, Appendix I, asks for Times New Roman. A font is used only after each letter was found
in it: `fonts-liberation` 1.07 of Debian lacks most Vietnamese letters, and a missing one is drawn as an
empty box and lost to search and copying without a word from the PDF library.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, Final

REGULAR: Final = "VanBan"
BOLD: Final = "VanBan-Dam"
ITALIC: Final = "VanBan-Nghieng"
BOLD_ITALIC: Final = "VanBan-DamNghieng"
NAMES: Final = (REGULAR, BOLD, ITALIC, BOLD_ITALIC)

_LETTERS: Final = ("a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y")
_TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
MARKS: Final = "“”‘’–—…₫%≥≤×·°±−+=<>/()[]{}.,:;!?'\"&*#@_-§→÷√½\u00a0"


class NoSuitableFont(RuntimeError):
    """No font on this machine has every letter that a Vietnamese document needs."""


@dataclass(frozen=True)
class Family:
    """Four TrueType faces: regular, bold, italic, bold italic."""

    name: str
    faces: tuple[Path, Path, Path, Path]


def vietnamese_letters() -> frozenset[str]:
    """The 134 letters with marks, upper and lower case."""
    small = {unicodedata.normalize("NFC", letter + tone) for letter, tone in product(_LETTERS, _TONES)}
    marked = {letter for letter in small if not letter.isascii()} | {"đ"}
    return frozenset(marked | {letter.upper() for letter in marked})


def needed_characters() -> frozenset[str]:
    """Every character that documents may print."""
    plain = {chr(code) for code in range(32, 127)}
    return frozenset(plain | vietnamese_letters() | set(MARKS))


def candidates() -> list[Family]:
    """Times New Roman, then its metric twins, then the serif that comes with the application."""
    fonts = Path("/usr/share/fonts")
    debian = fonts / "truetype"
    spelt = ("", "_Bold", "_Italic", "_Bold_Italic")
    short = ("", "bd", "i", "bi")
    dashed = ("-Regular", "-Bold", "-Italic", "-BoldItalic")
    return [
        _family("Times New Roman", debian / "msttcorefonts", "Times_New_Roman", spelt),
        _family("Times New Roman", fonts / "TTF", "times", short),
        _family("Times New Roman", Path("C:/Windows/Fonts"), "times", short),
        _family("Liberation Serif", debian / "liberation2", "LiberationSerif", dashed),
        _family("Liberation Serif", debian / "liberation", "LiberationSerif", dashed),
        _family("Liberation Serif", fonts / "liberation-serif", "LiberationSerif", dashed),
        _family("Tinos", debian / "croscore", "Tinos", dashed),
        *_packaged(dashed),
    ]


def _packaged(endings: tuple[str, str, str, str]) -> list[Family]:
    try:
        package = import_module("fontpkg_ibm_plex_serif")
    except ImportError:
        return []
    return [_family("IBM Plex Serif", Path(package.ROOT) / "files", "IBMPlexSerif", endings)]


def _family(name: str, folder: Path, stem: str, endings: tuple[str, str, str, str]) -> Family:
    regular, bold, italic, both = (folder / f"{stem}{ending}.ttf" for ending in endings)
    return Family(name, (regular, bold, italic, both))


def missing_characters(face: Path) -> frozenset[str]:
    """What a face lacks; everything where the file is absent or has no TrueType outlines."""
    from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

    needed = needed_characters()
    if not face.is_file():
        return needed
    try:
        glyphs = TTFontFile(str(face)).charToGlyph
    except (TTFError, OSError):
        return needed
    return frozenset(character for character in needed if not glyphs.get(ord(character)))


@cache
def find_family() -> Family:
    """The first family whose four faces lack nothing. Raises NoSuitableFont."""
    problems = []
    for family in candidates():
        lacking = [(face, missing_characters(face)) for face in family.faces if face.is_file()]
        if len(lacking) == len(family.faces) and not any(missing for _, missing in lacking):
            return family
        problems += [f"{face}: thiếu {len(missing)} ký tự" for face, missing in lacking if missing]
    tried = "; ".join(problems) or "không tìm thấy tệp phông nào"
    raise NoSuitableFont(
        "Không có phông chữ có chân nào đủ chữ cái tiếng Việt. Cài gói fonts-liberation2 của Debian hoặc "
        f"gói Python fontpkg-ibm-plex-serif. Đã thử: {tried}."
    )


@cache
def register_fonts() -> Family:
    """Make the four faces known to reportlab under NAMES, once in a process. Raises NoSuitableFont."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    family = find_family()
    for name, face in zip(NAMES, family.faces, strict=True):
        pdfmetrics.registerFont(TTFont(name, str(face)))
    for bold, italic in product((0, 1), repeat=2):
        addMapping(REGULAR, bold, italic, NAMES[bold + 2 * italic])
    return family


def width_of(text: str, face: str, size: float) -> float:
    """The width of a line in points, by the metrics of the registered face."""
    from reportlab.pdfbase import pdfmetrics

    found: Any = pdfmetrics.stringWidth(text, face, size)
    return float(found)
