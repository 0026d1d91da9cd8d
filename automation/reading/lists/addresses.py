"""Addresses of an inbox: which name an item, a view or page of its list, the page itself, or an act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.flow.manifest import Surface
from automation.page import Node, PageView
from automation.reading.lists.views import is_chosen, is_home, lines_in
from automation.reading.threads.dates import find_date

CHROME = frozenset({"banner", "navigation", "search", "contentinfo"})
"""Roles of the site's own frame."""
_A_PAGE = r"page|pg|p|page_?(?:no|num|number|index|token)|cursor|after|before|skip|offset|start|from"
_OF_A_PAGE = re.compile(_A_PAGE)
OF_A_VIEW = re.compile(rf"(?:{_A_PAGE}|tab|filter|folder|status|state|view|category|type|kind|show|list|box|section)")
"""Keys of a query that name which part of a list is shown."""
_OF_AN_ITEM = re.compile(
    r"(?:(?:selected|active|current|open)_?)?(?:item|case|thread|ticket|conversation|chat|dialog|message|msg|mail|letter"
    r"|request|report(?=_?id)|enquiry|inquiry|submission|entry|topic|doc|document|ref|reference|number|no|nr|id|[cmrt]id|c)(?:_?(?:id|no|nr|number|key))?"
    r"|selected|chosen|active|current|opened"
)
"""Keys of a query that name an item of a list; nouns all of them, since `?close=…` acts."""
_IDENTIFIER = re.compile(r"(?=.*\d{3})[\w.:-]{8,}")
"""A value in an address that names one thing of many."""
_NUMBER = re.compile(r"(?=.*\d{3})[\w.:-]+")
"""The same where the address says that it shows the details of one thing."""
_OF_MANY, _COUNT = re.compile(r"\d{3}"), re.compile(r"[1-9]")
_LOOKED_AT = re.compile(
    r"(?:view_?)?(?:details?|view|item|case|thread|ticket|message|request|conversation)s?|inbox|support"
)
"""What the last part of an address is called that shows an item."""
_DETAILS = re.compile(r"(?:view_?)?details?")
_ACTION = re.compile(
    r"(?:mark|set|close|reopen|delete|remove|archive|withdraw|cancel|dismiss|resolve|hide|mute|unsubscribe|confirm|submit"
    r"|send|undo|rate)(?:[_-]\w+)*"
)
"""What the last part of an address is called that does something with an item."""
_TRACKS = re.compile(r"(?:src|source|from|via|origin|entry_?point|utm_\w+|surface|trk|hl|lang|locale)")
"""Keys of a query that tell from where somebody came, and in which language."""
_WORD = re.compile(r"[^\W\d_]{4}")
_CONTROLS = frozenset({"button", "link", "checkbox", "textbox", "switch", "combobox"})
_MENUS = frozenset({"navigation", "list", "tablist", "menu", "menubar"})
_USED = frozenset({"link", "button", "tab", "menuitem"})


# -- what an address names


def item_links(view: PageView, surface: Surface) -> list[str]:
    """Addresses of the items that are links under the inbox's own paths."""
    found = []
    for node, href in view.links():
        target = urljoin(view.url, href)
        parts = urlsplit(target)
        home = is_home(target, surface)
        chosen = home and _names_one(view.url, target)
        listed = not chosen and names_an_item(target)  # a list beside the open item may be a navigation of its own
        if (home and not chosen) or framed(view, node, within_main=chosen, listed=listed):
            continue
        if not parts.query and _IDENTIFIER.search(parts.path) is None and in_menu(view, node):
            continue
        if _is_under(parts.hostname, parts.path, view, surface) and not (acts(target) and item_keys(target)):
            found.append(target)
    return list(dict.fromkeys(found))


def names_an_item(target: str) -> bool:
    """Whether an address names one thing of many to be looked at, and no more of it: `/withdraw/?id=…` acts."""
    parts = urlsplit(target)
    pairs = [(key.casefold(), value) for key, value in parse_qsl(parts.query)]
    named = [value for key, value in pairs if _OF_AN_ITEM.fullmatch(key) and not _TRACKS.fullmatch(key)]
    tracked = sum(_TRACKS.fullmatch(key) is not None for key, _ in pairs)
    steps = [step for step in parts.path.split("/") if step and not step.isdigit()]
    looks = bool(steps) and _LOOKED_AT.fullmatch(steps[-1]) is not None
    kind = _NUMBER if looks and _DETAILS.fullmatch(steps[-1]) else _IDENTIFIER
    return looks and len(named) == len(pairs) - tracked == 1 and kind.fullmatch(named[0]) is not None


