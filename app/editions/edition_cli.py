"""`flask edition`: closing, publishing, revising and checking what is frozen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import with_appcontext

from app.clock import now
from app.commands import Noun, Refused
from app.editions import rules
from app.editions.closing import close
from app.editions.leaks import LeakFound
from app.editions.listing import find_newest, get_edition, list_editions
from app.editions.models import Edition
from app.editions.publishing import propose_publication, publish
from app.editions.verification import verify
from app.installation import is_demonstration
from app.transactions import transaction
from surveys.editions import EditionCode
from surveys.periods import local_day
from surveys.printing import date_text, number

edition = Noun("edition", help="Kỳ công bố: chốt, công bố, đính chính, kiểm tra số liệu.")


@edition.command("close")
@click.argument("code", metavar="KỲ")
@with_appcontext
def close_command(code: str) -> None:
    """Chốt số liệu của KỲ, ví dụ 2026-Q3, 2026-10, 2026-W45."""
    wanted = parse(code)
    if wanted.revision:
        raise Refused("Bản đính chính lập bằng `flask edition revise`. Chưa chốt gì.")
    _close(wanted, "", "command:edition close")


@edition.command("revise")
@click.argument("code", metavar="KỲ")
@click.option("--reason", required=True, help="Lý do, in trong bảng đính chính.")
@with_appcontext
def revise_command(code: str, reason: str) -> None:
    """Lập bản đính chính tiếp theo của KỲ đã công bố."""
    wanted = parse(code)
    newest = find_newest(wanted.period.code)
    if newest is None:
        raise Refused(f"{wanted.period.code} chưa công bố nên chưa có gì để đính chính.")
    _close(EditionCode.parse(newest.code).next_revision, reason, "command:edition revise")


def _close(wanted: EditionCode, reason: str, by: str) -> None:
    start = time.monotonic()
    with explaining():
        sha256 = close(wanted, by=by, now=now(), reason=reason)
    click.echo(f"Đã chốt {wanted.label} trong {time.monotonic() - start:.0f} giây. SHA-256 {sha256}")


@edition.command("publish")
@click.argument("code", metavar="KỲ")
@with_appcontext
def publish_command(code: str) -> None:
    """Đề nghị công bố KỲ để người thứ hai quyết định.

    Ở cơ sở dữ liệu minh họa thì công bố ngay.
    """
    wanted = parse(code)
    with explaining(), transaction():
        get_edition(wanted.code)
        if is_demonstration():
            publish(wanted.code, by="command:edition publish", now=now())
            click.echo(f"Đã công bố {wanted.label} (dữ liệu minh họa).")
            return
        propose_publication(
            wanted.code, reason="Đề nghị từ dòng lệnh", by="command:edition publish", now=now()
        )
    click.echo(f"Đã đề nghị công bố {wanted.label}; một người của bộ quyết định tại /quan-tri/phe-duyet.")


@edition.command("verify")
@click.argument("code", metavar="KỲ", required=False)
@with_appcontext
def verify_command(code: str | None) -> None:
    """Tính lại mọi con số của KỲ từ tệp của kỳ, so mã băm.

    Không nêu KỲ thì kiểm mọi kỳ. Kết thúc với mã 1 nếu có gì khác.
    """
    with explaining():
        chosen = [get_edition(parse(code).code)] if code else list(list_editions())
    broken = 0
    for item in chosen:
        broken += not _verified(item)
    if broken:
        raise SystemExit(1)
    click.echo(f"Đã kiểm {number(len(chosen))} kỳ công bố: mọi tệp và mọi con số đều đúng.")


def _verified(item: Edition) -> bool:
    found = verify(item)
    for problem in found.problems:
        click.echo(f"{item.code}: {problem}", err=True)
    if not found.problems:
        click.echo(f"{item.code}: {number(found.places)} nơi, khớp. SHA-256 {item.sha256}")
    return not found.problems


@edition.command("list")
@with_appcontext
def list_command() -> None:
    """Liệt kê các kỳ đã chốt."""
    found = list_editions()
    for item in found:
        state = f"công bố {date_text(local_day(item.published_at))}" if item.published_at else "dự thảo"
        click.echo(f"{item.code}\t{state}\t{item.sha256}")
    click.echo(f"{number(len(found))} kỳ.", err=True)


def parse(code: str) -> EditionCode:
    try:
        return EditionCode.parse(code)
    except ValueError as error:
        raise Refused(str(error)) from error


@contextmanager
def explaining() -> Iterator[None]:
    """A refusal is told in the words of its rule."""
    try:
        yield
    except rules.UnknownEdition as error:
        raise Refused(f"{error} chưa được chốt.") from error
    except LeakFound as error:
        reason = (LeakFound.__doc__ or "").split("\n")[0]
        raise Refused(f"{reason}\nChưa chốt gì. Những chỗ tính ra được:\n{error}") from error
    except rules.Refused as error:
        raise Refused(error.in_vietnamese()) from error
