"""Documents on disk: whoever looks at a file sees a whole one."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from app.file_obstacles import obstacle

__all__ = ["TEMPORARY", "obstacle", "safe_name", "write_whole"]

TEMPORARY: Final = ".dang-ghi-"
"""How the names of files begin that are not whole yet."""


def write_whole(folder: Path, name: str, content: bytes) -> Path:
    """Writes a temporary file beside its place and renames it. Raises OSError; nothing half is left."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / safe_name(name)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=TEMPORARY, suffix=target.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A temporary file is private; a document is as readable as any other file of its owner.
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target


def safe_name(name: str) -> str:
    """Codes of agencies come from files and must not lead out of the folder."""
    return re.sub(r"[^\w.-]", "_", name).lstrip(".") or "_"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
