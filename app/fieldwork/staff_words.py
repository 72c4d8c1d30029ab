"""What field work is called on staff pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.fieldwork.queries import DeviceLine
from app.fieldwork.rules import DeviceState, RoundState, last_accepting_day, parting_day
from app.i18n import current_language
from surveys.periods import Locale


def round_words(state: RoundState) -> str:
    words: str = {
        RoundState.UPCOMING: _("sắp tới"),
        RoundState.RUNNING: _("đang chạy"),
        RoundState.SENDING: _("đang chờ gửi nốt"),
        RoundState.CLOSED: _("đã đóng"),
    }[state]
    return words


def device_words(state: str) -> str:
    words: str = {
        DeviceState.INVITED: _("chờ ghi danh"),
        DeviceState.ACTIVE: _("đang dùng"),
        DeviceState.PAUSED: _("tạm dừng"),
        DeviceState.REVOKED: _("đã thu hồi"),
    }[DeviceState(state)]
    return words


def device_name(line: DeviceLine) -> str:
    """By its own label where it has one, else by whose it is."""
    words: str = line.row.label or _("máy của %(code)s", code=line.collector.code)
    return words


def waiting_words(line: DeviceLine) -> str:
    words: str = ngettext(
        "%(num)s phiếu trên máy %(device)s chưa về",
        "%(num)s phiếu trên máy %(device)s chưa về",
        line.waiting,
        device=device_name(line),
    )
    return words


def messages() -> dict[str, str]:
    """What has just been done, by the word in the address."""
    return {
        "round-created": _("Đã mở đợt. Tiếp theo: ghi các thôn, bản rồi phân công tổ."),
        "round-changed": _("Đã ghi thay đổi của đợt."),
        "villages": _("Đã ghi các thôn, bản. Hộ bắt đầu của mỗi nơi được rút ngẫu nhiên."),
        "village-removed": _("Đã bỏ thôn, bản khỏi đợt. Muốn lấy lại thì ghi lại dòng ấy."),
        "assigned": _("Đã ghi phân công. Máy của tổ nhận việc mới ở lần có mạng sau."),
        "team-created": _("Đã lập tổ. Tiếp theo: ghi từng thành viên."),
        "team-renamed": _("Đã đổi tên tổ."),
        "team-ended": _("Tổ đã nghỉ, máy của tổ tạm dừng. Có thể mở lại ở đây."),
        "team-reopened": _("Đã mở lại tổ. Máy đang tạm dừng; cho từng máy chạy tiếp."),
        "collector-added": _("Đã thêm thành viên. Tiếp theo: ghi danh máy."),
        "collector-ended": _("Thành viên đã nghỉ, máy tạm dừng. Có thể mở lại ở đây."),
        "collector-reopened": _("Đã mở lại thành viên. Máy đang tạm dừng; cho từng máy chạy tiếp."),
        "paused": _("Máy đã tạm dừng: giữ nguyên phiếu, chưa gửi được. Bấm “Cho chạy tiếp” để hoàn tác."),
        "resumed": _("Máy gửi phiếu được trở lại."),
        "revoked": _("Đã thu hồi máy."),
        "prompts-put": _("Đã ghi lời, giọng đọc. Máy của các tổ tải về ở lần có mạng tốt sau."),
        "prompts-same": _("Tệp không có gì mới: mọi lời, giọng đọc đã ở đây từ trước."),
        "prompts-removed": _("Đã bỏ. Máy của các tổ quên phần này ở lần có mạng sau."),
        "flag-decided": _("Đã ghi kết luận. Mở lại dấu hiệu để ghi kết luận khác."),
        "second-visit": _("Đã lưu lần thăm lại."),
        "taken-in": _("Đã lấy phiếu vào; phiếu được tính như mọi phiếu khác của đợt."),
        "still-aside": _("Vẫn chưa tính được phiếu này; lý do hiện tại ở trên."),
        "left": _("Đã ghi lý do; phiếu vẫn được giữ."),
    }


def shared() -> dict[str, Any]:
    return {
        "round_words": round_words,
        "round_states": RoundState,
        "device_words": device_words,
        "device_states": DeviceState,
        "device_name": device_name,
        "waiting_words": waiting_words,
        "last_accepting_day": last_accepting_day,
        "parting_day": parting_day,
        "messages": messages(),
    }


def locale() -> Locale:
    return "en" if current_language() == "en" else "vi"
