"""Documents on disk: whoever looks at a file sees a whole one."""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.file_obstacles import obstacle

__all__ = ["TEMPORARY", "obstacle", "safe_name", "sweep_left_over", "write_whole"]

TEMPORARY: Final = ".dang-ghi-"
"""How the names of files begin that are not whole yet."""


def write_whole(folder: Path, name: str, content: bytes) -> Path:
    """Writes a temporary file beside its place and renames it. Raises OSError; nothing half is left.

    While it is written it is locked, so that everybody can tell it from what a killed process left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / safe_name(name)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=TEMPORARY, suffix=target.suffix)
    with os.fdopen(handle, "wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH)
            if not os.fstat(handle).st_nlink:
                # It was swept away in the moment before it was locked.
                return write_whole(folder, name, content)
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


def sweep_left_over(folder: Path) -> None:
    """Deletes what killed processes were just writing; what anybody writes now stays."""
    for path in folder.glob(f"{TEMPORARY}*"):
        # It may have been renamed meanwhile, or be written.
        with suppress(FileNotFoundError, BlockingIOError), path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def safe_name(name: str) -> str:
    """Codes of agencies come from files and must not lead out of the folder."""
    return re.sub(r"[^\w.-]", "_", name).lstrip(".") or "_"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
