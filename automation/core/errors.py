"""
Every exception of Témoin.

What a site says is a verdict; an exception means that a check could not finish.

Exit codes are 2 for whatever the user can put right (ConfigurationError, OutputError), 3 for NotFiled, and 4 for
BundleError and GuardBreach. A CheckError concerns one account only, and carries a reason and the step.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from automation.core.verdicts import ChallengeKind, Owner, Reason


class TemoinError(Exception):
    """Base of all: `message` says what is wrong and where, `remedy` what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.remedy}" if self.remedy else self.message


class ConfigurationError(TemoinError):
    """The configuration, the environment or the command is wrong."""


class FlowError(ConfigurationError):
    """A flow's manifest or labels are wrong."""


class BrowserNotFound(ConfigurationError):
    """No usable browser was found."""


class VaultError(ConfigurationError):
    """The key of the saved sessions is missing or is none; concerns every account with a session."""


class OutputError(TemoinError):
    """A file could not be written where it belongs."""


class HistoryError(OutputError):
    """The history cannot be read or written; the evidence beside it is not concerned."""


class HistoryDamaged(HistoryError):
    """The history's file is damaged, or was never a history; the bundles hold everything to make it again."""


class GuardBreach(TemoinError):
    """A write may have left the browser, or the guard could not be put up."""


class BundleError(TemoinError):
    """Evidence could not be sealed so that it proves itself; there is none then."""


class MailboxUnavailable(ConfigurationError):
    """The mailbox cannot be reached, does not let us in, or has no such folder."""


class FleetError(ConfigurationError):
    """The database or the evidence store of a fleet cannot be reached, has no room, or is of another version."""


class CheckError(TemoinError):
    """One account's check cannot go on; the others are not concerned."""

    reason: Reason = Reason.NOT_RECOGNISED
    kind: ChallengeKind | None = None
    """What the service asks for, where it is one of the known things."""
    because_key: str | None = None
    """A narrower name than the reason's, where more is known than the reason says; reports have words for each."""

    def __init__(self, message: str, remedy: str = "", *, reason: Reason | None = None) -> None:
        super().__init__(message, remedy)
        if reason is not None:
            self.reason = reason
        self.step: str | None = None

    @property
    def retryable(self) -> bool:
        """Whether trying once more makes sense."""
        return self.reason.retryable

    @property
    def ends_visit(self) -> bool:
        """Whether nothing more may be read of this account now; else only this one page is lost."""
        return self.reason.owner is Owner.ACCOUNT_HOLDER or self.reason is Reason.BROWSER_LOST


class SiteUnreachable(CheckError):
    """The service did not answer in time or at all."""

    reason = Reason.TIMEOUT


class SignInNeeded(CheckError):
    """The service wants to know who is there, or asks for something only a person may give."""

    reason = Reason.LOGIN_REQUIRED

    def __init__(
        self, message: str, remedy: str = "", *, reason: Reason | None = None, kind: ChallengeKind | None = None
    ) -> None:
        super().__init__(message, remedy, reason=kind.reason if kind else reason)
        self.kind = kind


class NoSession(SignInNeeded):
    """No session of this account is saved."""

    because_key = "no_session"


class SessionUnusable(SignInNeeded):
    """The saved session cannot be used: damaged, sealed for another key, or of another account."""

    because_key = "session_unusable"


class OtherKey(SessionUnusable):
    """The saved session was sealed for another key than the one at hand."""


class SessionBusy(CheckError):
    """Another process uses the saved session of this account at this moment."""

    reason = Reason.TIMEOUT


class PageChanged(CheckError):
    """A page does not show what the flow knows."""

    reason = Reason.NOT_RECOGNISED


class BrowserLost(CheckError):
    """The browser or its tab is gone."""

    reason = Reason.BROWSER_LOST


class WriteAttempted(CheckError):
    """A flow tried to go where only writing leads."""

    reason = Reason.GUARD_BLOCKED


class NotFiled(TemoinError):
    """A person who sat at the form filed nothing: they did not want to, or it could not be offered to them."""


@contextmanager
def during(step: str) -> Iterator[None]:
    """Name the step on any CheckError that passes through; the innermost name stays."""
    try:
        yield
    except CheckError as error:
        error.step = error.step or step
        raise


def loaded_errors(names: Iterable[str], *more: type[Exception]) -> tuple[type[Exception], ...]:
    """
    Exceptions for an `except`, among them those of libraries that may not be installed.

    Args:
        names: such as `botocore.exceptions:ClientError`; one of a module that is not loaded cannot have been raised.
        more: exceptions that are at hand.
    """
    places = (name.partition(":") for name in names)
    found = (getattr(sys.modules.get(module), name, None) for module, _, name in places)
    return (*more, *(kind for kind in found if kind is not None))
