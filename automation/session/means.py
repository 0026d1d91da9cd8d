"""With what an account may be signed in, and what the person at the window is told; needs no browser yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from pydantic import SecretStr

from automation.core.verdicts import ChallengeKind
from automation.session.vault import Cooldown, Vault

Say = Callable[..., str]
"""Says a sentence of the catalogue in the person's language."""


def in_english(sentence: str, **values: object) -> str:
    """A sentence as it stands in the source, for where no language is chosen."""
    return sentence % values if values else sentence


class Waiting(StrEnum):
    """What the program waits for, or has to say, while the person is at the window."""

    SIGN_IN = "sign_in"
    """That the person signs in."""
    CHALLENGE = "challenge"
    """That they give what the service asks for."""
    IDENTITY = "identity"
    """That a page says who is signed in."""
    CONFIRM = "confirm"
    """That they say that they are signed in, and whose account it is: the service's own data does not."""
    ASKED = "asked"
    """That they answer whether what was found is their account."""
    WRONG_ACCOUNT = "wrong_account"
    """Somebody else was signed in; the window starts anew."""
    REFUSED = "refused"
    """The guard refused a write; if the page does not go on, that is why."""
    OTHER_HOST = "other_host"
    """The page wanted something from a host that is not the service's."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing worth telling the person; names nobody and holds no secret."""

    waiting: Waiting
    challenge: ChallengeKind | None = None
    what: str = ""
    """The refused request, or the host."""


Tell = Callable[[News], None]
TellOf = Callable[[str, str, News], None]
SIGN_IN = "sign_in"
"""Name of the step in results."""


class Credentials(Protocol):
    """What the environment holds for one account."""

    @property
    def username(self) -> SecretStr:
        """Name or e-mail address."""

    @property
    def password(self) -> SecretStr:
        """Password."""

    @property
    def totp_secret(self) -> SecretStr | None:
        """Base32 secret of the time-based codes; None without."""


@dataclass(frozen=True, slots=True)
class Means:
    """With what accounts may be signed in, and where that is remembered."""

    vault: Vault
    cooldown: Cooldown
    say: Say = in_english
    """Says sentences to that person, in their language."""
    attended: TellOf | None = None
    """Set where a person sits at the window: called with the names of account and service, and what is waited for."""
    limit_s: float = field(default=600.0)
    """How long they have."""
    handed_on: dict[str, Mapping[str, Any]] | None = field(default=None, repr=False)
    """
    Name of the account → the session that its first attempt signed in to with the password, as Playwright's storage
    state, for the second attempt of the same check; None where there is only one.
    """
