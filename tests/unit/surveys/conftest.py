from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.ui.yaml_marks import parse_yaml
from surveys.definition import load
from surveys.questionnaire import Questionnaire

CATALOGUE = Path(__file__).parents[3] / "surveys" / "catalogue"


@pytest.fixture(scope="session")
def cot_loi_text() -> str:
    return (CATALOGUE / "cot_loi.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def _cot_loi_data(cot_loi_text: str) -> Any:
    return parse_yaml(cot_loi_text)[0]


@pytest.fixture(scope="session")
def cot_loi(_cot_loi_data: Any) -> Questionnaire:
    return load(_cot_loi_data)


@pytest.fixture
def cot_loi_data(_cot_loi_data: Any) -> Any:
    """The mappings of the core questionnaire, free to be spoiled."""
    return copy.deepcopy(_cot_loi_data)


@pytest.fixture(scope="session")
def _tai_nha_data() -> Any:
    return parse_yaml((CATALOGUE / "tai_nha.yaml").read_text(encoding="utf-8"))[0]


@pytest.fixture(scope="session")
def tai_nha(_tai_nha_data: Any) -> Questionnaire:
    return load(_tai_nha_data)


@pytest.fixture
def tai_nha_data(_tai_nha_data: Any) -> Any:
    """The mappings of the interview at home, free to be spoiled."""
    return copy.deepcopy(_tai_nha_data)


@pytest.fixture(scope="session")
def small_data() -> Callable[[], dict[str, Any]]:
    """Makes the smallest questionnaire that has one question of each type."""

    def make() -> dict[str, Any]:
        return {
            "code": "NHO",
            "version": "1.0",
            "languages": ["vi"],
            "title": {"vi": "Nhỏ"},
            "intro": {"vi": "Mời."},
            "thanks": {"vi": "Cảm ơn."},
            "levels": [{"vi": words} for words in ("Rất tốt", "Tốt", "Vừa", "Kém", "Rất kém")],
            "questions": [
                {"id": "overall", "type": "scale", "indicator": "satisfaction", "label": {"vi": "Chung?"}},
                {
                    "id": "way",
                    "type": "choice",
                    "label": {"vi": "Cách nào?"},
                    "options": [
                        {"value": "online", "label": {"vi": "Trực tuyến"}},
                        {"value": "forgot", "missing": True, "label": {"vi": "Không nhớ"}},
                    ],
                },
                {
                    "id": "wishes",
                    "type": "choices",
                    "max_choices": 2,
                    "label": {"vi": "Mong gì?"},
                    "options": [{"value": value, "label": {"vi": value}} for value in ("a", "b", "c")],
                },
                {"id": "comment", "type": "text", "max_length": 20, "label": {"vi": "Góp ý?"}},
            ],
        }

    return make


@pytest.fixture(scope="session")
def small(small_data: Callable[[], dict[str, Any]]) -> Questionnaire:
    return load(small_data())
