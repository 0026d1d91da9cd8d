"""The tunnel opens to listed hosts only, through a company's proxy where there is one, and can be cut."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from automation.core.errors import ConfigurationError, GuardBreach
from automation.core.settings import OutgoingProxy
from automation.guard.client_records import NoKeyError
from automation.guard.departures import Departures
from automation.guard.spelling import Patterns
from automation.guard.tunnel import Route, Tunnel, routes_of
from tests.answering import speaking
from tests.turns import HANGING_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

HELLO = b"hello"
HOSTS = Patterns(("site.test", "*.site.test"))


class Everything(Departures):
    """Lets everything go on unread; what real ones do is tried in `test_departures.py`."""

    async def sent(self, piece: bytes) -> bytes:
        """Go on."""
        return piece

    def received(self, piece: bytes) -> None:
        """Go on."""


async def no_secret(_kind: str, _client_random: bytes) -> bytes:
    """No browser is there to tell one."""
    raise NoKeyError


def everything() -> Departures:
    """For each connection."""
    return Everything(no_secret, lambda _: True, lambda _: None)


def nothing_yet() -> Departures:
    """As in a browser, but no request may leave."""
    return Departures(no_secret, lambda _: False, lambda _: None)


class Upstream:
    """A server that keeps what it got and answers `seen`."""

    def __init__(self) -> None:
        self.got = bytearray()
        self.connections = 0
        self.closed = asyncio.Event()
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every piece, until the connection ends."""
        self.connections += 1
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65536):
                self.got += chunk
                writer.write(b"seen")
                await writer.drain()
        self.closed.set()
        writer.close()


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    """A server on loopback."""
    kept = Upstream()
    async with speaking(kept.serve) as kept.port:
        yield kept


@contextlib.asynccontextmanager
async def a_tunnel(
    target: str | None,
    *,
    hosts: Patterns = HOSTS,
    departures: Callable[[], Departures] = everything,
    note: Callable[[str, str], None] | None = None,
) -> AsyncIterator[tuple[Tunnel, list[str]]]:
    """An open tunnel and its notes; `target` is where `*.test` is mapped to."""
    notes: list[str] = []
    routes = routes_of({"*.test": target}) if target else None
    tunnel = Tunnel(
        hosts,
        departures,
        routes=routes,
        note=note or (lambda host, outcome: notes.append(f"{host} {outcome}")),
        fault=notes.append,
        upstream_ok=False,
    )
    await tunnel.open()
    try:
        yield tunnel, notes
    finally:
        tunnel.sever()
        await asyncio.sleep(0)


