"""How the mailbox is reached: plain data from the settings, read where the mailbox is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr


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
