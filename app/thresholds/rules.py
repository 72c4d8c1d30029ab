"""The rules of a change of thresholds, each with the words for who breaks it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.errors import Conflict


class QuarterBegun(Conflict):
    """A quarter keeps the thresholds with which it began: nobody may choose them after seeing answers."""

    def words(self) -> tuple[str, str]:
        return _("Quý đã bắt đầu"), _(
            "Ngưỡng mới chỉ áp dụng từ ngày đầu của một quý sau này. Hãy đề xuất lại cho quý sau."
        )


class UnlawfulSet(Conflict):
    """The set asks for less protection than the method, or its steps do not follow each other."""

    def words(self) -> tuple[str, str]:
        return _("Bộ ngưỡng không hợp lệ"), _(
            "Ngưỡng che không được dưới 10, và ngưỡng che, kết luận, xếp hạng phải tăng dần."
        )


class SameSet(Conflict):
    """The quarter would have these thresholds anyway."""

    def words(self) -> tuple[str, str]:
        return _("Ngưỡng không đổi"), _("Bộ ngưỡng đề xuất giống bộ đang định cho quý ấy.")