async def ask(tunnel: Tunnel, head: str) -> tuple[bytes, asyncio.StreamReader, asyncio.StreamWriter]:
    """Send a proxy request; returns the first line of the answer and the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(tunnel.url.rpartition(":")[2]))
    writer.write(head.encode() + b"\r\n\r\n")
    await writer.drain()
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HANGING_S)
    return answer.split(b"\r\n")[0], reader, writer


async def test_a_listed_host_is_carried_both_ways(upstream: Upstream) -> None:
    """Bytes pass unchanged in both directions to where the map points."""
    async with a_tunnel(f"127.0.0.1:{upstream.port}") as (tunnel, notes):
        line, reader, writer = await ask(tunnel, "CONNECT a.site.test:443 HTTP/1.1")
        assert b" 200 " in line
        writer.write(HELLO)
        assert await reader.readexactly(4) == b"seen"
        assert upstream.got == HELLO
        assert notes == ["a.site.test opened"]
        writer.close()
        await asyncio.wait_for(upstream.closed.wait(), HANGING_S)


async def test_a_request_for_a_connection_that_the_site_has_closed_is_not_asked_about() -> None:
    """Both happen at once: the site hangs up, and the browser sends. It cannot arrive there, so it has not left."""
    asked = []

    class Asking(Everything):
        async def sent(self, piece: bytes) -> bytes:
            asked.append(piece)
            return piece

    ends: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(len(HELLO)))
        ends.append(writer)
        await reader.read()
        writer.close()

    async with (
        speaking(serve) as port,
        a_tunnel(f"127.0.0.1:{port}", departures=lambda: Asking(no_secret, lambda _: True, lambda _: None)) as (
            tunnel,
            _,
        ),
    ):
        _line, reader, writer = await ask(tunnel, "CONNECT a.site.test:443 HTTP/1.1")
        writer.write(HELLO)
        assert await reader.readexactly(len(HELLO)) == HELLO
        ends[0].get_extra_info("socket").shutdown(socket.SHUT_WR)
        writer.write(b"again")
        assert await asyncio.wait_for(reader.read(), HANGING_S) == b""
        assert asked == [HELLO]
        writer.close()


@pytest.mark.parametrize(
    ("head", "note"),
    [
        ("CONNECT other.test:443 HTTP/1.1", "other.test host_not_listed"),
        ("CONNECT site.test.other.test:443 HTTP/1.1", "site.test.other.test host_not_listed"),
        ("CONNECT site.test:80 HTTP/1.1", "site.test port_not_443"),
        ("CONNECT site.test:443443 HTTP/1.1", "site.test port_not_443"),
        ("CONNECT site.test HTTP/1.1", " port_not_443"),
        ("CONNECT 127.0.0.1:443 HTTP/1.1", "127.0.0.1 host_not_listed"),
        ("CONNECT [::1]:443 HTTP/1.1", "[::1] host_not_listed"),
        ("GET http://site.test/ HTTP/1.1", "site.test plain_http"),
        ("POST http://site.test/ HTTP/1.1", "site.test plain_http"),
        ("connect site.test:443 HTTP/1.1", " plain_http"),
        ("nonsense", " plain_http"),
    ],
)
async def test_everything_else_is_refused(upstream: Upstream, head: str, note: str) -> None:
    """Hosts not listed, other ports, plain HTTP and nonsense get 403, and nothing is dialled."""
    async with a_tunnel(f"127.0.0.1:{upstream.port}") as (tunnel, notes):
        line, _, writer = await ask(tunnel, head)
        assert b" 403 " in line
        assert notes == [note]
        assert upstream.connections == 0
        writer.close()


async def test_a_host_outside_the_map_is_unreachable_though_listed() -> None:
    """With a map the real host is never dialled."""
    async with a_tunnel("127.0.0.1:1", hosts=Patterns(("site.test", "real.example"))) as (tunnel, notes):
        line, _, writer = await ask(tunnel, "CONNECT real.example:443 HTTP/1.1")
        assert b" 403 " in line
        assert notes == ["real.example host_not_mapped"]
        writer.close()


async def test_only_tls_is_carried(upstream: Upstream) -> None:
    """A connection that does not begin as TLS is dropped before a byte of it goes on."""
    async with a_tunnel(f"127.0.0.1:{upstream.port}", departures=nothing_yet) as (tunnel, notes):
        _, reader, writer = await ask(tunnel, "CONNECT site.test:443 HTTP/1.1")
        writer.write(b"POST / HTTP/1.1\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        assert upstream.got == b""
        assert "site.test unreadable_tls" in notes
        writer.close()


async def test_a_host_that_does_not_answer_is_an_error_of_the_network() -> None:
    """The browser sees 502, and the note says so."""
    async with a_tunnel("127.0.0.1:1") as (tunnel, notes):
        line, _, writer = await ask(tunnel, "CONNECT site.test:443 HTTP/1.1")
        assert b" 502 " in line
        assert notes == ["site.test unreachable"]
        writer.close()


async def test_severing_resets_what_is_open_and_takes_nothing_new(upstream: Upstream) -> None:
    """After `sever` the open connection is reset on both sides and the port is closed."""
    async with a_tunnel(f"127.0.0.1:{upstream.port}") as (tunnel, _):
        url = tunnel.url
        _, reader, writer = await ask(tunnel, "CONNECT site.test:443 HTTP/1.1")
        writer.write(HELLO)
        assert await reader.readexactly(4) == b"seen"
        tunnel.sever()
        assert tunnel.severed
        await asyncio.wait_for(upstream.closed.wait(), HANGING_S)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(1), HANGING_S)
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        assert upstream.got == HELLO
        writer.close()


async def test_severing_while_a_connection_is_being_made_lets_nothing_through(upstream: Upstream) -> None:
    """A CONNECT answered before the cut carries nothing after it."""
    async with a_tunnel(f"127.0.0.1:{upstream.port}") as (tunnel, _):
        _, _, writer = await ask(tunnel, "CONNECT site.test:443 HTTP/1.1")
        writer.write(HELLO)
        tunnel.sever()
        await asyncio.sleep(0.1)
        assert upstream.got == b""
        writer.close()


async def test_a_head_that_never_ends_is_dropped(upstream: Upstream) -> None:
    """A request head of more than 16 KB ends the connection; the tunnel lives on."""
    async with a_tunnel(f"127.0.0.1:{upstream.port}") as (tunnel, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(tunnel.url.rpartition(":")[2]))
        with contextlib.suppress(ConnectionError):
            writer.write(b"CONNECT " + b"x" * 100_000)
            await writer.drain()
            assert await asyncio.wait_for(reader.read(), HANGING_S) == b""
        writer.close()
        line, _, again = await ask(tunnel, "CONNECT site.test:443 HTTP/1.1")
        assert b" 200 " in line
        again.close()


def fail(*_: object) -> None:
    """Raise what nobody expects."""
    raise RuntimeError("injected")


class FailingToSend(Everything):
    """Reads nothing that the browser sends."""

    async def sent(self, piece: bytes) -> bytes:
        """Fail."""
        raise RuntimeError("injected")


class FailingToReceive(Everything):
    """Reads nothing that the site answers."""

    def received(self, piece: bytes) -> None:
        """Fail."""
        fail(piece)


@pytest.mark.parametrize(
    ("host", "broken"),
    [
        ("site.test", {"departures": fail}),
        ("site.test", {"departures": lambda: FailingToSend(no_secret, lambda _: True, lambda _: None)}),
        ("site.test", {"departures": lambda: FailingToReceive(no_secret, lambda _: True, lambda _: None)}),
        ("site.test", {"note": fail}),
        ("other.test", {"note": fail}),
    ],
    ids=["what reads", "sent", "received", "note", "note of a refusal"],
)
async def test_a_fault_inside_cuts_it(upstream: Upstream, host: str, broken: dict[str, Any]) -> None:
    """Whatever fails on the way, the tunnel is severed and says so; nothing passes after."""
    async with a_tunnel(f"127.0.0.1:{upstream.port}", **broken) as (tunnel, notes):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(tunnel.url.rpartition(":")[2]))
        writer.write(f"CONNECT {host}:443 HTTP/1.1\r\n\r\n".encode() + HELLO)
        with contextlib.suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), HANGING_S)
        assert tunnel.severed
        assert "the tunnel failed" in notes[-1]
        writer.close()


async def test_without_a_map_real_hosts_are_dialled_only_where_that_is_wanted() -> None:
    """`upstream_ok=False` refuses every real host; True dials the host itself on 443."""
    off = Tunnel(HOSTS, everything, routes=None, note=print, fault=print, upstream_ok=False)
    on = Tunnel(HOSTS, everything, routes=None, note=print, fault=print)
    assert off.route("site.test", 443) == "no_upstream"
    assert on.route("site.test", 443) == Route("site.test", 443)
    assert on.route("other.test", 443) == "host_not_listed"


def test_the_map_may_send_one_host_elsewhere() -> None:
    """A host of its own in the map wins over the wildcard; the wildcard does not cover the bare host."""
    routes = routes_of({"*.site.test": "127.0.0.1:1", "b.site.test": "127.0.0.1:2"})
    tunnel = Tunnel(HOSTS, everything, routes=routes, note=print, fault=print)
    assert tunnel.route("a.site.test", 443) == Route("127.0.0.1", 1)
    assert tunnel.route("b.site.test", 443) == Route("127.0.0.1", 2)
    assert tunnel.route("site.test", 443) == "host_not_mapped"


@pytest.mark.parametrize("target", ["127.0.0.1", ":8443", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:70000", ""])
def test_a_map_that_points_nowhere_is_told(target: str) -> None:
    """A target that is no address and port is an error of the configuration, with the form to write."""
    with pytest.raises(ConfigurationError, match="replica_map") as caught:
        routes_of({"*.site.test": target})
    assert "127.0.0.1:8443" in caught.value.remedy


def test_a_tunnel_that_is_not_open_has_no_address() -> None:
    """Nobody can hand a context a tunnel that is not there."""
    with pytest.raises(GuardBreach, match="not open"):
        _ = Tunnel(HOSTS, everything, routes=None, note=print, fault=print).url


NAMED = "Basic " + base64.b64encode("jane:pass word:é".encode()).decode()


class Company:
    """A proxy on loopback that carries what it is asked to a site behind it; `heads` is what it was asked."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK", *, wants: str = "") -> None:
        self.heads: list[list[str]] = []
        self.got = bytearray()
        self._answer = answer
        self._wants = wants

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[OutgoingProxy]:
        """Where it is."""
        async with speaking(self._serve) as port:
            yield OutgoingProxy("127.0.0.1", port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2])
            known = not self._wants or f"Proxy-Authorization: {self._wants}" in self.heads[-1]
            writer.write((self._answer if known else b"HTTP/1.1 407 Proxy Authentication Required") + b"\r\n\r\n")
            while piece := await reader.read(1000):
                self.got += piece
                writer.write(b"seen")
        writer.close()


