"""Closing asks here whether anything small follows from the new edition together with all the others.

What has to be hidden for that in the new edition is hidden; what no hiding prevents stops the close. The
words name places, parts and days, and never a number: whoever reads them may not know it either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.directory.models import Agency
from app.editions.listing import frozen, list_editions
from app.extensions import db
from app.results.control import control
from app.results.counts import PlaceCounts
from app.results.elsewhere import ALONE, OFFICIAL, Elsewhere
from app.results.inputs import Inputs, read_inputs
from app.results.items import Items
from app.results.overlap_settling import Finding, find_open, settle
from app.results.overlap_strands import CountDays, Held
from app.results.reading import read_period
from exports.wording import CHANNEL_NAMES
from surveys.editions import EditionCode
from surveys.printing import date_text
from surveys.segments import Days, What, concerned

MOST_NAMED = 20


@dataclass(frozen=True)
class Leak:
    """A number that could be worked out: the edition that hides it, if any, place, part and words."""

    edition: str
    place: str
    part: str
    words: str

    def __str__(self) -> str:
        return self.words


class LeakFound(Exception):
    """Trừ các kỳ công bố cho nhau sẽ tính ra được số của nhóm dưới 10 phiếu; ẩn thêm cũng không ngăn được.

    Nothing is closed then. The list says which places, parts and days are meant.
    """

    def __init__(self, leaks: Sequence[Leak]) -> None:
        self.leaks = tuple(leaks)
        named = "\n".join(f"  {leak}" for leak in self.leaks[:MOST_NAMED])
        more = len(self.leaks) - MOST_NAMED
        super().__init__(named + (f"\n  … và {more} chỗ nữa." if more > 0 else ""))


def find_leaks(candidate: Held, others: Sequence[Held], count: CountDays) -> list[Leak]:
    """Everything that could be worked out if the candidate were published as it is."""
    return list(_told(candidate, others, find_open(candidate, others, count)))


def withhold_for(candidate: Held, others: Sequence[Held], count: CountDays) -> Elsewhere:
    """What the candidate must hide in addition so that nothing follows. Raises LeakFound."""
    settled = settle(candidate, others, count)
    if settled.left:
        raise LeakFound(list(_told(candidate, others, settled.left)))
    return settled.elsewhere


def asked_of(code: EditionCode, inputs: Inputs, counted: Mapping[str, PlaceCounts]) -> Elsewhere:
    """What every closed edition asks of the one that is being closed. Raises LeakFound.

    `counted` is what is counted today on its days, also where a revision does not take it over yet.
    An installation that closes quarters only has nothing to read or to count here.
    """
    near = concerned(code.period, [row for row in list_editions() if row.code != code.code])
    if not near:
        return ALONE
    candidate = _held(code.code, code.period, inputs)
    others = [_held(row.code, row, read_inputs(frozen(row).sealed_records())) for row in near]
    agencies = db.session.scalars(select(Agency.code).order_by(Agency.code)).all()

    def count(first_day: date, last_day: date) -> Mapping[str, PlaceCounts]:
        if (first_day, last_day) == (code.period.first_day, code.period.last_day):
            return counted
        return read_period(first_day, last_day, agencies).agencies

    return withhold_for(candidate, others, count)


def _held(code: str, days: Days, inputs: Inputs) -> Held:
    """An edition with what it hides, decided from its inputs as it was when it was closed."""
    counts = inputs.tree.summed(inputs.current.agencies)
    answered = Items(inputs.find, inputs.current.versions).number
    hidden = control(
        inputs.tree, counts, answered, inputs.elsewhere,
        minimum=inputs.thresholds.disclosure, marks_empty=inputs.marks_empty,
    )  # fmt: skip
    return Held(
        code, days.first_day, days.last_day, inputs.tree, counts, answered, hidden, inputs.thresholds,
        inputs.marks_empty,
    )  # fmt: skip


def _told(candidate: Held, others: Sequence[Held], found: Iterable[Finding]) -> Iterator[Leak]:
    """The same place and days once, however many of their numbers are known."""
    names = {code: place.name for held in (*others, candidate) for code, place in held.tree.places.items()}
    seen: set[str] = set()
    for each in found:
        place, part = each.narrow.key
        words = f"{names.get(place, place)} ({place}), {part_words(part)}: {_reason(each)}"
        if words not in seen:
            seen.add(words)
            yield Leak(each.narrow.edition, place, part, words)


def _reason(found: Finding) -> str:
    narrow = found.narrow
    days = _days(found.days, narrow.first, narrow.last)
    if narrow.what is What.CELL:
        return f"số đang ẩn trong kỳ {narrow.edition} tính ra được."
    if narrow.what is What.LATE:
        return f"số phiếu thêm hoặc bớt sau khi chốt kỳ {narrow.edition} tính ra được."
    if narrow.what is What.REST and narrow.without is not None:
        inner = _days(found.days, *narrow.without)
        return f"số phiếu {days} trừ đi số phiếu {inner} còn lại một nhóm nhỏ."
    return f"số phiếu {days} tính ra được, tuy không kỳ nào in."


def _days(days: Sequence[date], first: int, last: int) -> str:
    return f"từ {date_text(days[first])} đến {date_text(days[last] - timedelta(days=1))}"


_WORDS: Mapping[str, str] = {
    OFFICIAL: "số chính thức",
    **{str(channel): f"kênh “{name}”" for channel, name in CHANNEL_NAMES.items()},
    "apart": "kênh ngoài số chính thức",
    "assigned": "yếu tố",
    "volunteered": "yếu tố tự đánh giá thêm",
    "answers": "câu hỏi",
    "aside": "phiếu để riêng",
}


def part_words(part: str) -> str:
    """A part as people call it; what follows its first name says which."""
    kind, _, rest = part.partition(" ")
    return f"{_WORDS[kind]} {rest}".strip()
