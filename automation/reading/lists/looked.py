"""
An inbox as a whole: no answer in it, answers, or a list that a person must look at; and what a look at it says.

"No answer there" is a finding only where the place was recognised, loaded, complete and understood. An empty list
counts where the page's data or words say that it is empty, not where the page just shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.core.looks import Look, Says, Shown, ShownKind, look_at
from automation.core.signals import Signal, SignalName, Way
from automation.flow.manifest import Surface
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import REPLY_SIGNALS, InboxReading, Item, latest_answers, replies_of
from automation.reading.letters.sentences import without_particulars
from automation.reading.letters.thread import read_thread
from automation.reading.lists.addresses import (
    current_entries,
    item_links,
    leads_here,
    linked,
    may_name_others,
    names_empty_parts,
)
from automation.reading.lists.completeness import ListReads, complete, has_errors, says_empty
from automation.reading.lists.opened import may_tell, outside_of_items
from automation.reading.lists.rows import item_rows
from automation.reading.lists.views import is_home, main_of, shown_tab
from automation.reading.threads.words import find_date
from automation.text.normalizing import fold, fold_label, quote

if TYPE_CHECKING:
    from automation.core.observations import Observation
    from automation.page import Block, PageView
    from automation.text.page_words import PageWords

_TITLE_ENDS = re.compile(r" [|·–—-] ")
"""What stands between a page's own title and the site's."""
_MOST_LINES = 200
LISTED = {Says(meaning.value): signal for meaning, signal in REPLY_SIGNALS.items()}
_NOT_READ = {SignalName.INBOX_UNREAD, SignalName.INBOX_LATER}
_UNDERSTOOD = {*LISTED.values(), SignalName.REPLY_PARTLY, SignalName.REPLY_TAKEN_BACK}


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list, and the way back to it."""

    read: ReadPage
    tab: str | None = None
    """Name of the tab under which it stands; None for the one that the list shows by itself."""
    url: str | None = None
    """Its own address; None where it has that of the list."""
    also: frozenset[str] = frozenset()
    """Other addresses at which it was read once more."""
    turned: bool = False
    """Whether it was turned to in place, so that nothing leads back to it but turning again."""
    scrolled: bool = False
    """Whether some of its items came only when their end was scrolled to."""

    @property
    def view(self) -> PageView:
        """As it was read."""
        return self.read.view


@dataclass(frozen=True, slots=True)
class InboxList:
    """The pages of an inbox's list, and whether they are all."""

    name: str
    """Of its surface in the manifest."""
    surface: Surface
    reads: ListReads
    """What fills it."""
    pages: Sequence[ListPage]
    at_end: bool
    all_tabs: bool
    """Whether it has tabs and each was read that could hold an item."""

    def count_rows(self) -> int:
        """How many items without an address its pages have."""
        return sum(len(item_rows(page.view)) for page in self.pages)

    def links(self) -> list[str]:
        """Addresses of the items that have one."""
        read = {url for page in self.pages for url in (page.url, *page.also)}
        found = [link for page in self.pages for link in item_links(page.view, self.surface) if link not in read]
        return list(dict.fromkeys(found))


def read_list(
    listed: InboxList,
    opened: Sequence[Item],
    unopened: int,
    words: PageWords,
    *,
    holder: frozenset[str],
    is_own: Callable[[str], bool],
    hide: Callable[[str], str],
) -> InboxReading:
    """
    What an inbox says, of whose list some items were `opened` and others not.

    `words` are the service's, in the language of the page; `holder` has the folded names of the account's holder,
    `is_own` tells whether an id that the data name is this account's, and `hide` takes out of a text what may not be
    shown of people.
    """
    reading, name, links = InboxReading(items=len(opened) + unopened), listed.name, listed.links()
    rows = listed.count_rows()
    known = _known_by(listed, words, links)
    # What its items say counts where it is not recognised, too; that there is no answer does not.
    reading.signals.append(known or _unread(name, Way.INBOX_UNKNOWN))
    covered, concerns = words.covered("objection.words"), any(item.thread.concerns for item in opened)
    reading.missing += [*(() if known else words.uncovered("inbox.title")), *words.uncovered("objection.words")]
    telling = _telling(listed, opened, links, holder, words)
    answered = _add_answers(reading, opened, telling, words, hide)
    unread = _unread_parts(opened, unopened, telling if not concerns else ())
    reading.signals += [_unread(name, way) for way in unread]
    if unopened:  # its date is not known; what was accepted may be taken back in it
        reading.signals.append(SignalName.INBOX_LATER.seen(name, Way.ITEM_UNOPENED))
    readable = known is not None and covered and unread in ([], [Way.LIST_CONCERNS])
    whole = readable and _all_there(listed, links, rows, words, is_own)
    nothing = _nothing(listed, words, items=reading.items, rows=rows)
    if whole:
        _add_whole(reading, name, nothing, concerns=concerns, answered=answered)
    settled = answered or (whole and not unread and (concerns or reading.complete))
    if unopened or not settled:
        reading.shown.append(shown_list(listed, words.locale, holder, hide))
    return reading


