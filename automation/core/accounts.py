"""Who is looked at: one login at one service, and what its owner expects of it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum

from automation.core.verdicts import Verdict


class AccountKind(StrEnum):
    """What the login is used for."""

    PROFILE = "profile"
    PAGE_ADMIN = "page_admin"
    PROFESSIONAL = "professional"


class SignInMethod(StrEnum):
    """How the session phase comes by a session."""

    PASSWORD = "password"  # noqa: S105 - a name for a way, not a secret
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Account:
    """One login, as `temoin.toml` describes it. Holds no secret but the identity, which never prints."""

    name: str
    """Lower case, digits and hyphens; the name everywhere."""
    flow: str
    """Which setting of which service, such as `acme.ai_training`."""
    owner: str
    """Groups the report."""
    identity: str = field(repr=False)
    """What the service calls this account; leaves the process only as an HMAC."""
    kind: AccountKind = AccountKind.PROFILE
    """What the login is used for."""
    page: str | None = None
    """The Page that a `page_admin` looks after."""
    sign_in: SignInMethod = SignInMethod.SESSION
    """With a session that a person saved, or with name and password."""
    expect: Verdict | None = None
    """The answer that is wanted; another one is a finding. Without it nothing is."""
    objects: tuple[str, ...] = ()
    """Where a service has one setting for each blog, site or team: all that are to be seen, by name or address."""
    region: str | None = None
    """Two-letter country of the account, where its owner wants it checked."""
    called: str = field(default="", repr=False)
    """What people call it, such as `Claire Dupont`: in the window and in reports, and in no evidence."""
    same_person: tuple[str, ...] = ()
    """Names of the other entries of this identity at this service: one sign-in serves them all."""

    def known_as(self, service: str) -> str:
        """`Claire Dupont (SERVICE)`; its short name where nobody said what to call it."""
        return f"{self.called} ({service})" if self.called else self.name

    @property
    def entries(self) -> tuple[str, ...]:
        """Names under which its session may be kept, its own first."""
        return (self.name, *self.same_person)

    @property
    def service(self) -> str:
        """The folder in `flows/`."""
        return self.flow.partition(".")[0]


def subject(identity: str, key: bytes) -> str:
    """
    The account as evidence may name it: an HMAC-SHA-256 in hex, the same for one account in every run.

    Args:
        identity: what the service calls the account.
        key: the organisation's key, at least 16 bytes; without it the id cannot be tried out.
    """
    return hmac.new(key, identity.strip().encode(), hashlib.sha256).hexdigest()
