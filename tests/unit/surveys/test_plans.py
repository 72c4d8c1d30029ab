"""The five plans say what their documents say, and mark what the documents do not."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from surveys.periods import ZONE
from surveys.plans import (
    UNREADABLE,
    Due,
    Plan,
    PlanError,
    assessment_plan,
    deadlines,
    legal_basis,
    load_plan,
    long_date,
    occurrences,
    resolve,
)

PROFILES = sorted((Path(__file__).parents[3] / "surveys" / "plan_profiles").glob("*.yaml"))
IDS = ["hai-phong-219", "qg-1565", "quang-ngai-47", "son-la-169", "thai-nguyen-45"]
FOLLOWERS = ["qg-1565", "son-la-169", "quang-ngai-47", "hai-phong-219"]


def profile(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(next(p for p in PROFILES if p.stem == name).read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def by_id() -> dict[str, Plan]:
    return {path.stem: load_plan(yaml.safe_load(path.read_text("utf-8"))) for path in PROFILES}


@pytest.fixture(scope="module")
def dues(by_id: dict[str, Plan]) -> dict[tuple[str, str], Due]:
    return {(due.plan, due.report): due for due in deadlines(by_id.values())}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def test_there_are_five_profiles_and_each_is_called_as_its_file(by_id: dict[str, Plan]) -> None:
    assert sorted(by_id) == IDS
    assert all(plan.id == name for name, plan in by_id.items())
    assert {plan.scope.province_code for plan in by_id.values()} == {None, "14", "19", "31", "51"}


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_text_is_composed_and_free_of_the_workshop(path: Path) -> None:
    raw = path.read_text("utf-8")
    assert unicodedata.is_normalized("NFC", raw)
    assert not re.search(r"\b(seed|OCR|TRA|NHỚ|ĐX|SEED|domain)\b|\.md|\.pdf", raw)
    assert all(words.strip() for words in texts(yaml.safe_load(raw)))


@pytest.mark.parametrize("name", FOLLOWERS)
@pytest.mark.parametrize(
    ("year", "minutes", "reduction", "satisfied"), [(2025, 8, 20, 90), (2026, 5, 30, 95)]
)
def test_the_four_criteria_have_the_values_of_their_year(
    by_id: dict[str, Plan], name: str, year: int, minutes: int, reduction: int, satisfied: int
) -> None:
    plan = by_id[name]
    assert [goal.criterion for goal in plan.goals_of(year)] == ["TC1", "TC2", "TC3", "TC4"]
    assert plan.target(year, "TC1") is None
    assert {t.criterion: (t.operator, t.limit, t.unit) for t in plan.targets(year)} == {
        "TC2": ("<", Fraction(minutes), "phút"),
        "TC3": (">=", Fraction(reduction, 100), "%"),
        "TC4": (">=", Fraction(satisfied, 100), "%"),
    }


def test_the_campaign_of_thai_nguyen_has_targets_of_its_own(by_id: dict[str, Plan]) -> None:
    plan = by_id["thai-nguyen-45"]
    expected = {"CT1": 92, "CT1b": 100, "CT2": 80, "CT3": 90, "CT4": 98, "CT4b": 100}
    assert {t.criterion: t.limit for t in plan.targets(2025)} == {
        code: Fraction(percent, 100) for code, percent in expected.items()
    }
    assert all(t.operator == ">=" for t in plan.targets(2025))
    assert plan.targets(2026) == ()
    assert plan.period == (date(2025, 10, 30), date(2025, 12, 13))
    assert plan.period[1] - plan.period[0] + timedelta(days=1) == timedelta(days=45)


def test_exactly_eight_minutes_is_not_under_eight_and_exactly_ninety_percent_is_enough(
    by_id: dict[str, Plan],
) -> None:
    minutes, satisfied = (by_id["qg-1565"].target(2025, code) for code in ("TC2", "TC4"))
    assert minutes and satisfied
    assert not minutes.met(Fraction(8))
    assert minutes.met(Fraction(7999, 1000))
    assert satisfied.met(Fraction(9, 10))
    assert not satisfied.met(Fraction(8996, 10000))


def test_every_target_names_its_document_and_section(by_id: dict[str, Plan]) -> None:
    for plan in by_id.values():
        assert all(re.search(r"số .*năm|số .*\d{4}", str(goal.source)) for goal in plan.goals)
    goal = by_id["son-la-169"].goal(2025, "TC4")
    assert goal is not None
    assert str(goal.source) == "Kế hoạch số 169/KH-UBND ngày 12/8/2025, mục II.2.a(4)"
    assert goal.words == "từ 90\N{NO-BREAK SPACE}% trở lên"


@pytest.mark.parametrize(
    ("plan", "report", "last_second_in_time"),
    [
        ("hai-phong-219", "units_2025", datetime(2025, 11, 9, 23, 59, 59, tzinfo=ZONE)),
        ("thai-nguyen-45", "final", datetime(2025, 12, 19, 23, 59, 59, tzinfo=ZONE)),
        ("qg-1565", "assessment_2025", datetime(2025, 11, 30, 23, 59, 59, tzinfo=ZONE)),
        ("son-la-169", "assessment_2026", datetime(2026, 11, 30, 23, 59, 59, tzinfo=ZONE)),
        ("quang-ngai-47", "assessment_2026", datetime(2026, 11, 30, 23, 59, 59, tzinfo=ZONE)),
        ("hai-phong-219", "assessment_2026", datetime(2026, 11, 30, 23, 59, 59, tzinfo=ZONE)),
        ("qg-1565", "publication_2025", datetime(2025, 12, 31, 23, 59, 59, tzinfo=ZONE)),
        ("qg-1565", "publication_2026", datetime(2026, 12, 31, 23, 59, 59, tzinfo=ZONE)),
        ("qg-1565", "regulation", datetime(2025, 9, 30, 23, 59, 59, tzinfo=ZONE)),
    ],
)
def test_before_a_day_excludes_it_and_a_month_includes_its_last_second(
    dues: dict[tuple[str, str], Due], plan: str, report: str, last_second_in_time: datetime
) -> None:
    deadline = dues[plan, report].deadline
    assert deadline is not None
    assert not deadline.is_late(last_second_in_time)
    assert deadline.is_late(last_second_in_time + timedelta(seconds=1))


def test_the_calendar_is_sorted_and_names_everybody(by_id: dict[str, Plan]) -> None:
    found = deadlines(by_id.values())
    dated = [due.deadline for due in found if due.deadline is not None]
    assert [due.recurring for due in found] == [False] * len(dated) + [True] * (len(found) - len(dated))
    assert [d.ends for d in dated] == sorted(d.ends for d in dated)
    units = next(due for due in found if due.report == "units_2025")
    assert units.from_name == "Các sở, ban, ngành; Ủy ban nhân dân cấp xã"
    assert (units.to_name, units.via) == ("Ủy ban nhân dân thành phố", "Sở Khoa học và Công nghệ")
    assert units.when == "trước ngày 10/11/2025"
    of_son_la = {due.report: due for due in found if due.plan == "son-la-169"}
    assert of_son_la["assessment_2025"].to_name == "Bộ Khoa học và Công nghệ"
    assert of_son_la["security_level"].to_name is None, "nobody receives what has only to be done"


def test_resolved_plans_do_not_list_a_report_twice(by_id: dict[str, Plan]) -> None:
    resolved = [resolve(plan, by_id) for plan in by_id.values()]
    assert deadlines(resolved) == deadlines(by_id.values())


def test_the_quarterly_publication_recurs_without_a_day(dues: dict[tuple[str, str], Due]) -> None:
    due = dues["qg-1565", "quarterly"]
    assert due.when == "hằng quý (không quy định ngày)"
    found = occurrences(due, date(2026, 1, 1), date(2027, 1, 1))
    assert [item.label.split(" (")[0] for item in found] == [
        f"quý {number} năm 2026" for number in ("I", "II", "III", "IV")
    ]
    assert (found[2].first_day, found[2].last_day) == (date(2026, 7, 1), date(2026, 9, 30))


def test_the_weekly_report_of_a_campaign_is_a_week_within_it(dues: dict[tuple[str, str], Due]) -> None:
    found = occurrences(dues["thai-nguyen-45", "weekly_units"], date(2025, 1, 1), date(2027, 1, 1))
    assert (found[0].first_day, found[-1].last_day) == (date(2025, 10, 30), date(2025, 12, 13))
    assert len(found) == 7
    assert found[1].first_day.isoweekday() == 1
    assert found[1].last_day.isoweekday() == 7
    assert "không quy định thứ trong tuần" in found[1].label


def test_a_deadline_occurs_on_its_last_day_in_time(dues: dict[tuple[str, str], Due]) -> None:
    due = dues["hai-phong-219", "units_2025"]
    assert [o.last_day for o in occurrences(due, date(2025, 11, 9), date(2025, 11, 10))] == [
        date(2025, 11, 9)
    ]
    assert occurrences(due, date(2025, 11, 10), date(2026, 1, 1)) == []


def test_monthly_reports_begin_with_the_plan(dues: dict[tuple[str, str], Due]) -> None:
    found = occurrences(dues["son-la-169", "periodic"], date(2025, 1, 1), date(2025, 11, 1))
    assert [item.first_day for item in found] == [
        date(2025, 8, 12), date(2025, 9, 1), date(2025, 10, 1),
    ]  # fmt: skip


def test_a_province_inherits_what_it_lacks(by_id: dict[str, Plan]) -> None:
    full = resolve(by_id["son-la-169"], by_id)
    assert [criterion.code for criterion in full.criteria] == ["TC1", "TC2", "TC3", "TC4"]
    assert full.party_name("ministry_of_science") == "Bộ Khoa học và Công nghệ"
    assert full.party_name("youth_union") == "Tỉnh đoàn Sơn La"
    assert {q.code: q.value for q in full.quantities}["electronic_results"] == 100
    assert [r.origin for r in full.reports if r.code == "assessment_2025"] == ["son-la-169"]
    assert [r.origin for r in full.reports if r.code == "quarterly"] == ["qg-1565"]


def test_a_year_that_a_province_leaves_out_is_the_national_one(by_id: dict[str, Plan]) -> None:
    data = profile("son-la-169")
    del data["targets"][2026], data["targets"][2025]["TC3"]
    full = resolve(load_plan(data), by_id)
    goal = full.goal(2026, "TC4")
    assert goal is not None
    assert str(goal.source).startswith("Quyết định số 1565/QĐ-TTg ngày 18/7/2025")
    assert [g.criterion for g in full.goals_of(2025)] == ["TC1", "TC2", "TC3", "TC4"]


def test_only_quang_ngai_ranks_and_a_campaign_inherits_nothing(by_id: dict[str, Plan]) -> None:
    resolved = {name: resolve(plan, by_id) for name, plan in by_id.items()}
    assert [name for name, plan in resolved.items() if plan.ranks] == ["quang-ngai-47"]
    assert resolved["thai-nguyen-45"] == by_id["thai-nguyen-45"]


def test_the_assessment_of_thai_nguyen_follows_the_national_plan(by_id: dict[str, Plan]) -> None:
    plans = list(by_id.values())
    assert assessment_plan(plans, "19", 2025).id == "qg-1565"
    assert assessment_plan(plans, "31", 2026).id == "hai-phong-219"
    assert assessment_plan(plans, None, 2025).id == "qg-1565"
    with pytest.raises(LookupError, match="2031"):
        assessment_plan(plans, "31", 2031)


def test_what_was_inferred_is_marked(by_id: dict[str, Plan], dues: dict[tuple[str, str], Due]) -> None:
    son_la, quang_ngai = by_id["son-la-169"], by_id["quang-ngai-47"]
    assert son_la.is_inferred("roles.science_department.leads.TC4")
    assert not son_la.is_inferred(
        "roles.science_department.leads.đánh giá chất lượng trải nghiệm của người dùng"
    )
    assert son_la.is_inferred("survey_channels.languages")
    assert quang_ngai.is_inferred("reports.assessment_2026.from")
    assert not quang_ngai.is_inferred("reports.assessment_2026.to")
    assert by_id["thai-nguyen-45"].is_inferred("criteria.CT4b.code")
    assert dues["quang-ngai-47", "periodic"].inferred == ("from", "cycle")
    assert dues["hai-phong-219", "units_2025"].inferred == ()
    assert son_la.marked("Sở Khoa học và Công nghệ", "roles.science_department.leads.TC1") == (
        "Sở Khoa học và Công nghệ (suy luận)"
    )


def test_what_could_not_be_read_says_so(by_id: dict[str, Plan]) -> None:
    assert by_id["thai-nguyen-45"].document.number is None
    assert UNREADABLE in by_id["thai-nguyen-45"].document.number_words
    assert by_id["quang-ngai-47"].document.date is None
    assert UNREADABLE in by_id["quang-ngai-47"].document.date_words


def test_the_legal_basis_names_the_national_decision_first(by_id: dict[str, Plan]) -> None:
    sentences = legal_basis(by_id["quang-ngai-47"], by_id, year=2025)
    assert sentences[0].startswith(
        "Căn cứ Quyết định số 1565/QĐ-TTg ngày 18 tháng 7 năm 2025 của Thủ tướng Chính phủ ban hành"
    )
    assert sentences[1].startswith("Căn cứ Kế hoạch số 47/KH-UBND tháng 9 năm 2025")
    assert "526/QĐ-UBND ngày 31 tháng 7 năm 2025" in sentences[2]
    assert "(chưa điền)" in sentences[3]
    assert [sentence[-1] for sentence in sentences] == [";", ";", ";", "."]
    filled = legal_basis(by_id["qg-1565"], by_id, guidance="Công văn số 1/BKHCN-CĐS")
    assert filled[-1] == "Căn cứ Công văn số 1/BKHCN-CĐS."


def test_days_and_early_months_have_two_digits() -> None:
    assert long_date(date(2025, 2, 5)) == "ngày 05 tháng 02 năm 2025"
    assert long_date(date(2025, 8, 12)) == "ngày 12 tháng 8 năm 2025"


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.pop(key)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without("title"), "son-la-169: title: thiếu khóa này"),
        (_without("scope"), "son-la-169: scope: phải là một nhóm khóa"),
        (lambda d: d.update(extra=1), "son-la-169: extra: không có khóa này"),
        (lambda d: d["scope"].update(level="commune"), "son-la-169: scope.level: “commune”"),
        (lambda d: d["scope"].update(province_code=14), "son-la-169: scope.province_code: "),
        (lambda d: d["document"].update(date=None), "son-la-169: document.date: "),
        (lambda d: d["document"].update(date="12/8/2025"), "son-la-169: document.date: ngày phải viết"),
        (lambda d: d["targets"][2025]["TC4"].update(value=0.9), "son-la-169: targets.2025.TC4.value: "),
        (lambda d: d["targets"][2025]["TC4"].update(value="90"), "son-la-169: targets.2025.TC4.value: "),
        (lambda d: d["targets"][2025]["TC1"].update(value=1), "son-la-169: targets.2025.TC1.value: "),
        (lambda d: d["targets"][2025]["TC4"].pop("section"), "son-la-169: targets.2025.TC4.section: thiếu"),
        (lambda d: d["targets"][2025].update(TC9={"value": 1}), "son-la-169: targets.2025.TC9: không có"),
        (lambda d: d["targets"].update(abc={}), "son-la-169: targets.abc: phải là năm"),
        (lambda d: d["reports"][1].pop("deadline"), "son-la-169: reports.assessment_2025.deadline: "),
        (
            lambda d: d["reports"][1]["deadline"].update(kind="around"),
            "son-la-169: reports.assessment_2025.deadline.kind: “around”",
        ),
        (
            lambda d: d["reports"][1]["deadline"].update(value="2025-13"),
            "son-la-169: reports.assessment_2025.deadline.value: ",
        ),
        (lambda d: d["reports"].append(d["reports"][0]), "son-la-169: reports: mã “periodic” dùng hai lần"),
        (lambda d: d["notes"].append(unicodedata.normalize("NFD", "lặp")), "son-la-169: notes.8: "),
        (lambda d: d["inferred"].append("roles.nobody"), "son-la-169: inferred: “roles.nobody”"),
    ],
)
def test_a_mistake_in_a_profile_is_named_with_its_key(
    spoil: Callable[[dict[str, Any]], object], message: str
) -> None:
    data = copy.deepcopy(profile("son-la-169"))
    spoil(data)
    with pytest.raises(PlanError, match=re.escape(message)):
        load_plan(data)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: d["reports"][0].update(to="nobody"), "son-la-169: reports.periodic.to: "),
        (lambda d: d["roles"][0].update(leads=["TC7"]), "son-la-169: roles.science_department.leads: "),
        (lambda d: d.update(inherits="qg-9999"), "son-la-169: inherits: "),
    ],
)
def test_what_only_inheritance_can_show_is_named_when_the_plan_is_resolved(
    by_id: dict[str, Plan], spoil: Callable[[dict[str, Any]], object], message: str
) -> None:
    data = profile("son-la-169")
    data["inferred"] = []
    spoil(data)
    with pytest.raises(PlanError, match=re.escape(message)):
        resolve(load_plan(data), by_id)


def test_a_date_that_the_parser_already_read_is_accepted() -> None:
    data = profile("son-la-169")
    data["document"]["date"] = date(2025, 8, 12)
    assert load_plan(data) == load_plan(profile("son-la-169"))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("qg-1565", "tháng 7/2025: emc_connection, emc_guidance, security_level"),
        ("qg-1565", "trước ngày 15/08/2025: commune_services"),
        ("qg-1565", "tháng 8/2025: action_plan, e_declaration"),
        ("qg-1565", "tháng 9/2025: regulation, vnform"),
        ("qg-1565", "trước ngày 30/11/2025: artificial_intelligence"),
        ("qg-1565", "tháng 12/2025: publication_2025, security_plan, system_ranking"),
        ("qg-1565", "năm 2025: province_services"),
        ("son-la-169", "tháng 7/2025: security_level"),
        ("son-la-169", "tháng 8/2025: targets_per_head"),
        ("son-la-169", "tháng 12/2025: security_plan"),
        ("son-la-169", "năm 2025: faster_processing"),
        ("quang-ngai-47", "năm 2025: eligible_services"),
        ("thai-nguyen-45", "trước ngày 20/12/2025: final"),
        ("hai-phong-219", "trước ngày 10/11/2025: units_2025"),
        ("hai-phong-219", "tháng 12/2025: security_plan"),
    ],
)
def test_every_deadline_of_the_documents_is_kept(by_id: dict[str, Plan], plan: str, words: str) -> None:
    when, codes = words.split(": ")
    due = [r.code for r in by_id[plan].reports if r.deadline and r.deadline.label.endswith(when)]
    assert sorted(due) == codes.split(", ")


@pytest.mark.parametrize(
    ("plan", "quantities"),
    [
        ("qg-1565", {"services": 982, "security_level": 3, "security_plans": 100}),
        ("son-la-169", {"services": 982, "procedure_groups": 82, "security_level": 3}),
        ("quang-ngai-47", {"procedure_groups": 100, "eligible_end_to_end": 100, "synchronised_results": 100}),
        ("thai-nguyen-45", {"outreach": 100}),
        ("hai-phong-219", {"officials_online": 100, "security_plans": 100, "catalogue_refresh": 10,
                           "vneid_per_household": 1, "youth_accounts": 100}),
    ],
)  # fmt: skip
def test_every_number_of_the_documents_is_kept(
    by_id: dict[str, Plan], plan: str, quantities: dict[str, int]
) -> None:
    kept = {quantity.code: quantity.value for quantity in by_id[plan].quantities}
    assert kept.items() >= quantities.items()


def test_the_department_of_hai_phong_works_with_those_who_lead_satisfaction(by_id: dict[str, Plan]) -> None:
    with_others = {role.code for role in by_id["hai-phong-219"].roles if "TC4" in role.works_with}
    assert with_others == {"province_office", "science_department"}
