"""What the acts of the trail are called on its page."""

from __future__ import annotations

from flask_babel import gettext as _

from app.i18n import current_language
from surveys.printing import number


def action_words(action: str) -> str:
    """An act that nobody has named yet shows its own word rather than nothing."""
    return _known().get(action, action)


def detail_words(key: str) -> str:
    """What a detail of an act is called; its own key where nobody has named it yet."""
    return _details().get(key, key)


def value_words(value: object) -> str:
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    return (
        number(value, "en" if current_language() == "en" else "vi") if isinstance(value, int) else str(value)
    )


def _details() -> dict[str, str]:
    return {
        "after": _("sau"),
        "aside": _("để riêng"),
        "before": _("trước"),
        "changed": _("đã đổi"),
        "channel": _("kênh"),
        "count": _("số lượng"),
        "day": _("ngày"),
        "failed": _("không nhận"),
        "fingerprint": _("mã băm nội dung"),
        "format": _("định dạng"),
        "grants": _("quyền"),
        "indicator": _("dấu hiệu"),
        "kind": _("loại"),
        "known": _("đã có"),
        "left_out": _("không xuất"),
        "name": _("tên"),
        "new": _("mới"),
        "number": _("số"),
        "of": _("của"),
        "paused": _("máy tạm dừng"),
        "phase": _("hỏi khi"),
        "problem": _("lý do"),
        "procedure": _("thủ tục"),
        "questionnaire": _("phiếu"),
        "recovery": _("bằng mã khôi phục"),
        "responses": _("số phiếu"),
        "version": _("phiên bản"),
        "village": _("thôn, bản"),
    }


