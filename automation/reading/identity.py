"""
Whose account a page shows: what names the person who is signed in, and whether that is who was confirmed.

Where the service's own file names no place for it, only places count that speak of the person who is signed in: objects
that data call `user`, `viewer`, `me` and the like, controls of the page's frame, `<meta>` tags, cookies and storage
that are named so. Everything else on a page may be somebody else's. Pure; values never leave the process but as HMACs,
or to the person at the window.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from automation.core.accounts import subject
from automation.page import Node, PageView, walk
from automation.text.normalizing import fold_label
from automation.text.redaction import is_key_like

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
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
        wanted = _plain(identity)
        return any(wanted in self.page.get(kind, _NONE) for kind in _TELLING) or self.mentioned == {wanted}

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


def _plain(text: str) -> str:
    """A value as it is compared."""
    return text.strip().casefold()


def _common(ours: Marks, theirs: Marks) -> Marks:
    both = {kind: values & theirs.get(kind, _NONE) for kind, values in ours.items()}
    return {kind: values for kind, values in both.items() if values}


class Naming(StrEnum):
    """How a page names the account."""

    IDENTITY = "identity"
    """By the service's own data, as the configuration calls it."""
    CONFIRMED = "confirmed"
    """By what a person confirmed when the session was saved."""
    NOBODY = "nobody"


# -- what a page and the browser hold

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
_SHORTEST, _SHORTEST_NUMBER, _LONGEST, _LONGEST_OF_A_NUMBER = 2, 4, 160, 40
_MENUS = frozenset({"menu", "true"})
"""How a button says that it opens a menu; one that shows an address is the account's."""
_LONG_NUMBER = re.compile(r"\d{6,}")
_FIELDS = (
    (_EMAIL_FIELDS, MarkKind.EMAIL),
    (_LOGIN_FIELDS, MarkKind.LOGIN),
    (_NUMBER_FIELDS, MarkKind.NUMBER),
    (_NAME_FIELDS, MarkKind.NAME),
)
_FLAT_KINDS = {"name": MarkKind.LOGIN, "login": MarkKind.LOGIN, "email": MarkKind.EMAIL, "id": MarkKind.NUMBER}
_Found = Iterator[tuple[MarkKind, object]]


def marks_of(view: PageView, cookies: Mapping[str, str], session_cookies: Iterable[str] = ()) -> AccountMarks:
    """
    Read what names the person who is signed in, on a page that only somebody signed in sees.

    What `session_cookies` hold, which mark a sign-in, may be the account's number.
    """
    signing_in = frozenset(session_cookies)
    page, browser = list(_in_menus(view)), list[tuple[MarkKind, object]]()
    for piece in view.handed_over:
        keys = set(piece) if isinstance(piece, Mapping) else set[str]()
        (browser if keys == {"storage"} else page).extend(_in_data(piece))
        if keys == {"meta"} and isinstance(piece["meta"], Mapping):
            page.extend(_in_meta(piece["meta"]))
    for name, value in cookies.items():
        browser.extend(_in_cookie(_parted(name), value, marks_sign_in=name in signing_in))
    # Of an answer to "who is signed in" only its own fields name the person: it may hold who invited them, too.
    pieces = [piece for piece in view.handed_over if not (isinstance(piece, Mapping) and set(piece) == {"viewer"})]
    mentioned = _mails(pieces) and _mails(view.handed_over)
    return AccountMarks(_marks(page), _marks(browser), mentioned)


def _mails(pieces: Iterable[Any]) -> frozenset[str]:
    """Every e-mail address that stands in data, wherever in it."""
    texts = (text for piece in pieces for text in walk(piece) if isinstance(text, str))
    return frozenset(_plain(m[0]) for text in texts if (m := _EMAIL.fullmatch(text.strip())))


def _marks(found: Iterable[tuple[MarkKind, object]]) -> Marks:
    """Values by kind, as they are compared; what cannot be of its kind is left out."""
    marks: dict[MarkKind, set[str]] = {}
    for kind, value in found:
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
        is_mail = _EMAIL.fullmatch(text) is not None
        kept = MarkKind.EMAIL if kind is MarkKind.LOGIN and is_mail else kind
        shortest = _SHORTEST_NUMBER if kept is MarkKind.NUMBER else _SHORTEST
        if shortest <= len(text) <= _LONGEST and (is_mail or kept is not MarkKind.EMAIL):
            marks.setdefault(kept, set()).add(_plain(text))
    return {kind: frozenset(values) for kind, values in marks.items()}


def _in_data(piece: Any) -> _Found:
    for what, value in _flat(piece):
        yield _FLAT_KINDS[what], value
    for called, person in _people(piece):
        for key, value in person.items():
            folded = _folded(str(key))
            kind = next((kind for fields, kind in _FIELDS if folded in fields), None)
            if kind is not None and not (called.endswith("session") and folded == "id"):
                yield kind, value


def _in_meta(tags: Mapping[str, Any]) -> _Found:
    for name, content in tags.items():
        for fields, kind in _FIELDS:
            if any(_folded(name).endswith(field) for field in fields if len(field) > len("email")):
                yield kind, content


def _in_menus(view: PageView) -> _Found:
    """What the account's menus in the page's frame show."""
    for node in view.shown_nodes():
        above = view.ancestors(node.index)
        if node.role not in _CONTROLS or not any(a.role in _FRAME or a.tag in _FRAME_TAGS for a in above):
            continue
        inside = list(view.within(node.index))
        # A name runs texts together that stand apart on the page: "ada@example.orgPro plan".
        apart = [email for inner in inside if inner.tag == "#text" for email in _EMAIL.findall(inner.text)]
        opens = len(apart) == 1 and node.attributes.get("aria-haspopup") in _MENUS
        if not (opens or _leads_to_person(node)):
            continue
        yield from ((MarkKind.EMAIL, email) for email in apart or _EMAIL.findall(node.name))
        shown = re.sub(r"\d+", "", fold_label(node.name)).strip()
        if not _GENERIC.search(shown):
            yield MarkKind.MENU, shown
        for image in inside:
            if image.tag == "IMG":
                yield from _in_picture(image)


def _in_picture(image: Node) -> _Found:
    address = urlsplit(image.attributes.get("src", ""))
    if address.path and address.scheme != "data":
        yield MarkKind.AVATAR, f"{address.netloc}{address.path}"
    described = image.attributes.get("alt", "").strip()
    if re.fullmatch(r"@[\w.-]{2,40}", described):
        yield MarkKind.LOGIN, described[1:]
    elif described and not _GENERIC.search(described.casefold()):
        yield MarkKind.NAME, described


def _in_cookie(name: str, value: str, *, marks_sign_in: bool) -> _Found:
    text = unquote(unquote(value)).strip().strip('"')
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        held = None
    if isinstance(held, dict):
        yield from _in_data({"user": held})
        yield from _in_data(held)
    elif _LOGIN_COOKIE.fullmatch(name) and not is_key_like(text) and text.casefold() not in _NO_NAMES:
        yield MarkKind.NUMBER if text.isdigit() else MarkKind.LOGIN, text
    elif (marks_sign_in or _COOKIE.fullmatch(name)) and len(text) < _LONGEST_OF_A_NUMBER:
        yield from ((MarkKind.NUMBER, number) for number in _LONG_NUMBER.findall(text))


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
