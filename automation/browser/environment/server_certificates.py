"""A TLS handshake of our own, to see which certificates a server shows; not one byte follows it."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import warnings
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from automation.core.records import SecondConnection

_TIMEOUT_S = 3.0
_MOST_CERTIFICATES = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of it."""

    connection: SecondConnection
    pem: bytes = b""
    """The certificates, leaf first; empty where none was shown."""


async def shake_hands(host: str, address: str, *, timeout_s: float = _TIMEOUT_S) -> Shown:
    """
    Connect to an address as a browser would for a host, note what the server shows, and hang up.

    Certificates are taken as they are: judging them is not what this is for, and a stand-in's would be refused.

    Args:
        host: the name that is asked for.
        address: `ip:port`; an IPv6 address in brackets.
        timeout_s: for all of it.
    """
    connection = SecondConnection(address, datetime.now(UTC))
    ip, _, port = address.rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # knows nobody who vouches for servers, which takes long to read
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        host.encode("idna")  # before there is a connection: asyncio would leave it open
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(ip.strip("[]"), int(port), ssl=context, server_hostname=host)
        try:
            seen = writer.get_extra_info("ssl_object")
            chain, protocol, cipher = _chain(seen), seen.version() or "", seen.cipher()[0]
        finally:
            writer.transport.abort()
    except (ssl.SSLError, UnicodeError):  # the second: a name that TLS cannot ask for
        return Shown(replace(connection, problem="no TLS"))
    except (OSError, TimeoutError):
        return Shown(replace(connection, problem="no answer"))
    if not chain:
        return Shown(replace(connection, protocol=protocol, cipher=cipher, problem="no certificate"))
    known = replace(
        connection,
        protocol=protocol,
        cipher=cipher,
        sha256=tuple(hashlib.sha256(der).hexdigest() for der in chain),
        **_read(chain[0]),
    )
    return Shown(known, "".join(map(ssl.DER_cert_to_PEM_cert, chain)).encode())


def _chain(seen: ssl.SSLObject) -> list[bytes]:
    """
    The certificates as they were sent, in DER.

    Python has a public way since 3.13; before, the same is there under the object's own.
    """
    own: Any = seen if hasattr(seen, "get_unverified_chain") else seen._sslobj  # type: ignore[attr-defined]  # noqa: SLF001
    shown = (own.get_unverified_chain() or [])[:_MOST_CERTIFICATES]
    return [one if isinstance(one, bytes) else ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in shown]


def _read(der: bytes) -> dict[str, Any]:
    """Subject, issuer and dates as `SecondConnection` has them; nothing where they cannot be read."""
    from cryptography import x509  # noqa: PLC0415 - 44 ms that only a visit has to pay

    def common_name(name: x509.Name) -> str:
        found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(found[0].value) if found else ""

    try:
        with warnings.catch_warnings(action="ignore"):  # about certificates of others that bend the rules
            leaf = x509.load_der_x509_certificate(der)
            return {
                "subject": common_name(leaf.subject),
                "issuer": common_name(leaf.issuer),
                "valid_from": leaf.not_valid_before_utc,
                "valid_to": leaf.not_valid_after_utc,
            }
    except ValueError:
        return {}
