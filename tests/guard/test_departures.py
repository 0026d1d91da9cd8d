"""
What leaves on a connection is read on its way, and only requests that may leave get to the site.

The client and the server are OpenSSL's own: `openssl s_client`, through the tunnel, to a server of Python's `ssl`.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import ssl
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from automation.guard.certificate import self_signed
from automation.guard.client_records import KeyLog, NoKeyError
from automation.guard.departures import PERMIT_S, Departures, Permits
from automation.guard.spelling import Patterns
from automation.guard.tunnel import Tunnel, routes_of
from tests.answering import speaking
from tests.guard.builders import a_request
from tests.turns import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from automation.guard import Request

OPENSSL = shutil.which("openssl") or "openssl"
PAGE = b"GET /page HTTP/1.1\r\nHost: site.test\r\n\r\n"
WRITE = b"POST /save HTTP/1.1\r\nHost: site.test\r\nContent-Length: 1\r\n\r\nx"
TURN = b"\x00\x03\x00\x08\x21\x12\xa4\x42SECRETBYTES\r\n\r\n"
RENEW = b"k\n"
"""Has `s_client` renew its keys."""
ENDS_S = 60.0


class Server:
    """Keeps what it got, and answers every piece of it."""

    def __init__(self, most: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> None:
        self.got = bytearray()
        self.kinds: set[str] = set()
        self.heard = asyncio.Event()
        self._context = self_signed("site.test").context()
        self._context.maximum_version = most
        self._context.set_ciphers("ALL:@SECLEVEL=0")

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Its port."""
        async with speaking(self._serve, self._context) as port:
            yield port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        version, cipher = writer.get_extra_info("ssl_object").version(), writer.get_extra_info("cipher")[0]
        self.kinds.add(f"{version} {cipher}")
        with contextlib.suppress(OSError):
            while piece := await reader.read(65536):
                self.got += piece
                self.heard.set()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.transport.abort()


class Visit:
    """A tunnel to a server; `notes` are the tunnel's, `asked` is what was about to leave."""

    def __init__(self, keys: KeyLog | None) -> None:
        self.notes: list[str] = []
        self.asked: list[str] = []
        self.back: list[str] = []
        self._keys = keys

    def leaving(self, request: Request) -> bool:
        """Let GETs go."""
        self.asked.append(f"{request.method} {request.path}")
        return request.method == "GET"

    async def secret(self, kind: str, client_random: bytes) -> bytes:
        """As the browser's own key log tells it."""
        if self._keys is None:
            raise NoKeyError(kind)
        return await self._keys.secret(kind, client_random)

    @contextlib.asynccontextmanager
    async def tunnel(self, port: int) -> AsyncIterator[str]:
        """`127.0.0.1:port` of the tunnel."""
        tunnel = Tunnel(
            Patterns(("site.test",)),
            lambda: Departures(self.secret, self.leaving, lambda request: self.back.append(request.path)),
            routes=routes_of({"site.test": f"127.0.0.1:{port}"}),
            note=lambda _host, outcome: self.notes.append(outcome),
            fault=lambda what: self.notes.append(f"FAULT {what}"),
        )
        await tunnel.open()
        try:
            yield tunnel.url.removeprefix("http://")
        finally:
            tunnel.sever()


