"""Commands: each says in one Vietnamese line what it does, and what the documents name is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.cli import FlaskGroup

from app import create_app
from tests.conftest import test_config
from tests.repository.test_rules import ROOT

# What fits beside the longest name on a terminal of eighty columns.
LONGEST_HELP = 60
# Letters that English does not have.
VIETNAMESE = re.compile(r"[^\x00-\x7f]")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MENTION = re.compile(r"(?:\bflask(?: --app wsgi)?|^\$ flask) ([a-z]+(?: [^`|\n#]*)?)", re.MULTILINE)

Words = tuple[str, ...]


@pytest.fixture
def application(tmp_path: Path) -> Flask:
    return create_app(test_config(tmp_path))


def commands_of(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        # The verbs of `flask db` belong to a library, in its language.
        if isinstance(command, click.Group) and name != "db":
            yield from commands_of(command, (*path, name))


def all_commands(application: Flask) -> dict[Words, click.Command]:
    both = FlaskGroup(create_app=lambda: application)
    both.commands |= application.cli.commands
    return dict(commands_of(both))


def test_every_command_says_in_one_vietnamese_line_what_it_does(application: Flask) -> None:
    for path, command in all_commands(application).items():
        words = command.get_short_help_str(LONGEST_HELP)
        assert words and not words.endswith("..."), f"{' '.join(path)}: {words}"
        assert VIETNAMESE.search(words), f"{' '.join(path)}: {words}"


def test_every_option_is_explained(application: Flask) -> None:
    for path, command in all_commands(application).items():
        for parameter in () if path[0] in ("db", "run", "shell", "routes") else command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{' '.join(path)} {parameter.opts[0]}"


def mentions() -> Iterator[tuple[Path, str]]:
    for document in DOCUMENTS:
        for found in MENTION.finditer(document.read_text("utf-8")):
            yield document, found[1].strip()


def test_every_command_and_option_in_the_documents_exists(application: Flask) -> None:
    known = all_commands(application)
    known[("db", "upgrade")] = click.Command("upgrade")
    seen = 0
    for document, text in mentions():
        words = text.split()
        path = tuple(words[:2]) if tuple(words[:2]) in known else (words[0],)
        assert path in known, f"{document.name}: flask {text}"
        command = known[path]
        assert not isinstance(command, click.Group) or len(words) == 1, f"{document.name}: flask {text}"
        options = {name for parameter in command.params for name in parameter.opts}
        for option in re.findall(r"(?<![\w-])--[a-z-]+", text):
            assert option in options, f"{document.name}: flask {text}"
        seen += 1
    assert seen > 15
