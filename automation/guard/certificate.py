"""A certificate for a server of our own on loopback, made when it starts and gone when it stops."""

from __future__ import annotations

import base64
import hashlib
import ssl
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate with its key, as PEM."""

    certificate_pem: bytes
    key_pem: bytes = field(repr=False)
    spki: str
    """Base64 SHA-256 of the public key, as `--ignore-certificate-errors-spki-list` takes it."""

    def context(self) -> ssl.SSLContext:
        """What a server that shows it listens with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:  # Python's ssl only reads files
            pem = Path(folder) / "both.pem"
            pem.touch(mode=0o600)
            pem.write_bytes(self.key_pem + self.certificate_pem)
            context.load_cert_chain(pem)
        return context


def self_signed(*hosts: str) -> Certificate:
    """
    Make a certificate for host names; patterns such as `*.acme.example` are taken as they are.

    Valid from yesterday for 30 days, so a clock that is a little off does not matter.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "temoin stand-in")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Certificate(
        certificate_pem=certificate.public_bytes(Encoding.PEM),
        key_pem=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        spki=base64.b64encode(hashlib.sha256(public).digest()).decode(),
    )
