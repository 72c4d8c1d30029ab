"""Where guards stand in the code, found by their shape, and the code without one of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

# Questions about reach, and the answer that lets everybody in. Every call in the product is a guard.
PERMISSIVE: Final[Mapping[str, str]] = {
    "agency_condition": '__import__("sqlalchemy").true()',
    "is_covered": "True",
    "province_codes": "None",
    "covered_codes": "None",
    "may_add_in": "True",
    "visible_scopes": "None",
    "scopes_within": "None",
    "may_grant": "True",
    "may_manage": "True",
    "is_visible": "True",
    "is_entitled": "True",
    "covers": "True",
    "reaches": "True",
}
# How far a person reaches with a permission, as `actor.scopes(Permission.X)`: as far as anybody can.
EVERYWHERE: Final = 'frozenset({"nation"})'
# What decides only what a page offers: behind the button stands a guard of its own.
OFFERS: Final = frozenset({"may_edit", "may_manage", "may_decide", "may_withdraw", "may_invite", "why_not"})
# What a statement asks for, and raises where it is not so.
DEMANDS: Final = ("check", "require", "refuse", "lock", "note")
NO_CONDITION: Final = '__import__("sqlalchemy").true()'


class Change(NamedTuple):
    """What is put in the place of a node, and the words for the node."""

    node: ast.expr | ast.stmt
    instead: str
    words: str


Shape: TypeAlias = Iterator[Change]


def questions(tree: ast.AST) -> Shape:
    """Each question about reach, answered by yes."""
    offers = {id(inner) for node in ast.walk(tree) for inner in ast.walk(_offer_in(node) or ast.Pass())}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in offers:
            continue
        called = _called(node)
        if isinstance(node.func, ast.Name) and called.lstrip("_") in PERMISSIVE:
            yield Change(node, PERMISSIVE[called.lstrip("_")], f"{called}()")
        elif called == "scopes" and node.args and isinstance(node.func, ast.Attribute):
            yield Change(node, EVERYWHERE, ast.unparse(node))


def refusals(tree: ast.AST) -> Shape:
    """Each `if` that ends an act, a turn of a loop or a function, without one of its reasons."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and not node.orelse and _ends(node.body[-1]):
            for reason in _parts(node.test, ast.Or):
                yield Change(reason, f"(({ast.unparse(reason)}) and False)", f"if {_short(reason)}")


def conditions(tree: ast.AST) -> Shape:
    """Each condition of a statement of SQL, and each that a comprehension or a function asks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in {"where", "having"}:
            for argument in node.args:
                yield from _unconditioned(argument)
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                for part in _parts(test, ast.And):
                    yield Change(part, f"(({ast.unparse(part)}) or True)", f"only if {_short(part)}")
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.BoolOp):
            for part in _parts(node.value, ast.And):
                if part is not node.value:
                    yield Change(part, f"(({ast.unparse(part)}) or True)", f"and {_short(part)}")


def demands(tree: ast.AST) -> Shape:
    """Each call that stands for itself and raises, locks or notes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = _called(node.value)
            if called.lstrip("_").startswith(DEMANDS):
                yield Change(node, "pass", f"{called}()")


def _unconditioned(argument: ast.expr) -> Shape:
    if isinstance(argument, ast.Starred):
        yield Change(argument, "*()", _short(argument))
        return
    for part in _anded(argument):
        if not isinstance(part, ast.Call) or _called(part) not in PERMISSIVE:
            yield Change(part, NO_CONDITION, f"where {_short(part)}")


def _anded(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
        yield from _anded(node.left)
        yield from _anded(node.right)
    else:
        yield node


def _parts(node: ast.expr, kind: type[ast.boolop]) -> list[ast.expr]:
    """What is put together by `or` (or by `and`)."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, kind):
        return node.values
    return [node]


def _ends(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Raise | ast.Return | ast.Continue)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:70]


def _offer_in(node: ast.AST) -> ast.AST | None:
    """A function, or the value of a keyword or of an entry, that is named like an offer."""
    if isinstance(node, ast.FunctionDef) and node.name in OFFERS and node.name != "may_manage":
        return node
    if isinstance(node, ast.keyword) and node.arg in OFFERS:
        return node.value
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in OFFERS:
                return value
    return None
