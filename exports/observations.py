"""The rows of open data: what a page may print about a place, one row a cell, as numbers for machines.

Nothing is more precise here than on a page. Shares of counts that the row holds are whole; what rests on
numbers that nobody prints (villages, strata, the quarter before) is rounded as it is printed, on its side of
the target. Of 10 to 29 answers there are no levels, and all or none of them only as the bound of an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from exports import codes
from exports.cell_facts import Facts, as_printed, cell_facts, printed_points, whole
from exports.codes import code_of
from exports.columns import Row, Value, row_of
from exports.criteria_rows import estimated_minutes, judge_cell
from exports.wording import nation_name
from surveys.criteria import PlanTarget, weighting_changes_verdict
from surveys.doors import ASKED_IN_VAIN
from surveys.figures import NATION, Cell, ChannelFigures, PlaceFigures, QuestionFigures
from surveys.printing import fitted
from surveys.scoring import Channel, Distribution, Phase
from surveys.thresholds import Standing, Thresholds

SATISFACTION: Final = "TC4"
NO_PROCEDURE: Final = "none"
_OFFICIAL: Final[Mapping[str, Value]] = {"channel": codes.VERIFIED, "phase": Phase.AFTER_RESULT.value}


FindTarget = Callable[[PlaceFigures, str], PlanTarget | None]


def sealed_target(figures: PlaceFigures, criterion: str) -> PlanTarget | None:
    """What an edition sealed for the place."""
    return (figures.targets or {}).get(criterion)


def no_target(figures: PlaceFigures, criterion: str) -> None:
    """For files of a place about which no plan says anything."""


def rows_of_place(figures: PlaceFigures, edition: str, targets: FindTarget) -> Iterator[Row]:
    """All rows of one place in their fixed order: satisfaction, factors, questions, procedures, the rest."""
    base = _place(figures, edition)
    for part in (_satisfaction, _factors, _questions, _procedures, _aside, _doors, _fill_time):
        for facts in part(figures, targets):
            yield row_of(base | facts)


def _place(figures: PlaceFigures, edition: str) -> Facts:
    place = figures.place
    return {
        "edition": edition,
        "period": figures.quarter,
        "place": place.code,
        "place_name": _name(figures),
        "kind": place.kind,
        "parent": place.parent or None,
        "marks": ";".join(codes.MARKS.get(mark, mark) for mark in figures.marks) or None,
        "questionnaires": ";".join(figures.questionnaires) or None,
        "method_version": figures.method_version,
    }


def _name(figures: PlaceFigures) -> str:
    if figures.place.code != NATION:
        return figures.place.name
    name = nation_name(figures.covered, figures.members)
    return name[:1].upper() + name[1:]


def _satisfaction(figures: PlaceFigures, targets: FindTarget) -> Iterator[Facts]:
    line = targets(figures, SATISFACTION)
    yield {
        "measure": "satisfaction",
        "criterion": SATISFACTION,
        **_OFFICIAL,
        **cell_facts(figures.official, figures.thresholds, line.target if line else None),
        **_judged(figures.official, line, figures.response_rate, figures.thresholds),
        **_responses(figures),
        **_movement(figures),
        **_rank(figures),
        **_weighted(figures, line),
        **_coverage(figures),
    }
    for part in (*figures.channels, *figures.apart):
        stream = {"channel": part.channel.value, "phase": part.phase.value}
        facts = cell_facts(part.cell, figures.thresholds)
        yield {"measure": "satisfaction", **stream, **facts, **_invitations(part, facts)}


def _judged(
    cell: Cell, line: PlanTarget | None, response_rate: Fraction | None, thresholds: Thresholds
) -> Facts:
    if line is None:
        return {}
    facts = _target(line)
    if cell.standing(thresholds) is Standing.SUPPRESSED:
        return facts | {"verdict": codes.HIDDEN}
    judgement = judge_cell(cell, line.target, response_rate, thresholds)
    if judgement is None or not cell.n:
        return facts
    facts["verdict"] = code_of(judgement.verdict)
    if judgement.verdict.decided:
        facts["certain"] = judgement.certain
    return facts


def _target(line: PlanTarget) -> Facts:
    return {
        "target": whole(line.target.limit),
        "target_operator": "at-least" if line.target.operator == ">=" else "below",
        "target_plan": line.plan,
    }


def _responses(figures: PlaceFigures) -> Facts:
    """The official response rate: issued and used may belong to a channel that is not told apart."""
    if _is_hidden(figures) or figures.response_rate_withheld:
        return {"response_status": codes.HIDDEN}
    if figures.response_rate_flagged:
        return {"response_status": "flagged"}
    if figures.response_rate is None:
        return {"response_status": "unknown"}
    against = (figures.thresholds.response_rate,)
    return {"response_status": "shown", "response_rate": as_printed(figures.response_rate, against)}


def _is_hidden(figures: PlaceFigures) -> bool:
    return figures.official.standing(figures.thresholds) is Standing.SUPPRESSED


def _invitations(part: ChannelFigures, cell: Facts) -> Facts:
    if cell["status"] == codes.HIDDEN or part.withheld:
        return {"response_status": codes.HIDDEN}
    if part.offered is None or part.answered is None:
        return {"response_status": "unknown"}
    facts: Facts = {"offered": part.offered, "answered": part.answered}
    if part.answered > part.offered:
        return facts | {"response_status": "flagged"}
    if not part.offered:
        return facts | {"response_status": "unknown"}
    return facts | {
        "response_status": "shown",
        "response_rate": whole(Fraction(part.answered, part.offered)),
    }


def _movement(figures: PlaceFigures) -> Facts:
    """The stored word and its numbers, unless the channel in which they are told must stay hidden."""
    movement = figures.movement
    parts = (part for part in figures.channels if part.channel is movement.channel)
    if _is_hidden(figures) or any(
        part.cell.standing(figures.thresholds) is Standing.SUPPRESSED for part in parts
    ):
        return {"change_word": codes.HIDDEN}
    facts: Facts = {"change_word": code_of(movement.word), "change_channel": movement.channel.value}
    if movement.reason is not None:
        facts["change_reason"] = code_of(movement.reason)
    if movement.change is not None:
        facts |= {
            "change": printed_points(movement.change.diff),
            "change_low": printed_points(movement.change.low, side_of_zero=True),
            "change_high": printed_points(movement.change.high, side_of_zero=True),
        }
    if movement.q is not None:
        facts["q"] = float(fitted(movement.q, (Fraction(figures.thresholds.alpha),), 6))
    return facts


def _rank(figures: PlaceFigures) -> Facts:
    rank = figures.rank
    if rank is None or _is_hidden(figures):
        return {}
    return {
        "rank_best": rank.best, "rank_worst": rank.worst, "rank_of": rank.of, "group": code_of(rank.group),
    }  # fmt: skip


def _weighted(figures: PlaceFigures, line: PlanTarget | None) -> Facts:
    weighted, rate = figures.weighted, figures.official.rate
    if weighted is None or rate is None or _is_hidden(figures):
        return {}
    against, span = (line.target.limit,) if line else (), weighted.interval
    facts: Facts = {
        "weighted_rate": as_printed(weighted.rate, against),
        "weighted_low": as_printed(span.low, against),
        "weighted_high": as_printed(span.high, against),
    }
    if line is not None:
        facts["weighting_changes"] = weighting_changes_verdict(rate, weighted.rate, line.target)
    return facts


def _coverage(figures: PlaceFigures) -> Facts:
    if figures.place.is_agency:
        return {}
    return {"covered": figures.covered, "members": figures.members}


def _factors(figures: PlaceFigures, targets: FindTarget) -> Iterator[Facts]:
    for factor in figures.factors:
        item: Facts = {"item": factor.question, "item_label": factor.label, **_OFFICIAL}
        yield {"measure": "factor", **item, **cell_facts(factor.cell, figures.thresholds)}
        volunteered = cell_facts(factor.volunteered, figures.thresholds)
        yield {"measure": "factor-volunteered", **item, **volunteered}


def _questions(figures: PlaceFigures, targets: FindTarget) -> Iterator[Facts]:
    for question in figures.questions:
        line = targets(figures, question.criterion) if question.criterion else None
        facts = _summary(figures, question, line)
        item: Facts = {
            "item": question.question, "item_label": question.label, "criterion": question.criterion,
            **_OFFICIAL,
        }  # fmt: skip
        yield {"measure": "question", **item, **facts, **(_target(line) if line else {})}
        if facts["status"] not in (codes.HIDDEN, codes.NOTHING) and question.n >= figures.thresholds.verdict:
            for answer in _answers(question):
                yield {"measure": "answer", **item, **answer}


def _summary(figures: PlaceFigures, question: QuestionFigures, line: PlanTarget | None) -> Facts:
    """The one number of a question: estimated minutes, or the share of yeses with its interval."""
    if question.counts is None:
        return {"status": codes.HIDDEN}
    counts = dict(question.counts)
    yes = sum(counts.get(value, 0) for value in question.positive if value not in question.missing)
    if yes > question.n:  # Several may be chosen: there is no share of those who say yes.
        yes = 0
    found = Distribution((yes, 0, 0, 0, question.n - yes))
    cell = Cell.of(found, question.n / figures.deff, figures.thresholds)
    facts = cell_facts(cell, figures.thresholds)
    if facts["status"] in (codes.HIDDEN, codes.NOTHING):
        return facts
    told = (
        ("status", "n", "n_eff", "low", "high", "rate", "rate_kind") if question.positive else ("status", "n")
    )
    kept: Facts = {name: facts[name] for name in told if name in facts}
    if question.positive and "satisfied" in facts:
        kept["count"] = yes
    known = estimated_minutes(question) if question.minutes else None
    if known is not None:
        against = (line.target.limit,) if line else ()
        kept |= {"value": float(fitted(known[0], against)), "unit": "minutes"}
    return kept


def _answers(question: QuestionFigures) -> Iterator[Facts]:
    words = dict(question.options)
    for value, count in question.counts or ():
        if value not in question.missing:
            yield {
                "option": value, "option_label": words.get(value, value), "status": codes.SHOWN,
                "n": question.n, "count": count, "rate": whole(Fraction(count, question.n)),
                "rate_kind": "exact",
            }  # fmt: skip


def _procedures(figures: PlaceFigures, targets: FindTarget) -> Iterator[Facts]:
    line = targets(figures, SATISFACTION) if figures.procedures else None
    for place, cell in figures.procedures:
        yield {
            "measure": "procedure",
            "item": place.code or NO_PROCEDURE,
            "item_label": place.name,
            **_OFFICIAL,
            **cell_facts(cell, figures.thresholds, line.target if line else None),
            # Nobody knows how many were asked about one procedure, so no verdict on it is certain.
            **_judged(cell, line, None, figures.thresholds),
        }


def _aside(figures: PlaceFigures, targets: FindTarget) -> Iterator[Facts]:
    """What was set aside by reason, by channel, and what two persons decided about it."""
    for reason, n in figures.set_aside:
        yield _number("set-aside", n, reason)
    for part in figures.aside:
        stream: Facts = {"channel": part.channel.value, "phase": part.phase.value}
        yield _number("set-aside", part.n) | stream
    for review in figures.reviews:
        yield _number("left-out", review.left_out, review.reason)
        yield _number("released", review.released, review.reason)


def _number(measure: str, n: int | None, reason: str | None = None) -> Facts:
    facts: Facts = {"measure": measure, "item": reason, "channel": codes.EVERY, "phase": codes.EVERY}
    if n is None:
        return facts | {"status": codes.HIDDEN}
    return facts | {"status": codes.SHOWN if n else codes.NOTHING, "n": n}


def _doors(figures: PlaceFigures, targets: FindTarget) -> Iterator[Facts]:
    """What became of the doors; interviews are among what the channel answered."""
    if figures.doors is not None:
        for outcome in ASKED_IN_VAIN:
            stream: Facts = {"channel": Channel.FIELD.value, "phase": Phase.AFTER_RESULT.value}
            yield _number("doors", getattr(figures.doors, outcome), outcome) | stream


def _fill_time(figures: PlaceFigures, targets: FindTarget) -> Iterator[Facts]:
    if figures.median_fill_seconds is not None and not _is_hidden(figures):
        seconds = float(figures.median_fill_seconds)
        yield {
            "measure": "fill-time",
            **_OFFICIAL,
            "status": codes.SHOWN,
            "value": seconds,
            "unit": "seconds",
        }
