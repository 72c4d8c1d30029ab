"""Who writes a report to whom: heads, signers and recipients as Decree 30/2020/NĐ-CP, Appendix I, asks.

The issuing body stands with its full name, the body above it may be shortened ("UBND TỈNH SƠN LA").
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from app.directory.naming import short_name
from app.letterheads.queries import Letterhead, find_letterhead
from exports.head import Head
from surveys.figures import Place
from surveys.plans import Plan, Report
from surveys.printing import NBSP, in_sentence

MINISTRY: Final = "Bộ Khoa học và Công nghệ"
SCIENCE: Final = "Sở Khoa học và Công nghệ"
COMMITTEE: Final = "Ủy ban nhân dân"
CITIZENS: Final = "public"
_COMMUNE: Final = re.compile(rf"{COMMITTEE}\s+(xã|phường|đặc khu)\s+(.+)", flags=re.IGNORECASE)
# Places that bear the name of a person or a number keep their full name in the date line.
_NAMED_AFTER: Final = ("Hồ Chí Minh",)

# Roles that plans name as senders of a province's reports, with the standard code of that department.
_SENDERS: Final = {"science_department": (SCIENCE, "SKHCN"), "province_office": ("Văn phòng", "VPUBND")}


def office_head(head: Head, place: Place, plan: Plan) -> Head:
    """The ruled head of a quarterly report with what the office that issues it has set."""
    sender = _issuing_agency(place, plan, _quarterly_reports(plan))
    return with_letterhead(head, find_letterhead(sender), own=place.is_agency)


def assessment_head(place: Place, province: str, plan: Plan, year: int) -> Head:
    """The same of the yearly assessment."""
    report = find_report(plan, f"assessment_{year}")
    sender = _issuing_agency(place, plan, [report] if report else [])
    head = ruled_assessment_head(place, province, plan, year)
    return with_letterhead(head, find_letterhead(sender), own=place.is_agency)


def ruled_quarterly_head(place: Place, province: str, plan: Plan) -> Head:
    """As the decree and the plan have it, before any office has set anything.

    `province` is the full name, "Tỉnh Sơn La", empty for the nation.
    """
    if place.kind == "nation":
        return _ministry_head("Thủ tướng Chính phủ")
    if place.kind == "province":
        addressee = f"{COMMITTEE} {in_sentence(province)}"
        return _province_head(province, _sender(plan, _quarterly_reports(plan)), addressee)
    return _agency_head(place, province, unit_addressee(place, province, None))


def ruled_assessment_head(place: Place, province: str, plan: Plan, year: int) -> Head:
    """The head of the yearly assessment: a province sends it to the ministry, a unit to its province."""
    if place.kind == "nation":
        return _ministry_head("Thủ tướng Chính phủ")
    report = find_report(plan, f"assessment_{year}")
    if place.kind == "province":
        sender = _sender(plan, [report] if report else [])
        return _province_head(province, sender, MINISTRY)
    return _agency_head(place, province, unit_addressee(place, province, find_report(plan, f"units_{year}")))


def _issuing_agency(place: Place, plan: Plan, reports: list[Report]) -> str:
    """The code of the agency that issues a report; of the nation none that the directory knows."""
    if place.is_agency:
        return place.code
    return f"{place.code}-{_sender(plan, reports)[1]}" if place.kind == "province" else ""


def with_letterhead(head: Head, letterhead: Letterhead | None, *, own: bool) -> Head:
    """The head as the office has set it; what is empty there stays as the rule makes it.

    `own` is a report about the office itself: the recipients of its province's report are others.
    """
    if letterhead is None:
        return head
    return replace(
        head,
        symbol=letterhead.symbol or head.symbol,
        signer=letterhead.signer or head.signer,
        signer_name=letterhead.signer_name,
        recipients=(letterhead.recipients if own else ()) or head.recipients,
        archive=letterhead.archive or head.archive,
    )


def find_report(plan: Plan, code: str) -> Report | None:
    return next((report for report in plan.reports if report.code == code), None)


def unit_report(plan: Plan, place: Place, year: int) -> Report | None:
    """The duty under which a place reports: a unit's own where the plan sets one, the nation's to publish."""
    if place.kind == "nation":
        return find_report(plan, f"publication_{year}")
    own = find_report(plan, f"units_{year}") if place.is_agency else None
    return own or find_report(plan, f"assessment_{year}")


def date_place(name: str) -> str:
    """The place in the date line: "Sơn La", but "Phường 6" and "Thành phố Hồ Chí Minh" in full."""
    bare = re.sub(r"^(xã|phường|đặc khu)\s+", "", short_name(name), flags=re.IGNORECASE)
    keeps_full = any(character.isdigit() for character in bare) or bare in _NAMED_AFTER
    return name[:1].upper() + name[1:] if keeps_full else bare


def unit_addressee(place: Place, province: str, report: Report | None) -> str:
    """To whom a unit reports: as its plan says, else to the department that collects for the province.

    A plan that names a body on the way ("qua Sở Khoa học và Công nghệ") makes the committee the addressee.
    """
    committee = f"{COMMITTEE} {in_sentence(province)}"
    if not province:
        return MINISTRY
    if place.name == SCIENCE:
        return committee
    if report is not None and report.via:
        return f"{committee} (qua {report.via})"
    return f"{SCIENCE} {in_sentence(province)}"


def _quarterly_reports(plan: Plan) -> list[Report]:
    return [report for report in plan.reports if report.cycle == "quarterly" and report.origin == plan.id]


def _sender(plan: Plan, reports: list[Report]) -> tuple[str, str]:
    """The body that the plan makes send the report, where it is one of the province's own."""
    found = [_SENDERS[report.sender] for report in reports if report.sender in _SENDERS]
    return found[0] if found else _SENDERS["science_department"]


