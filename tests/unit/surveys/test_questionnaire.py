from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from scipy.stats import chisquare

from surveys.definition import load
from surveys.questionnaire import Questionnaire, UnknownQuestion, VersionChanged, refuse_changed

KNOWN_DRAWS = [0, 6, 3]


def ids(count: int, seed: int) -> list[UUID]:
    source = random.Random(seed)
    return [UUID(int=source.getrandbits(128), version=4) for _ in range(count)]


def test_a_response_is_asked_three_of_five_rows_in_the_order_of_the_form(cot_loi: Questionnaire) -> None:
    order = [row.id for row in cot_loi.factors]
    assert len(cot_loi.combinations) == len(set(cot_loi.combinations)) == 10
    for rows in cot_loi.combinations:
        assert len(rows) == 3
        assert sorted(rows, key=order.index) == list(rows)


def test_every_combination_of_rows_is_equally_likely(cot_loi: Questionnaire) -> None:
    drawn = Counter(cot_loi.combination_index(response_id) for response_id in ids(20_000, seed=7))
    assert set(drawn) == set(range(10))
    assert chisquare(list(drawn.values())).pvalue > 0.001


def test_ids_that_count_upwards_are_spread_evenly_too(cot_loi: Questionnaire) -> None:
    drawn = Counter(cot_loi.combination_index(UUID(int=number)) for number in range(20_000))
    assert chisquare(list(drawn.values())).pvalue > 0.001


def test_the_draw_never_changes_for_an_id(cot_loi: Questionnaire) -> None:
    """These three are written down: another draw would move answers between denominators."""
    known = [UUID(int=number) for number in (1, 2, 3)]
    assert [cot_loi.combination_index(response_id) for response_id in known] == KNOWN_DRAWS
    assert cot_loi.assigned(known[0]) == cot_loi.combinations[KNOWN_DRAWS[0]]


def test_versions_draw_independently_of_one_another(cot_loi: Questionnaire) -> None:
    later = replace(cot_loi, version="1.1")
    same = sum(
        cot_loi.combination_index(response_id) == later.combination_index(response_id)
        for response_id in ids(5_000, seed=3)
    )
    assert 400 < same < 600


def test_without_rotation_every_factor_is_assigned(cot_loi: Questionnaire) -> None:
    plain = replace(cot_loi, rotation=None)
    assert plain.assigned(UUID(int=5)) == ("access", "paperwork", "officer", "result", "feedback")
    assert plain.combination_index(UUID(int=5)) == 0


def test_a_factor_outside_the_rotation_is_always_assigned(cot_loi: Questionnaire) -> None:
    assert cot_loi.rotation is not None
    partial = replace(cot_loi, rotation=replace(cot_loi.rotation, pick=2, of=("officer", "result", "access")))
    assert len(partial.combinations) == 3
    assert all({"paperwork", "feedback"} < set(rows) for rows in partial.combinations)


def test_questions_are_found_by_id_and_by_what_they_measure(cot_loi: Questionnaire) -> None:
    assert cot_loi.indicator.id == "satisfaction"
    assert cot_loi.question("comment").type == "text"
    assert cot_loi.has("comment")
    assert not cot_loi.has("nothing_like_it")
    found = {code: question.id for code in ("TC1", "TC2", "TC3-perception", "TC4")
             if (question := cot_loi.criterion(code))}  # fmt: skip
    assert found == {
        "TC1": "prefilled", "TC2": "submit_time", "TC3-perception": "result_time", "TC4": "satisfaction",
    }  # fmt: skip
    with pytest.raises(UnknownQuestion):
        cot_loi.question("nothing_like_it")


def test_a_criterion_that_no_question_measures_is_none(small: Questionnaire) -> None:
    assert small.criterion("TC2") is None


def test_the_fingerprint_does_not_depend_on_the_order_of_keys(
    cot_loi: Questionnaire, cot_loi_data: Any
) -> None:
    turned = dict(reversed(cot_loi_data.items()))
    assert load(turned).fingerprint == cot_loi.fingerprint


def test_a_definition_that_was_stored_as_json_gives_the_same_questionnaire(cot_loi: Questionnaire) -> None:
    again = load(cot_loi.definition)
    assert again == cot_loi
    assert again.fingerprint == cot_loi.fingerprint


def test_one_changed_letter_is_another_fingerprint_and_refused(
    cot_loi: Questionnaire, cot_loi_data: Any
) -> None:
    cot_loi_data["questions"][-1]["label"]["vi"] = "Ông/Bà muốn cải thiện điều chi?"
    changed = load(cot_loi_data)
    with pytest.raises(VersionChanged, match=r"COT_LOI 1\.0"):
        refuse_changed(cot_loi.fingerprint, changed)


def test_the_order_of_questions_is_part_of_the_version(small_data: Callable[[], dict[str, Any]]) -> None:
    data, turned = small_data(), small_data()
    turned["questions"].reverse()
    assert load(data).fingerprint != load(turned).fingerprint


def test_a_new_version_and_the_same_content_are_welcome(cot_loi: Questionnaire) -> None:
    refuse_changed(None, cot_loi)
    refuse_changed(cot_loi.fingerprint, cot_loi)


def test_a_published_definition_is_a_copy_that_its_maker_cannot_change(
    small_data: Callable[[], dict[str, Any]],
) -> None:
    data = small_data()
    questionnaire = load(data)
    data["title"]["vi"] = "Khác"
    assert questionnaire.definition["title"] == {"vi": "Nhỏ"}
