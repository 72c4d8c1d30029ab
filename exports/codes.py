"""The codes that open data writes in place of words, each with what it is called in both languages.

Words change with a language and a style; a program that reads the files should not. The code of a word of
the method is the name that it has in this code: `NOT_MET` is written `not-met`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple

from exports.wording import CHANNEL_NAMES
from surveys.comparison import NoChange, Word
from surveys.criteria import Verdict
from surveys.printing import SUPPRESSED
from surveys.ranking import Group
from surveys.scoring import Channel, Phase


class Words(NamedTuple):
    vi: str
    en: str


Codes = Mapping[str, Words]

VERIFIED: Final = "verified"
"""The channel of the official figure: all verified channels pooled."""
EVERY: Final = "all"
"""Of what is counted over all channels, or over all phases."""
HIDDEN: Final = SUPPRESSED
SHOWN: Final = "shown"
REFERENCE: Final = "reference"
NOTHING: Final = "none"


def code_of(word: Enum) -> str:
    """`Verdict.NOT_MET` as "not-met"."""
    return word.name.lower().replace("_", "-")


def _codes(**words: tuple[str, str]) -> Codes:
    return MappingProxyType({key.replace("_", "-"): Words(*pair) for key, pair in words.items()})


STATUS: Final = _codes(
    shown=("số liệu công bố đầy đủ", "shown"),
    reference=("tham khảo: ít phiếu, không kết luận", "indicative: few answers, no verdict"),
    bm=("bảo mật thống kê: không công bố con số nào", "suppressed: no number is published"),
    none=("không có phiếu", "no answers"),
)

MEASURES: Final = _codes(
    satisfaction=("Tỷ lệ hài lòng", "Satisfaction rate"),
    factor=("Yếu tố, phiếu được rút ngẫu nhiên để hỏi", "Factor, answers drawn at random"),
    factor_volunteered=("Yếu tố, người dân tự chọn “Đánh giá thêm”", "Factor, volunteered answers"),
    question=("Câu hỏi, một con số tóm tắt", "Question, its one summary number"),
    answer=("Số người chọn một phương án trả lời", "Those who chose one answer to a question"),
    procedure=("Tỷ lệ hài lòng của một thủ tục", "Satisfaction rate of one procedure"),
    set_aside=("Phiếu tách ra để xem xét, không tính", "Answers set aside, not counted"),
    left_out=("Phiếu tách ra, hai người quyết định không tính", "Set aside and left out by two persons"),
    released=("Phiếu tách ra, hai người quyết định tính", "Set aside and released by two persons"),
    doors=("Hộ được hỏi mà không có phỏng vấn", "Households asked without an interview"),
    fill_time=("Trung vị thời gian điền một phiếu", "Median time to fill in one sheet"),
)

KINDS: Final = _codes(
    nation=("Các tỉnh, thành phố", "Provinces together"),
    province=("Tỉnh, thành phố", "Province or city"),
    ministry=("Bộ, ngành", "Ministry"),
    department=("Sở, ban, ngành", "Department"),
    office=("Văn phòng", "Office"),
    commune=("Ủy ban nhân dân xã, phường, đặc khu", "Commune people's committee"),
)

_CHANNELS_EN: Final[Mapping[Channel, str]] = {
    Channel.LINK: "One-time link of a dossier",
    Channel.LINK_OPEN: "Link that the judged agency could download",
    Channel.FIELD: "Interview at home",
    Channel.FIELD_UNNAMED: "Interview at home, office not known",
    Channel.IMPORT: "File from a verified source",
    Channel.IMPORT_OPEN: "File from an unverified source",
    Channel.QR: "QR poster",
    Channel.WEB: "Open web page",
    Channel.PHONE: "Hotline 1022",
    Channel.SURVEY: "Sampled sociological survey",
}

CHANNELS: Final[Codes] = MappingProxyType(
    {
        VERIFIED: Words("Gộp các kênh đã xác minh (số liệu chính thức)", "Verified channels (official)"),
        **{each.value: Words(CHANNEL_NAMES[each], _CHANNELS_EN[each]) for each in Channel},
        EVERY: Words("Mọi kênh", "All channels"),
    }
)

PHASES: Final[Codes] = MappingProxyType(
    {
        Phase.AFTER_RESULT.value: Words("sau khi có kết quả", "after the result"),
        Phase.JUST_SUBMITTED.value: Words("vừa nộp hồ sơ xong", "just submitted"),
        EVERY: Words("mọi thời điểm", "all phases"),
    }
)

RATES: Final = _codes(
    exact=("đúng bằng", "exact"),
    at_least=(
        "từ `low` trở lên: mọi phiếu đều hài lòng nhưng ít phiếu",
        "at least `low`: all of few were satisfied",
    ),
    at_most=(
        "không quá `high`: không phiếu nào hài lòng nhưng ít phiếu",
        "at most `high`: none of few was satisfied",
    ),
)

UNITS: Final = _codes(minutes=("phút", "minutes"), seconds=("giây", "seconds"))

RESPONSES: Final = _codes(
    shown=("đã biết", "known"),
    unknown=("chưa biết", "unknown"),
    flagged=("không công bố: nhiều phiếu hơn số đã phát", "not published: more answers than invitations"),
    bm=("bảo mật thống kê", "suppressed"),
)

CHANGES: Final[Codes] = MappingProxyType(
    {
        **{
            code_of(word): Words(word.value, english)
            for word, english in (
                (Word.UP, "up"),
                (Word.DOWN, "down"),
                (Word.UNCLEAR, "no clear change seen"),
                (Word.NONE, "not compared"),
                (Word.BROKEN, "series broken"),
            )
        },
        HIDDEN: Words("bảo mật thống kê", "suppressed"),
    }
)

REASONS: Final[Codes] = MappingProxyType(
    {
        code_of(reason): Words(reason.value, english)
        for reason, english in (
            (NoChange.TOO_FEW_NOW, "too few answers in this quarter"),
            (NoChange.HIDDEN, "the compared channel cannot be published"),
            (NoChange.TOO_FEW_BEFORE, "too few answers in the quarter before"),
            (NoChange.UNPUBLISHED, "the quarter before is not published"),
            (NoChange.VERSION, "the questionnaire cannot be compared with the quarter before"),
            (NoChange.AGENCY, "the agency was split or its remit changed"),
        )
    }
)

GROUPS: Final[Codes] = MappingProxyType(
    {
        code_of(group): Words(f"{group.value} so với các đơn vị còn lại", english)
        for group, english in (
            (Group.HIGHER, "clearly higher than the others"),
            (Group.SAME, "not clearly different from the others"),
            (Group.LOWER, "clearly lower than the others"),
        )
    }
)

OPERATORS: Final = _codes(at_least=("từ … trở lên", "at least"), below=("dưới", "strictly below"))

VERDICTS: Final[Codes] = MappingProxyType(
    {
        code_of(verdict): Words(verdict.value, english)
        for verdict, english in (
            (Verdict.MET, "met"),
            (Verdict.NOT_MET, "not met"),
            (Verdict.TOO_FEW, "too few data"),
            (Verdict.NO_TWIN, "nothing to compare with"),
        )
    }
    | {HIDDEN: Words("bảo mật thống kê", "suppressed")}
)

MARKS: Final[Mapping[str, str]] = {"sáp nhập": "merged", "gián đoạn": "broken"}
"""Marks of a series as figures hold them, and their codes."""
