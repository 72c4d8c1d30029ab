"""Joins the commands of the features: two features may each add a verb to one noun, as in `flask import`."""

from __future__ import annotations

from collections.abc import Iterable

import click
from flask import Flask


class Refused(click.ClickException):
    """A command that could not do what it was asked; the message says what was kept and what to do."""

    def show(self, file: object = None) -> None:
        click.echo(f"Lỗi: {self.format_message()}", err=True)


def add(app: Flask, commands: Iterable[click.Command]) -> None:
    """Adds each command; a group whose name is taken gives its verbs to the group that is there."""
    for command in commands:
        present = app.cli.commands.get(command.name or "")
        if isinstance(present, click.Group) and isinstance(command, click.Group):
            for verb in command.commands.values():
                present.add_command(verb)
        else:
            app.cli.add_command(command)
