"""Static files: addressed by their content, cached for a year, compressed once when the process starts."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static"
COMPRESSIBLE = (".css", ".js", ".svg", ".txt", ".webmanifest")
CACHE_FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    digest: str
    content: bytes
    compressed: bytes | None
    media_type: str


@cache
def find_asset(name: str) -> Asset | None:
    """The file under `app/static/`, or None. Names are a closed set: no path climbs out of the folder."""
    if name not in known_assets():
        return None
    content = (FOLDER / name).read_bytes()
    compressed = gzip.compress(content, 9, mtime=0) if name.endswith(COMPRESSIBLE) else None
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media_type.startswith("text/") or media_type.endswith(("javascript", "+xml")):
        media_type += "; charset=utf-8"
    return Asset(name, hashlib.sha256(content).hexdigest()[:12], content, compressed, media_type)


@cache
def known_assets() -> frozenset[str]:
    return frozenset(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


def asset_url(name: str) -> str:
    """The address of a static file, which changes with its content. Raises KeyError for an unknown name."""
    asset = find_asset(name)
    if asset is None:
        raise KeyError(name)
    return f"/static/{asset.digest}/{asset.name}"
