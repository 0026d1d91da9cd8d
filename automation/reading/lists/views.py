"""
The views of a list: tabs, filters, pressed buttons and folded sections, each of which may show a part of it only.

"Nothing was filed" depends on it: an answer may be among the closed cases, which were not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase
from itertools import islice
from urllib.parse import urljoin, urlsplit

from automation.flow.manifest import Surface
from automation.page import DISCLOSURES, Node, PageView
from automation.reading.controls.rows import is_disabled, is_open
from automation.reading.threads.authors import SEPARATED
from automation.reading.threads.words import find_date, phrases
from automation.text.normalizing import fold, fold_label, fold_words

FRAME = frozenset({"banner", "search", "contentinfo"})
"""Roles of the site's own frame; a navigation may hold the parts of a list."""
UNFOLDING = frozenset({"button"}) | DISCLOSURES
"""Roles of what shows more of the page in place."""
_FILTERS = frozenset({"tab", "combobox", "listbox", "radio", "menuitemradio"})
_CHOICES = frozenset({"combobox", "listbox"})
_TOGGLES = frozenset({"switch", "checkbox", "menuitemcheckbox"})
_USED = frozenset({"button", "link", "menuitem", "menuitemradio", "radio", "tab"}) | _CHOICES | _TOGGLES
_CHOSEN = ("aria-selected", "aria-checked", "aria-current", "aria-pressed")
_MOST_WORDS_OF_A_SECTION, _MOST_WORDS_OF_A_ROW, _NEAR = 5, 12, 3
UNDER_WAY = r"open|pending|active|offene?n?|ouvert\w*|abiert\w+|apert\w+"
ENDED = (
    r"closed|resolved|past|previous|archived|answered|completed|earlier|older"
    r"|(?:ab)?geschlossene?n?|erledigte?n?|beantwortete?n?|fermé\w*|clos\w*|terminé\w*|résolu\w*"
    r"|cerrad\w+|resuelt\w+|chius\w+|risolt\w+"
)
OF_SOME = re.compile(rf"(?<!\w)(?:{UNDER_WAY}|{ENDED})(?!\w)")
"""Which of the items a part of the list holds."""
COMMANDS = re.compile(
    r"(?:open an?|new|mark|delete|remove|close|withdraw|cancel|archive|reopen|send|log|sign|clear|hide|block|report"
    r"|sort|filter\w*|alle?s? (?:als|löschen)|marquer|supprimer|marcar|eliminar|segna|elimina)\b"
)
_BESIDE_A_DAY = re.compile(
    r"\b(?:cases?|requests?|items?|messages?|reports?|threads?|conversations?|tickets?|since|before|after|until|from|to|last"
    r"|updated?|on|in|the|and|of|all|show|my|your|our|own|older|ones?|archive\w*|seit|vor|bis|depuis|avant|jusqu\w*|desde|hasta|dal|fino)\b"
)
"""What the name of a view may hold beside a day: "Closed cases since 21 May"."""
_FOLDER = re.compile(
    r"(?:(?:un)?solved|unresolved|unread|unanswered|recent|archive|history|spam|trash|bin|junk|deleted|mine"
    r"|current|ongoing|finished|aktuelle?|laufende?|en cours|actuel(?:le)?s?|actual(?:es)?|attual[ei]"
    r"|ungelesene?|ungelöste?|archiviert?e?|archiv|papierkorb|non lus?|archivée?s?|archives|corbeille"
    r"|no leídos?|archivad[oa]s?|papelera|non lett[ie]|archiviat[ei]|archivio|cestino"
    r"|abert[oa]s?|fechad[oa]s?|resolvid[oa]s?|arquivad[oa]s?|pendentes?|encerrad[oa]s?|não lid[oa]s?)"
)
_LABEL = re.compile(
    r"(?:status|state|show(?:ing)?|view(?:ing)?|filter(?:ed)?(?: by)?|display(?:ing)?|only|statut|état|zustand|estado"
    r"|stato|afficher|affichage|anzeigen?|mostrar?|mostra|filtrer?|filtro|filtra|filtre) "
)
"""What stands before the name of a view: "Status: Open"."""
_OPEN = re.compile(r"(?:open|active) (?:only|\w+s)(?: only)?")
"""Where "open" is no verb."""
_AT_AN_END = re.compile(rf"(?<!\w)(?:{ENDED}|done|solved|archive)(?!\w)")
_OF_A_STATUS = re.compile(r"(?:updated|new|unread|read|neu|ungelesen|nouveau|non lu|nuevo|nuovo)")
"""What stands beside "Open" and is no other view."""
_SHOWING = re.compile(r"\W*(?:showing|viewing|filtered by|filter|angezeigt|affichage|mostrando)\b")
_VERBS = frozenset({"open", "new", "done", "complete", "fertig", "terminé", "fatto", "hecho"})
"""What a button alone is called that does something, too."""
_TICKED_SHOWS = re.compile(r"(?:show|include|also|auch|afficher|inclure|mostrar|incluir|mostra|includi)\b")
_BETWEEN = re.compile(r"[|·•/,\n]")


