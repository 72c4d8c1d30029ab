"""How provinces, communes and their agencies are called. Pure: names in, names out."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from app.directory.records import ProvinceLevel, ProvinceView

KINDS: Final = ("office", "department", "ministry", "commune", "other")
"""The kinds of agencies, in the order in which they are listed."""

_PROVINCE_PREFIX: Final = re.compile(r"(tỉnh|thành phố|tp\.|tp)\s+", flags=re.IGNORECASE)
_COMMUNE_PREFIX: Final = re.compile(r"(xã|phường|đặc khu)\s+", flags=re.IGNORECASE)
_CITY_WORDS: Final = (
    # What the standard list says for a province, and what the same body is called in a centrally run city.
    ("Văn phòng Ủy ban nhân dân tỉnh", "Văn phòng Ủy ban nhân dân thành phố"),
    ("Thanh tra tỉnh", "Thanh tra thành phố"),
)


def kind_rank(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def short_name(name: str) -> str:
    """Without what it is: "Tỉnh Sơn La" and "TP. Hải Phòng" are "Sơn La" and "Hải Phòng"."""
    found = _PROVINCE_PREFIX.match(name.strip())
    return name.strip()[found.end() :] if found else name.strip()


def province_level(name: str, level: str = "province") -> ProvinceLevel:
    """The prefix of the name decides; a bare name is a city only where the list says so."""
    found = _PROVINCE_PREFIX.match(name.strip())
    if found is None:
        return "city" if level == "city" else "province"
    return "province" if found[1].lower() == "tỉnh" else "city"


def full_province_name(name: str, level: str = "province") -> str:
    """One spelling for uneven lists: "Sơn La" is "Tỉnh Sơn La", "TP Huế" is "Thành phố Huế"."""
    prefix = "Thành phố" if province_level(name, level) == "city" else "Tỉnh"
    return f"{prefix} {short_name(name)}"


def province_title(view: ProvinceView) -> str:
    """The name inside a sentence or an official heading: "tỉnh Sơn La", "thành phố Hải Phòng"."""
    prefix = "thành phố" if province_level(view.name, view.level) == "city" else "tỉnh"
    return f"{prefix} {short_name(view.name)}"


def department_name(standard: str, level: ProvinceLevel) -> str:
    """The name of a standard department in a province, or in a city of that rank."""
    if level == "city":
        for in_province, in_city in _CITY_WORDS:
            if standard == in_province:
                return in_city
    return standard


def committee_name(commune: str) -> str:
    """The people's committee of "Xã Mường La": "Ủy ban nhân dân xã Mường La"."""
    found = _COMMUNE_PREFIX.match(commune)
    name = f"{found[1].lower()} {commune[found.end() :]}" if found else commune
    return f"Ủy ban nhân dân {name}"


def clean(name: str) -> str:
    """A name as it is stored and compared: NFC, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())
