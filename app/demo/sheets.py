"""Invented answer sheets that hang together as people's do: one mood, and every answer near it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from app.demo.profiles import Profile, generator, profile_of, share_of_quarter
from app.responding.records import ResponseRecord, rounded_fill
from surveys.canonical import canonical_json
from surveys.periods import Quarter
from surveys.questionnaire import Questionnaire
from surveys.questions import Answer
from surveys.scoring import Channel, Phase

T = TypeVar("T")

LEVELS_OF_THE_SATISFIED = ((5, 0.46), (4, 0.54))
LEVELS_OF_THE_OTHERS = ((3, 0.6), (2, 0.28), (1, 0.12))
PREFILLED = (("mostly", 0.48), ("partly", 0.3), ("nothing", 0.14), ("unnoticed", 0.08))
COMMENTS = {
    True: (
        "Nộp hồ sơ ở nhà rất tiện.",
        "Nhận kết quả sớm hơn hẹn.",
        "Cán bộ hướng dẫn tận tình.",
        "Nên có thêm ví dụ cách điền từng ô.",
    ),
    False: (
        "Phải khai lại nhiều thông tin đã có trên VNeID.",
        "Hệ thống chậm vào buổi sáng.",
        "Chờ lâu mà không được thông báo.",
        "Thanh toán lỗi, phải làm lại từ đầu.",
    ),
}


@dataclass(frozen=True)
class Source:
    """An agency that answers are invented for, with the procedures that it handles."""

    code: str
    kind: str
    procedures: tuple[str, ...]


def invent_quarter(
    source: Source, quarter: Quarter, first: Quarter, form: Questionnaire, today: date
) -> Iterator[ResponseRecord]:
    """All sheets of one agency in one quarter, the same for the same seed, agency and day."""
    passed = share_of_quarter(quarter, today)
    if not passed:
        return
    profile = profile_of(source.code, source.kind)
    draw = generator("sheets", source.code, quarter.code)
    age = (quarter.year - first.year) * 4 + quarter.number - first.number
    share = profile.satisfied_share(age)
    last_day = min(today, quarter.last_day)
    villages = {str(number): draw.gauss(0, 0.06) for number in range(1, draw.randint(6, 14))}
    for channel, count in _channels(profile, draw):
        for _number in range(round(count * passed)):
            village = draw.choice(tuple(villages)) if channel is Channel.FIELD else None
            chance = min(0.995, max(0.02, share + villages[village] if village else share))
            yield _sheet(source, quarter, form, draw, channel, chance, village, last_day, profile)


def _channels(profile: Profile, draw: Random) -> tuple[tuple[Channel, int], ...]:
    return (
        (Channel.LINK, round(profile.link_answers * draw.uniform(0.85, 1.15))),
        (Channel.FIELD, round(profile.field_answers * draw.uniform(0.85, 1.15))),
        (Channel.QR, profile.open_answers),
    )


def _sheet(
    source: Source, quarter: Quarter, form: Questionnaire, draw: Random, channel: Channel, chance: float,
    village: str | None, last_day: date, profile: Profile,
) -> ResponseRecord:  # fmt: skip
    just_submitted = channel is Channel.LINK and draw.random() < 0.12
    phase = Phase.JUST_SUBMITTED if just_submitted else Phase.AFTER_RESULT
    response_id = UUID(int=draw.getrandbits(128), version=4)
    satisfied = draw.random() < chance
    level = _pick(draw, LEVELS_OF_THE_SATISFIED if satisfied else LEVELS_OF_THE_OTHERS)
    answers = _answers(form, draw, response_id, level, phase, profile)
    return ResponseRecord(
        agency=source.code,
        id=str(response_id),
        questionnaire=form.code,
        version=form.version,
        procedure=draw.choice(source.procedures) if source.procedures and draw.random() < 0.8 else None,
        phase=phase.value,
        channel=channel.value,
        source_channel=None,
        quarter=quarter.code,
        day=quarter.first_day + timedelta(days=draw.randint(0, (last_day - quarter.first_day).days)),
        language="vi" if draw.random() < 0.99 else "en",
        cluster=village,
        answers=canonical_json(answers),
        comment=draw.choice(COMMENTS[satisfied]) if draw.random() < 0.04 else None,
        fill_seconds=rounded_fill(draw.lognormvariate(3.75, 0.45)),
    )


def _answers(
    form: Questionnaire, draw: Random, response_id: UUID, level: int, phase: Phase, profile: Profile
) -> dict[str, Answer]:
    """Answers to the questions of the core questionnaire, as its skip rules allow them."""
    answers: dict[str, Answer] = {"satisfaction": level}
    minutes = draw.lognormvariate(1.45, 0.5) * profile.slowness + (5 - level) * 0.6
    answers["submit_time"] = _band(minutes) if draw.random() > 0.06 else "forgot"
    if draw.random() > 0.05:
        answers["prefilled"] = _pick(draw, PREFILLED)
    if phase is Phase.AFTER_RESULT:
        late = 0.03 + 0.09 * (5 - level)
        answers["result_time"] = _pick(draw, (("early", 0.35), ("on_time", 0.65 - late), ("late", late)))
    rows = form.assigned(response_id)
    if draw.random() < 0.07:
        rows = tuple(row.id for row in form.factors)
    for row in rows:
        if (row == "result" and phase is Phase.JUST_SUBMITTED) or draw.random() < 0.03:
            continue
        if row == "officer" and draw.random() < 0.3:
            answers[row] = "not_met"
        elif row == "feedback" and draw.random() < 0.45:
            answers[row] = "no_feedback"
        else:
            answers[row] = min(5, max(1, level + _pick(draw, ((0, 0.62), (-1, 0.2), (1, 0.18)))))
    if level <= 2 and draw.random() < 0.8:
        reasons = [option.value for option in form.question("reasons").options]
        answers["reasons"] = sorted(draw.sample(reasons, draw.randint(1, 3)))
    return answers


def _band(minutes: float) -> str:
    if minutes < 5:
        return "under_5"
    if minutes < 8:
        return "5_to_8"
    return "8_to_15" if minutes < 15 else "15_plus"


def _pick(draw: Random, weighted: tuple[tuple[T, float], ...]) -> T:
    return draw.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]
