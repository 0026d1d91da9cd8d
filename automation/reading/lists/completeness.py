"""
Is a list all that there is? "Nothing was filed" depends on it.

A tab or filter for a part of the items, a further page that was not read, or a total larger than the list makes it
incomplete, and then the honest answer is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Any

from automation.flow.manifest import Surface
from automation.flow.reads import ReadRules
from automation.page import Block, Node, PageView, walk
from automation.page.read_page import DataResponse, ReadPage
from automation.reading.lists.addresses import further_addresses, linked
from automation.reading.lists.passive import advertisements, strays, texts_in
from automation.reading.lists.rows import item_rows
from automation.reading.lists.view_names import ENDED, UNDER_WAY, names_a_view
from automation.reading.lists.views import FRAME, closed_section, is_disabled, main_of, shows_a_part
from automation.reading.threads.words import phrases
from automation.text.normalizing import fold, fold_label, sentences, spell_out
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
_COOKIES = re.compile(r"(?<!\w)cookies?(?!\w)", re.IGNORECASE)
_MOST_WORDS, _MOST_WORDS_OF_TROUBLE, _FEWEST_WORDS_OF_A_SENTENCE, _NEAR = 12, 60, 4, 4
_POINTS_ON = re.compile(r"cursor|^(?:next|prev|previous|after|before)(?:_?page|_?url|_?token)?$", re.IGNORECASE)
"""Keys of what leads to another page of a list: null at its end."""
_OBJECT_OF_MANY = re.compile(r"\d{4}")
"""A key under which one object of many is kept."""


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

    Args:
        view: the page.
        surface: the inbox.
        links: addresses of the items that were found.
        count: how many items that are no links were found on all pages.
        words: of the page.
        turned: addresses of the list's pages that were read.
        all_tabs: every tab of the list was read, so that none of them hides items.
    """
    rows = [row for row in item_rows(view) if not names_a_view(view.text(row.index), words.locale)]
    ways = linked(view, links)
    listed = [a for way in ways for a in view.ancestors(way.index) if a.role in {"listitem", "row"}]
    inside = {n.index for part in (*rows, *ways, *listed) for n in view.within(part.index)} | strays(view)
    apart = [block for block in view.blocks(main_of(view)) if not _is_within(view, block, inside)]
    return not (
        shows_a_part(view, surface, inside, {way.index for way in ways}, turned, all_tabs=all_tabs)
        or further_addresses(view, surface, {*links, *turned})
        or _larger_count(view, apart, max(len(links), count))
        or _unknown_control_beneath(view, inside)
        or closed_section(view) is not None
        or _says_partial(apart, words.locale)
        or has_trouble(view, words)
    )


def _is_within(view: PageView, block: Block, inside: AbstractSet[int]) -> bool:
    return block.node in inside or any(a.index in inside for a in view.ancestors(block.node))


def _larger_count(view: PageView, apart: Sequence[Block], shown: int) -> bool:
    """A total that is larger than the list: "1–10 of 25", "Support Inbox (12)"."""
    totals = [total for block in apart for total in _TOTAL.findall(block.text)]
    heads = (block for block in apart if _is_heading(view, block.node))
    totals += [total for block in heads for total in _IN_BRACKETS.findall(block.text)]
    return any(int(total) > shown for total in totals)


def _is_heading(view: PageView, node: int) -> bool:
    return node >= 0 and any(n.role == "heading" for n in (view.nodes[node], *view.ancestors(node)))


def _says_partial(apart: Sequence[Block], locale: str) -> bool:
    """
    Whether the page says in words that the list does not show everything: "kept here for 30 days", "shown elsewhere".

    The harm: an answer that is kept elsewhere, or no longer, would be taken for none.
    """
    partial = phrases("partial", locale)
    return any(partial.search(spell_out(fold(each))) for block in apart for each in sentences(block.text))


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
    others = inside | advertisements(view, inside) if bottoms else inside
    beneath = (
        node
        for node in view.shown_nodes(main_of(view))
        if node.role == "button" and node.box is not None and bottoms and node.box.y >= max(bottoms) - 1
    )
    return any(
        node.index not in others
        and not is_disabled(node)
        and "expanded" not in node.properties
        and FRAME.isdisjoint(a.role for a in view.ancestors(node.index))
        and not _of_cookies(view, node, inside)
        for node in beneath
    )


def _of_cookies(view: PageView, button: Node, inside: set[int]) -> bool:
    """
    Whether a button belongs to a notice about cookies, which says nothing of the list.

    A sentence about cookies stands right beside it, nearer to no other button, in a part of the page without items; its
    own name is none of those that show more.
    """
    if phrases("more", view.locale).fullmatch(fold_label(view.text(button.index) or button.name)):
        return False
    for around in islice(view.ancestors(button.index), _NEAR):
        held = list(view.within(around.index))
        if around.role == "main" or around.tag in {"BODY", "MAIN"} or not inside.isdisjoint(n.index for n in held):
            return False
        used = {n.index for each in held if each.role in {"button", "link"} for n in view.within(each.index)}
        said = [n for n in texts_in(view, around) if n.index not in used]
        if said:
            told = " ".join(" ".join(n.text for n in said).split())
            about = _COOKIES.search(told) is not None and len(told.split()) >= _FEWEST_WORDS_OF_A_SENTENCE
            return about and not any(_holds_both(view, part, said) for part in held if part is not around)
    return False


def _holds_both(view: PageView, part: Node, texts: Sequence[Node]) -> bool:
    """Whether an element holds one of these texts, and a button of its own."""
    held = {n.index for n in view.within(part.index)}
    return any(n.index in held for n in texts) and any(view.nodes[i].role == "button" for i in held)


def says_empty(view: PageView, locale: str, *, part: str = "") -> bool:
    """
    Whether a page says in words that nothing is there; "no new messages" says that of the new ones alone.

    Args:
        view: the page.
        locale: of the page.
        part: what the list calls the part that it shows: under "Closed", "no closed requests" says all.
    """
    of_part = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)" if part else r"(?!)")
    said = (_without_lead(spell_out(fold(s)), locale) for b in view.blocks(main_of(view)) for s in sentences(b.text))
    return any(_is_empty(sentence, of_part, locale) for sentence in said)


def _is_empty(sentence: str, of_part: re.Pattern[str], locale: str) -> bool:
    match = phrases("empty", locale).match(sentence)
    said, *also = _AND.split(sentence, maxsplit=1)
    if also and not (_NOR.match(also[0]) and len(also[0].split()) <= _MOST_WORDS):
        said = sentence
    if match is None or _SOME.search(of_part.sub(" ", sentence)) or len(said.split()) > _MOST_WORDS:
        return False
    rest = said[match.end() :].strip(" .!")
    return not _NONE.match(sentence) or not rest or _STILL.fullmatch(rest) is not None


def _without_lead(sentence: str, locale: str) -> str:
    """A sentence without "You're up to date:" before what it says; "Closed:" tells of which items it speaks."""
    lead, *rest = _LEADS.split(sentence, maxsplit=1)
    return rest[0] if rest and phrases("leading", locale).fullmatch(lead) else sentence


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

    def embedded(self, view: PageView) -> Iterator[tuple[str, Any]]:
        """Answers that came with the page, in their wrapping, each with the name of its read."""
        for piece in view.embedded:
            for value in walk(piece):
                if isinstance(value, list):
                    yield from self._after_its_name(value)
                elif isinstance(value, Mapping):
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
