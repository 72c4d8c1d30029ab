"""From the text of a questionnaire file to a questionnaire, or to every mistake with its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.ui.yaml_marks import read_yaml
from surveys.definition import check, question_at
from surveys.questionnaire import Questionnaire

# More than any text that is still read.
MAX_BYTES = 2_000_000


@dataclass(frozen=True, order=True)
class FileMistake:
    """What is wrong, where, and which rule says so; `line` counts from 1."""

    line: int
    place: str
    rule: str
    explanation: str

    def in_file(self, source: str) -> str:
        """`file:line: question: rule: explanation`, which editors and terminals can follow to the line."""
        return f"{source}:{self.line}: {self.place}: {self.rule}: {self.explanation}"


class BadQuestionnaire(ValueError):
    """A file that cannot become a questionnaire."""

    def __init__(self, source: str, mistakes: tuple[FileMistake, ...]) -> None:
        super().__init__("\n".join(mistake.in_file(source) for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Checked:
    """Exactly one of the two is there: a questionnaire, or mistakes."""

    questionnaire: Questionnaire | None
    mistakes: tuple[FileMistake, ...]


def read_questionnaire(text: str) -> Checked:
    """Reads and checks the text of a YAML file."""
    document = read_yaml(text)
    mistakes = [
        _mistake(item.line, item.path, question_at(item.trail, document.data), item.rule, item.message_vi)
        for item in document.mistakes
    ]
    if any(mistake.rule == "bad-yaml" for mistake in mistakes):
        return Checked(None, tuple(mistakes))
    if document.data is None:
        return _unusable(1, "empty-file", "tệp trống; phiếu bắt đầu bằng «code», «version», «languages»")
    questionnaire, found = check(document.data, document.marks)
    mistakes += [_mistake(item.line, item.path, item.question, item.rule, item.message_vi) for item in found]
    return Checked(None if mistakes else questionnaire, tuple(sorted(set(mistakes))))


def read_questionnaire_file(path: Path) -> Checked:
    """The same for a file; another encoding is one mistake. Raises OSError for an unreadable file."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        return _unusable(1, "too-large", f"tệp lớn hơn {MAX_BYTES // 1_000_000} MB nên không được đọc")
    try:
        return read_questionnaire(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _unusable(line, "bad-encoding", "tệp không phải UTF-8; hãy lưu lại với mã hóa UTF-8")


def _unusable(line: int, rule: str, words: str) -> Checked:
    return Checked(None, (FileMistake(line, "tệp", rule, words),))


def _mistake(line: int, path: str, question: str, rule: str, message: str) -> FileMistake:
    """The message of the checker begins with the place; in a line of its own the place has its own field."""
    place = f"câu {question}" if question else path or "tệp"
    return FileMistake(line, place, rule, message.removeprefix(f"{place}: ").removeprefix(f"{path}: "))
