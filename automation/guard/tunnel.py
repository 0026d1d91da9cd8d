"""
The only way out of a guarded context: a CONNECT proxy inside this process, one for each context.

It opens connections to listed hosts, port 443 and TLS only (to hosts of this machine, where a developer names them, any
port, and http one request a connection), and passes on what may leave (`departures.py`). Severed, it
resets every connection. It dies with the process, so nothing that the browser still holds back can leave after us.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import socket
import ssl
import struct
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING

from automation.core.errors import ConfigurationError, GuardBreach
from automation.core.settings import OutgoingProxy
from automation.guard.departures import Departures, NotLeavingError
from automation.guard.request import failing_closed
from automation.guard.spelling import Patterns, most_specific

if TYPE_CHECKING:
    from collections.abc import Awaitable


_HEAD_BYTES = 16 * 1024
_HEAD_TIMEOUT_S = 10.0
_DIAL_TIMEOUT_S = 20.0
_CHUNK_BYTES = 64 * 1024
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_ONE_SIDE_GONE = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError)
"""The browser sees a closed connection, which is what happened."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a host is to be dialled."""

    address: str
    port: int


def routes_of(replica_map: Mapping[str, str]) -> dict[str, Route]:
    """
    Read a map of host patterns to `address:port`.

    Raises:
        ConfigurationError: where a value is not an address and a port.
    """
    routes = {}
    for host, target in replica_map.items():
        address, colon, port = target.rpartition(":")
        if not colon or not address or not port.isdigit() or not 0 < int(port) < 65536:
            raise ConfigurationError(
                f"browser.replica_map: {host!r} points to {target!r}, which is not an address and a port",
                "write it like '127.0.0.1:8443'",
            )
        routes[host.lower()] = Route(address.strip("[]"), int(port))
    return routes


