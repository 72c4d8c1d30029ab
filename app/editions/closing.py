"""Closing: the figures of a period are frozen as files. The one act that makes an edition."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
import structlog
from sqlalchemy.exc import IntegrityError

from app.audit.actions import record
from app.editions.fileset import FIGURES, INDEX, SEALED, Draft, drafting, place
from app.editions.freezing import write_frame, write_tables, write_texts
from app.editions.lateness import write_late
from app.editions.leaks import asked_of
from app.editions.listing import find_edition, find_newest, frozen
from app.editions.models import Edition
from app.editions.revising import list_unasked, list_waiting, taken_over
from app.editions.rules import AlreadyClosed, NoReasonGiven, NothingToClose, NotPublishedYet, TooEarly
from app.editions.shelf import FrozenEdition, write_figures
from app.extensions import db
from app.installation import is_demonstration
from app.responding.store import write_turn
from app.results.figuring import Sheet, list_figures
from app.results.folding import fold_waiting
from app.results.gathering import Earlier, gather, satisfaction_records
from app.results.inputs import Inputs, Record, decide_inputs, read_inputs
from app.transactions import transaction
from surveys.editions import EditionCode
from surveys.figures import METHOD_VERSION, NATION, PlaceFigures
from surveys.periods import Quarter

NATION_SCOPE: Final = "nation"

STEPS: Final = 4
"""Counting what waits; the figures; the open data; the row with the folder."""

log = structlog.get_logger()


def _unseen(_step: int) -> None:
    """Nobody watches."""


def close(
    code: EditionCode, *, by: str, now: datetime, reason: str = "", step: Callable[[int], None] = _unseen
) -> str:
    """Freezes a period as an edition; returns its hash. Commits.

    Everything is made beside its place; the row and the folder appear together, at the end. `step` is told
    which of STEPS begins. Raises TooEarly, AlreadyClosed, NothingToClose, LeakFound; for a revision also
    NotPublishedYet and NoReasonGiven.
    """
    check_closable(code, reason, now)
    step(1)
    fold_waiting()
    compared = _quarter_before(code)
    with drafting(code.code) as draft:
        step(2)
        sheet = _freeze(draft, code, compared)
        revised = find_newest(code.period.code) if code.revision else None
        write_texts(draft, code, frozen(revised) if revised else None, now)
        _refuse_empty(sheet)
        write_late(draft, code)
        step(3)
        write_tables(draft, code, now)
        sha256 = draft.seal(_facts(code, compared, reason, now))
        edition = Edition(
            code=code.code,
            period=code.period.code,
            kind=code.kind,
            revision=code.revision,
            first_day=code.period.first_day,
            last_day=code.period.last_day,
            sha256=sha256,
            reason=reason.strip(),
            closed_at=now,
            closed_by=by,
        )
        step(4)
        with write_turn():
            _record(draft, edition, by, now)
    log.info("edition-closed", edition=code.code, places=len(sheet.tree.places))
    return sha256


def check_closable(code: EditionCode, reason: str, now: datetime) -> None:
    """Raises what `close` would raise, except NothingToClose."""
    if not code.period.is_closable(now):
        raise TooEarly
    if find_edition(code.code) is not None:
        raise AlreadyClosed
    if code.revision:
        if not reason.strip():
            raise NoReasonGiven
        before = find_newest(code.period.code)
        if before is None or before.revision != code.revision - 1:
            raise NotPublishedYet


def _record(draft: Draft, edition: Edition, by: str, now: datetime) -> None:
    """Of several at once one comes first; the others find its row and leave no folder."""
    try:
        with transaction():
            db.session.add(edition)
            db.session.flush()
            place(draft, edition.code)
            details = {"sha256": edition.sha256}
            record(
                "edition-closed", by=by, subject=edition.code, scope=NATION_SCOPE, details=details, now=now
            )
    except IntegrityError as error:
        raise AlreadyClosed from error


def _freeze(draft: Draft, code: EditionCode, compared: Edition | None) -> Sheet:
    """Inputs first; everything else is made from the file that holds them."""
    path = draft.path(SEALED)
    _write(path, gather(code.period, _earlier(code, compared)))
    inputs = read_inputs(_records(path))
    counted = inputs.current.agencies
    if code.revision:
        inputs = _take_over(path, code, inputs)
    inputs.elsewhere = asked_of(code, inputs, counted)
    with path.open("ab") as file:
        file.write(_line(["elsewhere", inputs.elsewhere.to_plain()]))
    sheet = decide_inputs(inputs)
    write_figures(draft.path(FIGURES), draft.path(INDEX), lambda: list_figures(sheet))
    write_frame(draft, inputs, sheet, code)
    return sheet


def _take_over(path: Path, code: EditionCode, fresh: Inputs) -> Inputs:
    """Of a revision: the changes that are too small to be shown wait, and the file says where."""
    before = find_newest(code.period.code)
    assert before is not None, "a revision follows a published edition"
    edition = frozen(before)
    old = read_inputs(edition.sealed_records())
    waiting, unasked = list_waiting(old, fresh), list_unasked(old)
    kept = path.with_suffix(".fresh")
    path.rename(kept)
    _write(path, taken_over(_records(kept), edition.sealed_records(), waiting, unasked))
    kept.unlink()
    return read_inputs(_records(path))


def _write(path: Path, records: Iterable[Record]) -> None:
    with path.open("wb") as file:
        # Without these bytes the hash of the file could be tried with small numbers until it fits.
        file.write(_line(["nonce", secrets.token_hex(32)]))
        for item in records:
            if item[0] != "nonce":
                file.write(_line(item))


def _records(path: Path) -> Iterator[Record]:
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)


def _line(item: Record) -> bytes:
    return orjson.dumps(item, option=orjson.OPT_SORT_KEYS) + b"\n"


def _quarter_before(code: EditionCode) -> Edition | None:
    return find_newest(code.period.previous.code) if isinstance(code.period, Quarter) else None


def _earlier(code: EditionCode, compared: Edition | None) -> Earlier | None:
    """The quarter before as it was published, whatever has come in since."""
    if not isinstance(code.period, Quarter):
        return None
    if compared is None:
        return Earlier()
    edition = frozen(compared)
    return Earlier(True, dict(_printed(edition)), list(satisfaction_records(edition.sealed_records())))


def _printed(edition: FrozenEdition) -> Iterator[tuple[str, list[str]]]:
    for figures in edition.every():
        yield figures.place.code, _channels(figures)


def _channels(figures: PlaceFigures) -> list[str]:
    if figures.official.hidden:
        return []
    return [part.channel.value for part in figures.channels if not part.cell.hidden]


def _refuse_empty(sheet: Sheet) -> None:
    counts = sheet.counts[NATION]
    if not counts.satisfaction and not counts.set_aside:
        raise NothingToClose


def _facts(code: EditionCode, compared: Edition | None, reason: str, now: datetime) -> dict[str, Any]:
    """What the manifest says beside its files: also which edition it follows, and with which it compares."""
    before = find_newest(_before(code))
    return {
        "edition": code.code,
        "kind": code.kind,
        "period": code.period.code,
        "first_day": code.period.first_day.isoformat(),
        "last_day": code.period.last_day.isoformat(),
        "revision": code.revision,
        "reason": reason.strip(),
        "closed_at": now.isoformat(timespec="seconds"),
        "method_version": METHOD_VERSION,
        "demonstration": is_demonstration(),
        "before": _named(before),
        "compared": _named(compared),
    }


def _named(edition: Edition | None) -> dict[str, str] | None:
    return {"edition": edition.code, "sha256": edition.sha256} if edition else None


def _before(code: EditionCode) -> str:
    """Of a revision the same period, of a quarter the one before; months and weeks follow nothing."""
    if code.revision:
        return code.period.code
    return code.period.previous.code if isinstance(code.period, Quarter) else ""
