"""The frame of every staff page: what a person may do is in the menu, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.accounts.roles import Role
from app.console import tasks
from app.plans import list_plans
from tests.integration.console.conftest import NOW
from tests.support.staff import Console, person, words

Desk = Callable[..., Console]
MOST_BYTES = 20_000


def menu(page: str) -> list[str]:
    wide = page[page.index('class="menu-wide"') :]
    return re.findall(r"<li><a [^>]*>([^<]+)</a>", wide[: wide.index("</nav>")])


def test_home_says_what_is_due_in_my_province(desk: Desk) -> None:
    page = words(desk().get("/quan-tri"))
    assert "Việc cần làm" in page
    assert "Hạn sắp tới" in page
    assert "Hải Phòng" not in page


def test_deadlines_of_the_plan_of_another_province_are_its_own(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk()
    (national, *_others) = list_plans()
    theirs = replace(national, scope=replace(national.scope, province_code="31"))
    monkeypatch.setattr(tasks, "list_plans", lambda: (theirs,))
    with app.test_request_context("/quan-tri"):
        found = {
            scope: tasks.deadlines_for(person(role, scope), now=NOW)
            for role, scope in ((Role.PROVINCE, "14"), (Role.PROVINCE, "31"), (Role.MINISTRY, "nation"))
        }
    assert found["14"] == []
    assert found["31"] == found["nation"] != []


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_holds_only_what_a_role_may(desk: Desk, role: Role) -> None:
    console = desk(role, "14-SKHCN" if role in (Role.AGENCY, Role.TEAM_LEAD) else "14")
    entries = menu(console.get("/quan-tri"))
    assert entries[0] == "Việc cần làm"
    assert ("Cơ quan" in entries) is (role is not Role.OPERATOR)


def test_the_page_says_who_i_am_and_where(desk: Desk) -> None:
    page = desk().get("/quan-tri/co-quan")
    assert "Lò Thị Mai" in page
    assert 'href="#main"' in page
    assert re.search(r'href="/quan-tri/co-quan" aria-current="page"', page)


def test_english_stays_english_from_page_to_page(desk: Desk) -> None:
    console = desk()
    page = console.get("/quan-tri?lang=en")
    assert 'href="/quan-tri/co-quan?lang=en"' in page
    assert 'href="/quan-tri"' in page  # the way back to Vietnamese
    assert 'name="lang" value="en"' in console.get("/quan-tri/co-quan?lang=en")


@pytest.mark.parametrize("path", ("/quan-tri", "/quan-tri/co-quan", "/quan-tri/don-vi"))
def test_pages_are_light_and_without_script(desk: Desk, path: str) -> None:
    page = desk(Role.MINISTRY, "nation").get(path)
    assert "<script" not in page
    assert len(page.encode()) < MOST_BYTES * (1 if path == "/quan-tri" else 2)
