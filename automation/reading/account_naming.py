"""
Whose account a page shows, where the service's own file names no place for it: e-mail address, handle, number, menu.

Only places count that speak of the person who is signed in: objects that data call `user`, `viewer`, `me` and the like,
controls of the page's frame, `<meta>` tags, cookies and storage that are named so. Everything else on a page may be
somebody else's. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from automation.page import walk
from automation.reading.account_marks import EMAIL, AccountMarks, MarkKind, Marks, plain
from automation.text.known_secrets import is_key_like
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView

_PERSON = re.compile(r"(?:current|logged_?in|signed_?in|active)?_*(?:user|viewer|me|member|account|session|profile)")
_EMAIL_FIELDS = frozenset({"email", "emailaddress", "mail", "primaryemail"})
_LOGIN_FIELDS = frozenset({"login", "username", "handle", "screenname", "publicidentifier", "userlogin", "actorlogin"})
_NUMBER_FIELDS = frozenset({"id", "idstr", "uuid", "uid", "userid", "accountid", "memberid", "actorid"})
_NAME_FIELDS = frozenset({"name", "fullname", "displayname"})
_COOKIE = re.compile(r"(?:.*[._-])?(?:user|user_?name|login|uid|user_?id|member_?id|account_?id)", re.IGNORECASE)
_LOGIN_COOKIE = re.compile(r"(?:.*[._-])?(?:user|user_?name|login)", re.IGNORECASE)
_NO_NAMES = frozenset({"true", "false", "yes", "no", "null", "none", "undefined", "anonymous", "guest", "deleted"})
_FLAT = re.compile(r"(?:wg|current|my|logged_?in|signed_?in)?_?user_?(?P<what>name|login|email|id)")
"""Keys beside no object of their own that speak of who is signed in, such as `currentUserEmail`."""
_GENERIC = re.compile(
    r"\b(?:accounts?|avatar|close|home|icon|image|log|log(?:in|out)|menu|my|me|navigation|open|out|photo|picture|profile"
    r"|settings|sign|switch|users?|your|compte|konto|cuenta|mein|perfil|profil|profilbild|votre)\b"
)
"""Words that a control of everybody's account menu has in its name: such a name names nobody."""
_MENU = re.compile(r"account|profile|avatar|(?:^|[^a-z])(?:user|me)(?:[^a-z]|$)", re.IGNORECASE)
_FRAME = frozenset({"banner", "navigation", "complementary"})
_FRAME_TAGS = frozenset({"HEADER", "NAV", "ASIDE"})
_CONTROLS = frozenset({"button", "link", "menuitem"})
_LONGEST = 160
_MENUS = frozenset({"menu", "true"})
"""How a button says that it opens a menu; one that shows an address is the account's."""
_LONG_NUMBER = re.compile(r"\d{6,}")


class Naming(StrEnum):
    """How a page names the account."""

    IDENTITY = "identity"
    """By the service's own data, as the configuration calls it."""
    CONFIRMED = "confirmed"
    """By what a person confirmed when the session was saved."""
    NOBODY = "nobody"


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
    pieces = [piece for piece in view.handed_over if not (isinstance(piece, Mapping) and set(piece) == {"viewer"})]
    # Of an answer to "who is signed in" only its own fields name the person: it may hold who invited them, too.
    mentioned = _mails(pieces) and _mails(view.handed_over)
    return AccountMarks(page.done(), browser.done(), mentioned)


def _mails(pieces: Iterable[Any]) -> frozenset[str]:
    """Every e-mail address that stands in data, wherever in it."""
    texts = (text for piece in pieces for text in walk(piece) if isinstance(text, str))
    return frozenset(plain(m[0]) for text in texts if (m := EMAIL.fullmatch(text.strip())))


