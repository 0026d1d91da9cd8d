"""A company's outgoing proxy: the tunnel goes through it where there is one, and says what it answered."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from automation.core.settings import OutgoingProxy
from automation.guard.spelling import Patterns
from automation.guard.tunnel import Tunnel, routes_of
from tests.answering import speaking
from tests.guard.test_tunnel import HELLO, everything

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

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
async def a_tunnel(proxy: OutgoingProxy, *, mapped: str = "") -> AsyncIterator[tuple[str, list[str]]]:
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


async def ask(tunnel: str) -> bytes:
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
    async with company.listening() as proxy, a_tunnel(proxy) as (tunnel, notes):
        assert (await ask(tunnel)).endswith(b"seen")
    assert company.heads == [["CONNECT localhost:443 HTTP/1.1", "Host: localhost:443"]]
    assert bytes(company.got) == HELLO
    assert notes == ["opened"]


async def test_a_name_and_a_password_are_given_where_there_are_some() -> None:
    """Also with letters and colons in them; without them the proxy's question is noted and nothing is carried."""
    company = Company(wants=NAMED)
    async with company.listening() as proxy:
        async with a_tunnel(replace(proxy, credentials="jane:pass word:é")) as (tunnel, notes):
            assert (await ask(tunnel)).endswith(b"seen")
        assert notes == ["opened"]
        async with a_tunnel(proxy) as (tunnel, notes):
            assert b" 502 " in await ask(tunnel)
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
    async with Company(answer).listening() as proxy, a_tunnel(proxy) as (tunnel, notes):
        assert b" 502 " in await ask(tunnel)
        assert notes == [note]


async def test_a_proxy_that_is_not_there_is_an_unreachable_site() -> None:
    """The direct way is never taken instead."""
    async with a_tunnel(OutgoingProxy("127.0.0.1", 1)) as (tunnel, notes):
        assert b" 502 " in await ask(tunnel)
        assert notes == ["unreachable"]


async def test_stand_ins_are_dialled_without_it() -> None:
    """What a map points to is on this machine or known by address."""
    company, site = Company(), Company()
    async with (
        company.listening() as proxy,
        site.listening() as behind,
        a_tunnel(proxy, mapped=f"127.0.0.1:{behind.port}") as (tunnel, notes),
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
