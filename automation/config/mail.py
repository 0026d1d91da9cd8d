"""The tables `[mailbox]` and `[notifications]`."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator

from automation.config.parsing import ConfigTable, Wrong, not_blank

_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*")
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


def _domain(value: str) -> str:
    domain = value.strip().lower().removeprefix("@")
    if not _DOMAIN.fullmatch(domain):
        raise Wrong(f'"{value}" is no domain.', "Write what stands behind the @ of the sender: mail.example.org.")
    return domain


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value.strip()):
        raise Wrong("this is no e-mail address.", "Write it as name@example.org, without a name before it.")
    return value.strip()


_Address = Annotated[str, AfterValidator(_address)]


def _host(value: str) -> str:
    host = not_blank(value).strip("[]")
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", host):
        raise Wrong(f'"{value}" is no host.', "Write the server's name, such as imap.example.org, without imaps://.")
    return host


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine itself, so that what is sent to it passes no network."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class MailboxTable(ConfigTable):
    """`[mailbox]`; each key is described at `automation.core.settings.MailboxSettings`."""

    host: Annotated[str, AfterValidator(_host)] | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    ca_file: Path | None = None
    username: SecretStr | None = None
    password: SecretStr | None = None
    token: SecretStr | None = None
    folders: tuple[Annotated[str, AfterValidator(not_blank)], ...] = Field(default=("INBOX",), min_length=1)
    senders: dict[str, tuple[Annotated[str, AfterValidator(_domain)], ...]] = Field(default_factory=dict)
    authserv_ids: tuple[Annotated[str, AfterValidator(not_blank)], ...] = ()
    addresses: dict[str, _Address | Annotated[tuple[_Address, ...], Field(min_length=1)]] = Field(
        default_factory=dict, repr=False
    )
    max_messages: int = Field(default=5000, ge=1, le=100_000)
    timeout_s: float = Field(default=30.0, gt=0, le=300, allow_inf_nan=False)

    @model_validator(mode="after")
    def _fits(self) -> MailboxTable:
        if self.security == "none" and self.host is not None and not is_this_machine(self.host):
            raise Wrong(
                f'security = "none" would send the password to {self.host} for everyone to read.',
                'Use security = "tls" or "starttls"; "none" is only for a server on this machine.',
            )
        return self


class NotificationsTable(ConfigTable):
    """`[notifications]`; each key is described at `automation.core.settings.NotificationSettings`."""

    urls: tuple[SecretStr, ...] = ()
    names: bool = False


ONLY_IN_ENVIRONMENT = frozenset(
    {("mailbox", "username"), ("mailbox", "password"), ("mailbox", "token"), ("notifications", "urls")}
)
"""Keys of tables that are secrets."""
