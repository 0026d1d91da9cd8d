"""
The place where a service answers an objection: read item by item, or honestly not read.

"No answer there" is a finding only when the place was recognised, loaded, complete and understood. An empty
list counts when the page's own data says that it is empty, not when the page shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.domain.observations import Signal, SignalKind, Wording
from automation.errors import CheckError
from automation.page import Node, PageView
from automation.reading.inbox.completeness import complete
from automation.reading.inbox.items import InboxReading, Item, judge_item
from automation.reading.inbox.page_data import ListReads, has_errors
from automation.reading.replies import ReplyReading, read_text
from automation.text.normalizing import fold, fold_label, quote

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from automation.browser.tab import Sought
    from automation.flow.manifest import Surface
    from automation.reader import Reader, ReadPage
    from automation.text.labels import Labels

_MOST_ITEMS = 25
_STEADY_S = 3.0
"""How long an answer must stand unchanged before it is believed."""
_ROWS = frozenset({"listitem", "row", "article", "option", "treeitem"})
_LISTS = frozenset({"list", "listbox", "table", "grid", "feed", "tree", "rowgroup"})
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo"})


async def read_inbox(
    reader: Reader,
    name: str,
    surface: Surface,
    reads: ListReads,
    *,
    arrive: Callable[[Sought], Awaitable[ReadPage]] | None = None,
) -> InboxReading:
    """
    Read every item of the inbox.

    Args:
        reader: on any page of the account.
        name: the inbox's surface in the manifest.
        surface: the same as declared; items may be followed under its `paths`.
        reads: what fills it.
        arrive: how to get there; None opens it.
    """

    def arrived(view: PageView) -> bool:
        return bool(_item_links(view, surface) or _rows(view)) or bool(reads.lists_in(reader.answers, view))

    visit = await arrive(arrived) if arrive else await reader.open(name, until=arrived)
    await reader.gate()
    step = await reader.capture(name)
    reader.refuse_login()
    reading = await _read_list(reader, visit, name, surface, reads)
    reading.signals = [
        signal if signal.picture else replace(signal, picture=step.picture) for signal in reading.signals
    ]
    return reading


async def _read_list(reader: Reader, visit: ReadPage, name: str, surface: Surface, reads: ListReads) -> InboxReading:
    reading, labels, locale, view = InboxReading(), reader.labels, reader.locale, visit.view
    if visit.failed or not _at_home(visit, surface):
        reading.signals.append(_unread(name, "the address did not answer with the inbox"))
        return reading
    links, rows = _item_links(view, surface), _rows(view)
    proof = _recognised(visit, labels, locale, reads, links)
    if proof is None:
        reading.signals.append(_unread(name, "neither its title nor its data was found"))
        if not labels.has("inbox.title", locale):
            reading.missing.append(f"{locale or 'und'}:inbox.title")
        return reading
    reading.signals.append(proof)
    whole = _whole(visit, labels, locale, reads, links) and complete(view, surface, links, rows, labels, locale)
    whole = whole and not any(answer.filtered for answer in visit.answers)
    whole = whole and all(reader.is_own(viewer) for viewer in reads.viewers(visit))
    opened, unopened = await _read_items(reader, visit, name, surface, links, rows)
    reading.items = len(opened) + unopened
    for item in opened:
        judge_item(reading, item, labels, locale)
    concerns = any(item.text.concerns for item in opened)
    if read_text(view.blocks(), labels, locale).concerns and not concerns:
        reading.signals.append(_unread(name, "the list speaks of an objection, no item does"))
    if unopened:
        reading.signals.append(_unread(name, "an item could not be opened"))
    if not labels.has("objection.words", locale):
        reading.missing.append(f"{locale or 'und'}:objection.words")
        return reading
    empty = not opened and not unopened and not rows and reads.are_empty(visit)
    if whole and not unopened and not concerns and (opened or empty):
        reading.complete = True
        how = "its data holds an empty list" if empty else "every item was read, none concerns it"
        reading.signals.append(Signal("inbox.nothing", SignalKind.DATA if empty else SignalKind.TEXT, name, how))
    return reading


async def _read_items(
    reader: Reader, visit: ReadPage, name: str, surface: Surface, links: list[str], rows: list[Node]
) -> tuple[list[Item], int]:
    """Open every item of the list; what was read, and how many could not be."""
    view = visit.view
    common = _own_text(view, links, rows)
    inline = read_text(view.blocks(), reader.labels, reader.locale)
    opened: list[Item] = []
    unopened = max(0, len(links) - _MOST_ITEMS)
    for href in links[:_MOST_ITEMS]:
        item = await _open_item(reader, name, surface, href, common)
        if item is None:
            unopened += 1
        else:
            opened.append(item)
    if links:
        unopened += sum(1 for row in rows if not _holds_link(view, row, links))
    elif rows:
        more, left = await _open_rows(reader, name, len(rows), common)
        opened.extend(more)
        unopened += left
    elif inline.concerns:
        opened.append(Item(name, inline, view, inline=True))  # it may be the answer that stands there
    return opened, unopened


def _holds_link(view: PageView, row: Node, links: list[str]) -> bool:
    inside = {n.index for n in view.within(row.index)} | {a.index for a in view.ancestors(row.index)}
    return any(node.index in inside for node, href in view.links() if urljoin(view.url, href) in links)


def _at_home(visit: ReadPage, surface: Surface) -> bool:
    path = urlsplit(visit.final).path
    own = {urlsplit(url).path.rstrip("/") for url in surface.urls}
    return path.rstrip("/") in own or any(fnmatchcase(path, pattern) for pattern in surface.paths)


def _unread(name: str, why: str) -> Signal:
    return Signal("inbox.unread", SignalKind.LANDMARK, name, why)


def _recognised(visit: ReadPage, labels: Labels, locale: str, reads: ListReads, links: list[str]) -> Signal | None:
    names = {**labels.names("inbox.title", "en"), **labels.names("inbox.title", locale)}
    for text in (*(h.name for h in visit.view.headings()), visit.view.title.partition(" | ")[0]):
        if fold_label(text) in names:
            source = names[fold_label(text)].source
            return Signal(
                "inbox.known", SignalKind.LANDMARK, visit.surface, "heading", quote(text),
                Wording.SOURCED, locale, None, source,
            )  # fmt: skip
    answered = [a.operation for a in visit.answers if a.status == 200]
    answered = answered or [name for name, _ in reads.embedded(visit.view)]
    if answered:
        return Signal("inbox.known", SignalKind.DATA, visit.surface, "the page's own read", answered[0])
    if links:
        return Signal("inbox.known", SignalKind.DATA, visit.surface, "links to items", urlsplit(links[0]).path)
    return None


def _whole(visit: ReadPage, labels: Labels, locale: str, reads: ListReads, links: list[str]) -> bool:
    """Whether the list is all there: settled, nothing failed, no further page, nothing over it."""
    view = visit.view
    names = {n for loc in {locale, "en"} for n in labels.names("inbox.more", loc)}
    more = any(
        fold_label(n.name) in names and n.role in {"button", "link"} and not _framed(view, n)
        for n in view.shown_nodes()
    )
    paged = reads.have_more(visit) or reads.count(visit) > max(len(links), len(_rows(view)))
    failed = any(a.status != 200 or has_errors(a.data) for a in visit.answers)
    return visit.settled and not (more or paged or failed or view.busy() or view.modal() is not None)


def _item_links(view: PageView, surface: Surface) -> list[str]:
    own = {urlsplit(url).path.rstrip("/") for url in surface.urls}
    found = []
    for node, href in view.links():
        target = urljoin(view.url, href)
        path = urlsplit(target).path
        if path.rstrip("/") in own or _framed(view, node):
            continue
        if urlsplit(target).hostname == view.host and any(fnmatchcase(path, p) for p in surface.paths):
            found.append(target)
    return list(dict.fromkeys(found))


def _framed(view: PageView, node: Node) -> bool:
    return any(a.role in _CHROME for a in view.ancestors(node.index))


def _rows(view: PageView) -> list[Node]:
    """
    Items that are no links: rows of a list outside the site's own frame.

    Where the page is made of plain buttons: those that hold more than one piece of text (a title and a date, say).
    """
    rows: list[Node] = []
    buttons: list[Node] = []
    for node in view.shown_nodes():
        if node.role not in _ROWS | {"button"} or _framed(view, node):
            continue
        lineage = list(view.ancestors(node.index))
        if node.role in _ROWS:
            if any(a.role in _LISTS for a in lineage) and not any(a.role in _ROWS for a in lineage):
                rows.append(node)
        elif not any(a.role == "button" or a.tag == "FORM" for a in lineage) and _pieces(view, node) > 1:
            buttons.append(node)
    return rows or buttons


def _pieces(view: PageView, node: Node) -> int:
    return sum(1 for n in view.within(node.index) if n.tag == "#text" and n.shown and n.text.strip())


def _handle(reader: Reader, view: PageView, row: Node) -> Node | None:
    """What a person would click to open a row: the row itself or the one control in it."""
    controls = [n for n in view.within(row.index) if n.role in {"button", "link"} and n.shown]
    outer = [n for n in controls if not any(view.is_inside(n.index, o.index) and o is not n for o in controls)]
    if len(outer) == 1 and reader.may_reveal(view, outer[0]):
        return outer[0]
    return row if not outer and reader.may_reveal(view, row) and row.properties.get("focusable") else None


@dataclass(frozen=True, slots=True)
class Common:
    """What the list's own page carries outside its items."""

    texts: frozenset[str]
    links: frozenset[str]


