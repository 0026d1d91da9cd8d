"""A company's outgoing proxy: the tunnel asks it for a way to the site, as a browser without the guard would."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from automation.errors import ConfigurationError

PROXY_VARIABLES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy", "socks_proxy"})
"""In lower case; programs read them in both."""
_HEAD_BYTES = 16 * 1024
_PORTS = {"http": 8080, "https": 443}


class ProxyError(Exception):
    """The proxy gave no way to the site; `reason` is for the record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OutgoingProxy:
    """Where it is, who we are to it, and which hosts are reached without it."""

    host: str
    port: int
    tls: bool = False
    credentials: str = field(default="", repr=False)
    """`name:password`; empty where it asks for none."""
    except_for: tuple[str, ...] = ()

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Self | None:
        """
        The proxy for HTTPS that an environment names, `HTTPS_PROXY` before `ALL_PROXY`; None where it names none.

        Raises:
            ConfigurationError: the name is none of an HTTP proxy. It is not repeated, as it may hold a password.
        """
        named = {name.lower(): value for name, value in sorted(variables.items()) if value}
        variable = next((name for name in ("https_proxy", "all_proxy") if name in named), None)
        if variable is None:
            return None
        text = named[variable]
        try:
            address = urlsplit(text if "://" in text else f"http://{text}")
            host, port = address.hostname or "", address.port or _PORTS.get(address.scheme, 0)
        except ValueError:
            host, port = "", 0
        if not host or address.scheme not in _PORTS:
            raise ConfigurationError(
                f"{variable.upper()} names no proxy that can be used here.",
                "Write it like http://proxy.example.org:3128 or http://name:password@proxy.example.org:3128; "
                "SOCKS is not supported.",
            )
        name, password = unquote(address.username or ""), unquote(address.password or "")
        return cls(
            host,
            port,
            tls=address.scheme == "https",
            credentials=f"{name}:{password}" if name or password else "",
            except_for=tuple(one.strip().lower() for one in named.get("no_proxy", "").split(",") if one.strip()),
        )

    def passes_by(self, host: str) -> bool:
        """Whether a host is reached without the proxy: itself or a parent is listed, or its network, or `*`."""
        return any(one == "*" or _fits(one.lstrip("."), host) for one in self.except_for)


def _fits(listed: str, host: str) -> bool:
    if host == listed or host.endswith(f".{listed}"):
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(listed, strict=False)
    except ValueError:
        return False


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
    try:
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
    except BaseException:
        writer.transport.abort()
        raise
    return reader, writer
