"""Issuing links in the console: by whom they may be issued, how they count, and the file that holds them."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.identity import NATION_SCOPE, Actor
from app.accounts.roles import Permission
from app.directory.scopes import is_covered
from app.dossiers.actions import IssuedBatch
from app.dossiers.queries import OPEN, VERIFIED
from app.i18n import DEFAULT
from app.installation import is_demonstration
from app.keys import configuration
from exports.cells import csv_bytes
from surveys.printing import date_text

CSV: Final = "csv"
PDF: Final = "pdf"
# Thirty pages of slips.
MOST_ON_PAPER: Final = 630
# More come from the command line, which writes them to a file on the server.
MOST_IN_FILE: Final = 20_000
_PROVINCE_LENGTH: Final = 2


def channel_for(actor: Actor, agency: str, on: date) -> str:
    """How links count that this person downloads: as open where staff of the judged agency hold them.

    Whoever works for the agency itself could answer for the people; also whoever works for its province
    besides. Only the ministry and the province stand far enough away.
    """
    scopes = actor.scopes(Permission.LINKS_ISSUE)
    above = {scope for scope in scopes if scope == NATION_SCOPE or len(scope) == _PROVINCE_LENGTH}
    own = {grant.scope for grant in actor.grants} - above - {NATION_SCOPE}
    works_there = is_covered({scope for scope in own if len(scope) > _PROVINCE_LENGTH}, agency, on)
    return VERIFIED if above and not works_there and is_covered(above, agency, on) else OPEN


def csv_of(batch: IssuedBatch) -> bytes:
    return csv_bytes(("url",), ((address,) for address in addresses(batch)))


def pdf_of(batch: IssuedBatch, agency_name: str) -> bytes:
    """The sheet is for citizens, so it is Vietnamese whatever language the console is read in."""
    # Only who prints needs the library that draws, which takes twenty megabytes.
    from exports.qr_sheet import QrSheet, qr_sheet

    with force_locale(DEFAULT):
        sheet = QrSheet(
            title=_("Đường dẫn đánh giá – %(agency)s", agency=agency_name),
            agency=agency_name,
            steps=(
                _("Mời Ông/Bà quét mã để đánh giá dịch vụ."),
                _("Không hỏi tên. Mỗi mã dùng một lần."),
            ),
            until=_("Dùng đến hết ngày %(day)s.", day=date_text(batch.expires_on)),
            addresses=addresses(batch),
            demo=_("BẢN MINH HỌA") if is_demonstration() else "",
        )
    return qr_sheet(sheet)


def addresses(batch: IssuedBatch) -> list[str]:
    base = configuration().base_url
    return [f"{base}/k/{token}" for token in batch.tokens]
