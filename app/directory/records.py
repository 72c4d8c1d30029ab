"""What the directory tells other features: plain values without a database session behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

ProvinceLevel = Literal["province", "city"]


@dataclass(frozen=True, slots=True)
class ProvinceView:
    """A province or centrally run city as called on one day: "Tỉnh Sơn La", "Thành phố Hải Phòng"."""

    code: str
    name: str
    level: ProvinceLevel


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency as it was called on one day. `valid_to` is its last day, None while it lives on."""

    code: str
    name: str
    kind: str
    province: str
    province_name: str
    valid_from: date
    valid_to: date | None
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """The days on which an agency lived, both included; `last` None while it lives on."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class NameView:
    """A name and the days, both included, on which it was in use."""

    name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """A procedure. The dossiers of a year are those of the agency asked for; None where not counted."""

    code: str
    name: str
    level: str
    source: str
    dossiers: int | None = None
    dossiers_year: int | None = None
