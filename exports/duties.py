"""What the plan says of the report itself: until when it is due, and who leads each criterion."""

from __future__ import annotations

from typing import Final

from exports.report_input import AssessmentReport
from surveys.plans import Plan, Report

PUBLIC: Final = "public"


def deadline_sentence(report: AssessmentReport) -> str:
    """Until when the plan wants this report, and where it says so."""
    duty, plan = report.duty, report.plan
    if duty is None or plan is None or duty.deadline is None:
        return "Kế hoạch không đặt thời hạn cho báo cáo này."
    origin = report.plans.get(duty.origin, plan)
    when = origin.marked(duty.deadline.label, f"reports.{duty.code}.deadline")
    return f"{_what_is_due(report, duty, origin)}: {when} ({duty.source})."


def _what_is_due(report: AssessmentReport, duty: Report, origin: Plan) -> str:
    if duty.recipient == PUBLIC:
        return "Thời hạn công bố kết quả đánh giá"
    recipient = _party(report, duty.recipient) if duty.recipient else ""
    to = f" đến {origin.marked(recipient, f'reports.{duty.code}.to')}" if recipient else ""
    via = f", qua {duty.via}" if duty.via else ""
    if report.figures.place.is_agency and duty.code.startswith("assessment"):
        return (
            "Kế hoạch không đặt thời hạn riêng cho báo cáo của cơ quan, đơn vị; thời hạn gửi kết quả chung"
            f"{to}{via}"
        )
    return f"Thời hạn gửi báo cáo{to}{via}"


def _party(report: AssessmentReport, code: str) -> str:
    for plan in (report.plan, *report.plans.values()):
        name = plan.party_name(code) if plan else None
        if name:
            return name
    return ""


def leading_roles(report: AssessmentReport) -> list[tuple[str, str]]:
    """Who leads each criterion by the nearest plan that says so; what we concluded is marked."""
    if report.plan is None:
        return []
    rows = []
    for criterion in report.plan.criteria:
        for plan in _chain(report):
            code = criterion.code
            names = [plan.marked(role.name, f"roles.{role.code}.leads.{code}") for role in plan.leads(code)]
            if names:
                rows.append((code, "; ".join(names)))
                break
    return rows


def encouraged_forces(report: AssessmentReport) -> list[str]:
    """Who is only encouraged to take part, by the name that the nearest plan gives them."""
    names: dict[str, str] = {}
    wanted: list[str] = []
    for plan in _chain(report):
        for role in plan.roles:
            names.setdefault(role.code, role.name)
            if role.optional:
                wanted.append(role.code)
    return [names[code] for code in dict.fromkeys(wanted)]


def _chain(report: AssessmentReport) -> list[Plan]:
    """The plan as its document stands, then the one it inherits from, and so on."""
    found: list[Plan] = []
    code = report.plan.id if report.plan else None
    while code is not None and code in report.plans:
        found.append(report.plans[code])
        code = found[-1].inherits
    return found or ([report.plan] if report.plan else [])