def _names_one(shown: str, target: str) -> bool:
    """
    Whether an address of the list itself names one item that it shows beside its list: `?selected_item=…`.

    Nothing else of the query may differ but what names a view or a page: `?close=…` acts, and the guard cannot know.
    """
    differing = _differing(shown, target)
    named = [value for key, value in differing if _OF_AN_ITEM.fullmatch(key)]
    others = [key for key, _ in differing if not _OF_AN_ITEM.fullmatch(key)]
    return len(named) == 1 and _IDENTIFIER.fullmatch(named[0]) is not None and all(map(OF_A_VIEW.fullmatch, others))


def is_of_the_list(target: str, view: PageView, surface: Surface) -> bool:
    """Whether an address shows the list, or all of it where the inbox's own page shows the latest items only."""
    if is_home(target, surface):
        return True
    parts = urlsplit(target)
    keys = (key.casefold() for key, _ in parse_qsl(parts.query))
    own = _is_under(parts.hostname, parts.path, view, surface) and not (names_an_item(target) or acts(target))
    return own and all(map(OF_A_VIEW.fullmatch, keys))


def may_name_others(view: PageView, surface: Surface, links: Sequence[str]) -> bool:
    """Whether the site's frame leads to what looks like an item, by a number too short to be sure of it."""
    framing = [urljoin(view.url, href) for node, href in view.links() if framed(view, node)]
    own = [to for to in framing if _is_under(urlsplit(to).hostname, urlsplit(to).path, view, surface)]
    return any(_NUMBER.fullmatch(value) for to in own if to not in links for _, value in item_keys(to))


def further_addresses(view: PageView, surface: Surface, read: AbstractSet[str]) -> bool:
    """Whether a link leads to the same list with a query: another folder or page of it. One that acts is no page."""
    targets = (urljoin(view.url, href) for _, href in view.links())
    own = (to for to in targets if is_home(to, surface) and to not in read and urlsplit(to).hostname == view.host)
    return any(key != "action" for to in own for key, _ in parse_qsl(urlsplit(to).query))


def differs_in_view(url: str, target: str) -> bool:
    """Whether an address differs from another in one value of its query only, and that names a view or a page."""
    differing = _differing(url, target)
    return len(differing) == 1 and OF_A_VIEW.fullmatch(differing[0][0]) is not None


def differs_in_page(url: str, target: str) -> bool:
    """Whether an address differs from another in a number only that names a page."""
    differing = _differing(url, target)
    return len(differing) == 1 and bool(_OF_A_PAGE.fullmatch(differing[0][0])) and differing[0][1].isdecimal()


def acts(target: str) -> bool:
    """Whether an address is called as what does something: `/mark_closed/?id=…`."""
    last = next((step for step in reversed(urlsplit(target).path.split("/")) if step), "")
    return _ACTION.fullmatch(last.casefold()) is not None


def leads_here(view: PageView, href: str) -> bool:
    """Whether a link leads to this very page: what it is called is the page's name, in whatever language."""
    target = urlsplit(urljoin(view.url, href))
    return target.hostname == view.host and target.path.rstrip("/") == view.path.rstrip("/") and not target.query


def _is_under(host: str | None, path: str, view: PageView, surface: Surface) -> bool:
    return host == view.host and any(fnmatchcase(path, pattern) for pattern in surface.paths)


def item_keys(target: str) -> list[tuple[str, str]]:
    """The pairs of an address's query that name an item, whatever else it holds."""
    return [pair for pair in parse_qsl(urlsplit(target).query) if _OF_AN_ITEM.fullmatch(pair[0].casefold())]


def _differing(url: str, target: str) -> list[tuple[str, str]]:
    """The pairs of an address's query, keys folded, that another one has not."""
    here = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    there = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
    return [(key.casefold(), value) for key, value in there.items() if here.get(key) != value]


# -- where links stand, and what they are called


def linked(view: PageView, links: Sequence[str]) -> list[Node]:
    """The links of a page that lead to one of these addresses."""
    return [node for node, href in view.links() if urljoin(view.url, href) in links]


def framed(view: PageView, node: Node, *, within_main: bool = False, listed: bool = False) -> bool:
    """Whether a node stands in the site's own frame; a navigation `within_main`, or that lists items, is none."""
    lineage = [a.role for a in view.ancestors(node.index)]
    frame = CHROME - {"navigation"} if listed or (within_main and "main" in lineage) else CHROME
    return not frame.isdisjoint(lineage)


