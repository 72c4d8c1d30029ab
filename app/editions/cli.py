"""`flask report quarter`: the quarterly report of a place, or of all places, as PDF."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.clock import now
from app.commands import Noun, Refused
from app.editions.documents_cli import documents_command
from app.editions.edition_cli import edition
from app.editions.files import obstacle, write_whole
from app.editions.listing import PublishedFigures, find_edition, find_newest
from app.editions.models import Edition
from app.editions.options import chosen_place, out_option, place_options
from app.editions.queries import NothingCounted, get_quarterly_report, list_report_places
from app.editions.signing import Signing, chosen_signing, signed, signing_options
from app.results.source import UnknownPlace
from surveys.editions import EditionCode
from surveys.periods import Quarter, local_day
from surveys.printing import date_text, number


@click.group("report", cls=Noun)
def report() -> None:
    """Báo cáo quý và báo cáo đánh giá tháng 11, dạng PDF."""


@report.command("quarter")
@click.argument("code", metavar="QUÝ")
@place_options
@click.option("--all", "every", is_flag=True, help="Cả các nơi bên dưới: mọi tỉnh, cơ quan có số liệu.")
@out_option
@signing_options
@with_appcontext
def quarter(
    code: str, agency: str | None, province: str | None, national: bool, every: bool, out: Path,
    **signature: Any,
) -> None:  # fmt: skip
    """Lập báo cáo QUÝ, ví dụ 2026-Q3.

    Mỗi nơi một tệp PDF trong thư mục --out.
    """
    chosen = chosen_place(agency, province, national, every)
    instant = now()
    edition = closed_edition(code, instant)
    signing = chosen_signing(**signature, every=every)
    if signing.key is not None and edition.published_at is None:
        raise Refused(f"Chỉ ký báo cáo của kỳ đã công bố; {edition.code} còn là dự thảo. Chưa ghi tệp nào.")
    if every:
        _write_all(chosen, edition, out, instant, signing)
        return
    click.echo(f"Đã ghi {_write_one(chosen, edition, out, instant, signing)}")


def closed_edition(code: str, instant: datetime) -> Edition:
    """The newest edition of a quarter, a draft too, or the one that was asked for.

    Raises Refused for something that is no quarter, for one that may still receive answers, and for one
    that nobody has closed.
    """
    try:
        wanted = EditionCode.parse(code)
    except ValueError as error:
        raise Refused(str(error)) from error
    if not isinstance(wanted.period, Quarter):
        raise Refused(f"{code} không phải quý: báo cáo quý lập cho một quý, ví dụ 2026-Q3.")
    found = find_edition(code) if wanted.revision else find_newest(wanted.period.code, published=False)
    if found is not None:
        return found
    period, label = wanted.period, wanted.label[0].upper() + wanted.label[1:]
    if not period.is_closable(instant):
        day = date_text(local_day(period.closable_from))
        raise Refused(
            f"{label} chưa khóa số liệu: chỉ lập được báo cáo từ ngày {day}, "
            "khi các phiếu gửi muộn đã về. Chưa ghi tệp nào."
        )
    raise Refused(f"{label} chưa được chốt: hãy chạy `flask edition close {code}`. Chưa ghi tệp nào.")


@contextmanager
def explaining(when: str) -> Iterator[None]:
    """Turns what can go wrong with one report into words; `when` names its period."""
    try:
        yield
    except NothingCounted as error:
        raise Refused(f"{error.place.name} chưa có phiếu nào trong {when}. Chưa ghi tệp nào.") from error
    except UnknownPlace as error:
        place = str(error).split()[0]
        raise Refused(f"Không có tỉnh hoặc cơ quan nào mang mã {place}. Chưa ghi tệp nào.") from error
    except OSError as error:
        raise Refused(f"Không ghi được vào {error.filename or 'thư mục'}: {obstacle(error)}.") from error


def _write_one(place: str, edition: Edition, out: Path, instant: datetime, signing: Signing) -> Path:
    # The document library is large, and no page needs it.
    from exports.quarterly import render_quarterly

    with explaining(Quarter.parse(edition.period).label):
        report = get_quarterly_report(place, edition, now=instant)
        head = replace(report.head, number=signing.number, issued_on=signing.day)
        report = replace(report, head=head)
        content = render_quarterly(report)
        content = signed(content, signing, reason=f"Báo cáo {report.code}", place=head.place, now=instant)
        return write_whole(out, f"{edition.code}-{place}.pdf", content)


def _write_all(place: str, edition: Edition, out: Path, instant: datetime, signing: Signing) -> None:
    """One report after the other, so that a hundred take no more memory than one."""
    period = Quarter.parse(edition.period)
    with explaining(period.label):
        places = list(list_report_places(PublishedFigures(edition), place, period))
    for done, code in enumerate(places, start=1):
        path = _write_one(code, edition, out, instant, signing)
        click.echo(f"  {done}/{len(places)} {path.name}", err=True)
    click.echo(f"Đã ghi {number(len(places))} báo cáo {period.label} vào {out}")


edition.add_command(documents_command)
commands: list[click.Command] = [edition, report]
