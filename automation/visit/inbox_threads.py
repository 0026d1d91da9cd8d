"""
An opened item: its messages are unfolded, its tabs and pages opened, and it is read until it stands still.

A thread over several pages or tabs is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.page import Block, Node, PageView
from automation.reading.controls.rows import is_disabled, is_open, may_reveal
from automation.reading.letters.answers import Item
from automation.reading.letters.sentences import names_topic
from automation.reading.letters.thread import ThreadReading, latest_first, read_thread
from automation.reading.lists.completeness import collapsed_messages, failed_to_load, head_of, may_be_later
from automation.reading.lists.opened import Common, item_on
from automation.reading.lists.views import FRAME, is_chosen, tabs_in, tabs_of_item
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import Turn
from automation.reading.threads.words import find_date, in_order, phrases
from automation.text.normalizing import fold, fold_label
from automation.text.page_words import PageWords
from automation.visit.inbox_list import attempt
from automation.visit.reader import Reader, ReadPage

_MOST_PAGES, _MOST_MESSAGES, _MOST_READINGS, _MOST_TABS, _FEWEST_LETTERS = 20, 20, 3, 6, 7
_STEADY_S = 3.0
"""How long an answer must stand unchanged before it is believed."""
_OF_HELP = re.compile(r"(?<![a-z])(?:help|faq|articles?|polic(?:y|ies)|legal|about|learn|dialog|guide)(?![a-z])")
_NUMBERED = re.compile(r"#?(?:[a-z]{1,4}[-/ ]?)?\d[\d\s./-]*(?:[-/][a-z])?")
_OF_A_PAGE = re.compile(
    r"(?:comments?_?|messages?_?|repl(?:y|ies)_?)?(?:page|pg|p|offset|start|from|seite|pagina|página)"
    r"(?:_?(?:no|nr|number|index)|\[number\])?"
)
"""Keys of a query that name which part of a thread is shown."""
_OF_NOTHING = re.compile(r"ref|locale|lang|hl|fbclid|__\w*|notif\w*|utm_\w+")
"""Keys that name nothing of what is shown."""
_IDENTIFIER = re.compile(r"\d{6,}")
"""What in an address names the thread."""
_NUMBER = re.compile(r"(?:\w+ )?\d{1,3}(?: \w+ \d{1,3})?")
"""What a link to a page is called: "2", "Page 2", "Page 2 of 3"."""


# -- reading what is shown


async def read_item(reader: Reader, page: ReadPage, common: Common, named: str = "", opener: str = "") -> Item | None:
    """Read an opened item with what it holds behind tabs; None where it does not stand still."""
    tabs = tabs_of_item(page.view, common.tabs)
    if not tabs or len(tabs) > _MOST_TABS:
        return await _read_shown(reader, page, common, named, opener)
    parts, shown = [await _read_shown(reader, page, common, named, opener, alone=False)], reader.page or page
    for tab in tabs:
        node = tabs_in(shown.view).get(tab)
        if node is None or not may_reveal(shown.view, node):
            return None
        after = await reader.reveal_node(node, page.surface)
        await reader.check_account()
        if after is None or not after.settled or after.view.path != page.view.path:
            return None
        parts.append(await _read_shown(reader, after, common, named, opener, alone=False))
        shown = reader.page or after
    read = [part for part in parts if part is not None]
    told = any(part.thread.concerns for part in read) or not any(failed_to_load(p.page, reader.words) for p in read)
    return behind_tabs(read, reader.words) if told and len(read) == len(parts) else None


async def _read_shown(
    reader: Reader, page: ReadPage, common: Common, named: str = "", opener: str = "", *, alone: bool = True
) -> Item | None:
    """
    Read what is shown of an opened item; None where it does not stand still.

    One that may be about an objection, whosever, is read until two readings in a row agree: a letter's foot may come
    after its sentence. One that decided something else meanwhile says nothing. What does not stand `alone` has more
    behind tabs.
    """

    def read(view: PageView) -> Item:
        speakers = reader.speakers(view)
        return item_on(view, page.surface, reader.words, speakers, common, named=named, opener=opener)

    opened = await open_messages(reader, page, common.openers)
    page = opened.page
    item = read(page.view)
    if item.thread.concerns:
        for _ in range(_MOST_READINGS):
            page = await reader.read_at_end(_STEADY_S)
            before, item = item.thread, read(page.view)
            if before.answers and item.thread.meanings != before.meanings:
                page = await reader.read_taller()  # at a page's end, the header that stays may lie over the decision
                item = read(page.view)
            if item.thread == before and page.settled:
                break
            if before.answers and item.thread.meanings != before.meanings:
                return None
        else:
            return None
    if alone and not item.thread.answers and failed_to_load(page.view, reader.words):
        return None
    if alone and item.thread.concerns and not any(turn.blocks for turn in item.turns):
        return None  # nothing but its title
    reader.withhold(item.turns)
    step = await reader.capture(f"{page.surface}-item", how="link", focus=_said_in(page.view, item.thread))
    later = may_be_later(page.view, opened.closed, reader.words.locale, item.thread.at)
    return replace(item, picture=step.picture, closed=bool(opened.closed), closed_later=later)


def _said_in(view: PageView, thread: ThreadReading) -> Node | None:
    """The paragraph that holds the first sentence that answers, or that nobody knows, to be outlined in the picture."""
    told = [fold(text) for text in [sentence.text for sentence in thread.answers[:1]] or thread.doubts[:1]]
    blocks = (block for said in told for block in view.blocks() if block.node >= 0 and said in fold(block.text))
    return next((view.nodes[block.node] for block in blocks), None)


# -- messages that are shown by their head only


@dataclass(frozen=True, slots=True)
class OpenedThread:
    """A thread's page with its messages open, and what stays closed."""

    page: ReadPage
    closed: tuple[Node, ...] = ()
    """The controls of the messages that could not be opened."""


