"""What is told to the person at the window, and whose account is waited for there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from automation.domain.verdicts import ChallengeKind
from automation.session.vault import Confirmation


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


@dataclass(frozen=True, slots=True)
class Whose:
    """The account that somebody is to sign in to."""

    identity: str | None = field(repr=False)
    """What the service calls it; never told, only compared. None: not known yet, and whoever signs in is right."""
    name: str = ""
    """As the configuration calls it."""
    key: bytes = field(default=b"", repr=False)
    """Of the HMACs that are kept of it."""
    kept: Confirmation | None = None
    """What was confirmed before; None where nothing was."""
