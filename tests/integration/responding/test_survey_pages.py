from __future__ import annotations

import gzip
import re
from uuid import UUID

import html5lib
import pytest
from flask import Flask

from app.catalogue.actions import SHIPPED, publish
from app.extensions import db
from tests.support.acts import ACT
from tests.support.citizens import AGENCY, PROCEDURE, hidden_fields, links, post, sheet

PATH = f"/phieu/{AGENCY}/{PROCEDURE}"
PAGES = (
    PATH,
    PATH + "?lang=en",
    "/phieu",
    "/phieu?province=14",
    f"/phieu?agency={AGENCY}",
    "/rieng-tu",
    "/cam-on/" + "A" * 16,
)


def test_html_css_and_faces_weigh_at_most_six_kilobytes(house: Flask) -> None:
    client = house.test_client()
    for path in (PATH, PATH + "?lang=en"):
        page = client.get(path, headers={"Accept-Encoding": "gzip"})
        text = gzip.decompress(page.data).decode()
        (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)
        styles = client.get(stylesheet, headers={"Accept-Encoding": "gzip"})
        assert styles.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert len(page.data) + len(styles.data) <= 6 * 1024
        assert text.count('<symbol id="f') == 5
        # Scripts of type module never hold up the first view.
        assert all('type="module"' in tag for tag in re.findall(r"<script[^>]*>", text))


def test_the_script_weighs_at_most_six_kilobytes(house: Flask) -> None:
    client = house.test_client()
    (script,) = re.findall(r'src="([^"]+)"', client.get(PATH).text)
    assert len(client.get(script).data) <= 6 * 1024


