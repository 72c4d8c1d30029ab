"""Throw-away keys with certificates, as PKCS#12 files, and what a second reader says of a signature."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

PASSPHRASE = b"mot mat khau thu"


def throw_away_key(
    name: str = "Sở Y tế tỉnh Sơn La",
    *,
    until: datetime = datetime(2040, 1, 1, tzinfo=UTC),
    passphrase: bytes | None = PASSPHRASE,
) -> tuple[bytes, bytes]:
    """A PKCS#12 file and its certificate (DER), signed by itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=7_300))
        .not_valid_after(until)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    how = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    content = serialize_key_and_certificates(b"ky", key, certificate, None, how)
    return content, certificate.public_bytes(Encoding.DER)


def signature_status(content: bytes, trusted: bytes) -> PdfSignatureStatus:
    """What is to be said of a document's first signature by who trusts one certificate (DER) only."""
    signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    context = ValidationContext(trust_roots=[Certificate.load(trusted)])
    # A browser test of the same process may have left a running loop in this thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(validate_pdf_signature, signature, context).result()
