"""Pages of long lists, found by the key of their first or last row: page 900 costs no more than page 1."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from flask import request, url_for
from sqlalchemy import ColumnElement, Select, literal, tuple_

from app.extensions import db
from app.i18n import PARAMETER
from app.ui.links import with_arguments

PAGE_SIZE: Final = 50
AFTER: Final = "after"
BEFORE: Final = "before"


@dataclass(frozen=True)
class Page:
    """Rows without their keys, and the addresses of the pages beside it, None at the ends."""

    rows: Sequence[Any]
    earlier: str | None = None
    later: str | None = None


def paged(
    statement: Select[Any],
    keys: Sequence[Any],
    arguments: Mapping[str, str],
    *,
    descending: bool = False,
    size: int = PAGE_SIZE,
) -> Page:
    """One page of a statement ordered by `keys`, which together tell every row from every other.

    `arguments` are those of the address: the key after or before which the page lies. One that cannot be
    read leads to the first page.
    """
    after, before = (_read(arguments.get(name, ""), keys) for name in (AFTER, BEFORE))
    backwards = before is not None
    cursor = before if backwards else after
    ascending = descending is backwards
    if cursor is not None:
        statement = statement.where(_beyond(keys, cursor, ascending))
    ordered = statement.add_columns(*keys).order_by(*(key.asc() if ascending else key.desc() for key in keys))
    found = list(db.session.execute(ordered.limit(size + 1)))
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    width = len(keys)
    earlier = more if backwards else cursor is not None
    later = backwards or more
    return Page(
        rows=[tuple(row)[:-width] for row in found],
        earlier=_address(BEFORE, found[0][-width:]) if found and earlier else None,
        later=_address(AFTER, found[-1][-width:]) if found and later else None,
    )


def _beyond(keys: Sequence[Any], cursor: Sequence[Any], ascending: bool) -> ColumnElement[bool]:
    here = tuple_(*keys)
    there = tuple_(*(literal(value, key.type) for key, value in zip(keys, cursor, strict=True)))
    return here > there if ascending else here < there


def _address(side: str, cursor: Sequence[Any]) -> str:
    kept = [(name, value) for name, value in request.args.items() if name not in (AFTER, BEFORE, "done")]
    text = json.dumps([_text(value) for value in cursor], ensure_ascii=False, separators=(",", ":"))
    # The language is among the arguments that are kept, so nothing else fills it in.
    page = url_for(request.endpoint or "", **{**(request.view_args or {}), PARAMETER: None})
    return with_arguments(page, [*kept, (side, text)])


def _text(value: Any) -> str | int:
    return value if isinstance(value, int) else str(value)


def _read(text: str, keys: Sequence[Any]) -> list[Any] | None:
    """The values of a cursor in the types of the columns; None for none and for what is none."""
    try:
        values = json.loads(text)
        if not isinstance(values, list) or len(values) != len(keys):
            return None
        return [_typed(value, key.type.python_type) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError):
        return None


def _typed(value: Any, kind: type) -> Any:
    if kind in (date, UUID):
        return date.fromisoformat(value) if kind is date else UUID(str(value))
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    # No column of ours holds a number of more digits, and databases refuse them loudly.
    if kind is int and (isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**31):
        raise ValueError
    if kind is str and (not isinstance(value, str) or "\0" in value):
        raise ValueError
    return value