def main_of(view: PageView) -> int | None:
    """Index of the dialog that keeps a person from the rest, else of the page's one main part; None without either."""
    modal = view.modal()
    mains = [n.index for n in view.shown_nodes() if n.role == "main"]
    return modal.index if modal is not None else mains[0] if len(mains) == 1 else None


# -- tabs


def tabs_to_read(view: PageView, locale: str) -> list[str]:
    """
    Names of the tabs to open so that no item stays unseen: the one for all items, else every one not yet shown.

    None where the list has no tabs, or does not say which one it shows.
    """
    shown, tabs = shown_tab(view), tabs_in(view)
    for_all = [name for name, node in tabs.items() if is_for_all(view, node, locale)]
    return [name for name in for_all[:1] or tabs if name != shown] if shown and shown not in for_all else []


def tabs_of_item(view: PageView, listed: AbstractSet[str]) -> list[str]:
    """
    Names of the tabs behind which an item shows the rest of itself: its messages, say.

    None where it does not say which one it shows, none of the list's own (`listed`), and none that leads elsewhere.
    """
    tabs = {name: node for name, node in tabs_in(view).items() if name not in listed}
    tabs = {
        n: t for n, t in tabs.items() if urlsplit(urljoin(view.url, t.attributes.get("href", ""))).path == view.path
    }
    if sum(map(is_chosen, tabs.values())) != 1:
        return []
    return [name for name, node in tabs.items() if not is_chosen(node) and not is_disabled(node)]


def shown_tab(view: PageView) -> str:
    """Name of the tab that a list shows; empty where it has none, or shows several."""
    chosen = [name for name, node in tabs_in(view).items() if is_chosen(node)]
    return chosen[0] if len(chosen) == 1 else ""


def tabs_in(view: PageView) -> dict[str, Node]:
    """The tabs of a list by what they are called, without a count of their items."""
    tabs: dict[str, Node] = {}
    for node in _filters(view):
        if node.role == "tab":
            tabs.setdefault(_without_count(view, node), node)
    return tabs


def _without_count(view: PageView, node: Node) -> str:
    return fold_label(re.sub(r"[(\d)]", "", view.text(node.index) or node.name))


def _filters(view: PageView) -> list[Node]:
    """Controls of a list whose role says that one of several things is shown."""
    nodes = (node for node in view.shown_nodes(main_of(view)) if node.role in _FILTERS)
    return [node for node in nodes if FRAME.isdisjoint(a.role for a in view.ancestors(node.index))]


def is_chosen(node: Node) -> bool:
    """Whether a tab or choice says that it is the one shown."""
    return any(node.attributes.get(name) not in {None, "", "false"} for name in _CHOSEN)


def is_for_all(view: PageView, node: Node, locale: str) -> bool:
    """Whether a tab or filter is called as the one for all items."""
    return phrases("everything", locale).fullmatch(_without_count(view, node)) is not None


