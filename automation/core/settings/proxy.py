"""A company's outgoing proxy, as far as a connection needs to know it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

VARIABLES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy", "socks_proxy"})
"""By which programs are told of proxies, in lower case; they read them in both."""


@dataclass(frozen=True, slots=True)
class OutgoingProxy:
    """Where it is, who we are to it, and which hosts are reached without it."""

    host: str
    port: int
    tls: bool = False
    """Whether the proxy itself is spoken to over TLS."""
    credentials: str = field(default="", repr=False)
    """`name:password`; empty where it asks for none."""
    except_for: tuple[str, ...] = ()
    """Hosts, their domains, addresses and networks, or `*`; lower case."""

    @property
    def password(self) -> str:
        """The password alone; empty where there is none."""
        return self.credentials.partition(":")[2]

    def passes_by(self, host: str) -> bool:
        """Whether a host is reached without the proxy."""
        return any(one == "*" or _fits(one.removeprefix("*").lstrip("."), host) for one in self.except_for)


def _fits(listed: str, host: str) -> bool:
    if host == listed or host.endswith(f".{listed}"):
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(listed, strict=False)
    except ValueError:
        return False
