"""The items of an inbox's list that have an address: which links lead to one, and what the list says of it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.page import DISCLOSURES
from automation.reading.controls.by_label import is_open
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.list_addresses import OF_A_VIEW
from automation.reading.inbox.list_items import framed, in_menu

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.page import Node, PageView

_UNFOLDING = frozenset({"button"}) | DISCLOSURES
_LANDMARKS = frozenset({"main", "navigation", "region", "banner", "complementary", "RootWebArea"})
_IDENTIFIER = re.compile(r"(?=.*\d{3})[\w.:-]{8,}")
"""A value in an address that names one thing of many."""
_NUMBER = re.compile(r"(?=.*\d{3})[\w.:-]+")
"""The same where the address says that it shows the details of one thing."""
OF_AN_ITEM = re.compile(
    r"(?:(?:selected|active|current|open)_?)?(?:item|case|thread|ticket|conversation|chat|dialog|message|msg|mail|letter"
    r"|request|report(?=_?id)|enquiry|inquiry|submission|entry|topic|doc|document|ref|reference|number|no|nr|id|[cmrt]id|c)(?:_?(?:id|no|nr|number|key))?"
    r"|selected|chosen|active|current|opened"
)
"""Keys of a query that name an item of a list; nouns all of them, since `?close=…` acts."""
_WORD = re.compile(r"[^\W\d_]{4}")
_LOOKED_AT = re.compile(
    r"(?:view_?)?(?:details?|view|item|case|thread|ticket|message|request|conversation)s?|inbox|support"
)
"""What the last part of an address is called that shows an item."""
_ACTION = re.compile(
    r"(?:mark|set|close|reopen|delete|remove|archive|withdraw|cancel|dismiss|resolve|hide|mute|unsubscribe|confirm|submit"
    r"|send|undo|rate)(?:[_-]\w+)*"
)
"""What the last part of an address is called that does something with an item."""
_TRACKS = re.compile(r"(?:src|source|from|via|origin|entry_?point|utm_\w+|surface|trk|hl|lang|locale)")
"""Keys of a query that tell from where somebody came, and in which language."""
_DETAILS = re.compile(r"(?:view_?)?details?")


def item_links(view: PageView, surface: Surface) -> list[str]:
    """Addresses of the items that are links under the inbox's own paths."""
    own = {urlsplit(url).path.rstrip("/") for url in surface.urls}
    found = []
    for node, href in view.links():
        target = urljoin(view.url, href)
        path = urlsplit(target).path
        chosen = path.rstrip("/") in own and _names_one(view.url, target)
        listed = not chosen and names_an_item(target)  # a list beside the open item may be a navigation of its own
        if (path.rstrip("/") in own and not chosen) or framed(view, node, within_main=chosen, listed=listed):
            continue
        if not urlsplit(target).query and _IDENTIFIER.search(path) is None and in_menu(view, node):
            continue
        if acts(target) and _names_any(target):
            continue
        if urlsplit(target).hostname == view.host and any(fnmatchcase(path, p) for p in surface.paths):
            found.append(target)
    return list(dict.fromkeys(found))


def acts(target: str) -> bool:
    """Whether an address is called as what does something: `/mark_closed/?id=…`."""
    last = next((step for step in reversed(urlsplit(target).path.split("/")) if step), "")
    return _ACTION.fullmatch(last.casefold()) is not None


def _names_any(target: str) -> bool:
    """Whether the query of an address names an item, whatever else it holds."""
    return any(OF_AN_ITEM.fullmatch(key.casefold()) for key, _ in parse_qsl(urlsplit(target).query))


def _names_one(shown: str, target: str) -> bool:
    """
    Whether an address of the list itself names one item that it shows beside its list: `?selected_item=…`.

    Nothing else of the query may differ but what names a view or a page: `?close=…` acts, and the guard cannot know.
    """
    here, there = dict(parse_qsl(urlsplit(shown).query)), parse_qsl(urlsplit(target).query)
    differing = [(key.casefold(), value) for key, value in there if here.get(key) != value]
    named = [value for key, value in differing if OF_AN_ITEM.fullmatch(key)]
    others = [key for key, _ in differing if not OF_AN_ITEM.fullmatch(key)]
    return len(named) == 1 and _IDENTIFIER.fullmatch(named[0]) is not None and all(map(OF_A_VIEW.fullmatch, others))


