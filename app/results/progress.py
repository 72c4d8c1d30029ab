"""How far a long command has come."""

from __future__ import annotations

from collections.abc import Callable

import click

from surveys.printing import number


def lines_of_progress(step: int, things: str) -> Callable[[int], None]:
    """One line on stderr each time another `step` is passed."""
    shown = 0

    def show(count: int) -> None:
        nonlocal shown
        if count >= shown + step:
            shown = count
            click.echo(f"… {number(count)} {things}", err=True)

    return show
