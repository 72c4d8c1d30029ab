"""The shape of a questionnaire file: the published JSON Schema, applied with words for people.

The schema is the one authority on the shape; this reads the part of JSON Schema 2020-12 that it uses, and
a test holds it against a full validator.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

Trail: TypeAlias = tuple[str | int, ...]
Schema: TypeAlias = Mapping[str, Any] | bool

SCHEMA_FILE: Final = Path(__file__).parent / "catalogue" / "questionnaire.schema.json"

_TYPES: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "object": (lambda value: isinstance(value, dict), "một bảng khóa và giá trị"),
    "array": (lambda value: isinstance(value, list), "một danh sách"),
    "string": (lambda value: isinstance(value, str), "một chuỗi ký tự"),
    "boolean": (lambda value: isinstance(value, bool), "true hoặc false"),
    "number": (lambda value: isinstance(value, int | float) and not isinstance(value, bool), "một số"),
    "integer": (
        lambda value: (
            (isinstance(value, int) and not isinstance(value, bool))
            or (isinstance(value, float) and value.is_integer())
        ),
        "một số nguyên",
    ),
}


@dataclass(frozen=True)
class Fault:
    """One broken rule, at one place of the file."""

    trail: Trail
    rule: str
    message: str


@cache
def questionnaire_schema() -> Mapping[str, Any]:
    """The published schema, as `catalogue/questionnaire.schema.json` holds it."""
    schema: Mapping[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def as_written(value: object) -> str:
    """A value as a file would hold it: true, not True."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def shape_faults(value: object, schema: Schema | None = None, trail: Trail = ()) -> Iterator[Fault]:
    """Every place at which `value` departs from the schema (the whole questionnaire's by default)."""
    if schema is None:
        schema = questionnaire_schema()
    if isinstance(schema, bool):
        if not schema:
            yield Fault(trail, "key-not-used", f"khóa «{trail[-1]}» không dùng cho loại câu hỏi này")
        return
    if "$ref" in schema:
        yield from shape_faults(value, _resolved(schema["$ref"]), trail)
    if "type" in schema and (fault := _type_fault(value, schema["type"], trail)):
        yield fault
        return
    for keyword, read in _KEYWORDS.items():
        if keyword in schema:
            for fault in read(value, schema, trail):
                yield _in_own_words(fault, schema, trail) if keyword in _OWN_WORDS else fault
    for part in schema.get("allOf", ()):
        yield from shape_faults(value, part, trail)
    if "if" in schema and next(shape_faults(value, schema["if"], trail), None) is None:
        yield from shape_faults(value, schema["then"], trail)


def _resolved(reference: str) -> Schema:
    found: Schema = questionnaire_schema()["$defs"][reference.removeprefix("#/$defs/")]
    return found


def _in_own_words(fault: Fault, schema: Mapping[str, Any], trail: Trail) -> Fault:
    return Fault(trail, schema.get("x-rule", fault.rule), schema.get("x-message", fault.message))


def _type_fault(value: object, types: str | list[str], trail: Trail) -> Fault | None:
    wanted = [types] if isinstance(types, str) else types
    if any(_TYPES[name][0](value) for name in wanted):
        return None
    advice = "; hãy đặt trong dấu nháy" if "string" in wanted and isinstance(value, int | float) else ""
    names = " hoặc ".join(_TYPES[name][1] for name in wanted)
    return Fault(trail, "wrong-type", f"phải là {names}{advice}")


def _required(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    if isinstance(value, dict):
        for key in schema["required"]:
            if key not in value:
                yield Fault(trail, "missing-key", f"thiếu khóa «{key}»")


def _properties(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    if isinstance(value, dict):
        for key, part in schema["properties"].items():
            if key in value:
                yield from shape_faults(value[key], part, (*trail, key))


def _other_properties(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    for key in (key for key in value if key not in known):
        if schema["additionalProperties"] is not False:
            yield from shape_faults(value[key], schema["additionalProperties"], (*trail, key))
            continue
        close = get_close_matches(str(key), known, n=1)
        advice = f"; có phải «{close[0]}»?" if close else ""
        yield Fault((*trail, key), "unknown-key", f"khóa lạ «{key}»{advice}")


def _size(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    """minProperties, maxProperties, minItems, maxItems: each concerns one type of value."""
    kind = "Properties" if isinstance(value, dict) else "Items"
    if not isinstance(value, dict | list):
        return
    if len(value) < schema.get(f"min{kind}", 0):
        yield Fault(trail, "too-few", f"cần ít nhất {schema[f'min{kind}']} mục")
    if len(value) > schema.get(f"max{kind}", math.inf):
        yield Fault(trail, "too-many", f"có không quá {schema[f'max{kind}']} mục")


def _items(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from shape_faults(item, schema["items"], (*trail, index))


def _unique(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            if any(_same(item, earlier) for earlier in value[:index]):
                yield Fault((*trail, index), "repeated", f"«{as_written(item)}» có hai lần trong danh sách")


def _same(one: object, other: object) -> bool:
    """Equality of JSON, in which true is not 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _pattern(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    if isinstance(value, str) and not re.search(schema["pattern"], value):
        yield Fault(trail, "bad-format", "không đúng mẫu")


def _max_length(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    if isinstance(value, str) and len(value) > schema["maxLength"]:
        yield Fault(trail, "too-long", f"lời dài {len(value)} ký tự, không được quá {schema['maxLength']}")


def _range(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if value < schema.get("minimum", -math.inf) or value <= schema.get("exclusiveMinimum", -math.inf):
        bound = schema.get("minimum", schema.get("exclusiveMinimum"))
        yield Fault(trail, "out-of-range", f"số quá nhỏ; giới hạn là {bound}")
    if value > schema.get("maximum", math.inf):
        yield Fault(trail, "out-of-range", f"số quá lớn; giới hạn là {schema['maximum']}")


def _choice(value: object, schema: Mapping[str, Any], trail: Trail) -> Iterator[Fault]:
    allowed = schema["enum"] if "enum" in schema else [schema["const"]]
    if value not in allowed:
        yield Fault(trail, "unknown-value", f"«{as_written(value)}» không có trong: {', '.join(allowed)}")


_KEYWORDS: Final[Mapping[str, Callable[[object, Mapping[str, Any], Trail], Iterator[Fault]]]] = {
    "required": _required,
    "properties": _properties,
    "additionalProperties": _other_properties,
    "minProperties": _size,
    "minItems": _size,
    "items": _items,
    "uniqueItems": _unique,
    "pattern": _pattern,
    "maxLength": _max_length,
    "minimum": _range,
    "exclusiveMinimum": _range,
    "enum": _choice,
    "const": _choice,
}
# Keywords whose fault is told in the words of the schema that broke, not in those of one inside it.
_OWN_WORDS: Final = frozenset({"minProperties", "pattern", "maxLength", "enum"})
