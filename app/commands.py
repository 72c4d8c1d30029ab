"""Joins the commands of the features: two features may each add a verb to one noun, as in `flask import`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import click
from flask import Flask
from flask.cli import routes_command, run_command, shell_command
from flask_migrate.cli import db as migrations
from sqlalchemy.exc import DBAPIError


class Refused(click.ClickException):
    """A command that could not do what it was asked; the message says what was kept and what to do."""

    def show(self, file: object = None) -> None:
        click.echo(f"Lỗi: {self.format_message()}", err=True)


class Misused(Refused):
    """A command line that cannot be read: nothing was begun."""

    exit_code = 2


class Verb(click.Command):
    """A command that names a mistake in its arguments, or a failing database, in one Vietnamese line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise Misused(f"{misuse_words(error)} Xem: {ctx.command_path} --help") from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DBAPIError as error:
            raise Refused(
                f"Cơ sở dữ liệu không làm được việc này ({str(error.orig).splitlines()[0]}). Hãy xem máy chủ "
                "cơ sở dữ liệu, chỗ trống trên đĩa và đã chạy `flask db upgrade` chưa, rồi chạy lại lệnh."
            ) from error


class Noun(click.Group):
    """A group of such commands."""

    command_class = Verb

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            known = ", ".join(self.list_commands(ctx))
            raise Misused(f"{ctx.command_path} không có việc “{args[0]}”, chỉ có: {known}.") from error


def misuse_words(error: click.UsageError) -> str:
    """What is wrong with a command line; the library says it in English and in several lines."""
    if isinstance(error, click.NoSuchOption):
        return f"Không có lựa chọn {error.option_name}."
    if isinstance(error, click.BadOptionUsage):
        return f"Lựa chọn {error.option_name} phải có một giá trị theo sau."
    if isinstance(error, click.BadParameter) and error.param is not None:
        parameter = error.param
        named = parameter.metavar or parameter.human_readable_name
        name = parameter.opts[0] if isinstance(parameter, click.Option) else named
        if isinstance(error, click.MissingParameter):
            return f"Thiếu {name}."
        return f"Giá trị của {name} không đúng dạng."
    return "Câu lệnh thừa hoặc sai tham số."


_OF_THE_LIBRARIES: Final = {
    run_command: "Chạy máy chủ để lập trình; máy chủ thật là `flask serve`.",
    shell_command: "Mở Python với ứng dụng đã nạp.",
    routes_command: "Liệt kê các địa chỉ của ứng dụng.",
    migrations: "Tạo và nâng cấp cơ sở dữ liệu: `flask db upgrade`.",
}


def _speak_vietnamese() -> None:
    """The list of commands is read by people who run the service; libraries add theirs in English."""
    for command, words in _OF_THE_LIBRARIES.items():
        command.help = command.short_help = words


def add(app: Flask, commands: Iterable[click.Command]) -> None:
    """Adds each command; a group whose name is taken gives its verbs to the group that is there."""
    _speak_vietnamese()
    for command in commands:
        present = app.cli.commands.get(command.name or "")
        if isinstance(present, click.Group) and isinstance(command, click.Group):
            for verb in command.commands.values():
                present.add_command(verb)
        else:
            app.cli.add_command(command)
