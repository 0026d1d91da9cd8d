"""
Who a page names: the account's holder by their id, others by what the page's own data calls a person.

Only for hiding them. What is taken for a name by mistake is hidden too, and decides nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from automation.page import once_a_page, walk
from automation.text.names import CAPITALS, looks_like_a_name

if TYPE_CHECKING:
    from automation.page import Node, PageView
    from automation.text.names import Names

_NAMES = frozenset(
    {
        "name", "fullname", "firstname", "middlename", "lastname", "givenname", "familyname", "displayname",
        "shortname", "nickname", "alternatename", "nativename", "username", "screenname", "handle", "login", "vanity",
        "publicidentifier", "email", "phone", "phonenumber",
    }
)  # fmt: skip
"""Keys under which the data of services names somebody, without case, spaces and underscores."""
_OF_A_PERSON = frozenset({"username", "screenname", "firstname", "lastname", "profileurl"})
"""Keys that only the data on a person has; countries and products have full and short names too."""
_OWN_ID = frozenset({"id", "pk", "pkid", "uid", "fbid", "userid", "accountid", "profileid", "viewerid"})
"""Keys under which somebody's data holds their own number, folded like `_NAMES`."""
_PEOPLE = frozenset({"user", "person", "profile", "member", "actor"})
_CAPTIONS = frozenset(
    (
        "account", "accounts", "address", "admin", "adresse", "as", "avatar", "basic", "benutzer", "benutzername",
        "business", "by", "compte", "comme", "connected", "connecté", "contact", "conta", "correo", "courriel",
        "cuenta", "e-mail", "email", "emails", "enterprise", "for", "free", "google", "handle", "home", "id",
        "identifiant", "in", "konto", "log", "logged", "login", "mail", "menu", "name", "nom", "of", "open", "out",
        "owner", "password", "personal", "phone", "photo", "picture", "plus", "premium", "primary", "pro", "profil",
        "profile", "secondary", "settings", "sign", "signed", "switch", "team", "teams", "telefon", "telephone", "to",
        "user", "username", "utente", "utilisateur", "verified", "with", "workspace", "you", "your",
    )
)  # fmt: skip
"""Words, folded, that stand beside an address or handle as its caption, and not as somebody's name."""
_BEFORE = re.compile(rf"(?P<name>{CAPITALS})[\s()<{{«\"“,;:·•|–—-]*@?$")
_AFTER = re.compile(rf"^[\s)>}}»\"”,;:·•|–—-]*(?P<name>{CAPITALS})(?=\s*(?:$|[\n(),;:·•|–—]))")
_IN_BRACKETS = re.compile(r"(?:^|[:\n])[^\S\n]*(?P<name>[^:()<>\n]{2,60}?)\s*[(<]@?$")
"""What somebody is called who writes it small, too: all that stands before an address in brackets."""
_POSSESSIVE = re.compile(r"['’]s$")
_ACCOUNT = re.compile(r"account|avatar|profil|user|konto|compte|cuenta|conta\b|perfil", re.IGNORECASE)
"""What the buttons of account menus are called, in words or in their markup."""
_BUTTONS = frozenset({"button", "link", "menuitem", "combobox"})
_HINTS = ("aria-label", "title", "id", "class", "name", "data-testid")
_PAIR, _FEW, _MOST_WORDS = 3, 5, 5
"""Texts of what holds an address and its owner's name, or of an account button; more is something else."""
_LONGEST = 80
_LONGEST_SCRIPT = 4_000_000
_ASSIGNED = re.compile(r"=\s*(?=[{\[])")
_MOST_ASSIGNED = 20


def holder_in(view: PageView, ids: Collection[str]) -> Iterator[str]:
    """What a page's data calls the account: the names that stand beside one of its ids."""
    for value in _mappings(view):
        if any(str(inner) in ids for inner in value.values() if isinstance(inner, str | int)):
            yield from _names_in(value)


@once_a_page
def own_names_in(view: PageView, own: str) -> frozenset[str]:
    """What a page's data calls the account itself: names in what has its id for its own, and not for a recipient's."""

    def is_own(value: Mapping[str, Any]) -> bool:
        return any(
            _key(key) in _OWN_ID for key, inner in value.items() if isinstance(inner, str | int) and str(inner) == own
        )

    return frozenset(name for value in _mappings(view) if own and is_own(value) for name in _names_in(value))


def others_in(view: PageView) -> Iterator[str]:
    """Full names of people that a page's data holds."""
    for value in _mappings(view):
        kind = str(value.get("__typename", value.get("@type", ""))).casefold()
        if kind in _PEOPLE or any(_key(key) in _OF_A_PERSON for key in value):
            yield from (name for name in _names_in(value) if looks_like_a_name(name))


def names_beside(text: str, spans: Collection[tuple[int, int]], names: Names) -> Iterator[tuple[int, int]]:
    """
    Where a name stands beside what an account goes by, in one text: "Google Account: Claire Moreau (claire@…)".

    Args:
        text: as a page has it.
        spans: where addresses, handles and ids stand in it.
        names: tell ordinary words.
    """
    for start, end in spans:
        before, after = text[:start], text[end:]
        for pattern, part, at in ((_BEFORE, before, 0), (_AFTER, after, end), (_IN_BRACKETS, before, 0)):
            match = pattern.search(part)
            found = _bare_name(match["name"], names, cased=pattern is not _IN_BRACKETS) if match is not None else ""
            if match is not None and found and (first := match["name"].find(found)) >= 0:
                first += at + match.start("name")
                yield first, first + len(found)
                break


