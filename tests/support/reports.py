"""Invented figures for reports and drawings: seeded, so that every run prints the same document."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import yaml

from exports.assessment import AssessmentReport
from exports.head import Head
from exports.quarterly import QuarterlyReport
from exports.report_input import AgencyProcedure
from surveys.comparison import NoChange, Sample, Word, compare
from surveys.definition import load
from surveys.figures import (
    HIDDEN,
    Cell,
    ChannelFigures,
    FactorFigures,
    Movement,
    Place,
    PlaceFigures,
    QuestionFigures,
    RankFigures,
)
from surveys.periods import Quarter, last_quarters
from surveys.plans import Plan, assessment_plan, load_plan
from surveys.questionnaire import Questionnaire
from surveys.ranking import Group
from surveys.scoring import Channel, Distribution, Phase

PROFILES = Path(__file__).resolve().parents[2] / "surveys" / "plan_profiles"
CATALOGUE = Path(__file__).resolve().parents[2] / "surveys" / "catalogue"
PRINTED_AT = datetime(2026, 10, 12, 2, 30, tzinfo=UTC)
FACTORS = (
    ("access", "Tìm và truy cập dịch vụ"),
    ("paperwork", "Thủ tục, giấy tờ phải nộp"),
    ("officer", "Người tiếp nhận, hướng dẫn"),
    ("result", "Kết quả nhận được"),
    ("feedback", "Tiếp nhận, trả lời góp ý"),
)
DEPARTMENTS = (
    "Sở Công Thương", "Sở Dân tộc và Tôn giáo", "Sở Giáo dục và Đào tạo", "Sở Khoa học và Công nghệ",
    "Sở Nội vụ", "Sở Nông nghiệp và Môi trường", "Sở Tài chính", "Sở Tư pháp",
    "Sở Văn hóa, Thể thao và Du lịch", "Sở Xây dựng", "Sở Y tế", "Ban Quản lý các khu công nghiệp",
    "Thanh tra tỉnh", "Văn phòng Ủy ban nhân dân tỉnh",
)  # fmt: skip
PROCEDURES = (
    "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Đăng ký thành lập hộ kinh doanh",
    "Cấp bản sao trích lục hộ tịch",
    "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
    "Cấp giấy phép lái xe", "Xác nhận tình trạng hôn nhân", "Cấp phiếu lý lịch tư pháp",
    "Hỗ trợ chi phí mai táng", "Cấp giấy chứng nhận đủ điều kiện an toàn thực phẩm",
    "Đăng ký khai sinh", "Chứng thực bản sao từ bản chính", "Thẩm định thiết kế kỹ thuật",
)  # fmt: skip


def plans() -> list[Plan]:
    return [load_plan(yaml.safe_load(path.read_text())) for path in sorted(PROFILES.glob("*.yaml"))]


def plan_of(province: str | None, year: int = 2026) -> Plan:
    return assessment_plan(plans(), province, year)


def core_questionnaire() -> Questionnaire:
    return load(yaml.safe_load(next(CATALOGUE.glob("*.yaml")).read_text()))


def levels(n: int, rate: float, chance: random.Random) -> Distribution:
    """n answers of which about `rate` are satisfied."""
    weights = (rate * 0.6, rate * 0.4, (1 - rate) * 0.5, (1 - rate) * 0.3, (1 - rate) * 0.2)
    counts = [0, 0, 0, 0, 0]
    for chosen in chance.choices(range(5), weights, k=n):
        counts[chosen] += 1
    five, four, three, two, one = counts
    return Distribution((five, four, three, two, one))


def cell(n: int, rate: float, chance: random.Random, deff: float = 1.0) -> Cell:
    """A cell as disclosure control would hand it out."""
    return HIDDEN if 0 < n < 10 else Cell.of(levels(n, rate, chance), n / deff)


def movement(before: Cell | None, now: Cell) -> Movement:
    if before is None or before.hidden or now.hidden or min(before.n, now.n) < 30:
        return Movement(Channel.LINK, Word.NONE, reason=NoChange.TOO_FEW_BEFORE)
    change = compare(Sample.simple(before.satisfied, before.n), Sample.simple(now.satisfied, now.n))
    word = Word.UNCLEAR
    if change.p <= 0.05 and change.diff:
        word = Word.UP if change.diff > 0 else Word.DOWN
    return Movement(Channel.LINK, word, change, change.p)


def place_figures(
    place: Place, quarter: str, n: int, rate: float, *, before: Cell | None = None, seed: int = 1
) -> PlaceFigures:
    """Figures of an invented place with answers of two verified and two open channels."""
    chance = random.Random(f"{place.code}{quarter}{seed}")
    of_link, of_field = cell(n * 4 // 5, rate, chance), cell(n - n * 4 // 5, rate, chance, 1.6)
    if of_field.hidden:
        of_link = HIDDEN  # Otherwise subtraction would tell the hidden channel.
    official = HIDDEN
    if n == 0 or n >= 10:
        official = cell(n, rate, chance, 1.1)
    if official.hidden:
        return PlaceFigures(place, quarter, official, Movement(Channel.LINK, Word.NONE))
    return PlaceFigures(
        place=place,
        quarter=quarter,
        official=official,
        movement=movement(before, official),
        channels=(
            ChannelFigures(Channel.LINK, Phase.AFTER_RESULT, of_link, n * 3, n * 4 // 5),
            ChannelFigures(Channel.FIELD, Phase.AFTER_RESULT, of_field),
        ),
        apart=(
            ChannelFigures(Channel.QR, Phase.AFTER_RESULT, cell(n // 5, rate - 0.05, chance)),
            ChannelFigures(Channel.WEB, Phase.JUST_SUBMITTED, cell(n // 7, rate, chance)),
        ),
        factors=tuple(
            FactorFigures(code, label, cell(n * 3 // 5, rate - 0.02 * at, chance), cell(n // 8, rate, chance))
            for at, (code, label) in enumerate(FACTORS)
        ),
        questions=_questions(n, chance),
        procedures=_procedures(place, n, rate, chance) if place.is_agency else (),
        response_rate=Fraction(n * 4 // 5, n * 3) if n else None,
        set_aside=(("honeypot", 12), ("too-fast", None)) if n > 300 else (),
        median_fill_seconds=47,
        questionnaires=("COT_LOI 1.0",),
    )


def _questions(n: int, chance: random.Random) -> tuple[QuestionFigures, ...]:
    bands = ("under_5", "5_to_8", "8_to_15", "15_plus", "forgot")
    band_names = (
        "Dưới 5 phút",
        "Từ 5 đến dưới 8 phút",
        "Từ 8 đến dưới 15 phút",
        "Từ 15 phút trở lên",
        "Không nhớ",
    )
    times = [chance.choices(bands, (40, 30, 15, 8, 7), k=n).count(band) for band in bands]
    filled = ("mostly", "partly", "nothing", "unnoticed")
    fills = [chance.choices(filled, (40, 30, 20, 10), k=n).count(value) for value in filled]
    return (
        QuestionFigures(
            "submit_time", "Từ lúc đăng nhập đến khi nộp xong hồ sơ mất bao lâu?", "TC2", sum(times[:4]),
            tuple(zip(bands, times, strict=True)), tuple(zip(bands, band_names, strict=True)),
            ("forgot",), (), tuple(zip(bands, ("5/2", "13/2", "23/2", "20"), strict=False)),
        ),
        QuestionFigures(
            "prefilled", "Biểu mẫu có tự điền sẵn thông tin của Ông/Bà không?", "TC1", sum(fills[:3]),
            tuple(zip(filled, fills, strict=True)),
            tuple(zip(filled, ("Có, gần đủ", "Có, một phần", "Không", "Không để ý"), strict=True)),
            ("unnoticed",), ("mostly", "partly"),
        ),
    )  # fmt: skip


def _procedures(place: Place, n: int, rate: float, chance: random.Random) -> tuple[tuple[Place, Cell], ...]:
    return tuple(
        (
            Place(f"1.{at:06}", name, "procedure", place.code),
            cell(n // (at + 3), rate - 0.03 * (at % 3), chance),
        )
        for at, name in enumerate(PROCEDURES)
    )


def history(place: Place, last: str, n: int, rate: float, count: int = 8) -> tuple[PlaceFigures, ...]:
    """The quarters up to `last`, slowly rising."""
    found: list[PlaceFigures] = []
    for at, quarter in enumerate(last_quarters(Quarter.parse(last), count)):
        before = found[-1].official if found else None
        found.append(place_figures(place, quarter.code, n, rate + 0.01 * (at - count), before=before))
    return tuple(found)


def children(
    province: str, quarter: str, communes: int = 40, *, ranked: bool = False
) -> tuple[PlaceFigures, ...]:
    """Departments and communes of a province; some of them small or hidden."""
    chance = random.Random(f"{province}{quarter}")
    found = []
    for at, name in enumerate(DEPARTMENTS):
        place = Place(f"{province}-D{at:02}", name, "department", province)
        n = (0, 6, 22, 40)[at - 10] if at >= 10 else chance.randint(60, 900)
        rate = chance.uniform(0.82, 0.98)
        earlier = cell(n, rate - 0.03, chance) if n else None
        figures = place_figures(place, quarter, n, rate, before=earlier)
        if ranked and n >= 50:
            rank = RankFigures(max(1, at - 2), min(10, at + 3), 10, Group.SAME)
            figures = PlaceFigures(**{**vars(figures), "rank": rank})
        found.append(figures)
    for at in range(communes):
        place = Place(f"{at:05}", f"Ủy ban nhân dân xã Thử Nghiệm {at + 1}", "commune", province)
        found.append(place_figures(place, quarter, chance.randint(0, 120), chance.uniform(0.8, 0.99)))
    return tuple(found)


def head(place: str = "Sơn La", body: str = "SỞ KHOA HỌC VÀ CÔNG NGHỆ") -> Head:
    return Head(
        parent_body=f"UBND tỉnh {place}".upper(),
        body=body,
        place=place,
        symbol="BC-SKHCN",
        addressee="Bộ Khoa học và Công nghệ",
        signer=("GIÁM ĐỐC",),
        recipients=(
            "Bộ Khoa học và Công nghệ (để b/c)",
            "UBND tỉnh (để b/c)",
            "Văn phòng UBND tỉnh",
            "Các sở, ban, ngành; UBND xã, phường",
        ),
        archive="VT, CĐS",
        name=f"Sở Khoa học và Công nghệ tỉnh {place}",
    )


def agency_report(quarter: str = "2026-Q3", n: int = 640, *, code: str = "14-SYT") -> QuarterlyReport:
    place = Place(code, "Sở Y tế tỉnh Sơn La", "department", "14")
    past = history(place, quarter, n, 0.93)
    return QuarterlyReport(
        figures=past[-1], head=head(body="SỞ Y TẾ"), printed_at=PRINTED_AT, history=past, plan=plan_of("14"),
        questionnaires=(core_questionnaire(),), demo=True,
    )  # fmt: skip


def province_report(quarter: str = "2026-Q3", communes: int = 40, *, ranked: bool = False) -> QuarterlyReport:
    code, name = ("51", "Quảng Ngãi") if ranked else ("14", "Sơn La")
    place = Place(code, f"Tỉnh {name}", "province", "VN")
    past = history(place, quarter, 8400, 0.93)
    below = children(code, quarter, communes, ranked=ranked)
    covered = sum(not child.official.hidden and child.official.n >= 10 for child in below)
    now = PlaceFigures(**{**vars(past[-1]), "covered": covered, "members": len(below)})
    return QuarterlyReport(
        figures=now, head=head(name), printed_at=PRINTED_AT, history=(*past[:-1], now), children=below,
        plan=plan_of(code), questionnaires=(core_questionnaire(),), demo=True,
        procedures=procedures_of(below),
    )  # fmt: skip


def procedures_of(places: Iterable[PlaceFigures], where: str = "") -> tuple[AgencyProcedure, ...]:
    return tuple(
        AgencyProcedure(place.place.name + where, procedure, cell)
        for place in places
        for procedure, cell in place.procedures
    )


def nation_report(
    quarter: str = "2026-Q3", provinces: int = 34, communes: int = 98, *, covered: int | None = None
) -> QuarterlyReport:
    """The nation with all agencies of its provinces: with the defaults about as many as there are."""
    place = Place("VN", "Việt Nam", "nation")
    past = history(place, quarter, 300_000, 0.93)
    below, procedures, by_province = [], [], []
    for at in range(provinces):
        code, name = f"{at + 1:02}", f"Tỉnh Thử {at + 1}"
        agencies = children(code, quarter, communes)
        below.append(place_figures(Place(code, name, "province", "VN"), quarter, 8000, 0.9 + at / 500))
        procedures += procedures_of(agencies, f", tỉnh Thử {at + 1}")
        by_province.append((name, tuple(item for item in agencies if item.place.kind == "commune")))
    now = replace(past[-1], covered=provinces if covered is None else covered, members=34)
    return QuarterlyReport(
        figures=now, head=head(), printed_at=PRINTED_AT, history=(*past[:-1], now), children=tuple(below),
        plan=plan_of(None), questionnaires=(core_questionnaire(),), demo=True, procedures=tuple(procedures),
        communes=tuple(by_province),
    )  # fmt: skip


def assessment_report(year: int = 2026, *, province: bool = True, code: str = "14") -> AssessmentReport:
    """January to October of a year, for the province or for one of its departments."""
    by_id = {plan.id: plan for plan in plans()}
    plan = plan_of(code, year)
    name = {"14": "Tỉnh Sơn La", "31": "Thành phố Hải Phòng", "51": "Tỉnh Quảng Ngãi"}[code]
    place = (
        Place(code, name, "province", "VN")
        if province
        else Place(f"{code}-SYT", "Sở Y tế", "department", code)
    )
    window = f"{year}-01-01..{year}-10-31"
    figures = place_figures(place, window, 5200, 0.912)
    below = children(code, window, 24) if province else ()
    return AssessmentReport(
        figures=PlaceFigures(**{**vars(figures), "covered": 36, "members": len(below)}),
        head=head(), printed_at=PRINTED_AT, history=history(place, f"{year}-Q3", 1700, 0.92, 3),
        children=below, plan=plan, questionnaires=(core_questionnaire(),), demo=True, year=year,
        first_day=date(year, 1, 1), last_day=date(year, 10, 31), plans=by_id,
        duty=next(report for report in plan.reports if report.code == f"assessment_{year}"),
        above=None if province else place_figures(Place(code, name, "province"), window, 9000, 0.93),
    )  # fmt: skip
