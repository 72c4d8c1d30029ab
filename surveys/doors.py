"""What becomes of a door at which an interview is wanted, as records, tables and reports name it."""

from __future__ import annotations

from typing import Final

ANSWERED: Final = "answered"
REFUSED: Final = "refused"
ABSENT: Final = "absent"
LATER: Final = "later"
INELIGIBLE: Final = "ineligible"
HELPED: Final = "helped"
# Doors at which nobody was interviewed.
CLOSED: Final = (REFUSED, ABSENT, LATER, INELIGIBLE, HELPED)
# Somebody eligible lives there and did not answer; who was helped, is not eligible or asks for another day
# is no refusal.
ASKED_IN_VAIN: Final = (REFUSED, ABSENT)
# Nobody spoke with the household that day.
UNOPENED: Final = (ABSENT, LATER)
