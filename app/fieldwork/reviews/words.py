"""What an indicator is called, a sentence with its numbers, and what may lie behind it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from app.fieldwork.reviews.flags import FlagLine, FlagState
from app.i18n import current_language
from surveys.interviews import FAMILIES, Family, Indicator
from surveys.periods import Locale
from surveys.printing import number, percent
from surveys.scoring import level_label


def flag_words(indicator: str) -> str:
    """The name of an indicator, as a heading of its row."""
    return _names()[Indicator(indicator)]


def state_words(state: str) -> str:
    words: str = {
        FlagState.OPEN: _("chờ xem"),
        FlagState.EXPLAINED: _("đã có lời giải thích"),
        FlagState.CONFIRMED: _("đã xác nhận có vấn đề"),
    }[FlagState(state)]
    return words


def choice_words(state: FlagState) -> str:
    words: str = {
        FlagState.OPEN: _("Mở lại để xem tiếp"),
        FlagState.EXPLAINED: _("Đã có lời giải thích"),
        FlagState.CONFIRMED: _("Xác nhận có vấn đề"),
    }[state]
    return words


def flag_sentence(line: FlagLine) -> str:
    """What was counted, and what the others lead one to expect."""
    indicator = Indicator(line.row.indicator)
    return _sentences()[indicator] % _shown(indicator, line.numbers)


def flag_advice(indicator: str) -> str:
    """What may honestly lie behind it, and what to look at before deciding anything."""
    return _advice()[FAMILIES[Indicator(indicator)]]


def shared() -> dict[str, object]:
    """What the pages of the review call."""
    return {
        "flag_words": flag_words,
        "flag_sentence": flag_sentence,
        "flag_advice": flag_advice,
        "flag_state_words": state_words,
    }


def _names() -> dict[Indicator, str]:
    return {
        Indicator.SHORT: _("Nhiều phiếu làm rất nhanh"),
        Indicator.FAST: _("Làm nhanh hơn hẳn những người khác"),
        Indicator.UNEVEN_TIMES: _("Một phần phiếu nhanh bất thường so với chính mình"),
        Indicator.HASTY: _("Nhiều phiếu vừa nhanh vừa sát phiếu bên cạnh"),
        Indicator.FLOOR: _("Nhiều phiếu dưới 20 giây"),
        Indicator.GAPS: _("Nhiều phiếu liền nhau quá sát"),
        Indicator.UNEVEN_GAPS: _("Một phần phiếu nối nhau sát bất thường so với chính mình"),
        Indicator.OVERLAPS: _("Hai phiếu cùng một lúc"),
        Indicator.TRAVEL: _("Sang thôn, bản khác nhanh hơn đi được"),
        Indicator.HOURS: _("Nhiều phiếu ngoài giờ thường lệ"),
        Indicator.NEAR_DUPLICATES: _("Nhiều phiếu gần như giống nhau"),
        Indicator.SAMENESS: _("Các phiếu giống nhau hơn thường lệ"),
        Indicator.STRAIGHT_LINES: _("Nhiều phiếu chọn cùng một mức ở mọi câu"),
        Indicator.LITTLE_VARIANCE: _("Các mức trong một phiếu ít khác nhau"),
        Indicator.ONE_ANSWER: _("Một mức được chọn nhiều hơn hẳn"),
        Indicator.SHORT_ROUTE: _("Nhiều phiếu đi theo nhánh ít câu hỏi"),
        Indicator.NOTHING_MISSING: _("Hầu như không có câu bỏ trống"),
        Indicator.NO_REFUSALS: _("Hầu như không gặp từ chối hay vắng nhà"),
        Indicator.RUNS: _("Các phiếu liền nhau giống nhau"),
        Indicator.PERIOD: _("Câu trả lời lặp lại theo chu kỳ"),
        Indicator.IDENTICAL_IN_ROW: _("Từ 10 phiếu giống hệt liên tiếp"),
        Indicator.BACKCHECK: _("Lần thăm thứ hai cho kết quả khác"),
        Indicator.TOGETHER: _("Nhiều dấu hiệu nhỏ cùng lúc"),
    }


def _sentences() -> dict[Indicator, str]:
    alike = _("Số câu trùng giữa các phiếu: %(observed)s; nếu xếp lại ngẫu nhiên thì khoảng %(expected)s.")
    return {
        Indicator.SHORT: _(
            "%(cases)s trên %(of)s phiếu nhanh hơn chín phần mười phiếu của một người bình thường trong đợt;"
            " ở những người khác khoảng %(expected)s."
        ),
        Indicator.FAST: _("Thời gian mỗi phiếu bằng %(share)s mức giữa của đợt, trên %(of)s phiếu."),
        Indicator.UNEVEN_TIMES: _(
            "%(cases)s trên %(of)s phiếu nhanh hơn %(limit)s thời gian thường ngày của chính người này;"
            " ở những người khác khoảng %(expected)s."
        ),
        Indicator.HASTY: _(
            "%(cases)s trên %(of)s phiếu vừa nhanh vừa sát phiếu bên cạnh so với nếp của chính người này;"
            " ở những người khác khoảng %(expected)s."
        ),
        Indicator.FLOOR: _(
            "%(cases)s trên %(of)s phiếu xong trong chưa đầy 20 giây; ở những người khác khoảng %(expected)s."
        ),
        Indicator.GAPS: _(
            "%(cases)s trên %(of)s lần sang phiếu sau trong chưa đầy %(limit)s giây;"
            " ở những người khác khoảng %(expected)s."
        ),
        Indicator.UNEVEN_GAPS: _(
            "%(cases)s trên %(of)s lần sang phiếu sau nhanh hơn %(limit)s quãng nghỉ thường ngày của chính"
            " người này; ở những người khác khoảng %(expected)s."
        ),
        Indicator.OVERLAPS: _(
            "%(cases)s trên %(of)s cặp phiếu liền nhau trùng giờ quá 30 giây;"
            " lỡ tay thì chỉ khoảng %(expected)s."
        ),
        Indicator.TRAVEL: _(
            "%(cases)s trên %(of)s lần sang phiếu sau là ở thôn, bản khác trong chưa đầy 3 phút;"
            " lỡ tay thì chỉ khoảng %(expected)s."
        ),
        Indicator.HOURS: _(
            "%(cases)s trên %(of)s phiếu bắt đầu trước 6 giờ hoặc từ 21 giờ;"
            " ở những người khác khoảng %(expected)s."
        ),
        Indicator.NEAR_DUPLICATES: _(
            "%(observed)s cặp phiếu trùng từ %(limit)s trên %(questions)s câu;"
            " chia lại ngẫu nhiên phiếu của thôn, bản thì khoảng %(expected)s cặp."
        ),
        Indicator.SAMENESS: alike,
        Indicator.STRAIGHT_LINES: _(
            "%(cases)s trên %(of)s phiếu cho cùng một mức ở mọi câu chấm mức;"
            " ở những người khác khoảng %(expected)s."
        ),
        Indicator.LITTLE_VARIANCE: _(
            "%(cases)s trên %(of)s phiếu có các mức gần như bằng nhau;"
            " ở những người khác khoảng %(expected)s."
        ),
        Indicator.ONE_ANSWER: _(
            "“%(level)s” ở %(cases)s trên %(of)s phiếu; ở những người khác cùng nơi khoảng %(expected)s."
        ),
        Indicator.SHORT_ROUTE: _(
            "%(cases)s trên %(of)s phiếu đi nhánh ít câu hỏi;"
            " ở những người khác cùng nơi khoảng %(expected)s."
        ),
        Indicator.NOTHING_MISSING: _(
            "Chỉ %(cases)s trên %(of)s phiếu có câu hộ không trả lời được;"
            " ở những người khác cùng nơi khoảng %(expected)s."
        ),
        Indicator.NO_REFUSALS: _(
            "Chỉ %(cases)s trên %(of)s lần đến cửa gặp từ chối, vắng nhà hoặc hẹn lại;"
            " ở những người khác cùng nơi khoảng %(expected)s."
        ),
        Indicator.RUNS: alike,
        Indicator.PERIOD: _(
            "Cách %(lag)s phiếu lại giống nhau: %(observed)s câu trùng;"
            " nếu xếp lại ngẫu nhiên thì khoảng %(expected)s."
        ),
        Indicator.IDENTICAL_IN_ROW: _("%(in_row)s phiếu giống hệt liên tiếp, trên %(of)s phiếu."),
        Indicator.BACKCHECK: _(
            "%(cases)s trên %(of)s điều hỏi lại khác lần đầu; hộ nhớ khác thì thường chỉ khoảng %(expected)s."
        ),
        Indicator.TOGETHER: _("Không dấu hiệu nào đủ rõ một mình; gộp %(indicators)s dấu hiệu thì hiếm gặp."),
    }


def _advice() -> dict[Family, str]:
    return {
        Family.TIME: _(
            "Có thể vì hộ ở sát nhau, người hỏi thạo việc, hoặc nhiều hộ chưa từng nộp trực tuyến nên ít câu."
            " Hãy hỏi thành viên đã làm những ngày ấy ra sao và xem các hộ có gần nhau không."
        ),
        Family.CONTENT: _(
            "Có thể vì cả xóm vừa cùng làm một việc hoặc cùng gặp một trục trặc."
            " Hãy xem địa bàn có gì chung và thăm lại vài hộ."
        ),
        Family.EFFORT: _(
            "Có thể vì thành viên quen biết nhiều, đến đúng lúc hộ ở nhà, hoặc hỏi rất kỹ."
            " Hãy hỏi thành viên có ghi mọi cửa đã đến không và cách chọn hộ."
        ),
        Family.ORDER: _(
            "Có thể vì các hộ liền nhau trong một ngõ giống nhau thật."
            " Hãy xem những phiếu ấy có cùng một ngõ, một buổi không và thăm lại vài hộ."
        ),
        Family.BACKCHECK: _(
            "Có thể vì lần hai gặp người khác trong nhà, hoặc việc đã thay đổi từ đó."
            " Hãy hỏi người thăm lại đã gặp ai và thăm thêm vài hộ."
        ),
        Family.TOGETHER: _("Đây là dấu hiệu yếu nhất khi đứng một mình: hãy thăm lại vài hộ trước khi hỏi."),
    }


def _shown(indicator: Indicator, numbers: Mapping[str, float]) -> dict[str, Any]:
    """Numbers as they are printed: a share as a percentage, everything else whole."""
    shown: dict[str, Any] = {name: number(round(value), _locale()) for name, value in numbers.items()}
    shares = {"share", "expected"} if "cases" in numbers else {"share"}
    if indicator in (Indicator.UNEVEN_TIMES, Indicator.UNEVEN_GAPS):
        shares.add("limit")
    for name in shares & numbers.keys():
        # As it is written, not its binary neighbour.
        shown[name] = percent(Fraction(str(numbers[name])), locale=_locale())
    if "level" in numbers:
        shown["level"] = level_label(int(numbers["level"]), _locale())
    return shown


def _locale() -> Locale:
    return "en" if current_language() == "en" else "vi"