def _add_whole(reading: InboxReading, name: str, nothing: Way | None, *, concerns: bool, answered: bool) -> None:
    """Put to a reading that the whole list was read: that it holds nothing of this, or only what is no answer."""
    if not concerns and nothing is not None:
        reading.complete = True
        reading.signals.append(SignalName.INBOX_NOTHING.seen(name, nothing))
    elif concerns and not answered:
        reading.signals.append(SignalName.INBOX_WHOLE.seen(name))


def _unread_parts(opened: Sequence[Item], unopened: int, telling: Sequence[Block]) -> list[Way]:
    """What keeps a list from being read in full."""
    closed = any(item.closed for item in opened)
    why = {Way.LIST_CONCERNS: telling, Way.ITEM_UNOPENED: unopened, Way.MESSAGE_CLOSED: closed}
    return [way for way, holds in why.items() if holds]


def _add_answers(
    reading: InboxReading, items: Sequence[Item], telling: Sequence[Block], words: PageWords, hide: Callable[[str], str]
) -> bool:
    """Put what the items prove to a reading; whether any answer is understood."""
    reading.replies = replies_of([_with_beside(item, telling, words) for item in items], words, hide)
    answers = latest_answers(reading.replies)
    for answer in answers:
        reading.signals.extend(answer.signals)
        reading.missing.extend(answer.missing)
    return any(answer.meanings for answer in answers)


def _telling(
    listed: InboxList, opened: Sequence[Item], links: list[str], holder: frozenset[str], words: PageWords
) -> list[Block]:
    """What the list's own pages tell of an objection beside the items; what an item says may be shown there, too."""
    turns = [turn for item in opened for turn in item.turns]
    known = holder | {fold(text) for turn in turns for text in (turn.title, *(block.text for block in turn.blocks))}
    told = []
    for view in (page.view for page in listed.pages):
        outside = outside_of_items(view, links, item_rows(view)).texts - known
        told += [block for block in view.blocks() if fold(block.text) in outside and may_tell(block.text, words)]
    return told


def at_home(page: ReadPage, surface: Surface) -> bool:
    """Whether a page stands under one of the inbox's own addresses."""
    return is_home(page.final, surface) or any(fnmatchcase(urlsplit(page.final).path, p) for p in surface.paths)


def _unread(name: str, why: Way) -> Signal:
    return SignalName.INBOX_UNREAD.seen(name, why)


def not_the_inbox(name: str) -> InboxReading:
    """What is said where its address answers with another page, or none."""
    return InboxReading(signals=[_unread(name, Way.NOT_THE_INBOX)])


# -- is it the inbox, and all of it?


def _known_by(listed: InboxList, words: PageWords, links: Sequence[str]) -> Signal | None:
    return next(filter(None, (_recognised(page.read, listed.reads, words, links) for page in listed.pages)), None)


def _recognised(page: ReadPage, reads: ListReads, words: PageWords, links: Sequence[str]) -> Signal | None:
    view, titles = page.view, [node.name for node in page.view.headings()]
    known = words.with_english.names("inbox.title")
    called = (fold_label(node.name) for node, href in view.links() if leads_here(view, href))
    for way, texts, names in (
        (Way.INBOX_TITLE, [*titles, view.title.partition(" | ")[0]], {n: known[n].source for n in known}),
        (Way.INBOX_LINKED_AS, [*titles, _TITLE_ENDS.split(view.title)[0]], dict.fromkeys(called, "")),
        (Way.INBOX_ENTRY, [*current_entries(view)], dict.fromkeys(known, "")),
    ):
        text = next((text for text in texts if fold_label(text) in names), None)
        if text is not None:
            source = names[fold_label(text)]
            return SignalName.INBOX_KNOWN.seen(page.surface, way, quote=quote(text), locale=words.locale, source=source)
    answered = [answer.operation for answer in page.answers if answer.status == 200]
    answered = answered or [name for name, _ in reads.embedded(view)]
    if answered:
        return SignalName.INBOX_KNOWN.seen(page.surface, Way.INBOX_DATA, quote=answered[0])
    if links:
        return SignalName.INBOX_KNOWN.seen(page.surface, Way.INBOX_LINKS, quote=urlsplit(links[0]).path)
    return None


def _all_there(
    listed: InboxList, links: Sequence[str], rows: int, words: PageWords, is_own: Callable[[str], bool]
) -> bool:
    """Whether the pages of a list hold all that it has, and are this account's."""
    pages, reads, surface = listed.pages, listed.reads, listed.surface
    turned = frozenset(url for each in pages for url in (each.view.url, *each.also))
    ends = {each.tab: each.read for each in pages}.values()
    return (
        listed.at_end
        and _is_begun(listed)
        and all(not each.read.failed and at_home(each.read, surface) for each in pages)
        and all(_is_settled(each, reads, max(len(links), rows), links) for each in ends)
        and all(complete(p.view, surface, links, rows, words, turned, all_tabs=listed.all_tabs) for p in pages)
        # Of all tabs together the parts are the whole.
        and (listed.all_tabs or not any(answer.filtered for each in pages for answer in each.read.answers))
        and all(is_own(viewer) for viewer in reads.viewers(pages[-1].read))
        and not any(may_name_others(each.view, surface, links) for each in pages)
    )


