"""`flask comments gather`: hands comments to staff in groups, as the job worker does every night."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.clock import now
from app.commands import Noun
from app.moderation.gathering import gather
from surveys.printing import number


@click.group("comments", cls=Noun)
def comments() -> None:
    """Góp ý của người dân."""


@comments.command("gather")
@with_appcontext
def gather_command() -> None:
    """Đưa góp ý của nhóm đủ 10 phiếu cho người duyệt."""
    taken = gather(now=now())
    click.echo(f"Đã đưa {number(taken)} góp ý cho người duyệt.")


commands: list[click.Command] = [comments]