@dataclass(eq=False)
class Tunnel:
    """One context's way out."""

    hosts: Patterns
    """What it may connect to."""
    departures: Callable[[], Departures]
    """Made for each connection; reads what the browser sends there and says what may go on."""
    _: KW_ONLY
    routes: Mapping[str, Route] | None
    """Where patterns of hosts are dialled instead; with a map, hosts outside it are refused."""
    note: Callable[[str, str], None]
    """Told of every CONNECT: the host and how it went (`opened`, or the reason why not)."""
    fault: Callable[[str], None]
    """Told if the tunnel itself fails; it has severed itself then."""
    dialled: Callable[[str, str], None] = lambda _host, _address: None
    """Told of every connection: the host, and the `ip:port` that answered."""
    upstream_ok: bool = True
    """Without a map, whether real hosts may be dialled."""
    loopback: Patterns = field(default_factory=Patterns)
    """Hosts of this machine, with their ports, that are reached by http, too."""
    proxy: OutgoingProxy | None = None
    """Through which real hosts are reached, where there is no direct way."""
    severed: bool = field(default=False, init=False)
    _server: asyncio.Server | None = field(default=None, init=False)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set, init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    async def open(self) -> None:
        """Start to listen on a loopback port of its own."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_BYTES)

    @property
    def url(self) -> str:
        """As `new_context(proxy={"server": …})` takes it."""
        if self._server is None or not self._server.sockets:
            raise GuardBreach("the tunnel is not open", "open it before a context is made, and make a new one after")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def sever(self) -> None:
        """Cut it now and for good: reset every connection, take no new one."""
        self.severed = True
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            _reset(writer)
        for task in tuple(self._tasks):
            task.cancel()

    def route(self, host: str, port: int) -> Route | str:
        """Where to dial for this host, or the reason why it is refused."""
        if self.severed:
            return "locked"
        if self.loopback.fit(f"{host}:{port}"):
            return Route(host.strip("[]"), port)
        if port != 443:
            return "port_not_443"
        if not self.hosts.fit(host):
            return "host_not_listed"
        if self.routes is not None:
            pattern = most_specific(self.routes, host)
            return "host_not_mapped" if pattern is None else self.routes[pattern]
        return Route(host, port) if self.upstream_ok else "no_upstream"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if self.severed or task is None:
            _reset(writer)
            return
        self._writers.add(writer)
        self._tasks.add(task)
        try:
            with failing_closed(self._failed), contextlib.suppress(*_ONE_SIDE_GONE):
                await self._connect(reader, writer)
        except asyncio.CancelledError:
            if not self.severed:
                raise
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            _reset(writer)

    def _failed(self, error: Exception) -> None:
        self.sever()
        self.fault(f"the tunnel failed ({type(error).__name__})")

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_HEAD_TIMEOUT_S):
            head = await reader.readuntil(b"\r\n\r\n")
        method, host, port = _target(head)
        plain = method != "CONNECT"
        route = self.route(host, port) if not plain or self.loopback.fit(f"{host}:{port}") else "plain_http"
        if isinstance(route, str):
            self.note(host, route)
            await _answer(writer, "403 Forbidden")
            return
        proxy = self._proxy_to(route)
        try:
            async with asyncio.timeout(_DIAL_TIMEOUT_S):
                if proxy is None:
                    upstream = await asyncio.open_connection(route.address, route.port)
                else:
                    upstream = await _connect_through(proxy, route)
        except (OSError, TimeoutError, ProxyError) as error:
            self.note(host, error.reason if isinstance(error, ProxyError) else "unreachable")
            await _answer(writer, "502 Bad Gateway")
            return
        self._writers.add(upstream[1])
        try:
            self.note(host, "opened")
            peer = upstream[1].get_extra_info("peername")
            if peer and proxy is None:  # what a proxy dials is not known
                self.dialled(host, f"{_bracketed(peer[0])}:{peer[1]}")
            if not plain:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await self._carry(host, (reader, writer), upstream, _to_origin(head) if plain else b"")
        finally:
            self._writers.discard(upstream[1])
            _reset(upstream[1])

    def _proxy_to(self, route: Route) -> OutgoingProxy | None:
        """The proxy on the way to a real host; what a map points to is reached directly."""
        if self.proxy is None or self.routes is not None or self.proxy.passes_by(route.address) or route.port != 443:
            return None
        return self.proxy

    async def _carry(self, host: str, browser: _Streams, site: _Streams, plain: bytes) -> None:
        """
        Carry both ways until one side ends, or until something is sent that may not leave.

        Where there is no TLS, `plain` is the head of the one request on the connection.
        """
        departures = self.departures()
        if plain:
            departures.in_plain()

        async def to_site() -> None:
            piece = plain or await browser[0].read(_CHUNK_BYTES)
            while piece:
                if site[0].at_eof():
                    break  # the site has closed it: nothing arrives there, and the browser sends it on another
                ready = await departures.sent(piece)
                if self.severed:
                    return
                site[1].write(ready)
                await site[1].drain()
                piece = await browser[0].read(_CHUNK_BYTES)
            site[1].close()

        async def to_browser() -> None:
            while piece := await site[0].read(_CHUNK_BYTES):
                departures.received(piece)
                browser[1].write(piece)
                await browser[1].drain()
            browser[1].close()

        async def held_to(way: Callable[[], Awaitable[None]]) -> None:
            """End the connection where something is sent that may not leave."""
            try:
                await way()
            except NotLeavingError as error:
                _reset(site[1])
                _reset(browser[1])
                if error.reason:
                    self.note(host, error.reason)
            except OSError:
                (site if way is to_site else browser)[1].close()

        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(held_to(to_site))
                group.create_task(held_to(to_browser))
        finally:
            departures.ended()


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _target(head: bytes) -> tuple[str, str, int]:
    """Method, host (lower case) and port of a proxy request; an empty host where it has none."""
    method, _, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
    target = rest.partition(" ")[0]
    if method != "CONNECT":
        target = target.partition("://")[2].partition("/")[0]
        target = target if re.search(r":\d+$", target) else f"{target}:80"
    host, _, port = target.rpartition(":")
    return method, host.lower(), int(port) if port.isdigit() and len(port) <= 5 else 0


def _to_origin(head: bytes) -> bytes:
    """A request to a proxy as its server gets it: the path alone in its first line, and no other one after it."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    method, target, version = first.split(b" ")
    path = b"/" + target.partition(b"://")[2].partition(b"/")[2]
    kept = [line for line in lines if line.partition(b":")[0].lower() not in {b"connection", b"proxy-connection"}]
    return b"\r\n".join((b" ".join((method, path, version)), *kept, b"Connection: close", b"", b""))


async def _answer(writer: asyncio.StreamWriter, status: str) -> None:
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    await writer.drain()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a reset: what the kernel still holds for sending is thrown away."""
    transport = writer.transport
    if transport.is_closing() and transport.get_extra_info("socket") is None:
        return
    handle = transport.get_extra_info("socket")
    if handle is not None:
        with contextlib.suppress(OSError):
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()


@dataclass
class ProxyError(Exception):
    """The proxy gave no way to the site; `reason` is for the record."""

    reason: str


async def _connect_through(proxy: OutgoingProxy, route: Route) -> _Streams:
    """
    A connection to a host through the proxy.

    Raises:
        ProxyError: it refuses, or speaks in another way.
        OSError: it cannot be reached.
    """
    context = ssl.create_default_context() if proxy.tls else None
    reader, writer = await asyncio.open_connection(proxy.host, proxy.port, ssl=context, limit=_HEAD_BYTES)
    with contextlib.ExitStack() as unless_open:
        unless_open.callback(writer.transport.abort)
        target = f"{_bracketed(route.address)}:{route.port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if proxy.credentials:
            lines.append(f"Proxy-Authorization: Basic {base64.b64encode(proxy.credentials.encode()).decode()}")
        writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ProxyError("proxy_unclear") from error
        version, _, rest = head.partition(b" ")
        status = rest[:3]
        if not version.startswith(b"HTTP/1.") or not status.isdigit():
            raise ProxyError("proxy_unclear")
        if not status.startswith(b"2"):
            raise ProxyError("proxy_asks_for_name" if status == b"407" else "proxy_refused")
        unless_open.pop_all()
    return reader, writer
