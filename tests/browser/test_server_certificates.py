"""Which certificates a server shows. Real: TLS servers on loopback, with certificates made for the test."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from automation.browser.environment.server_certificates import shake_hands
from automation.guard.certificate import self_signed
from tests.answering import speaking
from tests.turns import HANGING_S

HOST = "www.service.test"
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _listening(answer: Answer, context: ssl.SSLContext | None) -> AsyncIterator[str]:
    async with speaking(answer, context) as port:
        yield f"127.0.0.1:{port}"


async def test_a_handshake_and_not_one_byte_more() -> None:
    """The certificate is the one that the server has, asked for by the host's name; no request follows."""
    certificate = self_signed(HOST)
    context, asked, got = certificate.context(), [], asyncio.get_running_loop().create_future()
    context.sni_callback = lambda _socket, name, _context: asked.append(name)

    async def answer(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        try:
            got.set_result(await reader.read())
        except OSError:
            got.set_result(b"")

    async with _listening(answer, context) as address:
        shown = await shake_hands(HOST, address)
        assert await asyncio.wait_for(got, HANGING_S) == b""
    der = ssl.PEM_cert_to_DER_cert(certificate.certificate_pem.decode())
    connection = shown.connection
    assert asked == [HOST]
    assert ssl.PEM_cert_to_DER_cert(shown.pem.decode()) == der
    assert connection.sha256 == (hashlib.sha256(der).hexdigest(),)
    assert (connection.address, connection.protocol, connection.problem) == (address, "TLSv1.3", "")
    assert (connection.subject, connection.issuer) == ("temoin stand-in", "temoin stand-in")
    assert connection.valid_from is not None
    assert connection.valid_from < connection.at < (connection.valid_to or connection.at)


async def test_the_whole_chain_is_kept(tmp_path: Path) -> None:
    """Leaf first, then what the server sent with it; the leaf's issuer is named."""
    context = _chained(tmp_path)
    async with _listening(_hanging_up, context) as address:
        shown = await shake_hands(HOST, address)
    found = x509.load_pem_x509_certificates(shown.pem)
    assert [one.subject.rfc4514_string() for one in found] == [f"CN={HOST}", "CN=An authority"]
    assert (shown.connection.subject, shown.connection.issuer) == (HOST, "An authority")
    assert len(shown.connection.sha256) == 2
    found[0].verify_directly_issued_by(found[1])


def _chained(folder: Path) -> ssl.SSLContext:
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    leaf, issuer = (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in (HOST, "An authority"))
    now, pem = datetime.now(UTC), b""
    for subject, key in ((leaf, keys[0]), (issuer, keys[1])):
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(keys[1], hashes.SHA256())
        )
        pem += made.public_bytes(serialization.Encoding.PEM)
    private = keys[0].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "chain.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem")
    return context


async def _silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _hanging_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _no_tls(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


@pytest.mark.parametrize(
    ("answer", "problem"),
    [(_silent, "no answer"), (_no_tls, "no TLS"), (_hanging_up, "no answer")],
    ids=["silent", "no TLS", "hangs up"],
)
async def test_what_shows_nothing_is_said(answer: Answer, problem: str) -> None:
    """A server that is silent, speaks something else or hangs up costs no check: the record says what was wrong."""
    async with _listening(answer, None) as address:
        shown = await shake_hands(HOST, address, timeout_s=0.3)
    assert (shown.pem, shown.connection.problem, shown.connection.sha256) == (b"", problem, ())


async def test_a_name_that_cannot_be_asked_for_is_said() -> None:
    """A host that no TLS hello can hold costs no check either."""
    async with _listening(_silent, None) as address:
        assert (await shake_hands("x" * 70 + ".test", address)).connection.problem == "no TLS"


async def test_nobody_there_is_said() -> None:
    """Also at an IPv6 address."""
    for address in ("127.0.0.1:1", "[::1]:1"):
        assert (await shake_hands(HOST, address)).connection.problem == "no answer"
