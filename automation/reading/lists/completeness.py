"""
Is a list all that there is, or a thread? "Nothing was filed" depends on the one, a decision on the other.

A tab or filter for a part of the items, a further page that was not read, or a total larger than the list makes it
incomplete, and then the honest answer is `unknown`. So does a message that is shown by its head only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from automation.flow.manifest import Surface
from automation.flow.reads import ReadRules
from automation.page import Node, PageView, walk
from automation.page.read_page import DataResponse, ReadPage
from automation.reading.controls.rows import is_disabled, is_open, is_plain_row, may_reveal
from automation.reading.lists.addresses import CHROME, further_addresses, is_way_here, linked, nodes_within
from automation.reading.lists.rows import item_rows
from automation.reading.lists.views import (
    ENDED,
    FRAME,
    UNDER_WAY,
    closed_section,
    main_of,
    names_a_view,
    shows_a_part,
)
from automation.reading.threads.authors import Speakers
from automation.reading.threads.lines import preview_rows
from automation.reading.threads.words import find_date, phrases
from automation.text.normalizing import fold, fold_label, fold_words, sentences, spell_out
from automation.text.page_words import PageWords

_TOTAL = re.compile(r"\d+ ?(?:of|sur|von|de|di|/) ?(\d{1,4})(?![\d.,/:-])")
_IN_BRACKETS = re.compile(r"\((\d{1,4})\)")
_SOME = re.compile(
    rf"(?<!\w)(?:{UNDER_WAY}|{ENDED}|new|unread|recent|archiv\w*|neue?n?|ungelesene?n?|nouveaux?|nouvelles?|non lus?"
    r"|nuev\w+|nuov\w+|today|this (?:week|month|year)|in \d{4}|heute|diese[nrms]? (?:woche|monats?|jahr(?:es)?)"
    r"|aujourd'hui|ce(?:tte)? (?:semaine|mois|année)|hoy|est[ea] (?:semana|mes|año)"
    r"|oggi|quest[oa] (?:settimana|mese|anno)|(?:since|seit|depuis|desde|dal) (?:\w+ ){0,2}\d+)(?!\w)"
)
"""What makes a sentence about some of the items: "no new messages", "no messages this month"."""
_AND = re.compile(r",? (?:and|und|et|y|e) ")
_NOR = re.compile(
    r"(?=.*(?<!\w)(?:not|no|nothing|never|any|keine?|nicht|nichts|nie|aucune?|pas|rien|jamais|ningun[ao]?|nunca|nessun[ao]?"
    r"|non)(?!\w))(?=.*(?<!\w)(?:sent|received|filed|submitted|asked|contacted|made|gestellt|gesendet|erhalten|geschickt"
    r"|envoyé\w*|reçue?s?|enviad\w+|recibid\w+|inviat\w+|ricevut\w+)(?!\w))"
    r"(?!.*(?<!\w)(?:shown|listed|loaded|older|all|every|some|here yet|but|except)(?!\w))"
)
"""A second half that nothing was sent either: "and you haven't sent us anything". Other halves may tell of a part."""
_LEADS = re.compile(r" ?[:;,] | - ")
_NONE = re.compile(r"(?:no|keine|noch keine|aucun|aucune|ningún|ninguna|sin|nessun|nessuna) ")
_STILL = re.compile(
    r"(?:yet|here|now|right now|at the moment|so far|currently|available|found|to show|to display|to see"
    r"|pour le moment|ici|à afficher|vorhanden|derzeit|hier|aún|todavía|aquí|ancora|qui)"
)
"""What may follow "no messages" without making it a sentence about something else: "no messages were lost"."""
_MOST_WORDS, _MOST_WORDS_OF_TROUBLE = 12, 60
_POINTS_ON = re.compile(r"cursor|^(?:next|prev|previous|after|before)(?:_?page|_?url|_?token)?$", re.IGNORECASE)
"""Keys of what leads to another page of a list: null at its end."""
_OBJECT_OF_MANY = re.compile(r"\d{4}")
"""A key under which one object of many is kept."""
_MOST_WORDS_OF_A_HEAD, _FEWEST_WORDS_OF_A_BEGINNING, _LINES_OF_A_HEAD, _NEAR = 30, 12, 3, 3

# -- does the page hint at items that were not read?


def complete(
    view: PageView,
    surface: Surface,
    links: Sequence[str],
    count: int,
    words: PageWords,
    turned: frozenset[str] = frozenset(),
    *,
    all_tabs: bool = False,
) -> bool:
    """
    Whether nothing on a page of the list hints at items that were not read.

    `links` are the addresses of the items, of which `count` on all pages have none; `turned` those of the list's pages
    that were read. Where `all_tabs` were read, none of them hides items.
    """
    rows = [row for row in item_rows(view) if not names_a_view(view.text(row.index), words.locale)]
    ways = linked(view, links)
    listed = [a for way in ways for a in view.ancestors(way.index) if a.role in {"listitem", "row"}]
    crumbs = [
        around
        for around in view.shown_nodes()
        if around.role == "list"
        if is_way_here(view, [n for n in view.within(around.index) if n.role == "listitem" and n.shown])
    ]
    inside = nodes_within(view, [*rows, *ways, *listed, *crumbs])
    return not (
        shows_a_part(view, surface, inside, {way.index for way in ways}, turned, all_tabs=all_tabs)
        or further_addresses(view, surface, {*links, *turned})
        or _tells_of_more(view, inside, max(len(links), count), words.locale)
        or _unknown_control_beneath(view, inside)
        or closed_section(view) is not None
        or has_trouble(view, words)
    )


def _tells_of_more(view: PageView, inside: AbstractSet[int], shown: int, locale: str) -> bool:
    """
    Whether a text beside the items tells of more than those shown: "1–10 of 25", "Inbox (12)", "kept for 30 days".

    The harm: an answer that is kept elsewhere, or no longer, would be taken for none.
    """
    partial = phrases("partial", locale)
    for block in view.blocks(main_of(view)):
        lineage = [view.nodes[block.node], *view.ancestors(block.node)] if block.node >= 0 else []
        if not inside.isdisjoint(node.index for node in lineage):
            continue
        headed = any(node.role == "heading" for node in lineage)
        totals = [*_TOTAL.findall(block.text), *(_IN_BRACKETS.findall(block.text) if headed else ())]
        said = any(partial.search(spell_out(fold(sentence))) for sentence in sentences(block.text))
        if said or any(int(total) > shown for total in totals):
            return True
    return False


def has_trouble(view: PageView, words: PageWords) -> bool:
    """An alert, or words of something that did not work."""
    if any(n.role == "alert" and view.text(n.index) for n in view.shown_nodes()):
        return True
    return words.with_english.find_word("inbox.trouble", view.text(main_of(view))) is not None


def failed_to_load(view: PageView, words: PageWords) -> bool:
    """Whether the page of an item is a few words, and they speak of trouble; no message about something else."""
    return len(view.text(main_of(view)).split()) <= _MOST_WORDS_OF_TROUBLE and has_trouble(view, words)


def _unknown_control_beneath(view: PageView, inside: set[int]) -> bool:
    """
    Whether a button right beneath the items may load more of them, in words that nobody knows here.

    The harm: a list that goes on would be taken for all there is.
    """
    bottoms = [n.box.y + n.box.height for n in view.nodes if n.index in inside and n.shown and n.box is not None]
    return any(
        node.role == "button"
        and node.box is not None
        and node.box.y >= max(bottoms) - 1
        and node.index not in inside
        and not is_disabled(node)
        and "expanded" not in node.properties
        and FRAME.isdisjoint(a.role for a in view.ancestors(node.index))
        for node in (view.shown_nodes(main_of(view)) if bottoms else ())
    )


# -- does it say that it is empty?


def says_empty(view: PageView, locale: str, *, part: str = "") -> bool:
    """
    Whether a page says in words that nothing is there; "no new messages" says that of the new ones alone.

    Under the `part` of a list that is called "Closed", "no closed requests" says all.
    """
    of_part = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)" if part else r"(?!)")
    said = (spell_out(fold(sentence)) for block in view.blocks(main_of(view)) for sentence in sentences(block.text))
    return any(_is_empty(sentence, of_part, locale) for sentence in said)


def _is_empty(sentence: str, of_part: re.Pattern[str], locale: str) -> bool:
    lead, *behind = _LEADS.split(sentence, maxsplit=1)
    if behind and phrases("leading", locale).fullmatch(lead):
        sentence = behind[0]  # "You're up to date:" says no more; "Closed:" tells of which items it speaks
    match = phrases("empty", locale).match(sentence)
    said, *also = _AND.split(sentence, maxsplit=1)
    if also and not (_NOR.match(also[0]) and len(also[0].split()) <= _MOST_WORDS):
        said = sentence
    if match is None or _SOME.search(of_part.sub(" ", sentence)) or len(said.split()) > _MOST_WORDS:
        return False
    rest = said[match.end() :].strip(" .!")
    return not _NONE.match(sentence) or not rest or _STILL.fullmatch(rest) is not None


# -- what the page's own data say


@dataclass(frozen=True, slots=True)
class ListReads:
    """The reads that fill a list, and how their service answers."""

    names: frozenset[str]
    rules: ReadRules

    def data_of(self, visit: ReadPage) -> list[Any]:
        """What the reads of a page said, without the wrapping."""
        return [self.rules.unwrapped(answer) for answer in self._answers(visit.answers, visit.view)]

    def lists_in(self, answers: Sequence[DataResponse], view: PageView) -> list[list[Any]]:
        """Every list in what the reads said."""
        pieces = (self.rules.unwrapped(answer) for answer in self._answers(answers, view))
        return [value for piece in pieces for value in walk(piece) if isinstance(value, list)]

    def count(self, visit: ReadPage) -> int:
        """How many objects the longest list in the answers holds."""
        lists = self.lists_in(visit.answers, visit.view)
        return max((sum(isinstance(e, Mapping) for e in found) for found in lists), default=0)

    def are_empty(self, visit: ReadPage) -> bool:
        """Whether the reads all answered, with an empty list and without one object in any list."""
        whole = not any(self._is_open(answer) for answer in self._answers(visit.answers, visit.view))
        return whole and self.hold_nothing(visit)

    def hold_nothing(self, visit: ReadPage) -> bool:
        """Whether the reads answered with an empty list and no object in any: beside words that say so, that is all."""
        lists = self.lists_in(visit.answers, visit.view)
        begun = any(self.rules.is_unfinished(answer) for answer in self._answers(visit.answers, visit.view))
        return not begun and any(not found for found in lists) and self.count(visit) == 0

    def bring_markup(self, visit: ReadPage) -> bool:
        """Whether the reads answered with texts alone, such as a part of the page as markup: no list, and no blank."""
        answers = self._answers(visit.answers, visit.view)
        if any(self._is_open(answer) for answer in answers) or self.lists_in(visit.answers, visit.view):
            return False
        objects = (value for answer in answers for value in walk(answer) if isinstance(value, Mapping))
        return not any(_OBJECT_OF_MANY.search(key) for each in objects for key in each)

    def have_more(self, visit: ReadPage) -> bool:
        """Whether an answer says that the list goes on; of a list that grew in place, the last answer."""
        asked = [answer.data for answer in visit.answers if answer.data is not None]
        told = asked[-1:] if len(asked) > 1 else self._answers(visit.answers, visit.view)
        return any(self.rules.has_more(answer) for answer in told)

    def viewers(self, visit: ReadPage) -> Iterator[str]:
        """Account ids that an answer names as the one who asked."""
        return (found for piece in self.data_of(visit) for found in self.rules.viewers_in(piece))

    def embedded(self, view: PageView) -> tuple[tuple[str, Any], ...]:
        """Answers that came with the page, in their wrapping, each with the name of its read."""
        key = (type(self), self.names, id(self.rules))
        if key not in view.kept:
            view.kept[key] = tuple(self._embedded(view)), self.rules  # which keeps its place
        found: tuple[tuple[str, Any], ...] = view.kept[key][0]
        return found

    def _embedded(self, view: PageView) -> Iterator[tuple[str, Any]]:
        for piece in view.embedded:
            for value in walk(piece):
                if isinstance(value, list):
                    yield from self._after_its_name(value)
                elif isinstance(value, dict):
                    yield from ((key, i) for key, i in value.items() if key in self.names and isinstance(i, Mapping))

    def _after_its_name(self, found: list[Any]) -> Iterator[tuple[str, Any]]:
        """The first answer in each part of a list that names a read."""
        texts = (text for text in found if isinstance(text, str))
        named = next((name for text in texts if (name := self.rules.names_embedded(text, self.names))), "")
        for part in found if named else ():
            answer = next((value for value in walk(part) if self.rules.is_wrapped(value)), None)
            if answer is not None:
                yield named, answer

    def _answers(self, answers: Sequence[DataResponse], view: PageView) -> list[Any]:
        return [a.data for a in answers if a.data is not None] + [answer for _, answer in self.embedded(view)]

    def _is_open(self, answer: Any) -> bool:
        """Whether an answer leaves something open: a null where something could be, or more to come."""
        inner = self.rules.unwrapped(answer)
        objects = (value for value in walk(inner) if isinstance(value, Mapping))
        blank = any(value is None and not _POINTS_ON.search(key) for o in objects for key, value in o.items())
        return inner is None or blank or self.rules.is_unfinished(answer)


def has_errors(data: Any) -> bool:
    """Whether an answer is none: no data, or errors beside it, as GraphQL and JSON:API say them."""
    return data is None or (isinstance(data, Mapping) and bool(data.get("errors")))


# -- which messages of a thread are shown by their head only?


def collapsed_messages(view: PageView, speakers: Speakers, others: AbstractSet[str] = frozenset()) -> list[Node]:
    """
    The controls that open a message of this thread, in the order of the page.

    A control that says it is closed and names an author or a date; one that names both, with nothing of a message
    beneath it; one that is called "1 previous message"; or one beneath the beginning of a message that is called
    "See more". None is what opens `others`: threads, by folded words, which an inbox without addresses shows beside it.
    """
    rows = [[*view.within(row.index)] for row in preview_rows(view)]
    listed = {node.index for row in rows for node in row}
    # A message that is folded to one line looks like a row of a list of threads, but says that it is closed.
    beside = {node.index for row in rows if not any("expanded" in n.properties for n in row) for node in row}
    found = [
        node
        for node in view.shown_nodes()
        if node.index not in beside and _may_open(view, node, others) and _heads(view, node, speakers, listed)
    ]
    outer = {node.index for node in found}
    return [node for node in found if not any(a.index in outer for a in view.ancestors(node.index))]


def head_of(view: PageView, node: Node) -> str:
    """What a control says, its lines in one."""
    return " ".join((view.text(node.index) or node.name).split())


def may_be_later(view: PageView, closed: Sequence[Node], locale: str, at: datetime | None) -> bool:
    """Whether a closed message may have been written after a decision; "1 previous message" is older."""
    called = phrases("collapsed", locale)
    heads = [head_of(view, node) for node in closed]
    dates = [find_date(head, locale).at for head in heads if not called.fullmatch(fold_label(head))]
    return any(date is None or at is None or date.year == 1 or date >= at for date in dates)


def _may_open(view: PageView, node: Node, others: AbstractSet[str]) -> bool:
    """Whether a control may open something of this thread: it is no frame, no menu, and no row of another thread."""
    state = is_open(node)
    if state is True or not (may_reveal(view, node) or (state is False and is_plain_row(view, node))):
        return False
    another = not {fold_words(head_of(view, node)), fold_words(node.name)}.isdisjoint(others)
    menu = node.properties.get("hasPopup") not in {None, False, "false"}
    frame = {*CHROME, "complementary"}
    return not (another or menu) and frame.isdisjoint(a.role for a in view.ancestors(node.index))


def _heads(view: PageView, node: Node, speakers: Speakers, listed: AbstractSet[int]) -> bool:
    """Whether a control stands for a message that is not shown, or for the rest of one."""
    text = head_of(view, node)
    if phrases("collapsed", speakers.locale).fullmatch(fold_label(text)):
        return True
    if is_open(node) is False:
        found = find_date(text, speakers.locale)
        named = speakers.mark(text) is not None or (found.dated and bool(found.rest))
        return bool(text) and len(text.split()) <= _MOST_WORDS_OF_A_HEAD and named
    return node.role == "button" and (
        _shows_the_rest(view, node, text, speakers, listed) or _is_all_of_a_message(view, node, speakers)
    )


def _shows_the_rest(view: PageView, node: Node, text: str, speakers: Speakers, listed: AbstractSet[int]) -> bool:
    """Whether a button beneath a text with its author, and not beneath a list of threads, is called "See more"."""
    near = islice(view.ancestors(node.index), _NEAR)
    around = next((a for a in near if len(view.text(a.index).split()) >= _FEWEST_WORDS_OF_A_BEGINNING), None)
    called = phrases("unfolded", speakers.locale).fullmatch(fold_label(text)) is not None
    if not called or around is None or not listed.isdisjoint(inner.index for inner in view.within(around.index)):
        return False
    messages = (a for a in view.ancestors(around.index) if a.role in {"article", "listitem"})
    message = next(messages, around)  # its head holds the author
    lines = view.text(message.index).split("\n")
    return any(speakers.mark(line) is not None for line in (lines if message is around else lines[:_LINES_OF_A_HEAD]))


def _is_all_of_a_message(view: PageView, node: Node, speakers: Speakers) -> bool:
    """Whether a button bears a whole line of an author with a date, and what follows it is no text of theirs."""

    def is_authors(control: Node | None) -> bool:
        text = head_of(view, control) if control is not None else ""
        return find_date(text, speakers.locale).dated and speakers.mark(text) is not None

    for around in islice((node, *view.ancestors(node.index)) if is_authors(node) else (), _NEAR):
        siblings = view.children.get(around.parent, ())
        after = siblings[siblings.index(around.index) + 1 :] if around.index in siblings else ()
        said = next((index for index in after if view.text(index).strip()), None)
        if said is not None:
            return is_authors(next((n for n in view.within(said) if n.role == "button"), None))
        if around.parent < 0 or view.nodes[around.parent].role == "main":
            break
    return is_authors(node)
