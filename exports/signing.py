"""An electronic signature under a document: PAdES, with the key and certificate of a PKCS#12 file.

The signature is added behind the file, which stays as it was: text and numbers are those of the unsigned
document, and one changed byte of it is found by every reader of PDF. The key is read once and kept nowhere.
"""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

FIELD: Final = "ChuKySo"
ROOM: Final = 32_768
"""Bytes kept for the signature and its chain of certificates."""


class UnusableKey(ValueError):
    """The file cannot sign; the text says why."""


@dataclass(frozen=True)
class SigningKey:
    """A key with its certificate. `name` is whom the certificate names."""

    name: str
    first: datetime
    last: datetime
    signer: Any

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r})"


def read_key(content: bytes, passphrase: bytes | None) -> SigningKey:
    """Raises UnusableKey, in words, for anything but a PKCS#12 file that this passphrase opens."""
    from pyhanko.sign import SimpleSigner

    try:
        signer = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=passphrase)
    except (ValueError, TypeError) as error:
        raise UnusableKey("không mở được: sai mật khẩu hoặc không phải tệp PKCS#12 (.p12, .pfx)") from error
    certificate: Any = getattr(signer, "signing_cert", None)
    if certificate is None:
        raise UnusableKey("tệp không có khóa kèm chứng thư số")
    validity = certificate["tbs_certificate"]["validity"]
    name = certificate.subject.native.get("common_name") or certificate.subject.human_friendly
    return SigningKey(str(name), validity["not_before"].native, validity["not_after"].native, signer)


def sign(content: bytes, key: SigningKey, *, reason: str, place: str, now: datetime) -> bytes:
    """The document with the signature behind it.

    Raises UnusableKey for a certificate that is not valid now: whoever reads the document would be told
    that it was signed by nobody.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.fields import SigSeedSubFilter

    if not key.first <= now <= key.last:
        raise UnusableKey("chứng thư số không còn hoặc chưa có hiệu lực")
    metadata = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason,
        location=place, name=key.name,
    )  # fmt: skip
    signed = io.BytesIO()
    signer = PdfSigner(metadata, signer=key.signer)
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    # The library runs a loop of its own, which no thread with a running one allows.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(signer.sign_pdf, writer, output=signed, bytes_reserved=ROOM).result()
    return signed.getvalue()
