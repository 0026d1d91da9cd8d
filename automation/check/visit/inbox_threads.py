"""A thread over several pages or tabs: each is read, and all together are one."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.reading.inbox.dates import find_date, in_order
from automation.reading.inbox.list_tabs import is_chosen, is_disabled
from automation.reading.inbox.speakers import Speaker
from automation.reading.inbox.speech import facts_in, turning_in
from automation.reading.letters.answers import Item
from automation.reading.letters.order import latest_first
from automation.reading.letters.sentences import DECISIONS
from automation.reading.letters.thread import read_thread
from automation.text.normalizing import fold, fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView
    from automation.text.page_words import PageWords

_MOST_PAGES = 20
_FEWEST_LETTERS = 7
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


async def with_further_pages(
    first: Item,
    read: Callable[[str], Awaitable[Item | None]],
    words: PageWords,
    listed: AbstractSet[str] = frozenset(),
) -> Item | None:
    """
    The thread with what its other pages hold; None where one of them cannot be read.

    The harm: a refusal on the first page would be told where the second holds the acceptance.

    Args:
        first: as it was read on the page to which the list leads.
        read: reads the page of the thread at an address.
        words: the service's, in the language of the page.
        listed: addresses of all items of the list; each is read by itself.
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


def behind_tabs(parts: Sequence[Item]) -> Item:
    """
    The one tab of an item that holds its messages; what the others hold are a case's bare facts.

    Where two of them say something, nothing tells which of them is the later one, or whose it is.
    """
    telling = [part for part in parts if not _is_bare(part, parts)]
    deciding = [part for part in telling if bool(part.thread.meanings & DECISIONS)]
    whole = (*deciding, *telling, *parts)[0]  # a decision that is not the last word is unclear, and no answer beside it
    apart = len({_all_of(part) for part in telling}) > 1
    closed = any(part.closed for part in parts)
    later = any(part.closed_later for part in parts)
    if apart and not deciding and whole.thread.answers:  # a receipt, beside words that may have decided since
        doubts = (*whole.thread.doubts, whole.thread.answers[0].text)
        whole = replace(whole, thread=replace(whole.thread, doubts=doubts))
    return replace(whole, closed=closed or apart, closed_later=later or apart)


def _is_bare(part: Item, parts: Sequence[Item]) -> bool:
    """Whether all that a tab adds to the others is known to be a case's number, date, kind or end."""
    common = set.intersection(*(set(_all_of(each)) for each in parts))
    blocks = [block for turn in part.turns for block in turn.blocks if fold(block.text) not in common]
    people = any(turn.speaker is Speaker.PERSON for turn in part.turns)
    locale = part.page.locale
    titles = (h.name for h in part.page.headings())
    known = " ".join([*map(fold_label, titles), *part.page.host.split(".")])
    return not people and all(_is_fact(line, locale, known) for block in blocks for line in block.text.split("\n"))


def _is_fact(line: str, locale: str, named: str) -> bool:
    label, colon, value = fold_label(line).partition(":")
    fact = facts_in(locale)
    if fact.fullmatch(label.strip()) and colon and value.strip():
        return _is_fact(value, locale, named)
    folded = fold_label(line).strip(" :.")
    found = find_date(line, locale)
    beside = fold_label(found.rest).strip(" :.,-–·") if found.dated else folded
    known = found.dated and not beside
    known = known or any(pattern.fullmatch(text) for pattern in (fact, _NUMBERED) for text in {folded, beside})
    return not folded or known or (len(folded) > _FEWEST_LETTERS and folded in named)


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
        (node, node.attributes.get("href", ""))
        for node in view.shown_nodes()
        if node.role in {"link", "button"} and not is_chosen(node) and not is_disabled(node)
        if not {a.role for a in view.ancestors(node.index)} & {"banner", "contentinfo", "search"}
    ]
    numbers = [node.index for node, _ in ways if _NUMBER.fullmatch(fold_label(node.name))]
    row = {index: view.nodes[view.nodes[index].parent].parent for index in numbers}
    names = _IDENTIFIER.findall(view.url)
    for node, href in ways:
        if href and urljoin(view.url, href) in followed:
            continue
        turns = turning_in(locale).fullmatch(fold_label(node.name)) is not None or node.index in row
        own = bool(names) and bool(href) and all(name in href for name in names)
        beside = node.index in row and list(row.values()).count(row[node.index]) > 1 and _is_of_pages(view, node)
        inside = any(a.role == "navigation" for a in view.ancestors(node.index)) and (not href or own)
        if (turns and (own or beside or inside)) or "next" in node.attributes.get("rel", "").split():
            return True
    return False


def _is_of_pages(view: PageView, node: Node) -> bool:
    """Whether a number leads on; buttons outside of a navigation may be the marks of a survey."""
    return node.role == "link" or any(a.role == "navigation" for a in view.ancestors(node.index))


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
    beside = tuple(block for part in whole for block in part.beside)
    thread = read_thread(turns, words, titles=(parts[0].named,), beside=beside, holder=parts[0].holder)
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
