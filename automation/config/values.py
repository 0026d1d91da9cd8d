"""What the rest of Témoin gets to see of the configuration: plain, frozen data; accounts, and the outgoing proxy."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from automation.config.shape import PREFIX, AccountTable
from automation.core.accounts import Account, SignInMethod
from automation.core.errors import ConfigurationError
from automation.core.policy import Policy
from automation.core.records import Authority, EvidenceSettings
from automation.core.settings import (
    VARIABLES,
    BrowserSettings,
    FleetSettings,
    MailboxSettings,
    NotificationSettings,
    OutgoingProxy,
)


@dataclass(frozen=True, slots=True)
class AccountSecrets:
    """What the session phase signs in with."""

    username: SecretStr
    password: SecretStr
    totp_secret: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a user can set."""

    accounts: tuple[Account, ...] = ()
    browser: BrowserSettings = field(default_factory=BrowserSettings)
    fleet: FleetSettings = field(default_factory=FleetSettings)
    mailbox: MailboxSettings = field(default_factory=MailboxSettings)
    notifications: NotificationSettings = field(default_factory=NotificationSettings)
    secrets: Mapping[str, AccountSecrets] = field(default_factory=dict, repr=False)
    """Account name → its secrets; only accounts whose user name and password are both set."""
    identity_key: SecretStr | None = field(default=None, repr=False)
    """Key of the HMAC that stands for an account's identity in evidence."""
    vault_key: SecretStr | None = field(default=None, repr=False)
    """Key of the saved sessions, an age identity; None: in the system's keyring."""
    signing_key: SecretStr | None = field(default=None, repr=False)
    """Key that seals evidence, as `temoin evidence key new --for-ci` prints it; None: the one kept on this machine."""
    time_stamps: tuple[Authority, ...] = ()
    """Who confirms when the evidence was sealed."""
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    policy: Policy = field(default_factory=Policy)
    """What is wanted, beyond what each account expects."""
    output: Path = Path("temoin-evidence")
    """The evidence folder; where none is named, `temoin-evidence` beside `temoin.toml`."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Language → the reason of an objection in the user's own words."""
    history_path: Path | None = None
    """Where past results are kept; None: in the evidence folder."""
    lang: str | None = None
    """`en` or `fr`; None: from the locale."""
    strict: bool = False
    flow_paths: tuple[Path, ...] = ()
    """Folders with a user's own flows."""
    log_level: str = "INFO"
    config: Path | None = None
    """The file that was read; None where there is none."""
    authors: tuple[Account, ...] = ()
    """Every author of a Page that the file names, whichever accounts were chosen: the least protected one counts."""
    places: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Account name → where its `flow` stands, such as `temoin.toml:12`."""
    known_secrets: tuple[SecretStr, ...] = field(default=(), repr=False)

    def secret_values(self) -> tuple[str, ...]:
        """Every secret that is known, for redaction."""
        return tuple(secret.get_secret_value() for secret in self.known_secrets)


def secret_variable(account: str, part: str) -> str:
    """The variable that holds one secret, such as `TEMOIN_SECRETS__ATELIER_FACEBOOK__PASSWORD`."""
    return f"{PREFIX}SECRETS__{account.upper().replace('-', '_')}__{part.upper()}"


class People:
    """
    The accounts of a configuration, by who signs in to them.

    Args:
        everyone: all entries, in any order.
    """

    def __init__(self, everyone: Iterable[AccountTable]) -> None:
        self._names: defaultdict[tuple[str, str, SignInMethod], list[str]] = defaultdict(list)
        for entry in everyone:
            self._names[_signs_in_as(entry)].append(entry.name)

    def accounts(self, entries: Sequence[AccountTable]) -> tuple[Account, ...]:
        """These entries as accounts; each knows the others of the same person."""
        return tuple(map(self._account, entries))

    def _account(self, entry: AccountTable) -> Account:
        same = tuple(name for name in self._names[_signs_in_as(entry)] if name != entry.name)
        return Account(
            **{**dict(entry), "owner": entry.owner or entry.name, "called": entry.called or "", "same_person": same}
        )


def _signs_in_as(entry: AccountTable) -> tuple[str, str, SignInMethod]:
    return entry.flow.partition(".")[0], entry.identity.strip(), entry.sign_in


_PORTS = {"http": 80, "https": 443}


def outgoing_proxy(variables: Mapping[str, str] | None = None) -> OutgoingProxy | None:
    """
    The proxy for HTTPS, `HTTPS_PROXY` before `ALL_PROXY`, in either case; None where none is named.

    Raises ConfigurationError: the value names no HTTP proxy. It is not repeated, as it may hold a password.
    """
    given = os.environ if variables is None else variables
    named = {name.lower(): value for name, value in sorted(given.items()) if value and name.lower() in VARIABLES}
    variable = next((name for name in ("https_proxy", "all_proxy") if name in named), None)
    if variable is None:
        return None
    direct = (one.strip().lower() for one in named.get("no_proxy", "").split(","))
    try:
        return _proxy_at(named[variable], tuple(filter(None, direct)))
    except ValueError:
        raise ConfigurationError(
            f"{variable.upper()} (in the environment): this names no proxy that can be used.",
            "Write it like http://proxy.example.org:3128, with http://name:password@… where it asks for them. "
            "SOCKS is not supported.",
        ) from None


def _proxy_at(text: str, except_for: tuple[str, ...]) -> OutgoingProxy:
    """The proxy that an address names. Raises ValueError: it names none."""
    address = urlsplit(text if "://" in text else f"http://{text}")
    usual = _PORTS.get(address.scheme, 0)
    if not address.hostname or not usual:
        raise ValueError(address.scheme)
    name, password = unquote(address.username or ""), unquote(address.password or "")
    credentials = f"{name}:{password}" if name or password else ""
    tls = address.scheme == "https"
    return OutgoingProxy(address.hostname, address.port or usual, tls, credentials, except_for)
