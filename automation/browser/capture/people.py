"""
Who a page names: the account's holder by their id, others by what the page's own data calls a person.

Only for hiding them. What is taken for a name by mistake is hidden too, and decides nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from automation.page import once_a_page, walk
from automation.text.names import looks_like_a_name

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


def _key(key: object) -> str:
    return re.sub(r"[\W_]", "", str(key)).casefold()


def _mappings(view: PageView) -> Iterator[Mapping[str, Any]]:
    for piece in (*view.embedded, *_assigned(view), *view.viewer):
        for value in walk(piece):
            if isinstance(value, Mapping):
                yield value


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
