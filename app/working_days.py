"""The working days of the state, from the file of public holidays, read once for each process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.ui.yaml_marks import parse_yaml
from surveys.working_days import WorkCalendar, load_calendar

FILE = Path(__file__).resolve().parent.parent / "surveys" / "public_holidays.yaml"


@cache
def work_calendar() -> WorkCalendar:
    data, _marks = parse_yaml(FILE.read_text(encoding="utf-8"))
    assert isinstance(data, dict), FILE.name
    return load_calendar(data)
