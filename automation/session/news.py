"""What is told to the person at the window, and whose account is waited for there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from automation.core.verdicts import ChallengeKind
from automation.session.stopped import hosts_refused, writes_refused
from automation.session.vault import Confirmation

if TYPE_CHECKING:
    from automation.core.records import RequestRecord


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
_MOST_REFUSALS = 12


class Told:
    """
    What has been told, so that nothing is told twice in a row.

    Args:
        tell: called with each of the news.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._refusals: set[News] = set()
        self.last: News | None = None

    def say(self, news: News) -> None:
        """Tell what is waited for, where that has changed."""
        if news != self.last:
            self.last = news
            self._tell(news)

    def refused(self, records: Sequence[RequestRecord]) -> None:
        """Tell each refused request once, a dozen at most: a page that does not go on may be waiting for it."""
        found = [News(Waiting.REFUSED, what=what) for what in writes_refused(records)]
        found += [News(Waiting.OTHER_HOST, what=host) for host in hosts_refused(records)]
        for news in found:
            if news not in self._refusals and len(self._refusals) < _MOST_REFUSALS:
                self._refusals.add(news)
                self._tell(news)


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
