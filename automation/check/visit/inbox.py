"""
The place where a service answers an objection: read item by item, or honestly not read.

"No answer there" is a finding only when the place was recognised, loaded, complete and understood. An empty
list counts where the page's data or words say that it is empty, not where the page just shows nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.check.visit.inbox_items import at_home, read_items
from automation.check.visit.inbox_pages import further_of, read_tabs
from automation.domain.signals import Signal, SignalName
from automation.domain.ways import Way
from automation.page import Block, PageView
from automation.reading.inbox.item_links import item_links, may_name_others
from automation.reading.inbox.list_addresses import names_empty_parts
from automation.reading.inbox.list_completeness import complete, says_empty
from automation.reading.inbox.list_items import item_rows, outside_of_items
from automation.reading.inbox.list_strays import advertisements
from automation.reading.inbox.list_tabs import shown_tab
from automation.reading.inbox.menu_entries import current_entries, leads_here
from automation.reading.inbox.page_data import ListReads, has_errors
from automation.reading.letters.answers import InboxReading, latest_answers, replies_of
from automation.reading.letters.topic import speaks_of_objecting
from automation.text.normalizing import fold, fold_label, quote

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from automation.check.visit.inbox_pages import ReadTabs
    from automation.flow.manifest import Surface
    from automation.page.source import Sought
    from automation.reader import Reader, ReadPage
    from automation.text.page_words import PageWords


_TITLE_ENDS = re.compile(r" [|·–—-] ")
"""What stands between a page's own title and the site's."""


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
        shown = item_links(view, surface) or item_rows(view) or further_of(view, surface, set())
        return bool(shown or reads.lists_in(reader.answers, view))

    page = await arrive(arrived) if arrive else await reader.open(name, until=arrived)
    await reader.check_account()
    step = await reader.capture(name)
    reader.refuse_login()
    reading = await _read_list(reader, page, name, surface, reads)
    reading.signals = [
        signal if signal.picture else replace(signal, picture=step.picture) for signal in reading.signals
    ]
    reading.replies = [reply if reply.picture else replace(reply, picture=step.picture) for reply in reading.replies]
    return reading


async def _read_list(reader: Reader, page: ReadPage, name: str, surface: Surface, reads: ListReads) -> InboxReading:
    reading, words, view = InboxReading(), reader.words, page.view
    if page.failed or not at_home(page, surface):
        reading.signals.append(_unread(name, Way.NOT_THE_INBOX))
        return reading
    tabs = await read_tabs(reader, page, name, surface)
    pages = tabs.pages
    for each in pages:
        reader.keep_answers(each.read, reads.embedded(each.view))
    # A list may ask for its next part by itself; one of which no part came that is not continued was begun elsewhere.
    first = {answer.operation for answer in page.answers if not answer.continued} | {n for n, _ in reads.embedded(view)}
    begun = all(answer.operation in first for answer in page.answers if answer.continued)
    page, view = pages[-1].read, pages[-1].view
    read = {url for each in pages for url in (each.url, *each.also)}
    links = [link for each in pages for link in item_links(each.view, surface) if link not in read]
    links = list(dict.fromkeys(links))
    rows = [row for each in pages for row in item_rows(each.view)]
    proof = next(filter(None, (_recognised(each.read, words, reads, links) for each in pages)), None)
    if proof is None:  # what its items say counts all the same; that there is no answer does not
        reading.signals.append(_unread(name, Way.INBOX_UNKNOWN))
        reading.missing.extend(words.uncovered("inbox.title"))
    else:
        reading.signals.append(proof)
    whole = proof is not None and begun and _all_there(reader, tabs, surface, reads, links, len(rows))
    opened, unopened = await read_items(reader, pages, name, surface, links)
    reading.items = len(opened) + unopened
    reading.replies = replies_of(opened, words, reader.masked)
    for answer in latest_answers(reading.replies):
        reading.signals.extend(answer.signals)
        reading.missing.extend(answer.missing)
    concerns = any(item.thread.concerns for item in opened)
    holder = reader.speakers(view).holder
    known = holder
    outside = [block for each in pages for block in _outside(each.view, links) if fold(block.text) not in known]
    reading.signals.extend(_told_outside(outside, name, words, concerns=concerns))
    if unopened:
        reading.signals.append(_unread(name, Way.ITEM_UNOPENED))
    if any(item.closed for item in opened):
        reading.signals.append(_unread(name, Way.MESSAGE_CLOSED))
    if not words.covered("objection.words"):
        reading.missing.extend(words.uncovered("objection.words"))
        return reading
    bare = not opened and not unopened and not rows
    empty = bare and all(reads.are_empty(each.read) for each in pages)
    says_so = bare and not empty and _say_empty([each.read for each in pages], words, reads, all_tabs=tabs.all_tabs)
    if not (whole and not unopened and not any(item.closed for item in opened) and (opened or empty or says_so)):
        return reading
    reading.signals.append(SignalName.INBOX_WHOLE.seen(name))
    if not concerns:
        reading.complete = True
        way = Way.EMPTY_LIST if empty else Way.SAYS_EMPTY if says_so else Way.NO_ITEM_CONCERNS
        reading.signals.append(SignalName.INBOX_NOTHING.seen(name, way))
    return reading


def _all_there(reader: Reader, tabs: ReadTabs, surface: Surface, reads: ListReads, links: list[str], rows: int) -> bool:
    """Whether the pages of a list hold all that it has, and are this account's."""
    pages, words = tabs.pages, reader.words
    turned = frozenset(url for each in pages for url in (each.view.url, *each.also))
    ends = {each.tab: each.read for each in pages}.values()
    # Of all tabs together the parts are the whole; and a list that was begun here goes on where it is turned.
    return (
        tabs.at_end
        and all(not each.read.failed and at_home(each.read, surface) for each in pages)
        and all(_whole(each, reads, max(len(links), rows)) for each in ends)
        and all(complete(each.view, surface, links, rows, words, turned, all_tabs=tabs.all_tabs) for each in pages)
        and (tabs.all_tabs or not any(a.filtered for each in pages for a in each.read.answers))
        and all(reader.is_own(viewer) for viewer in reads.viewers(pages[-1].read))
        and not any(may_name_others(each.view, surface, links) for each in pages)
    )


