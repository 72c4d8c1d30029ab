"""Feedback counted by theme, and what is done about it."""

from __future__ import annotations

from datetime import date

from surveys.feedback import FeedbackRow, FeedbackStatus
from surveys.improvements import Improvement, done_and_planned


def test_a_status_that_nothing_has_counts_zero_and_a_hidden_one_hides_the_sum() -> None:
    known = FeedbackRow("Hệ thống chậm, lỗi", ((FeedbackStatus.RECEIVED, 12), (FeedbackStatus.ANSWERED, 30)))
    hidden = FeedbackRow("Trễ hẹn", ((FeedbackStatus.RECEIVED, 12), (FeedbackStatus.ANSWERED, None)))

    assert (known.count(FeedbackStatus.FORWARDED), known.total) == (0, 42)
    assert (hidden.count(FeedbackStatus.ANSWERED), hidden.total) == (None, None)


def test_what_is_done_stands_apart_from_what_is_planned_in_the_order_given() -> None:
    one = Improvement("Phải khai lại thông tin", "Nối cơ sở dữ liệu", "Sở Y tế", done=date(2026, 9, 1))
    two = Improvement("Trễ hẹn", "Nhắn tin khi trễ", "Sở Tư pháp", due=date(2026, 12, 31))
    three = Improvement("Lỗi thanh toán", "Sửa cổng thanh toán", "Sở Y tế", done=date(2026, 8, 1))

    assert done_and_planned([one, two, three]) == ((one, three), (two,))