def _own_text(view: PageView, links: list[str], rows: list[Node]) -> Common:
    """What the inbox's own page says outside its items: help, which proves nothing inside an item either."""
    outer = {n.index for row in rows for n in view.within(row.index)}
    for node, href in view.links():
        if urljoin(view.url, href) in links:
            outer |= {n.index for n in view.within(node.index)}
            outer |= {a.index for a in view.ancestors(node.index) if a.role in _ROWS}
    texts = [
        b for b in view.blocks() if b.node not in outer and not any(a.index in outer for a in view.ancestors(b.node))
    ]
    links_outside = frozenset(href for node, href in view.links() if node.index not in outer)
    return Common(frozenset(fold(b.text) for b in texts), links_outside)


async def _read_item(reader: Reader, visit: ReadPage, common: Common, named: str = "") -> Item | None:
    """Read an opened item, twice where it speaks of an objection; None where it does not stand still."""
    text = _text_of(reader, visit.view, common)
    if text.concerns:
        visit = await reader.linger(_STEADY_S)
        again = _text_of(reader, visit.view, common)
        if again != text or not visit.settled:
            return None
    step = await reader.capture(f"{visit.surface}-item", how="link", focus=_said_in(visit.view, text))
    return Item(visit.surface, text, visit.view, common.links, named, picture=step.picture)


