"""Where on a page a signal was read: the element that says it, and how a person finds it again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.core.signals import Signal, SignalName
from automation.page import Node
from automation.reading.forms import find_forms
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import turns_of
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.page import PageView
    from automation.reading.threads.authors import Speakers
    from automation.text.page_words import PageWords

_LONGEST = 80
_MARKED = re.compile(r"\[[^\]]*\]|…")
_LISTS = ("list", "table", "grid", "feed", "main", "RootWebArea")
_MESSAGES = frozenset({"article", "listitem", "group", "region", "row", "comment"})


@dataclass(frozen=True, slots=True)
class Place:
    """One place on a page."""

    node: Node
    locator: str


def place_of(signal: Signal, view: PageView, words: PageWords, speakers: Speakers) -> Place | None:
    """
    Find the element that a signal was read from, by its quote, on the page of its picture.

    The speakers tell the user's sentences from the service's.
    """
    found = _FINDERS.get(signal.name, _by_quote)(signal, view, words, speakers)
    return Place(found, _locator(view, found, signal.quote)) if found is not None else None


def _by_quote(signal: Signal, view: PageView, _words: PageWords, _speakers: Speakers) -> Node | None:
    """The heading, control or paragraph that holds the quote."""
    return _heading(view, signal.quote) or _named(view, signal.quote) or _paragraph(view, signal.quote)


def _reply(signal: Signal, view: PageView, _words: PageWords, speakers: Speakers) -> Node | None:
    """The paragraph of a reply, of the latest turn that is not the user's own."""
    blocks = view.blocks()
    turns = [turn for turn in turns_of(view, blocks, speakers) if turn.speaker is not Speaker.PERSON]
    turns.sort(key=lambda turn: (turn.at is not None, turn.at.isoformat() if turn.at else ""))
    for turn in reversed(turns):
        nodes = (
            view.nodes[block.node] for block in turn.blocks if block.node >= 0 and _holds(block.text, signal.quote)
        )
        found = next(nodes, None)
        if found is not None:
            return found
    return _by_quote(signal, view, _words, speakers)


def _frame(signal: Signal, view: PageView, words: PageWords, speakers: Speakers) -> Node | None:
    """A signature or heading; where the author alone says it, the message."""
    if signal.quote:
        return _reply(signal, view, words, speakers)
    theirs = [turn for turn in turns_of(view, view.blocks(), speakers) if turn.speaker is Speaker.SERVICE]
    nodes = [block.node for turn in theirs for block in turn.blocks if block.node >= 0]
    if not nodes:
        return None
    around = (node for node in view.ancestors(nodes[-1]) if node.role in _MESSAGES)
    return next(around, view.nodes[nodes[-1]])


def _about_ai(signal: Signal, view: PageView, words: PageWords, speakers: Speakers) -> Node | None:
    for node, href in view.links():
        if signal.quote and urlsplit(urljoin(view.url, href)).path == signal.quote:
            return node
    return _reply(signal, view, words, speakers)


def _form(signal: Signal, view: PageView, words: PageWords, _speakers: Speakers) -> Node | None:
    forms = find_forms(view, signal.surface, words.in_language(view.locale or words.locale))
    return view.nodes[forms[0].root] if forms else None


def _inbox(signal: Signal, view: PageView, _words: PageWords, _speakers: Speakers) -> Node | None:
    """The inbox's title; where its data or links tell it, what holds the list."""
    titled = _heading(view, signal.quote) if signal.quote else None
    return titled or next((n for role in _LISTS for n in view.shown_nodes() if n.role == role and n.box), None)


def _listed(signal: Signal, view: PageView, words: PageWords, speakers: Speakers) -> Node | None:
    """The part of the page that holds no answer, or should have been read."""
    main = next((n for n in view.shown_nodes() if n.role == "main" and n.box is not None), None)
    return main or _inbox(signal, view, words, speakers)


_FINDERS: dict[SignalName, Callable[[Signal, PageView, PageWords, Speakers], Node | None]] = {
    **dict.fromkeys((name for name in SignalName if name.startswith("reply.")), _reply),
    **dict.fromkeys(
        (SignalName.FORM_ID, SignalName.FORM_OPEN, SignalName.FORM_TWICE, SignalName.FORM_UNFAMILIAR), _form
    ),
    SignalName.INBOX_KNOWN: _inbox,
    SignalName.INBOX_NOTHING: _listed,
    SignalName.INBOX_UNREAD: _listed,
    SignalName.INBOX_LATER: _listed,
    SignalName.REPLY_ABOUT_AI: _about_ai,
    SignalName.REPLY_FRAME: _frame,
}


def _heading(view: PageView, quote: str) -> Node | None:
    return next((n for n in view.headings() if n.box is not None and _is(n.name, quote)), None)


def _named(view: PageView, quote: str) -> Node | None:
    """A control by its name; a control's own quote has its value after it."""
    names = (quote, quote.partition(": ")[0])
    found = (n for n in view.shown_nodes() if n.box is not None and n.role and n.tag != "#text" and n.name)
    return next((n for n in found if any(name and _is(n.name, name) for name in names)), None)


def _paragraph(view: PageView, quote: str) -> Node | None:
    blocks = (b for b in view.blocks(chrome=True) if b.node >= 0 and _holds(b.text, quote))
    return next((view.nodes[b.node] for b in blocks), None)


def _is(text: str, quote: str) -> bool:
    return bool(quote) and fold(text) == fold(quote)


def _holds(text: str, quote: str) -> bool:
    """Whether a text holds a quote, which is shortened and has marks in place of addresses and numbers."""
    piece = max(_MARKED.split(quote), key=len, default="").strip()
    return bool(piece) and fold(piece) in fold(text)


def _locator(view: PageView, node: Node, quote: str) -> str:
    """Role and name as a person would say them: `heading "Support Inbox"`, `paragraph "We will honour …"`."""
    role = node.role or next((a.role for a in view.ancestors(node.index) if a.role), "text")
    said = node.name or quote
    return f'{role} "{said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"}"' if said else role
