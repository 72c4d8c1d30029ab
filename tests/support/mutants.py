"""The product with one guard taken away: which guards there are, and what is left without each."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app import ROOT
from tests.support.guard_patterns import Change, conditions, demands, questions, refusals

# Checks that no shape finds: the file, its text, and what remains without the check.
CHECKS: Final[Sequence[tuple[str, str, str]]] = (
    ("app/accounts/guard.py", "if rule is None or not _is_host_of", "if not _is_host_of"),
    ("app/accounts/guard.py", " or not _is_host_of(rule is not Door.PUBLIC, request.endpoint)", ""),
    ("app/accounts/guard.py", "if rule is not Door.SIGNED_OUT:", "if False:"),
    ("app/accounts/guard.py", "if actor is None:\n            return", "if False:\n            return"),
    ("app/accounts/guard.py", "if not isinstance(rule, Door) and not actor.may(rule):", "if False:"),
    ("app/accounts/guard.py", "        form_tokens.verify()", "        pass"),
    ("app/accounts/guard.py", '"GET", "HEAD", "OPTIONS"}', '"GET", "HEAD", "OPTIONS", "POST"}'),
    ("app/accounts/guard.py", " or not visit.has_second_factor", ""),
    ("app/accounts/guard.py", 'response.headers["Cache-Control"] = "no-store"', "pass"),
    ("app/accounts/form_tokens.py", '    if request.headers.get(',
     '    if False and request.headers.get('),
    ("app/accounts/form_tokens.py", "not any(_equal(given, token) for token in expected)", "False"),
    ("app/accounts/sessions.py", ", Person.disabled_at.is_(None))", ")"),
    ("app/accounts/sessions.py", " and now - session.seen_at < limit.idle", ""),
    ("app/accounts/sessions.py", "now - session.created_at < limit.absolute and ", ""),
    ("app/accounts/sessions.py", "return now - session.created_at < HALF_WAY", "return True"),
    ("app/accounts/sessions.py", 'StaffSession.id == session, StaffSession.person == person',
     'StaffSession.id == session'),
    ("app/accounts/throttling.py", "address > ADDRESS_LIMIT or (", "("),
    ("app/accounts/throttling.py", " or (of_account > ACCOUNT_LIMIT and both > GRACE_LIMIT)", ""),
    ("app/accounts/throttling.py", 'of_account > ACCOUNT_LIMIT and both > GRACE_LIMIT',
     'of_account > ACCOUNT_LIMIT'),
    ("app/accounts/throttling.py", "    if count > ADDRESS_LIMIT:", "    if False:"),
    ("app/accounts/throttling.py", "    if count > CODE_LIMIT:", "    if False:"),
    ("app/accounts/throttling.py", 'return str(address) if address.version == 4 else',
     'return str(address) if True else'),
    ("app/accounts/credentials.py", "person is None or person.disabled_at is not None", "person is None"),
    ("app/accounts/credentials.py", ", Person.totp_last_step < step)", ")"),
    ("app/accounts/credentials.py", "            RecoveryCode.used_at.is_(None),\n", ""),
    ("app/accounts/credentials.py", "            Invitation.used_at.is_(None),\n", ""),
    ("app/accounts/reach.py", "    if person == actor.id:\n        return False\n", ""),
    ("app/approvals/kinds.py", "act = Act(handler, describe, needs)",
     "act = Act(handler, describe, Permission.APPROVALS_DECIDE)"),
    ("app/comments/views.py", 'if request.method == "POST" and request.headers',
     'if False and request.headers'),
    ("app/directory/scopes.py", '    if NATION_SCOPE in scopes:\n        return true()',
     '    if True:\n        return true()'),
    ("app/directory/scopes.py", ", Agency.valid_to < on)", ")"),
    ("app/moderation/queries.py", "state=State.WAITING if stale else ", "state="),
    ("app/moderation/queries.py", "covers=frozenset() if stale else ", "covers="),
    ("app/moderation/queries.py", ", CommentLayer.agency) & reviewed,", ", CommentLayer.agency),"),
    ("app/moderation/staff_views.py", "(comment, current_actor().scopes(Permission.COMMENTS_DECIDE)",
     "(comment, current_actor().scopes(Permission.COMMENTS_READ)"),
    ("app/moderation/staff_views.py", "quarter if quarter in quarters else", "quarter if True else"),
    ("app/moderation/staff_views.py", "state if state in set(State) else", "state if True else"),
    ("app/responding/answering.py", 'if request.environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":',
     'if False:'),
    ("app/responding/views.py", '    if not link.spent and not link.is_usable(local_day(now)):',
     '    if False:'),
    ("app/responding/writing_sqlite.py", "WHERE token_hash = ? AND spent = 0", "WHERE token_hash = ?"),
    ("app/results/imports/actions.py", '"".join(filter(str.isprintable, name))[:LONGEST_NAME]',
     'name[:LONGEST_NAME]'),
    ("app/results/imports/actions.py", "name))[:LONGEST_NAME]", "name))"),
    ("app/results/imports/files.py", ", opener=private)", ")"),
    ("app/results/staff_counts.py", "return covered is None or (place.is_agency and place.code in covered)",
     "return True"),
    ("app/results/staff_counts.py", "SUPPRESSED if n is None else number(n, locale)",
     "number(n or 0, locale)"),
    ("app/security.py", '        if "\\0" in environ["PATH_INFO"]',
     '        if False and "\\0" in environ["PATH_INFO"]'),
    ("app/ui/forms.py", "if not isinstance(wrapped, CombinedMultiDict):", "if True:"),
)  # fmt: skip
# Where every refusal, condition and demand is a guard: what two persons decide, what staff see of answers
# and comments, and what they upload. Elsewhere only questions about reach are found by their shape.
GUARDED: Final = (
    "app/approvals/*.py",
    "app/comments/staff_*.py",
    "app/moderation/*.py",
    "app/results/imports/*.py",
    "app/results/review*.py",
    "app/results/staff_*.py",
    "app/thresholds/*.py",
)
# What only chooses words hides nothing and stops nobody.
WORDS: Final = ("words.py", "_words.py", "progress.py")
# What changes nothing that anybody could notice, and why: by the name of the mutant without its line, and
# with the number of its occurrence where it is not the first.
NEEDLESS: Final[Mapping[str, str]] = {
    "app/approvals/staff_views.py: only if item.decided_at": "whatever was decided has its instant",
    "app/results/reviews.py: where QuarantineReview.agency == agency": "others are not asked for",
    "app/moderation/gathering.py: where CommentLayer.agency == Response.agency": "two agencies never count",
    "app/moderation/queries.py: where CommentLayer.id.in_(comments)": "others are not asked for",
    "app/moderation/staff_views.py: current_actor().scopes(Permission.COMMENTS_DECIDE)": "found within",
    "app/accounts/staff_changes.py: current_actor().scopes(Permission.PEOPLE_MANAGE)": "a form begins so",
    "app/results/imports/queries.py: and bool(wanted)": "every upload has a scope",
    "app/results/imports/queries.py: if not own": "who has no scope reaches nothing; it saves two questions",
    "app/results/imports/queries.py: where Import.ended_at.is_(None)": "what has ended may not be started",
    "app/results/imports/queries.py: where Import.uploaded_at > now - KEPT": "what is gone may not start",
    "app/results/imports/running.py: where Import.id != upload": "one that is taken is not free for itself",
    "app/results/imports/running.py: where Import.id == upload": "the id of a worker is of one run",
    "app/results/imports/views.py: actor.scopes(Permission.IMPORTS_RUN)": "rows are read anew later",
    "app/results/review_queries.py: where QuarantineReview.agency.in_(sorted(agencies))": "as above",
    "app/results/review_queries.py: where TALLIES.c.question.in_((SET_ASIDE, RELEASED))": "no other has",
    "app/results/reviewing.py: if not doubled": "without doubles nothing moves; it saves counting twice",
    "app/results/reviewing.py: *own": "the update below is of the own group; here it asks for fewer ids",
    "app/results/staff_changes.py: actor.scopes(Permission.QUARANTINE_REVIEW)": "the group was found within",
}


@dataclass(frozen=True)
class Mutant:
    """One file of the product with one guard less.

    `lines` are those of the guard; it `is_imported` where it stands in no function and works from the first.
    `label` is its name without its line. A lock is missed on PostgreSQL only: SQLite has one writer.
    """

    name: str
    label: str
    path: str
    text: str
    lines: range
    is_imported: bool

    @property
    def is_lock(self) -> bool:
        return ": lock_" in self.label


def mutants() -> Iterator[Mutant]:
    return (mutant for mutant in all_mutants() if mutant.label not in NEEDLESS)


def all_mutants() -> Iterator[Mutant]:
    yield from checks_removed()
    guarded = {path for pattern in GUARDED for path in ROOT.glob(pattern) if not path.name.endswith(WORDS)}
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield from guards_removed(path, whole=path in guarded)


def checks_removed() -> Iterator[Mutant]:
    for path, old, new in CHECKS:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path} holds “{old}” {text.count(old)} times: say here what it is now"
        first = text[: text.index(old) + len(old) - len(old.lstrip())].count("\n") + 1
        lines = range(first, first + old.strip().count("\n") + 1)
        name = f"{path}: {' '.join(old.split())}"
        yield _mutant(name, name, path, text.replace(old, new), ast.parse(text), lines)


def guards_removed(path: Path, *, whole: bool) -> Iterator[Mutant]:
    """Each guard that is found by its shape; `whole`: every shape counts, not only questions about reach."""
    text = path.read_text(encoding="utf-8")
    name, tree = path.relative_to(ROOT).as_posix(), ast.parse(text)
    found = [*questions(tree)]
    # A condition that is a question, or the denial of one, has been answered by yes already.
    known = {_place(change.node) for change in found}
    if whole:
        others = (*refusals(tree), *conditions(tree), *demands(tree))
        found += [change for change in others if _place(_undenied(change.node)) not in known]
    seen: Counter[str] = Counter()
    for change in sorted(found, key=lambda change: _place(change.node)):
        seen[change.words] += 1
        nth = f" #{seen[change.words]}" if seen[change.words] > 1 else ""
        lines = range(change.node.lineno, (change.node.end_lineno or 0) + 1)
        called, label = f"{name}:{lines.start}: {change.words}", f"{name}: {change.words}{nth}"
        yield _mutant(called, label, name, _replaced(text, change), tree, lines)


def _mutant(name: str, label: str, path: str, text: str, tree: ast.AST, lines: range) -> Mutant:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    inside = any(node.lineno < lines.start <= (node.end_lineno or 0) for node in functions)
    return Mutant(name, label, path, text, _whole_statement(tree, lines), not inside)


def _replaced(text: str, change: Change) -> str:
    """Columns of a tree are bytes."""
    rows, node = [row.encode() for row in text.splitlines(keepends=True)], change.node
    begin = sum(map(len, rows[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, rows[: (node.end_lineno or 0) - 1])) + (node.end_col_offset or 0)
    code = text.encode()
    return (code[:begin] + change.instead.encode() + code[end:]).decode()


def _place(node: ast.AST) -> tuple[object, ...]:
    wanted = ("lineno", "col_offset", "end_lineno", "end_col_offset")
    return tuple(getattr(node, name, None) for name in wanted)


def _undenied(node: ast.AST) -> ast.AST:
    return node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) else node


def _whole_statement(tree: ast.AST, lines: range) -> range:
    """The lines of the statement around these; of one that holds others only its head."""
    best = lines
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            head = range(node.lineno, max(last, node.lineno) + 1)
            if head.start <= lines.start < head.stop:
                best = range(head.start, max(head.stop, lines.stop))
    return best