@contextlib.asynccontextmanager
async def a_way_out(proxy: OutgoingProxy, *, mapped: str = "") -> AsyncIterator[tuple[str, list[str]]]:
    """`host:port` of a tunnel that goes through the proxy, and what it noted and dialled."""
    notes: list[str] = []
    tunnel = Tunnel(
        Patterns(("localhost",)),
        everything,
        routes=routes_of({"localhost": mapped}) if mapped else None,
        note=lambda _host, outcome: notes.append(outcome),
        fault=notes.append,
        dialled=lambda _host, address: notes.append(f"dialled {address}"),
        proxy=proxy,
    )
    await tunnel.open()
    try:
        yield tunnel.url.removeprefix("http://"), notes
    finally:
        tunnel.sever()


async def ask_by_proxy(tunnel: str) -> bytes:
    """Everything that comes back to a connection through the tunnel, up to the site's first answer."""
    reader, writer = await asyncio.open_connection(*tunnel.split(":"))
    writer.write(b"CONNECT localhost:443 HTTP/1.1\r\n\r\n")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    if b" 200 " in head:
        writer.write(HELLO)
        head += await asyncio.wait_for(reader.readexactly(4), 60)
    writer.close()
    return head


async def test_real_hosts_are_reached_through_it() -> None:
    """The proxy is asked for the site by name, as the browser asked the tunnel; no address is claimed to be known."""
    company = Company()
    async with company.listening() as proxy, a_way_out(proxy) as (tunnel, notes):
        assert (await ask_by_proxy(tunnel)).endswith(b"seen")
    assert company.heads == [["CONNECT localhost:443 HTTP/1.1", "Host: localhost:443"]]
    assert bytes(company.got) == HELLO
    assert notes == ["opened"]


