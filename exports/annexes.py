"""The annexes of a report: the questionnaire as people read it, the formulas in words, the thresholds."""

from __future__ import annotations

from typing import Final

from exports.document import OfficialDocument
from exports.report_input import ReportInput
from exports.wording import FROM_SURVEY
from surveys.printing import thresholds_note
from surveys.questions import Question

FORMULAS: Final = (
    "Tỷ lệ hài lòng (TC4) = số phiếu “Hài lòng” và “Rất hài lòng” chia cho số phiếu có trả lời câu hỏi về "
    "mức độ hài lòng; tính trên phân số đúng, chỉ làm tròn khi in.",
    "Khoảng tin cậy 95\u00a0%: khoảng Wilson trên số phiếu hiệu dụng (n hiệu dụng). Phỏng vấn tại nhà có n "
    "hiệu dụng nhỏ hơn số phiếu vì các phiếu cùng thôn, tổ dân phố thường giống nhau.",
    "Điểm yếu tố = (điểm trung bình − 1) ÷ 4 × 100; “Không tiếp xúc”, “Chưa góp ý” không vào mẫu số.",
    "Thay đổi so với quý trước: kiểm định hai tỷ lệ trong cùng một kênh; khoảng tin cậy của mức thay đổi "
    "theo Newcombe; từ chỉ sự thay đổi theo Benjamini–Hochberg (q\u00a0≤\u00a00,05).",
    "Đánh giá: so tỷ lệ chưa làm tròn với chỉ tiêu. Ghi “đủ căn cứ thống kê” khi cả khoảng tin cậy nằm về "
    "một phía của chỉ tiêu và tỷ lệ trả lời đủ cao; nếu không, ghi “chưa đủ căn cứ thống kê”.",
    f"Thời gian nộp hồ sơ (TC2), {FROM_SURVEY}: trung bình của các mức giữa 2,5; 6,5; 11,5 và 20 phút.",
    "Tỷ lệ trả lời = số liên kết phát trong kỳ đã được dùng chia cho số liên kết phát trong kỳ.",
)


def add_method_annex(document: OfficialDocument, report: ReportInput) -> None:
    """The formulas in words and every threshold in use."""
    document.appendix("Công thức và ngưỡng")
    document.items(FORMULAS)
    document.paragraph(thresholds_note(report.thresholds))
    document.paragraph(f"Phiên bản phương pháp: {report.figures.method_version}.")


def add_questionnaires(document: OfficialDocument, report: ReportInput) -> None:
    """The questions as people read them."""
    for questionnaire in report.questionnaires:
        document.appendix(
            f"Nguyên văn phiếu khảo sát {questionnaire.code}, phiên bản {questionnaire.version}"
        )
        document.paragraph(questionnaire.intro.get("vi"))
        heading = ""
        for at, question in enumerate(questionnaire.questions, start=1):
            if question.group and question.group != heading:
                document.paragraph(questionnaire.group(question.group).label.get("vi"))
                heading = question.group
            hint = question.hint.get("vi") if question.hint else ""
            must = "(bắt\u00a0buộc)" if question.required else ""
            words = f"{at}. {question.label.get('vi')} {must} {_other_wording(question)} {hint}"
            choices = " · ".join(option.label.get("vi") for option in question.offered)
            document.choices(" ".join(words.split()), choices)
        document.paragraph(questionnaire.thanks.get("vi"))


def _other_wording(question: Question) -> str:
    """The wording that other answers call for, with a word on when."""
    if question.other_label is None:
        return ""
    return f"(hoặc, tùy câu trả lời trước: “{question.other_label.get('vi')}”)"
