"""The form with which a change of thresholds is proposed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.approvals.forms import MOST_REASON, check_reason
from app.ui.forms import StaffForm
from surveys.thresholds import LEAST_DISCLOSURE, MOST_ANSWERS, Thresholds


def _whole(field: Any, least: int, most: int) -> int:
    """Digits first: a number of thousands of digits takes long to read."""
    text = (field.data or "").strip()
    if (
        not text.isascii()
        or not text.isdigit()
        or len(text) > len(str(most))
        or not least <= int(text) <= most
    ):
        raise ValidationError(_("Hãy ghi một số nguyên từ %(least)s đến %(most)s", least=least, most=most))
    return int(text)


def _number_of(field: Any) -> int | None:
    """What stands in another field, where that can be read."""
    try:
        return _whole(field, 1, MOST_ANSWERS)
    except ValidationError:
        return None


class ChangeForm(StaffForm):
    """The view sets the quarters that can be chosen."""

    first_quarter = SelectField(_("Áp dụng từ ngày đầu của"), validate_choice=False)
    disclosure = StringField(_("Ngưỡng che (phiếu)"))
    verdict = StringField(_("Ngưỡng kết luận (phiếu)"))
    rank = StringField(_("Ngưỡng xếp hạng (phiếu hiệu dụng)"))
    response_rate = StringField(_("Ngưỡng tỷ lệ trả lời (%)"))
    merge = StringField(_("Ngưỡng gộp nhóm khi gia quyền (phiếu)"))
    reason = TextAreaField(_("Lý do"), render_kw={"rows": 3, "maxlength": MOST_REASON})

    def validate_first_quarter(self, field: Any) -> None:
        if field.data not in {code for code, _words in field.choices}:
            raise ValidationError(_("Hãy chọn một quý sau này"))

    def validate_disclosure(self, field: Any) -> None:
        _whole(field, LEAST_DISCLOSURE, MOST_ANSWERS)

    def validate_verdict(self, field: Any) -> None:
        self._not_below(_whole(field, LEAST_DISCLOSURE, MOST_ANSWERS), self.disclosure)

    def validate_rank(self, field: Any) -> None:
        self._not_below(_whole(field, LEAST_DISCLOSURE, MOST_ANSWERS), self.verdict)

    def validate_response_rate(self, field: Any) -> None:
        _whole(field, 1, 100)

    def validate_merge(self, field: Any) -> None:
        _whole(field, 1, MOST_ANSWERS)

    def validate_reason(self, field: Any) -> None:
        check_reason(field.data, needed=True)

    def thresholds(self, before: Thresholds) -> Thresholds:
        """The set that a valid form asks for; what it does not name stays."""
        return replace(
            before,
            disclosure=int(self.disclosure.data),
            verdict=int(self.verdict.data),
            rank=int(self.rank.data),
            merge=int(self.merge.data),
            response_rate=Fraction(int(self.response_rate.data), 100),
        )

    def _not_below(self, value: int, other: Any) -> None:
        least = _number_of(other)
        if least is not None and value < least:
            raise ValidationError(_("Không được nhỏ hơn “%(other)s”", other=other.label.text))
