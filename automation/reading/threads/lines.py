"""
The lines of a thread: which text of a page is the thread's own, what is only read out, and the points of a timeline.

By landmarks, roles, links and places, not by what is said.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal

from automation.page import Block, Box, Node, PageView
from automation.reading.letters.sentences import part_of
from automation.reading.threads.authors import SEPARATED, Mark, Speaker, Speakers, Strength, trimmed
from automation.reading.threads.words import find_date, phrases
from automation.text.normalizing import fold

BOTH = frozenset({Speaker.PERSON, Speaker.SERVICE})
_ROWS = frozenset({"listitem", "row", "option", "treeitem", "tab"})
_LISTS = frozenset({"list", "listbox", "table", "grid", "feed", "tree", "tablist"})
_OPENERS = frozenset({"link", "button", "option", "tab", "treeitem"})
_NOTICES = frozenset({"status", "alert", "dialog", "alertdialog"})
_EXAMPLES = frozenset({"group", "region", "figure", "note", "blockquote", "complementary"})
_COOKIE = re.compile(r"(?<!\w)cookies?(?!\w)", re.IGNORECASE)
_MOST_WORDS_OF_A_COMMAND = 5
_BACK, _CRUMB = ("‹", "«", "←", "⟵", "◀"), re.compile(r"\s[›»]\s")
_PLACE = re.compile(
    r"[\[{<](?:(?:first|last|full|your|user|account|customer)[ _-]?)?(?:name|surname|date|signature|signed|sender|agent"
    r"|recipient|reference|number)[\]}>]",
    re.IGNORECASE,
)
"""Where something would be filled in: "Hi [first name],"."""
_FEWEST_POINTS, _MOST_LETTERS_OF_INITIALS = 2, 3
_POINTS = {
    "asked": Speaker.PERSON, "told": Speaker.SERVICE, "routed": Speaker.UNKNOWN, "ahead": None,
    "steps": Speaker.UNKNOWN, "states": Speaker.UNKNOWN,
}  # fmt: skip
"""What the points of a timeline are called, and whose words stand beneath each; `ahead` is not reached yet."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph, and who speaks from here on, if it says so."""

    block: Block
    mark: Mark | None = None
    signs: bool = False
    """Whether it is a name beneath a letter: it belongs to what stands above it."""
    hidden: bool = False
    """Not drawn, or a label: no words of a message."""
    first: bool = True
    """Of its paragraph."""
    gap: bool = False
    """Whether an empty line stands above it in its paragraph."""
    head: bool = False
    """Whether it is the value of a label at the head of a message: "Subject:", "Sent:"."""
    labelled: bool = False
    """Whether it names its author behind a label of its own, as mail does: "From: Meta"."""

    @property
    def firm(self) -> bool:
        """Whether its mark heads a message for sure: it has a date or a label, or is only read out."""
        mark = self.mark
        return self.labelled or (mark is not None and not mark.is_section and (mark.at is not None or self.hidden))


def around(view: PageView, node: int) -> list[Node]:
    """A node and its ancestors, nearest first; none for a text without a place."""
    return [view.nodes[node], *view.ancestors(node)] if node >= 0 else []


def is_initials(text: str) -> bool:
    """Whether a text is as short as what stands on a picture of somebody."""
    return len(text.strip()) <= _MOST_LETTERS_OF_INITIALS


def is_heading(view: PageView, node: int) -> bool:
    """Whether a node is a heading, or stands in one."""
    return any(n.role == "heading" for n in around(view, node))


def shown_texts(view: PageView, node: int) -> list[Node]:
    """The texts that a person sees in an element, in document order."""
    return [n for n in view.within(node) if n.tag == "#text" and n.shown] if node >= 0 else []


# -- which paragraphs are the thread's ---------------------------------------------------------------------------------


def own_blocks(view: PageView, blocks: Sequence[Block]) -> list[Block]:
    """
    The paragraphs without labels of buttons, a list of threads beside this one, and links to read on with.

    What is in doubt stays. A sample and a paragraph that is all a link are set down as quoted: nobody says them here.
    """
    beside = _within(view, preview_rows(view))
    # A box that is set apart from its message and has places that nobody filled in.
    samples = (n for n in view.shown_nodes() if n.role in _EXAMPLES and _PLACE.search(view.text(n.index)))
    linked = _within(view, (node for node, _ in view.links()))
    unsaid = _within(view, samples)
    links = sorted({text for n, _ in view.links() if (text := fold(view.text(n.index)))}, key=len, reverse=True)
    own = [b for b in blocks if b.node not in beside and not (_is_command(view, b) or _is_of_cookies(view, b))]
    own = [b for b in _without_further_reading(own, links, view.locale) if not _is_of_the_page(view, b, links)]
    return [replace(b, quoted=True) if b.node in unsaid or _is_link(view, b, linked) else b for b in own]