# -- what views are called


def names_a_view(text: str, locale: str) -> bool:
    """Whether a name is that of a part of the items, or of all: "Closed (2)", "Status: open", "All"."""
    return names_a_part(text, locale) or named_for_all(text, locale)


def names_a_part(text: str, locale: str) -> bool:
    """Whether a name is that of a part of the items: "Closed (2)", "Status: open", "Show resolved requests"."""
    said = _without_counts(text)
    bare = _LABEL.sub("", said)
    if not said or len(said.split()) > _MOST_WORDS_OF_A_SECTION or _is_an_item(text, locale):
        return False
    if any(known.fullmatch(each) for known in (phrases("states", locale), _FOLDER, _OPEN) for each in (said, bare)):
        return True
    turns = any(phrases(key, locale).fullmatch(said) for key in ("turning", "more"))
    acts = bare.startswith("open ") or (bare == said and COMMANDS.match(said) is not None)
    return not turns and not acts and OF_SOME.search(bare) is not None


def _is_an_item(text: str, locale: str) -> bool:
    """Whether a name says more than a status and a day: "Your objection · Answered · 21 May 2026"."""
    *before, when = SEPARATED.split(" ".join(text.split()))
    status = before and re.search(rf"(?:{UNDER_WAY}|{ENDED})$", fold(before[-1]))
    rest = re.findall(r"[^\W\d_]+", _BESIDE_A_DAY.sub(" ", OF_SOME.sub(" ", fold(" ".join(before)))))
    return bool(status) and find_date(when, locale).at is not None and bool(rest)


def named_for_all(text: str, locale: str) -> bool:
    """Whether a tab or filter is called as the one for all items."""
    said = _without_counts(text)
    return any(phrases("everything", locale).fullmatch(each) is not None for each in (said, _LABEL.sub("", said)))


def _without_counts(text: str) -> str:
    return " ".join(re.sub(r"\b\d+\b", " ", fold_words(text)).split())


def is_idle_state(text: str, locale: str, *, decided: bool) -> bool:
    """Whether a text is a state that goes with any answer: "Closed"; where none decides also of a case under way."""
    said = fold_words(text)
    if _AT_AN_END.fullmatch(said) or _OF_A_STATUS.fullmatch(said):
        return True
    return not decided and phrases("states", locale).fullmatch(said) is not None


# -- does the list show a part of its items only?


def shows_a_part(
    view: PageView,
    surface: Surface,
    inside: AbstractSet[int],
    items: AbstractSet[int],
    read: AbstractSet[str],
    *,
    all_tabs: bool,
) -> bool:
    """
    Whether the list shows a part of its items only: any view of it but the one for all of them, however it is drawn.

    The harm: "nothing was filed" would be said of the open cases alone, with the answer among the closed ones. `inside`
    are the indexes of what stands in the items, `items` those of the links that open them, `read` the addresses of the
    list's pages that were read; where `all_tabs` were read, none of them hides items.
    """
    place = main_of(view)
    main = None if place is None else {n.index for n in view.within(place)}
    by_role = {node.index for node in _filters(view) if not (all_tabs and node.role == "tab")}

    def is_view(node: Node) -> bool:
        if node.index in inside or not FRAME.isdisjoint(a.role for a in view.ancestors(node.index)):
            return False
        pressed = "aria-pressed" in node.attributes and (main is None or node.index in main)
        named = _may_show_another(view, node) and names_a_view(_said(view, node), view.locale)
        return node.index in by_role or pressed or named

    return (
        any(_narrows(view, group, by_role) for group in _groups(view, [*filter(is_view, view.shown_nodes())]))
        or any(_leads_to_a_part(view, surface, node, inside, read, main) for node, _ in view.links())
        or _writes_views(view, inside, items)
    )


def _said(view: PageView, node: Node) -> str:
    """What a control says that it shows: of a drop-down what is chosen, where that is told."""
    chosen = [n.name for n in view.within(node.index) if node.role in _CHOICES and (n.selected or is_chosen(n))]
    return " ".join(chosen) or view.text(node.index) or node.name


