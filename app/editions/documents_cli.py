"""`flask edition documents`: every official document of an edition, in one run or in several."""

from __future__ import annotations

import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Final

import click
from flask.cli import with_appcontext

from app import clock
from app.commands import Refused, Verb
from app.editions.document_acts import note_documents
from app.editions.document_workers import WorkerFailed
from app.editions.documents import KINDS, MOST_PROCESSES, Made, documents_folder, make_documents
from app.editions.edition_cli import explaining, parse
from app.editions.files import obstacle
from app.editions.listing import get_edition
from app.editions.queries import report_files
from app.editions.reporting import NothingCounted, ReportFiles
from app.editions.work import Taken
from app.transactions import transaction
from surveys.editions import EditionCode
from surveys.periods import Quarter
from surveys.printing import decimal_text, number
from surveys.scoring import rounded

BY: Final = "command:edition documents"
_CONTINUE: Final = "Văn bản đã lập vẫn còn; chạy lại lệnh để lập tiếp."


@click.command("documents", cls=Verb)
@click.argument("code", metavar="KỲ")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Thư mục khác; không nêu thì nơi trang kết quả đọc."
)
@click.option(
    "--processes", type=click.IntRange(1, MOST_PROCESSES), default=2, show_default=True, metavar="SỐ",
    help="Số tiến trình cùng lập.",
)  # fmt: skip
@click.option(
    "--kind", type=click.Choice(KINDS), default=None, metavar="LOẠI",
    help="Chỉ lập của agency (cơ quan), province (tỉnh) hoặc nation (cả nước).",
)  # fmt: skip
@with_appcontext
def documents_command(code: str, out: Path | None, processes: int, kind: str | None) -> None:
    """Lập mọi văn bản PDF của KỲ đã chốt, ví dụ 2026-Q3.

    Cả nước, các tỉnh và mọi cơ quan có số liệu, chỉ từ bộ tệp đã chốt. Dừng giữa chừng thì chạy lại sẽ lập
    tiếp, không lập lại văn bản đã xong. Cuối cùng ghi SHA256SUMS.
    """
    wanted = parse(code)
    if not isinstance(wanted.period, Quarter):
        raise Refused(f"{code} không phải quý: văn bản chỉ lập cho một quý, ví dụ 2026-Q3. Chưa ghi tệp nào.")
    start = time.monotonic()
    with explaining():
        row = get_edition(wanted.code)
        made = _made(wanted, report_files(row), out, processes, kind or "")
    if made.made and out is None:
        with transaction():
            note_documents(row.code, made, by=BY, now=clock.now())
    click.echo(summary(wanted, made, time.monotonic() - start))


def _made(wanted: EditionCode, files: ReportFiles, out: Path | None, processes: int, kind: str) -> Made:
    try:
        return make_documents(
            files, out or documents_folder(), kind=kind, processes=processes, tell=_Line().tell
        )
    except Taken as error:
        raise Refused("Một tiến trình khác đang lập văn bản của kỳ này; hãy đợi nó xong.") from error
    except NothingCounted as error:
        raise Refused(f"{wanted.label} chưa có phiếu nào để lập văn bản. Chưa ghi tệp nào.") from error
    except WorkerFailed as error:
        raise Refused(f"Không lập được văn bản của {error.place}: {error.problem}. {_CONTINUE}") from error
    except OSError as error:
        where = error.filename or "thư mục"
        raise Refused(f"Không ghi được vào {where}: {obstacle(error)}. {_CONTINUE}") from error


def summary(edition: EditionCode, made: Made, seconds: float) -> str:
    """ "Đã lập 3.763 văn bản quý III năm 2026 (512,3 MB) trong 312 giây vào …"."""
    megabytes = decimal_text(rounded(Fraction(made.bytes, 1_000_000), 1))
    if not made.made:
        return (
            f"Đủ {number(made.total)} văn bản {edition.label} ({megabytes} MB) từ trước, "
            f"không phải lập thêm: {made.folder}"
        )
    before = f", {number(made.total - made.made)} văn bản đã có từ trước" if made.made < made.total else ""
    return (
        f"Đã lập {number(made.made)} văn bản {edition.label} trong {seconds:.0f} giây{before}; "
        f"cả thảy {megabytes} MB và SHA256SUMS ở {made.folder}"
    )


class _Line:
    """One line that runs on a terminal; elsewhere a line now and then."""

    def __init__(self) -> None:
        self._runs = sys.stderr.isatty()
        self._pause = 0.5 if self._runs else 30.0
        self._begin = self._said = time.monotonic()
        self._first: int | None = None

    def tell(self, done: int, total: int) -> None:
        instant = time.monotonic()
        if self._first is None:
            self._first = done
        if done < total and instant - self._said < self._pause:
            return
        self._said = instant
        words = f"  {number(done)}/{number(total)} văn bản{self._left(done, total, instant)}"
        click.echo(f"\r{words:<60}" if self._runs else words, err=True, nl=not self._runs or done == total)

    def _left(self, done: int, total: int, instant: float) -> str:
        made = done - (self._first or 0)
        if not made or done == total:
            return ""
        minutes = (instant - self._begin) / made * (total - done) / 60
        return f", còn khoảng {max(1, round(minutes))} phút"