def _known() -> dict[str, str]:
    return {
        "agency-added": _("thêm cơ quan"),
        "agency-closed": _("chấm dứt cơ quan"),
        "agency-merged": _("sáp nhập cơ quan"),
        "agency-name-withdrawn": _("hoàn tác đổi tên cơ quan"),
        "agency-renamed": _("đổi tên cơ quan"),
        "agency-reopened": _("hoàn tác kết thúc cơ quan"),
        "approval-approved": _("chấp thuận đề xuất"),
        "approval-in-one-hand": _("bị từ chối làm người thứ hai: hai tài khoản có thể trong tay một người"),
        "approval-proposed": _("đề xuất"),
        "approval-refused": _("từ chối đề xuất"),
        "approval-withdrawn": _("rút đề xuất"),
        "authenticator.changed": _("đổi ứng dụng xác thực"),
        "comment-covered": _("che thêm trong một góp ý"),
        "comment-hidden": _("ẩn một góp ý"),
        "comment-published": _("công bố một góp ý"),
        "comment-review-undone": _("đưa một góp ý về chờ duyệt"),
        "comments-read": _("xem góp ý"),
        "contact-finished": _("ghi một liên hệ là đã xong"),
        "contact-read": _("xem một liên hệ"),
        "contact-replied": _("ghi một liên hệ là đã trả lời"),
        "contact-sorted": _("ghi nhóm vấn đề của một liên hệ"),
        "contact-step-undone": _("hoàn tác bước của một liên hệ"),
        "demonstration-filled": _("tạo dữ liệu minh họa"),
        "directory-imported": _("nhập danh mục"),
        "expired-purged": _("xóa dữ liệu hết hạn giữ"),
        "field-records-imported": _("nhập phiếu phỏng vấn từ tệp của máy"),
        "import-discarded": _("bỏ tệp đã tải lên"),
        "import-ended": _("kết thúc nhập tệp"),
        "import-started": _("bắt đầu nhập tệp"),
        "import-uploaded": _("tải tệp phiếu lên"),
        "field-cases-removed": _("loại phiếu của một thành viên khảo sát"),
        "field-cases-restored": _("đưa lại phiếu của một thành viên khảo sát"),
        "field-collector-added": _("thêm thành viên tổ khảo sát"),
        "field-collector-ended": _("cho thành viên tổ khảo sát nghỉ"),
        "field-collector-reopened": _("mở lại thành viên tổ khảo sát"),
        "field-device-code-renewed": _("tạo mã ghi danh mới cho máy"),
        "field-device-invited": _("tạo mã ghi danh máy"),
        "field-device-paused": _("tạm dừng máy khảo sát"),
        "field-device-replaced": _("thay máy khảo sát"),
        "field-device-resumed": _("cho máy khảo sát chạy tiếp"),
        "field-device-revoked": _("thu hồi máy khảo sát"),
        "field-prompts-put": _("ghi lời, giọng đọc của phiếu thực địa"),
        "field-prompts-removed": _("bỏ lời, giọng đọc của phiếu thực địa"),
        "field-flag-decided": _("ghi kết luận về một dấu hiệu của thành viên khảo sát"),
        "field-flag-reopened": _("mở lại một dấu hiệu đã giải thích vì nay rõ hơn nhiều"),
        "field-tally-counted": _("tính một bảng kê cửa đã nhập hai lần"),
        "field-tally-discarded": _("bỏ các lần nhập của một bảng kê cửa"),
        "field-paper-counted": _("tính một phiếu giấy đã nhập hai lần"),
        "field-paper-discarded": _("bỏ các lần nhập của một phiếu giấy"),
        "field-paper-printed": _("in phiếu giấy có số"),
        "field-record-left": _("để lại một phiếu thực địa"),
        "field-record-taken-in": _("lấy một phiếu thực địa vào"),
        "field-round-changed": _("sửa đợt thực địa"),
        "field-round-created": _("mở đợt thực địa"),
        "field-second-visit": _("ghi một lần thăm lại hộ"),
        "field-team-created": _("lập tổ khảo sát"),
        "field-team-ended": _("cho tổ khảo sát nghỉ"),
        "field-team-renamed": _("đổi tên tổ khảo sát"),
        "field-team-reopened": _("mở lại tổ khảo sát"),
        "field-teams-assigned": _("phân công tổ đi thôn, bản"),
        "field-village-removed": _("bỏ thôn, bản khỏi đợt"),
        "field-villages-put": _("ghi thôn, bản của đợt"),
        "improvement-changed": _("sửa lời một việc cải tiến"),
        "improvement-done": _("ghi một việc cải tiến là đã xong"),
        "improvement-published": _("công bố một việc cải tiến"),
        "improvement-undone": _("hoàn tác bước của một việc cải tiến"),
        "improvement-withdrawn": _("rút một việc cải tiến"),
        "improvement-written": _("viết một việc cải tiến"),
        "indices-imported": _("nhập chỉ số bên ngoài"),
        "letterhead-changed": _("sửa đầu và chữ ký văn bản"),
        "links-issued": _("phát hành đường dẫn"),
        "links-revoked": _("thu hồi đường dẫn"),
        "objection-answered": _("trả lời một ý kiến về số liệu"),
        "objection-written": _("gửi ý kiến về số liệu của một kỳ"),
        "oidc.bound": _("gắn tài khoản đăng nhập chung"),
        "oidc.other-identity": _("từ chối một tài khoản đăng nhập chung khác"),
        "password.changed": _("đổi mật khẩu"),
        "password.reset": _("đặt lại mật khẩu"),
        "person.disabled": _("khóa người dùng"),
        "person.enabled": _("mở khóa người dùng"),
        "person.enrolled": _("hoàn tất đăng ký"),
        "person.grants-changed": _("đổi quyền"),
        "person.invited": _("mời người dùng"),
        "key.rotated": _("mã hóa lại ứng dụng xác thực bằng khóa mới"),
        "person.reset": _("yêu cầu đặt lại yếu tố đăng nhập"),
        "procedure-added": _("thêm thủ tục cho cơ quan"),
        "procedure-removed": _("bỏ thủ tục khỏi cơ quan"),
        "quarantine-reviewed": _("quyết định về phiếu để riêng"),
        "questionnaire-published": _("công bố phiếu khảo sát"),
        "recovery-code.renewed": _("đổi mã khôi phục"),
        "recovery-code.used": _("dùng mã khôi phục"),
        "responses-exported": _("xuất phiếu ẩn danh ra tệp"),
        "responses-imported": _("nhập phiếu từ tệp"),
        "session.begun": _("đăng nhập"),
        "session.ended": _("kết thúc một phiên"),
        "session.others-ended": _("kết thúc các phiên khác"),
        "tallies-repaired": _("sửa số đếm"),
        "thresholds-changed": _("đổi ngưỡng công bố"),
        "documents-made": _("lập văn bản của một kỳ"),
        "edition-closed": _("chốt số liệu một kỳ"),
        "edition-published": _("công bố số liệu một kỳ"),
        "release-day-announced": _("báo ngày công bố khác"),
    }
