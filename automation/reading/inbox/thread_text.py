"""Which text of a page belongs to its thread: not the labels of buttons, nor a list of other threads beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.reading.inbox.dates import find_date
from automation.reading.inbox.names import SEPARATED
from automation.reading.inbox.samples import in_samples
from automation.reading.letter import letter_in
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.page import Block, Node, PageView

_ROWS = frozenset({"listitem", "row", "option", "treeitem", "tab"})
_LISTS = frozenset({"list", "listbox", "table", "grid", "feed", "tree", "tablist"})
_OPENERS = frozenset({"link", "button", "option", "tab", "treeitem"})
_NOTICES = frozenset({"status", "alert", "dialog", "alertdialog"})
_COOKIE = re.compile(r"(?<!\w)cookies?(?!\w)", re.IGNORECASE)
_MOST_WORDS_OF_A_COMMAND = 5
_CRUMB = re.compile(r"\s[›»]\s")
_OWNED = re.compile(r"©\s?\d{4}|\d{4}\s?©|©")
_FURTHER_READING = re.compile(
    r"(?:related|similar|suggested|recommended|popular|more|other|further|helpful|useful)"
    r" (?:help |support )?(?:articles|topics|links|questions|reading|pages|guides|help)"
    r"|(?:see also|read more|people also (?:ask|read)|you may also (?:like|find useful)|learn more|help articles)"
    r"|articles (?:connexes|associés|similaires|liés)|(?:à|a) lire aussi|voir aussi|liens utiles"
    r"|(?:verwandte|ähnliche|weitere|passende) (?:artikel|themen|hilfeartikel|links)|siehe auch|mehr zum thema"
    r"|(?:artículos|temas|enlaces) relacionados|ver también|artículos de ayuda"
    r"|(?:articoli|argomenti|link) (?:correlati|simili|utili)|vedi anche|leggi anche"
)
_SAYS = re.compile(r"[.!?](?:\s|$)")


def own_blocks(view: PageView, blocks: Sequence[Block]) -> list[Block]:
    """The paragraphs without labels of buttons, without a list of threads beside this one, and without samples."""
    beside = {node.index for row in preview_rows(view) for node in view.within(row.index)} | in_samples(view)
    own = [b for b in blocks if b.node not in beside and not (_is_command(view, b) or _is_of_cookies(view, b))]
    links = sorted({text for n, _ in view.links() if (text := fold(view.text(n.index)))}, key=len, reverse=True)
    own = [b for b in _without_further_reading(own, links, view.locale) if not _is_of_the_page(view, b, links)]
    return _without_help([_quoted_by_a_link(_apart(b, view.locale), links, view.locale) for b in own], links)


def _quoted_by_a_link(block: Block, links: Sequence[str], locale: str) -> Block:
    """A decision that is nothing but a link is what another page is called: quoted here, and said by nobody."""
    letter, said = letter_in(locale), fold(block.text)
    called = said in links and letter.decides(said) and not (letter.undoing(said) or letter.negates(said))
    return replace(block, quoted=True) if called else block


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
        titled = _FURTHER_READING.fullmatch(fold(first).strip(" :")) is not None
        reading_on = leads_on(others) if titled else reading_on and leads_on((first, *others))
        if not reading_on:
            kept.append(block)
    return kept


def _apart(block: Block, locale: str) -> Block:
    """A line in parts, each by itself, where one says that nobody reads answers: "Status: Closed — This inbox …"."""
    letter = letter_in(locale)
    lines = block.text.split("\n")
    parts = [SEPARATED.split(line) for line in lines]
    foot = [len(each) > 1 and any(letter.part(part) == "do_not_reply" for part in each) for each in parts]
    if not any(foot):
        return block
    texts = ("\n\n".join(each) if cut else line for line, each, cut in zip(lines, parts, foot, strict=True))
    return replace(block, text="\n".join(texts))


def _is_of_the_page(view: PageView, block: Block, links: Sequence[str]) -> bool:
    """
    Whether a text is on every page of a site: where one is, links to read on with, whose all of it is.

    Not where it tells what became of a case: an event, a status or an answer may be a link, or stand in a foot.
    """
    said, letter = fold(block.text), letter_in(view.locale)
    if _is_a_way(view, block.text):
        return True
    if any(tells(said) for tells in (letter.decides, letter.undoing, letter.negates, letter.reopens, letter.acts)):
        return False
    crumb = _CRUMB.search(block.text) and not find_date(block.text, view.locale).dated
    if crumb and any(said.startswith(text) for text in links):
        return True
    if _OWNED.search(block.text) and _SAYS.search(block.text) is None:
        return True
    around = [view.nodes[block.node], *view.ancestors(block.node)] if block.node >= 0 else []
    return said in links and any(n.role == "listitem" for n in around)


def _is_a_way(view: PageView, line: str) -> bool:
    """Whether a line is the way to a page: it ends with what a heading calls that, which says it, too."""
    *above, last = _CRUMB.split(line)
    return bool(above) and fold(last).strip() in {fold(heading.name) for heading in view.headings()}


def _without_help(blocks: Sequence[Block], links: Sequence[str]) -> list[Block]:
    """
    The paragraphs without questions that lead to help: "Why was my request declined?".

    Each is a link, and what follows it is nothing but links, too: else it may be a question that is answered there.
    """
    lines = [(number, line) for number, block in enumerate(blocks) for line in block.text.split("\n")]
    said = [fold(line) for _, line in lines]
    helping = [line.endswith("?") and line in links for line in said]
    if not any(helping):
        return list(blocks)
    following = [*(_is_links(line, links) for line in said[1:]), True]
    kept: dict[int, list[str]] = {}
    for (number, line), helps, leads in zip(lines, helping, following, strict=True):
        kept.setdefault(number, []).extend(() if helps and leads else (line,))
    texts = {number: "\n".join(of_block) for number, of_block in kept.items()}
    return [replace(block, text=texts[number]) for number, block in enumerate(blocks) if texts[number].strip()]


def _is_links(line: str, links: Sequence[str]) -> bool:
    """Whether a line holds links and what stands between them, and nothing else."""
    for text in links:
        line = line.replace(text, "")
    return not any(letter.isalnum() for letter in line)


def _is_of_cookies(view: PageView, block: Block) -> bool:
    """Whether a text is of a notice about cookies, which stands over any page of the site."""
    if block.node < 0 or _COOKIE.search(block.text) is None:
        return False
    return any(n.role in _NOTICES for n in (view.nodes[block.node], *view.ancestors(block.node)))


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
    region = view.nodes[next(index for index in lineages[0] if index in shared)]
    found: set[int] = set()
    for node in view.shown_nodes():
        if node.role in _LISTS and node.box is not None and region.box is not None:
            left, right = node.box.x + node.box.width, region.box.x + region.box.width
            if left <= region.box.x or node.box.x >= right:
                found |= {n.index for n in view.within(node.index)}
    return frozenset(found)


def _is_command(view: PageView, block: Block) -> bool:
    """Whether a text is what a control says, not what somebody wrote; the head of a section may name an author."""
    if block.node < 0:
        return False
    nodes = [n for n in (view.nodes[block.node], *view.ancestors(block.node)) if "expanded" not in n.properties]
    short = len(block.text.split()) <= _MOST_WORDS_OF_A_COMMAND
    link = short and not find_date(block.text, view.locale).dated  # when a message was written leads to the message
    return any(n.role in {"button", "menuitem"} or (n.role == "link" and link) for n in nodes)
