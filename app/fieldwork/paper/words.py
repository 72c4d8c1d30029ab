"""What forms on paper are called on staff pages and on the paper itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.fieldwork.languages import LANGUAGES, language_title
from app.fieldwork.models import Round
from app.fieldwork.paper.forms import DOOR_LABELS
from app.fieldwork.paper.keying import Difference
from app.fieldwork.paper.records import Choices
from app.fieldwork.paper.tallies import TallyKey
from app.i18n import current_language
from exports.paper_words import SheetWords, TallyWords
from surveys.doors import ABSENT, ANSWERED, CLOSED, HELPED, INELIGIBLE, LATER, REFUSED
from surveys.printing import date_text
from surveys.problems import Problem
from surveys.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class DifferenceWords:
    """A field in which two people differ: what it is called, and what each of them read."""

    name: str
    label: str
    first: str
    second: str


def sheet_words() -> SheetWords:
    """In the language of the moment; the caller prints Vietnamese."""
    return SheetWords(
        form=_("Phiếu số {number}"),
        page=_("Phiếu {number} · trang {page}/{of}"),
        fields=(
            ((_("Thôn, bản, tổ dân phố:"), 0.6), (_("Thành viên:"), 0.4)),
            ((_("Ngày:"), 0.3), (_("Bắt đầu lúc:"), 0.35), (_("Số phút:"), 0.35)),
            ((_("Ngôn ngữ:"), 0.6), (_("Có người dịch:"), 0.4)),
            ((_("Cơ quan của dịch vụ:"), 1.0),),
        ),
        only_if=_("Chỉ hỏi khi câu {question} là {answers}."),
        choose_any=_("Chọn được nhiều."),
        end=_("Người phỏng vấn: xem lại đủ các câu trước khi chào hộ."),
        slip_asked=_(
            "Hộ đồng ý để một người khác đến hỏi lại vài câu, nhằm kiểm tra việc khảo sát: xé phần dưới"
            " đưa hộ."
        ),
        slip_title=_("Phiếu hẹn · mã {slip}"),
        slip_text=_(
            "Ông/Bà giữ mảnh giấy này. Khi có người đến hỏi lại thì đưa mã; không có mã thì không ai biết"
            " phiếu nào là của hộ."
        ),
    )


def interpreter_words() -> dict[str, str]:
    return {"": _("không"), "yes": _("có")}


def head_problem(name: str, row: Round, today: date) -> str:
    """What a field of the head may hold."""
    first, last = (date_text(day) for day in (row.first_day, min(row.last_day, today)))
    words: str = {
        "village": _("Hãy chọn một thôn, bản của đợt"),
        "collector": _("Hãy chọn một thành viên"),
        "day": _("Hãy ghi một ngày từ %(first)s đến %(last)s", first=first, last=last),
        "started": _("Hãy ghi giờ và phút, ví dụ 8:30, hoặc để trống"),
        "minutes": _("Hãy ghi số phút từ 1 đến 180, hoặc để trống"),
        "language": _("Hãy chọn một ngôn ngữ"),
        "interpreter": _("Hãy chọn có hoặc không"),
        "service": _("Hãy chọn một cơ quan có vào ngày ấy, hoặc “hộ không rõ”"),
        "slip": _("Mã gồm 8 chữ và số như in trên phiếu, hoặc để trống nếu hộ không nhận phiếu hẹn"),
    }[name]
    return words


def question_label(name: str, form: Questionnaire) -> str:
    """Of a field such as "q:satisfaction": its place on the paper and its words."""
    at, question = next((at, q) for at, q in enumerate(form.questions, 1) if f"q:{q.id}" == name)
    return f"{at}. {question.label.get(current_language())}"


def problem_words(name: str, problem: Problem | None, row: Round, today: date) -> str:
    return problem.message(current_language()) if problem else head_problem(name, row, today)


def field_label(name: str, form: Questionnaire) -> str:
    return question_label(name, form) if name.startswith("q:") else _head_labels()[name]


def difference_words(item: Difference, form: Questionnaire, choices: Choices) -> DifferenceWords:
    known = _known(item.name, form, choices)
    label = field_label(item.name, form)
    return DifferenceWords(item.name, label, _shown(item.first, known), _shown(item.second, known))


def _known(name: str, form: Questionnaire, choices: Choices) -> Mapping[str, str]:
    """Words for the values of a field that has a list of them."""
    for question in form.questions:
        if name == f"q:{question.id}":
            language = current_language()
            return {value: option.label.get(language) for value, option in question.by_value.items()}
    lists: dict[str, Mapping[str, str]] = {
        "village": choices.villages,
        "collector": choices.collectors,
        "language": {value: language_title(value) for value in LANGUAGES},
        "interpreter": interpreter_words(),
        "service": {"": _("hộ không rõ")} | dict(choices.services),
    }
    return lists.get(name, {})


def _head_labels() -> dict[str, str]:
    return {
        "village": _("Thôn, bản"),
        "collector": _("Thành viên"),
        "day": _("Ngày"),
        "started": _("Bắt đầu lúc"),
        "minutes": _("Số phút"),
        "language": _("Ngôn ngữ"),
        "interpreter": _("Có người dịch"),
        "service": _("Cơ quan của dịch vụ"),
        "slip": _("Mã phiếu hẹn"),
    }


def _shown(values: Sequence[str], known: Mapping[str, str]) -> str:
    return "; ".join(known.get(value, value) for value in values if value in known or value) or _("để trống")


def tally_words() -> TallyWords:
    """In the language of the moment; the caller prints Vietnamese."""
    meanings = {
        ANSWERED: _("Hộ đã trả lời, phiếu giấy đã ghi xong."),
        REFUSED: _("Có người tiếp, thuộc diện hỏi nhưng không muốn trả lời, hoặc dừng giữa chừng."),
        ABSENT: _("Gõ cửa không có ai tiếp."),
        LATER: _("Xin đến vào lúc khác. Khi quay lại, ghi kết quả lần sau vào bảng kê của ngày quay lại."),
        INELIGIBLE: _("Không có ai thuộc diện khảo sát của đợt."),
        HELPED: _("Người đi hỏi đã giúp hộ này nộp hồ sơ, nên không hỏi."),
    }
    return TallyWords(
        title=_("Bảng kê các cửa trong ngày"),
        fields=(
            ((_("Thôn, bản, tổ dân phố:"), 0.6), (_("Ngày:"), 0.4)),
            ((_("Thành viên:"), 1.0),),
        ),
        told=_(
            "Mỗi cửa gạch một ô, ngay tại cửa. Mỗi thành viên một tờ cho mỗi thôn, mỗi ngày. Không ghi tên, "
            "số nhà. Cửa nào đã ghi vào điện thoại thì không gạch ở đây."
        ),
        rows=tuple((str(DOOR_LABELS[name]), meanings[name]) for name in (ANSWERED, *CLOSED)),
        total=_("Cộng:"),
        end=_("Cuối ngày: đếm ô đã gạch, ghi vào “Cộng”, nộp cùng các phiếu của ngày."),
    )


def tally_problem(name: str, row: Round, today: date) -> str:
    """What a field of a sheet of doors may hold."""
    if name in _head_labels():
        return head_problem(name, row, today)
    words: str = _("Hãy ghi một số từ 0 đến 99; cả bảng kê phải có ít nhất một cửa")
    return words


def tally_name(key: TallyKey, choices: Choices) -> str:
    """Whose sheet it is, where and of which day."""
    village = choices.villages.get(key.village, key.village)
    collector = choices.collectors.get(str(key.collector), "–")
    return " · ".join((village, date_text(key.day), collector))


def tally_difference(item: Difference) -> DifferenceWords:
    return DifferenceWords(item.name, str(DOOR_LABELS[item.name]), item.first[0], item.second[0])


def messages() -> dict[str, str]:
    return {
        "tally-keyed-once": _(
            "Đã lưu lần nhập thứ nhất. Người thứ hai nhập giống vậy thì các cửa được tính."
        ),
        "tally-counted": _("Hai lần nhập đã khớp: các cửa được tính."),
        "tally-differs": _("Đã lưu lần nhập thứ hai. Hai lần khác nhau ở những số dưới đây."),
        "tally-discarded": _("Đã bỏ các lần nhập. Bảng kê nhập lại được từ đầu."),
        "keyed-once": _("Đã lưu lần nhập thứ nhất. Người thứ hai nhập giống vậy thì phiếu được tính."),
        "counted": _("Hai lần nhập đã khớp: phiếu được tính."),
        "differs": _("Đã lưu lần nhập thứ hai. Hai lần khác nhau ở những chỗ dưới đây."),
        "discarded": _("Đã bỏ các lần nhập. Tờ phiếu nhập lại được từ đầu."),
    }