def in_menu(view: PageView, node: Node) -> bool:
    """Whether a node stands in a list that also leads to the very page: the site's menu, where nothing says so."""
    around = next((a for a in view.ancestors(node.index) if a.role == "list"), None)
    if around is None:
        return False
    inside = [href for link, href in view.links() if view.is_inside(link.index, around.index)]
    return any(leads_here(view, href) and not urlsplit(urljoin(view.url, href)).fragment for href in inside)


def all_in_navigation(view: PageView, links: Sequence[str]) -> bool:
    """Whether the links to all items stand in a navigation: beside what the page itself shows."""
    nodes = linked(view, links)
    return bool(nodes) and all(any(a.role == "navigation" for a in view.ancestors(n.index)) for n in nodes)


def named_in_list(view: PageView, href: str) -> str:
    """
    What the list says of the item behind an address, by lines; empty where it is another page of the list that has it.

    Of several links to it the first with a word in it: a number beside a subject may be one, too.
    """
    texts = [lines_in(view, node) or node.name.strip() for node in linked(view, [href])]
    return next((text for text in texts if _WORD.search(text)), next(filter(None, texts), ""))


def current_entries(view: PageView) -> Iterator[str]:
    """
    What menus call the page that is shown: an entry that says that it is the current one, or the only one of no link.

    A link counts where it leads to this very page.
    """
    for node in view.shown_nodes():
        menu = next((a for a in view.ancestors(node.index) if a.role in _MENUS), None)
        text = view.text(node.index, chrome=True).strip() or node.name
        if menu is None or not text:
            continue
        href = node.attributes.get("href")
        if is_chosen(node):
            if href is None or leads_here(view, href):
                yield text
        elif node.role not in _USED and _is_without_a_link(view, node, menu):
            yield text


def _is_without_a_link(view: PageView, node: Node, menu: Node) -> bool:
    """Whether a text stands among links and is the only one that is none."""
    links = {n.index for link, _ in view.links() for n in view.within(link.index)}
    texts = {
        n.parent
        for n in view.within(menu.index)
        if n.tag == "#text" and n.shown and n.text.strip() and n.index not in links
    }
    return texts == {node.index} and any(n.index in links for n in view.within(menu.index))


# -- ways to the parts of a list


def lead_to_parts(view: PageView, rows: Sequence[Node]) -> bool:
    """
    Whether rows of a list are the way to parts of it, as the categories of a menu are: "Privacy requests (1)".

    Each holds one control, a link to this very page with another word or small number for what names a part, and no two
    lead to the same one; one may be the part that is shown, and one all of them. What has a date is an item.
    """
    targets = [_part_of(view, row) for row in rows]
    dated = any(find_date(view.text(row.index, chrome=True), view.locale).dated for row in rows)
    apart = None not in targets and len(set(targets)) == len(targets)
    return apart and not dated and any(target and differs_in_view(view.url, target) for target in targets)


def rows_of_parts(view: PageView) -> list[Node]:
    """The rows of a page's lists that lead to parts of the inbox."""
    lists = [node for node in view.shown_nodes() if node.role == "list"]
    rows = [[n for n in view.within(each.index) if n.role == "listitem"] for each in lists]
    return [row for each in rows if lead_to_parts(view, each) for row in each]


def names_empty_parts(view: PageView) -> bool:
    """Whether a page lists parts of the inbox, and counts no item in any: each says for itself that it is empty."""
    parts = rows_of_parts(view)
    return bool(parts) and not any(_COUNT.search(view.text(row.index)) for row in parts)


def _part_of(view: PageView, row: Node) -> str | None:
    controls = [n for n in view.within(row.index) if n.shown and n.role in _CONTROLS]
    href = controls[0].attributes.get("href", "") if len(controls) == 1 and controls[0].role == "link" else ""
    target = urlsplit(url := urljoin(view.url, href).partition("#")[0])
    here, asked = urlsplit(view.url), dict(parse_qsl(target.query, keep_blank_values=True))
    if not href or (target.hostname, target.path.rstrip("/")) != (here.hostname, here.path.rstrip("/")):
        return None
    named = {key: value for key, value in asked.items() if OF_A_VIEW.fullmatch(key.casefold())}
    others = asked.items() - named.items() - dict(parse_qsl(here.query, keep_blank_values=True)).items()
    return url if not others and not any(map(_OF_MANY.search, named.values())) else None
