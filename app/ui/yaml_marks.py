"""YAML files that people write, read together with the line of every key and list item."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import yaml

Trail: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = "dict[str | int, Value] | list[Value] | str | int | float | bool | None"

MAX_DEPTH: Final = 30
MAX_NODES: Final = 20_000
# Reading takes a second for each hundred thousand characters or so; no file that people write is as long.
MAX_CHARACTERS: Final = 400_000
# What the reader of YAML says, in words for the people who write the files.
_PROBLEMS: Final = (
    ("found character '\\t'", "thụt dòng bằng phím Tab; hãy dùng dấu cách"),
    ("but found another document", "có dòng «---» mở thêm một tài liệu; mỗi tệp chỉ một phiếu"),
    ("mapping values are not allowed here", "dấu hai chấm ở chỗ không hợp lệ; hãy đặt lời trong dấu nháy"),
    ("could not find expected ':'", "khóa thiếu dấu hai chấm, hoặc dấu nháy chưa đóng"),
    ("did not find expected", "thiếu dấu phẩy hoặc dấu đóng ngoặc, hoặc thụt dòng sai"),
    ("expected <block end>", "thụt dòng không khớp với các dòng trên"),
    ("expected ',' or", "thiếu dấu phẩy hoặc dấu đóng ngoặc"),
    ("expected the node content", "thiếu giá trị hoặc thừa dấu đóng ngoặc"),
    ("found unexpected end of stream", "dấu nháy hoặc dấu ngoặc chưa đóng"),
    ("found undefined alias", "dấu * trỏ tới chỗ không có; lời bắt đầu bằng * phải đặt trong dấu nháy"),
    ("found duplicate anchor", "dấu & đặt trùng tên"),
    ("cannot start any token", "lời bắt đầu bằng ký tự dành riêng của YAML; hãy đặt trong dấu nháy"),
    ("sequence entries are not allowed here", "dấu gạch đầu dòng ở chỗ không hợp lệ; hãy xem lại thụt dòng"),
)


@dataclass(frozen=True, order=True)
class YamlMistake:
    """What is wrong at one line (from 1) of a YAML text."""

    line: int
    path: str
    rule: str
    message_vi: str
    trail: Trail = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"dòng {self.line}: {self.message_vi} [{self.rule}]"


class BadYaml(ValueError):
    """A text that is no YAML, or YAML with keys that hide one another."""

    def __init__(self, mistakes: tuple[YamlMistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Document:
    """What a YAML text holds, where each thing stands (trail of keys and indices → line) and its mistakes."""

    data: Value
    marks: dict[Trail, int]
    mistakes: tuple[YamlMistake, ...]


def parse_yaml(text: str) -> tuple[Value, dict[Trail, int]]:
    """Mappings and their marks; raises BadYaml with every mistake of the YAML itself."""
    document = read_yaml(text)
    if document.mistakes:
        raise BadYaml(document.mistakes)
    return document.data, document.marks


def read_yaml(text: str) -> Document:
    """The same, with the mistakes handed back, so that a further check can add its own to them.

    Scalars follow the core schema of YAML 1.2: only true and false are booleans (a bare `no` or `on` is a
    word). Dates, and digits after a leading zero (codes of units), stay text. Of two equal keys the
    first one is kept.
    """
    if len(text) > MAX_CHARACTERS:
        return _broken(1, f"tệp dài quá {MAX_CHARACTERS} ký tự")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        reader = _Reader()
        data = reader.read(node, (), 0) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _broken(mark.line + 1 if mark else 1, f"không đọc được YAML: {_explained(error)}")
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        return _broken(line, "có ký tự không được phép trong YAML")
    except _TooLarge as error:
        return _broken(error.line, str(error))
    except RecursionError:
        return _broken(1, _TOO_DEEP)
    return Document(data, {(): 1, **reader.marks}, tuple(sorted(reader.mistakes)))


def _broken(line: int, message: str) -> Document:
    return Document(None, {(): 1}, (YamlMistake(line, "", "bad-yaml", message),))


def _explained(error: yaml.MarkedYAMLError) -> str:
    """In Vietnamese where the problem is a common one, else as the reader says it."""
    said = error.problem or error.context or ""
    return next((words for part, words in _PROBLEMS if part in said), said)


class _TooLarge(Exception):
    """Aliases can make a short text unfold without end; a questionnaire or a plan is small."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line = line


_TOO_DEEP: Final = f"lồng nhau quá {MAX_DEPTH} tầng"


@dataclass
class _Reader:
    marks: dict[Trail, int] = field(default_factory=dict)
    mistakes: list[YamlMistake] = field(default_factory=list)
    nodes: int = 0

    def read(self, node: yaml.Node, trail: Trail, depth: int) -> Value:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise _TooLarge(node.start_mark.line + 1, _TOO_DEEP)
        if self.nodes > MAX_NODES:
            raise _TooLarge(node.start_mark.line + 1, f"tệp quá lớn: có hơn {MAX_NODES} mục")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, trail, depth)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node, trail, depth)
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, trail)

    def _mapping(self, node: yaml.MappingNode, trail: Trail, depth: int) -> Value:
        data: dict[str | int, Value] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node, trail) if isinstance(key_node, yaml.ScalarNode) else None
            if isinstance(key, bool) or not isinstance(key, str | int):
                self._note(line, trail, "bad-key", "khóa phải là chữ hoặc số nguyên")
                continue
            if key in data:
                first = self.marks[(*trail, key)]
                self._note(line, (*trail, key), "duplicate-key", f"khóa «{key}» đã có ở dòng {first}")
                continue
            self.marks[(*trail, key)] = line
            data[key] = self.read(value_node, (*trail, key), depth + 1)
        return data

    def _sequence(self, node: yaml.SequenceNode, trail: Trail, depth: int) -> Value:
        items: list[Value] = []
        for index, item in enumerate(node.value):
            self.marks[(*trail, index)] = item.start_mark.line + 1
            items.append(self.read(item, (*trail, index), depth + 1))
        return items

    def _scalar(self, node: yaml.ScalarNode, trail: Trail) -> str | int | float | bool | None:
        text: str = node.value
        if node.tag.startswith("tag:yaml.org,2002:python") or node.tag.startswith("!"):
            self._note(node.start_mark.line + 1, trail, "bad-tag", f"không dùng nhãn «{node.tag}»")
        if node.style is not None or node.tag == "tag:yaml.org,2002:str":
            return text
        return next((read(text) for pattern, read in _CORE if pattern.fullmatch(text)), text)

    def _note(self, line: int, trail: Trail, rule: str, message: str) -> None:
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in trail).lstrip(".")
        self.mistakes.append(YamlMistake(line, path, rule, f"{path}: {message}" if path else message, trail))


def _number(text: str) -> float | str:
    """A number that JSON can hold too; 1e999 stays text."""
    number = float(text)
    return number if math.isfinite(number) else text


_CORE: Final[tuple[tuple[re.Pattern[str], Callable[[str], str | int | float | bool | None]], ...]] = (
    (re.compile(r"|~|null|Null|NULL"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?(0|[1-9][0-9]{0,17})"), int),
    (re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)\.[0-9]*)([eE][-+]?[0-9]+)?"), _number),
)
