"""The trail in the console: each reads of one's own part of the tree, in words, newest first."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.roles import Role
from app.audit.actions import record
from app.console.trail_words import action_words
from app.improvements.rules import Act
from app.transactions import transaction
from tests.integration.console.conftest import NOW
from tests.support.staff import PERSON, Console, words

Desk = Callable[..., Console]
APP = Path(__file__).parents[3] / "app"


def happen(app: Flask, count: int = 1, *, scope: str = "14-SKHCN", subject: str = "14-SKHCN") -> None:
    with app.app_context(), transaction():
        for _ in range(count):
            record("agency-renamed", by=str(PERSON), subject=subject, scope=scope, now=NOW)


def positions(page: str) -> list[int]:
    rows = re.findall(r'<tr><td[^>]* class="number">([^<]+)</td>', page)
    return [int(row.replace(".", "")) for row in rows]


def test_acts_are_told_in_words_and_persons_by_name(app: Flask, desk: Desk) -> None:
    console = desk()
    happen(app)
    page = words(console.get("/quan-tri/nhat-ky"))
    assert "20/11/2026 10:00 Lò Thị Mai đổi tên cơ quan 14-SKHCN" in page


def test_each_reads_of_ones_own_part_of_the_tree(app: Flask, desk: Desk) -> None:
    console = desk()
    happen(app, scope="31-SKHCN", subject="31-SKHCN")
    happen(app, scope="14", subject="14")
    happen(app, scope="", subject="system")
    page = words(console.get("/quan-tri/nhat-ky?action=agency-renamed"))
    assert "đổi tên cơ quan 14 " in page
    assert "31-SKHCN" not in page and "system" not in page
    assert "31-SKHCN" in words(desk(Role.MINISTRY, "nation").get("/quan-tri/nhat-ky"))
    desk(Role.AGENCY, "14-SKHCN").get("/quan-tri/nhat-ky", 404)


def test_every_event_stands_on_exactly_one_page(app: Flask, desk: Desk) -> None:
    console = desk()
    happen(app, 120)
    seen: list[int] = []
    path = "/quan-tri/nhat-ky?action=agency-renamed"
    while path:
        page = console.get(path)
        seen += positions(page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(link[1]) if link else ""
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


def test_filters_are_kept_from_page_to_page_and_in_the_file(app: Flask, desk: Desk) -> None:
    console = desk()
    happen(app, 60, subject="14-SNV")
    happen(app, 3, subject="14-STC")
    page = console.get("/quan-tri/nhat-ky?subject=14-SNV&from=2026-11-20&to=2026-11-20")
    assert len(positions(page)) == 50 and "Chỉ về 14-SNV" in words(page)
    assert "subject=14-SNV" in unescape(re.search(r'rel="next" href="([^"]+)"', page)[1])
    file = console.get("/quan-tri/nhat-ky.csv?subject=14-STC")
    assert len(file.strip().splitlines()) == 4
    assert "Không có việc nào khớp" in words(console.get("/quan-tri/nhat-ky?to=2026-11-19"))


@pytest.mark.parametrize("query", ("before=x", "before=-1", "before=99999999999", "from=hôm nay", "by=%27"))
def test_odd_arguments_do_no_harm(desk: Desk, query: str) -> None:
    desk().get(f"/quan-tri/nhat-ky?{query}")


def test_every_act_that_the_code_records_has_words(app: Flask) -> None:
    recorded: set[str] = set()
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if is_call and node.func.id in ("record", "_record") and node.args:
                recorded |= {part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)}
    # Of an event that is named by its act only the beginning stands in the code.
    acts = {act for act in recorded if isinstance(act, str)} - {"improvement-"}
    acts |= {f"improvement-{act.value}" for act in Act}
    assert len(acts) > 20
    with app.test_request_context():
        assert [act for act in sorted(acts) if action_words(act) == act] == []


def test_the_state_of_the_system_is_for_those_who_run_it(app: Flask, desk: Desk) -> None:
    page = words(desk(Role.OPERATOR, "nation").get("/quan-tri/he-thong"))
    assert "Phiếu chờ đếm 0 kịp" in page and "mới nhất" in page and "Python" in page
    desk().get("/quan-tri/he-thong", 404)
