"""What the acts of the trail are called on its page."""

from __future__ import annotations

from flask_babel import gettext as _


def action_words(action: str) -> str:
    """An act that nobody has named yet shows its own word rather than nothing."""
    return _known().get(action, action)


def _known() -> dict[str, str]:
    return {
        "agency-added": _("thêm cơ quan"),
        "agency-closed": _("chấm dứt cơ quan"),
        "agency-merged": _("sáp nhập cơ quan"),
        "agency-name-withdrawn": _("hoàn tác đổi tên cơ quan"),
        "agency-renamed": _("đổi tên cơ quan"),
        "agency-reopened": _("hoàn tác kết thúc cơ quan"),
        "approval-approved": _("chấp thuận đề xuất"),
        "approval-proposed": _("đề xuất"),
        "approval-refused": _("từ chối đề xuất"),
        "approval-withdrawn": _("rút đề xuất"),
        "authenticator.changed": _("đổi ứng dụng xác thực"),
        "contact-finished": _("ghi một liên hệ là đã xong"),
        "contact-read": _("xem một liên hệ"),
        "contact-replied": _("ghi một liên hệ là đã trả lời"),
        "contact-step-undone": _("hoàn tác bước của một liên hệ"),
        "demonstration-filled": _("tạo dữ liệu minh họa"),
        "directory-imported": _("nhập danh mục"),
        "expired-purged": _("xóa dữ liệu hết hạn giữ"),
        "links-issued": _("phát hành đường dẫn"),
        "links-revoked": _("thu hồi đường dẫn"),
        "password.changed": _("đổi mật khẩu"),
        "password.reset": _("đặt lại mật khẩu"),
        "person.disabled": _("khóa người dùng"),
        "person.enabled": _("mở khóa người dùng"),
        "person.enrolled": _("hoàn tất đăng ký"),
        "person.grants-changed": _("đổi quyền"),
        "person.invited": _("mời người dùng"),
        "person.reset": _("yêu cầu đặt lại yếu tố đăng nhập"),
        "procedure-added": _("thêm thủ tục cho cơ quan"),
        "procedure-removed": _("bỏ thủ tục khỏi cơ quan"),
        "quarantine-reviewed": _("quyết định về phiếu để riêng"),
        "questionnaire-published": _("công bố phiếu khảo sát"),
        "recovery-code.renewed": _("đổi mã khôi phục"),
        "recovery-code.used": _("dùng mã khôi phục"),
        "responses-imported": _("nhập phiếu từ tệp"),
        "session.begun": _("đăng nhập"),
        "session.ended": _("kết thúc một phiên"),
        "session.others-ended": _("kết thúc các phiên khác"),
        "tallies-repaired": _("sửa số đếm"),
    }
