"""Figures as plain values for JSON, and back without loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

from surveys import thresholds
from surveys.comparison import Change, NoChange, Word
from surveys.figures import (
    AsideFigures,
    Cell,
    ChannelFigures,
    DoorFigures,
    FactorFigures,
    Movement,
    Place,
    PlaceFigures,
    QuestionFigures,
    RankFigures,
    ReviewFigures,
    WeightedFigures,
)
from surveys.ranking import Group
from surveys.scoring import Channel, Phase


def to_mapping(figures: PlaceFigures) -> dict[str, Any]:
    """Plain values for JSON; fractions become "a/b". Targets are no figures and stand elsewhere."""
    plain = asdict(replace(figures, targets=None))
    return {key: _plain(value) for key, value in plain.items() if key != "targets"}


def _plain(value: object) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def from_mapping(data: Mapping[str, Any]) -> PlaceFigures:
    """The figures again. Raises KeyError or TypeError for anything that `to_mapping` did not write."""
    rest = {key: value for key, value in data.items() if key not in _READERS and key not in _LATER}
    read = {key: reader(data[key]) for key, reader in _READERS.items()}
    later = {key: reader(data[key]) for key, reader in _LATER.items() if key in data}
    return PlaceFigures(**rest, **read, **later)


def _cell(data: Mapping[str, Any]) -> Cell:
    levels = data["levels"]
    return Cell(**{**data, "levels": None if levels is None else tuple(levels)})


def _channel(data: Mapping[str, Any]) -> ChannelFigures:
    stream = Channel(data["channel"]), Phase(data["phase"])
    return ChannelFigures(
        *stream, _cell(data["cell"]), data["offered"], data["answered"], data.get("withheld", False)
    )


def _factor(data: Mapping[str, Any]) -> FactorFigures:
    return FactorFigures(data["question"], data["label"], _cell(data["cell"]), _cell(data["volunteered"]))


def _question(data: Mapping[str, Any]) -> QuestionFigures:
    lists = ("options", "minutes")
    tuples = {name: tuple((key, value) for key, value in data[name]) for name in lists}
    counts = None if data["counts"] is None else tuple((key, number) for key, number in data["counts"])
    words = {name: tuple(data[name]) for name in ("missing", "positive")}
    return QuestionFigures(**{**data, **tuples, **words, "counts": counts})


def _movement(data: Mapping[str, Any]) -> Movement:
    change = data["change"]
    return Movement(
        Channel(data["channel"]),
        Word(data["word"]),
        None if change is None else Change(**{**change, "diff": Fraction(change["diff"])}),
        data["q"],
        None if data["reason"] is None else NoChange(data["reason"]),
    )


def _rank(data: Mapping[str, Any] | None) -> RankFigures | None:
    return None if data is None else RankFigures(**{**data, "group": Group(data["group"])})


def _weighted(data: Mapping[str, Any] | None) -> WeightedFigures | None:
    return None if data is None else WeightedFigures(Fraction(data["rate"]), data["n_eff"])


def _aside(data: Mapping[str, Any]) -> AsideFigures:
    return AsideFigures(Channel(data["channel"]), Phase(data["phase"]), data["n"])


# What figures from before do not have: it is then as the class has it.
_LATER: Mapping[str, Any] = {
    "thresholds": thresholds.from_mapping,
    "doors": lambda data: None if data is None else DoorFigures(**data),
    "aside": lambda rows: tuple(_aside(row) for row in rows),
    "reviews": lambda rows: tuple(ReviewFigures(**row) for row in rows),
}

_READERS: Mapping[str, Any] = {
    "place": lambda data: Place(**data),
    "official": _cell,
    "movement": _movement,
    "channels": lambda rows: tuple(_channel(row) for row in rows),
    "apart": lambda rows: tuple(_channel(row) for row in rows),
    "factors": lambda rows: tuple(_factor(row) for row in rows),
    "questions": lambda rows: tuple(_question(row) for row in rows),
    "procedures": lambda rows: tuple((Place(**place), _cell(cell)) for place, cell in rows),
    "rank": _rank,
    "weighted": _weighted,
    "response_rate": lambda text: None if text is None else Fraction(text),
    "set_aside": lambda rows: tuple((reason, number) for reason, number in rows),
    "marks": tuple,
    "questionnaires": tuple,
}
