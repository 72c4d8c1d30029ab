"""What the directory is called on staff pages."""

from __future__ import annotations

from flask_babel import gettext as _


def kind_words(kind: str) -> str:
    words: str = {
        "office": _("Văn phòng"),
        "department": _("Sở, ban, ngành"),
        "ministry": _("Bộ"),
        "commune": _("UBND cấp xã"),
        "other": _("Cơ quan khác"),
    }.get(kind, kind)
    return words


def level_words(level: str) -> str:
    words: str = {"province": _("Tỉnh, thành phố"), "commune": _("Xã, phường, đặc khu")}.get(level, level)
    return words


def change_messages() -> dict[str, str]:
    """What has just been done, by the word in the address."""
    return {
        "add": _("Đã thêm cơ quan."),
        "rename": _("Đã ghi tên mới. Tên cũ vẫn được giữ cho những ngày trước đó."),
        "merge": _("Đã ghi việc sáp nhập. Phiếu cũ vẫn ở mã cũ và được cộng vào cơ quan tiếp nhận."),
        "close": _("Đã ghi việc chấm dứt hoạt động."),
        "reopen": _("Đã hoàn tác: cơ quan hoạt động trở lại như trước."),
        "withdraw-name": _("Đã hoàn tác việc đổi tên."),
        "add-procedure": _("Đã thêm thủ tục."),
        "remove-procedure": _("Đã bỏ thủ tục khỏi cơ quan. Phiếu đã có về thủ tục này vẫn được giữ."),
    }