def _may_show_another(view: PageView, node: Node) -> bool:
    """Whether a control may show another part of the same page: what has an address of its own is told by that."""
    if is_open(node) and not _drops_down(node):
        return False  # a section with what it holds beneath it
    if node.role == "tab" or (node.role in _TOGGLES and node.ticked and _TICKED_SHOWS.match(fold_label(node.name))):
        return False
    if node.role == "link":
        href = node.attributes.get("href", "")
        return _elsewhere(view, href) is None and (not is_chosen(node) or "#" in href)
    return node.role in _USED or node.attributes.get("tabindex", "").isdigit()


def _elsewhere(view: PageView, href: str) -> str | None:
    """The address to which a link leads; None where it stays on the page."""
    target = urljoin(view.url, href).partition("#")[0]
    stays = not href or href.lower().startswith("javascript:") or target == view.url.partition("#")[0]
    return None if stays else target


def _groups(view: PageView, views: Sequence[Node]) -> Iterator[list[Node]]:
    """Controls that stand together; what drops down is one by itself."""
    held = {node.index for node in views if not _drops_down(node)}
    groups: dict[int, list[Node]] = {}
    for node in views:
        near = () if _drops_down(node) else islice(view.ancestors(node.index), _NEAR)
        around = (a.index for a in near if sum(n.index in held for n in view.within(a.index)) > 1)
        groups.setdefault(next(around, -2 - node.index), []).append(node)
    yield from groups.values()


def _drops_down(node: Node) -> bool:
    return node.role in _CHOICES or node.attributes.get("aria-haspopup", "false") != "false"


def _narrows(view: PageView, group: Sequence[Node], by_role: AbstractSet[int]) -> bool:
    """Whether views that stand together show anything but all items, or do not say what they show."""
    locale = view.locale
    told = {node.index: _said(view, node) for node in group}
    group = [node for node in group if not phrases("arranging", locale).fullmatch(fold_label(told[node.index]))]
    chosen = [node for node in group if is_chosen(node) or node.ticked or _drops_down(node)]
    alone = len(group) == 1 and not chosen
    if chosen:
        return not all(is_for_all(view, node, locale) or named_for_all(told[node.index], locale) for node in chosen)
    if alone and group[0].role == "link" and not group[0].attributes.get("href", "#").startswith("#"):
        return False  # the page itself, by its address
    if alone and "aria-pressed" not in group[0].attributes and fold(told[group[0].index]) in _VERBS:
        return False
    return any(node.index in by_role or names_a_view(told[node.index], locale) for node in group)


def _leads_to_a_part(
    view: PageView,
    surface: Surface,
    link: Node,
    inside: AbstractSet[int],
    read: AbstractSet[str],
    main: AbstractSet[int] | None,
) -> bool:
    """Whether a link leads to another view of the list that was not read: "Closed", at an address without a number."""
    near = (main is None or link.index in main) and link.index not in inside
    target = _elsewhere(view, link.attributes.get("href", "")) or ""
    if target in {"", *read} or any(map(str.isdigit, urlsplit(target).path)) or is_home(target, surface):
        return False
    return is_of_view(view, link, surface) or (near and names_a_view(_said(view, link), view.locale))


def is_of_view(view: PageView, node: Node, surface: Surface) -> bool:
    """Whether a link leads to a view of the list under the inbox's own paths, and is called so: `/support/closed/`."""
    parts = urlsplit(target := urljoin(view.url, node.attributes.get("href", "")))
    own = parts.hostname == view.host and any(fnmatchcase(parts.path, path) for path in surface.paths)
    plain = not parts.query and not any(map(str.isdigit, parts.path)) and not is_home(target, surface)
    return own and plain and names_a_view(_said(view, node), view.locale)


def is_home(target: str, surface: Surface) -> bool:
    """Whether an address has the path of one of the inbox's own."""
    return urlsplit(target).path.rstrip("/") in {urlsplit(url).path.rstrip("/") for url in surface.urls}