def _province_head(province: str, sender: tuple[str, str], addressee: str) -> Head:
    name, code = sender
    where = in_sentence(province)
    kind = "thành phố" if where.startswith("thành phố") else "tỉnh"
    recipients = [f"{MINISTRY} (để b/c)", f"UBND {kind} (để b/c)"]
    recipients += [] if name == "Văn phòng" else [f"Văn phòng UBND {kind}"]
    recipients.append("Các sở, ban, ngành; UBND cấp xã")
    return Head(
        parent_body=f"UBND {where}".upper(),
        body=name.upper(),
        symbol=f"BC-{code}",
        place=date_place(province),
        addressee=addressee,
        signer=("CHÁNH VĂN PHÒNG",) if name == "Văn phòng" else ("GIÁM ĐỐC",),
        recipients=tuple(recipients),
        archive="VT, CĐS" if name == SCIENCE else "VT",
        name=full_name(f"Văn phòng {COMMITTEE}" if name == "Văn phòng" else name, province),
    )


def _ministry_head(addressee: str) -> Head:
    return Head(
        body=MINISTRY.upper(),
        symbol="BC-BKHCN",
        place="Hà Nội",
        addressee=addressee,
        signer=("BỘ TRƯỞNG",),
        recipients=(
            "Như trên",
            "Văn phòng Chính phủ",
            "Các bộ, cơ quan ngang bộ",
            "UBND các tỉnh, thành phố trực thuộc trung ương",
        ),
        archive="VT, CĐS",
        name=MINISTRY,
    )


def _agency_head(place: Place, province: str, addressee: str) -> Head:
    commune = _COMMUNE.fullmatch(place.name)
    if commune is not None:
        return _commune_head(commune[1].lower(), commune[2], addressee)
    above = f"UBND {in_sentence(province)}" if province else ""
    is_office = place.kind == "office"
    # A committee that is written to itself is "như trên" and not named a second time.
    copies = () if not above or addressee.startswith(COMMITTEE) else (f"{above} (để b/c)",)
    return Head(
        parent_body=above.upper(),
        body=("Văn phòng" if is_office else place.name).upper(),
        symbol=f"BC-{short_code(place.code)}",
        place=date_place(province) if province else "Hà Nội",
        addressee=addressee,
        signer=(signer(place),),
        recipients=("Như trên", *copies),
        archive="VT, CĐS" if place.name == SCIENCE else "VT",
        name=full_name(place.name, province),
    )


def _commune_head(kind: str, name: str, addressee: str) -> Head:
    # The head may break after the committee, never inside the name of the commune.
    unbroken = f"{kind} {name}".upper().replace(" ", NBSP)
    return Head(
        body=f"{COMMITTEE.upper()} {unbroken}",
        symbol="BC-UBND",
        place=date_place(f"{kind} {name}"),
        addressee=addressee,
        signer=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=("Như trên", f"Thường trực Đảng ủy, HĐND {kind} (để b/c)"),
        archive="VT",
        name=f"{COMMITTEE} {kind} {name}",
    )


def full_name(name: str, province: str) -> str:
    """ "Sở Y tế tỉnh Sơn La", "Thanh tra tỉnh Sơn La": a body by its name and that of its province, once."""
    where = in_sentence(province)
    if not where or name.endswith(where):
        return name
    kind = " thành phố" if where.startswith("thành phố") else " tỉnh"
    return f"{name.removesuffix(kind)} {where}"


def title_name(place: Place, province: str) -> str:
    """The same for a title, where a commune too needs its province: many bear one name."""
    if _COMMUNE.fullmatch(place.name) and province:
        return f"{place.name}, {in_sentence(province)}"
    return full_name(place.name, province)


def short_code(code: str) -> str:
    """What stands behind the province in a code: "14-SKHCN" gives "SKHCN"."""
    return code.split("-", 1)[-1]


def signer(place: Place) -> str:
    """The head of a body by what kind of body it is."""
    if place.kind == "office":
        return "CHÁNH VĂN PHÒNG"
    for beginning, title in (("Bộ", "BỘ TRƯỞNG"), ("Thanh tra", "CHÁNH THANH TRA"), ("Ban", "TRƯỞNG BAN")):
        if place.name.startswith(beginning + " "):
            return title
    return "GIÁM ĐỐC" if place.name.startswith("Sở ") else "THỦ TRƯỞNG CƠ QUAN"
