"""Questions of options across versions of a questionnaire: their words, their n and their yeses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from app.results.control import Number
from app.results.counts import FindQuestionnaire, Item, PlaceCounts, Version, distribution
from surveys.figures import QuestionFigures
from surveys.questionnaire import Questionnaire
from surveys.questions import Question
from surveys.scoring import LEVELS


class Items:
    """Every question that the versions of a quarter ask, in the words of the newest version that has it."""

    def __init__(self, find: FindQuestionnaire, versions: Iterable[Version]) -> None:
        self.questions: dict[Item, Question] = {}
        self.indicators: dict[str, str] = {}
        for code, version in sorted(versions, key=_age):
            questionnaire: Questionnaire = find(code, version)
            self.indicators[code] = questionnaire.indicator.id
            newest = {(code, question.id): question for question in questionnaire.questions}
            # The newest version leads in words and in order.
            self.questions = {**newest, **{k: q for k, q in self.questions.items() if k not in newest}}

    def number(self, item: Item, counts: PlaceCounts) -> Number:
        """Answers that are not missing, and the yeses among them; of a list of choices, who was asked."""
        question = self.questions[item]
        if question.type == "choices":
            return self._asked(item, counts), 0
        values: Mapping[str, int] = counts.answers.get(item, {})
        missing = {option.value for option in question.options if option.missing}
        yes = {option.value for option in question.options if option.positive}
        n = sum(number for value, number in values.items() if value not in missing)
        return n, sum(number for value, number in values.items() if value in yes - missing)

    def _asked(self, item: Item, counts: PlaceCounts) -> int:
        """Several reasons may be chosen, so the share is of those to whom the question was put."""
        rule, asked = self.questions[item].show_if, distribution(counts.by_code.get(item[0]))
        if rule is None or rule.question != self.indicators[item[0]]:
            return asked.n
        wanted = [level for level in LEVELS if (level in rule.values) is not rule.negated]
        return sum(asked.count(level) for level in wanted)

    def question_figures(self, item: Item, counts: PlaceCounts, hidden: bool) -> QuestionFigures:
        question = self.questions[item]
        n, _ = self.number(item, counts)
        values: Mapping[str, int] = counts.answers.get(item, {})
        return QuestionFigures(
            question=question.id,
            label=question.label.get("vi"),
            criterion=question.criterion,
            n=0 if hidden else n,
            counts=None
            if hidden
            else tuple((option.value, values.get(option.value, 0)) for option in question.options),
            options=tuple((option.value, option.label.get("vi")) for option in question.options),
            missing=tuple(option.value for option in question.options if option.missing),
            positive=tuple(option.value for option in question.options if option.positive),
            minutes=tuple(
                (option.value, _minutes(option.minutes))
                for option in question.options
                if option.minutes is not None
            ),
        )

    def factor_label(self, item: Item) -> str:
        return self.questions[item].label.get("vi")

    def of_kind(self, factor: bool) -> list[Item]:
        """Factors, or questions of options, in the order of the questionnaire."""
        if factor:
            return [item for item, question in self.questions.items() if question.factor]
        return [item for item, q in self.questions.items() if q.type in ("choice", "choices")]


def _minutes(value: Fraction) -> str:
    """An exact number as text, which JSON keeps: 13/2 or 20."""
    return str(value)


def _age(version: Version) -> tuple[str, tuple[int, ...]]:
    return version[0], tuple(int(part) for part in version[1].split("."))
