"""The options that every `flask report` verb shares: which place, and where the file goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app.commands import Refused
from surveys.figures import NATION

PROVINCE_DIGITS = 2

F = TypeVar("F", bound=Callable[..., Any])


def place_options(command: F) -> F:
    """`--agency`, `--province`, `--national`; `chosen_place` reads them."""
    for option in (
        click.option("--national", is_flag=True, help="Báo cáo của cả nước (mặc định)."),
        click.option("--province", metavar="MÃ", help="Báo cáo của một tỉnh, thành phố, ví dụ 14."),
        click.option("--agency", metavar="MÃ", help="Báo cáo của một cơ quan, ví dụ 14-SKHCN."),
    ):
        command = option(command)
    return command


def out_option(command: F) -> F:
    folder = click.Path(file_okay=False, path_type=Path)
    return click.option("--out", type=folder, required=True, help="Thư mục nhận tệp PDF.")(command)


def chosen_place(agency: str | None, province: str | None, national: bool, every: bool = False) -> str | None:
    """The code of the one place that was asked for; None for all of them.

    Raises Refused for two at once, and for the code of an agency where a province is asked for.
    """
    given = [option for option in (agency, province, national, every) if option]
    if len(given) > 1:
        raise Refused("Chỉ chọn một trong --agency, --province, --national, --all.")
    if every:
        return None
    if province and len(province) > PROVINCE_DIGITS:
        raise Refused(f"{province} không phải mã của một tỉnh, thành phố; với cơ quan hãy dùng --agency.")
    return agency or province or NATION