def called_on(view: PageView, marked: Collection[int], names: Names) -> Iterator[str]:
    """
    What a page calls the account's holder: on the button of the account's menu, and beside an address or handle.

    Args:
        view: the page.
        marked: indexes of the texts that hold nothing but an address, handle or id of the account.
        names: tell ordinary words.
    """
    for index in marked:
        yield from _beside(view, index, names)
    for node in view.nodes:
        if node.role in _BUTTONS and _opens_an_account(view, node):
            said = [node.name, *(node.attributes.get(key, "") for key in ("aria-label", "title"))]
            yield from (text for text in _pieces(view, node)[:_FEW] if _bare_name(text, names) == text)
            yield from (found for text in said if (found := _bare_name(text.rpartition(":")[2], names)))


def _beside(view: PageView, index: int, names: Names) -> Iterator[str]:
    """Names among the few texts that stand with an address: full ones, and what stands right before it."""
    around = (_pieces(view, above) for above in view.ancestors(index))
    pieces = next((found for found in around if len(found) > 1), list[str]())
    if len(pieces) > _FEW:
        return
    shown, cased = " ".join(view.nodes[index].text.split()), len(pieces) > _PAIR
    above = pieces[: pieces.index(shown)] if shown in pieces else []
    yield from (text for text in pieces if looks_like_a_name(text) and _bare_name(text, names) == text)
    yield from (text for text in above[-1:] if text in {_bare_name(text, names, cased=c) for c in (True, cased)})


def _opens_an_account(view: PageView, node: Node) -> bool:
    """Whether a control opens the menu of an account: it says so, and has a menu or somebody's picture."""
    called = any(_ACCOUNT.search(node.attributes.get(key, "")) for key in _HINTS)
    has_menu = "hasPopup" in node.properties or "aria-haspopup" in node.attributes
    return called and (has_menu or any(n.tag == "IMG" or n.round for n in view.within(node.index)))


def _pieces(view: PageView, node: Node) -> list[str]:
    """The texts in an element, and what its pictures are called."""
    found = (n.text if n.tag == "#text" else n.attributes.get("alt", "") for n in view.within(node.index))
    return [" ".join(text.split()) for text in found if text.strip()]


def _bare_name(text: str, names: Names, *, cased: bool = True) -> str:
    """
    A text without the ordinary words around what may be a name; empty where nothing is left, or it is none.

    One word counts only where nothing but a caption stands before it: "Free plan" names nobody. What is not `cased`
    may be written small.
    """
    words = text.split()
    while words and _is_caption(words[0], names, cased=cased):
        del words[0]
    count = len(words)
    while words and _is_caption(words[-1], None, cased=cased):
        del words[-1]
    found = _POSSESSIVE.sub("", " ".join(words))
    if not cased:
        fits = len(words) <= _MOST_WORDS and not names.is_ordinary(found)
    elif len(words) == 1:
        fits = found.isalpha() and found[0] == found[0].upper() and (count == 1 or found != words[0])
    else:
        fits = looks_like_a_name(found) and not all(map(names.is_word, found.split()))
    return found if fits and 1 < len(found) <= _LONGEST else ""


def _is_caption(word: str, names: Names | None, *, cased: bool) -> bool:
    plain = word.strip("\"'’“”()[]:,.").casefold()
    if not any(c.isalpha() for c in plain) or plain in _CAPTIONS:
        return True
    return cased and (word.islower() or (names is not None and len(plain) > 1 and names.is_word(plain)))


def linked_names(view: PageView, patterns: Collection[str], ids: Collection[str], names: Names) -> Iterator[str]:
    """Names that links carry: those that lead to a person by the flow's rules, or to the account itself."""
    for node in view.nodes:
        if node.tag == "A" and leads_to_a_person(view, node, patterns, ids):
            texts = [n.text if n.tag == "#text" else n.attributes.get("alt", "") for n in view.within(node.index)]
            for text in (node.name, *texts):
                name = " ".join(text.split())
                if looks_like_a_name(name) and not names.is_ordinary(name):
                    yield name


def leads_to_a_person(view: PageView, node: Node, patterns: Collection[str], ids: Collection[str]) -> bool:
    """Whether a link leads to a person: by the flow's rules, or because its path holds the account's own id."""
    path = urlsplit(urljoin(view.url, node.attributes.get("href", ""))).path
    if any(fnmatchcase(path, pattern) for pattern in patterns):
        return True
    return any(part.lstrip("@") in ids for part in unquote(path).strip("/").split("/") if part)


def _names_in(value: Mapping[str, Any]) -> Iterator[str]:
    for key, inner in value.items():
        if _key(key) in _NAMES and isinstance(inner, str) and len(inner) <= _LONGEST:
            yield inner


@lru_cache(maxsize=16_384)
def _key(key: object) -> str:
    return re.sub(r"[\W_]", "", str(key)).casefold()


@once_a_page
def _mappings(view: PageView) -> tuple[Mapping[str, Any], ...]:
    pieces = (*view.embedded, *_assigned(view), *view.viewer)
    return tuple(value for piece in pieces for value in walk(piece) if isinstance(value, dict))


def _assigned(view: PageView) -> Iterator[Any]:
    """What scripts assign as JSON: `window.__INITIAL_STATE__ = {…}`."""
    decoder = json.JSONDecoder()
    for script in view.scripts:
        if len(script) > _LONGEST_SCRIPT or script.lstrip()[:1] in {"{", "["}:
            continue
        for number, match in enumerate(_ASSIGNED.finditer(script)):
            if number == _MOST_ASSIGNED:
                break
            try:
                yield decoder.raw_decode(script, match.end())[0]
            except (ValueError, RecursionError):
                continue
