"""What the scopes of grants are called and where they lie, told by the directory, which stands above."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from app.accounts.identity import NATION_SCOPE


@dataclass(frozen=True, slots=True)
class Place:
    """A province or an agency. `province` is where an agency lies; a province lies in the nation only."""

    code: str
    name: str
    province: str | None = None


Finder = Callable[[Collection[str]], Mapping[str, Place]]

_finders: Final[list[Finder]] = []


def register(finder: Finder) -> None:
    """Says who knows the places by their codes; codes that are no place are left out of the answer."""
    assert _finders in ([], [finder]), "two features want to know the places"
    _finders[:] = [finder]


def find_places(codes: Collection[str]) -> Mapping[str, Place]:
    """The places among these codes. The nation is none of them."""
    wanted = {code for code in codes if code != NATION_SCOPE}
    return _finders[0](wanted) if wanted else {}
