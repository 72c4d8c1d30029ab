"""What a revision takes over of the answers that came and went since the edition before.

An agency whose change is so small that it would show single answers keeps the counts of the edition before;
totals are made from what was taken over, so they keep silent about it too (`surveys.revisions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.results.control import control
from app.results.counts import PlaceCounts
from app.results.inputs import Inputs, Record, decide_inputs
from app.results.invited_control import Invitation
from app.results.items import Items
from surveys.revisions import Tally, Verdict, decide_revision

ASKED = "links"
_AGENCY_AT = {"tally": 1, "procedure": 1, "cluster": 1, "left-out": 1}
"""Where a record of an agency names it."""


def list_waiting(old: Inputs, new: Inputs) -> list[str]:
    """The agencies whose changes wait for more of them."""
    tree = new.tree
    agencies = {*old.current.agencies, *new.current.agencies}
    printed = _printed(old) | _printed(new)
    verdicts = decide_revision(
        {code: _tally(old.current.agencies.get(code)) for code in agencies},
        {code: _tally(new.current.agencies.get(code)) for code in agencies},
        {code: place.parent for code in agencies if (place := tree.places.get(tree.resolve(code)))},
        {code for code in agencies if tree.resolve(code) in printed},
        minimum=new.thresholds.disclosure,
    )
    return sorted(code for code, verdict in verdicts.items() if verdict is Verdict.WAITS)


def list_unasked(old: Inputs) -> list[Invitation]:
    """Of whom the edition before withheld how many were asked: a revision does not tell it either."""
    return sorted(decide_inputs(old).unasked)


def taken_over(
    new: Iterable[Record], old: Iterable[Record], waiting: Sequence[str], unasked: Sequence[Invitation]
) -> Iterator[Record]:
    """The records of the revision, with those of the edition before where an agency waits.

    Who was asked stays as it was at the first close: what has been used since was answered in the next
    quarter, and few such answers would be seen by comparing the two editions.
    """
    keep = frozenset(waiting)
    yield from (record for record in new if record[0] != ASKED and _agency(record) not in keep)
    yield from (record for record in old if record[0] == ASKED or _agency(record) in keep)
    yield ["waiting", list(waiting)]
    yield ["unasked", [[place, channel.value] for place, channel in unasked]]


def _agency(record: Record) -> str | None:
    at = _AGENCY_AT.get(record[0])
    return None if at is None else record[at]


def _printed(inputs: Inputs) -> set[str]:
    counts = inputs.tree.summed(inputs.current.agencies)
    answered = Items(inputs.find, inputs.current.versions).number
    hidden = control(
        inputs.tree, counts, answered, inputs.elsewhere,
        minimum=inputs.thresholds.disclosure, marks_empty=inputs.marks_empty,
    )  # fmt: skip
    return {code for code, part in counts.items() if part.official.n and code not in hidden.official}


def _tally(counts: PlaceCounts | None) -> Tally:
    """Everything that is counted of an agency and could be compared, under any name that is its own."""
    if counts is None:
        return {}
    found: dict[str, Sequence[int]] = {f"{stream}": levels for stream, levels in counts.satisfaction.items()}
    for name in ("assigned", "volunteered"):
        found |= {f"{name} {item}": levels for item, levels in getattr(counts, name).items()}
    for item, values in counts.answers.items():
        found |= {f"answers {item} {value}": [n] for value, n in values.items()}
    found |= {f"aside {reason}": [n] for reason, n in counts.set_aside.items()}
    return found
