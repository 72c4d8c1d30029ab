"""`--sign KEY.p12` of the reports: the key and its passphrase, which never stand in a command line.

A list of processes shows every argument to every user of the machine, so the passphrase comes from a file,
from the environment or from the keyboard.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from app.commands import Refused
from app.editions.files import obstacle

if TYPE_CHECKING:
    from exports.signing import SigningKey

VARIABLE: Final = "HAILONG_SIGN_PASSPHRASE"
LARGEST_KEY: Final = 1_000_000

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Signing:
    """With what, as which number and on which day a report is signed."""

    key: SigningKey | None = None
    number: str = ""
    day: date | None = None


def signing_options(command: F) -> F:
    """`--sign`, `--passphrase-file`, `--number`, `--dated`; `chosen_signing` reads them."""
    path = click.Path(path_type=Path)
    for option in (
        click.option(
            "--dated", type=click.DateTime(["%Y-%m-%d"]), help="Ngày của văn bản khi ký, ví dụ 2026-10-20."
        ),
        click.option("--number", default="", metavar="SỐ", help="Số của văn bản khi ký, ví dụ 12."),
        click.option(
            "--passphrase-file", type=path, help=f"Tệp chứa mật khẩu của khóa; không có thì đọc {VARIABLE}."
        ),
        click.option("--sign", "key_file", type=path, help="Ký số (PAdES) bằng tệp PKCS#12 .p12 hoặc .pfx."),
    ):
        command = option(command)
    return command


def chosen_signing(
    key_file: Path | None, passphrase_file: Path | None, number: str, dated: datetime | None, *, every: bool
) -> Signing:
    """Raises Refused for a key that cannot be used, and for one number on many documents."""
    if every and (number or dated):
        raise Refused("--number, --dated chỉ dùng cho một báo cáo, không đi với --all. Chưa ghi tệp nào.")
    if number and not (number.isascii() and number.isdigit() and len(number) <= 6 and int(number)):
        raise Refused("--number là số của văn bản, chỉ gồm chữ số. Chưa ghi tệp nào.")
    key = _key(key_file, passphrase_file) if key_file else None
    # The decree writes a number below ten with a nought before it.
    return Signing(key, f"{int(number):02d}" if number else "", dated.date() if dated else None)


def _key(key_file: Path, passphrase_file: Path | None) -> SigningKey:
    # The library of signatures is large, and no other command needs it.
    from exports.signing import UnusableKey, read_key

    content = _read(key_file, "tệp khóa")
    if passphrase_file is not None:
        passphrase = _read(passphrase_file, "tệp mật khẩu").rstrip(b"\r\n")
    elif VARIABLE in os.environ:
        passphrase = os.environ[VARIABLE].encode()
    else:
        prompt = f"Mật khẩu của {key_file.name}"
        passphrase = click.prompt(prompt, hide_input=True, default="", show_default=False, err=True).encode()
    try:
        return read_key(content, passphrase or None)
    except UnusableKey as error:
        raise Refused(f"Không ký được bằng {key_file.name}: {error}. Chưa ghi tệp nào.") from error


def _read(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_KEY)
    except OSError as error:
        raise Refused(f"Không đọc được {what} {path.name}: {obstacle(error)}. Chưa ghi tệp nào.") from error


def signed(content: bytes, signing: Signing, *, reason: str, place: str, now: datetime) -> bytes:
    """The document with its signature; as it is where nobody signs. Raises Refused."""
    if signing.key is None:
        return content
    from exports.signing import UnusableKey, sign

    try:
        return sign(content, signing.key, reason=reason, place=place, now=now)
    except UnusableKey as error:
        whose = signing.key.name
        raise Refused(f"Không ký được bằng khóa của {whose}: {error}. Chưa ghi tệp nào.") from error
