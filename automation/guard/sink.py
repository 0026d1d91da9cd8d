"""A loopback TLS server that counts what reaches it: the far end of the guard's self-test."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

_TIMEOUT_S = 5.0
_BODY_MAX = 64 * 1024


class Sink:
    """
    Answers every request with one page; `arrived` lists method and path of each, in order.

    Args:
        host: the name in its certificate, which nobody vouches for: the browser must be told to take it.
        page: the HTML that it answers with.
    """

    def __init__(self, host: str, page: str) -> None:
        self.arrived: list[tuple[str, str]] = []
        self._host = host
        self._page = page.encode()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Start to listen on loopback."""
        context, _ = self_signed(self._host)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)

    @property
    def address(self) -> str:
        """`127.0.0.1:port`."""
        if self._server is None:
            return ""
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stop, and drop every connection."""
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                while True:
                    await self._answer(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the browser is done with this connection
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, _, rest = head.partition(" ")
        self.arrived.append((method, rest.partition(" ")[0]))
        for line in head.split("\r\n"):
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                await reader.readexactly(min(int(value), _BODY_MAX))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
            b"Access-Control-Allow-Origin: *\r\nContent-Length: %d\r\n\r\n" % len(self._page)
        )
        writer.write(b"" if method == "HEAD" else self._page)
        await writer.drain()


def self_signed(*hosts: str) -> tuple[ssl.SSLContext, str]:
    """
    A context with a key and a certificate of one hour, made now, and the digest by which a browser takes it.

    The digest is what `--ignore-certificate-errors-spki-list` wants: base64 of the SHA-256 of the public key.
    """
    # Late: 44 ms that only a process which starts a browser has to pay.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hosts[0])])
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "sink.pem"
        pem.touch(mode=0o600)
        pem.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(pem)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return context, base64.b64encode(hashlib.sha256(public).digest()).decode()
