"""What the letters of a questionnaire file must be, wherever they stand, and its numbers."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from surveys.definition_shape import Fault, Trail
from surveys.questions import has_control

# Marks that reorder what is read, so that a label could show other words than it holds. The joiners and
# spaces without width that some scripts need are let through.
_DIRECTION: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSEEN: Final = frozenset({"Cf", "Zs", "Zl", "Zp", "Mn"})


def letter_faults(value: object, trail: Trail = ()) -> Iterator[Fault]:
    """Texts are NFC, without control characters and without spaces around them; numbers are finite."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from letter_faults(key, (*trail, key))
            yield from letter_faults(item, (*trail, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from letter_faults(item, (*trail, index))
    elif isinstance(value, float) and not math.isfinite(value):
        yield Fault(trail, "not-a-number", "số phải hữu hạn")
    elif isinstance(value, str):
        if has_control(value):
            yield Fault(trail, "control-character", "có ký tự điều khiển không in được")
        elif _DIRECTION.search(value):
            yield Fault(trail, "direction-mark", "có ký tự ẩn đổi chiều chữ; hãy gõ lại lời này")
        elif value.strip() and all(unicodedata.category(letter) in _UNSEEN for letter in value):
            yield Fault(trail, "empty-text", "lời chỉ có ký tự không nhìn thấy; hãy viết lời")
        elif not unicodedata.is_normalized("NFC", value):
            yield Fault(trail, "not-nfc", "chữ có dấu chưa ở dạng dựng sẵn NFC")
        if value.strip() and value != value.strip():
            yield Fault(trail, "stray-space", "thừa dấu cách hoặc dòng trống ở đầu hay cuối")
