"""Signed documents: valid as they are, broken by one byte, and the same document underneath."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from exports.quarterly import render_quarterly
from exports.signing import UnusableKey, read_key, sign
from tests.support.reports import agency_report
from tests.support.signing import PASSPHRASE, signature_status, throw_away_key

NOW = datetime(2026, 10, 20, 3, tzinfo=UTC)
FILE, CERTIFICATE = throw_away_key()


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return render_quarterly(replace(agency_report(), demo=False, draft=False))


@pytest.fixture(scope="module")
def signed(unsigned: bytes) -> bytes:
    return sign(unsigned, read_key(FILE, PASSPHRASE), reason="Báo cáo quý", place="Sơn La", now=NOW)


def test_a_signed_document_is_whole_and_by_whom_it_says(signed: bytes) -> None:
    status = signature_status(signed, CERTIFICATE)

    assert status.bottom_line
    assert status.intact
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    assert "Sở Y tế tỉnh Sơn La" in status.signing_cert.subject.human_friendly


def test_it_follows_pades(signed: bytes) -> None:
    signature = PdfFileReader(io.BytesIO(signed)).embedded_signatures[0].sig_object

    assert signature["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature["/Reason"] == "Báo cáo quý"
    assert signature["/Location"] == "Sơn La"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_changed_byte_breaks_it(signed: bytes, unsigned: bytes, share: float) -> None:
    """Within a compressed page, where nothing but the signature would see it."""
    at = int(len(unsigned) * share)
    changed = bytearray(signed)
    changed[at] ^= 1

    status = signature_status(bytes(changed), CERTIFICATE)

    assert not status.intact
    assert not status.bottom_line


def test_another_certificate_is_not_trusted(signed: bytes) -> None:
    status = signature_status(signed, throw_away_key("Người khác")[1])

    assert status.intact
    assert not status.trusted


def test_the_document_underneath_is_byte_for_byte_the_unsigned_one(signed: bytes, unsigned: bytes) -> None:
    assert signed.startswith(unsigned)
    texts = [
        [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
        for content in (signed, unsigned)
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("content", "passphrase"), [(FILE, b"sai"), (FILE, None), (b"", PASSPHRASE), (b"%PDF-1.4", PASSPHRASE)]
)
def test_what_cannot_sign_is_refused_in_words(content: bytes, passphrase: bytes | None) -> None:
    with pytest.raises(UnusableKey, match=r"sai mật khẩu hoặc không phải tệp PKCS#12"):
        read_key(content, passphrase)


def test_an_expired_certificate_signs_nothing(unsigned: bytes) -> None:
    file, _ = throw_away_key(until=datetime(2026, 10, 19, tzinfo=UTC))

    with pytest.raises(UnusableKey, match="hiệu lực"):
        sign(unsigned, read_key(file, PASSPHRASE), reason="", place="", now=NOW)


def test_a_key_does_not_tell_itself_when_printed() -> None:
    assert repr(read_key(FILE, PASSPHRASE)) == "SigningKey('Sở Y tế tỉnh Sơn La')"
