"""`flask demo`: a database of illustration, for looking and learning."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext

from app.clock import now
from app.commands import Refused, Verb
from app.installation import HoldsRealData
from app.keys import configuration
from app.transactions import transaction
from surveys.printing import number


@click.command("demo", cls=Verb)
@with_appcontext
def demo() -> None:
    """Nạp dữ liệu minh họa cho bốn tỉnh, thành phố.

    Cơ sở dữ liệu được đánh dấu là minh họa mãi mãi và không nhận phiếu thật.
    """
    from app.demo.actions import fill
    from app.demo.editions import publish_everything
    from app.demo.voices import publish_comments
    from app.moderation.gathering import gather
    from app.results.queries import prepare

    if configuration().production:
        raise Refused("Không nạp dữ liệu minh họa ở môi trường vận hành thật.")
    started = time.monotonic()
    try:
        with transaction():
            filled = fill(
                by="command:demo",
                now=now(),
                progress=lambda count: click.echo(f"  {number(count)} phiếu…", err=True),
            )
    except HoldsRealData:
        raise Refused("Cơ sở dữ liệu đã có phiếu hoặc đường dẫn thật nên không nạp minh họa.") from None
    prepare(now())
    gather(now=now())
    with transaction():
        publish_comments(by="command:demo", now=now())
    published = publish_everything(by="command:demo", now=now())
    for code in published:
        click.echo(f"  đã công bố {code}", err=True)
    if filled is None:
        click.echo("Dữ liệu minh họa đã có sẵn.")
        return
    click.echo(
        f"Đã tạo {number(filled.responses)} phiếu minh họa của {number(filled.agencies)} cơ quan trong "
        f"{filled.quarters} quý ({time.monotonic() - started:.0f} giây)."
    )


commands: list[click.Command] = [demo]
