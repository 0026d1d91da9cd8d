"""Addresses of an inbox: which name an item, a view or page of its list, the page itself, an act, or nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.flow.manifest import Surface
from automation.page import Node, PageView, once_a_page
from automation.reading.lists.views import is_chosen, is_home
from automation.reading.threads.words import find_date
from automation.text.normalizing import fold, fold_label

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
_ARTICLE = re.compile(r"(?<![a-z])(?:help|faq|articles?|polic(?:y|ies)|terms|legal|about|learn|blog|news)(?![a-z])")
_CASE = re.compile(r"contact|repl|request|case|ticket|messag|inbox|report|appeal|thread|conversation|submission|form")
_MOST_CRUMBS, _MOST_WORDS_OF_A_LINK = 6, 4

# -- parts of a page


def lines_in(view: PageView, node: Node, without: AbstractSet[int] = frozenset()) -> str:
    """The words in a part of a page but for some nodes, a line for each piece behind no space."""
    texts = (n for n in view.within(node.index) if n.tag == "#text" and n.shown and n.text and n.index not in without)
    parted = "".join((" " if n.text[:1].isspace() else "\n") + n.text for n in texts)
    lines = re.sub(r"[ \t]\n|\n(?=\s)", " ", parted).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def texts_in(view: PageView, node: Node) -> list[Node]:
    """The pieces of text in a part of a page."""
    return [n for n in view.within(node.index) if n.tag == "#text" and n.shown and n.text.strip()]


def controls_in(view: PageView, node: Node) -> list[Node]:
    """The buttons and links in a part of a page, itself among them."""
    return [n for n in view.within(node.index) if n.role in {"button", "link"} and n.shown]


def nodes_within(view: PageView, nodes: Sequence[Node]) -> set[int]:
    """Indexes of all that stands in some nodes."""
    return {inner.index for node in nodes for inner in view.within(node.index)}


def is_dated(view: PageView, node: Node) -> bool:
    """Whether a part of a page tells a date."""
    return find_date(view.text(node.index, chrome=True), view.locale).dated


# -- what an address names


@once_a_page
def item_links(view: PageView, surface: Surface) -> tuple[str, ...]:
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
    return tuple(dict.fromkeys(found))


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
    """Whether an address of the list names one item shown beside it, `?selected_item=…`; `?close=…` acts."""
    differing = _differing(shown, target)
    named = [value for key, value in differing if _OF_AN_ITEM.fullmatch(key)]
    others = all(OF_A_VIEW.fullmatch(key) for key, _ in differing if not _OF_AN_ITEM.fullmatch(key))
    return others and len(named) == 1 and _IDENTIFIER.fullmatch(named[0]) is not None


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
    """What the list says of the item behind an address, by lines: the first with a word in it, or any; else nothing."""
    texts = [lines_in(view, node) or node.name.strip() for node in linked(view, [href])]
    return next((text for text in texts if _WORD.search(text)), next(filter(None, texts), ""))


def current_entries(view: PageView) -> Iterator[str]:
    """What menus call the page that is shown: the entry that says so of itself; a link must lead here, too."""
    for node in view.shown_nodes():
        text = view.text(node.index, chrome=True).strip() or node.name
        href = node.attributes.get("href")
        if is_chosen(node) and text and not _MENUS.isdisjoint(a.role for a in view.ancestors(node.index)):
            yield from [text] if href is None or leads_here(view, href) else []


def list_of(view: PageView, links: Sequence[str]) -> set[int]:
    """
    What stands in the smallest part of a page that holds the links to all items: their authors and dates, too.

    The harm: an author that a list names beside each item would be taken out of the item as text of every page. What is
    said of an objection there is noticed all the same.
    """
    lineages = [[a.index for a in view.ancestors(node.index)] for node in linked(view, links)]
    if len(lineages) < 2:
        return set()
    shared = set(lineages[0]).intersection(*lineages[1:])
    smallest = next((index for index in lineages[0] if index in shared), None)
    return set() if smallest is None else {n.index for n in view.within(smallest)}


def frame_of(view: PageView, links: Sequence[str]) -> frozenset[str]:
    """Folded texts of the site's own frame and of the list, without what is shown beside it."""
    region, inside = list_of(view, links), (block for block in view.blocks() if block.node >= 0)
    return frozenset(fold(b.text) for b in inside if b.node in region or framed(view, view.nodes[b.node]))


# -- rows that lead to parts of the list, or away from it


def lead_to_parts(view: PageView, rows: Sequence[Node]) -> bool:
    """
    Whether rows of a list are the way to parts of it, as the categories of a menu are: "Privacy requests (1)".

    Each holds one control, a link to this very page with another word or small number for what names a part, and no two
    lead to the same one; one may be the part that is shown, and one all of them. What has a date is an item.
    """
    targets = [_part_of(view, row) for row in rows]
    apart = None not in targets and len(set(targets)) == len(targets) and not any(is_dated(view, row) for row in rows)
    return apart and any(target and differs_in_view(view.url, target) for target in targets)


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


def leads_away(view: PageView, row: Node) -> bool:
    """Whether a row is no item: links to articles and terms by their address, and no date: "Related articles"."""
    controls = controls_in(view, row)
    targets = [urlsplit(urljoin(view.url, node.attributes.get("href", ""))) for node in controls]
    places = [f"{target.hostname}{target.path}".casefold() for target in targets]
    away = all(_ARTICLE.search(place) and not _CASE.search(place) for place in places)
    return away and bool(controls) and all(n.role == "link" for n in controls) and not is_dated(view, row)


def is_way_here(view: PageView, rows: Sequence[Node]) -> bool:
    """Whether rows are the way to the page: links to sections, and at the end the page's own name."""
    if not rows:
        return False
    *before, last = rows
    names = {fold_label(n.name) for n in view.headings()} | {fold_label(view.title.partition(" | ")[0])}
    current = any(n.attributes.get("aria-current") == "page" for n in view.within(last.index))
    if controls_in(view, last) or not (current or fold_label(view.text(last.index)) in names):
        return False
    ways = [way for row in before if len(way := controls_in(view, row)) == 1 and not is_dated(view, row)]
    targets = [urlsplit(urljoin(view.url, way.attributes.get("href", ""))) for (way,) in ways if way.role == "link"]
    sections = all(not target.query and not any(map(str.isdigit, target.path)) for target in targets)
    return sections and 0 < len(targets) == len(before) < _MOST_CRUMBS


def is_of_menu(view: PageView, row: Node) -> bool:
    """
    Whether a row is a link of a few words without date or number: what a site's menu is made of, where nothing says so.

    To be asked beside rows that are known to be items.
    """
    controls, said = controls_in(view, row), view.text(row.index)
    if len(controls) != 1 or controls[0].role != "link" or len(said.split()) > _MOST_WORDS_OF_A_LINK:
        return False
    alone = all(view.is_inside(n.index, controls[0].index) for n in texts_in(view, row))
    path = urlsplit(urljoin(view.url, controls[0].attributes.get("href", ""))).path
    numbered = _OF_MANY.search(said) or (_CASE.search(path) and _OF_MANY.search(path))
    return alone and not numbered and not is_dated(view, row)
