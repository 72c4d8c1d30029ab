"""What editions and the work on them are called on staff pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from app.accounts.places import find_places
from app.editions import rules
from app.editions.lateness import stream_of
from app.editions.work import CLOSE, DOCUMENTS, State, Work
from app.errors import Conflict
from app.i18n import current_language
from app.results.wording import stream_name
from surveys.editions import EditionCode
from surveys.lateness import Cell
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


def kind_words(work: Work) -> str:
    words: str = {CLOSE: _("chốt số liệu"), DOCUMENTS: _("lập văn bản")}[work.kind]
    return words


def state_words(work: Work) -> str:
    if work.state is State.STUCK:
        return _stuck_words(work)
    words: str = {
        State.WAITING: _("đang chờ đến lượt"),
        State.LOST: _("chưa bắt đầu được"),
        State.RUNNING: _("đang chạy"),
        State.DONE: _("đã xong"),
        State.REFUSED: _("không làm được"),
    }[work.state]
    return words


def _stuck_words(work: Work) -> str:
    if work.kind == DOCUMENTS:
        kept: str = _("dừng giữa chừng; văn bản đã lập vẫn còn")
        return kept
    lost: str = _("dừng giữa chừng, chưa có gì được lưu")
    return lost


def next_words(work: Work) -> str:
    """What happens without anybody, or what somebody has to do; empty where there is nothing to say."""
    words = ""
    if work.state is State.LOST:
        words = _("Mấy phút qua không có tiến trình nào nhận việc: người vận hành xem bộ xử lý việc nền.")
    elif work.state is State.STUCK and not work.is_taken_up:
        words = _("Đã thử nhiều lần mà không tiến thêm: người vận hành xem nhật ký của máy chủ.")
    elif work.state is State.STUCK:
        words = _("Trong vài phút việc tự chạy tiếp.")
    elif work.state is State.REFUSED and work.is_taken_up:
        words = _("Một giờ sau việc tự chạy lại.")
    elif work.state is State.WAITING and work.kind == DOCUMENTS:
        words = _("Việc tự bắt đầu trong vài phút, hoặc khi kỳ đang lập văn bản xong.")
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


def cell_words(cells: Sequence[Cell]) -> list[str]:
    """ "Sở Y tế: số chính thức", "Tỉnh Sơn La: Trang web, vừa nộp xong"."""
    places = find_places({cell.place for cell in cells})
    found = []
    for cell in cells:
        stream = stream_of(cell)
        part = stream_name(*stream) if stream else _("số chính thức")
        place = places[cell.place].name if cell.place in places else _("Cả nước")
        found.append(f"{place}: {part}")
    return found


def messages() -> Mapping[str, str]:
    """What has just been done, by the word in the address."""
    return {
        "asked": _("Đã giao việc chốt số liệu. Trang này cho biết tiến độ."),
        "documents": _("Đã giao việc lập văn bản. Trang này cho biết tiến độ."),
        "objected": _("Đã ghi ý kiến. Bộ trả lời trước khi công bố."),
        "answered": _("Đã ghi câu trả lời."),
    }


class Refused(Conflict):
    """What cannot be done to an edition, in the words of the rule."""

    def __init__(self, rule: rules.Refused) -> None:
        super().__init__(str(rule))
        self.rule = rule

    def words(self) -> tuple[str, str]:
        return _("Chưa làm được việc này"), self.rule.advice