async def open_messages(reader: Reader, page: ReadPage, others: AbstractSet[str] = frozenset()) -> OpenedThread:
    """
    Open the messages of a thread that are collapsed, each once; `others` are what opens other threads on the same page.

    One stays closed where the control vanishes, leads elsewhere or the guard refuses what it asks for. Raises as the
    reader's verbs do where a visit ends.
    """

    def closed(view: PageView) -> list[Node]:
        return collapsed_messages(view, reader.speakers(view), others)

    def name(view: PageView, node: Node) -> tuple[int, str]:
        return node.backend_id, head_of(view, node)  # several may be called "Read message"

    called = Counter(head_of(page.view, node) for node in closed(page.view))
    tried: set[tuple[int, str]] = set()
    followed: set[tuple[int, str]] = set()
    refused: list[Node] = []
    while len(tried) < _MOST_MESSAGES:
        # A page that is drawn anew has other controls of the same name: each is followed as often as it stood there.
        heads = Counter(head for _, head in tried)
        named = ((node, name(page.view, node)) for node in closed(page.view))
        left = ((n, own) for n, own in named if own not in tried and heads[own[1]] < max(1, called[own[1]]))
        node, own = next(left, (None, (0, "")))
        if node is None:
            break
        tried.add(own)
        after = await attempt(reader, reader.reveal_node(node, page.surface, row=not node.role))
        if after is None:
            continue
        if after.view.path != page.view.path:
            break  # it led away: whatever was closed stays so
        if not after.settled or (page.has_all_data and not after.has_all_data):
            refused.append(node)
        followed.add(own)
        page = after if _shows_it(page.view, after.view, node) else page  # else it was open, and the click closed it
    # One that does not say whether it is open showed all it had when it was followed.
    view = page.view
    waits = (n for n in closed(view) if n.properties.get("expanded") is False or name(view, n) not in followed)
    return OpenedThread(page, (*refused, *waits))


def _shows_it(before: PageView, after: PageView, control: Node) -> bool:
    """Whether a control opened its message: as it says itself, else by how much there is to read."""
    said = next((is_open(node) for node in after.nodes if node.backend_id == control.backend_id), None)
    return len(after.text()) >= len(before.text()) if said is None else said


# -- tabs


def behind_tabs(parts: Sequence[Item], words: PageWords) -> Item:
    """
    The one tab of an item that holds its messages; what the others hold are a case's bare facts.

    Where two of them say something, nothing tells which of them is the later one, or whose it is.
    """
    telling = [part for part in parts if not _is_bare(part, parts, words)]
    answering = [part for part in telling if part.thread.answers]
    apart = len({_all_of(part) for part in telling}) > 1
    closed, later = (any(getattr(part, name) for part in parts) for name in ("closed", "closed_later"))
    return replace((*answering, *telling, *parts)[0], closed=closed or apart, closed_later=later or apart)