def stands_beside_view(view: PageView, node: Node) -> bool:
    """Whether a link that is called as a view stands beside the name of the current one, which is no link."""
    if not names_a_view(_said(view, node), view.locale):
        return False
    linked = {n.index for each, _ in view.links() for n in view.within(each.index)}
    for around in islice(view.ancestors(node.index), _NEAR - 1):
        texts = [n.text for n in view.within(around.index) if n.tag == "#text" and n.shown and n.index not in linked]
        names = [name for text in texts for name in _BETWEEN.split(text) if name.strip()]
        if names:
            return len(names) == 1 and names_a_view(names[0], view.locale)
    return False


def _writes_views(view: PageView, inside: AbstractSet[int], items: AbstractSet[int]) -> bool:
    """
    Whether names of views stand side by side that are no controls by what they say: scripts may follow a press on any.

    Beside an item they are its status, and as headings the parts of a list that is all there.
    """
    told: dict[int, list[tuple[Node, list[str]]]] = {}
    for text in view.nodes:
        if text.tag != "#text" or not text.shown or text.index in inside or not text.text.strip():
            continue
        lineage = list(view.ancestors(text.index))
        if any(a.role in _USED | FRAME | {"heading", "option"} or a.tag == "LABEL" for a in lineage):
            continue
        if _SHOWING.match(fold(text.text)) and names_a_part(text.text, view.locale):
            return True
        names = [name for name in _BETWEEN.split(text.text) if name.strip()]
        if all(names_a_view(name, view.locale) for name in names):
            for around in islice(lineage, _NEAR):
                told.setdefault(around.index, []).append((view.nodes[text.parent], names))
    return any(_is_row_of_views(view, view.nodes[index], views, items) for index, views in told.items())


def _is_row_of_views(
    view: PageView, around: Node, views: Sequence[tuple[Node, list[str]]], items: AbstractSet[int]
) -> bool:
    """Whether names exclude one another, or one is for all: "Open" beside "Closed", and not "Open · Updated"."""
    few = len(view.text(around.index, chrome=True).split()) <= _MOST_WORDS_OF_A_ROW
    if not few or any(n.index in items for n in view.within(around.index)):
        return False
    locale, said = view.locale, [name for _, names in views for name in names]
    current = [n for node, names in views if is_chosen(node) or is_chosen(view.nodes[node.parent]) for n in names]
    if current and all(named_for_all(name, locale) for name in current):
        return False
    parts = [name for name in said if names_a_part(name, locale) and not _OF_A_STATUS.fullmatch(fold_words(name))]
    ended = {_AT_AN_END.search(fold_words(name)) is not None for name in parts}
    return bool(parts) and (len(ended) > 1 or any(named_for_all(name, locale) for name in said))


def closed_section(view: PageView, tried: AbstractSet[int] = frozenset()) -> Node | None:
    """
    The first part of a list that is shut and says so: "Closed (3)"; of `tried` ones, by their backend ids, none.

    Its name tells which of the items it holds; a row of an item bears a date, and a command begins with a verb.
    """
    shut = (n for n in view.shown_nodes(main_of(view)) if n.role in UNFOLDING and is_open(n) is False)
    return next((n for n in shut if n.backend_id not in tried and _names_a_section(view, n)), None)


def _names_a_section(view: PageView, node: Node) -> bool:
    lineage = {a.role for a in view.ancestors(node.index)}
    name = view.text(node.index).strip() or node.name
    short = len(name.split()) <= _MOST_WORDS_OF_A_SECTION and not name.endswith(("?", ":"))
    headed = OF_SOME.search(fold_label(name)) is not None and COMMANDS.match(fold_label(name)) is None
    framed = not lineage.isdisjoint({*FRAME, "navigation", "listitem", "row", "article", "option", "form"})
    menu = node.properties.get("hasPopup") not in {None, False, "false"}
    return short and headed and not framed and not menu and not find_date(name, view.locale).dated
