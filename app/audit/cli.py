"""`flask audit …`: is the trail of staff acts whole, and the line to keep elsewhere every day."""

from __future__ import annotations

import re
from typing import Any, Final

import click
from flask.cli import with_appcontext

from app.audit.chain import Break, Head, Verdict
from app.audit.queries import get_head, verify
from app.commands import Noun
from surveys.printing import number

_HEAD: Final = re.compile(r"(?:([0-9]{1,15}):)?([0-9a-f]{64})", flags=re.ASCII)
_REASONS: Final = {
    Break.ALTERED: "nội dung của sự kiện không khớp với mã của nó",
    Break.MISSING: "thiếu sự kiện ở vị trí này",
    Break.INSERTED: "có sự kiện bị chèn vào",
    Break.UNLINKED: "sự kiện không nối với sự kiện đứng trước",
    Break.HEAD_LOST: "nhật ký không còn chứa mã đã giữ, phần cuối đã bị cắt hoặc viết lại",
}


class HeadType(click.ParamType[Head]):
    """A line that `flask audit head` printed, or its hash alone."""

    name = "head"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        matched = _HEAD.fullmatch(str(value).strip())
        if matched is None:
            self.fail("not a head", param, ctx)
        return Head(int(matched[1] or 0), matched[2])


@click.group("audit", cls=Noun)
def audit() -> None:
    """Nhật ký việc làm của cán bộ."""


@audit.command("verify")
@click.option(
    "--head",
    "kept",
    type=HeadType(),
    metavar="MÃ",
    help="Dòng mà `flask audit head` đã in và được giữ nơi khác.",
)
@with_appcontext
def verify_command(kept: Head | None) -> None:
    """Kiểm tra nhật ký còn nguyên vẹn.

    Kết thúc với mã 1 và nêu vị trí hỏng đầu tiên nếu không.
    """
    verdict = verify(kept)
    click.echo(verdict_line(verdict))
    if verdict.reason is not None:
        raise SystemExit(1)


@audit.command("head")
@with_appcontext
def head_command() -> None:
    """In vị trí và mã của sự kiện cuối để giữ ở nơi khác mỗi ngày."""
    head = get_head()
    click.echo(f"{head.position}:{head.hash}")


def verdict_line(verdict: Verdict) -> str:
    if verdict.reason is None:
        return f"Nhật ký nguyên vẹn: {number(verdict.head.position)} sự kiện, mã cuối {verdict.head.hash}."
    return f"Nhật ký không nguyên vẹn từ vị trí {verdict.broken_at}: {_REASONS[verdict.reason]}."


commands: list[click.Command] = [audit]
