from __future__ import annotations

import copy
import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.ui.yaml_marks import parse_yaml
from surveys.answers import read_answers
from surveys.definition import InvalidDefinition, check, load
from surveys.definition_shape import questionnaire_schema, shape_faults

Json = dict[str, Any]
Spoil = Callable[[Json], object]

VALIDATOR = Draft202012Validator(questionnaire_schema())


def question(data: Json, question_id: str) -> Json:
    found: Json = next(item for item in data["questions"] if item["id"] == question_id)
    return found


def found(data: object) -> set[tuple[str, str]]:
    """(question, rule) of every mistake."""
    return {(mistake.question, mistake.rule) for mistake in check(data)[1]}


def test_the_core_questionnaire_has_no_mistake(cot_loi_data: Json) -> None:
    questionnaire, mistakes = check(cot_loi_data)
    assert mistakes == []
    assert questionnaire is not None


def test_the_published_schema_is_one_and_accepts_the_core_questionnaire(cot_loi_data: Json) -> None:
    Draft202012Validator.check_schema(questionnaire_schema())
    assert list(VALIDATOR.iter_errors(cot_loi_data)) == []


SHAPES: list[tuple[str, Spoil, tuple[str, str]]] = [
    ("unknown type", lambda d: question(d, "access").update(type="stars"), ("«access»", "unknown-type")),
    ("unknown key", lambda d: question(d, "access").update(lable={}), ("«access»", "unknown-key")),
    ("unknown key on top", lambda d: d.update(question=[]), ("", "unknown-key")),
    ("missing key", lambda d: question(d, "access").pop("label"), ("«access»", "missing-key")),
    ("no id", lambda d: d["questions"][2].pop("id"), ("thứ 3", "missing-key")),
    ("id in capitals", lambda d: d["questions"][1].update(id="Q 2"), ("«Q 2»", "bad-id")),
    ("code with accents", lambda d: d.update(code="CỐT_LÕI"), ("", "bad-code")),
    ("version as a number", lambda d: d.update(version=1.0), ("", "wrong-type")),
    ("version of one part", lambda d: d.update(version="1"), ("", "bad-version")),
    ("empty text", lambda d: question(d, "access")["label"].update(vi=" "), ("«access»", "empty-text")),
    ("label too long", lambda d: question(d, "access")["label"].update(vi="a" * 201),
     ("«access»", "label-too-long")),
    ("four levels", lambda d: d["levels"].pop(), ("", "too-few")),
    ("six levels", lambda d: d["levels"].append(d["levels"][0]), ("", "too-many")),
    ("no questions", lambda d: d.update(questions=[]), ("", "too-few")),
    ("choice without options", lambda d: question(d, "prefilled").pop("options"),
     ("«prefilled»", "missing-key")),
    ("text with options", lambda d: question(d, "comment").update(options=[]), ("«comment»", "key-not-used")),
    ("scale with a length", lambda d: question(d, "access").update(max_length=5),
     ("«access»", "key-not-used")),
    ("text over 500", lambda d: question(d, "comment").update(max_length=501), ("«comment»", "out-of-range")),
    ("minutes below zero", lambda d: question(d, "submit_time")["options"][0].update(minutes=-1),
     ("«submit_time»", "out-of-range")),
    ("both in and not_in", lambda d: question(d, "result")["show_if"].update({"in": ["late"]}),
     ("«result»", "bad-condition")),
    ("neither in nor not_in", lambda d: question(d, "result")["show_if"].pop("not_in"),
     ("«result»", "bad-condition")),
    ("unknown phase", lambda d: question(d, "result").update(phases=["later"]),
     ("«result»", "unknown-value")),
    ("row twice in the rotation", lambda d: d["rotation"]["of"].append("access"), ("", "repeated")),
    ("draw of no row", lambda d: d["rotation"].update(pick=0), ("", "out-of-range")),
    ("unknown indicator", lambda d: d["questions"][0].update(indicator="joy"),
     ("«satisfaction»", "unknown-value")),
    ("unknown criterion", lambda d: d["questions"][0].update(criterion="TC5"),
     ("«satisfaction»", "unknown-value")),
    ("a list for a file", lambda d: d.update(title=["x"]), ("", "wrong-type")),
    ("a word for yes", lambda d: d["questions"][0].update(required="yes"), ("«satisfaction»", "wrong-type")),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "expected"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_a_wrong_shape_is_told_by_the_check_and_refused_by_the_published_schema(
    cot_loi_data: Json, spoil: Spoil, expected: tuple[str, str]
) -> None:
    spoil(cot_loi_data)
    assert expected in found(cot_loi_data)
    assert not VALIDATOR.is_valid(cot_loi_data)


RULES: list[tuple[str, Spoil, tuple[str, str]]] = [
    ("duplicate question", lambda d: question(d, "officer").update(id="access"),
     ("«access»", "duplicate-id")),
    ("duplicate group", lambda d: d["groups"].append(d["groups"][0]), ("", "duplicate-id")),
    ("duplicate option", lambda d: question(d, "prefilled")["options"][1].update(value="mostly"),
     ("«prefilled»", "duplicate-option")),
    ("dangling rule", lambda d: question(d, "result")["show_if"].update(question="nowhere"),
     ("«result»", "dangling-rule")),
    ("dangling label rule", lambda d: question(d, "comment")["label_if"]["when"].update(question="nowhere"),
     ("«comment»", "dangling-rule")),
    ("dangling answer", lambda d: question(d, "reasons")["show_if"].update({"in": [1, 6]}),
     ("«reasons»", "dangling-answer")),
    ("level as text", lambda d: question(d, "reasons")["show_if"].update({"in": ["1"]}),
     ("«reasons»", "dangling-answer")),
    ("rule looks ahead", lambda d: question(d, "prefilled").update(
        show_if={"question": "result_time", "in": ["late"]}), ("«prefilled»", "forward-rule")),
    ("rule looks at itself", lambda d: question(d, "prefilled").update(
        show_if={"question": "prefilled", "in": ["mostly"]}), ("«prefilled»", "forward-rule")),
    ("rule on free text", lambda d: d["questions"].append(
        {**question(d, "access"), "id": "late_row", "show_if": {"question": "comment", "in": ["a"]}}),
     ("«late_row»", "text-rule")),
    ("missing translation", lambda d: question(d, "officer")["options"][0]["label"].pop("en"),
     ("«officer»", "missing-translation")),
    ("missing translation of a level", lambda d: d["levels"][2].pop("en"), ("", "missing-translation")),
    ("undeclared language", lambda d: d["title"].update(fr="Titre"), ("", "undeclared-language")),
    ("English first", lambda d: d["languages"].reverse(), ("", "vietnamese-first")),
    ("not NFC", lambda d: question(d, "access")["label"].update(vi=unicodedata.normalize("NFD", "Thủ tục")),
     ("«access»", "not-nfc")),
    ("control character", lambda d: question(d, "access")["label"].update(vi="a\0b"),
     ("«access»", "control-character")),
    ("lone surrogate", lambda d: question(d, "access")["label"].update(vi="a\ud800"),
     ("«access»", "control-character")),
    ("words in another order than they are stored", lambda d: question(d, "access")["label"].update(
        vi="Rất \u202egnòl iàh"), ("«access»", "direction-mark")),
    ("text that nobody sees", lambda d: question(d, "access")["label"].update(vi="\u200b"),
     ("«access»", "empty-text")),
    ("line end after a code", lambda d: d.update(code="COT_LOI\n"), ("", "stray-space")),
    ("infinite minutes", lambda d: question(d, "submit_time")["options"][0].update(minutes=float("nan")),
     ("«submit_time»", "not-a-number")),
    ("no indicator", lambda d: d["questions"][0].pop("indicator"), ("", "no-indicator")),
    ("two indicators", lambda d: question(d, "access").update(indicator="satisfaction"),
     ("«access»", "several-indicators")),
    ("indicator is no scale", lambda d: question(d, "prefilled").update(indicator="satisfaction"),
     ("«prefilled»", "indicator-not-scale")),
    ("factor is no scale", lambda d: question(d, "prefilled").update(factor=True),
     ("«prefilled»", "factor-not-scale")),
    ("criterion twice", lambda d: question(d, "access").update(criterion="TC4"),
     ("«access»", "several-criteria")),
    ("band without minutes", lambda d: question(d, "submit_time")["options"][0].pop("minutes"),
     ("«submit_time»", "no-minutes")),
    ("rotated row unknown", lambda d: d["rotation"]["of"].append("nowhere"), ("", "dangling-row")),
    ("rotated row no factor", lambda d: d["rotation"]["of"].append("satisfaction"), ("", "row-not-factor")),
    ("rotated row required", lambda d: question(d, "access").update(required=True), ("", "row-required")),
    ("draw of every row", lambda d: d["rotation"].update(pick=5), ("", "out-of-range")),
    ("group unknown", lambda d: question(d, "access").update(group="rows"), ("«access»", "dangling-group")),
    ("scale without levels", lambda d: d.pop("levels"), ("«access»", "no-levels")),
    ("sixth level", lambda d: question(d, "officer")["options"][0].pop("missing"),
     ("«officer»", "extra-level")),
    ("extra option is a number", lambda d: question(d, "officer")["options"][0].update(value="3"),
     ("«officer»", "extra-level")),
    ("more choices than options", lambda d: question(d, "reasons").update(max_choices=10),
     ("«reasons»", "out-of-range")),
    ("phase question unknown", lambda d: d["phase_from"].update(question="nowhere"), ("", "dangling-rule")),
    ("phase answer unknown", lambda d: d["phase_from"].update(just_submitted=["never"]),
     ("", "dangling-answer")),
    ("compared with itself", lambda d: d.update(comparable_with=["1.0"]), ("", "own-version")),
    ("comment is no text", lambda d: question(d, "access").update(id="comment"),
     ("«comment»", "reserved-id")),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "expected"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_parts_that_do_not_fit_together_are_told(
    cot_loi_data: Json, spoil: Spoil, expected: tuple[str, str]
) -> None:
    spoil(cot_loi_data)
    assert expected in found(cot_loi_data)


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda d: d["consent"].pop("refuse"), "missing-key"),
        (lambda d: d["consent"].update(later={"vi": "Để sau", "en": "Later"}), "unknown-key"),
        (lambda d: d["consent"]["agree"].pop("en"), "missing-translation"),
        (lambda d: d["consent"]["agree"].update(vi="a" * 81), "label-too-long"),
        (lambda d: d.update(consent=[]), "wrong-type"),
    ],
)
def test_consent_is_two_words_in_every_language(tai_nha_data: Json, spoil: Spoil, rule: str) -> None:
    assert check(tai_nha_data)[1] == [] and list(VALIDATOR.iter_errors(tai_nha_data)) == []
    spoil(tai_nha_data)
    assert found(tai_nha_data) == {("", rule)}


