"""What the rest of Témoin gets to see of the configuration: plain, frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from automation.config.shape import PREFIX
from automation.core.accounts import Account
from automation.core.policy import Policy
from automation.core.records import Authority, EvidenceSettings
from automation.core.settings import BrowserSettings, FleetSettings, MailboxSettings, NotificationSettings


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
    """Key that seals evidence, as `temoin keys new --for-ci` prints it; None: the one kept on this machine."""
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
