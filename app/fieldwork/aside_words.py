"""Why a record lies aside, in words, and what can be done about it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.fieldwork.importing import ImportedRecords
from app.fieldwork.judging import Reason
from app.fieldwork.staff_words import locale
from surveys.printing import number


def reason_words(problem: str) -> str:
    """A reason that nobody has named yet shows its own word rather than nothing."""
    return _words().get(problem, (problem, ""))[0]


def reason_advice(problem: str) -> str:
    return _words().get(problem, ("", ""))[1]


def import_lines(report: ImportedRecords) -> list[tuple[str, str]]:
    """What became of the lines of a file: words and number."""
    counted = (
        (_("Số dòng đã đọc"), report.read),
        (_("Phiếu mới, đã tính"), report.new),
        (_("Đã có từ trước"), report.known),
        (_("Để riêng, chờ xem"), report.aside),
        (_("Không phải phiếu"), report.failed),
    )
    return [(words, number(n, locale())) for words, n in counted]


def _words() -> dict[str, tuple[str, str]]:
    hopeless = _("Không tính được phiếu này; hãy để lại và ghi lý do.")
    again = _("Nếu bạn biết phiếu là thật, hãy lấy vào; nếu không, để lại và ghi lý do.")
    return {
        Reason.SEAL: (_("Không mở được niêm phong"), hopeless),
        Reason.UNREADABLE: (_("Không đọc được nội dung"), hopeless),
        Reason.OTHER_CONTENT: (_("Nội dung khác dưới một mã đã có"), hopeless),
        Reason.UNKNOWN_ROUND: (
            _("Không có đợt này"),
            _("Có thể máy giữ việc của một hệ thống khác. Hãy để lại và ghi lý do."),
        ),
        Reason.UNKNOWN_VILLAGE: (
            _("Thôn, bản không có trong đợt"),
            _("Hãy ghi lại thôn, bản vào đợt rồi lấy phiếu vào."),
        ),
        Reason.UNKNOWN_VERSION: (
            _("Phiên bản phiếu chưa được công bố"),
            _("Khi phiên bản ấy được công bố ở đây thì lấy phiếu vào."),
        ),
        Reason.UNKNOWN_AGENCY: (
            _("Cơ quan được đánh giá không có vào ngày ấy"),
            _("Hãy xem danh mục cơ quan; sửa xong thì lấy phiếu vào."),
        ),
        Reason.UNKNOWN_DEVICE: (_("Không biết máy hoặc thành viên"), again),
        Reason.OTHER_DEVICE: (_("Do một máy khác gửi"), again),
        Reason.OTHER_COLLECTOR: (_("Máy không phải của thành viên ghi trong phiếu"), again),
        Reason.OTHER_TEAM: (
            _("Tổ của xã khác, không được giao thôn, bản này"),
            _(
                "Nếu tổ ấy thật đã được giao thôn, bản này: hãy giao lại trong đợt rồi lấy phiếu vào. "
                "Nếu không: hãy để lại và ghi lý do."
            ),
        ),
        Reason.OTHER_OFFICE: (
            _("Cơ quan không có trong danh sách để chọn ở nơi ấy"),
            _(
                "Nếu tổ thật đã được giao cả thôn, bản của xã ấy: hãy giao lại trong đợt rồi lấy phiếu vào. "
                "Nếu không: hãy xem lại máy đã gửi, để phiếu lại và ghi lý do."
            ),
        ),
        Reason.REVOKED_DEVICE: (_("Máy đã bị thu hồi"), again),
        Reason.ROUND_OVER: (
            _("Đến sau hạn nhận của đợt"),
            _("Nếu phiếu làm đúng hạn mà gửi muộn, hãy lấy vào; hoặc kéo dài số ngày chờ gửi nốt của đợt."),
        ),
        Reason.ROUND_PARTED: (_("Đợt đã hết thời gian xem xét"), hopeless),
        Reason.ANSWERS: (
            _("Câu trả lời không khớp phiếu khảo sát"),
            _("Có thể máy dùng bản ứng dụng quá cũ. Hãy cập nhật máy, để lại phiếu và ghi lý do."),
        ),
        Reason.FAILED: (
            _("Máy chủ gặp lỗi khi đọc"),
            _("Hãy báo người vận hành; sau khi sửa thì lấy phiếu vào."),
        ),
    }
