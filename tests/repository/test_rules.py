"""Rules that hold for the whole repository. Each message says what to do instead."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".md", ".html", ".yaml", ".yml", ".css", ".js", ".toml", ".in", ".csv", ".json", ".svg", ".po"}
PACKAGES = ("surveys", "exports", "app")


def tracked(*suffixes: str, under: str = "") -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", under or "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if Path(name).suffix in suffixes and (ROOT / name).exists()]


def product_code() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in tracked(".py", under=package):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def calls_of(tree: ast.AST, name: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
    ]


def test_every_text_is_utf8_in_composed_form() -> None:
    for path in tracked(*TEXT):
        text = path.read_text(encoding="utf-8")
        assert text == unicodedata.normalize("NFC", text), f"{path}: write Vietnamese letters composed (NFC)"


def test_only_the_transaction_and_the_writers_of_responses_commit() -> None:
    allowed = {
        "app/transactions.py",
        "app/responding/writing_sqlite.py",
        "app/responding/writing_postgresql.py",
    }
    for path, tree in product_code():
        lines = calls_of(tree, "commit")
        assert not lines or path.as_posix() in allowed, f"{path}:{lines}: functions flush, the view commits"


def test_only_the_clock_asks_for_the_time_of_day() -> None:
    for path, tree in product_code():
        if path.as_posix() == "app/clock.py":
            continue
        for name in ("utcnow", "today"):
            assert not calls_of(tree, name), f"{path}: take `now=` instead of calling {name}()"
        lines = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "now"
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in ("datetime", "date")
        ]
        assert not lines, f"{path}:{lines}: take `now=` instead of asking for the time"


def test_pandas_is_for_tests_only() -> None:
    """It is the reader that knows nothing of us; the product does without, and without its 80 MB."""
    for path, tree in product_code():
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert "pandas" not in imported, f"{path}: use pyarrow, or rows"


def test_templates_hold_no_inline_script_style_or_unsafe_markup() -> None:
    for path in tracked(".html", under="app/templates"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), f"{path}: an inline script breaks the CSP"
        assert not re.search(r"<style|\sstyle=", text), f"{path}: an inline style breaks the CSP"
        assert not re.search(r"\son[a-z]+=", text), f"{path}: an event attribute breaks the CSP"
        assert not re.search(r"https?://(?!www\.w3\.org)", text), f"{path}: no page asks another host"


def test_no_template_string_is_marked_safe_without_a_reason() -> None:
    """`|safe` is for drawings that our own serializer has escaped, and for nothing else."""
    for path in tracked(".html", under="app/templates"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            assert "|safe" not in line.replace(" ", "") or "chart" in line or "svg" in line, (
                f"{path}:{number}: escape it, or hand over Markup from a serializer"
            )


def test_no_product_module_opens_a_connection_to_elsewhere() -> None:
    # What the operator configured: the provider at which staff sign in. And what somebody outside runs
    # against an address of their own choice; here it is only served as a file.
    allowed = {
        "app/accounts/oidc/provider.py": {"urllib.request"},
        "app/editions/check_edition.py": {"urllib.request"},
    }
    forbidden = {"requests", "httpx", "urllib3", "urllib.request", "smtplib", "ftplib", "aiohttp", "socket"}
    for path, tree in product_code():
        imported = {
            name
            for node in ast.walk(tree)
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        found = imported & forbidden - allowed.get(path.as_posix(), set())
        assert not found, f"{path}: nothing is fetched that the operator did not configure"


def test_nothing_reads_objects_out_of_bytes() -> None:
    """What comes from outside is data: no library at hand can make an object of any class out of it."""
    forbidden = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle", "joblib"}
    for path, tree in product_code():
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & forbidden, path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                unsafe = (node.value.id, node.attr) in {
                    ("yaml", "load"), ("yaml", "load_all"), ("yaml", "unsafe_load"), ("yaml", "full_load"),
                    ("pd", "read_pickle"), ("pandas", "read_pickle"),
                }  # fmt: skip
                assert not unsafe, path
        # Tables can be asked to evaluate a text, too.
        assert not calls_of(tree, "eval"), path


def test_every_requirement_says_why() -> None:
    for name in ("requirements.in",):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-")):
                assert "#" in line, f"{name}: {line.split()[0]} needs a reason beside it"


def test_every_exception_from_a_check_says_why() -> None:
    """The reason stands behind the rule that is set aside. mypy reads the product only."""
    aside = re.compile(r"# (type: ignore\[[\w, -]+\]|noqa: [A-Z0-9, ]*[0-9])\s*")
    for path in tracked(".py"):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT)
        if not re.search("# (type: ignore|noqa)", text) or name.parts[:2] == ("migrations", "versions"):
            continue
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and re.match("# (type: ignore|noqa)", token.string):
                where = f"{name}:{token.start[0]}"
                assert aside.sub("", token.string), f"{where} sets a check aside: say why, and name the rule"
                assert name.parts[0] in PACKAGES or "noqa" in token.string, f"{where}: mypy does not read it"


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"])
def test_no_promise_is_left_in_the_code(word: str) -> None:
    for path in tracked(".py", ".html", ".js", ".css", ".yaml"):
        assert word not in path.read_text(encoding="utf-8"), (
            f"{path}: do it, or say in the docs that it is not done"
        )


def test_every_page_that_extends_nothing_is_known() -> None:
    """A page of its own weight budget stands outside the common frame; there are only few of them."""
    allowed = {"base.html", "responding", "fieldwork"}
    for path in tracked(".html", under="app/templates"):
        relative = path.relative_to(ROOT / "app/templates")
        text = path.read_text(encoding="utf-8")
        if "<!doctype" in text.lower():
            assert relative.parts[0] in allowed, f"{path}: extend base.html"


def test_browser_tests_poll_from_outside_the_page() -> None:
    """`wait_for_function` evaluates text in the page, which our policy refuses from the second look on."""
    for path in tracked(".py", under="tests"):
        lines = calls_of(ast.parse(path.read_text(encoding="utf-8")), "wait_for_function")
        assert not lines, f"{path}:{lines}: use wait_until of tests/browser/conftest.py"


def test_no_view_takes_what_is_no_get_for_a_form() -> None:
    """Whoever may look may look with HEAD, for which the guard asks for no token: a form is a POST."""
    for path, tree in product_code():
        asked = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Compare)
            and ast.unparse(node.left) == "request.method"
            and ast.unparse(node.comparators[0]) == "'GET'"
        ]
        assert not asked or path.as_posix() == "app/accounts/guard.py", path


def test_every_form_is_one_of_ours() -> None:
    """The library alone puts a file in the place of a text, which no view expects."""
    for path, tree in product_code():
        imported = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
        }
        assert "FlaskForm" not in imported or path.as_posix() == "app/ui/forms.py", (
            f"{path}: derive the form from app.ui.forms.PageForm"
        )


def test_only_named_places_look_beyond_the_reach_of_a_request() -> None:
    """ADR 11 says why each of them may; the guard says how far a request reaches at all."""
    allowed = {
        "app/accounts/guard.py",
        "app/accounts/actions.py",
        "app/accounts/queries.py",
        "app/audit/queries.py",
        "app/console/system_state.py",
        "app/fieldwork/inbox.py",
        "app/fieldwork/paper/records.py",
        "app/fieldwork/progress.py",
        "app/fieldwork/reviews/comparing.py",
        "app/results/field_removal.py",
        "app/results/reviewing.py",
        "app/results/reviews.py",
    }
    found = {
        path.as_posix()
        for path, tree in product_code()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("widened", "set_reach")
        and path.as_posix() != "app/walls.py"
    }
    assert found == allowed


def test_the_program_for_outsiders_is_short_and_needs_python_alone() -> None:
    """A journalist reads it in one sitting; `flask edition verify` makes everything again."""
    text = (ROOT / "app" / "editions" / "check_edition.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


# Rows of the trail are chained and never change, so these keep the dot; nothing new gets one.
_DOTTED_ACTS = {
    "authenticator.changed", "key.rotated", "oidc.bound", "oidc.other-identity", "password.changed",
    "password.reset", "person.disabled", "person.enabled", "person.enrolled", "person.grants-changed",
    "person.invited", "person.reset", "recovery-code.renewed", "recovery-code.used", "session.begun",
    "session.ended", "session.others-ended",
}  # fmt: skip


def test_acts_of_the_trail_are_spelt_in_one_way() -> None:
    acts = {
        node.args[0].value
        for _path, tree in product_code()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] == "record"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }
    named = ast.parse((ROOT / "app" / "console" / "trail_words.py").read_text(encoding="utf-8"))
    known = next(node for node in named.body if isinstance(node, ast.FunctionDef) and node.name == "_known")
    acts |= {
        key.value
        for node in ast.walk(known)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    assert len(acts) > 60
    dotted = {act for act in acts if "." in act}
    assert dotted <= _DOTTED_ACTS, "a new act is written with hyphens: agency-renamed"
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", act) for act in acts - dotted)
