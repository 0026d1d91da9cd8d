"""
Whose account a page shows: what names the person who is signed in, compared with what was confirmed.

Pure; the values never leave the process but as HMACs, or to the person at the window.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from automation.domain.accounts import subject

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NONE: frozenset[str] = frozenset()


class MarkKind(StrEnum):
    """What names somebody, the most telling first: the first kind that two pages share decides."""

    EMAIL = "email"
    LOGIN = "login"
    NUMBER = "number"
    MENU = "menu"
    NAME = "name"
    AVATAR = "avatar"


_TELLING = frozenset({MarkKind.EMAIL, MarkKind.LOGIN, MarkKind.NUMBER})
Marks = Mapping[MarkKind, frozenset[str]]
"""What names the person who is signed in, by kind."""


@dataclass(frozen=True, slots=True, repr=False)
class AccountMarks:
    """What one page and the browser hold of the person who is signed in. Its `repr` names nobody."""

    page: Marks
    browser: Marks
    """Of cookies and storage."""
    mentioned: frozenset[str] = frozenset()
    """
    E-mail addresses that stand anywhere in the page's own data, whatever it calls them. One alone tells the account's
    own; of several, such as a team's, nobody knows which is signed in.
    """

    @property
    def all(self) -> dict[MarkKind, frozenset[str]]:
        """Of the page and the browser together."""
        both = {kind: self.page.get(kind, _NONE) | self.browser.get(kind, _NONE) for kind in MarkKind}
        return {kind: values for kind, values in both.items() if values}

    def name(self, identity: str) -> bool:
        """Whether they hold what the configuration calls the account: its e-mail address, handle or number."""
        wanted = plain(identity)
        return any(wanted in self.page.get(kind, _NONE) for kind in _TELLING) or self.mentioned == {wanted}

    def name_another(self, identity: str) -> bool:
        """Whether the page's own data or menu gives another e-mail address than the account's."""
        emails = self.page.get(MarkKind.EMAIL, _NONE)
        return bool(emails) and EMAIL.fullmatch(identity.strip()) is not None and plain(identity) not in emails

    @property
    def contradict(self) -> bool:
        """Whether the page names another one than the browser's own cookies."""
        login = (self.page.get(MarkKind.LOGIN, _NONE), self.browser.get(MarkKind.LOGIN, _NONE))
        if all(login) and not login[0] & login[1]:
            return True
        shown, held = (
            {n for n in marks.get(MarkKind.NUMBER, _NONE) if n.isdigit()} for marks in (self.page, self.browser)
        )
        alike = {len(n) for n in shown} & {len(n) for n in held}  # numbers of one form are of one register
        return bool(alike) and not shown & held

    def same_over(self, other: AccountMarks) -> AccountMarks:
        """What two loads have in common."""
        return AccountMarks(
            _common(self.page, other.page), _common(self.browser, other.browser), self.mentioned & other.mentioned
        )

    def __bool__(self) -> bool:
        return bool(self.all)

    def __repr__(self) -> str:
        return f"AccountMarks({', '.join(self.all)})"


@dataclass(frozen=True, slots=True)
class KeptMarks:
    """What a person confirmed as their own account, as HMACs; compared on the pages of a check."""

    digests: Mapping[str, tuple[str, ...]]
    """Kind → HMAC-SHA-256 of each value, in hex."""
    key: bytes = field(repr=False)

    def agree(self, seen: AccountMarks) -> bool | None:
        """Whether a page shows the same account; None where it shows nothing of what was confirmed."""
        return agreement(self.digests, digests_of(seen, self.key))


def digests_of(marks: AccountMarks, key: bytes) -> dict[str, tuple[str, ...]]:
    """The marks as they may be kept."""
    return {kind.value: tuple(sorted(subject(v, key) for v in values)) for kind, values in marks.all.items()}


def agreement(ours: Mapping[str, Iterable[str]], theirs: Mapping[str, Iterable[str]]) -> bool | None:
    """
    Whether both name the same account, by the most telling kind that both have; None where they share none.

    Menus, names and pictures may hold more than what is the account's own: all that was confirmed must be there.
    """
    for kind in MarkKind:
        mine, others = set(ours.get(kind.value, ())), set(theirs.get(kind.value, ()))
        if not (mine and others):
            continue
        if kind in _TELLING:
            return bool(mine & others)
        if mine <= others:
            return True
        if not mine & others:
            return False
    return None


def same_account(ours: AccountMarks, theirs: AccountMarks) -> bool | None:
    """Whether two pages show the same account; None where they have nothing telling in common."""
    telling = (MarkKind.EMAIL, MarkKind.LOGIN)  # numbers, menus and pictures differ from page to page
    return agreement(*({kind.value: one.page.get(kind, _NONE) for kind in telling} for one in (ours, theirs)))


def plain(text: str) -> str:
    """A value as it is compared."""
    return text.strip().casefold()


def _common(ours: Marks, theirs: Marks) -> Marks:
    both = {kind: values & theirs.get(kind, _NONE) for kind, values in ours.items()}
    return {kind: values for kind, values in both.items() if values}
