"""What the phone works out for itself is what the server works out: questions, draws, spelling and seals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.fieldwork.sealing import SealKey, encoded, open_sealed
from surveys.canonical import canonical_json
from surveys.definition import load
from surveys.questionnaire import Questionnaire
from surveys.routing import asked
from tests.support.pockets import Pocket, phone
from tests.support.weak_network import Network

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

OPTIONS = ("a", "b", "c")
LEVELS = [{"vi": str(level)} for level in range(5)]
ROUTES = """(own, cases) => Promise.all(cases.map(async ({definition, answers, id}) => {
  const labels = definition.questions.map((question) => own.labelOf(question, answers).vi);
  const kept = own.keptAnswers(definition, answers);
  return [own.asked(definition, answers), kept, labels, await own.drawn(definition, id)];
}))"""


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Questionnaires whose questions hang on one another in every way that the rules allow."""
    rows = draw(st.integers(0, 5))
    questions: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["choice", "choices", "scale"])) if number else "scale"
        question: dict[str, Any] = {"id": f"q{number}", "type": kind, "label": {"vi": f"Câu {number}"}}
        if not number:
            question["indicator"] = "satisfaction"
        if kind != "scale":
            question["options"] = [{"value": one, "label": {"vi": one}} for one in OPTIONS]
        for key in ("show_if", "label_if"):
            if number and draw(st.booleans()):
                condition = draw(conditions(questions))
                question[key] = (
                    condition if key == "show_if" else {"when": condition, "label": {"vi": "Khác"}}
                )
        questions.append(question)
    questions += [
        {"id": f"r{row}", "type": "scale", "factor": True, "label": {"vi": f"Dòng {row}"}}
        for row in range(rows)
    ]
    made: dict[str, Any] = {
        "code": "THU", "version": "1.0", "languages": ["vi"], "title": {"vi": "T"}, "intro": {"vi": "I"},
        "thanks": {"vi": "C"}, "levels": LEVELS, "questions": questions,
    }  # fmt: skip
    if rows > 2:
        of = [f"r{row}" for row in range(1, rows)]
        made["rotation"] = {"pick": draw(st.integers(1, rows - 2)), "of": of, "more": {"vi": "Thêm"}}
    return made


@st.composite
def conditions(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    target = draw(st.sampled_from(earlier))
    possible: list[int | str] = [1, 2, 3, 4, 5] if target["type"] == "scale" else list(OPTIONS)
    values = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=3, unique=True))
    return {"question": target["id"], draw(st.sampled_from(["in", "not_in"])): values}


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    definition = draw(definitions())
    answers: dict[str, Any] = {}
    for question in definition["questions"]:
        if draw(st.booleans()):
            if question["type"] == "scale":
                answers[question["id"]] = draw(st.integers(1, 5))
            elif question["type"] == "choice":
                answers[question["id"]] = draw(st.sampled_from(OPTIONS))
            else:
                answers[question["id"]] = sorted(draw(st.sets(st.sampled_from(OPTIONS))))
    return {"definition": definition, "answers": answers, "id": str(draw(st.uuids(version=4)))}


def expected(case: dict[str, Any]) -> list[Any]:
    questionnaire: Questionnaire = load(case["definition"])
    answers = case["answers"]
    ids = asked(questionnaire, answers, None)
    labels = [question.label_for(answers).get("vi") for question in questionnaire.questions]
    drawn = questionnaire.assigned(UUID(case["id"]))
    return [list(ids), {one: answers[one] for one in ids if one in answers}, labels, list(drawn)]


def test_the_phone_asks_what_the_server_would_ask(browser: Browser, network: Network) -> None:
    with phone(browser) as context:
        pocket = Pocket(context.new_page(), network)
        pocket.open()

        @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(cases(), min_size=20, max_size=40))
        def compared(many: list[dict[str, Any]]) -> None:
            assert pocket.run("routing.js", ROUTES, many) == [expected(case) for case in many]

        compared()


def test_the_phone_spells_and_seals_as_the_server_reads(browser: Browser, network: Network) -> None:
    key = SealKey.derived(b"k" * 32)
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    values = st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("az_09", max_size=5), inner, max_size=3)
        ),
        max_leaves=8,
    )
    script = """(own, [records, key]) => Promise.all(records.map(async (record) => (
      [own.canonical(record), await own.seal(record, key), await own.sha256Hex(own.canonical(record))])))"""
    with phone(browser) as context:
        pocket = Pocket(context.new_page(), network)
        pocket.open()

        @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(st.fixed_dictionaries({"id": st.uuids(version=4).map(str), "v": values}), min_size=8))
        def compared(records: list[dict[str, Any]]) -> None:
            found = pocket.run("seal.js", script, [records, encoded(key.public)])
            for record, (spelled, sealed, sha256) in zip(records, found, strict=True):
                assert spelled == canonical_json(record)
                assert len(sha256) == 64
                envelope = json.loads(sealed["envelope"])
                assert sealed["envelope"] == canonical_json(envelope)
                assert json.loads(open_sealed(envelope, [key])) == record

        compared()
