"""A real time-stamp authority: OpenSSL's `ts` behind HTTP on this machine, with certificates made for the test."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from automation.core.records import Authority
from tests.answering import answering

POLICY = "1.2.3.4.1"
DAY = timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    *,
    ends: datetime,
    ca: bool = False,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - 400 * DAY)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(use, critical=True)
    return builder.sign(signer, hashes.SHA256())


class RealAuthority:
    """One authority with its root; answers while `serving`."""

    def __init__(self, folder: Path, name: str, *, ends: datetime | None = None, unsorted: bool = False) -> None:
        self.name, self.folder = name, folder / name
        self.folder.mkdir(parents=True)
        self.url = ""
        self.asked = 0
        """How many requests came."""
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        ends = ends or datetime.now(UTC) + 400 * DAY
        root = _certificate(f"Root of {name}", root_key, f"Root of {name}", root_key, ends=ends + 400 * DAY, ca=True)
        own = _certificate(f"Stamps of {name}", key, f"Root of {name}", root_key, ends=ends)
        self.root = root.public_bytes(Encoding.PEM).decode()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / "key.pem").write_bytes(private)
        (self.folder / "own.pem").write_bytes(own.public_bytes(Encoding.PEM))
        (self.folder / "root.pem").write_text(self.root)
        (self.folder / "serial").write_text("01\n")
        others = ""
        if unsorted:  # two more, the greater first: so they cannot be in DER's order, wherever the own one stands
            more = [root, _certificate(f"Root of {name}", root_key, f"Root of {name}", root_key, ends=ends, ca=True)]
            more.sort(key=lambda one: one.public_bytes(Encoding.DER), reverse=True)
            (self.folder / "more.pem").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in more))
            others = "certs = more.pem"
        (self.folder / "ts.cnf").write_text(
            "[tsa]\ndefault_tsa = here\n[here]\nserial = serial\ncrypto_device = builtin\nsigner_cert = own.pem\n"
            f"{others}\nsigner_key = key.pem\nsigner_digest = sha256\ndefault_policy = {POLICY}\n"
            "digests = sha256, sha512\nordering = yes\ntsa_name = no\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n"
        )
        self._lock = threading.Lock()

    def authority(self, **changes: str) -> Authority:
        """The authority as the settings name it."""
        return Authority(**{"name": self.name, "url": self.url, "root": self.root, **changes})

    def reply(self, request: bytes) -> bytes:
        """What OpenSSL answers."""
        with self._lock:  # its serial number is a file
            self.asked += 1
            (self.folder / "request.tsq").write_bytes(request)
            subprocess.run(
                ["openssl", "ts", "-reply", "-config", "ts.cnf", "-queryfile", "request.tsq", "-out", "reply.tsr"],
                cwd=self.folder,
                check=True,
                capture_output=True,
            )
            return (self.folder / "reply.tsr").read_bytes()

    @contextmanager
    def serving(self) -> Iterator[RealAuthority]:
        """Answer requests on a port of this machine."""
        with answering(lambda asked: (200, self.reply(asked.body))) as address:
            self.url = f"{address}/"
            yield self