@pytest.mark.parametrize("name", ["id", "t", "token", "procedure", "agency", "answered_at", "language"])
def test_a_question_may_not_take_the_name_of_a_form_field_or_a_column(cot_loi_data: Json, name: str) -> None:
    question(cot_loi_data, "prefilled")["id"] = name
    assert found(cot_loi_data) == {(f"«{name}»", "reserved-id")}


def test_every_mistake_is_found_in_one_pass_with_line_question_and_rule(cot_loi_text: str) -> None:
    spoiled = (
        cot_loi_text.replace("type: choice\n    criterion: TC2", "type: star\n    criterion: TC2")
        .replace("pick: 3", "pick: 9")
        .replace("- id: officer", "- id: access")
        .replace(", en: Late}", "}")
        .replace("not_in: [not_yet]", "not_in: [never]")
        .replace("max_length: 500", "max_lenght: 500")
    )
    data, marks = parse_yaml(spoiled)
    questionnaire, mistakes = check(data, marks)
    assert questionnaire is None
    lines = spoiled.splitlines()
    told = [(lines[mistake.line - 1].strip(), mistake.question, mistake.rule) for mistake in mistakes]
    assert told == [
        ("pick: 9", "", "out-of-range"),
        ("of: [access, paperwork, officer, result, feedback]", "", "dangling-row"),
        ("type: star", "«submit_time»", "unknown-type"),
        ("- {value: late, label: {vi: Trễ hẹn}}", "«result_time»", "missing-translation"),
        ("- id: access", "«access»", "duplicate-id"),
        ("show_if: {question: result_time, not_in: [never]}", "«result»", "dangling-answer"),
        ("max_lenght: 500", "«comment»", "unknown-key"),
    ]
    assert str(mistakes[-1]).endswith("có phải «max_length»? [unknown-key]")
    assert "câu «comment»" in mistakes[-1].message_vi


