"""What a page says around its numbers: titles that intervals support, doubts, and what is not known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session, scoped_session

from app.dossiers.models import Link, LinkBatch
from app.plans import target_for
from app.results import queries
from app.results.field_removal import REMOVED
from app.results.folding import TWO_AGENCIES
from app.results.models import QuarterState
from app.results.presenters import doubt_text, response_rate_text, weighted_text
from app.results.reviews import REVIEWABLE
from app.results.tallying import NO_RATING
from app.results.wording import set_aside_reason
from exports.report_parts import SET_ASIDE_WORDS
from surveys.figures import Cell, WeightedFigures
from surveys.intervals import wilson
from surveys.printing import NBSP, interval_text
from surveys.scoring import Distribution
from tests.integration.results.conftest import NOW, add_agency
from tests.integration.results.test_pages import words
from tests.support.editions import publish_all, revise_all
from tests.support.tallies import TallyWriter

PLACE = "/ket-qua/2026-Q3/14-SKHCN"


def titles(page: str) -> list[str]:
    return re.findall(r"<figcaption>(.*?)</figcaption>", page)


def digest_again(session: scoped_session[Session], writer: TallyWriter | None = None) -> None:
    if writer is not None:
        writer.write()
    session.execute(update(QuarterState).values(moves=QuarterState.moves + 7))
    session.commit()
    revise_all(NOW)


def test_each_drawing_is_called_what_it_supports(published: Flask, client: FlaskClient) -> None:
    page = client.get(PLACE).text
    assert titles(page)[:2] == [
        f"91,0{NBSP}% hài lòng hoặc rất hài lòng", "Tỷ lệ hài lòng tăng so với quý II năm 2026",
    ]  # fmt: skip
    for title in titles(page):
        assert page.count(f">{title}</title>") == 2, title
    assert "Tỷ lệ hài lòng chưa thấy thay đổi rõ rệt so với quý II năm 2026" in titles(
        client.get("/ket-qua/2026-Q3/14-SNV").text
    )


def test_the_drawing_of_places_counts_those_beyond_the_target(published: Flask, client: FlaskClient) -> None:
    """Khoa học 91/100 and Nội vụ 80/100 against 95 %: only the second lies wholly below."""
    assert wilson(Fraction(91, 100), 100).high > 0.95 > wilson(Fraction(80, 100), 100).high
    assert titles(client.get("/ket-qua/2026-Q3/14").text)[2] == (
        "Trong 2 nơi đủ phiếu, khoảng tin cậy của 1 nơi nằm hẳn dưới chỉ tiêu, của 0 nơi nằm hẳn từ chỉ tiêu "
        "trở lên"
    )


def test_a_factor_is_named_only_where_its_interval_stands_apart(
    counted: Flask, session: scoped_session[Session], client: FlaskClient
) -> None:
    writer = TallyWriter("2026-Q3")
    writer.rated("14-SKHCN", (10, 10, 20, 10, 10), question="officer")
    digest_again(session, writer)
    title = "Được hài lòng nhiều nhất: “Tìm và truy cập dịch vụ”; ít nhất: “Người tiếp nhận, hướng dẫn”"
    assert title in titles(client.get(PLACE).text)
    writer = TallyWriter("2026-Q3")
    writer.rated("14-SNV", (20, 10, 5, 5, 5), question="access")
    writer.rated("14-SNV", (20, 9, 5, 5, 5), question="officer")
    digest_again(session, writer)
    page = client.get("/ket-qua/2026-Q3/14-SNV").text
    assert "Chưa thấy yếu tố nào cao hơn hay thấp hơn hẳn các yếu tố khác" in titles(page)


def test_a_place_without_answers_is_in_the_table_only(
    counted: Flask, session: scoped_session[Session], client: FlaskClient
) -> None:
    add_agency("51-TTT", "51", "department", "Thanh tra tỉnh")
    digest_again(session)
    page = client.get("/ket-qua/2026-Q3/51").text
    drawn = page.partition("<figure><figcaption>Trong ")[2].partition("</figure>")[0]
    assert "Sở Nội vụ" in drawn
    assert "Thanh tra tỉnh" not in drawn
    assert re.search(r"Thanh tra tỉnh\s+–\s+–\s+–\s+–", words(page))
    assert "1 nơi chưa có phiếu chỉ nằm trong bảng." in words(page)
    of_its_own = words(client.get("/ket-qua/2026-Q3/51-TTT").text)
    assert "Từng kênh Chưa kênh nào có phiếu. Cách đọc" in of_its_own


def test_a_verdict_that_is_not_certain_says_why(
    counted: Flask, session: scoped_session[Session], client: FlaskClient
) -> None:
    """Both Nội vụ lie wholly below 95 %; the response rate is unknown in one, 10 % in the other."""
    issue_links(session, "14-SNV", issued=1000, spent=100)
    publish_all(NOW)
    unknown = words(client.get("/ket-qua/2026-Q3/51-SNV").text)
    assert "Chưa đạt – chưa đủ căn cứ thống kê (chưa biết tỷ lệ trả lời)" in unknown
    words_of_snv = words(client.get("/ket-qua/2026-Q3/14-SNV").text)
    assert "(khoảng tin cậy nằm ở cả hai phía của chỉ tiêu)" in words(client.get(PLACE).text)
    assert "Chỉ tính sai số ngẫu nhiên, chưa tính người không trả lời." in words_of_snv
    assert f"(tỷ lệ trả lời 10,0{NBSP}%, dưới 20{NBSP}%)" in words_of_snv


def issue_links(session: scoped_session[Session], agency: str, *, issued: int, spent: int) -> None:
    session.add(LinkBatch(
        id=f"b-{agency}", agency=agency, questionnaire="COT_LOI", version="1.0", phase="after-result",
        channel="link", quarter="2026-Q3", issued=issued, expires_on=date(2026, 12, 1),
    ))  # fmt: skip
    session.flush()
    session.add_all(
        Link(token_hash=at.to_bytes(32), batch=f"b-{agency}", spent=True) for at in range(1, spent + 1)
    )


def test_from_a_fifth_of_answers_on_the_verdict_is_certain(
    counted: Flask, session: scoped_session[Session], client: FlaskClient
) -> None:
    issue_links(session, "14-SNV", issued=500, spent=100)
    digest_again(session)
    assert "Chưa đạt – đủ căn cứ thống kê. " in words(client.get("/ket-qua/2026-Q3/14-SNV").text)


def test_a_response_rate_just_under_a_fifth_is_printed_under_it(published: Flask) -> None:
    """19.96 % would round to the 20,0 % from which verdicts are certain."""
    found = queries.get_figures("14-SNV", "2026-Q3")
    with published.test_request_context():
        under = replace(found, response_rate=Fraction(1996, 10000))
        assert response_rate_text(under, "vi") == f"19,96{NBSP}%"
        assert doubt_text(under, target_for("14", 2026), "vi").startswith(f"tỷ lệ trả lời 19,96{NBSP}%")
        flagged = replace(found, response_rate=None, response_rate_flagged=True)
        assert response_rate_text(flagged, "vi").startswith("không in")


def test_pooled_channels_print_what_they_are_worth_together(published: Flask, client: FlaskClient) -> None:
    """The province has links, worth what they count, and interviews of twelve villages."""
    found = queries.get_figures("14", "2026-Q3").official
    page = words(client.get("/ket-qua/2026-Q3/14").text)
    pooled = re.search(r"Gộp các kênh (\S+\s%) (\S+\s%) (\d+) (\S+) (\S+)", page)
    assert pooled is not None
    assert (int(pooled[3]), float(pooled[4].replace(",", "."))) == (found.n, round(found.n_eff, 1))
    assert "Gộp các kênh" not in words(client.get(PLACE).text)


def test_the_weighted_rate_stands_second_and_tells_when_it_turns_the_verdict(
    published: Flask, client: FlaskClient
) -> None:
    assert "Tỷ lệ gia quyền theo số hồ sơ: – (chưa biết số hồ sơ" in words(client.get(PLACE).text)
    found, target = queries.get_figures("14-SKHCN", "2026-Q3"), target_for("14", 2026)
    weighted = WeightedFigures(Fraction(96, 100), 60.0)
    with published.test_request_context():
        text = weighted_text(replace(found, weighted=weighted), target, "vi")
        assert text == f"96,0{NBSP}% ({interval_text(weighted.interval)}); kết luận thay đổi khi gia quyền"
        same = replace(found, weighted=replace(weighted, rate=Fraction(9496, 10000)))
        assert weighted_text(same, target, "vi").startswith(f"94,96{NBSP}% (")
        assert "kết luận thay đổi" not in weighted_text(same, target, "vi")


def test_a_share_of_few_answers_is_as_careful_as_a_rate(
    counted: Flask, session: scoped_session[Session], client: FlaskClient
) -> None:
    writer = TallyWriter("2026-Q3")
    writer.values("14-SNV", "prefilled", {"mostly": 12})
    digest_again(session, writer)
    cell = Cell.of(Distribution((12, 0, 0, 0, 0)), 12)
    assert cell.interval is not None
    page = words(client.get("/ket-qua/2026-Q3/14-SNV").text)
    assert f"tham khảo từ 75,7{NBSP}% trở lên ({interval_text(cell.interval, outward=True)})" in page
    many = words(client.get(PLACE).text)
    assert f"77,8{NBSP}% ({interval_text(wilson(Fraction(70, 90), 90))})" in many


def test_a_reason_for_setting_aside_has_words_on_the_page_and_in_the_report(app: Flask) -> None:
    known = {*REVIEWABLE, NO_RATING, TWO_AGENCIES, REMOVED}
    with app.test_request_context():
        assert [reason for reason in known if set_aside_reason(reason) == reason] == []
    assert known - set(SET_ASIDE_WORDS) == set()
