"""The product with one guard taken away: which guards there are, and how each is removed."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app import ROOT

# Questions about scopes, and the answer that lets everybody in. Every call in the product is a guard.
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
}
# Calls that decide only what a page offers: behind the button stands a guard of its own.
OFFERS: Final = frozenset({"may_edit", "may_manage", "may_decide", "may_withdraw", "may_invite", "why_not"})

# Checks that are no call: the file, its text, and what remains without the check.
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
    ("app/approvals/actions.py", "    if proposal.proposed_by == by:\n        raise TheSamePerson\n", ""),
    ("app/approvals/actions.py", ', ApprovalRow.decision.is_(None))\n        .values',
     ')\n        .values'),
    ("app/approvals/actions.py", '    if proposal.proposed_by != by:\n        raise NotTheProposer\n',
     ''),
    ("app/directory/scopes.py", '    if NATION_SCOPE in scopes:\n        return true()',
     '    if True:\n        return true()'),
    ("app/directory/scopes.py", ", Agency.valid_to < on)", ")"),
    ("app/responding/answering.py", 'if request.environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":',
     'if False:'),
    ("app/responding/views.py", '    if not link.spent and not link.is_usable(local_day(now)):',
     '    if False:'),
    ("app/responding/writing_sqlite.py", "WHERE token_hash = ? AND spent = 0", "WHERE token_hash = ?"),
    ("app/comments/views.py", 'if request.method == "POST" and request.headers',
     'if False and request.headers'),
    ("app/security.py", '        if "\\0" in environ["PATH_INFO"]',
     '        if False and "\\0" in environ["PATH_INFO"]'),
    ("app/ui/forms.py", "if not isinstance(wrapped, CombinedMultiDict):", "if True:"),
)  # fmt: skip
# Where a guard of a file should be noticed; for every other file it is the tests of its feature and of pages.
_OF_ACCOUNTS: Final = "tests/integration/accounts"
_OF_CONSOLE: Final = "tests/integration/console"
_REACH: Final = "tests/integration/directory/test_reach_of_lists.py"
NEAREST: Final[Mapping[str, tuple[str, ...]]] = {
    "app/accounts/guard.py": (f"{_OF_ACCOUNTS}/test_guard.py",),
    "app/accounts/form_tokens.py": (f"{_OF_ACCOUNTS}/test_guard.py",),
    "app/accounts/sessions.py": (
        f"{_OF_ACCOUNTS}/test_staff_sessions.py", f"{_OF_ACCOUNTS}/test_signing_in.py",
    ),
    "app/accounts/throttling.py": (
        f"{_OF_ACCOUNTS}/test_throttling.py", f"{_OF_ACCOUNTS}/test_signing_in.py",
    ),
    "app/accounts/credentials.py": (
        f"{_OF_ACCOUNTS}/test_signing_in.py", f"{_OF_ACCOUNTS}/test_invitations.py",
    ),
    "app/accounts/reach.py": (f"{_OF_ACCOUNTS}/test_people.py", "tests/integration/approvals"),
    "app/accounts/staff_changes.py": (f"{_OF_ACCOUNTS}/test_people.py",),
    "app/accounts/staff_views.py": (f"{_OF_ACCOUNTS}/test_people.py",),
    "app/comments/staff_queries.py": (f"{_OF_CONSOLE}/test_contacts_desk.py",),
    "app/moderation/queries.py": (f"{_OF_CONSOLE}/test_comments.py",),
    "app/console/trail_views.py": (f"{_OF_CONSOLE}/test_trail.py",),
    "app/directory/scopes.py": (
        "tests/integration/directory/test_scopes.py", _REACH, f"{_OF_CONSOLE}/test_directory.py",
    ),
    "app/directory/staff_changes.py": (_REACH, f"{_OF_CONSOLE}/test_directory.py"),
    "app/directory/staff_queries.py": (_REACH, f"{_OF_CONSOLE}/test_directory.py"),
    "app/directory/staff_views.py": (_REACH, f"{_OF_CONSOLE}/test_directory.py"),
    "app/dossiers/issuing.py": (_REACH, f"{_OF_CONSOLE}/test_links.py"),
    "app/dossiers/staff_queries.py": (_REACH, f"{_OF_CONSOLE}/test_links.py", f"{_OF_CONSOLE}/test_frame.py"),
    "app/dossiers/staff_views.py": (_REACH, f"{_OF_CONSOLE}/test_links.py"),
    "app/results/staff_views.py": (f"{_OF_CONSOLE}/test_counts.py",),
    "app/responding/answering.py": ("tests/integration/responding/test_bad_input.py",),
    "app/responding/views.py": ("tests/integration/responding/test_one_time_links.py",),
    "app/responding/writing_sqlite.py": (
        "tests/integration/responding/test_one_time_links.py", "tests/integration/responding/test_store.py",
    ),
    "app/security.py": ("tests/integration/test_core.py", "tests/integration/responding/test_bad_input.py"),
    "app/ui/forms.py": (f"{_OF_ACCOUNTS}/test_own_secrets.py",),
}  # fmt: skip
COPIED: Final = ("app", "exports", "surveys", "tests", "migrations", "translations", "docs")


@dataclass(frozen=True)
class Mutant:
    """One file of the product with one guard less."""

    name: str
    path: str
    text: str


def mutants() -> Iterator[Mutant]:
    yield from checks_removed()
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield from questions_answered(path)


def checks_removed() -> Iterator[Mutant]:
    for path, old, new in CHECKS:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path} holds “{old}” {text.count(old)} times: say here what it is now"
        yield Mutant(f"{path}: {old.strip()}", path, text.replace(old, new))


def questions_answered(path: Path) -> Iterator[Mutant]:
    """Each call of a question about scopes, answered by yes."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    name = path.relative_to(ROOT).as_posix()
    tree = ast.parse(text)
    offers = {id(inner) for node in ast.walk(tree) for inner in ast.walk(_offer_in(node) or ast.Pass())}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in offers:
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called in PERMISSIVE:
            begin, end = (
                _offset(lines, node.lineno, node.col_offset),
                _offset(lines, node.end_lineno or 0, node.end_col_offset or 0),
            )
            changed = text.encode()[:begin] + PERMISSIVE[called].encode() + text.encode()[end:]
            yield Mutant(f"{name}:{node.lineno}: {called}()", name, changed.decode())


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


