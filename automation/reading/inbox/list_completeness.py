"""
Is a list all that there is? "Nothing was filed" stands or falls with it.

A tab or filter for a part of the items, a further page that was not read, or a total larger than the list makes it
incomplete, and then the honest answer is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.page import PageView
from automation.reading.inbox.list_items import item_rows
from automation.reading.inbox.list_strays import advertisements, strays
from automation.reading.inbox.list_tabs import FRAME, is_disabled, main_of
from automation.reading.inbox.list_views import closed_section, names_a_view, shows_a_part
from automation.reading.inbox.matter import names_it
from automation.reading.inbox.speech import emptiness_in, leading_in, more_in, partial_in
from automation.text.normalizing import fold, fold_label, sentences, spell_out

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.page import Node
    from automation.text.page_words import PageWords

_TOTAL = re.compile(r"\d+ ?(?:of|sur|von|de|di|/) ?(\d{1,4})(?![\d.,/:-])")
_IN_BRACKETS = re.compile(r"\((\d{1,4})\)")
_SOME = re.compile(
    r"(?<!\w)(?:new|unread|open|pending|recent|active|closed|resolved|past|previous|archiv\w*"
    r"|neue?n?|ungelesene?n?|offene?n?|(?:ab)?geschlossene?n?|erledigte?n?"
    r"|nouveaux?|nouvelles?|non lus?|ouvert\w*|fermé\w*|clos\w*|terminé\w*"
    r"|nuev\w+|cerrad\w+|resuelt\w+|nuov\w+|chius\w+|risolt\w+"
    r"|today|this (?:week|month|year)|in \d{4}|heute|diese[nrms]? (?:woche|monats?|jahr(?:es)?)"
    r"|aujourd'hui|ce(?:tte)? (?:semaine|mois|année)|hoy|est[ea] (?:semana|mes|año)"
    r"|oggi|quest[oa] (?:settimana|mese|anno)"
    r"|(?:since|seit|depuis|desde|dal) (?:\w+ ){0,2}\d+)(?!\w)"
)
"""What makes a sentence about some of the items: "no new messages", "no messages this month"."""
_MOST_WORDS = 12
_AND = re.compile(r",? (?:and|und|et|y|e) ")
_NOR = re.compile(
    r"(?=.*(?<!\w)(?:not|no|nothing|never|any|keine?|nicht|nichts|nie|aucune?|pas|rien|jamais|ningun[ao]?|nunca|nessun[ao]?"
    r"|non)(?!\w))(?=.*(?<!\w)(?:sent|received|filed|submitted|asked|contacted|made|gestellt|gesendet|erhalten|geschickt"
    r"|envoyé\w*|reçue?s?|enviad\w+|recibid\w+|inviat\w+|ricevut\w+)(?!\w))"
    r"(?!.*(?<!\w)(?:shown|listed|loaded|older|all|every|some|here yet|but|except)(?!\w))"
)
"""A second half that nothing was sent either: "and you haven't sent us anything". Other halves may tell of a part."""
_MOST_WORDS_OF_TROUBLE = 60
_FEWEST_WORDS_OF_A_LETTER = 25
_LEADS = re.compile(r" ?[:;,] | - ")
_COOKIES = re.compile(r"(?<!\w)cookies?(?!\w)", re.IGNORECASE)
_FEWEST_WORDS_OF_A_SENTENCE = 4
_NEAR = 4
_NONE = re.compile(r"(?:no|keine|noch keine|aucun|aucune|ningún|ninguna|sin|nessun|nessuna) ")
_STILL = re.compile(
    r"(?:yet|here|now|right now|at the moment|so far|currently|available|found|to show|to display|to see"
    r"|pour le moment|ici|à afficher|vorhanden|derzeit|hier|aún|todavía|aquí|ancora|qui)"
)
"""What may follow "no messages" without making it a sentence about something else: "no messages were lost"."""


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
    inside = {n.index for row in rows for n in view.within(row.index)} | strays(view)
    openers = {node.index for node, href in view.links() if urljoin(view.url, href) in links}
    for node, href in view.links():
        if urljoin(view.url, href) in links:
            inside |= {n.index for n in view.within(node.index)}
            inside |= {
                n.index
                for a in view.ancestors(node.index)
                if a.role in {"listitem", "row"}
                for n in view.within(a.index)
            }
    return not (
        shows_a_part(view, surface, inside, openers, turned, all_tabs=all_tabs)
        or _further_addresses(view, surface, {*links, *turned})
        or _larger_count(view, inside, max(len(links), count))
        or _unknown_control_beneath(view, inside)
        or closed_section(view) is not None
        or _says_partial(view, inside, words.locale)
        or _trouble(view, words)
    )


def _unknown_control_beneath(view: PageView, inside: set[int]) -> bool:
    """
    Whether a button right beneath the items may load more of them, in words that nobody knows here.

    The harm: a list that goes on would be taken for all there is.
    """
    bottoms = [n.box.y + n.box.height for n in view.nodes if n.index in inside and n.shown and n.box is not None]
    if not bottoms:
        return False
    others = inside | advertisements(view, inside)
    return any(
        node.role == "button"
        and node.index not in others
        and not is_disabled(node)
        and node.box is not None
        and node.box.y >= max(bottoms) - 1
        and "expanded" not in node.properties
        and not any(a.role in FRAME for a in view.ancestors(node.index))
        and not _of_cookies(view, node, inside)
        for node in view.shown_nodes(main_of(view))
    )


def _of_cookies(view: PageView, button: Node, inside: set[int]) -> bool:
    """
    Whether a button belongs to a notice about cookies, which says nothing of the list.

    A sentence about cookies stands right beside it, nearer to no other button, in a part of the page without items; its
    own name is none of those that show more.
    """
    if more_in(view.locale).fullmatch(fold_label(view.text(button.index) or button.name)):
        return False
    for around in islice(view.ancestors(button.index), _NEAR):
        held = list(view.within(around.index))
        if around.role == "main" or around.tag in {"BODY", "MAIN"} or not inside.isdisjoint(n.index for n in held):
            return False
        said = [n for n in held if n.tag == "#text" and n.shown and n.text.strip() and not _is_used(view, n)]
        if said:
            told = " ".join(" ".join(n.text for n in said).split())
            about = _COOKIES.search(told) is not None and len(told.split()) >= _FEWEST_WORDS_OF_A_SENTENCE
            return about and not any(_holds_both(view, part, said) for part in held if part is not around)
    return False


def _is_used(view: PageView, text: Node) -> bool:
    return any(a.role in {"button", "link"} for a in view.ancestors(text.index))


def _holds_both(view: PageView, part: Node, texts: Sequence[Node]) -> bool:
    """Whether an element holds one of these texts, and a button of its own."""
    held = {n.index for n in view.within(part.index)}
    return any(n.index in held for n in texts) and any(view.nodes[i].role == "button" for i in held)


def _says_partial(view: PageView, inside: set[int], locale: str) -> bool:
    """
    Whether the page says in words that the list does not show everything: "kept here for 30 days", "shown elsewhere".

    The harm: an answer that is kept elsewhere, or no longer, would be taken for none.
    """
    partial = partial_in(locale)
    for block in view.blocks(main_of(view)):
        if block.node in inside or any(a.index in inside for a in view.ancestors(block.node)):
            continue
        if any(partial.search(spell_out(fold(sentence))) for sentence in sentences(block.text)):
            return True
    return False


def _further_addresses(view: PageView, surface: Surface, read: AbstractSet[str]) -> bool:
    """A link to the same list with a query: another folder or page of it. One that acts is no page."""
    own = {urlsplit(url).path.rstrip("/") for url in surface.urls}
    for _, href in view.links():
        target = urljoin(view.url, href)
        parts = urlsplit(target)
        if parts.path.rstrip("/") not in own or target in read or parts.hostname != view.host:
            continue
        if any(key != "action" for key, _ in parse_qsl(parts.query)):
            return True
    return False


def _larger_count(view: PageView, inside: set[int], shown: int) -> bool:
    """A total that is larger than the list: "1–10 of 25", "Support Inbox (12)"."""
    main = main_of(view)
    for block in view.blocks(main):
        if block.node in inside or any(a.index in inside for a in view.ancestors(block.node)):
            continue
        totals = [
            *_TOTAL.findall(block.text),
            *(_IN_BRACKETS.findall(block.text) if _is_heading(view, block.node) else ()),
        ]
        if any(int(total) > shown for total in totals):
            return True
    return False


def _is_heading(view: PageView, node: int) -> bool:
    return node >= 0 and any(n.role == "heading" for n in (view.nodes[node], *view.ancestors(node)))


def says_empty(view: PageView, locale: str, *, part: str = "") -> bool:
    """
    Whether a page says in words that nothing is there; "no new messages" says that of the new ones alone.

    Args:
        view: the page.
        locale: of the page.
        part: what the list calls the part that it shows: under "Closed", "no closed requests" says all.
    """
    emptiness = emptiness_in(locale)
    of_part = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)" if part else r"(?!)")
    for block in view.blocks(main_of(view)):
        for sentence in (_without_lead(spell_out(fold(each)), locale) for each in sentences(block.text)):
            match = emptiness.match(sentence)
            said, *also = _AND.split(sentence, maxsplit=1)
            if also and not (_NOR.match(also[0]) and len(also[0].split()) <= _MOST_WORDS):
                said, also = sentence, []
            if match is None or _SOME.search(of_part.sub(" ", sentence)) or len(said.split()) > _MOST_WORDS:
                continue
            rest = said[match.end() :].strip(" .!")
            if not _NONE.match(sentence) or not rest or _STILL.fullmatch(rest):
                return True
    return False


def _without_lead(sentence: str, locale: str) -> str:
    """A sentence without "You're up to date:" before what it says; "Closed:" tells of which items it speaks."""
    lead, *rest = _LEADS.split(sentence, maxsplit=1)
    return rest[0] if rest and leading_in(locale).fullmatch(lead) else sentence


def promises_more(view: PageView, named: str, words: PageWords) -> bool:
    """
    Whether an opened item that speaks of no objection cannot be all that there is.

    The list calls it an objection, and of no other matter; or its page is a few words, and they speak of trouble. The
    harm: a page that did not load would be taken for a message about something else.
    """
    near = words.with_english
    length = len(view.text(main_of(view)).split())
    # The department that answers objections answers other requests, too: with a page of its own that is about those.
    signed = near.find_word("objection.words", named) is not None
    objecting = names_it(["objection.words"], named, near) or (signed and length < _FEWEST_WORDS_OF_A_LETTER)
    another = any(near.find_word(key, named) for key in ("elsewhere.words", "lookalike.words", "another.words"))
    if objecting and not another:
        return True
    return length <= _MOST_WORDS_OF_TROUBLE and _trouble(view, words)


def _trouble(view: PageView, words: PageWords) -> bool:
    """An alert, or words of something that did not work."""
    if any(n.role == "alert" and view.text(n.index) for n in view.shown_nodes()):
        return True
    text = view.text(main_of(view))
    return words.with_english.find_word("inbox.trouble", text) is not None
