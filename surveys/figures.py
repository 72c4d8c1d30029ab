"""What may be said about one place in one quarter: the noun that page, PDF, spreadsheet and API share.

Everything here has already passed disclosure control: a hidden cell holds no number at all, so nothing that
reads figures can print what must stay hidden. Words of change and ranks are decided when the quarter is
digested and only repeated later. The classes hold plain values and turn into JSON and back without loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from surveys.comparison import Change, NoChange, Word
from surveys.criteria import PlanTarget
from surveys.intervals import Interval, wilson
from surveys.periods import Period, parse_period
from surveys.ranking import Group
from surveys.scoring import Channel, Distribution, Phase
from surveys.thresholds import DEFAULTS, Standing, Thresholds, standing

METHOD_VERSION = "1"
NATION = "VN"
COMMUNE = "commune"


@dataclass(frozen=True)
class Place:
    """A node of the tree: the nation, a province, or an agency (its `kind` says which sort)."""

    code: str
    name: str
    kind: str
    parent: str = ""

    @property
    def is_agency(self) -> bool:
        return self.kind not in ("nation", "province")


@dataclass(frozen=True)
class Cell:
    """A satisfied share. `levels` (5 to 1) only where n reaches the verdict threshold; hidden: nothing."""

    hidden: bool = False
    n: int = 0
    satisfied: int = 0
    n_eff: float = 0.0
    levels: tuple[int, int, int, int, int] | None = None

    @classmethod
    def of(cls, counts: Distribution, n_eff: float, thresholds: Thresholds = DEFAULTS) -> Cell:
        """The cell of a distribution that disclosure control lets be seen."""
        levels = counts.counts if counts.n >= thresholds.verdict else None
        return cls(False, counts.n, counts.satisfied, n_eff, levels)

    @property
    def distribution(self) -> Distribution:
        """The five levels, or below the verdict threshold only satisfied (as 5) and not satisfied (as 1)."""
        if self.levels is not None:
            return Distribution(self.levels)
        return Distribution((self.satisfied, 0, 0, 0, self.n - self.satisfied))

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.satisfied, self.n) if self.n else None

    @property
    def score(self) -> Fraction | None:
        """(mean − 1) / 4 × 100 where the levels may be shown."""
        return Distribution(self.levels).score if self.levels is not None else None

    @property
    def interval(self) -> Interval | None:
        return None if self.rate is None else wilson(self.rate, self.n_eff)

    def standing(self, thresholds: Thresholds = DEFAULTS) -> Standing:
        return Standing.SUPPRESSED if self.hidden else standing(self.n, self.n_eff, thresholds)


HIDDEN = Cell(hidden=True)


@dataclass(frozen=True)
class ChannelFigures:
    """One channel in one phase. `offered` and `answered` only where the channel counts its invitations.

    `withheld`: they are known and must not be told.
    """

    channel: Channel
    phase: Phase
    cell: Cell
    offered: int | None = None
    answered: int | None = None
    withheld: bool = False


@dataclass(frozen=True)
class DoorFigures:
    """The doors at which somebody eligible was asked for, and what became of them."""

    interviews: int
    refused: int
    absent: int

    @property
    def asked(self) -> int:
        return self.interviews + self.refused + self.absent


@dataclass(frozen=True)
class FactorFigures:
    """One factor row: those to whom it was assigned at random, and apart those who volunteered it."""

    question: str
    label: str
    cell: Cell
    volunteered: Cell


@dataclass(frozen=True)
class Apart:
    """The factors whose interval lies beyond that of every other one; None where none does."""

    best: FactorFigures | None
    worst: FactorFigures | None


def factors_apart(factors: Sequence[FactorFigures], thresholds: Thresholds = DEFAULTS) -> Apart | None:
    """None where fewer than two factors have enough answers to be compared."""
    enough = (Standing.VERDICT, Standing.RANK)
    spans = [
        (factor, span)
        for factor in factors
        if factor.cell.standing(thresholds) in enough and (span := factor.cell.interval) is not None
    ]
    if len(spans) < 2:
        return None
    best = [one for one, span in spans if all(span.low > o.high for other, o in spans if other is not one)]
    worst = [one for one, span in spans if all(span.high < o.low for other, o in spans if other is not one)]
    return Apart(next(iter(best), None), next(iter(worst), None))


@dataclass(frozen=True)
class QuestionFigures:
    """How many gave each answer to a question of the verified channels after the result.

    `n` counts the answers that are not missing; `counts` is None where the question is hidden.
    `options` gives each value its words, its place and whether it is missing or positive.
    """

    question: str
    label: str
    criterion: str | None
    n: int
    counts: tuple[tuple[str, int], ...] | None
    options: tuple[tuple[str, str], ...]
    missing: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    minutes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Movement:
    """The change against the quarter before in one channel, or the reason why none is told."""

    channel: Channel
    word: Word
    change: Change | None = None
    q: float | None = None
    reason: NoChange | None = None


@dataclass(frozen=True)
class RankFigures:
    """The interval of ranks among `of` agencies of one kind in one province, and the group."""

    best: int
    worst: int
    of: int
    group: Group


@dataclass(frozen=True)
class WeightedFigures:
    """The rate weighted by dossiers, printed second."""

    rate: Fraction
    n_eff: float

    @property
    def interval(self) -> Interval:
        return wilson(self.rate, self.n_eff)


@dataclass(frozen=True)
class AsideFigures:
    """How many answers of one channel in one phase were set aside; None where that must stay hidden."""

    channel: Channel
    phase: Phase
    n: int | None


@dataclass(frozen=True)
class ReviewFigures:
    """What two persons decided about answers of one reason: how many stay out, how many count."""

    reason: str
    left_out: int | None
    released: int | None


@dataclass(frozen=True)
class PlaceFigures:
    """All that may be printed about one place in one period.

    `quarter` is the code of that period: a quarter, a month, a week, or days as "first..last".
    """

    place: Place
    quarter: str
    official: Cell
    movement: Movement
    channels: tuple[ChannelFigures, ...] = ()
    apart: tuple[ChannelFigures, ...] = ()
    factors: tuple[FactorFigures, ...] = ()
    questions: tuple[QuestionFigures, ...] = ()
    procedures: tuple[tuple[Place, Cell], ...] = ()
    rank: RankFigures | None = None
    weighted: WeightedFigures | None = None
    response_rate: Fraction | None = None
    response_rate_flagged: bool = False
    # Known, and not told because it would tell what is hidden.
    response_rate_withheld: bool = False
    # Answers set aside for review, by reason; None where so few would single somebody out.
    set_aside: tuple[tuple[str, int | None], ...] = ()
    # Of a province or the nation, for the integrity table: the same by channel, and what was decided.
    aside: tuple[AsideFigures, ...] = ()
    reviews: tuple[ReviewFigures, ...] = ()
    # Of a commune and the places above it, where field work asked at doors.
    doors: DoorFigures | None = None
    median_fill_seconds: int | None = None
    # Of a province or the nation: how many places below it have printable figures, out of how many.
    covered: int = 0
    members: int = 0
    # "sáp nhập", "gián đoạn" and their like, for a mark at the series.
    marks: tuple[str, ...] = ()
    questionnaires: tuple[str, ...] = ()
    method_version: str = METHOD_VERSION
    # The set with which these figures were decided and are printed.
    thresholds: Thresholds = DEFAULTS
    notes: Mapping[str, str] = field(default_factory=dict)
    # What the plan of the place asked when its edition was closed, by criterion. It stands in a file of its
    # own; None where no edition has sealed it, and then the plan of the day speaks.
    targets: Mapping[str, PlanTarget] | None = None

    @property
    def period(self) -> Period:
        return parse_period(self.quarter)

    @property
    def deff(self) -> float:
        """The design effect of the official figure: of other questions the villages are not known, so that
        theirs is taken to be the same, on a page as in a table and a document."""
        return self.official.n / self.official.n_eff if self.official.n and self.official.n_eff else 1.0

    @property
    def has_no_doors(self) -> bool:
        """Whether interviews count here although no door belongs here: an agency that is no commune.

        Who refused or was not at home did not say which office the answer would have been about, so there is
        no response rate of its interviews, and any share of the doors would be invented.
        """
        if not self.place.is_agency or self.place.kind == COMMUNE:
            return False
        cells = [part.cell for part in self.channels if part.channel is Channel.FIELD]
        return any(cell.hidden or cell.n for cell in cells)
