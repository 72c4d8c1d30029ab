"""From the files of a province to the words and voices of a questionnaire in a language, or to every mistake.

A voice and a text file bear the code of their part as their name (`filed_online.mp3`, `intro.txt`). A table
has the code in its first column and the words in its last, so that a translator works in one sheet.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from flask_babel import gettext as _

from app.fieldwork.prompts.files import BadFile, GivenFile
from surveys.printing import number
from surveys.questions import has_control
from surveys.sounds import Fault, NotTaken, Sound, sound_of

INTRO: Final = "intro"
TEXT, VOICE = "text", "voice"
KINDS: Final = (TEXT, VOICE)
PLAIN: Final = "text/plain"
MOST_LETTERS: Final = 1_000
# Half a minute as telephones record it by themselves, two minutes as one can record speech.
MOST_VOICE: Final = 600_000
MOST_SECONDS: Final = 120
HEADER: Final = "mã câu"
_SEPARATORS: Final = ",;\t"
_TABLES: Final = (".csv", ".tsv")
# A spreadsheet must not take a cell for a formula, so our own tables put an apostrophe before it.
_GUARDED: Final = re.compile(r"'(?=[=+\-@])")
_LEAST_CELLS: Final = 2


@dataclass(frozen=True, slots=True)
class ReadPrompt:
    """`content` as it is served; `seconds` of a voice that says how long it is; `where` names its file."""

    part: str
    kind: str
    content: bytes
    media_type: str
    seconds: int | None
    where: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read_prompts(files: Iterable[GivenFile], parts: Sequence[str]) -> tuple[list[ReadPrompt], list[BadFile]]:
    """What the files say for these parts, and what is wrong; whoever asks takes all of it or none."""
    good: dict[tuple[str, str], ReadPrompt] = {}
    bad: list[BadFile] = []
    for file in files:
        for found in _read(file, parts):
            if isinstance(found, BadFile):
                bad.append(found)
            elif (found.part, found.kind) in good:
                first = good[found.part, found.kind].where
                why = _("“%(part)s” đã có trong %(first)s; hãy chỉ giữ một", part=found.part, first=first)
                bad.append(BadFile(file.name, 0, why))
            else:
                good[found.part, found.kind] = found
    return list(good.values()), bad


def _read(file: GivenFile, parts: Sequence[str]) -> Iterator[ReadPrompt | BadFile]:
    try:
        sound = sound_of(file.content)
    except NotTaken as problem:
        if problem.fault is not Fault.NO_SOUND:
            yield BadFile(file.name, 0, fault_words(problem))
            return
        yield from _text_file(file, parts)
        return
    part = _part_of(PurePosixPath(file.name).stem, parts)
    why = _no_part(PurePosixPath(file.name).stem, parts) if part is None else _too_much(file, sound)
    if part is None or why:
        yield BadFile(file.name, 0, why)
        return
    seconds = None if sound.seconds is None else max(1, round(sound.seconds))
    yield ReadPrompt(part, VOICE, file.content, sound.kind.value, seconds, file.name)


def _too_much(file: GivenFile, sound: Sound) -> str:
    """Why a voice is not taken as it is; nothing where it may be."""
    words = ""
    if len(file.content) > MOST_VOICE:
        words = _(
            "nặng %(size)s kB, nhiều nhất %(most)s kB. Hãy lưu như giọng nói (khoảng 32 kbit/s, mono)",
            size=number(len(file.content) // 1000),
            most=number(MOST_VOICE // 1000),
        )
    elif sound.seconds is not None and sound.seconds > MOST_SECONDS:
        words = _(
            "dài %(seconds)s giây, nhiều nhất %(most)s giây",
            seconds=number(round(sound.seconds)),
            most=number(MOST_SECONDS),
        )
    return words


def fault_words(problem: NotTaken) -> str:
    words: dict[Fault, str] = {
        Fault.NO_SOUND: _("không phải tệp tiếng (MP3, M4A, Ogg Opus) hay tệp chữ (.csv, .xlsx, .txt)"),
        Fault.OTHER_KIND: _(
            "là %(found)s, máy cũ không phát được hoặc quá nặng. Hãy lưu thành MP3, M4A (AAC) hoặc Ogg Opus",
            found=problem.found,
        ),
        Fault.BROKEN: _("tệp tiếng bị cắt cụt hoặc bị hỏng. Hãy xuất lại từ bản thu rồi tải lên"),
        Fault.PICTURES: _("là phim. Hãy chỉ xuất phần tiếng thành MP3, M4A (AAC) hoặc Ogg Opus"),
    }
    return words[problem.fault]


def _text_file(file: GivenFile, parts: Sequence[str]) -> Iterator[ReadPrompt | BadFile]:
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix not in (*_TABLES, ".txt"):
        yield BadFile(file.name, 0, fault_words(NotTaken(Fault.NO_SOUND)))
        return
    text, line = _decoded(file.content)
    if text is None:
        why = _("không phải UTF-8. Hãy lưu lại dưới dạng “CSV UTF-8” (hoặc văn bản UTF-8)")
        yield BadFile(file.name, line, why)
    elif suffix in _TABLES:
        yield from _table(file.name, text, parts)
    else:
        yield _words(file.name, 0, PurePosixPath(file.name).stem, text, parts)


def _decoded(content: bytes) -> tuple[str | None, int]:
    """The text in composed letters, or None with the line of the first wrong byte."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, content[: error.start].count(b"\n") + 1
    return unicodedata.normalize("NFC", text), 0


def _table(name: str, text: str, parts: Sequence[str]) -> Iterator[ReadPrompt | BadFile]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = next((letter for letter in first if letter in _SEPARATORS), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            why = _("có dấu nháy kép không đóng hoặc sai chỗ từ dòng này")
            yield BadFile(name, line, why)
            return
        if cells is None:
            return
        cells = [cell.strip() for cell in cells]
        if not any(cells) or cells[0].lower() == HEADER:
            continue
        if len(cells) < _LEAST_CELLS:
            yield BadFile(name, line, _("cần ít nhất hai cột: mã câu và lời"))
        # A part that is not translated yet keeps what it has.
        elif cells[-1]:
            yield _words(name, line, cells[0], cells[-1], parts)


def _words(name: str, line: int, code: str, text: str, parts: Sequence[str]) -> ReadPrompt | BadFile:
    part = _part_of(code, parts)
    if part is None:
        return BadFile(name, line, _no_part(code, parts))
    words = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()
    words = words[1:] if _GUARDED.match(words) else words
    if not words or has_control(words):
        return BadFile(name, line, _("lời trống hoặc có ký tự điều khiển"))
    if len(words) > MOST_LETTERS:
        why = _("lời dài %(n)s ký tự, nhiều nhất %(most)s", n=number(len(words)), most=number(MOST_LETTERS))
        return BadFile(name, line, why)
    where = _("%(name)s, dòng %(line)s", name=name, line=line) if line else name
    return ReadPrompt(part, TEXT, words.encode(), PLAIN, None, where)


def _part_of(code: str, parts: Sequence[str]) -> str | None:
    """Codes have plain small letters; telephones and spreadsheets like to begin with a capital."""
    wanted = code.strip().lower()
    return wanted if wanted in parts else None


def _no_part(code: str, parts: Sequence[str]) -> str:
    words: str = _(
        "phiếu không có câu mã “%(code)s”. Các mã: %(parts)s", code=code[:40], parts=", ".join(parts)
    )
    return words
