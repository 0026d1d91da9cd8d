"""Which text of a page is its thread's own: by landmarks, roles, links and places, not by what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.reading.letters.sentences import part_of
from automation.reading.threads.authors import SEPARATED
from automation.reading.threads.dates import find_date
from automation.reading.threads.words import phrases
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.page import Block, Node, PageView

_ROWS = frozenset({"listitem", "row", "option", "treeitem", "tab"})
_LISTS = frozenset({"list", "listbox", "table", "grid", "feed", "tree", "tablist"})
_OPENERS = frozenset({"link", "button", "option", "tab", "treeitem"})
_NOTICES = frozenset({"status", "alert", "dialog", "alertdialog"})
_EXAMPLES = frozenset({"group", "region", "figure", "note", "blockquote", "complementary"})
_COOKIE = re.compile(r"(?<!\w)cookies?(?!\w)", re.IGNORECASE)
_MOST_WORDS_OF_A_COMMAND = 5
_BACK = ("‹", "«", "←", "⟵", "◀")
_CRUMB = re.compile(r"\s[›»]\s")
_PLACE = re.compile(
    r"[\[{<](?:(?:first|last|full|your|user|account|customer)[ _-]?)?(?:name|surname|date|signature|signed|sender|agent"
    r"|recipient|reference|number)[\]}>]",
    re.IGNORECASE,
)
"""Where something would be filled in: "Hi [first name],"."""


def own_blocks(view: PageView, blocks: Sequence[Block]) -> list[Block]:
    """
    The paragraphs without labels of buttons, a list of threads beside this one, and links to read on with.

    What is in doubt stays. A sample and a paragraph that is all a link are set down as quoted: nobody says them here.
    """
    beside, samples = {node.index for row in preview_rows(view) for node in view.within(row.index)}, _samples(view)
    links = sorted({text for n, _ in view.links() if (text := fold(view.text(n.index)))}, key=len, reverse=True)
    own = [b for b in blocks if b.node not in beside and not (_is_command(view, b) or _is_of_cookies(view, b))]
    own = [b for b in _without_further_reading(own, links, view.locale) if not _is_of_the_page(view, b, links)]
    linked = {inner.index for node, _ in view.links() for inner in view.within(node.index)}
    return [replace(b, quoted=True) if b.node in samples or _is_link(view, b, linked) else b for b in own]


def preview_rows(view: PageView) -> list[Node]:
    """Rows of a list of threads: all that a person sees of each is one link or button that opens it."""
    rows = []
    for node in view.shown_nodes():
        if node.role not in _ROWS or not any(a.role in _LISTS for a in view.ancestors(node.index)):
            continue
        opener = next((n for n in view.within(node.index) if n.role in _OPENERS and n.shown), None)
        texts = [n for n in view.within(node.index) if n.tag == "#text" and n.shown and n.text.strip()]
        if opener is not None and len(texts) > 1 and all(view.is_inside(n.index, opener.index) for n in texts):
            rows.append(node)
    return rows if len(rows) > 1 else []


def lists_beside(view: PageView, marked: Sequence[int]) -> frozenset[int]:
    """What stands in a list at the side of the messages: the list of threads in a page of two panes."""
    lineages = [[n, *(a.index for a in view.ancestors(n))] for n in marked if n >= 0]
    if len(lineages) < 2:
        return frozenset()
    shared = set(lineages[0]).intersection(*lineages[1:])
    region = view.nodes[next(index for index in lineages[0] if index in shared)].box
    return frozenset(
        inner.index
        for node in view.shown_nodes()
        if node.role in _LISTS and node.box is not None and region is not None
        if node.box.x + node.box.width <= region.x or node.box.x >= region.x + region.width
        for inner in view.within(node.index)
    )


def is_heading(view: PageView, node: int) -> bool:
    """Whether a node is a heading, or stands in one."""
    return node >= 0 and any(n.role == "heading" for n in around(view, node))


def around(view: PageView, node: int) -> list[Node]:
    """A node and its ancestors, nearest first; none for a text without a place."""
    return [view.nodes[node], *view.ancestors(node)] if node >= 0 else []


def says_nobody_reads(text: str, locale: str) -> bool:
    """Whether a text says that nobody reads answers, and no more."""
    return part_of(text, locale) == "no_reply"


def _samples(view: PageView) -> frozenset[int]:
    """The nodes within every box that is set apart from its message and has places that nobody filled in."""
    return frozenset(
        node.index
        for box in view.shown_nodes()
        if box.role in _EXAMPLES and _PLACE.search(view.text(box.index))
        for node in view.within(box.index)
    )


def _is_link(view: PageView, block: Block, linked: AbstractSet[int]) -> bool:
    """Whether a paragraph is all a link: what another page is called, unless letters are known to end with it."""
    texts = [n for n in view.within(block.node) if n.tag == "#text" and n.shown and n.text.strip()] if linked else []
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
    titles = {fold(heading.name) for heading in view.headings()}
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
    nodes = [n for n in around(view, block.node) if "expanded" not in n.properties]
    short = len(block.text.split()) <= _MOST_WORDS_OF_A_COMMAND
    link = short and not find_date(block.text, view.locale).dated  # when a message was written leads to the message
    return any(n.role in {"button", "menuitem"} or (n.role == "link" and link) for n in nodes)
