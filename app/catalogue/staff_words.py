"""What the parts of a questionnaire are called on staff pages."""

from __future__ import annotations

from flask_babel import gettext as _

from surveys.differences import Part


def type_words(kind: str) -> str:
    words: str = {
        "scale": _("năm mức"),
        "choice": _("chọn một"),
        "choices": _("chọn nhiều"),
        "text": _("viết tự do"),
    }.get(kind, kind)
    return words


def phase_words(phase: str) -> str:
    words: str = {"after-result": _("sau khi có kết quả"), "just-submitted": _("vừa nộp xong")}.get(
        phase, phase
    )
    return words


def part_words(part: Part) -> str:
    words: str = {
        Part.TYPE: _("Cách trả lời"),
        Part.LABEL: _("Câu chữ"),
        Part.OTHER_LABEL: _("Câu chữ khác theo câu trả lời"),
        Part.HINT: _("Lời nhắc"),
        Part.OPTION: _("Phương án"),
        Part.OPTION_ORDER: _("Thứ tự phương án"),
        Part.OPTION_MEANING: _("Cách tính phương án"),
        Part.REQUIRED: _("Bắt buộc"),
        Part.SHOWN: _("Điều kiện hiện"),
        Part.PHASES: _("Hỏi khi"),
        Part.COUNTED_AS: _("Được tính vào"),
        Part.LIMITS: _("Giới hạn"),
        Part.TITLE: _("Tiêu đề"),
        Part.INTRO: _("Lời mở đầu"),
        Part.THANKS: _("Lời cảm ơn"),
        Part.ROTATION: _("Xoay vòng"),
        Part.ORDER: _("Thứ tự câu hỏi"),
    }[part]
    return words
