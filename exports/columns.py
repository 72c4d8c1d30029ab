"""The one list of columns of an edition's open data: every format, the dictionary and the schema read it.

The table is tidy: one row a printed cell, one column a fact about it. `exports.observations` says how a row
comes about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from exports import codes
from exports.codes import Codes, Words

Value = str | int | float | bool | None
Row = tuple[Value, ...]
Type = Literal["text", "integer", "number", "boolean"]


@dataclass(frozen=True)
class Column:
    """`codes` are the only values of a coded column; bounds hold for numbers; `required` is never empty."""

    name: str
    type: Type
    title: Words
    description: Words
    unit: Words | None = None
    codes: Codes = field(default_factory=dict)
    minimum: int | None = None
    maximum: int | None = None
    required: bool = False


_SHARE: Final = Words("tỷ lệ từ 0 đến 1", "share from 0 to 1")
_SHEETS: Final = Words("phiếu", "answer sheets")
_POINTS: Final = Words("điểm phần trăm", "percentage points")


def _text(
    name: str, vi: str, en: str, more_vi: str, more_en: str, *, codes: Codes | None = None,
    required: bool = False,
) -> Column:  # fmt: skip
    return Column(name, "text", Words(vi, en), Words(more_vi, more_en), codes=codes or {}, required=required)


def _count(
    name: str, vi: str, en: str, more_vi: str, more_en: str, *, unit: Words | None = _SHEETS, minimum: int = 0
) -> Column:
    return Column(name, "integer", Words(vi, en), Words(more_vi, more_en), unit, minimum=minimum)


def _share(name: str, vi: str, en: str, more_vi: str, more_en: str) -> Column:
    return Column(name, "number", Words(vi, en), Words(more_vi, more_en), _SHARE, minimum=0, maximum=1)


def _points(name: str, vi: str, en: str, more_vi: str, more_en: str) -> Column:
    more = Words(more_vi, more_en)
    return Column(name, "number", Words(vi, en), more, _POINTS, minimum=-100, maximum=100)


def _number(
    name: str, vi: str, en: str, more_vi: str, more_en: str, *, unit: Words | None = None,
    maximum: int | None = None,
) -> Column:  # fmt: skip
    return Column(name, "number", Words(vi, en), Words(more_vi, more_en), unit, minimum=0, maximum=maximum)


def _yes_no(name: str, vi: str, en: str, more_vi: str, more_en: str) -> Column:
    return Column(name, "boolean", Words(vi, en), Words(more_vi, more_en))


_LEVELS: Final = (
    ("5", "Rất hài lòng", "Very satisfied"),
    ("4", "Hài lòng", "Satisfied"),
    ("3", "Bình thường", "Neutral"),
    ("2", "Không hài lòng", "Dissatisfied"),
    ("1", "Rất không hài lòng", "Very dissatisfied"),
)

WHAT: Final = (
    _text("edition", "Kỳ công bố", "Edition",
          "Mã kỳ công bố, có số đính chính nếu có: 2026-Q3, 2026-Q3.r1.",
          "Code of the edition with its revision: 2026-Q3, 2026-Q3.r1.", required=True),
    _text("period", "Thời kỳ", "Period", "Quý, tháng hoặc tuần của số liệu, theo giờ Việt Nam.",
          "Quarter, month or week of the figures, in Vietnamese time.", required=True),
    _text("place", "Mã nơi", "Place", "Mã của cả nước (VN), của tỉnh hoặc của cơ quan.",
          "Code of the nation (VN), a province or an agency.", required=True),
    _text("place_name", "Tên nơi", "Name of the place",
          "Tên tại thời điểm chốt; của cả nước chỉ ghi “Cả nước” khi đủ 34 tỉnh, thành phố.",
          "Name at close; the nation is called so only when all 34 provinces have figures.", required=True),
    _text("kind", "Loại", "Kind", "Loại của nơi.", "Kind of the place.", codes=codes.KINDS, required=True),
    _text("parent", "Nơi cấp trên", "Parent", "Mã của nơi cấp trên; để trống với cả nước.",
          "Code of the place above; empty for the nation."),
    _text("measure", "Số đo", "Measure", "Dòng này đo điều gì.", "What this row measures.",
          codes=codes.MEASURES, required=True),
    _text("criterion", "Tiêu chí", "Criterion",
          "TC1 đến TC4 của Quyết định 1565/QĐ-TTg, nếu dòng thuộc một tiêu chí. TC1, TC2 ở đây là ước lượng "
          "từ khảo sát và không có kết luận; `TC3-perception`: người trả lời thấy kết quả sớm hay trễ hẹn, "
          "không phải TC3.",
          "TC1 to TC4 of Decision 1565/QĐ-TTg where the row belongs to one. TC1 and TC2 are estimates from "
          "the survey and have no verdict; `TC3-perception`: whether results came in time as those who "
          "answered saw it, which is not TC3."),
    _text("item", "Mục", "Item",
          "Mã câu hỏi, mã thủ tục (`none`: phiếu không ghi thủ tục), mã lý do tách phiếu, hoặc vì sao không "
          "có phỏng vấn (`refused`: từ chối, `absent`: vắng nhà).",
          "Question, procedure (`none`: answers that name none), reason of setting aside, or why there was "
          "no interview (`refused`, `absent`: nobody at home)."),
    _text("item_label", "Tên mục", "Label of the item", "Lời của câu hỏi hoặc tên thủ tục.",
          "Words of the question or name of the procedure."),
    _text("option", "Phương án", "Option", "Giá trị của phương án trả lời.", "Value of the answer."),
    _text("option_label", "Tên phương án", "Label of the option", "Lời của phương án trả lời.",
          "Words of the answer."),
    _text("channel", "Kênh", "Channel", "Kênh; `verified` là số liệu chính thức.",
          "Channel; `verified` is the official figure.", codes=codes.CHANNELS, required=True),
    _text("phase", "Thời điểm hỏi", "Phase", "Người dân được hỏi khi nào.", "When people were asked.",
          codes=codes.PHASES, required=True),
    _text("status", "Tình trạng", "Status",
          "Số liệu của dòng được công bố đến đâu. Dòng `bm` không có con số nào trong mọi định dạng.",
          "How much of the row is published. A row marked `bm` holds no number in any format.",
          codes=codes.STATUS, required=True),
)  # fmt: skip

HOW_MUCH: Final = (
    _count("n", "Số phiếu", "Answers", "Số phiếu trả lời hợp lệ của dòng; của dòng `doors` là số hộ.",
           "Valid answers of the row; of `doors` households."),
    _count("satisfied", "Số phiếu hài lòng", "Satisfied answers",
           "Phiếu chọn mức 4 hoặc 5. Để trống khi `rate_kind` không phải `exact`.",
           "Answers of level 4 or 5. Empty where `rate_kind` is not `exact`."),
    *(
        _count(f"level_{level}", f"Mức {level}: {vi}", f"Level {level}: {en}",
               f"Phiếu chọn mức {level}; chỉ khi dòng đủ phiếu để kết luận.",
               f"Answers of level {level}; only where the row has enough for a verdict.")
        for level, vi, en in _LEVELS
    ),
    _count("count", "Số phiếu chọn", "Answers that chose it",
           "Của dòng `answer`: phiếu chọn phương án. Của dòng `question`: phiếu chọn các phương án “có”. Câu "
           "hỏi được chọn nhiều phương án có tổng lớn hơn n.",
           "Of `answer`: answers that chose the option. Of `question`: those that say yes. Where several may "
           "be chosen they add up to more than n."),
    _share("rate", "Tỷ lệ", "Rate", "satisfied / n, hoặc count / n.", "satisfied / n, or count / n."),
    _text("rate_kind", "Cách nói tỷ lệ", "Kind of rate",
          "Với ít phiếu mà tất cả hoặc không ai hài lòng, chỉ cận của khoảng tin cậy được nêu.",
          "Where all or none of few were satisfied only a bound of the interval is told.", codes=codes.RATES),
    _share("low", "Cận dưới 95 %", "Lower bound, 95 %", "Khoảng Wilson trên n_eff, làm tròn như khi in.",
           "Wilson's interval on n_eff, rounded as printed."),
    _share("high", "Cận trên 95 %", "Upper bound, 95 %", "Khoảng Wilson trên n_eff, làm tròn như khi in.",
           "Wilson's interval on n_eff, rounded as printed."),
    _number("n_eff", "Số phiếu hiệu dụng", "Effective n",
            "Số phiếu độc lập có cùng độ chính xác, một chữ số thập phân.",
            "As many independent answers as are as precise, one decimal.", unit=_SHEETS),
    _number("score", "Điểm", "Score", "(trung bình − 1) / 4 × 100.", "(mean − 1) / 4 × 100.", maximum=100,
            unit=Words("điểm từ 0 đến 100", "points from 0 to 100")),
    _number("value", "Giá trị", "Value",
            "Của câu hỏi về thời gian: trung bình ước lượng. Của `fill-time`: trung vị. Đơn vị ở cột `unit`.",
            "Of a question on time: estimated mean. Of `fill-time`: median. In the unit of `unit`."),
    _text("unit", "Đơn vị", "Unit", "Đơn vị của `value`.", "Unit of `value`.", codes=codes.UNITS),
    _count("offered", "Số đã phát", "Invitations",
           "Đường dẫn đã phát trong kỳ, hoặc số hộ đã hỏi khi phỏng vấn tại nhà.",
           "Links issued in the period, or households asked for interviews at home.",
           unit=Words("lượt", "invitations")),
    _count("answered", "Số đã dùng", "Invitations used",
           "Đường dẫn phát trong kỳ và đã dùng khi chốt, hoặc số cuộc phỏng vấn.",
           "Links issued in the period and spent by close, or interviews.",
           unit=Words("lượt", "invitations")),
    _share("response_rate", "Tỷ lệ trả lời", "Response rate", "answered / offered.", "answered / offered."),
    _text("response_status", "Tình trạng tỷ lệ trả lời", "Status of the response rate",
          "Vì sao tỷ lệ trả lời có hoặc không có.", "Why there is a response rate, or none.",
          codes=codes.RESPONSES),
)  # fmt: skip

WHAT_IT_MEANS: Final = (
    _points("change", "Thay đổi", "Change", "So với quý trước, trong một kênh (`change_channel`).",
            "Against the quarter before, within one channel (`change_channel`)."),
    _points("change_low", "Cận dưới của thay đổi", "Lower bound of the change", "Khoảng Newcombe 95 %.",
            "Newcombe's interval, 95 %."),
    _points("change_high", "Cận trên của thay đổi", "Upper bound of the change", "Khoảng Newcombe 95 %.",
            "Newcombe's interval, 95 %."),
    _text("change_word", "Từ chỉ thay đổi", "Word of the change",
          "Đã tính đến số lần so sánh (Benjamini–Hochberg).", "Corrected by Benjamini and Hochberg.",
          codes=codes.CHANGES),
    _text("change_reason", "Lý do không so sánh", "Why nothing is compared", "Khi không có thay đổi.",
          "Where no change is told.", codes=codes.REASONS),
    _text("change_channel", "Kênh so sánh", "Channel of the change", "Kênh mà thay đổi được tính.",
          "The channel in which the change is told.", codes=codes.CHANNELS),
    _number("q", "Giá trị q", "q-value", "Giá trị p đã hiệu chỉnh của thay đổi.",
            "Adjusted p-value of the change.", maximum=1),
    _count("rank_best", "Hạng cao nhất", "Best rank", "Đầu khoảng hạng.", "Best of the interval of ranks.",
           unit=None, minimum=1),
    _count("rank_worst", "Hạng thấp nhất", "Worst rank", "Cuối khoảng hạng.",
           "Worst of the interval of ranks.", unit=None, minimum=1),
    _count("rank_of", "Số đơn vị được xếp", "Ranked places", "Số cơ quan cùng loại được so sánh.",
           "Agencies of the kind that were compared.", unit=None, minimum=2),
    _text("group", "Nhóm", "Group", "So với mọi đơn vị còn lại gộp chung.",
          "Against all the others pooled.", codes=codes.GROUPS),
    _share("weighted_rate", "Tỷ lệ gia quyền", "Weighted rate",
           "Gia quyền theo số hồ sơ, làm tròn như khi in.", "Weighted by dossiers, rounded as printed."),
    _share("weighted_low", "Cận dưới gia quyền", "Lower bound, weighted", "Khoảng tin cậy 95 %.",
           "95 % interval."),
    _share("weighted_high", "Cận trên gia quyền", "Upper bound, weighted", "Khoảng tin cậy 95 %.",
           "95 % interval."),
    _yes_no("weighting_changes", "Kết luận thay đổi khi gia quyền", "Weighting changes the verdict",
            "Tỷ lệ gia quyền ở phía bên kia của chỉ tiêu.",
            "The weighted rate lies on the other side of the target."),
    _number("target", "Chỉ tiêu", "Target",
            "Tỷ lệ từ 0 đến 1, hoặc số phút với TC2; theo kế hoạch `target_plan`.",
            "Share from 0 to 1, or minutes for TC2; of the plan `target_plan`."),
    _text("target_operator", "Phép so sánh", "Operator of the target", "Chỉ tiêu là mức sàn hay mức trần.",
          "Whether the target is a floor or a limit.", codes=codes.OPERATORS),
    _text("target_plan", "Kế hoạch", "Plan of the target",
          "Mã kế hoạch đặt chỉ tiêu; văn bản ở targets.json.",
          "Id of the plan that sets it; its document is in targets.json."),
    _text("verdict", "Kết luận", "Verdict", "Theo tỷ lệ không gia quyền, chưa làm tròn.",
          "Of the unweighted, unrounded rate.", codes=codes.VERDICTS),
    _yes_no("certain", "Đủ căn cứ thống kê", "Statistically certain",
            "Luôn đọc cùng kết luận; chỉ tính sai số ngẫu nhiên, chưa tính người không trả lời.",
            "Never apart from the verdict; random error only, not those who did not answer."),
    _count("covered", "Nơi có số liệu", "Places with figures", "Số nơi bên dưới có số liệu công bố được.",
           "Places below that have printable figures.", unit=None),
    _count("members", "Nơi bên dưới", "Places below", "Số nơi bên dưới.", "Places below.", unit=None),
    _text("marks", "Dấu của chuỗi", "Marks of the series",
          "`merged`: sáp nhập; `broken`: chuỗi gián đoạn. Nhiều dấu cách nhau bằng dấu chấm phẩy.",
          "`merged`, `broken`; several are separated by semicolons."),
    _text("questionnaires", "Phiếu khảo sát", "Questionnaires",
          "Mã và phiên bản các phiếu khảo sát đã được trả lời, cách nhau bằng dấu chấm phẩy; để trống ở nơi "
          "có số phiếu phải che.",
          "Codes and versions of the questionnaires that were answered, separated by semicolons; empty where "
          "the number of answers is suppressed."),
    _text("method_version", "Phiên bản phương pháp", "Version of the method", "Phiên bản của phương pháp.",
          "Version of the method.", required=True),
)  # fmt: skip

COLUMNS: Final = (*WHAT, *HOW_MUCH, *WHAT_IT_MEANS)
NAMES: Final = tuple(column.name for column in COLUMNS)
NUMBERS: Final = tuple(column.name for column in COLUMNS if column.type != "text")
"""What a hidden row must not hold."""


def row_of(values: Mapping[str, Value]) -> Row:
    """A row in the order of the columns; what is not given is empty."""
    get = values.get
    return tuple([get(name) for name in NAMES])
