"""What is said beside a question whose answer cannot be accepted: one table of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "choose-level": {"vi": "Hãy chọn một mức", "en": "Choose one level"},
    "choose-option": {"vi": "Hãy chọn một phương án", "en": "Choose one option"},
    "choose-several": {"vi": "Hãy chọn ít nhất một phương án", "en": "Choose at least one option"},
    "write": {"vi": "Hãy viết câu trả lời", "en": "Write an answer"},
    "known-option": {
        "vi": "Hãy chọn trong các phương án có trên phiếu",
        "en": "Choose from the options on the form",
    },
    "level-range": {"vi": "Hãy chọn một mức từ 1 đến 5", "en": "Choose a level from 1 to 5"},
    "one-option": {"vi": "Hãy chỉ chọn một phương án", "en": "Choose only one option"},
    "one-text": {"vi": "Hãy gửi góp ý trong một ô", "en": "Write your comment in one field"},
    "fewer-options": {
        "vi": "Hãy chọn không quá {limit} phương án",
        "en": "Choose no more than {limit} options",
    },
    "shorter": {
        "vi": "Góp ý dài quá {limit} ký tự; hãy viết ngắn lại",
        "en": "The comment is longer than {limit} characters; make it shorter",
    },
    "plain-text": {
        "vi": "Góp ý có ký tự không đọc được; hãy xóa ký tự đó và viết lại",
        "en": "The comment has unreadable characters; delete them and write again",
    },
}


@dataclass(frozen=True)
class Problem:
    """Why one answer was refused. It never repeats what was sent: it may be printed and logged.

    `rule` says what was broken (required, several, unknown-option, out-of-range, too-many, too-long,
    control-character); `key` names the words in MESSAGES, which advise what to do.
    """

    question_id: str
    rule: str
    key: str
    limit: int | None = None

    def message(self, language: str = "vi") -> str:
        """The advice in `language`; Vietnamese where it is not translated."""
        words = MESSAGES[self.key]
        return words.get(language, words["vi"]).format(limit=self.limit)