def _is_bare(part: Item, parts: Sequence[Item], words: PageWords) -> bool:
    """Whether all that a tab adds to the others is known to be a case's number, date, kind or end."""
    common = set.intersection(*(set(_all_of(each)) for each in parts))
    blocks = (block for turn in part.turns for block in turn.blocks if fold(block.text) not in common)
    people = any(turn.speaker is Speaker.PERSON for turn in part.turns)
    titles = (node.name for node in part.page.headings() if not names_topic(node.name, words))
    known = " ".join([*map(fold_label, titles), *part.page.host.split(".")])
    lines = (line for block in blocks for line in block.text.split("\n"))
    return not people and all(_is_fact(line, part.page.locale, known) for line in lines)


def _is_fact(line: str, locale: str, named: str) -> bool:
    label, colon, value = fold_label(line).partition(":")
    fact = phrases("facts", locale)
    if fact.fullmatch(label.strip()) and colon and value.strip():
        return _is_fact(value, locale, named)
    folded = fold_label(line).strip(" :.")
    found = find_date(line, locale)
    beside = fold_label(found.rest).strip(" :.,-–·") if found.dated else folded
    known = found.dated and not beside
    known = known or any(pattern.fullmatch(text) for pattern in (fact, _NUMBERED) for text in {folded, beside})
    return not folded or known or (len(folded) > _FEWEST_LETTERS and folded in named)


def without_frame(items: Sequence[Item], words: PageWords) -> list[Item]:
    """
    Items without the links to help that stand beneath each of them alike.

    Such a link says nothing of one case, and ties none to AI. In the service's own words beside an answer it stays.
    """
    shared = [{fold(block.text) for block in item.page.blocks() if _leads_to_help(item.page, block)} for item in items]
    called = {fold(item.named or next((turn.title for turn in item.turns), "")) for item in items}
    framing = set.intersection(*shared) if len(called) > 1 else set[str]()
    return [item if item.closed or not framing else _without(item, framing, words) for item in items]


def _without(item: Item, framing: AbstractSet[str], words: PageWords) -> Item:
    ways = {href for node, href in item.page.links() if fold(node.name) in framing}

    def is_own(turn: Turn, block: Block) -> bool:
        read = bool(item.thread.answers) and turn.speaker is not Speaker.PERSON
        return read or fold(block.text) not in framing

    kept = [(turn, tuple(block for block in turn.blocks if is_own(turn, block))) for turn in item.turns]
    left = tuple(replace(turn, blocks=blocks) for turn, blocks in kept if blocks or not turn.blocks)
    titles = [*filter(None, item.named.split("\n"))]
    thread = read_thread(left, words, titles=titles, beside=item.beside, holder=item.holder)
    return replace(item, turns=left, thread=thread, elsewhere=item.elsewhere | ways)


def _leads_to_help(view: PageView, block: Block) -> bool:
    if block.node < 0:
        return False
    inside = {n.index for n in view.within(block.node)} | {a.index for a in view.ancestors(block.node)}
    ways = [urlsplit(href).path for n, href in view.links() if n.index in inside and fold(n.name) == fold(block.text)]
    return any(map(_OF_HELP.search, ways))


# -- pages


async def with_further_pages(
    first: Item,
    read: Callable[[str], Awaitable[Item | None]],
    words: PageWords,
    listed: AbstractSet[str] = frozenset(),
) -> Item | None:
    """
    The thread with what its other pages hold; None where one of them cannot be read.

    The harm: a refusal on the first page would be told where the second holds the acceptance. `first` is the page to
    which the list leads; `read` reads the one at an address; the items `listed` are each read by themselves.
    """
    parts = {_shown(first.page): first}
    while waiting := {n: url for part in parts.values() for n, url in _others(part.page).items() if n not in parts}:
        number = min(waiting)
        part = await read(waiting[number]) if len(parts) < _MOST_PAGES else None
        if part is None:
            return None
        parts[number] = part
    followed = {url for part in parts.values() for url in (part.page.url, *_others(part.page).values())} | listed
    whole = _joined([parts[number] for number in sorted(parts)], words)
    if any(_is_not_all(part.page, followed, words.locale) for part in parts.values()):
        return replace(whole, closed=True, closed_later=True)
    return whole


def _others(view: PageView) -> dict[int, str]:
    """Addresses of the thread's other pages by their number, as the links of this one name them."""
    here = urlsplit(view.url)
    asked = _named_by(here.query)
    found = {}
    for node, href in view.links():
        there = urlsplit(target := urljoin(view.url, href))
        if (there.hostname, there.path) != (view.host, here.path) or is_chosen(node):
            continue
        named = _named_by(there.query)
        differing = [(key, value) for key, value in named.items() if asked.get(key) != value]
        missing = asked.keys() - named.keys()
        if len(differing) == 1 and not missing and _OF_A_PAGE.fullmatch(differing[0][0].casefold()):
            number = differing[0][1]
            if number.isdecimal() and int(number) != _shown(view):
                found[int(number)] = target
    return found


