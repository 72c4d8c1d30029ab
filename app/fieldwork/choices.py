"""What a form of field work offers: places that may lead a round, communes of teams, questionnaires."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from app.accounts.identity import NATION_SCOPE
from app.catalogue.queries import get_questionnaire, list_questionnaires
from app.directory.queries import list_provinces
from app.directory.staff_queries import Wanted, get_agency_row, page_of_agencies
from app.fieldwork.reach import is_commune
from app.fieldwork.rules import NoPlaceOfField, UnknownRound
from app.ui.paging import Page


def provinces_led(scopes: Collection[str], on: date) -> list[tuple[str, str]]:
    """Provinces that lie within the scopes as a whole."""
    return [
        (view.code, view.name) for view in list_provinces(on) if NATION_SCOPE in scopes or view.code in scopes
    ]


def page_of_communes(text: str, scopes: Collection[str], on: date, arguments: Mapping[str, str]) -> Page:
    return page_of_agencies(Wanted(text=text, kind="commune"), scopes, on, arguments)


def place_name(place: str, scopes: Collection[str], on: date) -> str:
    """Of a province or a commune. Raises what hides it from others, or NoPlaceOfField for another agency."""
    for code, name in provinces_led(scopes, on):
        if code == place:
            return name
    if len(place) == 2:
        raise UnknownRound(place)
    return commune_name(place, scopes, on)


def commune_name(place: str, scopes: Collection[str], on: date) -> str:
    """Raises UnknownAgency outside the scopes, or NoPlaceOfField for another agency."""
    row = get_agency_row(place, scopes, on)
    if not is_commune(place):
        raise NoPlaceOfField(place)
    return row.name


def questionnaires() -> list[str]:
    """Published versions meant for the door, the newest of each first, as "code version".

    Who stands at a door asks for consent: a questionnaire without words for it is meant for a screen.
    """
    names = [
        f"{name.code} {name.version}"
        for name in list_questionnaires()
        if get_questionnaire(name.code, name.version).consent is not None
    ]
    return names[::-1]