def names_an_item(target: str) -> bool:
    """Whether an address names one thing of many to be looked at, and no more of it: `/withdraw/?id=…` acts."""
    parts = urlsplit(target)
    pairs = [(key.casefold(), value) for key, value in parse_qsl(parts.query)]
    named = [value for key, value in pairs if OF_AN_ITEM.fullmatch(key) and not _TRACKS.fullmatch(key)]
    tracked = sum(_TRACKS.fullmatch(key) is not None for key, _ in pairs)
    steps = [step for step in parts.path.split("/") if step and not step.isdigit()]
    looks = bool(steps) and all(map(_LOOKED_AT.fullmatch, steps[-1:]))
    kind = _NUMBER if looks and _DETAILS.fullmatch(steps[-1]) else _IDENTIFIER
    return looks and len(named) == len(pairs) - tracked == 1 and kind.fullmatch(named[0]) is not None


def may_name_others(view: PageView, surface: Surface, links: list[str]) -> bool:
    """Whether the site's frame leads to what looks like an item, by a number too short to be sure of it."""
    for node, href in view.links():
        parts = urlsplit(target := urljoin(view.url, href))
        own = parts.hostname == view.host and any(fnmatchcase(parts.path, p) for p in surface.paths)
        if own and target not in links and framed(view, node):
            keys = [(key.casefold(), value) for key, value in parse_qsl(parts.query)]
            if any(OF_AN_ITEM.fullmatch(key) and _NUMBER.fullmatch(value) for key, value in keys):
                return True
    return False


def named_in_list(view: PageView, href: str) -> str:
    """
    What the list says of the item behind an address; empty where it is another page of the list that has it.

    Of several links to it the first with a word in it: a number beside a subject may be one, too.
    """
    named = [view.text(node.index) or node.name for node, link in view.links() if urljoin(view.url, link) == href]
    texts = [" ".join(text.split()) for text in named if text.strip()]
    return next((text for text in texts if _WORD.search(text)), next(iter(texts), ""))


def holds_link(view: PageView, row: Node, links: list[str]) -> bool:
    """Whether a row holds one of these links, or stands in it."""
    inside = {n.index for n in view.within(row.index)} | {a.index for a in view.ancestors(row.index)}
    return any(node.index in inside for node, href in view.links() if urljoin(view.url, href) in links)


def unfolds_to(view: PageView, row: Node, links: list[str]) -> tuple[str, tuple[str, ...]] | None:
    """
    The one item to which a row that is open shows the way beneath it, with the words beside that; else None.

    Whether they are that item's must be asked of it: what decides may stand there itself, beside a link to another one.
    """
    if is_open(row) is not True:
        return None
    linked = {n.index: to for n, href in view.links() if (to := urljoin(view.url, href)) in links}
    around = next((a for a in view.ancestors(row.index) if any(view.is_inside(i, a.index) for i in linked)), None)
    if around is None or around.role in _LANDMARKS or around.tag in {"BODY", "MAIN"}:
        return None
    inside = {n.index for n in view.within(around.index)}
    own, elsewhere = ({to for i, to in linked.items() if (i in inside) is here} for here in (True, False))
    headed = any(n.role == "heading" and not view.is_inside(row.index, n.index) for n in view.within(around.index))
    openers = {n.index for n in view.within(around.index) if n.role in _UNFOLDING and n.shown}
    if len(own) != 1 or own & elsewhere or openers != {row.index} or headed or min(inside & linked.keys()) < row.index:
        return None
    called = {n.parent for i in linked for n in view.within(i) if n.tag == "#text"}
    texts = (n for n in view.within(around.index) if n.tag == "#text" and n.shown and n.parent not in called)
    return own.pop(), tuple(n.text for n in texts if n.text.strip() and not find_date(n.text, view.locale).dated)


def all_in_navigation(view: PageView, links: list[str]) -> bool:
    """Whether the links to all items stand in a navigation: beside what the page itself shows."""
    nodes = [node for node, href in view.links() if urljoin(view.url, href) in links]
    return bool(nodes) and all(any(a.role == "navigation" for a in view.ancestors(n.index)) for n in nodes)