class _Gathered:
    """Marks as they are found."""

    def __init__(self) -> None:
        self._found: dict[MarkKind, set[str]] = {}

    def add(self, kind: MarkKind, value: object) -> None:
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if kind is MarkKind.EMAIL and not EMAIL.fullmatch(text):
            return
        if kind is MarkKind.LOGIN and EMAIL.fullmatch(text):
            kind = MarkKind.EMAIL
        if kind is MarkKind.NUMBER and len(text) < 4:
            return
        if 2 <= len(text) <= _LONGEST:
            self._found.setdefault(kind, set()).add(plain(text))

    def data(self, piece: Any) -> None:
        for what, value in _flat(piece):
            self.add(_FLAT_KINDS[what], value)
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
            # A name runs texts together that stand apart on the page: "ada@example.orgPro plan".
            texts = [inner.text for inner in view.within(node.index) if inner.tag == "#text"]
            apart = [email for text in texts for email in EMAIL.findall(text)]
            opens = len(apart) == 1 and node.attributes.get("aria-haspopup") in _MENUS
            if not (framed and (opens or _leads_to_person(node))):
                continue
            for email in apart or EMAIL.findall(node.name):
                self.add(MarkKind.EMAIL, email)
            shown = re.sub(r"\d+", "", fold_label(node.name)).strip()
            if not _GENERIC.search(shown):
                self.add(MarkKind.MENU, shown)
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
        elif described and not _GENERIC.search(described.casefold()):
            self.add(MarkKind.NAME, described)

    def cookie(self, name: str, value: str, *, marks_sign_in: bool) -> None:
        name = _parted(name)
        text = unquote(unquote(value)).strip().strip('"')
        try:
            held = json.loads(text)
        except (ValueError, RecursionError):
            held = None
        if isinstance(held, dict):
            self.data({"user": held})
            self.data(held)
        elif _LOGIN_COOKIE.fullmatch(name) and not is_key_like(text) and text.casefold() not in _NO_NAMES:
            self.add(MarkKind.NUMBER if text.isdigit() else MarkKind.LOGIN, text)
        elif (marks_sign_in or _COOKIE.fullmatch(name)) and len(text) < 40:
            for number in _LONG_NUMBER.findall(text):
                self.add(MarkKind.NUMBER, number)

    def done(self) -> Marks:
        return {kind: frozenset(values) for kind, values in self._found.items()}


def _people(piece: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Objects that data call by a word for who is signed in; of a list, none: those are others."""
    waiting = list(piece) if isinstance(piece, list) else [piece]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting.extend(value.values())
            for key, inner in value.items():
                called = _parted(str(key))
                if isinstance(inner, Mapping) and _PERSON.fullmatch(called):
                    yield called, inner


def _flat(piece: Any) -> Iterator[tuple[str, Any]]:
    """What the outermost objects of a piece say of the person under keys of their own."""
    outer = [piece, *piece.values()] if isinstance(piece, Mapping) else []
    for table in outer:
        for key, value in table.items() if isinstance(table, Mapping) else ():
            found = _FLAT.fullmatch(_parted(str(key)))
            if found:
                yield found["what"], value


def _kind_of(key: str) -> MarkKind | None:
    folded = _folded(key)
    return next((kind for fields, kind in _FIELDS if folded in fields), None)


_FIELDS = (
    (_EMAIL_FIELDS, MarkKind.EMAIL),
    (_LOGIN_FIELDS, MarkKind.LOGIN),
    (_NUMBER_FIELDS, MarkKind.NUMBER),
    (_NAME_FIELDS, MarkKind.NAME),
)
_FLAT_KINDS = {
    "name": MarkKind.LOGIN,
    "login": MarkKind.LOGIN,
    "email": MarkKind.EMAIL,
    "id": MarkKind.NUMBER,
}


def _parted(key: str) -> str:
    """`signedInUser` as `signed_in_user`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()


def _folded(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


def _leads_to_person(node: Node) -> bool:
    """Whether a control of the page's frame is the person's own: by its ids, its target, or its name."""
    told = (node.attributes.get(name, "") for name in ("id", "data-testid", "data-test", "aria-label", "title"))
    path = urlsplit(node.attributes.get("href", "")).path
    return any(_MENU.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text)) for text in (*told, path) if text)
