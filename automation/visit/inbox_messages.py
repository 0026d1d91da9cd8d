"""Opening the messages of one thread that are shown by their head only, as far as that only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from loguru import logger

from automation.core.errors import CheckError
from automation.page import Node, PageView
from automation.reading.controls.by_label import is_open
from automation.reading.lists.messages import collapsed_messages, head_of
from automation.visit.reader import Reader, ReadPage

MOST_PAGES, _MOST_MESSAGES, MOST_READINGS, MOST_TABS, FEWEST_LETTERS = 20, 20, 3, 6, 7


@dataclass(frozen=True, slots=True)
class OpenedThread:
    """A thread's page with its messages open, and what stays closed."""

    page: ReadPage
    closed: tuple[Node, ...] = ()
    """The controls of the messages that could not be opened."""


async def open_messages(reader: Reader, page: ReadPage, others: AbstractSet[str] = frozenset()) -> OpenedThread:
    """
    Open the messages of a thread that are collapsed, each once.

    One stays closed where the control vanishes, leads elsewhere or the guard refuses what it asks for. Raises as the
    reader's verbs do where a visit ends.

    Args:
        reader: on the thread's page.
        page: that page.
        others: folded words of what opens other threads on the same page.
    """
    called = Counter(head_of(page.view, node) for node in _closed(reader, page.view, others))
    tried: set[tuple[int, str]] = set()
    followed: set[tuple[int, str]] = set()
    refused: list[Node] = []
    for _ in range(_MOST_MESSAGES):
        waiting = [n for n in _closed(reader, page.view, others) if _name(page.view, n) not in tried]
        # A page that is drawn anew has other controls of the same name: each is followed as often as it stood there.
        heads = Counter(head for _, head in tried)
        waiting = [n for n in waiting if heads[head_of(page.view, n)] < max(1, called[head_of(page.view, n)])]
        if not waiting:
            break
        tried.add(_name(page.view, waiting[0]))
        try:
            after = await reader.reveal_node(waiting[0], page.surface, row=not waiting[0].role)
            await reader.check_account()
        except CheckError as error:
            if error.ends_visit:
                raise
            logger.debug("a message stays closed: {}", error.message)
            continue
        if after is None:
            continue
        if after.view.path != page.view.path:
            break  # it led away: whatever was closed stays so
        if not after.settled or (page.has_all_data and not after.has_all_data):
            refused.append(waiting[0])
        followed.add(_name(page.view, waiting[0]))
        if _shows_it(page.view, after.view, waiting[0]):
            page = after  # else it was open, and the click closed it
    closed = [
        node
        for node in _closed(reader, page.view, others)
        # One that does not say whether it is open showed all it had when it was followed.
        if node.properties.get("expanded") is False or _name(page.view, node) not in followed
    ]
    return OpenedThread(page, (*refused, *closed))


def _shows_it(before: PageView, after: PageView, control: Node) -> bool:
    """Whether a control opened its message: as it says itself, else by how much there is to read."""
    said = next((is_open(node) for node in after.nodes if node.backend_id == control.backend_id), None)
    return len(after.text()) >= len(before.text()) if said is None else said


def _name(view: PageView, node: Node) -> tuple[int, str]:
    """What tells a control from the others: several may be called "Read message"."""
    return node.backend_id, head_of(view, node)


def _closed(reader: Reader, view: PageView, others: AbstractSet[str]) -> list[Node]:
    return collapsed_messages(view, reader.speakers(view), others)
