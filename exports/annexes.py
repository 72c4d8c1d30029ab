"""The annexes of a report: the questionnaire as people read it, the formulas in words, the thresholds."""

from __future__ import annotations

from typing import Final

from exports.columns import COLUMNS
from exports.columns import Column as DataColumn
from exports.document import OfficialDocument
from exports.place_parts import add_place_table
from exports.report_foot import frozen
from exports.report_input import QuarterlyReport, ReportInput
from exports.tables import Column
from exports.wording import FROM_SURVEY
from surveys.editions import EditionInfo
from surveys.figures import COMMUNE
from surveys.printing import in_sentence, thresholds_note
from surveys.questionnaire import Questionnaire
from surveys.questions import Question

_TYPES: Final = {"text": "chữ", "integer": "số nguyên", "number": "số", "boolean": "đúng/sai"}
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
    "Tỷ lệ trả lời = số liên kết phát trong kỳ đã được dùng chia cho số liên kết phát trong kỳ; phỏng vấn "
    "tại nhà: số cuộc hoàn thành chia cho tổng số cuộc hoàn thành, hộ từ chối và hộ vắng nhà, đếm theo xã.",
)


def add_method_annex(document: OfficialDocument, report: ReportInput) -> None:
    """The formulas in words and every threshold in use."""
    document.appendix("Công thức và ngưỡng")
    document.items(FORMULAS)
    document.paragraph(thresholds_note(report.thresholds))
    document.paragraph(f"Phiên bản phương pháp: {report.figures.method_version}.")


FORMS_UNTOLD: Final = "Không nêu phiếu khảo sát, vì số phiếu của nơi này phải che"
"""What was asked at home tells that somebody was interviewed there."""


def add_questionnaires(document: OfficialDocument, report: ReportInput) -> None:
    """The questions as people read them, an annex for each version."""
    for questionnaire in report.questionnaires:
        document.appendix(
            f"Nguyên văn phiếu khảo sát {questionnaire.code}, phiên bản {questionnaire.version}"
        )
        _add_questions(document, questionnaire)


def add_questionnaires_annex(document: OfficialDocument, report: ReportInput) -> None:
    """The same in one annex, so that the number of an annex does not depend on what was asked."""
    document.appendix("Nguyên văn phiếu khảo sát")
    if report.figures.official.hidden:
        document.paragraph(f"{FORMS_UNTOLD}.")
    elif not report.questionnaires:
        document.paragraph("Không có phiên bản phiếu nào được ghi trong kỳ này.")
    for questionnaire in report.questionnaires:
        title = questionnaire.title.get("vi")
        document.part(f"Phiếu “{title}”, mã {questionnaire.code}, phiên bản {questionnaire.version}")
        _add_questions(document, questionnaire)


def _add_questions(document: OfficialDocument, questionnaire: Questionnaire) -> None:
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
        document.choices(" ".join(word for word in words.split(" ") if word), choices)
    document.paragraph(questionnaire.thanks.get("vi"))


def add_communes_annex(document: OfficialDocument, report: QuarterlyReport) -> None:
    """Every commune with its figures, small cells hidden: of a province, or of all provinces one by one."""
    year, what = report.quarter.year, "Ủy ban nhân dân cấp xã"
    kind = report.figures.place.kind
    own = [child for child in report.children if child.place.kind == COMMUNE]
    of_province, of_nation = kind == "province" and own, kind == "nation" and report.communes
    document.appendix("Số liệu cấp xã", short=not (of_province or of_nation))
    if of_province:
        label = "Bảng 5b" if len(own) < len(report.children) else "Bảng 5"
        add_place_table(document, report, own, year, what, label=label)
    elif of_nation:
        for at, (province, communes) in enumerate(report.communes, start=1):
            add_place_table(
                document, report, communes, year, f"{what}, {in_sentence(province)}", label=f"Bảng III.{at}"
            )
    else:
        document.paragraph(
            "Báo cáo này chỉ về một cơ quan; số liệu cấp xã ở báo cáo cấp tỉnh."
            if report.figures.place.is_agency
            else "Không có phiếu nào của Ủy ban nhân dân cấp xã trong kỳ này."
        )


def add_data_annex(document: OfficialDocument, report: QuarterlyReport) -> None:
    """What identifies the open data, how anybody checks a number with them, and what each column means."""
    document.appendix("Dữ liệu mở và cách kiểm tra")
    edition = report.edition
    if edition is None:
        document.paragraph(
            "Báo cáo này lập khi số liệu chưa được chốt thành kỳ công bố nên chưa có mã băm để kiểm tra."
        )
    else:
        _add_identity(document, report, edition)
    rows = [(item.name, _type_words(item), _meaning(item)) for item in COLUMNS]
    columns = (Column("Cột", 22), Column("Kiểu, đơn vị", 20), Column("Ý nghĩa", 58))
    note = "Một dòng là một ô được công bố. Mã của từng cột ghi ở tệp từ điển đi kèm dữ liệu."
    document.table("", columns, rows, note, label="Từ điển dữ liệu mở")


def _forms(report: QuarterlyReport) -> str:
    if report.figures.official.hidden:
        return FORMS_UNTOLD
    return ", ".join(report.figures.questionnaires) or "chưa ghi"


def _add_identity(document: OfficialDocument, report: QuarterlyReport, edition: EditionInfo) -> None:
    rows = (
        ("Mã báo cáo", report.code),
        ("Kỳ công bố", f"{edition.code}: {edition.edition.label}"),
        ("Chốt số liệu", f"{frozen(report)}, giờ Việt Nam"),
        ("Phiên bản phương pháp", edition.method_version),
        ("Phiếu khảo sát", _forms(report)),
        ("SHA-256 của manifest.json", edition.sha256),
        ("Địa chỉ", report.link or "chưa có"),
    )
    document.table("", (Column("Nội dung", 25), Column("Giá trị", 75)), rows, label="Nhận dạng số liệu")
    document.paragraph(
        "Tệp manifest.json ghi độ dài và mã băm SHA-256 của mọi tệp trong kỳ công bố. Ai tải bộ dữ liệu về "
        "đều kiểm tra được mã băm, các tổng, tỷ lệ, khoảng tin cậy, thay đổi và kết luận bằng chương trình ở "
        f"{edition.address('/ket-qua/kiem-tra.py')}."
    )


def _meaning(column: DataColumn) -> str:
    return f"{column.title.vi}. {column.description.vi}".replace("`", "")


def _type_words(column: DataColumn) -> str:
    words = _TYPES[column.type]
    return f"{words}, {column.unit.vi}" if column.unit else words


def _other_wording(question: Question) -> str:
    """The wording that other answers call for, with a word on when."""
    if question.other_label is None:
        return ""
    return f"(hoặc, tùy câu trả lời trước: “{question.other_label.get('vi')}”)"
