"""Invented contacts, improvements and indices, so that every section of a report shows something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import insert, update

from app.comments.clocks import due_on
from app.comments.counting import Timing
from app.comments.models import Contact, FeedbackCount
from app.comments.themes import Theme
from app.demo.profiles import generator
from app.extensions import db
from app.improvements.actions import Words, finish, publish, write
from app.improvements.models import ImprovementRow
from app.indices.models import ExternalIndexRow
from app.moderation.models import CommentLayer
from app.moderation.rules import State
from surveys.feedback import FeedbackStatus
from surveys.figures import NATION
from surveys.periods import Quarter, local_day, quarter_of

SOURCE: Final = "số liệu minh họa, không phải của Cổng Dịch vụ công quốc gia"
ADDRESS: Final = "minh-hoa@vi-du.vn"
LIVE: Final = 3
_THEMES: Final = dict(zip(Theme, (30, 18, 9, 16, 10, 14, 6, 2), strict=True))
_STATUSES: Final = dict(zip(FeedbackStatus, (2, 4, 78, 10, 6), strict=True))
_SAID: Final = (
    (
        "Phải khai lại nơi cư trú dù đã có trên VNeID",
        "Tự điền nơi cư trú từ cơ sở dữ liệu dân cư ở 12 biểu mẫu",
        "Mười hai biểu mẫu đã tự điền nơi cư trú.",
    ),
    (
        "Hệ thống chậm vào buổi sáng, hay mất phiên khi nộp tệp",
        "Thêm máy chủ và giữ bản nháp khi mất phiên",
        "Bản nháp được giữ 30 ngày; thời gian mở trang buổi sáng giảm còn 2 giây.",
    ),
    (
        "Chờ lâu mà không được báo hồ sơ đang ở đâu",
        "Nhắn tin khi hồ sơ chuyển bước và khi sắp trễ hẹn",
        "Mọi hồ sơ trực tuyến đều có tin nhắn khi chuyển bước.",
    ),
    (
        "Thanh toán lỗi thì phải làm lại từ đầu",
        "Cho thanh toán lại ngay trên hồ sơ đã nộp",
        "Nút “Thanh toán lại” có ở mọi hồ sơ chờ phí.",
    ),
)


def fill_voices(agencies: Sequence[str], quarters: Sequence[Quarter], *, by: str, now: datetime) -> None:
    """Does not commit. What ended long ago is kept as numbers only, as it would be in real life."""
    today = local_day(now)
    for quarter in quarters:
        if quarter.last_day < today:
            _fill_counts(agencies, quarter)
            _fill_indices(sorted({agency[:2] for agency in agencies}), quarter, by=by, now=now)
    for number, agency in enumerate(agencies):
        if number % 5 == 0:
            _leave_contacts(agency, today)
        if number % 2 == 0 and len(quarters) > 1:
            _promise(agency, quarters[-2], by=by, now=now)


def publish_comments(*, by: str, now: datetime) -> None:
    """Two of three comments of quarters that are over, as if somebody had read them."""
    statement = update(CommentLayer).where(
        CommentLayer.state == State.WAITING.value,
        CommentLayer.quarter < quarter_of(now).code,
        CommentLayer.id < UUID(int=2**128 // 3 * 2),
    )
    db.session.execute(statement.values(state=State.PUBLISHED.value, decided_by=by))


def _fill_counts(agencies: Sequence[str], quarter: Quarter) -> None:
    rows: list[dict[str, object]] = []
    for agency in agencies:
        draw = generator("feedback", agency, quarter.code)
        heaps: Counter[tuple[Theme, FeedbackStatus, Timing]] = Counter(
            _heap(draw) for _number in range(draw.randint(4, 120))
        )
        rows += [
            {
                "quarter": quarter.code,
                "agency": agency,
                "theme": theme.value,
                "status": status.value,
                "timing": timing.value,
                "n": n,
            }
            for (theme, status, timing), n in heaps.items()
        ]
    db.session.execute(insert(FeedbackCount), rows)


def _heap(draw: Random) -> tuple[Theme, FeedbackStatus, Timing]:
    theme = draw.choices(list(_THEMES), list(_THEMES.values()))[0]
    status = draw.choices(list(_STATUSES), list(_STATUSES.values()))[0]
    is_open = status in (FeedbackStatus.RECEIVED, FeedbackStatus.IN_PROGRESS)
    late = is_open or draw.random() < 0.12
    return theme, status, Timing.LATE if late else Timing.ON_TIME


def _leave_contacts(agency: str, today: date) -> None:
    draw = generator("contacts", agency)
    for _number in range(LIVE):
        day = today - timedelta(days=draw.randint(0, 6))
        db.session.add(
            Contact(
                code_hash=draw.randbytes(32),
                id=UUID(int=draw.getrandbits(128), version=4),
                agency=agency,
                day=day,
                address=ADDRESS,
                message="Lời nhắn minh họa: hồ sơ của tôi trễ hẹn.",
                consent_text="Tôi đồng ý để cơ quan liên hệ lại với tôi về góp ý này.",
                due_on=due_on(day, None, None),
                theme=draw.choice(list(Theme)).value,
            )
        )


def _promise(agency: str, quarter: Quarter, *, by: str, now: datetime) -> None:
    """Two improvements, of which one is done already."""
    draw = generator("improvements", agency)
    for number, (said, doing, did) in enumerate(draw.sample(_SAID, 2)):
        due = quarter.last_day + timedelta(days=draw.randint(20, 90))
        words = Words(quarter.code, said, doing, "Phòng Chuyển đổi số", due)
        row = db.session.get_one(ImprovementRow, write(agency, words, by=by, now=now))
        publish(row, seen=1, by=by, now=now)
        if number == 0:
            day = min(quarter.last_day, local_day(now))
            finish(row, done_on=day, done_words=did, seen=2, by=by, now=now)


def _fill_indices(provinces: Sequence[str], quarter: Quarter, *, by: str, now: datetime) -> None:
    for place in (*provinces, NATION):
        draw = generator("indices", place, quarter.code)
        for indicator, low, high in (
            ("766-5", 15, 18), ("766-5.1", 92, 100), ("766-5.2", 93, 100), ("766-5.3", 96, 100),
            ("dvcqg-hai-long", 90, 99),
        ):  # fmt: skip
            db.session.add(
                ExternalIndexRow(
                    indicator=indicator,
                    place=place,
                    period=quarter.code,
                    last_day=quarter.last_day,
                    value=f"{draw.uniform(low, high):.2f}",
                    source=SOURCE,
                    imported_by=by,
                    imported_at=now,
                )
            )