def _said_in(view: PageView, text: ReplyReading) -> Node | None:
    """The paragraph that holds the first understood sentence, to be outlined in the picture."""
    if not text.said:
        return None
    sentence = fold(text.said[0].sentence)
    return next((view.nodes[b.node] for b in view.blocks() if b.node >= 0 and sentence in fold(b.text)), None)


def _text_of(reader: Reader, view: PageView, common: Common) -> ReplyReading:
    return read_text([b for b in view.blocks() if fold(b.text) not in common.texts], reader.labels, reader.locale)


async def _open_item(reader: Reader, name: str, surface: Surface, href: str, common: Common) -> Item | None:
    try:
        visit = await reader.open(name, url=href)
        await reader.gate()
    except CheckError as error:
        if error.ends_visit:
            raise
        return None
    reader.refuse_login()
    if visit.failed or not visit.settled or visit.view.busy() or not _at_home(visit, surface):
        return None
    return await _read_item(reader, visit, common)


async def _open_rows(reader: Reader, name: str, count: int, common: Common) -> tuple[list[Item], int]:
    """Open rows one by one, each from a fresh list; how many could not be opened."""
    opened: list[Item] = []
    left = 0
    for number in range(min(count, _MOST_ITEMS)):
        visit = reader.visit if number == 0 else await reader.open(name, until=lambda v: len(_rows(v)) >= count)
        rows = _rows(visit.view) if visit else []
        handle = _handle(reader, visit.view, rows[number]) if visit and number < len(rows) else None
        if visit is None or handle is None:
            left += 1
            continue
        before = visit.view.fingerprint()
        after = await reader.reveal_node(handle, name)
        if after is None or not after.settled or after.view.fingerprint() == before:
            left += 1
            continue
        await reader.gate()
        item = await _read_item(reader, after, common, named=rows[number].name)
        if item is None:
            left += 1
        else:
            opened.append(item)
    return opened, left + max(0, count - _MOST_ITEMS)
