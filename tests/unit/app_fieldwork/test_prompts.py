"""Files of a province as people make them: what is read, and that every mistake is named by file and line."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from openpyxl import Workbook

from app.fieldwork.prompts.files import GivenFile, Reader, TooMuch
from app.fieldwork.prompts.reading import read_prompts
from tests.support.sounds import mp3, opus

PARTS = ["intro", "filed_online", "operator"]


@pytest.fixture(autouse=True, scope="module")
def words() -> Iterator[None]:
    """Messages need an application, and nothing of ours."""
    app = Flask(__name__)
    Babel(app, default_locale="vi")
    with app.test_request_context():
        yield


def read(*files: tuple[str, bytes | str]) -> tuple[dict[str, str], list[str]]:
    """Words by part, voices by part with an asterisk; and the mistakes."""
    reader = Reader()
    given = [
        (name, io.BytesIO(content if isinstance(content, bytes) else content.encode()))
        for name, content in files
    ]
    good, bad = read_prompts(reader.streams(given), PARTS)
    found = {
        item.part + ("*" if item.kind == "voice" else ""): (
            item.media_type if item.kind == "voice" else item.content.decode()
        )
        for item in good
    }
    return found, [str(line) for line in [*reader.bad, *bad]]


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_table_is_read_whatever_separates_its_columns_and_with_or_without_headings() -> None:
    for mark in (",", ";", "\t"):
        rows = [
            ("mã câu", "câu tiếng Việt", "lời"), ("intro", "Chào", "Nyob zoo"),
            ("Operator", "Ai", '"Leej; twg, os"'), ("filed_online", "Có", ""),
        ]  # fmt: skip
        for first in (0, 1):
            text = "\r\n".join(mark.join(row) for row in rows[first:])
            assert read(("b.csv", "\ufeff" + text)) == (
                {"intro": "Nyob zoo", "operator": "Leej; twg, os"}, [],
            )  # fmt: skip


def test_words_are_kept_composed_with_their_lines_and_without_the_mark_of_a_spreadsheet() -> None:
    text = unicodedata.normalize("NFD", "Xin chào\r\n[thôn/bản]\tÔng/Bà")
    assert read(("INTRO.TXT", text)) == ({"intro": "Xin chào\n[thôn/bản] Ông/Bà"}, [])
    assert read(("a.csv", 'intro,"hai\ndòng"\noperator,\'-a\nfiled_online,\'b')) == (
        {"intro": "hai\ndòng", "operator": "-a", "filed_online": "'b"}, [],
    )  # fmt: skip


def test_a_voice_is_known_by_its_content_and_its_part_by_its_name() -> None:
    found, bad = read(("Intro.wav", opus()), ("operator", mp3()))
    assert (found, bad) == ({"intro*": "audio/ogg", "operator*": "audio/mpeg"}, [])


def test_every_mistake_is_named_with_its_file_and_line() -> None:
    codes = "Các mã: intro, filed_online, operator"
    found, bad = read(
        ("b.csv", f"intro,Chào\nF9,Gì\n\noperator\nfiled_online,{'a' * 1001}\nfiled_online,a\x01"),
        ("la.txt", "intro"),
        ("F3.mp3", mp3()),
        ("operator.mp3", mp3(160)),
        ("operator.ogg", opus(121)),
        ("intro.mp3", mp3()[:-1]),
        ("intro.m4a", b"#!AMR\n"),
        ("anh.png", b"\x89PNG"),
        ("cu.csv", "intro,Chào".encode() + b"\r\noperator,\xe0"),
        ("mo.csv", 'operator,"a\nb'),
        ("../../etc/in\0tro.txt", " "),
    )
    assert found == {"intro": "Chào"}
    assert bad == [
        f"b.csv: dòng 2: phiếu không có câu mã “F9”. {codes}",
        "b.csv: dòng 4: cần ít nhất hai cột: mã câu và lời",
        "b.csv: dòng 5: lời dài 1.001 ký tự, nhiều nhất 1.000",
        "b.csv: dòng 6: lời trống hoặc có ký tự điều khiển",
        f"la.txt: phiếu không có câu mã “la”. {codes}",
        f"F3.mp3: phiếu không có câu mã “F3”. {codes}",
        "operator.mp3: nặng 637 kB, nhiều nhất 600 kB. Hãy lưu như giọng nói (khoảng 32 kbit/s, mono)",
        "operator.ogg: dài 121 giây, nhiều nhất 120 giây",
        "intro.mp3: tệp tiếng bị cắt cụt hoặc bị hỏng. Hãy xuất lại từ bản thu rồi tải lên",
        "intro.m4a: là AMR, máy cũ không phát được hoặc quá nặng. Hãy lưu thành MP3, M4A (AAC) hoặc Ogg Opus",
        "anh.png: không phải tệp tiếng (MP3, M4A, Ogg Opus) hay tệp chữ (.csv, .xlsx, .txt)",
        "cu.csv: dòng 2: không phải UTF-8. Hãy lưu lại dưới dạng “CSV UTF-8” (hoặc văn bản UTF-8)",
        "mo.csv: dòng 1: có dấu nháy kép không đóng hoặc sai chỗ từ dòng này",
        f"in�tro.txt: phiếu không có câu mã “in�tro”. {codes}",
    ]


def test_a_part_that_is_given_twice_is_not_guessed() -> None:
    _found, bad = read(("a.csv", "intro,Chào"), ("intro.txt", "Chào"))
    assert bad == ["intro.txt: “intro” đã có trong a.csv, dòng 1; hãy chỉ giữ một"]


def test_an_archive_is_opened_once_without_what_systems_put_there() -> None:
    members = {
        "mong/intro.mp3": mp3(), "mong/b.csv": b"operator,a", "__MACOSX/mong/._b.csv": b"\0",
        "mong/.DS_Store": b"\0", "mong/Thumbs.db": b"\0",
    }  # fmt: skip
    assert read(("a.zip", zipped(**members))) == ({"intro*": "audio/mpeg", "operator": "a"}, [])
    found, bad = read(("a.zip", zipped(**{"b.zip": zipped(**members)})), ("c.zip", b"PK\x03\x04 and no more"))
    assert found == {} and bad == [
        "b.zip: tệp nén trong tệp nén; hãy chỉ nén một lần",
        "c.zip: không giải nén được. Hãy nén lại thành .zip, không đặt mật khẩu",
    ]


def test_an_archive_with_any_wrong_byte_is_read_or_named() -> None:
    whole = zipped(**{"intro.txt": b"a" * 40, "operator.ogg": opus(0.1)})
    for place in range(4, len(whole)):
        wrong = bytearray(whole)
        wrong[place] ^= 0xFF
        read(("a.zip", bytes(wrong)))
    nameless = whole.replace(b"intro.txt", b"\0ntro.txt")
    assert "a.zip: không giải nén được" in read(("a.zip", nameless))[1][0]


def test_an_archive_that_unfolds_without_end_is_given_up() -> None:
    with pytest.raises(TooMuch, match="20 MB"):
        read(("a.zip", zipped(**{f"{n}.txt": bytes(7_000_000) for n in range(3)})))
    with pytest.raises(TooMuch, match="300 tệp"):
        read(("a.zip", zipped(**{f"{n}.txt": b"" for n in range(301)})))
    with pytest.raises(TooMuch, match="300 tệp"):
        read(*((f"{n}.txt", "a") for n in range(301)))


def test_a_workbook_is_the_table_that_people_would_have_saved() -> None:
    workbook, stream = Workbook(), io.BytesIO()
    assert workbook.active is not None
    for row in (("mã câu", "câu tiếng Việt", "lời"), ("intro", "Chào", "Nyob zoo"), ("F9", "", "x")):
        workbook.active.append(row)
    workbook.save(stream)
    found, (bad,) = read(("Bảng.xlsx", stream.getvalue()))
    assert found == {"intro": "Nyob zoo"} and bad.startswith("Bảng.csv: dòng 3: ")


def test_loose_files_of_one_kind_are_one_list() -> None:
    assert list(Reader().streams([(".ẩn", io.BytesIO(b"a")), ("a/b.txt", io.BytesIO(b"c"))])) == [
        GivenFile("b.txt", b"c")
    ]
