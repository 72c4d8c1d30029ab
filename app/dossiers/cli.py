"""`flask links …`: links are written to a file once; afterwards only their hashes exist."""

from __future__ import annotations

import csv
import os
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.catalogue.queries import UnknownQuestionnaire, current_questionnaire, get_questionnaire
from app.clock import now
from app.commands import Noun, Refused
from app.directory.queries import UnknownAgency, UnknownProcedure
from app.dossiers.actions import CannotIssue, IssuedBatch, issue_links, revoke_batch
from app.dossiers.queries import CHANNELS, VERIFIED, UnknownBatch
from app.keys import configuration
from app.text_files import reason_of
from app.transactions import transaction
from surveys.printing import number
from surveys.questionnaire import Questionnaire
from surveys.scoring import Phase

NOTHING_ISSUED = "Chưa phát hành đường dẫn nào."


@click.group("links", cls=Noun)
def links() -> None:
    """Đường dẫn khảo sát dùng một lần."""


@links.command("issue")
@click.option("--agency", required=True, help="Mã cơ quan, ví dụ 14-SKHCN.")
@click.option("--procedure", help="Mã thủ tục, ví dụ 1.004616.")
@click.option(
    "--phase",
    type=click.Choice([phase.value for phase in Phase]),
    default=Phase.AFTER_RESULT.value,
    help="after-result: sau khi có kết quả (mặc định); just-submitted: vừa nộp xong.",
)
@click.option("--count", type=int, required=True, help="Số đường dẫn.")
@click.option("--questionnaire", "code", default="COT_LOI", help="Mã phiếu khảo sát.")
@click.option("--version", help="Phiên bản phiếu; mặc định là phiên bản cao nhất.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Ngày cuối còn dùng được.")
@click.option(
    "--channel", type=click.Choice(CHANNELS), default=VERIFIED, help="link-open: cán bộ có thể tải."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Tệp CSV mới để ghi đường dẫn.")
@with_appcontext
def issue(
    agency: str,
    procedure: str | None,
    phase: str,
    count: int,
    code: str,
    version: str | None,
    expires: datetime | None,
    channel: str,
    out: Path,
) -> None:
    """Phát hành đường dẫn cho một cơ quan, ghi ra tệp.

    Đường dẫn chỉ được ghi ra một lần này; về sau hệ thống chỉ giữ mã băm.
    """
    expires_on: date | None = expires.date() if expires else None
    try:
        with transaction():
            questionnaire = _questionnaire(code, version)
            batch = issue_links(
                agency,
                procedure,
                questionnaire=questionnaire.code,
                version=questionnaire.version,
                phase=phase,
                count=count,
                expires_on=expires_on,
                channel=channel,
                by="command:links issue",
                now=now(),
            )
            _write(out, batch)
    except (UnknownAgency, UnknownProcedure, UnknownQuestionnaire, CannotIssue) as error:
        raise Refused(_why(error)) from error
    click.echo(
        f"Đã phát hành {number(count)} đường dẫn (đợt {batch.id}), "
        f"dùng đến hết ngày {batch.expires_on:%d/%m/%Y}: {out}"
    )


@links.command("revoke")
@click.argument("batch")
@with_appcontext
def revoke(batch: str) -> None:
    """Thu hồi các đường dẫn chưa dùng của đợt BATCH."""
    try:
        with transaction():
            revoke_batch(batch, by="command:links revoke", now=now())
    except UnknownBatch as error:
        raise Refused(f"Không có đợt phát hành {batch}.") from error
    click.echo(f"Đã thu hồi đợt {batch}.")


def _questionnaire(code: str, version: str | None) -> Questionnaire:
    return get_questionnaire(code, version) if version else current_questionnaire(code)


def _write(path: Path, batch: IssuedBatch) -> None:
    """Writes the addresses to a new file that only its owner may read, down to the disk.

    It is written before the batch is committed: links without a file would be lost for ever, while a file
    whose links were not stored leads nowhere.
    """
    base = configuration().base_url
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refused(f"Tệp {path} đã có; hãy chọn tên khác. {NOTHING_ISSUED}") from error
    except OSError as error:
        raise Refused(f"Không ghi được tệp {path}: {reason_of(error)}. {NOTHING_ISSUED}") from error
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["url"])
        writer.writerows([f"{base}/k/{token}"] for token in batch.tokens)
        stream.flush()
        os.fsync(stream.fileno())


def _why(error: Exception) -> str:
    names: dict[type[Exception], str] = {
        UnknownAgency: "Hôm nay không có cơ quan mang mã",
        UnknownProcedure: "Không có thủ tục mang mã",
        UnknownQuestionnaire: "Chưa công bố phiếu khảo sát",
    }
    words = names.get(type(error), "")
    return f"{words} {error}. {NOTHING_ISSUED}" if words else str(error)


commands: list[click.Command] = [links]
