"""
Whose account a page shows, where the service's own file names no place for it: e-mail address, handle, number, menu.

Only places count that speak of the person who is signed in: objects that data call `user`, `viewer`, `me` and the like,
controls of the page's frame, `<meta>` tags, cookies and storage that are named so. Everything else on a page may be
somebody else's. Pure; the values never leave the process but as HMACs, or to the person at the window.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from automation.domain.accounts import subject
from automation.page import walk
from automation.text.known_secrets import is_key_like
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PERSON = re.compile(r"(?:current|logged_?in|signed_?in|active)?_*(?:user|viewer|me|member|account|session|profile)")
_EMAIL_FIELDS = frozenset({"email", "emailaddress", "mail", "primaryemail"})
_LOGIN_FIELDS = frozenset({"login", "username", "handle", "screenname", "publicidentifier", "userlogin", "actorlogin"})
_NUMBER_FIELDS = frozenset({"id", "idstr", "uuid", "uid", "userid", "accountid", "memberid", "actorid"})
_NAME_FIELDS = frozenset({"name", "fullname", "displayname"})
_COOKIE = re.compile(r"(?:.*[._-])?(?:user|user_?name|login|uid|user_?id|member_?id|account_?id)", re.IGNORECASE)
_LOGIN_COOKIE = re.compile(r"(?:.*[._-])?(?:user|user_?name|login)", re.IGNORECASE)
_MENU = re.compile(r"account|profile|avatar|(?:^|[^a-z])(?:user|me)(?:[^a-z]|$)", re.IGNORECASE)
_FRAME = frozenset({"banner", "navigation", "complementary"})
_FRAME_TAGS = frozenset({"HEADER", "NAV", "ASIDE"})
_CONTROLS = frozenset({"button", "link", "menuitem"})
_LONGEST = 160
_LONG_NUMBER = re.compile(r"\d{6,}")


class MarkKind(StrEnum):
    """What names somebody, the most telling first: the first kind that two pages share decides."""

    EMAIL = "email"
    LOGIN = "login"
    NUMBER = "number"
    MENU = "menu"
    NAME = "name"
    AVATAR = "avatar"


Marks = Mapping[MarkKind, frozenset[str]]
"""What names the person who is signed in, by kind."""


@dataclass(frozen=True, slots=True, repr=False)
class AccountMarks:
    """What one page and the browser hold of the person who is signed in. Its `repr` names nobody."""

    page: Marks
    browser: Marks
    """Of cookies and storage."""
    mentioned: frozenset[str] = frozenset()
    """E-mail addresses that stand anywhere in the page's own data: they tell the account's own, and no other's."""

    @property
    def all(self) -> dict[MarkKind, frozenset[str]]:
        """Of the page and the browser together."""
        both = {kind: self.page.get(kind, _NONE) | self.browser.get(kind, _NONE) for kind in MarkKind}
        return {kind: values for kind, values in both.items() if values}

    def name(self, identity: str) -> bool:
        """Whether they hold what the configuration calls the account: its e-mail address, handle or number."""
        wanted = _plain(identity)
        telling = (MarkKind.EMAIL, MarkKind.LOGIN, MarkKind.NUMBER)
        return any(wanted in self.page.get(kind, _NONE) for kind in telling) or wanted in self.mentioned

    def name_another(self, identity: str) -> bool:
        """Whether the page's own data or menu gives another e-mail address than the account's."""
        emails = self.page.get(MarkKind.EMAIL, _NONE)
        return bool(emails) and _EMAIL.fullmatch(identity.strip()) is not None and _plain(identity) not in emails

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
    """Whether both name the same account, by the most telling kind that both have; None where they share none."""
    for kind in MarkKind:
        if ours.get(kind.value) and theirs.get(kind.value):
            return bool(set(ours[kind.value]) & set(theirs[kind.value]))
    return None


def same_account(ours: AccountMarks, theirs: AccountMarks) -> bool | None:
    """Whether two pages show the same account; None where they have nothing telling in common."""
    telling = (MarkKind.EMAIL, MarkKind.LOGIN)  # numbers, menus and pictures differ from page to page
    return agreement(*({kind.value: one.page.get(kind, _NONE) for kind in telling} for one in (ours, theirs)))


def marks_of(view: PageView, cookies: Mapping[str, str], session_cookies: Iterable[str] = ()) -> AccountMarks:
    """
    Read what names the person who is signed in.

    Args:
        view: a page that only somebody signed in sees.
        cookies: of the service, by name.
        session_cookies: names of those that mark a sign-in; what they hold may be the account's number.
    """
    page, browser = _Gathered(), _Gathered()
    for piece in view.handed_over:
        stored = isinstance(piece, Mapping) and set(piece) == {"storage"}
        (browser if stored else page).data(piece)
        if isinstance(piece, Mapping) and set(piece) == {"meta"} and isinstance(piece["meta"], Mapping):
            page.meta(piece["meta"])
    page.menus(view)
    for name, value in cookies.items():
        browser.cookie(name, value, marks_sign_in=name in set(session_cookies))
    texts = (text for piece in view.handed_over for text in walk(piece) if isinstance(text, str))
    mentioned = frozenset(_plain(m[0]) for text in texts if (m := _EMAIL.fullmatch(text.strip())))
    return AccountMarks(page.done(), browser.done(), mentioned)


