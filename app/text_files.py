"""Whether a file that people made is text that we read; what it is instead is told in their words."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

NOTHING_KEPT: Final = "Chưa có gì được lưu."
_SAVE_AS: Final = "Hãy lưu lại dưới dạng “CSV UTF-8” rồi nhập lại."
_BLOCK: Final = 1 << 20
_OTHER_KINDS: Final = {
    b"PK\x03\x04": "bảng tính Excel (.xlsx) hoặc tệp nén (.zip)",
    b"\xd0\xcf\x11\xe0": "bảng tính Excel cũ (.xls)",
    b"\x1f\x8b": "tệp nén (.gz)",
    b"%PDF": "văn bản PDF",
    b"\x89PNG": "ảnh",
}
"""By the bytes that such files begin with."""


class TableProblem(Exception):
    """The file as a whole cannot be used; the message says why and what to do, in Vietnamese."""


def reason_of(error: OSError) -> str:
    """Why a file could not be opened, in Vietnamese."""
    if isinstance(error, FileNotFoundError):
        return "không có tệp hoặc thư mục này"
    if isinstance(error, IsADirectoryError):
        return "đây là thư mục"
    return "không có quyền" if isinstance(error, PermissionError) else str(error.strerror)


def refuse_other_encodings(path: Path) -> None:
    """Reads the file to its end, so that a wrong byte in the last row is found before the first is kept.

    Raises TableProblem.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            for mark, kind in _OTHER_KINDS.items():
                if start.startswith(mark):
                    raise TableProblem(f"Tệp là {kind}, không phải văn bản. {_SAVE_AS} {NOTHING_KEPT}")
            if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start:
                raise TableProblem(_wrong_encoding("Tệp", "UTF-16 (“Unicode Text”)"))
            stream.seek(0)
            while block := stream.read(_BLOCK):
                text = decoder.decode(block)
                line += text.count("\n")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        guess = "Windows-1258 hoặc một bảng mã cũ khác"
        raise TableProblem(_wrong_encoding(f"Dòng {line} của tệp", guess)) from error
    except OSError as error:
        raise TableProblem(f"Không đọc được tệp {path}: {reason_of(error)}.") from error


def _wrong_encoding(subject: str, guess: str) -> str:
    return f"{subject} không phải UTF-8; có lẽ tệp được lưu bằng {guess}. {_SAVE_AS} {NOTHING_KEPT}"
