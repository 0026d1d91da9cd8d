"""The replica as a server: over TLS, at the services' own names, from start to stop."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import socket
import ssl
import time
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from automation.authoring.replica import Replica, Write, load_site
from tests.turns import HANGING_S, until

FACEBOOK = load_site("facebook")
INSTAGRAM = load_site("instagram")
WWW = "www.facebook.com"


def unverified() -> ssl.SSLContext:
    """A client that takes any certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def raw(replica: Replica, text: str, host: str = WWW) -> tuple[str, bytes]:
    """Send bytes as they are; the answer, and the certificate that was shown."""
    name, _, port = replica.address.partition(":")
    reader, writer = await asyncio.open_connection(
        name, int(port), ssl=unverified(), server_hostname=host, ssl_handshake_timeout=HANGING_S
    )
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.write(text.replace("\n", "\r\n").encode())
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), HANGING_S)
    writer.close()
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        await writer.wait_closed()
    return answer.decode("latin-1"), shown


def a_request(method: str, path: str, *, host: str = WWW, body: str = "", cookie: str = "") -> str:
    """An HTTP/1.1 request, with bare line feeds."""
    return (
        f"{method} {path} HTTP/1.1\nHost: {host}\nCookie: {cookie}\n"
        f"Content-Type: application/x-www-form-urlencoded\nContent-Length: {len(body)}\nConnection: close\n\n{body}"
    )


async def test_it_starts_and_stops() -> None:
    """It answers while it is entered, and afterwards nothing listens and no task of its own is left."""
    before = asyncio.all_tasks()
    async with Replica([FACEBOOK]) as replica:
        answer, _ = await raw(replica, a_request("GET", "/login/"))
        assert answer.startswith("HTTP/1.1 200")
        assert replica.pages_served.total() == 1
        assert replica.pages_served == {"www.facebook.com/login/": 1}
    await until(lambda: asyncio.all_tasks() == before)
    name, _, port = replica.address.partition(":")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(name, int(port))


async def test_no_connection_outlives_it() -> None:
    """One that the server has closed, and whose client says no goodbye, ends with it as well."""
    async with Replica([FACEBOOK]) as replica:
        name, _, port = replica.address.partition(":")

        def ask() -> socket.socket:
            client = unverified().wrap_socket(socket.create_connection((name, int(port))), server_hostname=WWW)
            client.sendall(a_request("GET", "/login/").replace("\n", "\r\n").encode())
            while client.recv(65536):
                pass
            return socket.socket(fileno=client.detach())  # past TLS, whose end it has seen

        left = await asyncio.to_thread(ask)
        left.settimeout(HANGING_S)
    with left, contextlib.suppress(ConnectionError):
        assert left.recv(1) == b""


async def test_it_shows_the_key_that_it_names() -> None:
    """The certificate carries the key of `spki` and the services' host names, and each replica has its own."""
    async with Replica([FACEBOOK, INSTAGRAM]) as first, Replica([FACEBOOK]) as second:
        _, shown = await raw(first, a_request("GET", "/login/"))
        certificate = x509.load_der_x509_certificate(shown)
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert base64.b64encode(hashlib.sha256(key).digest()).decode() == first.spki != second.spki
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert set(names.get_values_for_type(x509.DNSName)) == set(first.replica_map)
        assert {"*.facebook.com", "*.instagram.com", "help.meta.com", "*.fbcdn.net"} <= set(first.replica_map)
        assert set(first.replica_map.values()) == {first.address}


async def test_a_mutation_that_arrives_is_counted() -> None:
    """A mutation sent with a plain client stands in `writes` with its method, host, path and operation."""
    actor = FACEBOOK.cast[0]
    cookie = "; ".join(f"{key}={value}" for key, value in FACEBOOK.session_cookies(actor).items())
    body = urlencode({"fb_api_req_friendly_name": "useCometSupportFormSubmitMutation", "variables": "{}"})
    async with Replica([FACEBOOK]) as replica:
        assert replica.writes == []
        await raw(replica, a_request("POST", "/api/graphql/", body=body, cookie=cookie))
        assert replica.writes == [Write("POST", WWW, "/api/graphql/", "useCometSupportFormSubmitMutation")]


async def test_a_read_sent_as_post_is_not_counted() -> None:
    """A named read sent as POST is answered with its data and is no write."""
    actor = FACEBOOK.cast[0]
    cookie = "; ".join(f"{key}={value}" for key, value in FACEBOOK.session_cookies(actor).items())
    body = urlencode(
        {"fb_api_req_friendly_name": "CometIXSupportInboxHomeScreenQuery", "variables": '{"route": "/support/"}'}
    )
    async with Replica([FACEBOOK]) as replica:
        answer, _ = await raw(replica, a_request("POST", "/api/graphql/", body=body, cookie=cookie))
        assert '"has_next_page":false' in answer
        assert replica.writes == []
        assert replica.ledger.reads == {"CometIXSupportInboxHomeScreenQuery": 1}


async def test_an_attempt_at_a_web_socket_is_counted() -> None:
    """Opening a WebSocket counts as a write by itself."""
    handshake = (
        "GET /chat HTTP/1.1\nHost: edge-chat.facebook.com\nUpgrade: websocket\nConnection: Upgrade\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n\n"
    )
    async with Replica([FACEBOOK]) as replica:
        name, _, port = replica.address.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port), ssl=unverified(), server_hostname=WWW)
        writer.write(handshake.replace("\n", "\r\n").encode())
        assert b"101" in await asyncio.wait_for(reader.readline(), HANGING_S)
        assert replica.writes == [Write("WEBSOCKET", "edge-chat.facebook.com", "/chat")]
        writer.close()


async def test_it_stops_although_an_answer_is_outstanding() -> None:
    """A request that never gets its answer does not keep the replica from stopping."""
    actor = next(actor for actor in FACEBOOK.cast if actor.scenario == "inbox_never")
    cookie = "; ".join(f"{key}={value}" for key, value in FACEBOOK.session_cookies(actor).items())
    body = urlencode(
        {"fb_api_req_friendly_name": "CometIXSupportInboxHomeScreenQuery", "variables": '{"route": "/support/"}'}
    )
    async with Replica([FACEBOOK]) as replica:
        waiting = asyncio.create_task(
            raw(replica, a_request("POST", "/api/graphql/", body=body, cookie=cookie)), name="waiting"
        )
        await until(lambda: replica.ledger.reads)
        assert not waiting.done()
        started = time.monotonic()
    assert time.monotonic() - started < 60, "a request without an answer may take minutes"
    await asyncio.wait({waiting}, timeout=HANGING_S)
    assert waiting.done()
    waiting.exception()


async def test_a_host_of_nobody() -> None:
    """A host that no service has gets an answer that says so, and counts as no page."""
    async with Replica([FACEBOOK]) as replica:
        answer, _ = await raw(replica, a_request("GET", "/", host="example.org"), host="example.org")
        assert answer.startswith("HTTP/1.1 421")
        assert replica.pages_served.total() == 0


async def test_one_server_serves_all_accounts_at_once() -> None:
    """Two services and several accounts share one replica; each sees its own pages."""
    async with Replica([FACEBOOK, INSTAGRAM]) as replica:
        for site, host in ((FACEBOOK, WWW), (INSTAGRAM, "www.instagram.com")):
            for actor in site.cast[:3]:
                cookie = "; ".join(f"{key}={value}" for key, value in site.session_cookies(actor).items())
                answer, _ = await raw(replica, a_request("GET", "/", host=host, cookie=cookie), host=host)
                assert f'"ACCOUNT_ID": "{actor.identity}"' in answer