def _named_by(query: str) -> dict[str, str]:
    """What a query says of what is shown."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return {key: value for key, value in pairs if not _OF_NOTHING.fullmatch(key.casefold())}


def _is_not_all(view: PageView, followed: AbstractSet[str], locale: str) -> bool:
    """
    Whether a page may go on elsewhere: numbers of pages, "Next", "Newer messages", that were not followed.

    They must lead to an address that names this thread, too, or stand in a navigation or beside other numbers: what a
    page of help or a survey turns is none of the thread's.
    """
    ways = [
        node
        for node in view.shown_nodes()
        if node.role in {"link", "button"} and not is_chosen(node) and not is_disabled(node)
        if FRAME.isdisjoint(a.role for a in view.ancestors(node.index))
    ]
    rows = Counter(view.nodes[node.parent].parent for node in ways if _NUMBER.fullmatch(fold_label(node.name)))
    return any(_leads_on(view, node, rows, followed, locale) for node in ways)


def _leads_on(view: PageView, node: Node, rows: Counter[int], followed: AbstractSet[str], locale: str) -> bool:
    href, names = node.attributes.get("href", ""), _IDENTIFIER.findall(view.url)
    if href and urljoin(view.url, href) in followed:
        return False
    number = _NUMBER.fullmatch(fold_label(node.name)) is not None
    own = bool(names and href) and all(name in href for name in names)
    within = any(a.role == "navigation" for a in view.ancestors(node.index))
    # Buttons with numbers outside of a navigation may be the marks of a survey.
    beside = number and rows[view.nodes[node.parent].parent] > 1 and (node.role == "link" or within)
    turns = number or phrases("turning", locale).fullmatch(fold_label(node.name)) is not None
    return (turns and (own or beside or (within and not href))) or "next" in node.attributes.get("rel", "").split()


def _shown(view: PageView) -> int:
    """The number of the page that is shown; the first where nothing says so."""
    chosen = (urljoin(view.url, href) for node, href in view.links() if is_chosen(node))
    for url in (view.url, *(url for url in chosen if urlsplit(url).path == view.path)):
        for key, value in parse_qsl(urlsplit(url).query):
            if _OF_A_PAGE.fullmatch(key.casefold()) and value.isdecimal():
                return int(value)
    return 1


def _joined(parts: Sequence[Item], words: PageWords) -> Item:
    """Pages of one thread, in their order, as one item; what shows the decisive words stands for all of it."""
    seen: dict[tuple[str, ...], Item] = {}
    for part in parts:  # a page of the list beside which the thread stands shows the same thread
        seen.setdefault(_all_of(part), part)
    whole = list(seen.values())
    if len(whole) == 1:
        return whole[0]
    order = _order(whole)
    if order is False:
        whole.reverse()
    turns = tuple(turn for part in whole for turn in part.turns)
    beside = tuple(dict.fromkeys(block for part in whole for block in part.beside))
    titles = [*filter(None, parts[0].named.split("\n"))]
    thread = read_thread(turns, words, titles=titles, beside=beside, holder=parts[0].holder)
    said = [fold(said.text) for said in thread.answers[:1]]
    shows = [part for part in whole if any(s in fold(b.text) for s in said for t in part.turns for b in t.blocks)]
    return replace(
        shows[-1] if shows else parts[0],
        thread=thread,
        turns=turns,
        beside=beside,
        closed=any(part.closed for part in whole) or order is None,
        closed_later=any(part.closed_later for part in whole) or order is None,
    )


def _all_of(part: Item) -> tuple[str, ...]:
    return tuple(fold(block.text) for turn in part.turns for block in turn.blocks)


def _order(parts: Sequence[Item]) -> bool | None:
    """
    Whether the pages stand in the order in which the messages of each stand; None where nothing tells.

    Pages may go from new to old and each of them from old to new. Dates that people read on one page only, or that
    overlap, say nothing of the others.
    """
    said = [[turn.at for turn in part.turns if turn.at is not None] for part in parts]
    between = {
        (in_order(before[-1], after[0]), in_order(before[0], after[-1]))
        for before, after in pairwise(said)
        if before and after
    }
    if any(not days for days in said) or len(between) != 1 or len(set(*between)) != 1:
        return None
    rising = between.pop()[0]
    within = {not newest for part in parts if (newest := latest_first(part.turns)) is not None}
    return None if rising is None or len(within) > 1 else not within or within == {rising}
