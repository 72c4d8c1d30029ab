"""What editions and the work on them are called on staff pages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from app.editions import rules
from app.editions.work import CLOSE, State, Work
from app.errors import Conflict
from app.i18n import current_language
from surveys.editions import EditionCode
from surveys.periods import Locale, Period


def _locale() -> Locale:
    return "en" if current_language() == "en" else "vi"


def period_words(period: Period) -> str:
    label = period.label_in(_locale())
    return label[:1].upper() + label[1:]


def edition_label(code: str) -> str:
    """Inside of a sentence: "quý III năm 2026"."""
    return EditionCode.parse(code).label_in(_locale())


def edition_words(code: str) -> str:
    label = edition_label(code)
    return label[:1].upper() + label[1:]


def state_words(work: Work) -> str:
    words: str = {
        State.WAITING: _("đang chờ đến lượt"),
        State.RUNNING: _("đang chạy"),
        State.STUCK: _("dừng giữa chừng, chưa có gì được lưu"),
        State.DONE: _("đã xong"),
        State.REFUSED: _("không làm được"),
    }[work.state]
    return words


def step_words(work: Work) -> str:
    """What a close is doing now."""
    if work.kind != CLOSE:
        return ""
    steps = (
        "",
        _("đếm những phiếu đang chờ"),
        _("lập và kiểm số liệu của mọi nơi"),
        _("ghi dữ liệu mở"),
        _("ghi kỳ công bố"),
    )
    return steps[work.done] if work.done < len(steps) else ""


def messages() -> Mapping[str, str]:
    """What has just been done, by the word in the address."""
    return {
        "asked": _("Đã giao việc chốt số liệu. Trang này cho biết tiến độ."),
        "objected": _("Đã ghi ý kiến. Bộ trả lời trước khi công bố."),
        "answered": _("Đã ghi câu trả lời."),
    }


class Refused(Conflict):
    """What cannot be done to an edition, in the words of the rule."""

    def __init__(self, rule: Exception) -> None:
        super().__init__(str(rule))
        self.rule = type(rule)

    def words(self) -> tuple[str, str]:
        advice = {
            rules.TooEarly: _("Chưa đến ngày được chốt số liệu của kỳ này: phiếu của kỳ còn đang về."),
            rules.AlreadyClosed: _("Kỳ này đã được chốt. Muốn sửa số liệu thì lập bản đính chính."),
            rules.NothingToClose: _("Kỳ này chưa có phiếu nào nên không có gì để chốt."),
            rules.NotPublishedYet: _("Bản trước của kỳ này chưa công bố."),
            rules.NoReasonGiven: _("Bản đính chính phải nêu lý do."),
            rules.AlreadyPublished: _("Kỳ này đã được công bố."),
            rules.OpenObjections: _("Còn ý kiến của cơ quan chưa được trả lời nên chưa công bố được."),
            rules.Damaged: _("Tệp của kỳ này không còn đúng với mã băm đã ghi nên không công bố."),
        }
        return _("Chưa làm được việc này"), advice.get(self.rule, _("Hãy mở lại danh sách kỳ công bố."))


RULES = (
    rules.TooEarly,
    rules.AlreadyClosed,
    rules.NothingToClose,
    rules.NotPublishedYet,
    rules.NoReasonGiven,
    rules.AlreadyPublished,
    rules.OpenObjections,
    rules.Damaged,
)
