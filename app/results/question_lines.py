"""Questions of options as a page shows them: shares of those who answered, never of those who did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from app.catalogue.queries import UnknownQuestionnaire, get_questionnaire
from app.results.presenters import print_cell
from app.results.wording import _
from exports.charts import Band
from surveys.criteria import Target, banded_minutes
from surveys.figures import Cell, PlaceFigures, QuestionFigures
from surveys.periods import Locale
from surveys.printing import DASH, SUPPRESSED, minutes, number, percent
from surveys.questionnaire import Questionnaire
from surveys.scoring import Distribution
from surveys.thresholds import Thresholds

ESTIMATE = "TC2"


@dataclass(frozen=True)
class OptionLine:
    label: str
    count: str
    share: str


@dataclass(frozen=True)
class QuestionLines:
    """One question. `rows` is empty where too few answered to show every option."""

    id: str
    label: str
    criterion: str
    n: str
    note: str
    summary_label: str
    summary: str
    rows: tuple[OptionLine, ...] = ()
    bands: tuple[Band, ...] = ()


class Labels:
    """Questions and options in the language of the page, by id; empty for Vietnamese, which figures hold."""

    def __init__(self, questionnaires: list[Questionnaire], locale: Locale) -> None:
        self.questions: dict[str, str] = {}
        self.options: dict[tuple[str, str], str] = {}
        if locale == "vi":
            return
        for questionnaire in questionnaires:
            for question in questionnaire.questions:
                self.questions[question.id] = question.label.get(locale)
                for option in question.options:
                    self.options[question.id, option.value] = option.label.get(locale)


def labels_of(figures: PlaceFigures, locale: Locale) -> Labels:
    """From the versions that were answered, as far as they are still known."""
    return Labels([] if locale == "vi" else list(_questionnaires(figures)), locale)


def _questionnaires(figures: PlaceFigures) -> Iterator[Questionnaire]:
    for name in figures.questionnaires:
        code, _space, version = name.rpartition(" ")
        with suppress(UnknownQuestionnaire):
            yield get_questionnaire(code, version)


def question_lines(
    question: QuestionFigures,
    labels: Labels,
    target: Target | None,
    locale: Locale,
    deff: float,
    thresholds: Thresholds,
) -> QuestionLines:
    """`target` is the limit of TC2, which is drawn among the bands but gives no verdict on memories.

    `deff` is the design effect of the satisfaction question, the only one whose villages are known.
    """
    label = labels.questions.get(question.question, question.label)
    head = (question.question, label, question.criterion or "")
    if question.counts is None:
        return QuestionLines(*head, n=SUPPRESSED, note="", summary_label="", summary=SUPPRESSED)
    counts = {value: n for value, n in question.counts if value not in question.missing}
    if not question.n:
        return QuestionLines(*head, n=DASH, note="", summary_label="", summary=DASH)
    few = question.n < thresholds.verdict
    summary = _summary(question, counts, locale, deff, thresholds)
    rows = () if few else _rows(question, counts, labels, locale)
    return QuestionLines(
        *head,
        n=number(question.n, locale),
        note=_("tham khảo") if few else "",
        summary_label=_summary_label(question, labels),
        summary=summary,
        rows=rows,
        bands=() if few or not question.minutes else _bands(question, counts, labels, target, locale),
    )


def _rows(
    question: QuestionFigures, counts: Mapping[str, int], labels: Labels, locale: Locale
) -> tuple[OptionLine, ...]:
    words = dict(question.options)
    shown = list(counts.items())
    if question.criterion is None:
        # Reasons have no order of their own: the most frequent one comes first.
        shown.sort(key=lambda pair: -pair[1])
    return tuple(
        OptionLine(
            labels.options.get((question.question, value), words.get(value, value)),
            number(n, locale),
            percent(Fraction(n, question.n), locale=locale),
        )
        for value, n in shown
    )


def _summary_label(question: QuestionFigures, labels: Labels) -> str:
    """What the one number of a question is: a mean, or several answers together."""
    if question.minutes:
        return _("Trung bình, ước lượng")
    words = dict(question.options)
    found = [labels.options.get((question.question, value), words[value]) for value in question.positive]
    return _("Cộng: %(answers)s", answers="; ".join(found)) if found else ""


def _summary(
    question: QuestionFigures,
    counts: Mapping[str, int],
    locale: Locale,
    deff: float,
    thresholds: Thresholds,
) -> str:
    """The one number of a question: the estimated minutes, or the share of yeses with its interval."""
    if question.minutes:
        estimate = banded_minutes([counts.get(value, 0) for value, _minutes in question.minutes])
        if estimate.mean is None:
            return DASH
        return _("%(number)s phút", number=minutes(estimate.mean, locale=locale))
    if question.positive:
        yes = sum(n for value, n in counts.items() if value in question.positive)
        found = Distribution((yes, 0, 0, 0, question.n - yes))
        cell = Cell.of(found, question.n / deff, thresholds)
        printed = print_cell(cell, locale, thresholds=thresholds)
        return f"{printed.rate} ({printed.interval})"
    return ""


def _bands(
    question: QuestionFigures,
    counts: Mapping[str, int],
    labels: Labels,
    target: Target | None,
    locale: Locale,
) -> tuple[Band, ...]:
    """Bands whose middle lies under the target's limit are within it."""
    words, middles = dict(question.options), {value: Fraction(text) for value, text in question.minutes}
    return tuple(
        Band(
            labels.options.get((question.question, value), words.get(value, value)),
            Fraction(n, question.n),
            percent(Fraction(n, question.n), locale=locale),
            target is None or target.met(middles[value]),
        )
        for value, n in counts.items()
        if value in middles
    )
