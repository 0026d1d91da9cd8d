"""A company's outgoing proxy: the tunnel asks it for a way to the site, as a browser without the guard would."""

from __future__ import annotations

import asyncio
import base64
import ssl
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.domain.settings.proxy import OutgoingProxy

_HEAD_BYTES = 16 * 1024


class ProxyError(Exception):
    """The proxy gave no way to the site; `reason` is for the record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def connect_through(
    proxy: OutgoingProxy, host: str, port: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """
    A connection to a host through the proxy.

    Raises:
        ProxyError: it refuses, or speaks in another way.
        OSError: it cannot be reached.
    """
    context = ssl.create_default_context() if proxy.tls else None
    reader, writer = await asyncio.open_connection(proxy.host, proxy.port, ssl=context, limit=_HEAD_BYTES)
    with ExitStack() as unless_open:
        unless_open.callback(writer.transport.abort)
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
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
        if status == b"407":
            raise ProxyError("proxy_asks_for_name")
        if not status.startswith(b"2"):
            raise ProxyError("proxy_refused")
        unless_open.pop_all()
    return reader, writer
