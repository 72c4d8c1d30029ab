"""A published version never changes, and a file with mistakes tells every one of them with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session

from app.catalogue.actions import SHIPPED, publish, publish_shipped
from app.catalogue.models import PublishedQuestionnaire
from app.catalogue.queries import (
    UnknownQuestionnaire,
    current_questionnaire,
    get_questionnaire,
    list_questionnaires,
)
from app.catalogue.reading import BadQuestionnaire, read_questionnaire
from surveys.questionnaire import VersionChanged
from tests.support.acts import ACT

CORE = (SHIPPED / "cot_loi.yaml").read_text(encoding="utf-8")


def version(number: str) -> str:
    return CORE.replace('version: "1.0"', f'version: "{number}"')


def test_the_shipped_questionnaires_come_back_as_they_were_published(session: Session) -> None:
    published, at_home = publish_shipped(**ACT)
    session.commit()
    stored = get_questionnaire("COT_LOI", "1.0")
    assert get_questionnaire("TAI_NHA", "1.0") == at_home.questionnaire
    assert published.new
    assert stored == published.questionnaire
    assert stored.fingerprint == published.questionnaire.fingerprint
    assert stored.indicator.id == "satisfaction"
    assert get_questionnaire("COT_LOI", "1.0") is stored  # Kept for ever: it cannot change.


def test_publishing_again_changes_nothing_even_with_another_layout(session: Session) -> None:
    publish(CORE, **ACT)
    again = publish("# Một lời ghi khác\n" + CORE, **ACT)
    assert not again.new
    assert session.query(PublishedQuestionnaire).count() == 1


def test_other_content_under_a_known_version_is_refused(session: Session) -> None:
    publish(CORE, **ACT)
    before = current_questionnaire("COT_LOI").fingerprint
    with pytest.raises(VersionChanged):
        publish(CORE.replace("chưa đến 1 phút", "chưa đến 2 phút"), **ACT)
    assert list_questionnaires()[0].fingerprint == before


def test_the_current_version_is_the_highest_by_number(session: Session) -> None:
    for number in ("1.9", "1.10", "1.2"):
        publish(version(number), **ACT)
    assert current_questionnaire("COT_LOI").version == "1.10"
    assert [name.version for name in list_questionnaires()] == ["1.2", "1.9", "1.10"]


def test_an_unknown_questionnaire_is_not_found(session: Session) -> None:
    publish(CORE, **ACT)
    with pytest.raises(UnknownQuestionnaire):
        get_questionnaire("COT_LOI", "2.0")
    with pytest.raises(UnknownQuestionnaire):
        current_questionnaire("KHAC")


def test_a_text_with_mistakes_is_not_published(session: Session) -> None:
    with pytest.raises(BadQuestionnaire) as caught:
        publish(CORE.replace("type: choice", "type: chioce", 1), "phieu.yaml", **ACT)
    assert re.search(r"^phieu\.yaml:\d+: câu «submit_time»: ", str(caught.value), flags=re.MULTILINE)
    assert list_questionnaires() == []


def test_every_mistake_is_told_with_file_line_question_rule_and_explanation() -> None:
    broken = CORE.replace("type: choice", "type: chioce", 1).replace("of: [access,", "of: [acess,")
    mistakes = read_questionnaire(broken).mistakes
    lines = broken.splitlines()
    assert len(mistakes) >= 2
    assert any("chioce" in lines[mistake.line - 1] for mistake in mistakes)
    assert any("acess" in lines[mistake.line - 1] for mistake in mistakes)
    for mistake in mistakes:
        assert re.fullmatch(r"f\.yaml:\d+: .+: [a-z0-9-]+: .+", mistake.in_file("f.yaml"))
        assert not mistake.explanation.startswith("câu «")


def test_the_command_checks_several_files_and_fails_if_one_is_wrong(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    good, bad, old = tmp_path / "tot.yaml", tmp_path / "xau.yaml", tmp_path / "cu.yaml"
    good.write_text(CORE, encoding="utf-8")
    bad.write_text(CORE.replace("type: choice", "type: chioce", 1), encoding="utf-8")
    old.write_bytes(b"code: X\ntitle: \xd2\n")
    assert runner.invoke(args=["survey", "check", str(good)]).exit_code == 0
    result = runner.invoke(args=["survey", "check", str(good), str(bad), str(old)])
    assert result.exit_code == 1
    assert f"{good}: đúng (COT_LOI 1.0, 11 câu hỏi)" in result.output
    assert f"{bad}:" in result.output
    assert f"{old}:2: tệp: bad-encoding:" in result.output
    missing = runner.invoke(args=["survey", "check", str(tmp_path / "khong.yaml")])
    assert missing.exit_code == 1
    assert "Không đọc được tệp" in missing.output


def test_a_file_that_cannot_be_read_does_not_hide_the_mistakes_of_the_next(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    empty, large = tmp_path / "trong.yaml", tmp_path / "lon.yaml"
    empty.write_text("# chưa có gì\n", encoding="utf-8")
    large.write_bytes(b"x" * 2_000_001)
    result = runner.invoke(
        args=["survey", "check", str(tmp_path / "khong.yaml"), str(tmp_path), str(empty), str(large)]
    )
    assert result.exit_code == 1
    assert result.output.count("Không đọc được tệp") == 2
    assert f"{empty}:1: tệp: empty-file: tệp trống" in result.output
    assert f"{large}:1: tệp: too-large: tệp lớn hơn 2 MB" in result.output


def test_a_key_given_twice_names_its_question() -> None:
    twice = CORE.replace("    required: true\n", "    required: true\n    required: false\n", 1)
    (mistake,) = read_questionnaire(twice).mistakes
    assert "required: false" in twice.splitlines()[mistake.line - 1]
    assert mistake.in_file("f.yaml").endswith(
        "câu «satisfaction»: duplicate-key: khóa «required» đã có ở dòng 43"
    )


@pytest.mark.parametrize("text", ["", "a: [", "- 1\n", "5", "code: COT_LOI\ncode: COT_LOI\n", "a: &x [*x]\n"])
def test_texts_that_are_no_questionnaire_have_mistakes_and_raise_nothing(text: str) -> None:
    checked = read_questionnaire(text)
    assert checked.questionnaire is None
    assert checked.mistakes


def test_the_command_publishes_once_and_explains_a_refusal(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    path = tmp_path / "phieu.yaml"
    path.write_text(CORE, encoding="utf-8")
    assert "Đã công bố COT_LOI 1.0." in runner.invoke(args=["survey", "publish", str(path)]).output
    assert "đã có, không đổi" in runner.invoke(args=["survey", "publish", str(path)]).output
    path.write_text(CORE.replace("chưa đến 1 phút", "chưa đến 2 phút"), encoding="utf-8")
    refused = runner.invoke(args=["survey", "publish", str(path)])
    assert refused.exit_code == 1
    assert "phiên bản mới" in refused.output
    path.write_text("code: [", encoding="utf-8")
    assert runner.invoke(args=["survey", "publish", str(path)]).exit_code == 1
    with app.app_context():
        assert len(list_questionnaires()) == 1


def test_loading_a_changed_file_of_the_product_is_refused_in_words(
    session: Session, runner: FlaskCliRunner
) -> None:
    publish(CORE.replace("chưa đến 1 phút", "chưa đến 2 phút"), **ACT)
    session.commit()
    refused = runner.invoke(args=["import", "reference"])
    assert refused.exit_code == 1
    assert "COT_LOI 1.0 đã công bố với nội dung khác" in refused.output
    assert runner.invoke(args=["survey", "check"]).output.startswith("Lỗi: Thiếu FILES")


def test_the_schema_is_published_for_editors(client: FlaskClient) -> None:
    response = client.get("/questionnaire.schema.json")
    assert response.status_code == 200
    assert response.content_type.startswith("application/schema+json")
    assert response.get_json(force=True)["required"][0] == "code"