def test_a_compressed_page_is_the_plain_page(house: Flask) -> None:
    client = house.test_client()
    plain = client.get(PATH)
    packed = client.get(PATH, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    forget = re.compile(r'value="[0-9a-f.-]{30,}"|<fieldset class="group">.*</fieldset><fieldset', re.S)
    assert forget.sub("", gzip.decompress(packed.data).decode()) == forget.sub("", plain.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_valid_html_without_cookie_and_with_strict_headers(house: Flask, path: str) -> None:
    page = house.test_client().get(path)
    assert page.status_code == 200
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "Set-Cookie" not in page.headers
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert " style=" not in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")


def test_pages_with_an_id_a_token_or_an_error_are_kept_nowhere(house: Flask) -> None:
    (token,) = links(house)
    client = house.test_client()
    answered = post(client, f"/k/{token}", sheet("5"))
    pages = [
        client.get(PATH),
        client.get(f"/k/{token}"),
        answered,
        post(client, PATH, sheet("9")),
        client.get(answered.headers["Location"]),
        client.get("/k/" + "A" * 22),
    ]
    assert {page.headers["Cache-Control"] for page in pages} == {"no-store"}
    assert not any("Set-Cookie" in page.headers for page in pages)


@pytest.mark.parametrize("comment", ["x" * 600, "a\0\x01\x1b\x85b\udc80"])
def test_a_page_after_an_error_is_valid_html(house: Flask, comment: str) -> None:
    fields = {"id": sheet()["id"], "comment": comment.encode("utf-8", "surrogateescape"), "reasons": "nix"}
    page = post(house.test_client(), PATH, fields)
    assert page.status_code == 400
    html5lib.HTMLParser(strict=True).parse(page.text)


def test_every_request_gets_an_id_of_its_own_and_names_are_escaped(house: Flask) -> None:
    client = house.test_client()
    pages = [client.get(PATH).text for _ in range(5)]
    ids = {hidden_fields(page)["id"] for page in pages}
    assert len(ids) == 5
    assert {UUID(text).version for text in ids} == {4}
    assert all("Cấp giấy phép &lt;thử&gt; &amp; “nghiệm”" in page for page in pages)
    assert all("Sở Khoa học và Công nghệ, Tỉnh Sơn La" in page for page in pages)


def test_the_drawn_rows_stand_open_and_the_others_under_more(house: Flask) -> None:
    from surveys.questionnaire import Questionnaire

    client = house.test_client()
    with house.app_context():
        from app.catalogue.queries import current_questionnaire

        questionnaire: Questionnaire = current_questionnaire("COT_LOI")
    seen = set()
    for _ in range(30):
        page = client.get(PATH).text
        drawn = questionnaire.assigned(UUID(hidden_fields(page)["id"]))
        before, _, more = page.partition("<details>")
        more = more.partition("</details>")[0]
        seen.add(drawn)
        for row in questionnaire.factors:
            assert (f'name="{row.id}"' in before) is (row.id in drawn)
            assert (f'name="{row.id}"' in more) is (row.id not in drawn)
    assert len(seen) > 3


def test_the_five_levels_are_offered_from_best_to_worst_in_both_languages(house: Flask) -> None:
    client = house.test_client()
    levels = re.compile(r'name="satisfaction" value="(\d)"')
    words = re.compile(r'name="satisfaction"[^>]*><span><svg.*?</svg>([^<]+)</span>')
    vietnamese, english = client.get(PATH).text, client.get(PATH + "?lang=en").text
    assert levels.findall(vietnamese) == levels.findall(english) == ["5", "4", "3", "2", "1"]
    assert words.findall(vietnamese) == [
        "Rất hài lòng",
        "Hài lòng",
        "Bình thường",
        "Không hài lòng",
        "Rất không hài lòng",
    ]
    assert words.findall(english)[0] == "Very satisfied"
    assert '<html lang="en">' in english


def test_the_switch_of_language_keeps_the_poster_and_never_shows_the_token(house: Flask) -> None:
    (token,) = links(house)
    client = house.test_client()
    assert 'href="?lang=en&amp;p=so%221"' in client.get(f"{PATH}?p=so%221").text
    page = client.get(f"/k/{token}").text
    assert 'href="?lang=en"' in page
    assert token not in page


def test_a_questionnaire_in_one_language_stays_in_it_whatever_the_address_asks_for(house: Flask) -> None:
    """The page is kept for everybody: English words of one visit must not reach the next."""
    (token,) = links(house, questionnaire=publish_vietnamese_only(house))
    client = house.test_client()
    asked_for_english = client.get(f"/k/{token}?lang=en").text
    after = client.get(f"/k/{token}").text
    wrong = post(client, f"/k/{token}?lang=en", {"id": sheet()["id"]})
    for page in (asked_for_english, after, wrong.text):
        assert '<html lang="vi">' in page
        assert "Gửi đánh giá" in page
        assert "Send" not in page
        assert "hreflang" not in page
    assert "Phiếu chưa gửi được" in wrong.text


def publish_vietnamese_only(app: Flask) -> str:
    """Publishes the core questionnaire without its English; returns its code."""
    core = (SHIPPED / "cot_loi.yaml").read_text("utf-8").replace("COT_LOI", "CHI_TIENG_VIET")
    core = re.sub(r"\n +en: .*", "", re.sub(r", en: (\"[^\"]*\"|[^}]*)}", "}", core))
    with app.app_context():
        publish(core.replace("[vi, en]", "[vi]"), **ACT)
        db.session.commit()
    return "CHI_TIENG_VIET"


def test_the_parts_of_a_page_are_put_together_with_braces_in_them() -> None:
    from app.responding.pages import _split

    skeleton = _split('<p>{}</p>\x02names\x03<i value="\x02id\x03" t="\x02t\x03"></p>')
    page = skeleton.for_sheet(switch="", names="<b>Sở {Y}</b>").page(UUID(int=0), "1.a", gzip=False)
    assert page.decode() == f'<p>{{}}</p><b>Sở {{Y}}</b><i value="{UUID(int=0)}" t="1.a"></p>'


def test_the_thanks_page_shows_the_receipt_and_refuses_anything_else(house: Flask) -> None:
    client = house.test_client()
    page = client.get("/cam-on/ABCDEFGHABCDEFGH")
    assert "ABCD EFGH ABCD EFGH" in page.text
    assert "Sở Khoa học" not in page.text
    assert client.get("/cam-on/%3Cscript%3E").status_code == 404