def _is_begun(listed: InboxList) -> bool:
    """Whether each list was read from its beginning: it goes on where it was turned, or was begun by the page."""
    page = listed.pages[0].read
    first = {answer.operation for answer in page.answers if not answer.continued}
    first |= {operation for operation, _ in listed.reads.embedded(page.view)}
    return all(answer.operation in first for answer in page.answers if answer.continued)


def _is_settled(page: ReadPage, reads: ListReads, items: int, links: Sequence[str]) -> bool:
    """Whether the list's last page is all there: settled, nothing failed, nothing left by its data, nothing over it."""
    view, modal = page.view, page.view.modal()
    paged = reads.have_more(page) or reads.count(page) > items
    failed = any(answer.status != 200 or has_errors(answer.data) for answer in page.answers)
    shown = (*item_rows(view), *linked(view, links))
    over = modal is not None and not any(view.is_inside(node.index, modal.index) for node in shown)
    return page.settled and not (paged or failed or view.busy() or over)


def _nothing(listed: InboxList, words: PageWords, *, items: int, rows: int) -> Way | None:
    """What shows that no answer is there; None where the list neither has items nor says that it is empty."""
    reads, pages = listed.reads, [page.read for page in listed.pages]
    if items:
        return Way.NO_ITEM_CONCERNS
    if rows:
        return None
    if all(reads.are_empty(page) for page in pages):
        return Way.EMPTY_LIST
    told = any(reads.data_of(p) and not (reads.hold_nothing(p) or reads.bring_markup(p)) for p in pages)
    lists = [page.view for page in pages if not names_empty_parts(page.view)]
    said = (says_empty(view, words.locale, part=shown_tab(view) if listed.all_tabs else "") for view in lists)
    return Way.SAYS_EMPTY if lists and not told and all(said) else None


# -- what stands beside the items


def _with_beside(item: Item, telling: Sequence[Block], words: PageWords) -> Item:
    """An item about an objection with what the list's page says of one: "Your objection ended" may stand above it."""
    if not telling or not item.thread.concerns:
        return item
    beside = (*item.beside, *(block for block in telling if block not in item.beside))
    titles = [*filter(None, item.named.split("\n"))]
    thread = read_thread(item.turns, words, titles=titles, beside=beside, holder=item.holder)
    return replace(item, thread=thread, beside=beside)


# -- a look at it


def shown_list(listed: InboxList, locale: str, holder: frozenset[str], hide: Callable[[str], str]) -> Shown:
    """
    A list that code alone could not settle, as a person is asked about it; the arguments are those of `read_list`.

    Its `state` is its newest date: the lines hold none, and a look counts until anything newer is there.
    """
    views = (page.view for page in listed.pages)
    lines = [line for view in views for block in view.blocks(main_of(view)) for line in block.text.split("\n")]
    dates = [found.at for line in lines if (found := find_date(line, locale)).at is not None]
    newest = max(filter(None, dates), default=None)
    told = tuple(without_particulars(hide(line), holder, locale) for line in lines[:_MOST_LINES])
    return Shown(ShownKind.LIST, listed.name, locale, told, state=newest.isoformat() if newest else "", at=newest)


def with_list_looks(observation: Observation, looks: Sequence[Look]) -> Observation:
    """
    An observation with what people said of its lists; without a look that holds it is what it was.

    A look holds for this account only, while the list shows the same lines and nothing newer. Where an answer was
    understood, it can only say that the list holds no other one.
    """
    understood = {signal.name for signal in observation.signals} & _UNDERSTOOD
    own = [look for look in looks if look.subject]
    for shown in observation.shown:
        still = (look for look in own if look.state == shown.state)
        look = look_at(shown, still, observation.subject) if shown.kind is ShownKind.LIST else None
        if look is None:
            continue
        kept = [s for s in observation.signals if s.name not in _NOT_READ or s.surface != shown.surface]
        if understood and (look.says is Says.NOTHING or LISTED.get(look.says) in understood):
            return replace(observation, signals=tuple(kept))
        told = _signals_of(look, shown)
        if told and not understood:
            names = {signal.name for signal in kept}
            return replace(observation, signals=(*kept, *(signal for signal in told if signal.name not in names)))
    return observation


def _signals_of(look: Look, shown: Shown) -> list[Signal]:
    if look.says is Says.NOTHING:
        names = [SignalName.INBOX_KNOWN, SignalName.INBOX_NOTHING]
    else:
        names = [SignalName.REPLY_ABOUT_AI, SignalName.REPLY_FRAME, LISTED[look.says]] if look.says in LISTED else []
    return [name.seen(shown.surface, Way.LOOKED_AT, picture=shown.picture).told_by(look) for name in names]
