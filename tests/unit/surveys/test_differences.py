"""Two versions side by side: nothing that differs is passed over, nothing that is the same is told."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from surveys.definition import load
from surveys.differences import Fate, Part, differences, frame_differences

CORE = Path(__file__).parents[3] / "surveys" / "catalogue" / "cot_loi.yaml"


@pytest.fixture
def core() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(CORE.read_text("utf-8"))
    return data


def changed(core: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> tuple[list[Any], list[Any]]:
    data = copy.deepcopy(core)
    data["version"] = "1.1"
    change(data)
    old, new = load(core), load(data)
    return differences(old, new), frame_differences(old, new)


def question(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in data["questions"] if item["id"] == name)


def only(found: list[Any], name: str) -> Any:
    others = [item.id for item in found if item.fate is not Fate.SAME and item.id != name]
    assert others == []
    return next(item for item in found if item.id == name)


def test_a_version_does_not_differ_from_itself(core: dict[str, Any]) -> None:
    found, frame = changed(core, lambda _data: None)
    assert {item.fate for item in found} == {Fate.SAME}
    assert frame == []


def test_a_new_wording_is_told_by_language(core: dict[str, Any]) -> None:
    def change(data: dict[str, Any]) -> None:
        question(data, "submit_time")["label"]["vi"] = "Mất bao lâu để nộp xong?"

    found, frame = changed(core, change)
    item = only(found, "submit_time")
    assert [(part.part, part.what, part.after) for part in item.changes] == [
        (Part.LABEL, "vi", "Mất bao lâu để nộp xong?")
    ]
    assert frame == []


def test_options_are_compared_by_value(core: dict[str, Any]) -> None:
    def change(data: dict[str, Any]) -> None:
        options = question(data, "submit_time")["options"]
        options[0]["label"]["vi"] = "Không quá 5 phút"
        options[1]["minutes"] = 6
        options.reverse()

    item = only(changed(core, change)[0], "submit_time")
    assert {part.part for part in item.changes} == {Part.OPTION, Part.OPTION_MEANING, Part.OPTION_ORDER}


def test_an_option_more_is_told_with_its_words(core: dict[str, Any]) -> None:
    def change(data: dict[str, Any]) -> None:
        label = {"vi": "Trên một ngày", "en": "More than a day"}
        question(data, "submit_time")["options"].append({"value": "day", "minutes": 1440, "label": label})

    (part,) = only(changed(core, change)[0], "submit_time").changes
    assert (part.part, part.before, part.after, part.what) == (Part.OPTION, "", "Trên một ngày", "day")


def test_questions_come_and_go(core: dict[str, Any]) -> None:
    def change(data: dict[str, Any]) -> None:
        data["questions"].remove(question(data, "submit_time"))

    found, frame = changed(core, change)
    assert only(found, "submit_time").fate is Fate.REMOVED
    assert found[-1].id == "submit_time"
    assert frame == []


def test_another_order_is_a_change_of_the_frame(core: dict[str, Any]) -> None:
    def change(data: dict[str, Any]) -> None:
        names = [item["id"] for item in data["questions"]]
        first, second = names.index("submit_time"), names.index("submit_time") + 1
        data["questions"][first], data["questions"][second] = (
            data["questions"][second],
            data["questions"][first],
        )

    found, frame = changed(core, change)
    assert {item.fate for item in found} == {Fate.SAME}
    assert [part.part for part in frame] == [Part.ORDER]


def test_duty_and_title_are_told(core: dict[str, Any]) -> None:
    def change(data: dict[str, Any]) -> None:
        question(data, "submit_time")["required"] = True
        data["title"]["vi"] = "Đánh giá"

    found, frame = changed(core, change)
    assert [part.part for part in only(found, "submit_time").changes] == [Part.REQUIRED]
    assert [(part.part, part.what) for part in frame] == [(Part.TITLE, "vi")]