def preview_rows(view: PageView) -> list[Node]:
    """Rows of a list of threads: all that a person sees of each is one link or button that opens it."""
    rows = []
    for node in view.shown_nodes():
        if node.role not in _ROWS or not any(a.role in _LISTS for a in view.ancestors(node.index)):
            continue
        opener = next((n for n in view.within(node.index) if n.role in _OPENERS and n.shown), None)
        texts = [n for n in shown_texts(view, node.index) if n.text.strip()]
        if opener is not None and len(texts) > 1 and all(view.is_inside(n.index, opener.index) for n in texts):
            rows.append(node)
    return rows if len(rows) > 1 else []


def lists_beside(view: PageView, marked: Sequence[int]) -> frozenset[int]:
    """What stands in a list at the side of the messages: the list of threads in a page of two panes."""
    lineages = [[n.index for n in around(view, node)] for node in marked if node >= 0]
    if len(lineages) < 2:
        return frozenset()
    shared = set(lineages[0]).intersection(*lineages[1:])
    region = view.nodes[next(index for index in lineages[0] if index in shared)].box

    def is_apart(box: Box | None) -> bool:
        if box is None or region is None:
            return False
        return box.x + box.width <= region.x or box.x >= region.x + region.width

    return _within(view, (n for n in view.shown_nodes() if n.role in _LISTS and is_apart(n.box)))


def _within(view: PageView, nodes: Iterable[Node]) -> frozenset[int]:
    """The nodes in any of some elements."""
    return frozenset(inner.index for node in nodes for inner in view.within(node.index))


def _is_link(view: PageView, block: Block, linked: AbstractSet[int]) -> bool:
    """Whether a paragraph is all a link: what another page is called, unless letters are known to end with it."""
    texts = [n for n in shown_texts(view, block.node) if n.text.strip()] if linked else []
    return bool(texts) and all(n.index in linked for n in texts) and part_of(block.text, view.locale) is None


def _without_further_reading(blocks: Sequence[Block], links: Sequence[str], locale: str) -> list[Block]:
    """
    The paragraphs without what a page hands over to under "Related articles": links, whatever they are called.

    One with a day tells what happened to the case: "Your objection was withdrawn on 3 May".
    """

    def leads_on(lines: Sequence[str]) -> bool:
        return all(_is_links(fold(line), links) and not find_date(line, locale).dated for line in lines)

    kept: list[Block] = []
    reading_on = False
    for block in blocks:
        first, *others = block.text.split("\n")
        titled = phrases("reading_on", "").fullmatch(fold(first).strip(" :")) is not None
        reading_on = leads_on(others) if titled else reading_on and leads_on((first, *others))
        if not reading_on:
            kept.append(block)
    return kept


def _is_of_the_page(view: PageView, block: Block, links: Sequence[str]) -> bool:
    """Whether a text is on every page of a site: the way to this one or back, or whose the site is, beside links."""
    crumbs = [fold(crumb).strip() for crumb in _CRUMB.split(block.text)]
    titles = {fold(heading.name) for heading in view.headings()} if len(crumbs) > 1 else set[str]()
    if len(crumbs) > 1 and (crumbs[-1] in titles or set(crumbs) <= {*links, *titles}):
        return True
    said = fold(block.text)
    if said in links and (block.text.startswith(_BACK) or said.replace(" ", "") in view.host.split(".")):
        return True
    owner = [text for part in SEPARATED.split(block.text) if (text := fold(part)) not in links]
    few = len(owner) == 1 and "©" in owner[0] and len(owner[0].split()) <= _MOST_WORDS_OF_A_COMMAND
    return few and phrases("happenings", view.locale).search(owner[0]) is None


def _is_links(line: str, links: Sequence[str]) -> bool:
    """Whether a line holds links and what stands between them, and nothing else."""
    for text in links:
        line = line.replace(text, "")
    return not any(letter.isalnum() for letter in line)


def _is_of_cookies(view: PageView, block: Block) -> bool:
    """Whether a text is of a notice about cookies, which stands over any page of the site."""
    return _COOKIE.search(block.text) is not None and any(n.role in _NOTICES for n in around(view, block.node))


def _is_command(view: PageView, block: Block) -> bool:
    """Whether a text is what a control says, not what somebody wrote; the head of a section may name an author."""
    roles = {n.role for n in around(view, block.node) if "expanded" not in n.properties}
    short = len(block.text.split()) <= _MOST_WORDS_OF_A_COMMAND
    # When a message was written leads to the message.
    link = "link" in roles and short and not find_date(block.text, view.locale).dated
    return link or not roles.isdisjoint({"button", "menuitem"})