def test_a_missing_key_is_told_at_the_line_of_what_lacks_it(cot_loi_text: str) -> None:
    data, marks = parse_yaml(
        cot_loi_text.replace("  - id: prefilled\n    type: choice\n", "  - id: prefilled\n")
    )
    (mistake,) = check(data, marks)[1]
    assert mistake.rule == "missing-key"
    assert cot_loi_text.splitlines()[mistake.line - 1] == "  - id: prefilled"


@pytest.mark.parametrize("data", [None, 5, "text", [], [{}], {}, {"questions": 3}, {"questions": [None, 4]}])
def test_what_is_no_questionnaire_at_all_is_told_without_raising(data: object) -> None:
    questionnaire, mistakes = check(data)
    assert questionnaire is None
    assert mistakes
    with pytest.raises(InvalidDefinition):
        load(data)


def test_mistakes_can_be_printed_whatever_the_file_holds(cot_loi_data: Json) -> None:
    cot_loi_data["bad\ud800\x1b" + "x" * 1000] = 1
    for mistake in check(cot_loi_data)[1]:
        assert str(mistake).isprintable()
        assert len(mistake.message_vi) <= 300
        str(mistake).encode("utf-8")


def test_a_value_is_told_as_the_file_holds_it(cot_loi_data: Json) -> None:
    question(cot_loi_data, "reasons")["show_if"]["in"] = [1, True]
    question(cot_loi_data, "access")["type"] = ["scale"]
    told = " ".join(mistake.message_vi for mistake in check(cot_loi_data)[1])
    assert "«true»" in told
    assert '«["scale"]»' in told


