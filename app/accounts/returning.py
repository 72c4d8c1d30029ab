"""Where to go after signing in: a page of the console, and never anywhere else. Pure."""

from __future__ import annotations

import re
from typing import Final

MOST_CHARACTERS: Final = 500
# Plain letters only: whatever a browser might read as a host, a scheme or a way up is not among them.
_PAGE: Final = re.compile(r"/quan-tri(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+(?:\?[A-Za-z0-9._~%=&+-]*)?")


def way_back(address: str) -> str:
    """The address if it is a page of the console, otherwise nothing."""
    if len(address) > MOST_CHARACTERS or _PAGE.fullmatch(address) is None:
        return ""
    return address
