"""A file is stored once however often it is imported, and every bad row says why it was left out."""

from __future__ import annotations

import json
import unicodedata
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.installation import mark_as_demonstration
from app.responding.importing.mapping import stable_id
from app.responding.models import KeptAside
from app.results.folding import count_waiting
from app.transactions import transaction
from tests.support.importing import Importer, row, stored, whole_file


def test_a_file_is_stored_counted_and_told_in_one_line(importer: Importer) -> None:
    dissatisfied = row(agency="99-B", reasons="attitude;other", satisfaction="2")
    result = importer.csv([row(comment="Tốt"), dissatisfied])
    assert result.exit_code == 0, result.output
    assert result.output == "Đã đọc 2 dòng: 2 mới, 0 đã có, 0 lỗi\n"
    assert not importer.rejects.exists()
    assert count_waiting() == 0
    first, second = sorted(stored(), key=lambda response: response.agency)
    assert json.loads(first.answers) == {"satisfaction": 4, "submit_time": "under_5", "access": 5}
    assert json.loads(second.answers)["reasons"] == ["attitude", "other"]
    assert first.comment == "Tốt"
    assert (first.quarter, first.day, first.procedure) == ("2026-Q3", date(2026, 8, 31), "1.000001")


def test_whatever_the_file_says_the_channel_is_import_and_its_word_is_kept(importer: Importer) -> None:
    importer.csv([row(channel="link")])
    (response,) = stored()
    assert (response.channel, response.source_channel) == ("import-open", "link")


def test_a_second_run_adds_nothing(importer: Importer) -> None:
    rows = [row() for _ in range(30)]
    importer.csv(rows)
    before = [(response.agency, response.id, response.answers) for response in stored()]
    result = importer.csv(rows)
    assert result.output == "Đã đọc 30 dòng: 0 mới, 30 đã có, 0 lỗi\n"
    assert [(response.agency, response.id, response.answers) for response in stored()] == before


def test_another_content_under_a_known_id_is_kept_aside_and_reported(importer: Importer) -> None:
    first = row()
    importer.csv([first])
    result = importer.csv([{**first, "satisfaction": "1"}])
    assert "0 mới, 0 đã có, 1 trùng mã khác nội dung, 0 lỗi (xem " in result.output
    assert importer.reasons() == [
        ("2", "Mã phiếu đã có với nội dung khác; nội dung này được giữ riêng và không được đếm")
    ]
    assert json.loads(stored()[0].answers)["satisfaction"] == 4
    assert db.session.scalars(select(KeptAside.id)).all() == [first["response_id"]]


def test_good_rows_are_kept_beside_bad_ones(importer: Importer) -> None:
    result = importer.csv([row(), row(satisfaction="6"), row()])
    assert result.exit_code == 0
    assert result.output == f"Đã đọc 3 dòng: 2 mới, 0 đã có, 1 lỗi (xem {importer.rejects})\n"
    assert importer.reasons() == [("3", "satisfaction: Hãy chọn một mức từ 1 đến 5")]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"response_id": "17"}, "response_id “17” không phải UUID ngẫu nhiên (phiên bản 4)"),
        ({"response_id": "c232ab00-9414-11ec-b3c8-9f6bdeced846"}, "không phải UUID ngẫu nhiên"),
        ({"version": "9.9"}, "Không có phiếu “COT_LOI” phiên bản “9.9” đã công bố"),
        ({"agency": "99-X"}, "Không có cơ quan “99-X” vào ngày 31/08/2026"),
        ({"answered_at": "2019-12-31"}, "Không có cơ quan “99-A” vào ngày 31/12/2019"),
        ({"procedure": "9.999999"}, "Không có thủ tục “9.999999”"),
        ({"answered_at": "2026-10-16"}, "answered_at “2026-10-16” ở tương lai"),
        ({"answered_at": "31/08/2026"}, "answered_at “31/08/2026” không phải ngày giờ"),
        ({"answered_at": "2026-Q3"}, "answered_at “2026-Q3” không phải ngày giờ"),
        ({"answered_at": ""}, "Thiếu answered_at"),
        ({"phase": "later"}, "phase “later” không thuộc after-result, just-submitted"),
        ({"language": "tiếng Việt"}, "không phải mã ngôn ngữ"),
        ({"channel": "x" * 41}, "channel dài quá 40 ký tự"),
        ({"satisfaction": ""}, "satisfaction: Hãy chọn một mức"),
        ({"submit_time": "now"}, "submit_time: Hãy chọn trong các phương án có trên phiếu"),
        ({"comment": "a" * 501}, "comment: Góp ý dài quá 500 ký tự; hãy viết ngắn lại"),
    ],
)
def test_each_mistake_of_a_row_has_its_own_words(
    importer: Importer, given: dict[str, str], reason: str
) -> None:
    importer.csv([row(**given)])
    ((line, words),) = importer.reasons()
    assert line == "2"
    assert reason in words
    assert stored() == []


