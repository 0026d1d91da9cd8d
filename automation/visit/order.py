"""What one check is asked for: the account, the rules, and with what means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from automation.core.accounts import Account, subject
from automation.core.cases import Case
from automation.core.policy import Policy
from automation.core.records import EvidenceSettings
from automation.core.settings import BrowserSettings
from automation.core.statements import Statement
from automation.evidence import Sealer
from automation.flow import Flow
from automation.session import Credentials, Means
from automation.text.known_secrets import is_name
from automation.text.redaction import Redactor


@dataclass(frozen=True)
class Limits:
    """How long things may take before they are given up, in seconds."""

    visit_s: float = 240.0
    """A page that keeps its tab busy for ever must not keep the run. Not where a person sits at the window."""
    closing_s: float = 15.0
    """Within which a context closes; then it is cut off."""
    grace_s: float = 5.0
    """How long visits may go on once the run is to end."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be checked, and with what."""

    account: Account
    flow: Flow
    browser: BrowserSettings
    folder: Path
    """The run's folder, inside the sealer's; the evidence of this account goes into a folder of its own in it."""
    identity_key: bytes = field(repr=False)
    means: Means
    sealer: Sealer
    credentials: Credentials | None = field(default=None, repr=False)
    strict: bool = False
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    policy: Policy = field(default_factory=Policy)
    """What verdicts are worth to the accounts' owners."""
    answers: tuple[Statement, ...] = ()
    """What people said and still stands."""
    limits: Limits = field(default_factory=Limits)
    cases: tuple[Case, ...] = ()
    """The objections that were filed; one without a decision in time is a finding."""
    redactor: Redactor = field(default_factory=Redactor, repr=False)
    doing: Callable[[str], None] = field(default=lambda _: None, repr=False)
    """Told what is being done: `sign_in`, each surface as it is opened, `seal`."""
    today: Callable[[], date] = field(default=lambda: datetime.now(UTC).date())

    @property
    def secrets(self) -> tuple[str, ...]:
        """What the user gave for this account, and may stand nowhere: evidence that holds it is not sealed."""
        given = self.credentials
        kept = (given.password, given.totp_secret) if given else ()
        keys = tuple(one.get_secret_value() for one in kept if one)
        return tuple(text for text in (*self._callings, *keys) if text in keys or not is_name(text))

    @property
    def names(self) -> tuple[str, ...]:
        """What the user gave that names a person: masked in evidence, and no key to the account."""
        return tuple(text for text in self._callings if is_name(text))

    @property
    def _callings(self) -> tuple[str, ...]:
        given = self.credentials
        return (self.account.identity, *((given.username.get_secret_value(),) if given else ()))

    @property
    def subject(self) -> str:
        """The account as evidence names it."""
        return subject(self.account.identity, self.identity_key)