@contextlib.asynccontextmanager
async def openssl(proxy: str, keys: str, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A connection by `openssl s_client`; what is written to it is sent to the site."""
    process = await asyncio.create_subprocess_exec(
        OPENSSL, "s_client", "-proxy", proxy, "-connect", "site.test:443", "-keylogfile", keys, *options,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def sent(*pieces: bytes, server: Server, options: tuple[str, ...] = (), keys_told: bool = True) -> Visit:
    """One connection on which these pieces are sent; over once the site heard the last one, or the tunnel ended it."""
    keys = KeyLog()
    visit = Visit(keys if keys_told else None)
    async with (
        server.listening() as port,
        visit.tunnel(port) as proxy,
        openssl(proxy, str(keys.path), *options) as process,
    ):
        assert process.stdin is not None
        for piece in pieces:
            server.heard.clear()
            process.stdin.write(piece)
            if piece == RENEW:
                await asyncio.sleep(0.2)  # the site hears nothing of it
                continue
            heard = asyncio.create_task(server.heard.wait())
            ended = asyncio.create_task(process.wait())
            await asyncio.wait({heard, ended}, timeout=ENDS_S, return_when=asyncio.FIRST_COMPLETED)
            heard.cancel()
            ended.cancel()
    keys.close()
    return visit


SUITES = [
    ("TLSv1.3", "TLS_AES_128_GCM_SHA256"),
    ("TLSv1.3", "TLS_AES_256_GCM_SHA384"),
    ("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"),
    ("TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256"),
    ("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"),
    ("TLSv1.2", "ECDHE-ECDSA-CHACHA20-POLY1305"),
]


def by(version: str, suite: str) -> tuple[str, ...]:
    """How `s_client` is told to speak."""
    return ("-tls1_3", "-ciphersuites", suite) if version == "TLSv1.3" else ("-tls1_2", "-cipher", suite)


@pytest.mark.parametrize(("version", "suite"), SUITES)
async def test_a_read_arrives_and_a_write_does_not(version: str, suite: str) -> None:
    """By every cipher that browsers use today: the request is read, byte for byte passed on, or kept back."""
    server = Server()
    visit = await sent(PAGE, PAGE + WRITE, server=server, options=by(version, suite))
    assert server.kinds == {f"{version} {suite}"}
    assert bytes(server.got) == PAGE
    assert visit.asked == ["GET /page", "GET /page", "POST /save"]
    assert visit.notes == ["opened"]


async def test_keys_that_are_renewed_are_followed() -> None:
    """After a key update of TLS 1.3 the next request is read as before."""
    server = Server()
    visit = await sent(PAGE, RENEW, PAGE, RENEW, RENEW, PAGE, WRITE, server=server, options=("-tls1_3",))
    assert visit.asked[-1] == "POST /save"
    assert b"POST" not in server.got
    assert server.got.count(b"GET /page") == 3


@pytest.mark.parametrize(
    ("piece", "note"), [(TURN, "not_http"), (b"\r\n\r\n", "not_http"), (b"PUT x\r\n\r\n", "not_http")]
)
async def test_what_is_no_request_does_not_arrive(piece: bytes, note: str) -> None:
    """TURN's user name is bytes of the page's choice: not one of them gets to the site."""
    server = Server()
    visit = await sent(piece, server=server)
    assert bytes(server.got) == b""
    assert visit.notes == ["opened", note]


async def test_half_a_head_waits_for_the_other_half() -> None:
    """Nothing of a request leaves before all of its head is known."""
    server = Server()
    keys = KeyLog()
    visit = Visit(keys)
    async with server.listening() as port, visit.tunnel(port) as proxy, openssl(proxy, str(keys.path)) as process:
        assert process.stdin is not None
        process.stdin.write(PAGE[:20])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(server.heard.wait(), 0.5)
        assert (visit.notes, visit.asked) == (["opened"], [])
        process.stdin.write(PAGE[20:])
        await asyncio.wait_for(server.heard.wait(), ENDS_S)
    assert bytes(server.got) == PAGE
    keys.close()


@pytest.mark.parametrize(
    ("options", "keys_told"),
    [(("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"), True), ((), False)],
    ids=["an old cipher", "no keys"],
)
async def test_what_cannot_be_read_does_not_arrive(options: tuple[str, ...], *, keys_told: bool) -> None:
    """A cipher that is not known, or a browser that keeps its keys to itself: the connection ends."""
    server = Server()
    visit = await sent(PAGE, server=server, options=options, keys_told=keys_told)
    assert bytes(server.got) == b""
    assert visit.notes == ["opened", "unreadable_tls"]


@pytest.mark.parametrize(
    "record",
    [
        b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", b"\x17\x03\x03\x00\x05GET /", b"\x16\x03\x03\xff\xff",
        b"\x18\x03\x03\x00\x01x", b"\x16\x02\x00\x00\x01x", b"GET / HTTP/1.1\r\n\r\n",
    ],
    ids=["a short hello", "data at once", "too long", "heartbeat", "SSL 2", "no TLS"],
)  # fmt: skip
async def test_bytes_that_only_look_like_tls_do_not_arrive(record: bytes) -> None:
    """Nothing of them is passed on, and the guard takes no harm."""
    got = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(100):
                got.extend(piece)
        writer.close()

    visit = Visit(None)
    async with speaking(serve) as port, visit.tunnel(port) as proxy:
        reader, writer = await asyncio.open_connection(*proxy.split(":"))
        writer.write(b"CONNECT site.test:443 HTTP/1.1\r\n\r\n" + record)
        with contextlib.suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), ENDS_S)
        writer.close()
    assert bytes(got) == b""
    assert visit.notes == ["opened", "unreadable_tls"]


FORM = {"content-type": "application/x-www-form-urlencoded"}
ASKED = a_request("POST", "https://site.test/read?a=1", "a=1", headers={**FORM, "accept": "*/*"}, number="1")


def on_the_wire(request: Request, **changes: Any) -> Request:
    """The head of a request as a browser's network sends it."""
    length = {} if request.body is None else {"content-length": str(len(request.body))}
    added = {"connection": "keep-alive", "sec-fetch-mode": "cors", "origin": "https://site.test"}
    headers = {**request.headers, **length, **added, **changes.pop("headers", {})}
    return replace(request, headers=headers, body=None if request.body is None else b"", number="", **changes)


class Clock:
    """Set by hand."""

    now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_what_was_let_through_leaves_once() -> None:
    """One decision, one departure; a request that got no answer may be sent again."""
    permits, head = Permits(), on_the_wire(ASKED)
    permits.grant(ASKED)
    assert [permits.take(one) for one in (replace(head, query="a=2"), head, head)] == [False, True, False]
    permits.grant(head)
    assert permits.take(head)
    permits.grant(ASKED)
    permits.clear()
    assert (permits.take(head), len(permits)) == (False, 0)


@pytest.mark.parametrize(
    "other",
    [
        on_the_wire(ASKED, headers={"content-length": "2"}),
        on_the_wire(ASKED, headers={"content-type": "text/plain"}),
        on_the_wire(ASKED, headers={"secure-session-response": "eyJ"}),
        on_the_wire(ASKED, headers={"sec-session-response": "eyJ"}),
        on_the_wire(ASKED, headers={"upgrade": "websocket"}, resource="WebSocket"),
        on_the_wire(ASKED, method="PUT"),
        on_the_wire(a_request("GET", "https://site.test/read?a=1")),
    ],
    ids=["length", "type", "binding", "older binding", "socket", "method", "read"],
)
def test_nothing_else_takes_a_permit(other: Request) -> None:
    """A permit names length, type and headers: the binding of a session, or a socket, finds none."""
    permits = Permits()
    permits.grant(ASKED)
    assert not permits.take(other)
    assert permits.take(on_the_wire(ASKED))


def test_no_socket_takes_the_permit_of_a_read() -> None:
    """A handshake is a GET to the same address, and leaves by no permit."""
    permits, read = Permits(), a_request("GET", "https://site.test/hit?ws")
    permits.grant(read)
    assert not permits.take(on_the_wire(read, headers={"upgrade": "websocket"}, resource="WebSocket"))


def test_a_permit_lapses_and_is_withdrawn() -> None:
    """After seconds, or once the end of its request is heard, nothing leaves by it."""
    clock = Clock()
    permits = Permits(clock)
    permits.grant(ASKED)
    permits.withdraw("2")
    assert len(permits) == 1
    permits.withdraw("1")
    assert (len(permits), permits.take(on_the_wire(ASKED))) == (0, False)
    permits.grant(ASKED)
    clock.now = PERMIT_S
    assert (len(permits), permits.take(on_the_wire(ASKED))) == (0, False)


async def test_a_request_without_an_answer_is_given_back() -> None:
    """A browser sends again what got none, on a connection that was used before; after an answer it does not."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    keys = KeyLog()
    visit = Visit(keys)
    context = self_signed("site.test").context()
    context.num_tickets = 0
    async with speaking(silent, context) as port, visit.tunnel(port) as proxy:
        async with openssl(proxy, str(keys.path)) as process:
            assert process.stdin is not None
            process.stdin.write(PAGE)
            await asyncio.wait_for(process.wait(), ENDS_S)
        await until(lambda: visit.back)
    keys.close()
    assert visit.back == ["/page"]


async def test_keys_are_for_this_user_alone_and_on_no_disk() -> None:
    """They pass through a pipe in a folder that only this user may open, and both are gone at the end."""
    keys = KeyLog()
    assert keys.path.stat().st_mode & 0o777 == 0o600
    assert keys.path.parent.stat().st_mode & 0o777 == 0o700
    assert str(keys.path).startswith(tempfile.gettempdir())
    with keys.path.open("ab", buffering=0) as browser:
        browser.write(b"CLIENT_RANDOM aa bb\nSERVER_TRAFFIC_SECRET_0 aa cc\nCLIENT_RANDOM zz zz\nCLIENT_RANDOM a")
        assert await keys.secret("CLIENT_RANDOM", b"\xaa") == b"\xbb"
        browser.write(b"b cd\n")
        assert await keys.secret("CLIENT_RANDOM", b"\xab") == b"\xcd"
        assert keys._known == {}
    assert keys.path.stat().st_size == 0
    keys.close()
    keys.close()
    assert not keys.path.parent.exists()
    with pytest.raises(NoKeyError):
        await keys.secret("CLIENT_RANDOM", b"\xaa")
