"""From the counts of a whole quarter to the figures of each place, after disclosure control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from app.plans import plan_for
from app.results.control import Hidden, control, visible_procedures
from app.results.counts import FindQuestionnaire, PlaceCounts, Stream, Version, in_order
from app.results.elsewhere import ALONE, Elsewhere
from app.results.families import Before, change_channel, movements, ranks
from app.results.integrity_control import HiddenAside, control_aside
from app.results.invitations import answered_share, doors_of, invitations, withholds_rate
from app.results.invited_control import INVITING, Invitation, control_invited
from app.results.items import Items
from app.results.precision import printable_n_eff, procedure_n_eff
from app.results.tree import MERGED, Tree
from surveys.comparison import Word
from surveys.criteria import ResponseRate
from surveys.figures import (
    HIDDEN,
    NATION,
    AsideFigures,
    Cell,
    ChannelFigures,
    FactorFigures,
    Movement,
    Place,
    PlaceFigures,
    QuestionFigures,
    RankFigures,
    ReviewFigures,
    WeightedFigures,
)
from surveys.revisions import WAITING
from surveys.scoring import VERIFIED_CHANNELS, Channel, Distribution, Phase
from surveys.thresholds import Thresholds
from surveys.weighting import Stratum, weighted_rate

T = TypeVar("T")

PROCEDURE = "procedure"
NO_PROCEDURE = "Không ghi thủ tục"


@dataclass(frozen=True)
class Sheet:
    """One period: every place with its counts, and what was decided for all of them together."""

    period: str
    tree: Tree
    counts: Mapping[str, PlaceCounts]
    items: Items
    hidden: Hidden
    aside: HiddenAside | None
    moved: Mapping[str, Movement]
    ranked: Mapping[str, RankFigures]
    thresholds: Thresholds
    procedure_names: Mapping[str, str] = field(default_factory=dict)
    # Places and channels of which nobody may see how many were asked.
    unasked: frozenset[Invitation] = frozenset()
    # Agencies of a revision whose small changes are not in these figures.
    waiting: frozenset[str] = frozenset()

    def unasked_in(self, code: str) -> frozenset[Channel]:
        return frozenset(channel for channel in INVITING if (code, channel) in self.unasked)

    @cached_property
    def unseen_streams(self) -> Mapping[str, Collection[Stream]]:
        """By place the streams apart that are hidden there."""
        return _by_place(self.hidden.apart)

    @cached_property
    def unseen_reasons(self) -> Mapping[str, Collection[str]]:
        """By place the reasons for setting aside of which the number is hidden there."""
        return _by_place(self.hidden.set_aside)

    @cached_property
    def waits_above(self) -> frozenset[str]:
        """The agencies that wait and the places above them."""
        found: set[str] = set()
        for agency in self.waiting:
            place = self.tree.places.get(self.tree.resolve(agency))
            if place is not None:
                found |= {place.code, place.parent, NATION}
        return frozenset(found)


def _by_place(cells: Iterable[tuple[str, T]]) -> Mapping[str, Collection[T]]:
    found: dict[str, list[T]] = {}
    for place, name in cells:
        found.setdefault(place, []).append(name)
    return found


def decide(
    period: str,
    tree: Tree,
    counts: Mapping[str, PlaceCounts],
    versions: set[Version],
    find: FindQuestionnaire,
    before: Before | None,
    procedure_names: Mapping[str, str],
    *,
    thresholds: Thresholds,
    elsewhere: Elsewhere = ALONE,
    integrity: bool = True,
    ranking: Collection[str] | None = None,
    waiting: frozenset[str] = frozenset(),
    unasked: Collection[Invitation] = (),
    marks_empty: bool = False,
) -> Sheet:
    """Runs the control and the families. `before` is None where nothing is compared.

    `elsewhere` is what other editions ask of this one; without `integrity` nothing is told of channels and
    decisions about what was set aside. `ranking` are the provinces whose plan ranks; None asks the plans.
    `unasked` are places and channels of which others withhold how many were asked. With `marks_empty` what
    holds no answer carries the mark of what is hidden.
    """
    items = Items(find, versions)
    hidden = control(
        tree, counts, items.number, elsewhere, minimum=thresholds.disclosure, marks_empty=marks_empty
    )
    if before is None:
        moved = {code: Movement(change_channel(part), Word.NONE) for code, part in counts.items()}
    else:
        moved = movements(tree, counts, before, hidden.channels, find, thresholds)
    ranked: dict[str, RankFigures] = {}
    for province in ranking_provinces(tree) if ranking is None else ranking:
        ranked |= ranks(tree, province, counts, hidden.channels, thresholds)
    aside = control_aside(tree, counts, hidden.set_aside, thresholds.disclosure) if integrity else None
    invited = control_invited(tree, counts, hidden, minimum=thresholds.disclosure, before=unasked)
    return Sheet(
        period, tree, counts, items, hidden, aside, moved, ranked, thresholds, procedure_names, invited,
        waiting,
    )  # fmt: skip


def ranking_provinces(tree: Tree) -> list[str]:
    return [province for province in tree.provinces if plan_for(province).ranks]


def list_figures(sheet: Sheet) -> Iterator[PlaceFigures]:
    """The figures of every place: nation, provinces, agencies."""
    for code in sheet.tree.places:
        yield figures_of(sheet, code)


def figures_of(sheet: Sheet, code: str) -> PlaceFigures:
    counts, hidden = sheet.counts[code], sheet.hidden
    place, secret = sheet.tree.places[code], code in hidden.official
    unasked = frozenset() if secret else sheet.unasked_in(code)
    rate = ResponseRate(None) if secret else answered_share(counts, unasked)
    members = sheet.tree.children.get(code, ())
    return PlaceFigures(
        place=place,
        quarter=sheet.period,
        official=HIDDEN if secret else Cell.of(counts.official, _n_eff(sheet, code), sheet.thresholds),
        # Of a hidden place not even the channel is told that would have been compared.
        movement=replace(sheet.moved[code], channel=Channel.LINK) if secret else sheet.moved[code],
        channels=() if secret else tuple(_channels(sheet, code)),
        apart=tuple(_apart(sheet, code)),
        factors=() if secret else tuple(_factors(sheet, code)),
        questions=() if secret else tuple(_questions(sheet, code)),
        procedures=() if secret or not place.is_agency else tuple(_procedures(sheet, code)),
        rank=None if secret else sheet.ranked.get(code),
        weighted=None if secret else weighted_figures(sheet, code),
        response_rate=rate.value,
        response_rate_flagged=rate.flagged,
        response_rate_withheld=withholds_rate(counts, unasked),
        set_aside=tuple(
            (reason, None if (code, reason) in hidden.set_aside else counts.set_aside[reason])
            for reason in sorted({*counts.set_aside, *sheet.unseen_reasons.get(code, ())})
        ),
        aside=tuple(_aside(sheet, code)),
        reviews=tuple(_reviews(sheet, code)),
        doors=None if secret else doors_of(counts, unasked),
        median_fill_seconds=None if secret else median(counts.fill, sheet.thresholds),
        covered=sum(1 for member in members if _is_covered(sheet, member)),
        members=len(members),
        marks=tuple(_marks(sheet, code)),
        # What was asked at home would tell that somebody was interviewed there.
        questionnaires=() if secret else counts.questionnaires,
        thresholds=sheet.thresholds,
    )


def _n_eff(sheet: Sheet, code: str) -> float:
    """Of the official figure of a place that is printed."""
    is_field_hidden = (code, Channel.FIELD) in sheet.hidden.channels
    return printable_n_eff(
        sheet.counts[code], is_field_hidden=is_field_hidden, minimum=sheet.thresholds.disclosure
    )


def _is_covered(sheet: Sheet, code: str) -> bool:
    enough = sheet.counts[code].official.n >= sheet.thresholds.disclosure
    return enough and code not in sheet.hidden.official


def _marks(sheet: Sheet, code: str) -> Iterator[str]:
    if code in sheet.tree.merged:
        yield MERGED
    if sheet.moved[code].word is Word.BROKEN:
        yield Word.BROKEN.value
    if code in sheet.waits_above:
        yield WAITING


def _channels(sheet: Sheet, code: str) -> Iterator[ChannelFigures]:
    counts, unasked = sheet.counts[code], sheet.unasked_in(code)
    for channel in VERIFIED_CHANNELS:
        found = counts.of(channel)
        if (code, channel) in sheet.hidden.channels:
            yield ChannelFigures(channel, Phase.AFTER_RESULT, HIDDEN)
        elif found.n or channel in counts.invited:
            cell = Cell.of(found, counts.n_eff(channel), sheet.thresholds)
            yield ChannelFigures(channel, Phase.AFTER_RESULT, cell, *invitations(counts, channel, unasked))


def _apart(sheet: Sheet, code: str) -> Iterator[ChannelFigures]:
    counts = sheet.counts[code]
    for channel, phase in in_order({*counts.apart, *sheet.unseen_streams.get(code, ())}):
        found = counts.of(channel, phase)
        if (code, (channel, phase)) in sheet.hidden.apart:
            yield ChannelFigures(channel, phase, HIDDEN)
        else:
            asks = phase is Phase.AFTER_RESULT
            told = invitations(counts, channel, sheet.unasked_in(code)) if asks else ()
            yield ChannelFigures(channel, phase, Cell.of(found, found.n, sheet.thresholds), *told)


def _aside(sheet: Sheet, code: str) -> Iterator[AsideFigures]:
    """Nothing of an agency: its numbers would be small, and nobody needs them beside its reasons."""
    if sheet.aside is None or sheet.tree.places[code].is_agency:
        return
    for stream, n in sorted(sheet.counts[code].aside.items()):
        yield AsideFigures(*stream, None if (code, stream) in sheet.aside.streams else n)


def _reviews(sheet: Sheet, code: str) -> Iterator[ReviewFigures]:
    if sheet.aside is None or sheet.tree.places[code].is_agency:
        return
    counts = sheet.counts[code]
    for reason in sorted({*counts.left_out, *counts.released}):
        left_out = None if (code, reason) in sheet.aside.left_out else counts.left_out[reason]
        released = None if (code, reason) in sheet.aside.released else counts.released[reason]
        yield ReviewFigures(reason, left_out, released)


def _used_codes(sheet: Sheet, code: str) -> set[str]:
    return {version[0] for versions in sheet.counts[code].versions.values() for version in versions}


def _factors(sheet: Sheet, code: str) -> Iterator[FactorFigures]:
    counts, codes = sheet.counts[code], _used_codes(sheet, code)
    deff = counts.official.n / _n_eff(sheet, code) if counts.official.n else 1.0
    for item in sheet.items.of_kind(factor=True):
        if item[0] in codes:
            yield FactorFigures(
                question=item[1],
                label=sheet.items.factor_label(item),
                cell=HIDDEN
                if (code, item) in sheet.hidden.assigned
                else _factor_cell(counts.assigned.get(item), deff, sheet.thresholds),
                volunteered=HIDDEN
                if (code, item) in sheet.hidden.volunteered
                else _factor_cell(counts.volunteered.get(item), deff, sheet.thresholds),
            )


def _factor_cell(levels: Sequence[int] | None, deff: float, thresholds: Thresholds) -> Cell:
    """Villages are known for the satisfaction question only; its design effect stands in for factors."""
    found = Distribution() if levels is None else Distribution(tuple(levels))  # type: ignore[arg-type]  # there are five levels
    return Cell.of(found, found.n / deff, thresholds)


def _questions(sheet: Sheet, code: str) -> Iterator[QuestionFigures]:
    codes = _used_codes(sheet, code)
    for item in sheet.items.of_kind(factor=False):
        if item[0] in codes and item in sheet.counts[code].answers:
            is_hidden = (code, item) in sheet.hidden.answers
            yield sheet.items.question_figures(item, sheet.counts[code], is_hidden)


def _procedures(sheet: Sheet, code: str) -> Iterator[tuple[Place, Cell]]:
    """Procedures of an agency from the largest; answers that name none stand last."""
    counts = sheet.counts[code]
    parts = {name: Distribution.total(map(_levels, by.values())) for name, by in counts.procedures.items()}
    if not parts:
        return
    named = Distribution.total(parts.values())
    rest = [a - b for a, b in zip(counts.official.counts, named.counts, strict=True)]
    if any(rest):
        parts[""] = _levels(rest)
    shown = visible_procedures(counts.official, parts, sheet.thresholds.disclosure)
    official = _n_eff(sheet, code)
    for name in sorted(parts, key=lambda key: (not key, -parts[key].n if shown and shown[key] else 0, key)):
        if shown is None:
            return
        title = sheet.procedure_names.get(name, name) if name else NO_PROCEDURE
        n_eff = procedure_n_eff(counts, name, parts[name], official, sheet.thresholds.disclosure)
        cell = Cell.of(parts[name], n_eff, sheet.thresholds) if shown[name] else HIDDEN
        yield Place(name, title, PROCEDURE, code), cell


def _levels(levels: Sequence[int]) -> Distribution:
    return Distribution(tuple(levels))  # type: ignore[arg-type]  # there are five levels


def median(fill: Counter[int], thresholds: Thresholds) -> int | None:
    """The lower median of filling times, in seconds; None where so few are known."""
    total = fill.total()
    if total < thresholds.disclosure:
        return None
    passed = 0
    for seconds in sorted(fill):
        passed += fill[seconds]
        if 2 * passed >= total:
            return seconds
    return None


def weighted_figures(sheet: Sheet, code: str) -> WeightedFigures | None:
    """The rate weighted by dossiers; None as long as the dossiers of a stratum are not known."""
    found = weighted_rate(list(_strata(sheet, code)), sheet.thresholds.merge)
    return WeightedFigures(found.rate, found.n_eff) if found else None


def _strata(sheet: Sheet, code: str) -> Iterator[Stratum]:
    """Procedures of an agency, agencies of a province or the nation.

    Nobody counts the dossiers of a quarter yet, so each stratum's are unknown.
    """
    counts = sheet.counts[code]
    if sheet.tree.places[code].is_agency:
        for procedure, channels in sorted(counts.procedures.items()):
            found = Distribution.total(map(_levels, channels.values()))
            yield Stratum(procedure, None, found.n, found.satisfied)
        return
    parents = sheet.tree.provinces if code == NATION else (code,)
    for parent in parents:
        for agency in sheet.tree.agencies_of(parent):
            found = sheet.counts[agency].official
            yield Stratum(agency, None, found.n, found.satisfied)
