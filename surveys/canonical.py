"""One spelling for one content: the text that is compared, hashed and stored."""

from __future__ import annotations

import json


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces and letters as they are, so that equal contents are equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
