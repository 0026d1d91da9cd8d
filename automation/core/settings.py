"""Settings as plain data, read where they are used."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

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


@dataclass(frozen=True, slots=True)
class BrowserSettings:
    """The `[browser]` table of `temoin.toml`; every key also as `TEMOIN_BROWSER__…`."""

    path: Path | None = None
    """A browser's executable; found by itself where None."""
    channel: str | None = None
    """A branded browser that Playwright knows by name, such as `chrome` or `msedge`."""
    headless: bool = True
    headless_by_hand: bool = False
    """Whether somebody set `headless`; else a session that was made in a window is used in one."""
    replica_map: Mapping[str, str] = field(default_factory=dict)
    """Host pattern (`*` allowed) → `address:port` of a stand-in; every other host is then unresolvable."""
    replica_spki: tuple[str, ...] = ()
    """Base64 SHA-256 digests of the public keys that the stand-ins may show."""
    proxy: OutgoingProxy | None = None
    """Through which the services are reached; no key here, but what `HTTPS_PROXY` and `NO_PROXY` say."""
    slow_mo_ms: float = 0.0
    """How long to pause after each step of the browser, so that somebody at the window can follow."""
    timeout_s: float = 15.0
    """How long to wait for one page or landmark."""
    one_tab: bool = False
    """Open each page only once the one before it was read, as a person does; a check with a form takes longer."""
    concurrency: int = 4
    """How many accounts are looked at side by side, each in a browser of its own."""
    per_service: int = 2
    """How many of them may be accounts of one service. Not kept on stand-ins."""
    gap_s: float = 2.0
    """Least time between the beginnings of two visits to one service. Not kept on stand-ins."""

    @property
    def pace(self) -> tuple[int, float]:
        """How many visits to one service go on at the same time, and the least time between two beginnings."""
        return (self.concurrency, 0.0) if self.replica_map else (self.per_service, self.gap_s)


USUAL_PER_HOUR = 60.0


@dataclass(frozen=True, slots=True)
class FleetSettings:
    """The `[fleet]` table of `temoin.toml`; every key also as `TEMOIN_FLEET__…`, the database only there."""

    database: SecretStr | None = field(default=None, repr=False)
    """Address of the PostgreSQL database; None where there is no fleet."""
    store: str | None = None
    """Where evidence goes: a folder, or a URL that fsspec knows, such as `s3://bucket/prefix`."""
    pool: str = "main"
    """The workers that hold the sessions of the same accounts."""
    every_hours: float = 24.0
    """From one visit of an account to the next."""
    visits_per_hour: Mapping[str, float] = field(default_factory=dict)
    """Service, such as `acme` → how many visits an hour it may get, from all workers together."""
    passwords: bool = False
    """Whether accounts that sign in by password are let in."""

    def per_hour(self, service: str) -> float:
        """The budget of a service."""
        return self.visits_per_hour.get(service, USUAL_PER_HOUR)


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """The `[mailbox]` table of `temoin.toml`; every key also as `TEMOIN_MAILBOX__…`, the secrets only there."""

    host: str | None = None
    """The IMAP server; None where no mailbox is configured."""
    port: int | None = None
    """None: 993, or 143 with `starttls` and `none`."""
    security: str = "tls"
    """`tls`, `starttls`, or `none`, which is only allowed on this machine itself."""
    ca_file: Path | None = None
    """Certificates (PEM) of the authority that vouches for the server, where it is none of the usual ones."""
    username: SecretStr | None = field(default=None, repr=False)
    password: SecretStr | None = field(default=None, repr=False)
    token: SecretStr | None = field(default=None, repr=False)
    """An OAuth 2.0 access token, used instead of the password."""
    folders: tuple[str, ...] = ("INBOX",)
    senders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Service, such as `acme` → domains of which the user knows that the service writes from them."""
    authserv_ids: tuple[str, ...] = ()
    """
    Names under which the user's own mail server writes `Authentication-Results`; its report is then believed. Hosts of
    that server whose names do not resemble these are listed here too.
    """
    addresses: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Account → the e-mail address that was given for it, or a list with its aliases."""
    max_messages: int = 5000
    """How many of a folder's newest messages are looked at."""
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """The `[notifications]` table of `temoin.toml`; every key also as `TEMOIN_NOTIFICATIONS__…`, `urls` only there."""

    urls: tuple[SecretStr, ...] = field(default=(), repr=False)
    """Where to: Apprise URLs, which hold passwords and tokens."""
    names: bool = False
    """Whether a message may name accounts; without, it only counts."""
