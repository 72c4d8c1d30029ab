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
    # Whether a file stands in the way is found when writing, and told like any other obstacle.
    folder = click.Path(path_type=Path)
    return click.option("--out", type=folder, required=True, help="Thư mục nhận tệp PDF.")(command)


def chosen_place(agency: str | None, province: str | None, national: bool, every: bool = False) -> str:
    """The code of the place that was asked for; `every` adds the places below a province or the nation.

    Raises Refused for two at once, for an empty code, and for that of an agency as a province.
    """
    if sum((agency is not None, province is not None, national)) > 1:
        raise Refused("Chỉ chọn một trong --agency, --province, --national. Chưa ghi tệp nào.")
    if every and agency is not None:
        raise Refused("--all đi với cả nước hoặc --province, không đi với --agency. Chưa ghi tệp nào.")
    if "" in (agency, province):
        raise Refused("Mã của --agency, --province không được để trống. Chưa ghi tệp nào.")
    if province and len(province) != PROVINCE_DIGITS:
        raise Refused(f"{province} không phải mã của một tỉnh, thành phố; với cơ quan hãy dùng --agency.")
    return agency or province or NATION
