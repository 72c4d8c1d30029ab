"""Sentences made by rule from figures: each says what the numbers carry and nothing more.

A change is told in the stored word only, a comparison of factors only where intervals lie apart, "cả nước"
only where every province has figures. All of them are whole Vietnamese sentences without numbers of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from surveys.comparison import NoChange, Word
from surveys.criteria import (
    CERTAIN,
    UNCERTAIN,
    WEIGHTING_CHANGES_VERDICT,
    Judgement,
    Target,
    Verdict,
    weighting_changes_verdict,
)
from surveys.figures import Cell, FactorFigures, Movement, PlaceFigures, factors_apart
from surveys.periods import Quarter
from surveys.printing import (
    INDICATIVE,
    SUPPRESSED,
    PrintedRate,
    change_text,
    decimal_text,
    in_sentence,
    interval_text,
    minutes,
    number,
    percent,
    points,
    printed_rate,
)
from surveys.scoring import Channel, Phase, rounded
from surveys.thresholds import DEFAULTS, Standing, Thresholds

PROVINCES: Final = 34
FROM_SURVEY: Final = "ước lượng từ khảo sát"
NO_DATA: Final = "Chưa có số liệu."

CHANNEL_NAMES: Final[Mapping[Channel, str]] = {
    Channel.LINK: "Liên kết một lần gửi theo hồ sơ",
    Channel.LINK_OPEN: "Liên kết mà cơ quan được đánh giá có thể tải về",
    Channel.FIELD: "Phỏng vấn tại nhà",
    Channel.FIELD_UNNAMED: "Phỏng vấn tại nhà, chưa rõ cơ quan",
    Channel.IMPORT: "Tệp nhập từ nguồn đã xác minh",
    Channel.IMPORT_OPEN: "Tệp nhập từ nguồn chưa xác minh",
    Channel.QR: "Mã QR niêm yết",
    Channel.WEB: "Trang đánh giá mở",
    Channel.PHONE: "Tổng đài 1022",
    Channel.SURVEY: "Điều tra xã hội học",
}
PHASE_NAMES: Final[Mapping[Phase, str]] = {
    Phase.AFTER_RESULT: "sau khi có kết quả",
    Phase.JUST_SUBMITTED: "vừa nộp hồ sơ xong",
}


def printed(cell: Cell, target: Target | None = None, thresholds: Thresholds = DEFAULTS) -> PrintedRate:
    """A cell as printed against a target, with one mark for all that is hidden."""
    against = (target.limit,) if target else ()
    if cell.hidden:
        mark = SUPPRESSED
        return PrintedRate(Standing.SUPPRESSED, mark, mark, mark, "", mark, mark, None)
    return printed_rate(
        cell.distribution, cell.interval, n_eff=cell.n_eff, against=against, thresholds=thresholds
    )


def level_sentence(
    cell: Cell, when: str, target: Target | None = None, thresholds: Thresholds = DEFAULTS
) -> str:
    """How many answered, how many of them were satisfied, and how exactly that is known."""
    if cell.hidden:
        return f"Số phiếu {when} quá ít để công bố mà không lộ ý kiến của từng người (ghi “{SUPPRESSED}”)."
    if not cell.n:
        return f"Chưa có phiếu nào {when}."
    text = printed(cell, target, thresholds)
    if text.standing is Standing.SUPPRESSED:
        return level_sentence(Cell(hidden=True), when)
    start = f"Trong {text.n} phiếu hợp lệ {when}, tỷ lệ hài lòng là {text.rate}"
    span = f" (khoảng tin cậy 95 %: {text.interval})".replace("95 %", "95\u00a0%")
    if text.standing is Standing.INDICATIVE:
        return f"{start}{span}; số phiếu ít nên chỉ để {INDICATIVE['vi']}, không kết luận."
    return f"{start}{span}."


def channel_phrase(channel: Channel) -> str:
    name = CHANNEL_NAMES[channel]
    return f"tính riêng kênh “{name[0].lower()}{name[1:]}”"


def movement_sentence(movement: Movement, before: str) -> str:
    """The stored word against the quarter before; without one, the reason. `before`: "quý II năm 2026"."""
    if movement.change is None:
        reason = movement.reason.value if movement.reason else "chưa có số liệu để so sánh"
        broken = "Chuỗi số liệu gián đoạn" if movement.word is Word.BROKEN else "Không so sánh"
        return f"{broken} với {before}: {reason}."
    where = channel_phrase(movement.channel)
    if movement.word in (Word.UP, Word.DOWN):
        return f"So với {before}, tỷ lệ hài lòng {movement.word}: {change_text(movement.change)}, {where}."
    return (
        f"So với {before}, chưa thấy tỷ lệ hài lòng thay đổi rõ rệt: {change_text(movement.change)}, {where}."
    )


def movement_title(movement: Movement, before: str) -> str:
    """The title of the trend: only the last step has been tested, so only it is told."""
    if movement.change is None or movement.word in (Word.NONE, Word.BROKEN):
        return "Tỷ lệ hài lòng theo quý"
    if movement.word is Word.UNCLEAR:
        return f"Tỷ lệ hài lòng chưa thấy thay đổi rõ rệt so với {before}"
    return f"Tỷ lệ hài lòng {movement.word} so với {before}"


def judgement_text(judgement: Judgement) -> str:
    """A verdict and its certainty, never apart."""
    return f"{judgement.verdict} ({judgement.words})" if judgement.words else str(judgement.verdict)


def judgement_cell(judgement: Judgement) -> str:
    """The same on two lines, for a table."""
    return f"{judgement.verdict}\n{judgement.words}" if judgement.words else str(judgement.verdict)


def target_text(target: Target | None) -> str:
    """ "từ 95 % trở lên", "dưới 5 phút", "100 %"; a dash where the plan sets none."""
    if target is None:
        return "–"
    value = decimal_text(rounded(Fraction(target.value), 0)) if _whole(target) else str(target.value)
    unit = f"\u00a0{target.unit}"
    if target.unit == "%" and target.value == 100:
        return f"{value}{unit}"
    return f"dưới {value}{unit}" if target.operator == "<" else f"từ {value}{unit} trở lên"


def _whole(target: Target) -> bool:
    return Fraction(target.value).denominator == 1


def verdict_sentence(judgement: Judgement | None, target: Target | None, year: int) -> str:
    if target is None or judgement is None:
        return f"Kế hoạch không đặt chỉ tiêu hài lòng cho năm {year} nên không có kết luận."
    return f"So với chỉ tiêu năm {year} là {target_text(target)}: {judgement_text(judgement)}."


def weighted_sentence(figures: PlaceFigures, target: Target | None) -> str:
    """The rate weighted by dossiers, second to the unweighted one; nothing where there is none."""
    weighted, rate = figures.weighted, figures.official.rate
    if weighted is None or figures.official.hidden or rate is None:
        return ""
    against = (target.limit,) if target else ()
    text = percent(weighted.rate, against=against)
    span = interval_text(weighted.interval, against=against)
    turned = target is not None and weighting_changes_verdict(rate, weighted.rate, target)
    note = f"; {WEIGHTING_CHANGES_VERDICT}" if turned else ""
    return f"Tỷ lệ hài lòng gia quyền theo số hồ sơ: {text} (khoảng tin cậy 95\u00a0%: {span}){note}."


def coverage_sentence(covered: int, members: int, what: str) -> str:
    """How many of the places below have printable figures; `what`: "tỉnh, thành phố", "cơ quan"."""
    if not members:
        return ""
    return f"{number(covered)}/{number(members)} {what} có số liệu công bố được."


def of_place(figures: PlaceFigures, called: str = "") -> str:
    """How a title names the place: nothing for the nation, whose coverage the text tells.

    `called` is the name of an agency where its own does not say in which province it is.
    """
    place = figures.place
    if place.kind == "nation":
        return ""
    if place.kind == "province":
        return f" trên địa bàn {in_sentence(place.name)}"
    return f" của {called or place.name}"


def nation_name(covered: int, members: int) -> str:
    """What a national figure may be called: "cả nước" only where every province has figures."""
    if covered == members == PROVINCES:
        return "cả nước"
    return f"{covered}/{PROVINCES} tỉnh, thành phố có số liệu"


def response_rate_sentence(figures: PlaceFigures) -> str:
    """What is told of those who did not answer, and what it costs the verdict."""
    rate, thresholds = figures.response_rate, figures.thresholds
    limit = percent(thresholds.response_rate, decimals=0)
    if figures.response_rate_withheld:
        cost = _cost(figures, ", nên")
        return f"Tỷ lệ trả lời không công bố (“{SUPPRESSED}”) vì sẽ làm lộ con số đang ẩn{cost}."
    if figures.response_rate_flagged:
        return "Tỷ lệ trả lời vượt 100\u00a0% do số liệu phát phiếu chưa khớp nên không in; cần kiểm tra lại."
    if rate is None:
        return f"Chưa biết tỷ lệ trả lời chung của các kênh{_cost(figures, ' nên')}."
    text = percent(rate, against=(thresholds.response_rate,))
    if rate < thresholds.response_rate:
        return f"Tỷ lệ trả lời là {text}, dưới {limit}{_cost(figures, ', nên')}."
    return f"Tỷ lệ trả lời là {text}."


def _cost(figures: PlaceFigures, therefore: str) -> str:
    """That a verdict is uncertain, where there are answers enough for a verdict."""
    judged = figures.official.standing(figures.thresholds) in (Standing.VERDICT, Standing.RANK)
    return f"{therefore} đánh giá chung ghi “{UNCERTAIN}”" if judged else ""


def no_doors_sentence(figures: PlaceFigures) -> str:
    """Why interviews about an agency without doors have no response rate; nothing where they have one."""
    if not figures.has_no_doors:
        return ""
    return (
        "Phỏng vấn tại nhà đếm số hộ theo xã: hộ từ chối hoặc vắng nhà không cho biết sẽ đánh giá cơ quan "
        f"nào, nên cơ quan không phải là xã không có tỷ lệ trả lời của kênh này{_cost(figures, ', và')}."
    )


def agencies_sentence(judgements: Sequence[Judgement], target: Target | None, what: str = "cơ quan") -> str:
    """How many places of the kind that `what` names meet the target, split by certainty."""
    if target is None:
        return f"Kế hoạch không đặt chỉ tiêu cho năm này nên không {what} nào được đánh giá đạt hay chưa đạt."
    decided = [item for item in judgements if item.verdict.decided]
    waiting = len(judgements) - len(decided)
    if not decided:
        all_of_them = f"Cả {waiting} {what} đều" if waiting > 1 else f"{waiting} {what}"
        return f"{all_of_them} chưa đủ dữ liệu để đánh giá." if waiting else ""
    parts = [_split(decided, verdict) for verdict in (Verdict.MET, Verdict.NOT_MET)]
    rest = f"; {waiting} nơi chưa đủ dữ liệu" if waiting else ""
    return f"Trong {len(decided)} {what} đủ dữ liệu để đánh giá, {' và '.join(parts)}{rest}."


def _split(judgements: Sequence[Judgement], verdict: Verdict) -> str:
    """How many, and how many of them for certain; where all are of one kind, no zero stands beside them."""
    chosen = [item for item in judgements if item.verdict is verdict]
    name = str(verdict).lower()
    if not chosen:
        return f"không nơi nào {name}"
    certain = sum(item.certain for item in chosen)
    if certain in (0, len(chosen)):
        words = CERTAIN if certain else UNCERTAIN
        return f"{len(chosen)} nơi {name} ({'đều ' if len(chosen) > 1 else ''}{words})"
    return f"{len(chosen)} nơi {name} ({certain} {CERTAIN}, {len(chosen) - certain} {UNCERTAIN})"


def factors_sentence(factors: Sequence[FactorFigures], thresholds: Thresholds = DEFAULTS) -> str:
    """Which factor stands apart: named only where its interval lies beyond all the others."""
    apart = factors_apart(factors, thresholds)
    if apart is None:
        return "Chưa đủ phiếu để so sánh các yếu tố với nhau."
    found = [f"yếu tố được hài lòng nhiều nhất là “{apart.best.label}”"] if apart.best else []
    found += [f"yếu tố được hài lòng ít nhất là “{apart.worst.label}”"] if apart.worst else []
    if not found:
        return (
            "Khoảng tin cậy của các yếu tố còn chồng lên nhau nên chưa đủ căn cứ để nói yếu tố nào cao nhất "
            "hay thấp nhất."
        )
    text = ", ".join(found)
    return f"{text[0].upper()}{text[1:]} (khoảng tin cậy tách khỏi các yếu tố còn lại)."


def gap_sentence(cell: Cell, target: Target, year: int, thresholds: Thresholds = DEFAULTS) -> str:
    """The road to a later target: how far the rate is from it now."""
    goal = f"chỉ tiêu năm {year} ({target_text(target)})"
    if (
        cell.hidden
        or cell.rate is None
        or cell.standing(thresholds) in (Standing.SUPPRESSED, Standing.INDICATIVE)
    ):
        return f"Chưa đủ dữ liệu để nói khoảng cách đến {goal}."
    text = percent(cell.rate, against=(target.limit,))
    if target.met(cell.rate):
        return f"Tỷ lệ hài lòng hiện nay {text} đã ở phía đạt của {goal}."
    short = points(target.limit - cell.rate, side_of_zero=True).lstrip("+")
    return f"Tỷ lệ hài lòng hiện nay {text} còn cách {goal} {short}."


def minutes_gap_sentence(
    known: tuple[Fraction, int] | None,
    target: Target | None,
    year: int,
    thresholds: Thresholds = DEFAULTS,
) -> str:
    """TC2 against a later target; `known` are the estimated mean minutes and how many answers gave them."""
    if target is None:
        return f"TC2: kế hoạch không đặt chỉ tiêu cho năm {year}."
    goal = f"chỉ tiêu năm {year} ({target_text(target)})"
    if known is None or known[1] < thresholds.verdict:
        return f"TC2: chưa đủ dữ liệu để nói khoảng cách đến {goal}."
    mean = minutes(known[0], (target.limit,))
    start = f"TC2: thời gian nộp trung bình khoảng {mean}\u00a0phút ({FROM_SURVEY})"
    if target.met(known[0]):
        return f"{start}, ở phía đạt của {goal}; là ước lượng nên không kết luận."
    short = minutes(known[0] - target.limit, (0,))
    # The target is strict: at exactly its limit something is still missing, however little.
    rest = f"còn cao hơn mốc {short}\u00a0phút" if known[0] > target.limit else "còn đúng bằng mốc"
    return f"{start}, {rest} so với {goal}; là ước lượng nên không kết luận."


def change_reasons(figures: Sequence[PlaceFigures]) -> dict[NoChange, str]:
    """A letter for each reason that occurs among places without a told change: (a), (b) …"""
    found = {item.movement.reason for item in figures if not item.official.hidden}
    occurring = [reason for reason in NoChange if reason in found]
    return {reason: f"({letter})" for reason, letter in zip(occurring, "abcdefgh", strict=False)}


def last_words(what: str, body: str) -> str:
    """The last sentence of a report by whoever makes it, without its full stop."""
    return f"Trên đây là {what}{f', {body}' if body else ','} trân trọng báo cáo"


def quarter_name(code: str) -> str:
    return Quarter.parse(code).label


CHANCE_NOTE: Final = (
    "Từ chỉ sự thay đổi đã tính đến số lần so sánh (Benjamini–Hochberg, q\u00a0≤\u00a00,05); dù vậy, trong "
    "khoảng hai mươi từ “tăng”, “giảm” có thể có một từ do ngẫu nhiên. Báo cáo không kết luận xu hướng qua "
    "nhiều quý."
)
