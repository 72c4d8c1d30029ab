"""Workbooks that are small to send and would be endless to read: refused in words, soon, and not kept."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from flask import Flask
from openpyxl import Workbook

from app.accounts.roles import Role
from app.responding.importing import spreadsheets
from tests.attacks.conftest import Drill
from tests.support import citizens
from tests.support.accounts import NOW, member_client
from tests.support.uploads import kept, upload

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<?xml version="1.0"?>{{doctype}}<worksheet xmlns="{MAIN}"><sheetData>'
SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{ENTITIES}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>'
TEXT = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'


def workbook(rows: str, doctype: str = "") -> bytes:
    """A sheet written by hand in a workbook that is otherwise whole."""
    plain, made = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    sheet = f"{HEAD.format(doctype=doctype)}{rows}</sheetData></worksheet>".encode()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, sheet if entry.filename == SHEET else source.read(entry))
    return made.getvalue()


def lying(content: bytes) -> bytes:
    """The same with sizes of one byte announced for whatever is inside."""
    made = bytearray(content)
    at = made.find(b"PK\x01\x02")
    while at >= 0:
        made[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at = made.find(b"PK\x01\x02", at + 4)
    return bytes(made)


def wide(rows: int, value: str = "") -> str:
    return "".join(f'<row r="{n}"><c r="ZZZ{n}">{value}</c></row>' for n in range(1, rows + 1))


def echoed(cells: int, letters: int) -> bytes:
    """One long text that the file holds once and a row shows many times."""
    made = io.BytesIO()
    row = io.BytesIO(workbook('<row r="1">' + '<c t="s"><v>0</v></c>' * cells + "</row>"))
    with zipfile.ZipFile(row) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "[Content_Types].xml":
                content = content.replace(b"</Types>", SHARED + b"</Types>")
            target.writestr(entry.filename, content)
        target.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>{"y" * letters}</t></si></sst>')
    return made.getvalue()


BOMBS = {
    "a row far below": workbook('<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'),
    "every row at the last column": workbook(wide(8_000, "<v>1</v>")),
    "nothing at the last column": workbook(wide(8_000)),
    "one long text in many cells": echoed(15_000, 20_000_000),
    "a column that is none": workbook('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'),
    "laughs": workbook(TEXT.format("&a9;"), LAUGHS),
    "a file of the server": workbook(TEXT.format("&a9;"), OUTSIDE),
    "deep": workbook(TEXT.format("<b>" * 50_000 + "</b>" * 50_000)),
    "a sheet of zeros": workbook(" " * (spreadsheets.MOST_BYTES + 1)),
    "sizes that lie": lying(workbook(TEXT.format("x" * 1_000_000))),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_workbook_that_is_a_bomb_is_refused(app: Flask, drill: Drill, bomb: str) -> None:
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    desk = member_client(app, (Role.PROVINCE, "14"))
    begin = time.perf_counter()
    page = upload(desk, BOMBS[bomb], "phiếu.xlsx")
    seconds = time.perf_counter() - begin
    drill.report(bytes=len(BOMBS[bomb]), seconds=round(seconds, 1))
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text
    assert "root:" not in page.text
    assert kept(app) == []
    assert len(BOMBS[bomb]) < 300_000
    assert seconds < 60
