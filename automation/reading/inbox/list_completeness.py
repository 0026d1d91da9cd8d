"""
Is a list all that there is? "Nothing was filed" stands or falls with it.

A tab or filter for a part of the items, a further page that was not read, or a total larger than the list makes it
incomplete, and then the honest answer is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.page import DISCLOSURES, Node, PageView
from automation.reading.control.by_label import is_open
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.list_items import item_rows
from automation.reading.inbox.matter import names_it
from automation.reading.inbox.speech import emptiness_in, everything_in, partial_in
from automation.text.normalizing import fold, fold_label, sentences, spell_out

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.text.page_words import PageWords

_FILTERS = frozenset({"tab", "combobox", "listbox", "radio", "menuitemradio"})
_FRAME = frozenset({"banner", "search", "contentinfo"})
_UNFOLDING = frozenset({"button"}) | DISCLOSURES
_MOST_WORDS_OF_A_SECTION = 5
_COMMANDS = re.compile(
    r"(?:open an?|new|mark|delete|remove|close|withdraw|cancel|archive|reopen|send|log|sign|clear|hide|block|report"
    r"|sort|filter\w*|alle?s? (?:als|löschen)|marquer|supprimer|marcar|eliminar|segna|elimina)\b"
)
_TOTAL = re.compile(r"\d+ ?(?:of|sur|von|de|di|/) ?(\d{1,4})(?![\d.,/:-])")
_IN_BRACKETS = re.compile(r"\((\d{1,4})\)")
_SOME = re.compile(
    r"(?<!\w)(?:new|unread|open|pending|recent|active|closed|resolved|past|previous|archiv\w*"
    r"|neue?n?|ungelesene?n?|offene?n?|(?:ab)?geschlossene?n?|erledigte?n?"
    r"|nouveaux?|nouvelles?|non lus?|ouvert\w*|fermé\w*|clos\w*|terminé\w*"
    r"|nuev\w+|cerrad\w+|resuelt\w+|nuov\w+|chius\w+|risolt\w+)(?!\w)"
)
"""What makes a sentence about some of the items: "no new messages"."""
_OF_SOME = re.compile(
    r"(?<!\w)(?:open|pending|active|closed|resolved|past|previous|archived|answered|completed|earlier|older"
    r"|offene?n?|(?:ab)?geschlossene?n?|erledigte?n?|beantwortete?n?|ouvert\w*|fermé\w*|clos\w*|terminé\w*|résolu\w*"
    r"|abiert\w+|cerrad\w+|resuelt\w+|apert\w+|chius\w+|risolt\w+)(?!\w)"
)
"""Which of the items a part of the list holds."""
_MOST_WORDS = 12
_MOST_WORDS_OF_TROUBLE = 60
_FEWEST_WORDS_OF_A_LETTER = 25
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
    inside = {n.index for row in item_rows(view) for n in view.within(row.index)}
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
        _filtered(view, inside, words.locale, all_tabs=all_tabs)
        or _further_addresses(view, surface, {*links, *turned})
        or _larger_count(view, inside, max(len(links), count))
        or _unknown_control_beneath(view, inside)
        or closed_section(view) is not None
        or _says_partial(view, inside, words.locale)
        or _trouble(view, words)
    )


def _main(view: PageView) -> int | None:
    mains = [n.index for n in view.shown_nodes() if n.role == "main"]
    return mains[0] if len(mains) == 1 else None


def _filtered(view: PageView, inside: set[int], locale: str, *, all_tabs: bool) -> bool:
    """
    Whether the list shows a part of the items only: a tab, folder or filter other than the one for all of them.

    The harm: "nothing was filed" would be said of the open cases alone, with the answer among the closed ones.
    """
    filters = [node for node in _filters(view) if node.index not in inside and not (all_tabs and node.role == "tab")]
    return bool(filters) and not any(
        _is_for_all(view, node, locale) and (node.role in {"combobox", "listbox"} or is_chosen(node))
        for node in filters
    )


def tabs_to_read(view: PageView, locale: str) -> list[str]:
    """
    Names of the tabs to open so that no item stays unseen: the one for all items, else every one not yet shown.

    None where the list has no tabs, or does not say which one it shows.
    """
    tabs = [node for node in _filters(view) if node.role == "tab"]
    chosen = [node for node in tabs if is_chosen(node)]
    if len(chosen) != 1 or _is_for_all(view, chosen[0], locale):
        return []
    for_all = [node for node in tabs if _is_for_all(view, node, locale)]
    wanted = for_all[:1] or [node for node in tabs if node is not chosen[0]]
    return [tab_name(view, node) for node in wanted]


def tabs_of_item(view: PageView, listed: AbstractSet[str]) -> list[str]:
    """
    Names of the tabs behind which an item shows the rest of itself: its messages, say.

    None where it does not say which one it shows, none of the list's own, which stands beside it, and none that leads
    to another page.
    """
    tabs = [node for node in _filters(view) if node.role == "tab" and tab_name(view, node) not in listed]
    tabs = [node for node in tabs if urlsplit(urljoin(view.url, node.attributes.get("href", ""))).path == view.path]
    if sum(map(is_chosen, tabs)) != 1:
        return []
    return [tab_name(view, node) for node in tabs if not is_chosen(node) and not is_disabled(node)]


def tab_names(view: PageView) -> frozenset[str]:
    """Names of all tabs of a list."""
    return frozenset(tab_name(view, node) for node in _filters(view) if node.role == "tab")


def tab_named(view: PageView, name: str) -> Node | None:
    """The tab of a list by its name; None where it is gone."""
    return next((node for node in _filters(view) if node.role == "tab" and tab_name(view, node) == name), None)


def tab_name(view: PageView, node: Node) -> str:
    """What a tab is called, without a count of its items."""
    return fold_label(re.sub(r"[(\d)]", "", view.text(node.index) or node.name))


def _filters(view: PageView) -> list[Node]:
    return [
        node
        for node in view.shown_nodes(_main(view))
        if node.role in _FILTERS and not any(a.role in _FRAME for a in view.ancestors(node.index))
    ]


def _is_for_all(view: PageView, node: Node, locale: str) -> bool:
    return everything_in(locale).fullmatch(tab_name(view, node)) is not None


def closed_section(view: PageView, tried: AbstractSet[int] = frozenset()) -> Node | None:
    """
    The first part of a list that is shut and says so: "Closed (3)"; None where none is.

    Its name tells which of the items it holds; a row of an item bears a date, and a command begins with a verb.

    Args:
        view: the list's page.
        tried: backend ids of the controls that were followed.
    """
    for node in view.shown_nodes(_main(view)):
        if node.role not in _UNFOLDING or is_open(node) is not False or node.backend_id in tried:
            continue
        lineage = {a.role for a in view.ancestors(node.index)}
        name = view.text(node.index).strip() or node.name
        short = len(name.split()) <= _MOST_WORDS_OF_A_SECTION and not name.endswith(("?", ":"))
        headed = _OF_SOME.search(fold_label(name)) is not None and _COMMANDS.match(fold_label(name)) is None
        framed = not lineage.isdisjoint({*_FRAME, "navigation", "listitem", "row", "article", "option", "form"})
        menu = node.properties.get("hasPopup") not in {None, False, "false"}
        if short and headed and not framed and not menu and not find_date(name, view.locale).dated:
            return node
    return None


def _unknown_control_beneath(view: PageView, inside: set[int]) -> bool:
    """
    Whether a button right beneath the items may load more of them, in words that nobody knows here.

    The harm: a list that goes on would be taken for all there is.
    """
    bottoms = [n.box.y + n.box.height for n in view.nodes if n.index in inside and n.shown and n.box is not None]
    if not bottoms:
        return False
    return any(
        node.role == "button"
        and node.index not in inside
        and not is_disabled(node)
        and node.box is not None
        and node.box.y >= max(bottoms) - 1
        and "expanded" not in node.properties
        and not any(a.role in _FRAME for a in view.ancestors(node.index))
        for node in view.shown_nodes(_main(view))
    )


def _says_partial(view: PageView, inside: set[int], locale: str) -> bool:
    """
    Whether the page says in words that the list does not show everything: "kept here for 30 days", "shown elsewhere".

    The harm: an answer that is kept elsewhere, or no longer, would be taken for none.
    """
    partial = partial_in(locale)
    for block in view.blocks(_main(view)):
        if block.node in inside or any(a.index in inside for a in view.ancestors(block.node)):
            continue
        if any(partial.search(spell_out(fold(sentence))) for sentence in sentences(block.text)):
            return True
    return False


def is_disabled(node: Node) -> bool:
    """Whether a control says that it does nothing now."""
    said = node.attributes.get("aria-disabled") == "true" or "disabled" in node.attributes
    return said or node.properties.get("disabled") is True


def is_chosen(node: Node) -> bool:
    """Whether a tab or choice says that it is the one shown."""
    states = (node.attributes.get(name) for name in ("aria-selected", "aria-checked", "aria-current", "aria-pressed"))
    return any(state not in {None, "", "false"} for state in states)


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
    main = _main(view)
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


def says_empty(view: PageView, locale: str) -> bool:
    """Whether a page says in words that nothing is there; "no new messages" says that of the new ones alone."""
    emptiness = emptiness_in(locale)
    for block in view.blocks(_main(view)):
        for sentence in map(spell_out, map(fold, sentences(block.text))):
            match = emptiness.match(sentence)
            if match is None or _SOME.search(sentence) or len(sentence.split()) > _MOST_WORDS:
                continue
            rest = sentence[match.end() :].strip(" .!")
            if not _NONE.match(sentence) or not rest or _STILL.fullmatch(rest):
                return True
    return False


def promises_more(view: PageView, named: str, words: PageWords) -> bool:
    """
    Whether an opened item that speaks of no objection cannot be all that there is.

    The list calls it an objection, and of no other matter; or its page is a few words, and they speak of trouble. The
    harm: a page that did not load would be taken for a message about something else.
    """
    near = words.with_english
    length = len(view.text(_main(view)).split())
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
    text = view.text(_main(view))
    return words.with_english.find_word("inbox.trouble", text) is not None
