"""What the words of the method are called on a page, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask_babel import gettext

from app.i18n import current_language
from surveys.comparison import NoChange, Word
from surveys.criteria import Judgement, Target, Verdict
from surveys.figures import NATION, Place, PlaceFigures
from surveys.periods import Locale
from surveys.printing import percent
from surveys.ranking import Group
from surveys.scoring import LEVELS, Channel, Phase, level_label

T = TypeVar("T")


def in_each_language(words: Callable[[T], str]) -> Callable[[T], str]:
    """Keeps what a word is called in each language: a page of 130 agencies asks a thousand times."""
    known: dict[tuple[str, T], str] = {}

    @wraps(words)
    def remembered(word: T) -> str:
        key = (current_language(), word)
        if key not in known:
            known[key] = words(word)
        return known[key]

    return remembered


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


@in_each_language
def channel_name(channel: Channel) -> str:
    return {
        Channel.LINK: _("Đường dẫn một lần"),
        Channel.FIELD: _("Phỏng vấn tại nhà"),
        Channel.FIELD_UNNAMED: _("Phỏng vấn tại nhà, chưa rõ cơ quan"),
        Channel.IMPORT: _("Tệp đã xác minh nguồn"),
        Channel.QR: _("Mã QR tại cơ quan"),
        Channel.WEB: _("Trang web"),
        Channel.PHONE: _("Tổng đài 1022"),
        Channel.SURVEY: _("Điều tra xã hội học"),
        Channel.LINK_OPEN: _("Đường dẫn do cơ quan tự phát"),
        Channel.IMPORT_OPEN: _("Tệp chưa xác minh nguồn"),
    }[channel]


def phase_name(phase: Phase) -> str:
    return _("Sau khi có kết quả") if phase is Phase.AFTER_RESULT else _("Vừa nộp xong")


def stream_name(channel: Channel, phase: Phase) -> str:
    """A channel in a phase: "Trang web, sau khi có kết quả"."""
    words = phase_name(phase)
    return f"{channel_name(channel)}, {words[:1].lower()}{words[1:]}"


@in_each_language
def word_text(word: Word) -> str:
    """The word of a change."""
    return {
        Word.UP: _("tăng"),
        Word.DOWN: _("giảm"),
        Word.UNCLEAR: _("chưa thấy thay đổi rõ rệt"),
        Word.NONE: "–",
        Word.BROKEN: _("gián đoạn"),
    }[word]


@in_each_language
def reason_text(reason: NoChange) -> str:
    """Why no change is told."""
    return {
        NoChange.TOO_FEW_NOW: _("quý này chưa đủ phiếu để so sánh"),
        NoChange.HIDDEN: _("số phiếu của kênh dùng để so sánh không công bố được"),
        NoChange.TOO_FEW_BEFORE: _("quý trước chưa đủ phiếu để so sánh"),
        NoChange.UNPUBLISHED: _("quý trước chưa công bố"),
        NoChange.VERSION: _("phiên bản phiếu khảo sát không so sánh được với quý trước"),
        NoChange.AGENCY: _("cơ quan đã chia tách hoặc thay đổi phạm vi quản lý"),
    }[reason]


@in_each_language
def verdict_text(verdict: Verdict) -> str:
    return {
        Verdict.MET: _("Đạt"),
        Verdict.NOT_MET: _("Chưa đạt"),
        Verdict.TOO_FEW: _("Chưa đủ dữ liệu"),
        Verdict.NO_TWIN: _("Không có số liệu đối chứng"),
    }[verdict]


def certainty_text(judgement: Judgement) -> str:
    """What stands beside a verdict; nothing beside one that decides nothing."""
    if not judgement.verdict.decided:
        return ""
    return _("đủ căn cứ thống kê") if judgement.certain else _("chưa đủ căn cứ thống kê")


@in_each_language
def group_text(group: Group) -> str:
    """An agency against the others."""
    return {
        Group.HIGHER: _("cao hơn rõ rệt"),
        Group.SAME: _("không khác rõ rệt"),
        Group.LOWER: _("thấp hơn rõ rệt"),
    }[group]


def set_aside_reason(reason: str) -> str:
    known = {
        "too-fast": _("Gửi nhanh hơn thời gian đọc hết phiếu"),
        "honeypot": _("Điền vào ô ẩn mà người đọc không thấy"),
        "budget": _("Vượt số phiếu mở của cơ quan trong một phút"),
        "no-time": _("Không rõ thời gian điền phiếu"),
        "two-agencies": _("Một mã phiếu gửi cho hai cơ quan"),
        "no-rating": _("Không trả lời câu hỏi về sự hài lòng"),
        "clock": _("Giờ của thiết bị sai"),
        "field-removed": _("Phiếu của một thành viên khảo sát, hai người quyết định loại"),
    }
    return known.get(reason, reason)


def mark_text(mark: str) -> str:
    return {"sáp nhập": _("sáp nhập"), "gián đoạn": _("gián đoạn")}.get(mark, mark)


def kind_name(kind: str) -> str:
    """The agencies of a kind, as a heading."""
    return {
        "province": _("Tỉnh, thành phố"),
        "office": _("Văn phòng"),
        "department": _("Sở, ban, ngành"),
        "ministry": _("Bộ, ngành"),
        "commune": _("Ủy ban nhân dân xã, phường, đặc khu"),
    }.get(kind, _("Cơ quan khác"))


def place_title(figures: PlaceFigures) -> str:
    """The nation is only called so when every province has figures."""
    if figures.place.code != NATION or figures.covered == figures.members:
        return _("Cả nước") if figures.place.code == NATION else place_name(figures.place)
    covered, members = figures.covered, figures.members
    return _("%(covered)s/%(members)s tỉnh, thành phố có số liệu", covered=covered, members=members)


def place_name(place: Place) -> str:
    """The nation by what it is made of: whether that is all of it only its figures can say."""
    return _("Các tỉnh, thành phố") if place.code == NATION else place.name


def target_number(target: Target, locale: Locale) -> str:
    """The number of a target on a share: "95 %"."""
    return percent(target.limit, locale=locale, decimals=0, against=(target.limit,))


def target_name(target: Target, locale: Locale) -> str:
    """As a drawing labels its dashed line."""
    return _("chỉ tiêu %(number)s", number=target_number(target, locale))


def target_text(target: Target, locale: Locale) -> str:
    """A target with its sign: "từ 95 % trở lên"."""
    return _("từ %(number)s trở lên", number=target_number(target, locale))


def level_names(locale: Locale) -> tuple[str, ...]:
    return tuple(level_label(level, locale) for level in LEVELS)
