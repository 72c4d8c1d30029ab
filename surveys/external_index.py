"""Numbers that others made and that are printed apart, with their source, never mixed with ours.

The rate of Decision 766/QĐ-TTg has all dossiers as its denominator; ours has the people who answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ExternalIndex:
    """`value` as its source wrote it, `period` in words ("quý III năm 2026")."""

    name: str
    value: Decimal
    unit: str
    source: str
    period: str