def _say_empty(pages: Sequence[ReadPage], words: PageWords, reads: ListReads, *, all_tabs: bool) -> bool:
    """Whether every list says in words that nothing is there, and no data tell of anything."""
    told = any(reads.data_of(p) and not (reads.hold_nothing(p) or reads.bring_markup(p)) for p in pages)
    lists = [page.view for page in pages if not names_empty_parts(page.view)]
    parts = [shown_tab(view) if all_tabs else "" for view in lists]
    said = (says_empty(view, words.locale, part=part) for view, part in zip(lists, parts, strict=True))
    return not told and bool(lists) and all(said)


def _outside(view: PageView, links: list[str]) -> list[Block]:
    """What stands outside of the items, the site's own frame and advertisements aside."""
    rows = item_rows(view)
    texts = outside_of_items(view, links, rows).texts
    linked = [node for node, href in view.links() if urljoin(view.url, href) in links]
    others = advertisements(view, {n.index for node in (*rows, *linked) for n in view.within(node.index)})
    return [block for block in view.blocks() if fold(block.text) in texts and block.node not in others]


def _told_outside(outside: list[Block], name: str, words: PageWords, *, concerns: bool) -> Iterator[Signal]:
    """What the list's own page says beside its items that may be about an objection."""
    if not concerns and any(speaks_of_objecting(block.text, words) for block in outside):
        yield _unread(name, Way.LIST_CONCERNS)


def _unread(name: str, why: Way) -> Signal:
    return SignalName.INBOX_UNREAD.seen(name, why)


def _recognised(visit: ReadPage, words: PageWords, reads: ListReads, links: list[str]) -> Signal | None:
    names, locale = words.with_english.names("inbox.title"), words.locale
    for text in (*(h.name for h in visit.view.headings()), visit.view.title.partition(" | ")[0]):
        if fold_label(text) in names:
            source = names[fold_label(text)].source
            return SignalName.INBOX_KNOWN.seen(
                visit.surface, Way.INBOX_TITLE, quote=quote(text), locale=locale, source=source
            )
    called = {fold_label(node.name) for node, href in visit.view.links() if leads_here(visit.view, href)}
    for text in (*(h.name for h in visit.view.headings()), _TITLE_ENDS.split(visit.view.title)[0]):
        if fold_label(text) in called:
            return SignalName.INBOX_KNOWN.seen(visit.surface, Way.INBOX_LINKED_AS, quote=quote(text), locale=locale)
    for text in current_entries(visit.view):
        if fold_label(text) in names:
            return SignalName.INBOX_KNOWN.seen(visit.surface, Way.INBOX_ENTRY, quote=quote(text), locale=locale)
    answered = [a.operation for a in visit.answers if a.status == 200]
    answered = answered or [name for name, _ in reads.embedded(visit.view)]
    if answered:
        return SignalName.INBOX_KNOWN.seen(visit.surface, Way.INBOX_DATA, quote=answered[0])
    if links:
        return SignalName.INBOX_KNOWN.seen(visit.surface, Way.INBOX_LINKS, quote=urlsplit(links[0]).path)
    return None


def _whole(page: ReadPage, reads: ListReads, items: int) -> bool:
    """Whether the list's last page is all there: settled, nothing failed, nothing left by its data, nothing over it."""
    view = page.view
    paged = reads.have_more(page) or reads.count(page) > items
    failed = any(a.status != 200 or has_errors(a.data) for a in page.answers)
    return page.settled and not (paged or failed or view.busy() or view.modal() is not None)