class _Gathered:
    """Marks as they are found."""

    def __init__(self) -> None:
        self._found: dict[MarkKind, set[str]] = {}

    def add(self, kind: MarkKind, value: object) -> None:
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if kind is MarkKind.EMAIL and not _EMAIL.fullmatch(text):
            return
        if kind is MarkKind.LOGIN and _EMAIL.fullmatch(text):
            kind = MarkKind.EMAIL
        if kind is MarkKind.NUMBER and len(text) < 4:
            return
        if 2 <= len(text) <= _LONGEST:
            self._found.setdefault(kind, set()).add(_plain(text))

    def data(self, piece: Any) -> None:
        for called, person in _people(piece):
            for key, value in person.items():
                kind = _kind_of(str(key))
                if kind is not None and not (called.endswith("session") and _folded(str(key)) == "id"):
                    self.add(kind, value)

    def meta(self, tags: Mapping[str, Any]) -> None:
        for name, content in tags.items():
            folded = _folded(name)
            for fields, kind in _FIELDS:
                if any(folded.endswith(field) for field in fields if len(field) > 5):
                    self.add(kind, content)

    def menus(self, view: PageView) -> None:
        for node in view.shown_nodes():
            if node.role not in _CONTROLS:
                continue
            framed = any(a.role in _FRAME or a.tag in _FRAME_TAGS for a in view.ancestors(node.index))
            if not (framed and _leads_to_person(node)):
                continue
            for email in _EMAIL.findall(node.name):
                self.add(MarkKind.EMAIL, email)
            self.add(MarkKind.MENU, re.sub(r"\d+", "", fold_label(node.name)).strip())
            for inner in view.within(node.index):
                if inner.tag == "IMG":
                    self.picture(inner)

    def picture(self, image: Node) -> None:
        address = urlsplit(image.attributes.get("src", ""))
        if address.path and address.scheme != "data":
            self.add(MarkKind.AVATAR, f"{address.netloc}{address.path}")
        described = image.attributes.get("alt", "").strip()
        if re.fullmatch(r"@[\w.-]{2,40}", described):
            self.add(MarkKind.LOGIN, described[1:])
        elif described:
            self.add(MarkKind.NAME, described)

    def cookie(self, name: str, value: str, *, marks_sign_in: bool) -> None:
        text = unquote(unquote(value)).strip().strip('"')
        try:
            held = json.loads(text)
        except (ValueError, RecursionError):
            held = None
        if isinstance(held, dict):
            self.data({"user": held})
            self.data(held)
        elif _LOGIN_COOKIE.fullmatch(name) and not is_key_like(text):
            self.add(MarkKind.NUMBER if text.isdigit() else MarkKind.LOGIN, text)
        elif (marks_sign_in or _COOKIE.fullmatch(name)) and len(text) < 40:
            for number in _LONG_NUMBER.findall(text):
                self.add(MarkKind.NUMBER, number)

    def done(self) -> Marks:
        return {kind: frozenset(values) for kind, values in self._found.items()}


def _people(piece: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Objects that data call by a word for who is signed in; of a list, none: those are others."""
    for value in walk(piece):
        if isinstance(value, Mapping):
            for key, inner in value.items():
                called = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(key)).lower()
                if isinstance(inner, Mapping) and _PERSON.fullmatch(called):
                    yield called, inner


def _kind_of(key: str) -> MarkKind | None:
    folded = _folded(key)
    return next((kind for fields, kind in _FIELDS if folded in fields), None)


_FIELDS = (
    (_EMAIL_FIELDS, MarkKind.EMAIL),
    (_LOGIN_FIELDS, MarkKind.LOGIN),
    (_NUMBER_FIELDS, MarkKind.NUMBER),
    (_NAME_FIELDS, MarkKind.NAME),
)
_NONE: frozenset[str] = frozenset()


def _folded(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


def _leads_to_person(node: Node) -> bool:
    """Whether a control of the page's frame is the person's own: by its ids, its target, or its name."""
    told = (node.attributes.get(name, "") for name in ("id", "data-testid", "data-test", "aria-label", "title"))
    path = urlsplit(node.attributes.get("href", "")).path
    return any(_MENU.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text)) for text in (*told, path) if text)


def _plain(text: str) -> str:
    return text.strip().casefold()


def _common(ours: Marks, theirs: Marks) -> Marks:
    both = {kind: values & theirs.get(kind, _NONE) for kind, values in ours.items()}
    return {kind: values for kind, values in both.items() if values}