def _offset(lines: Sequence[str], line: int, column: int) -> int:
    return sum(len(text.encode()) for text in lines[: line - 1]) + column


class Copy:
    """A copy of the project, in which one file at a time is another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "wsgi.py"):
            shutil.copy(ROOT / name, folder / name)

    def is_noticed(self, mutant: Mutant, tests: Sequence[str]) -> bool:
        """Whether a test turns red. What cannot even be collected is a mistake of ours and raises."""
        path = self.folder / mutant.path
        kept = path.read_text(encoding="utf-8")
        path.write_text(mutant.text, encoding="utf-8")
        try:
            return self.run(tests) != 0
        finally:
            path.write_text(kept, encoding="utf-8")

    def run(self, tests: Sequence[str]) -> int:
        """On SQLite alone: what a guard lets through does not depend on the database."""
        command = [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-q",
            "-x",
            "-n",
            "0",
            "-k",
            "not postgresql",
            *tests,
        ]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stdout[-2_000:] + done.stderr[-2_000:]
        return done.returncode


def suites_of(path: str) -> list[str]:
    """The tests nearest to a file, then the matrix of all roles and routes."""
    near = NEAREST.get(path)
    if near is None:
        own = f"tests/integration/{Path(path).parts[1]}"
        near = (own,) if (ROOT / own).is_dir() else ()
        near = (*near, "tests/integration/console")
    return [*near, "tests/integration/accounts/test_matrix.py"]
