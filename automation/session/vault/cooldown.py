"""The record of failed sign-ins, so that a scheduled job cannot hammer an account."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from automation.session.vault.keys import PRIVATE, private_folder, remove
from automation.storage.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

_WAITS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72))
"""After the first failure, the second …; the last one for all further."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How often signing in failed since it last went well. Holds no secret."""

    failures: int
    failed_at: datetime
    """Aware, UTC."""
    reason: str
    """As results spell it, such as `challenge`."""

    @property
    def wait(self) -> timedelta:
        """How long nobody signs in after the last failure."""
        return _WAITS[min(self.failures, len(_WAITS)) - 1]


class Cooldown:
    """
    One small file an account in a folder of its own; whoever asks holds the account's session lock.

    Every method raises OutputError where the record cannot be written: an account is not tried without it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def remaining(self, account: str, now: datetime) -> timedelta | None:
        """
        How long to wait before signing in again; None: go ahead.

        A record from the future (a clock was set back) or one that cannot be read counts from now on, so that it
        neither opens the way at once nor closes it for ever.
        """
        failure = self.last(account)
        if failure is None:
            return None
        if failure.failed_at > now:
            failure = replace(failure, failed_at=now)
            self._write(account, failure)
        left = failure.failed_at + failure.wait - now
        return left if left > timedelta(0) else None

    def last(self, account: str) -> Failure | None:
        """The last failure since signing in went well; a record that cannot be read is one from the far future."""
        path = self._path(account)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            return _UNREADABLE
        return _parsed(text) or _UNREADABLE

    def failed(self, account: str, reason: str, now: datetime) -> timedelta:
        """Signing in failed; how long to wait now."""
        before = self.last(account)
        failure = Failure(before.failures + 1 if before else 1, now, reason)
        self._write(account, failure)
        return failure.wait

    def succeeded(self, account: str) -> bool:
        """Signing in went well, or a person says to try again; whether there was a record."""
        return remove(self._path(account))

    def _path(self, account: str) -> Path:
        return self._folder / f"{account}.json"

    def _write(self, account: str, failure: Failure) -> None:
        private_folder(self._folder)
        document = {
            "failures": failure.failures,
            "failed_at": failure.failed_at.astimezone(UTC).isoformat(),
            "reason": failure.reason,
        }
        write_whole(self._path(account), json.dumps(document).encode(), mode=PRIVATE)


_UNREADABLE = Failure(1, datetime.max.replace(tzinfo=UTC), "unreadable")


def _parsed(text: str) -> Failure | None:
    try:
        document = json.loads(text)
        failures, reason = document["failures"], document["reason"]
        failed_at = datetime.fromisoformat(document["failed_at"])
    except (ValueError, TypeError, KeyError):
        return None
    if type(failures) is not int or failures < 1 or not isinstance(reason, str) or failed_at.tzinfo is None:
        return None
    return Failure(failures, failed_at, reason)
