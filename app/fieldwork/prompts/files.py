"""The files in which a province gives words and voices: loose, in a folder or in an archive."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Final

from flask_babel import gettext as _

from app.responding.importing.sniffing import Kind, kind_of
from app.responding.importing.spreadsheets import write_csv
from app.text_files import TableProblem
from surveys.printing import number
from surveys.questions import without_control

# Everything that is given at once, packed and unpacked.
MOST_GIVEN: Final = 20_000_000
MOST_FILES: Final = 300
_LONGEST_NAME: Final = 80
# What systems put beside the files of people.
_OF_SYSTEMS: Final = frozenset({"thumbs.db", "desktop.ini"})
_ARCHIVE: Final = b"PK\x03\x04"
_ENTRY: Final = b"PK\x01\x02"
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class GivenFile:
    """`name` is the last part of its path, as messages repeat it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class BadFile:
    """What is wrong with a file, in the language of the page; `line` is 0 where it is the file as a whole."""

    name: str
    line: int
    why: str

    def __str__(self) -> str:
        place = _("dòng %(line)s", line=self.line) if self.line else ""
        return ": ".join(part for part in (self.name, place, self.why) if part)


class TooMuch(Exception):
    """More was given than is ever read; the message is in the language of the page."""


class Reader:
    """Reads what is given, up to the limits. Raises TooMuch beyond them, OSError for a file on disk."""

    def __init__(self) -> None:
        self.left = MOST_GIVEN
        self.bad: list[BadFile] = []

    def streams(self, given: Iterable[tuple[str, IO[bytes]]]) -> Iterator[GivenFile]:
        """Archives are opened and workbooks become tables; what cannot be opened is in `bad`."""
        for count, (path, stream) in enumerate(given, start=1):
            if count > MOST_FILES:
                raise TooMuch(_too_many())
            yield from self._opened(path, self._read(stream))

    def path(self, path: Path) -> Iterator[GivenFile]:
        """A file, or the files of a folder; folders within it are not looked into."""
        paths = sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]
        for count, item in enumerate(paths, start=1):
            if count > MOST_FILES:
                raise TooMuch(_too_many())
            with item.open("rb") as stream:
                yield from self._opened(item.name, self._read(stream))

    def _read(self, stream: IO[bytes]) -> bytes:
        content = stream.read(self.left + 1)
        if len(content) > self.left:
            raise TooMuch(
                _(
                    "Mỗi lần nhận tối đa %(most)s MB, tính cả khi đã giải nén. Hãy chia ra.",
                    most=number(MOST_GIVEN // _MEGABYTE),
                )
            )
        self.left -= len(content)
        return content

    def _opened(self, path: str, content: bytes) -> Iterator[GivenFile]:
        name = shown_name(path)
        if _is_of_the_system(path):
            return
        if not content.startswith(_ARCHIVE):
            yield GivenFile(name, content)
            return
        try:
            yield from self._members(name, content)
        except (
            zipfile.BadZipFile, RuntimeError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
            # An entry without a name.
            IndexError,
        ):  # fmt: skip
            why = _("không giải nén được. Hãy nén lại thành .zip, không đặt mật khẩu")
            self.bad.append(BadFile(name, 0, why))

    def _members(self, name: str, content: bytes) -> Iterator[GivenFile]:
        # Counted before the library makes an object of each.
        if content.count(_ENTRY) > MOST_FILES:
            raise TooMuch(_too_many())
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "xl/workbook.xml" in archive.namelist():
                yield from self._workbook(name, content)
                return
            for entry in archive.infolist():
                if entry.is_dir() or _is_of_the_system(entry.filename):
                    continue
                # What the entry says of its size may be a lie; what is read counts.
                with archive.open(entry) as stream:
                    inner = self._read(stream)
                if inner.startswith(_ARCHIVE):
                    why = _("tệp nén trong tệp nén; hãy chỉ nén một lần")
                    self.bad.append(BadFile(shown_name(entry.filename), 0, why))
                else:
                    yield GivenFile(shown_name(entry.filename), inner)

    def _workbook(self, name: str, content: bytes) -> Iterator[GivenFile]:
        """The first sheet as the table that people would have saved; breaks within a cell become spaces."""
        with TemporaryDirectory() as folder:
            workbook, table = Path(folder) / "a.xlsx", Path(folder) / "a.csv"
            workbook.write_bytes(content)
            assert kind_of(workbook) is Kind.XLSX, "the archive names a workbook"
            try:
                write_csv(workbook, table)
                with table.open("rb") as stream:
                    yield GivenFile(f"{PurePosixPath(name).stem}.csv", self._read(stream))
            except TableProblem as problem:
                self.bad.append(BadFile(name, 0, str(problem)))


def shown_name(path: str) -> str:
    """The last part of a path, fit to be shown."""
    name = PurePosixPath(path.replace("\\", "/")).name
    return without_control(name, "�")[:_LONGEST_NAME]


def _is_of_the_system(path: str) -> bool:
    parts = [part for part in PurePosixPath(path.replace("\\", "/")).parts if part != ".."]
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not parts or hidden or parts[-1].lower() in _OF_SYSTEMS


def _too_many() -> str:
    words: str = _("Mỗi lần nhận tối đa %(most)s tệp. Hãy chia ra.", most=MOST_FILES)
    return words
