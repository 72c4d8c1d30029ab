"""Signing in leads back into the console and nowhere else."""

from __future__ import annotations

import pytest

from app.accounts.returning import way_back

BYPASSES = """
https://evil.vn
http://evil.vn/quan-tri/x
//evil.vn
//evil.vn/quan-tri/x
///evil.vn
////evil.vn/%2e%2e
/\\evil.vn
\\/evil.vn
\\\\evil.vn
/\\/evil.vn
https:evil.vn
https:/evil.vn
https:///evil.vn
javascript:alert(1)
JavaScript:alert(1)
data:text/html,x
vbscript:x
evil.vn
evil.vn/quan-tri/x
@evil.vn
/quan-tri@evil.vn
/quan-tri.evil.vn
/quan-tri:80@evil.vn
/quan-trix
/quan-tri
/quan-tri/
/quan-tri//evil.vn
/quan-tri/..//evil.vn
/quan-tri/../..//evil.vn
/quan-tri/../ket-qua
/quan-tri/./x
/quan-tri/%2e%2e/%2e%2e/x
/quan-tri/..;/x
/quan-tri/%2f%2fevil.vn
/quan-tri/%5cevil.vn
/quan-tri/\\evil.vn
/quan-tri/x\\y
/quan-tri/x@evil.vn
/quan-tri/x:y
/quan-tri/x#//evil.vn
/quan-tri/x?next=//evil.vn
/quan-tri/x?a=https://evil.vn
/quan-tri/x?a=<script>
/QUAN-TRI/x
/ quan-tri/x
/quan-tri /x
/quan－tri/x
／/evil.vn
/quan-tri/x․․/y
/ket-qua
/k/abc
?tiep=/quan-tri/x
#/quan-tri/x
""".strip("\n").split("\n")


@pytest.mark.parametrize(
    "address",
    [
        *BYPASSES,
        "",
        "\t//evil.vn",
        "/quan-tri/x\r\nSet-Cookie: a=b",
        "/quan-tri/x\n",
        "\u202e/quan-tri/x",
        "/quan-tri/\0x",
        "/quan-tri/" + "a" * 600,
    ],
)
def test_other_places_are_refused(address: str) -> None:
    assert way_back(address) == ""


def test_there_are_at_least_fifty_forms() -> None:
    assert len(BYPASSES) >= 50


@pytest.mark.parametrize(
    "address",
    [
        "/quan-tri/nguoi-dung",
        "/quan-tri/phien",
        "/quan-tri/nhat-ky?nguoi=a%20b&trang=2",
        "/quan-tri/co-quan/14-SKHCN",
    ],
)
def test_pages_of_the_console_are_kept(address: str) -> None:
    assert way_back(address) == address