async def test_a_name_and_a_password_are_given_where_there_are_some() -> None:
    """Also with letters and colons in them; without them the proxy's question is noted and nothing is carried."""
    company = Company(wants=NAMED)
    async with company.listening() as proxy:
        async with a_way_out(replace(proxy, credentials="jane:pass word:é")) as (tunnel, notes):
            assert (await ask_by_proxy(tunnel)).endswith(b"seen")
        assert notes == ["opened"]
        async with a_way_out(proxy) as (tunnel, notes):
            assert b" 502 " in await ask_by_proxy(tunnel)
        assert notes == ["proxy_asks_for_name"]


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (b"HTTP/1.1 403 Forbidden", "proxy_refused"), (b"HTTP/1.0 503 x", "proxy_refused"),
        (b"SSH-2.0-OpenSSH_9.9", "proxy_unclear"), (b"HTTP/1.1 hello", "proxy_unclear"), (b"x" * 20_000, "proxy_unclear"),
    ],
)  # fmt: skip
async def test_what_it_refuses_is_noted_as_its_refusal(answer: bytes, note: str) -> None:
    """A person sees that it was the proxy, and not the service."""
    async with Company(answer).listening() as proxy, a_way_out(proxy) as (tunnel, notes):
        assert b" 502 " in await ask_by_proxy(tunnel)
        assert notes == [note]


async def test_a_proxy_that_is_not_there_is_an_unreachable_site() -> None:
    """The direct way is never taken instead."""
    async with a_way_out(OutgoingProxy("127.0.0.1", 1)) as (tunnel, notes):
        assert b" 502 " in await ask_by_proxy(tunnel)
        assert notes == ["unreachable"]


async def test_stand_ins_are_dialled_without_it() -> None:
    """What a map points to is on this machine or known by address."""
    company, site = Company(), Company()
    async with (
        company.listening() as proxy,
        site.listening() as behind,
        a_way_out(proxy, mapped=f"127.0.0.1:{behind.port}") as (tunnel, notes),
    ):
        reader, writer = await asyncio.open_connection(*tunnel.split(":"))
        writer.write(b"CONNECT localhost:443 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        await asyncio.wait_for(reader.readuntil(b"HTTP/1.1 200 OK"), 60)
        writer.close()
        assert notes == ["opened", f"dialled 127.0.0.1:{behind.port}"]
    assert company.heads == []


@pytest.mark.parametrize(
    ("listed", "host", "passes"),
    [
        (("*",), "a.test", True), (("a.test",), "a.test", True), (("a.test",), "b.a.test", True),
        ((".a.test",), "b.a.test", True), (("*.a.test",), "b.a.test", True), (("a.test",), "ba.test", False),
        (("10.0.0.0/8",), "10.1.2.3", True), (("10.0.0.0/8",), "11.1.2.3", False), (("10.0.0.0/8",), "a.test", False),
        (("::1",), "::1", True), ((), "a.test", False),
    ],
)  # fmt: skip
def test_no_proxy_is_kept(listed: tuple[str, ...], host: str, *, passes: bool) -> None:
    """Hosts, their domains, addresses and networks, as other programs read `NO_PROXY`."""
    assert OutgoingProxy("proxy.test", 1, except_for=listed).passes_by(host) is passes
