"""The integrity table: what counts, what does not and why, and nothing from which somebody could be found."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from app.dossiers.models import LinkBatch
from app.results.counts import PlaceCounts
from app.results.integrity_control import control_aside
from app.results.models import QuarantineReview
from app.results.tree import Tree
from surveys.figures import NATION, Place
from surveys.scoring import Channel, Phase
from tests.integration.results.conftest import NOW
from tests.support.editions import publish_all
from tests.support.staff import PERSON, words
from tests.support.tallies import TallyWriter

AFTER = Phase.AFTER_RESULT
IN_TIME = datetime(2026, 10, 5, tzinfo=UTC)


@pytest.fixture
def told(country: Flask, session: scoped_session[Session]) -> Flask:
    """Sơn La: 100 by link, 40 by web; 60 set aside for two reasons, 20 of another released."""
    quarter = TallyWriter("2026-Q3")
    quarter.rated("14-SKHCN", (60, 31, 4, 3, 2))
    quarter.rated("14-SKHCN", (20, 10, 5, 3, 2), channel="web")
    quarter.values("14-SKHCN", "_set_aside", {"too-fast": 25, "honeypot": 12})
    quarter.values("14-SKHCN", "_set_aside", {"too-fast": 23}, channel="web")
    quarter.values("14-SKHCN", "_released", {"budget": 20}, channel="web")
    quarter.rated("51-SKHCN", (70, 20, 5, 3, 2))
    quarter.values("51-SKHCN", "_set_aside", {"too-fast": 31}, channel="qr")
    quarter.write()
    for number, act in ((1, "release"), (2, "leave-out")):
        session.add(review("too-fast", number, act))
    session.add(review("budget", 1, "release"))
    session.add(LinkBatch(
        id=PERSON.hex, agency="14-SKHCN", procedure=None, phase="after-result", questionnaire="COT_LOI",
        version="1.0", channel="link", quarter="2026-Q3", issued=400, expires_on=NOW.date(), revoked=False,
    ))  # fmt: skip
    session.commit()
    publish_all(NOW)
    return country


def review(reason: str, number: int, act: str, agency: str = "14-SKHCN") -> QuarantineReview:
    return QuarantineReview(
        agency=agency, quarter="2026-Q3", reason=reason, number=number, act=act, why="Đã xem",
        approval=PERSON, proposed_by="person-1", decided_by="person-2", decided_at=IN_TIME,
    )  # fmt: skip


def cells(page: str, name: str) -> list[str]:
    line = page[page.index(f'<th scope="row">{name}</th>') :]
    return re.findall(r'<td class="number">(.*?)</td>', line[: line.index("</tr>")])


def test_a_province_tells_what_counts_and_what_does_not(told: Flask, client: FlaskClient) -> None:
    page = client.get("/toan-ven/2026-Q3/14").text
    assert cells(page, "Đường dẫn một lần, sau khi có kết quả") == ["400", "137", "100", "37"]
    assert cells(page, "Trang web, sau khi có kết quả") == ["–", "63", "40", "23"]
    assert cells(page, "Gửi nhanh hơn thời gian đọc hết phiếu") == ["48", "48", "–"]
    assert cells(page, "Điền vào ô ẩn mà người đọc không thấy") == ["12", "–", "–"]
    assert cells(page, "Vượt số phiếu mở của cơ quan trong một phút") == ["–", "–", "20"]
    assert "Bảng toàn vẹn: Tỉnh Sơn La" in words(page)


def test_the_nation_adds_its_provinces_and_leads_to_them(told: Flask, client: FlaskClient) -> None:
    page = client.get("/toan-ven").text
    assert cells(page, "Gửi nhanh hơn thời gian đọc hết phiếu") == ["79", "48", "–"]
    assert cells(page, "Mã QR tại cơ quan, sau khi có kết quả") == ["–", "31", "–", "31"]
    assert 'href="/toan-ven/2026-Q3/14"' in page
    assert client.get("/toan-ven/2026-Q3").text == page
    assert 'href="/toan-ven"' in client.get("/ket-qua").text.partition("<footer")[2]


def test_what_was_decided_is_told_once_it_is_published(
    country: Flask, client: FlaskClient, session: scoped_session[Session]
) -> None:
    quarter = TallyWriter("2026-Q3")
    quarter.values("14-SKHCN", "_set_aside", {"too-fast": 25})
    quarter.write()
    session.add(review("too-fast", 1, "leave-out"))
    session.commit()
    assert client.get("/toan-ven/2026-Q3/14").status_code == 404
    publish_all(NOW)
    page = client.get("/toan-ven/2026-Q3/14").text
    assert cells(page, "Gửi nhanh hơn thời gian đọc hết phiếu") == ["25", "25", "–"]


def test_the_page_says_from_which_frozen_set_it_is(told: Flask, client: FlaskClient) -> None:
    for path, fixed in (
        ("/toan-ven", "/ket-qua/2026-Q3.r0"),
        ("/toan-ven/2026-Q3/14", "/ket-qua/2026-Q3.r0/14"),
    ):
        page = client.get(path).text
        block = page[page.index('aria-labelledby="h-edition"') :]
        assert "2026-Q3" in words(block) and "SHA-256" in block
        assert f'href="{fixed}"' in block


def test_it_is_told_in_english_too(told: Flask, client: FlaskClient) -> None:
    page = client.get("/toan-ven/2026-Q3/14?lang=en").text
    assert "Integrity table" in words(page) and 'lang="en"' in page
    assert 'href="/toan-ven/2026-Q3.csv?lang=en"' in page


def test_the_same_numbers_as_a_file(told: Flask, client: FlaskClient) -> None:
    answer = client.get("/toan-ven/2026-Q3.csv")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    web = next(row for row in rows if row["place"] == "14" and row["channel"] == "web")
    assert (web["answered"], web["counted"], web["set_aside"]) == ("63", "40", "23")
    fast = next(row for row in rows if row["place"] == NATION and row["reason"] == "too-fast")
    assert (fast["set_aside"], fast["left_out_by_decision"], fast["released_by_decision"]) == (
        "79",
        "48",
        "0",
    )
    assert {row["place"] for row in rows} == {NATION, "14", "51"}


def test_small_numbers_are_hidden_with_what_would_tell_them(
    country: Flask, client: FlaskClient, session: scoped_session[Session]
) -> None:
    """Four by one channel and forty by another: neither is told, and the reason alone is."""
    quarter = TallyWriter("2026-Q3")
    for agency in ("14-SKHCN", "51-SKHCN"):
        quarter.rated(agency, (60, 31, 4, 3, 2))
    quarter.values("14-SKHCN", "_set_aside", {"too-fast": 40})
    quarter.values("14-SKHCN", "_set_aside", {"too-fast": 4}, channel="web")
    quarter.values("51-SKHCN", "_set_aside", {"too-fast": 50})
    quarter.write()
    session.commit()
    publish_all(NOW)
    page = client.get("/toan-ven/2026-Q3/14").text
    assert cells(page, "Gửi nhanh hơn thời gian đọc hết phiếu")[0] == "44"
    assert cells(page, "Đường dẫn một lần, sau khi có kết quả")[1:] == ["bm", "100", "bm"]
    assert cells(page, "Trang web, sau khi có kết quả")[1:] == ["bm", "–", "bm"]
    nation = client.get("/toan-ven/2026-Q3").text
    assert cells(nation, "Trang web, sau khi có kết quả")[3] == "bm"
    assert cells(nation, "Đường dẫn một lần, sau khi có kết quả")[3] == "bm"


def test_only_closed_quarters_of_the_nation_and_its_provinces(told: Flask, client: FlaskClient) -> None:
    for path in (
        "2026-Q4",
        "2026-Q2",
        "2026-Q9",
        "x",
        "2026-Q3/14-SKHCN",
        "2026-Q3/99",
        "2026-Q4.csv",
        "x.csv",
    ):
        assert client.get(f"/toan-ven/{path}").status_code == 404, path


def test_before_any_quarter_is_closed_the_page_says_so(country: Flask, client: FlaskClient) -> None:
    assert "Chưa có quý nào để công bố" in client.get("/toan-ven").text


def small_country(seed: int) -> tuple[Tree, dict[str, PlaceCounts]]:
    """Three provinces with few and many, decided and not."""
    draw = random.Random(seed)
    places = {NATION: Place(NATION, "", "nation")}
    provinces = ("14", "31", "51")
    for code in provinces:
        places[code] = Place(code, code, "province", NATION)
    counts = {code: PlaceCounts() for code in places}
    for code in provinces:
        for reason in ("too-fast", "honeypot", "budget"):
            for channel in (Channel.LINK, Channel.WEB, Channel.QR):
                n = draw.choice((0, 0, 1, 3, 8, 11, 17, 40, 200))
                for place in (code, NATION):
                    counts[place].set_aside[reason] += n
                    counts[place].aside[channel, AFTER] += n
            n = draw.choice((0, counts[code].set_aside[reason], counts[code].set_aside[reason] // 2))
            for place in (code, NATION):
                counts[place].left_out[reason] += n
                counts[place].released[reason] += draw.choice((0, 0, 5, 30)) if place == code else 0
        for reason, n in counts[code].released.items():
            counts[NATION].released[reason] += n
    return Tree(places, {NATION: provinces}), counts


@pytest.mark.parametrize("seed", range(25))
def test_no_hidden_number_of_the_table_can_be_narrowed_down(seed: int) -> None:
    """Whoever knows every printed number, which cells are small, and tries every table that fits, cannot."""
    from scipy.optimize import linprog

    tree, counts = small_country(seed)
    places = list(tree.places)
    hidden = control_aside(tree, counts, set(), 10)
    # Reasons are told, small ones too: the pages of places have decided about them.
    variables: dict[tuple[str, ...], int] = {}
    bounds: list[tuple[float, float]] = []
    for place in places:
        for (channel, _phase), n in counts[place].aside.items():
            secret = (place, (channel, AFTER)) in hidden.streams
            variables[place, channel.value] = len(bounds)
            bounds.append((1, 9) if secret and n < 10 else (10, 5000) if secret else (n, n))
            assert secret or n == 0 or n >= 10
    sums, right = [], []
    for place in places:
        row = [0.0] * len(bounds)
        for (where, _name), at in variables.items():
            row[at] = 1.0 if where == place else 0.0
        sums.append(row)
        right.append(float(counts[place].set_aside.total()))
    for channel in (Channel.LINK, Channel.WEB, Channel.QR):
        row = [0.0] * len(bounds)
        for place in places:
            if (place, channel.value) in variables:
                row[variables[place, channel.value]] = 1.0 if place == NATION else -1.0
        sums.append(row)
        right.append(0.0)
    for place, (channel, _phase) in hidden.streams:
        if not counts[place].aside[channel, AFTER]:
            continue
        at = variables[place, channel.value]
        aim = [0.0] * len(bounds)
        aim[at] = 1.0
        ends = [
            linprog([sign * x for x in aim], A_eq=sums, b_eq=right, bounds=bounds).fun * sign
            for sign in (1, -1)
        ]
        assert ends[1] - ends[0] >= 4 - 1e-6, (place, channel, ends)