def test_every_message_is_composed_vietnamese(cot_loi_data: Json) -> None:
    for _, spoil, _ in SHAPES + RULES:
        data = copy.deepcopy(cot_loi_data)
        spoil(data)
        for mistake in check(data)[1]:
            assert unicodedata.is_normalized("NFC", mistake.message_vi)


def places(value: object, trail: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside: list[tuple[Any, ...]] = [trail] if trail else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        inside += places(item, (*trail, key))
    return inside


RUBBISH = [
    None,
    True,
    0,
    1,
    1.0,
    2.5,
    "",
    "x",
    "text",
    "scale",
    "Ô",
    "a" * 700,
    [],
    [1, 1],
    {},
    {"vi": ""},
    {"x": 1},
]


@settings(max_examples=200, deadline=None)
@given(choices=st.data())
def test_the_check_of_the_shape_agrees_with_a_full_validator(
    _cot_loi_data: Json, choices: st.DataObject
) -> None:
    data = copy.deepcopy(_cot_loi_data)
    for _ in range(choices.draw(st.integers(1, 3))):
        trail = choices.draw(st.sampled_from(places(data)))
        holder: Any = data
        for step in trail[:-1]:
            holder = holder[step]
        if choices.draw(st.booleans()):
            holder[trail[-1]] = copy.deepcopy(choices.draw(st.sampled_from(RUBBISH)))
        else:
            del holder[trail[-1]]
    assert (not any(shape_faults(data))) is VALIDATOR.is_valid(data), json.dumps(data, ensure_ascii=False)
    questionnaire, mistakes = check(data)
    assert (questionnaire is None) is bool(mistakes)


def test_an_interview_at_home_fits_the_model(small_data: Callable[[], Json]) -> None:
    """Skip rules of the questionnaire for visits: who never filed is asked why, and not for a rating."""

    def choice(question_id: str, values: list[str], **more: object) -> Json:
        options = [{"value": value, "label": {"vi": value}} for value in values]
        return {"id": question_id, "type": "choice", "label": {"vi": question_id}, "options": options, **more}

    data = small_data()
    filed: Json = {"show_if": {"question": "filed_online", "in": ["yes"]}}
    not_filed: Json = {"show_if": {"question": "filed_online", "in": ["no"]}}
    data["questions"] = [
        choice("filed_online", ["yes", "no"], required=True),
        choice("operator", ["self", "family", "team"], **filed),
        {**data["questions"][0], "required": True, "hint": {"vi": "Đưa thẻ mặt cười"}, **filed},
        {**choice("why_not", ["no_need", "no_phone"], **not_filed), "type": "choices"},
        choice("knows_vneid", ["yes", "no"]),
        {**data["questions"][3]},
    ]
    questionnaire = load(data)

    never = read_answers(
        questionnaire,
        {"filed_online": ["no"], "why_not": ["no_phone"], "overall": ["5"]},
        phase=None, assigned=(),
    )  # fmt: skip
    assert never.ok
    assert never.answers == {"filed_online": "no", "why_not": ["no_phone"]}
    once = read_answers(questionnaire, {"filed_online": ["yes"]}, phase=None, assigned=())
    assert [problem.question_id for problem in once.problems] == ["overall"]
