"""
Messages for the tests: true to life in their form, made up in their words where no source gives any.

The keys that sign them are made here, and looked up in a table: no test asks a real name server.
"""

from __future__ import annotations

import base64
from email.header import Header
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dkim import DKIM

from automation.messaging.reading import Correspondent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from automation.text.labels import Labels

LOU = "lou@atelier.example"
ACCEPTED = """Hi Lou,

We've reviewed your request and will honor your objection. This means your request will be applied going forward.

Learn more: https://www.facebook.com/privacy/genai?token=4711

Privacy Operations
Facebook
"""
"""The answer of 2024-05 (docs/sources.md, section 3.2), as a mail could carry it."""
ACCEPTED_PUBLIC = "We will honour your objection for your public information."
"""The automatic reply of 2024-09 (section 3.2)."""
SIGNED = ("from", "to", "subject", "date", "mime-version", "content-type", "content-transfer-encoding")


@lru_cache(maxsize=4)
def _key(name: str) -> rsa.RSAPrivateKey:
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key(name: str = "first") -> bytes:
    """A key to sign with, PEM; the same for each name."""
    return _key(name).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def record(der: bytes | None = None) -> bytes:
    """What a domain publishes of a public key; of the first one where none is given."""
    first = _key("first").public_key()
    der = der or first.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)


class Names:
    """Name servers that know what the table says and remember what they were asked; `down` names do not answer."""

    def __init__(self, records: Mapping[str, bytes], down: Iterable[str] = ()) -> None:
        self._records, self._down = dict(records), set(down)
        self.asked: list[str] = []

    def __call__(self, name: str) -> bytes | None:
        """The TXT record of a name."""
        self.asked.append(name)
        if name in self._down:
            raise OSError("no name server answers")
        return self._records.get(name)


def names(*domains: str) -> Names:
    """Name servers that publish the first key for these domains, under the selector `s1`."""
    return Names({f"s1._domainkey.{domain}": record() for domain in domains or ("facebook.com",)})


def letter(
    text: str = ACCEPTED,
    *,
    sender: str = "Facebook <privacy@facebook.com>",
    to: str = LOU,
    subject: str = "Your objection",
    date: str = "Wed, 18 Nov 2026 10:00:00 +0000",
    content_type: str = "text/plain; charset=utf-8",
    encoding: str = "8bit",
    charset: str = "utf-8",
    more: Iterable[str] = (),
) -> bytes:
    """One message, unsigned."""
    raw = text.replace("\n", "\r\n").encode(charset)
    if encoding == "base64":
        raw = base64.encodebytes(raw).replace(b"\n", b"\r\n")
    elif encoding == "quoted-printable":
        import quopri

        raw = quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    header = [
        *more,
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject if subject.isascii() else Header(subject, 'utf-8').encode()}",
        f"Date: {date}",
        "MIME-Version: 1.0",
        f"Content-Type: {content_type}",
        f"Content-Transfer-Encoding: {encoding}",
    ]
    return "\r\n".join(header).encode() + b"\r\n\r\n" + raw


def signed(
    raw: bytes,
    domain: str = "facebook.com",
    *,
    private: bytes | None = None,
    headers: Iterable[str] = SIGNED,
    length: bool = False,
    algorithm: bytes = b"rsa-sha256",
) -> bytes:
    """The message with a real DKIM signature before it, by dkimpy."""
    signature: bytes = DKIM(raw, signature_algorithm=algorithm).sign(
        b"s1", domain.encode(), private or key(), include_headers=[name.encode() for name in headers], length=length
    )
    return signature + raw


def multipart(plain: str, html: str, kind: str = "alternative") -> bytes:
    """A message with a plain and a formatted text."""
    body = "".join(
        f"--b0\n{head}\n\n{text}\n"
        for head, text in (
            ("Content-Type: text/plain; charset=utf-8", plain),
            ("Content-Type: text/html; charset=utf-8", html),
        )
    )
    return letter(f"{body}--b0--\n", content_type=f'multipart/{kind}; boundary="b0"')


def service(labels: Labels, **changes: object) -> Correspondent:
    """Facebook, with the words of its flow."""
    given: dict[str, object] = {
        "id": "facebook", "name": "Facebook", "hosts": ("facebook.com", "*.facebook.com", "*.meta.com"), "senders": (),
        "labels": labels,
    }  # fmt: skip
    return Correspondent(**{**given, **changes})  # type: ignore[arg-type]
