"""Targets that a province set beside the four criteria, as in a campaign: other numbers, other names."""

from __future__ import annotations

from collections.abc import Sequence

from exports.document import OfficialDocument
from exports.tables import Column
from surveys.plans import Goal, Plan
from surveys.printing import date_text

FIRST = 5
"""The number of the part behind the four criteria."""
NOT_IMPORTED = "Chưa có số liệu"


def add_own_targets(document: OfficialDocument, plans: Sequence[Plan], year: int) -> None:
    """A table for each plan. None of these numbers is made from answers, so none is judged here."""
    for at, plan in enumerate(plans, start=FIRST):
        document.part(f"{at}. Chỉ tiêu riêng: {plan.title}")
        document.paragraph(
            f"{plan.document.title} đặt các chỉ tiêu sau{_period_words(plan)}.",
            "Đây là các số khác với bốn tiêu chí ở trên, lấy từ nguồn ghi trong bảng chứ không tính từ khảo "
            "sát này, nên không in chung và không kết luận khi chưa nhập số liệu.",
        )
        columns = (
            Column("Chỉ tiêu", 40), Column("Mức đặt ra", 17, "centre"), Column("Nguồn số liệu", 27),
            Column("Kết quả", 16, "centre"),
        )  # fmt: skip
        rows = [_row(plan, goal) for goal in plan.goals_of(year)]
        sections = "; ".join(dict.fromkeys(goal.source.section for goal in plan.goals_of(year)))
        source = f"Nguồn chỉ tiêu: {plan.document.kind} {plan.document.number_words}, mục {sections}."
        document.table(f"Chỉ tiêu riêng năm {year}", columns, rows, source)


def _period_words(plan: Plan) -> str:
    if plan.period is None:
        return ""
    first, last = (date_text(day) for day in plan.period)
    return f" cho thời gian từ ngày {first} đến hết ngày {last}"


def _row(plan: Plan, goal: Goal) -> tuple[str, ...]:
    criterion = plan.criterion(goal.criterion)
    # The codes by which we tell these targets apart are ours; the document has none, so none is printed.
    name, sources = (criterion.name, "; ".join(criterion.sources)) if criterion else (goal.criterion, "")
    return name, goal.words, sources, NOT_IMPORTED
