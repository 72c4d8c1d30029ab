"""A rename or a merger changes what is true from a day on; what was true before stays readable."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.directory.actions import CannotChange, add_agency, merge_agency, rename_agency
from app.directory.agency_import import AgencyRow, store_agencies
from app.directory.models import AgencyProcedure, Procedure, Unit
from app.directory.queries import (
    UnknownAgency,
    UnknownProvince,
    find_agency,
    get_agency,
    list_agencies,
    list_procedures_of,
    name_history,
    predecessors_of,
)
from app.errors import NotFound
from tests.support.acts import ACT

START = date(2025, 7, 1)
MAY = date(2026, 5, 1)
DAY_BEFORE = date(2026, 4, 30)
LATER = date(2027, 1, 1)


@pytest.fixture
def province(session: Session) -> Session:
    """A province with the agencies A to D."""
    session.add(Unit(code="14", name="Tỉnh Sơn La", level="province", valid_from=START))
    session.flush()
    for letter in "ABCD":
        add_agency(code=f"14-{letter}", name=f"Sở {letter}", kind="department", province="14", on=START)
    return session


def test_a_renamed_agency_is_called_by_the_name_of_the_day(province: Session) -> None:
    rename_agency(code="14-A", name="Sở Mới", on=MAY)
    assert get_agency("14-A", DAY_BEFORE).name == "Sở A"
    assert get_agency("14-A", MAY).name == "Sở Mới"
    assert [(name.name, name.valid_from, name.valid_to) for name in name_history("14-A")] == [
        ("Sở A", START, DAY_BEFORE),
        ("Sở Mới", MAY, None),
    ]


def test_a_second_renaming_on_the_day_corrects_the_first_and_the_same_name_changes_nothing(
    province: Session,
) -> None:
    rename_agency(code="14-A", name="Sở Mói", on=MAY)
    rename_agency(code="14-A", name="Sở Mới", on=MAY)
    rename_agency(code="14-A", name=" Sở  Mới ", on=LATER)
    assert [name.name for name in name_history("14-A")] == ["Sở A", "Sở Mới"]
    with pytest.raises(CannotChange, match="đã có tên khác"):
        rename_agency(code="14-A", name="Sở Cũ", on=DAY_BEFORE)
    with pytest.raises(CannotChange, match="trống"):
        rename_agency(code="14-A", name="  ", on=LATER)


def test_a_merged_agency_is_known_up_to_its_last_day(province: Session) -> None:
    merge_agency(code="14-A", into="14-B", on=MAY)
    last = get_agency("14-A", DAY_BEFORE)
    assert (last.valid_to, last.merged_into) == (DAY_BEFORE, "14-B")
    assert find_agency("14-A", MAY) is None
    with pytest.raises(NotFound):
        get_agency("14-A", MAY)
    assert [agency.code for agency in list_agencies("14", MAY)] == ["14-B", "14-C", "14-D"]
    assert [name.name for name in name_history("14-A")] == ["Sở A"]


def test_whole_mergers_are_followed_through_each_other_up_to_a_day(province: Session) -> None:
    rename_agency(code="14-A", name="Sở Anh", on=date(2026, 1, 1))
    merge_agency(code="14-A", into="14-B", on=MAY)
    merge_agency(code="14-B", into="14-C", on=LATER)
    assert predecessors_of("14-C", DAY_BEFORE) == []
    assert [agency.code for agency in predecessors_of("14-B", MAY)] == ["14-A"]
    assert predecessors_of("14-C", MAY) == []
    final = predecessors_of("14-C", LATER)
    assert [(agency.code, agency.name) for agency in final] == [("14-A", "Sở Anh"), ("14-B", "Sở B")]
    assert {agency.province_name for agency in final} == {"Tỉnh Sơn La"}


def test_procedures_of_a_merged_agency_are_handled_by_the_other_one(province: Session) -> None:
    province.add(Procedure(code="1.000001", name="Cấp giấy phép"))
    province.flush()
    province.add(AgencyProcedure(agency="14-A", procedure="1.000001", dossiers=5, dossiers_year=2024))
    merge_agency(code="14-A", into="14-B", on=MAY)
    assert [(item.code, item.dossiers) for item in list_procedures_of("14-B")] == [("1.000001", None)]
    assert list_procedures_of("14-A")[0].dossiers == 5


def test_mergers_that_cannot_be_are_refused(province: Session) -> None:
    merge_agency(code="14-A", into="14-B", on=MAY)
    with pytest.raises(UnknownAgency):
        merge_agency(code="14-A", into="14-C", on=MAY)
    with pytest.raises(UnknownAgency):
        merge_agency(code="14-C", into="14-X", on=MAY)
    with pytest.raises(CannotChange):
        merge_agency(code="14-C", into="14-C", on=MAY)
    with pytest.raises(UnknownAgency):
        merge_agency(code="14-B", into="14-A", on=LATER)
    with pytest.raises(CannotChange):
        merge_agency(code="14-D", into="14-C", on=START)


def test_an_agency_needs_a_free_code_a_known_kind_and_a_province(province: Session) -> None:
    with pytest.raises(CannotChange, match="đã có"):
        add_agency(code="14-A", name="Sở", kind="department", province="14", on=MAY)
    with pytest.raises(CannotChange, match="loại"):
        add_agency(code="14-E", name="Sở", kind="moon", province="14", on=MAY)
    with pytest.raises(UnknownProvince):
        add_agency(code="14-E", name="Sở", kind="department", province="99", on=MAY)


def test_an_import_that_knows_nothing_of_it_undoes_neither_a_rename_nor_a_merger(province: Session) -> None:
    rows = [AgencyRow(f"14-{letter}", f"Sở {letter}", "department", "14", START) for letter in "ABCD"]
    rename_agency(code="14-A", name="Sở Mới", on=MAY)
    merge_agency(code="14-B", into="14-C", on=MAY)
    report = store_agencies(rows, **ACT)
    assert (report.new, report.changed, report.same) == (0, 0, 4)
    assert get_agency("14-A", MAY).name == "Sở Mới"
    assert find_agency("14-B", MAY) is None