# -- their lines, and those that say who speaks without being drawn ----------------------------------------------------


def cut(blocks: Sequence[Block]) -> Iterator[Line]:
    """The paragraphs cut into lines, for any may say who speaks; `>` before a line is what mail quotes with."""
    for block in blocks:
        gap = False
        for place, text in enumerate(block.text.split("\n")):
            bare = text.strip().lstrip("> ").strip()
            if bare:
                quoted = block.quoted or text.strip().startswith(">")
                yield Line(Block(bare, quoted, block.node), first=place == 0, gap=gap)
            gap = not bare


def with_unseen(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
    """
    The lines, with those for screen readers and the pictures that say who speaks; what else is not drawn is nobody's.

    A mere name that is read out, and a picture, count beside a message, and where both sides are told so. One side
    alone may be anything: the account's own picture stands in the bar of every page.
    """
    drawn = {line.block.node for line in lines}
    texts = (n for n in view.everything() if n.tag == "#text" and not n.shown and n.role == "StaticText")
    images = (n for n in view.shown_nodes() if n.tag == "IMG")
    unseen = _unseen(view, [(n.text.strip(), n.parent) for n in texts], drawn, speakers, pictures=False)
    unseen += _unseen(view, [(n.name, n.index) for n in images], drawn, speakers, pictures=True)
    waiting = deque(sorted(unseen, key=lambda line: line.block.node))
    found: list[Line] = []
    for line in lines:
        while waiting and waiting[0].block.node < line.block.node:
            found.append(waiting.popleft())
        found.append(line)
    return [*found, *waiting]


def _unseen(
    view: PageView, said: Iterable[tuple[str, int]], drawn: AbstractSet[int], speakers: Speakers, *, pictures: bool
) -> list[Line]:
    """Texts at their nodes, as lines that say who speaks; see `with_unseen` for those that count."""
    told = ((text, node, speakers.mark(text)) for text, node in said)
    marked = [
        (Line(Block(text, quoted=False, node=node), mark, hidden=True), mark) for text, node, mark in told if mark
    ]
    nodes = [view.nodes[line.block.node].parent for line, _ in marked]
    beside = {parent: any(n.index in drawn for n in view.within(parent)) for parent in nodes}
    near = [(line, mark, beside[parent]) for (line, mark), parent in zip(marked, nodes, strict=True)]
    both = {mark.speaker for _, mark, is_near in near if is_near or not pictures} >= BOTH
    return [line for line, mark, is_near in near if (both and is_near) or not (pictures or mark.bare)]


def points(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
    """
    The same lines; the step that heads each point of a timeline says whose words follow; what is ahead is set aside.

    Only where every item of the list begins with a step that is known, and with its date if it is reached, and nothing
    else in it says who speaks: under a step that nobody knows anybody's words may stand.
    """
    lists: dict[int, dict[int, list[int]]] = {}
    for n, line in enumerate(lines):
        for above in [a for a in around(view, line.block.node) if a.tag == "LI" or a.role == "listitem"][:1]:
            lists.setdefault(above.parent, {}).setdefault(above.index, []).append(n)
    drawn = list(lines)
    for items in lists.values():
        whose = {item: _point(view, [lines[n].block.text for n in run], item, speakers) for item, run in items.items()}
        if len(whose) < _FEWEST_POINTS or None in whose.values():
            continue
        for item, (first, *rest) in items.items():
            mark = whose[item] or None
            drawn[first] = replace(lines[first], mark=mark, hidden=True)
            for n in rest if mark is None else [n for n in rest[:1] if speakers.is_date(lines[n].block.text)]:
                drawn[n] = replace(lines[n], hidden=True)
    return drawn


def _point(view: PageView, texts: Sequence[str], item: int, speakers: Speakers) -> Mark | Literal[False] | None:
    """Who speaks beneath the step that an item begins with; False where it is not reached; None for any other."""
    first, *others = texts
    if any(mark.at or mark.opens_quote or mark.is_field for mark in filter(None, map(speakers.mark, others))):
        return None
    called = next(filter(None, (trimmed(fold(node.text)) for node in shown_texts(view, item))), "")
    kind = next((kind for kind in _POINTS if phrases(kind, speakers.locale).fullmatch(called)), "")
    date = find_date(first, speakers.locale)
    if not date.dated and others and speakers.is_date(others[0]) and trimmed(fold(first)) == called:
        date = find_date(others[0], speakers.locale)
    elif kind == "ahead" and not date.dated:
        return False
    elif not date.dated or trimmed(date.rest) != called:
        return None
    whose = _POINTS.get(kind)
    return Mark(whose, Strength.DATED, date.at) if whose is not None else None
