"""Accounts as they are configured, and which of them one person signs in to with one session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from automation.config.shape import AccountTable
from automation.core.accounts import Account, SignInMethod


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
        return Account(**{**dict(entry), "owner": entry.owner or entry.name, "same_person": same})


def _signs_in_as(entry: AccountTable) -> tuple[str, str, SignInMethod]:
    return entry.flow.partition(".")[0], entry.identity.strip(), entry.sign_in