def test_an_instant_is_decided_in_vietnam(importer: Importer) -> None:
    importer.csv([row(answered_at="2026-09-30T17:00:00Z"), row(answered_at="2026-09-30T23:59:59")])
    assert sorted((item.quarter, item.day.isoformat()) for item in stored()) == [
        ("2026-Q3", "2026-09-30"), ("2026-Q4", "2026-10-01")
    ]  # fmt: skip


def test_decomposed_vietnamese_is_stored_composed(importer: Importer) -> None:
    words = "Cần nhanh hơn nữa"
    decomposed = unicodedata.normalize("NFD", words)
    importer.csv([row(comment=decomposed)])
    importer.text(json.dumps(row(comment=decomposed)), name="phiếu.ndjson")
    assert [response.comment for response in stored()] == [words, words]


def test_a_suffix_of_a_procedure_is_cut(importer: Importer) -> None:
    importer.csv([row(procedure="1.000001.000.00.00.H40")])
    assert stored()[0].procedure == "1.000001"


def test_ndjson_is_read_line_by_line(importer: Importer) -> None:
    lines = [
        json.dumps({**row(), "satisfaction": 2, "reasons": ["other", "attitude"]}),
        "",
        "{chưa xong",
        json.dumps([1, 2]),
        json.dumps({**row(), "satisfacton": 5}),
        json.dumps({**row(), "satisfaction": True}),
        json.dumps({**row(), "agency": {"code": "99-A"}}),
    ]
    result = importer.text("\n".join(lines), name="phiếu.ndjson")
    assert result.output.startswith("Đã đọc 6 dòng: 1 mới, 0 đã có, 5 lỗi")
    assert [line for line, _ in importer.reasons()] == ["3", "4", "5", "6", "7"]
    assert importer.reasons()[2][1] == "Khóa không thuộc phiếu nào đã công bố: satisfacton"
    assert json.loads(stored()[0].answers)["reasons"] == ["attitude", "other"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (whole_file([row(comment="được lắm")]).encode("cp1258", "replace"), "Windows-1258"),
        (whole_file([row()]).replace(",", ";"), "dấu chấm phẩy"),
        ("", "Tệp trống"),
        (whole_file([row()]).replace(",agency", ",agency,agency", 1), "cột lặp lại: agency"),
        (whole_file([row()]).replace("satisfaction", "satisfacton"), "cột không thuộc phiếu nào đã công bố"),
        (whole_file([row()]).replace("response_id", "ma"), "thiếu cột: response_id"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(
    importer: Importer, content: str | bytes, reason: str
) -> None:
    result = importer.text(content)
    assert result.exit_code == 1
    assert reason in result.output
    assert "Traceback" not in result.output
    assert stored() == []


def test_a_header_in_the_middle_is_one_bad_row(importer: Importer) -> None:
    text = whole_file([row()])
    importer.text(text + whole_file([row()]))
    assert importer.reasons() == [("3", "Dòng tiêu đề lặp lại")]
    assert len(stored()) == 2


def test_a_file_that_is_not_there_is_told_kindly(importer: Importer, tmp_path: Path) -> None:
    for name in ("không-có.csv", "không-có.ndjson"):
        result = importer.run(tmp_path / name)
        assert result.exit_code == 1
        assert "Không đọc được tệp" in result.output


def test_a_demonstration_database_takes_no_real_answers(importer: Importer) -> None:
    with transaction():
        mark_as_demonstration(marked_on="2026-10-01")
    result = importer.csv([row()])
    assert result.exit_code == 1
    assert "dữ liệu minh họa" in result.output
    assert stored() == []


MAPPING = """\
source: thu-nghiem
id_from: so
rename: {agency: noi, satisfaction: diem}
values: {agency: {Quận 1: 99-A, Quận 2: 99-B}}
missing: {diem_khac: []}
constants: {questionnaire: COT_LOI, version: "1.0", answered_at: 2026-08-31, phase: after-result}
"""


def mapped(**changes: Any) -> str:
    lines = [line for line in MAPPING.splitlines() if line.split(":")[0] not in {"missing", *changes}]
    return "\n".join([*lines, *(f"{key}: {value}" for key, value in changes.items())]) + "\n"


def test_a_foreign_file_is_read_through_its_mapping(importer: Importer) -> None:
    options = importer.mapping(mapped(missing="['9']"))
    table = "so,noi,diem,thừa\n1,Quận 1,4,x\n2,Quận 2,9,x\n3,Quận 3,4,x\n"
    importer.text(table, *options)
    assert importer.reasons() == [
        ("3", "satisfaction: Hãy chọn một mức"),
        ("4", "Giá trị của cột noi không có trong tệp ánh xạ"),
    ]
    (response,) = stored()
    assert (response.id, response.agency) == (stable_id("thu-nghiem", "1"), "99-A")
    again = importer.text(table, *options)
    assert again.output.startswith("Đã đọc 3 dòng: 0 mới, 1 đã có, 2 lỗi")


def test_ids_of_two_sources_never_meet_and_look_like_any_other() -> None:
    one, other = uuid.UUID(stable_id("a-b", "1")), uuid.UUID(stable_id("a-c", "1"))
    assert one != other
    assert one.version == 4
    assert one.variant == uuid.RFC_4122


@pytest.mark.parametrize(
    ("claim", "channel"),
    [
        ("{statement: Đã đối chiếu, by: [trưởng phòng, chuyên viên], on: 2026-09-01}", "import"),
        ("{statement: Đã đối chiếu, by: [trưởng phòng], on: 2026-09-01}", "import-open"),
        ("{statement: Đã đối chiếu, by: [trưởng phòng, Trưởng phòng], on: 2026-09-01}", "import-open"),
    ],
)
def test_only_two_different_roles_make_a_source_verified(
    importer: Importer, claim: str, channel: str
) -> None:
    importer.text("so,noi,diem\n1,Quận 1,4\n", *importer.mapping(mapped(verified_source=claim)))
    assert [response.channel for response in stored()] == [channel]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (mapped(sorce="x"), "dòng 6: sorce: không có khóa này"),
        (MAPPING, "dòng 5: missing.diem_khac: không phải trường của tệp phiếu, cũng không phải mã câu hỏi"),
        (mapped(source="''"), "dòng 5: source: gồm 3 đến 80 chữ thường"),
        (mapped(rename="{satisfacton: diem}"), "dòng 5: rename.satisfacton: không phải trường"),
        (mapped(values="{agency: Quận 1}"), "dòng 5: values.agency: phải là một nhóm khóa: giá trị"),
        (mapped(period="fiscal year"), "dòng 6: period: chỉ nhận “calendar quarter”"),
        (mapped(verified_source="true"), "dòng 6: verified_source: phải là một nhóm khóa"),
        (mapped(verified_source="{by: [a, b], on: hôm qua}"), "verified_source.on: ngày phải viết như"),
        (mapped(verified_source="{by: [a, b], on: 2026-01-01}"), "statement: thiếu khóa này"),
        (mapped(constants="{agency: 99-A}"), "constants.agency: đã có ở rename"),
        ("- một danh sách\n", "dòng 1: tệp phải là một nhóm khóa"),
        ("source: [\n", "không đọc được YAML"),
        (mapped(constants="{questionnaire: COT_LOI, version: '7', answered_at: 2026-08-31}"),
         "Phiếu COT_LOI phiên bản 7 ghi trong tệp ánh xạ chưa được công bố"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping_names_its_line_and_key(
    importer: Importer, mapping: str, message: str
) -> None:
    result = importer.text("so,noi,diem\n1,Quận 1,4\n", *importer.mapping(mapping))
    assert result.exit_code == 1
    assert message in result.output
    assert stored() == []


def test_a_quarter_is_a_date_only_where_the_mapping_says_that_quarters_are_meant(importer: Importer) -> None:
    constants = '{questionnaire: COT_LOI, version: "1.0", answered_at: 2026-Q2, phase: after-result}'
    table = "so,noi,diem\n1,Quận 1,4\n"
    importer.text(table, *importer.mapping(mapped(constants=constants)))
    assert "không phải ngày giờ" in importer.reasons()[0][1]
    importer.text(table, *importer.mapping(mapped(constants=constants, period="calendar quarter")))
    assert [response.day for response in stored()] == [date(2026, 6, 30)]
