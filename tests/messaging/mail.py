"""Mail to test with: letters, signatures by a key that is made here, mail as it arrives, and scripted servers."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import threading
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.header import Header
from functools import lru_cache
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dkim import DKIM

from automation.messaging.reading import Correspondent
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


FOLDER = Path(__file__).with_name("mails")
_TAG = re.compile(r"@after (\[[^\]]+\] )")
_SIGN = re.compile(r"DKIM-Signature: @sign (.*)")
_NOT_SIGNED_HERE = "v=1; a=ed25519-sha256; c=relaxed/relaxed; d={d}; s=ed; h={h}; bh=" + "A" * 43 + "=; b=" + "B" * 86


@dataclass(frozen=True)
class Arrived:
    """One message, and what a careful person says of it."""

    name: str
    raw: bytes
    says: str
    """`accepted`, `refused`, `pending`, `unclear` or `nothing`."""
    account: str
    believe: bool
    genuine: bool
    new: bool = False
    """Whether it holds words that no source has."""


def arrived() -> list[Arrived]:
    """All messages, in the order of their names."""
    expected = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
    return [
        Arrived(name, _arrive((FOLDER / name).read_text(encoding="utf-8")), **said) for name, said in expected.items()
    ]


def published() -> Names:
    """Name servers that publish the keys of every sender in `mail/`; the selector `old` is gone."""
    return names(
        "facebook.com", "instagram.com", "evil.example", "facebook-privacy.example", "meta-mail.example",
        "atelier.example", "friend.example",
    )  # fmt: skip


def _arrive(text: str) -> bytes:
    head, _, body = text.partition("\n\n")
    fields = re.split(r"\n(?![ \t])", head)
    done: list[str] = []
    for field in reversed(fields):
        wanted = _SIGN.fullmatch(field)
        done.insert(0, _signature(wanted[1], done, body) if wanted else field)
    whole = "\n".join(done) + "\n\n" + body.replace("@after\n", "").replace("@here\n", "")
    return _TAG.sub(r"\1", whole).replace("\n", "\r\n").encode()


def _signature(tags: str, below: list[str], body: str) -> str:
    given = dict(tag.split("=", 1) for tag in tags.split())
    if "a" in given:
        return "DKIM-Signature: " + _NOT_SIGNED_HERE.format(**given)
    signed = body.partition("@after\n")[0]
    signed = signed.partition("@here\n")[0] if given.get("l") else signed.replace("@here\n", "")
    raw = _TAG.sub("", "\n".join(below) + "\n\n" + signed).replace("\n", "\r\n").encode()
    made: bytes = DKIM(raw).sign(
        given.get("s", "s1").encode(),
        given["d"].encode(),
        key(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[name.encode() for name in given["h"].split(":")],
        length="l" in given,
    )
    return made.decode().replace("\r\n", "\n").rstrip("\n")


Answer = Callable[[str, str], str | None]
"""A command's tag and text → what the server sends; None ends the connection."""


@contextmanager
def imap(answer: Answer) -> Iterator[int]:
    """An IMAP server on loopback for one connection; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, answer), daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join(timeout=10)


def _serve(listening: socket.socket, answer: Answer) -> None:
    connection, _ = listening.accept()
    with connection, contextlib.suppress(OSError), connection.makefile("rwb") as stream:
        stream.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] ready\r\n")
        stream.flush()
        while line := stream.readline():
            tag, _, command = line.decode().strip().partition(" ")
            said = answer(tag, command)
            if said is None:
                return
            stream.write(said.encode())
            stream.flush()


@contextmanager
def name_server(records: Mapping[str, bytes]) -> Iterator[int]:
    """A DNS server on loopback that knows these TXT records; its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_resolve, args=(listening, dict(records)), daemon=True)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stop:
                stop.sendto(b"", listening.getsockname())
            thread.join(timeout=10)


def _resolve(listening: socket.socket, records: Mapping[str, bytes]) -> None:
    while True:
        data, asker = listening.recvfrom(4096)
        if not data:
            return
        query = dns.message.from_wire(data)
        response = dns.message.make_response(query, recursion_available=True)
        name = query.question[0].name
        text = records.get(name.to_text(omit_final_dot=True))
        if text is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        else:
            parts = [text[at : at + 200].decode() for at in range(0, len(text), 200)]  # a string holds 255 bytes
            quoted = " ".join(f'"{part}"' for part in parts)
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", quoted))
        listening.sendto(response.to_wire(), asker)
