"""
The views of a list: tabs, filters, pressed buttons and folded sections, each of which may show a part of it only.

"Nothing was filed" stands or falls with it: an answer may be among the closed cases, which were not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.page import DISCLOSURES
from automation.reading.controls.by_label import is_open
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.list_tabs import FRAME, filters_of, is_chosen, is_for_all, main_of
from automation.reading.inbox.names import SEPARATED
from automation.reading.inbox.speech import arranging_in, everything_in, more_in, states_in, turning_in
from automation.text.normalizing import fold, fold_label, fold_words

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.page import Node, PageView

_UNFOLDING = frozenset({"button"}) | DISCLOSURES
_MOST_WORDS_OF_A_SECTION = 5
_COMMANDS = re.compile(
    r"(?:open an?|new|mark|delete|remove|close|withdraw|cancel|archive|reopen|send|log|sign|clear|hide|block|report"
    r"|sort|filter\w*|alle?s? (?:als|löschen)|marquer|supprimer|marcar|eliminar|segna|elimina)\b"
)
_ENDED = (
    r"closed|resolved|past|previous|archived|answered|completed|earlier|older"
    r"|(?:ab)?geschlossene?n?|erledigte?n?|beantwortete?n?|fermé\w*|clos\w*|terminé\w*|résolu\w*"
    r"|cerrad\w+|resuelt\w+|chius\w+|risolt\w+"
)
_UNDER_WAY = r"open|pending|active|offene?n?|ouvert\w*|abiert\w+|apert\w+"
_OF_SOME = re.compile(rf"(?<!\w)(?:{_UNDER_WAY}|{_ENDED})(?!\w)")
"""Which of the items a part of the list holds."""
_OF_A_VIEW = re.compile(
    r"\b(?:cases?|requests?|items?|messages?|reports?|threads?|conversations?|tickets?|since|before|after|until|from|to|last"
    r"|updated?|on|in|the|and|of|all|show|my|your|our|own|older|ones?|archive\w*|seit|vor|bis|depuis|avant|jusqu\w*|desde|hasta|dal|fino)\b"
)
"""What else the name of a view may hold beside a day: "Closed cases since 21 May"."""
_AT_AN_END = re.compile(rf"(?<!\w)(?:{_ENDED}|done|solved|archive)(?!\w)")
_OF_A_STATUS = re.compile(r"(?:updated|new|unread|read|neu|ungelesen|nouveau|non lu|nuevo|nuovo)")
"""What stands beside "Open" and is no other view."""
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
_SHOWING = re.compile(r"\W*(?:showing|viewing|filtered by|filter|angezeigt|affichage|mostrando)\b")
_OPEN = re.compile(r"(?:open|active) (?:only|\w+s)(?: only)?")
"""Where "open" is no verb."""
_VERBS = frozenset({"open", "new", "done", "complete", "fertig", "terminé", "fatto", "hecho"})
"""What a button alone is called that does something, too."""
_TICKED_SHOWS = re.compile(r"(?:show|include|also|auch|afficher|inclure|mostrar|incluir|mostra|includi)\b")
_CHOICES = frozenset({"combobox", "listbox"})
_TOGGLES = frozenset({"switch", "checkbox", "menuitemcheckbox"})
_USED = frozenset({"button", "link", "menuitem", "menuitemradio", "radio", "tab"}) | _CHOICES | _TOGGLES
_PRESSED = "aria-pressed"
_POPUP = "aria-haspopup"
_NEAR = 3
_MOST_WORDS_OF_A_ROW = 12
_BETWEEN = re.compile(r"[|·•/,\n]")


def names_a_view(text: str, locale: str) -> bool:
    """Whether a name is that of a part of the items, or of all: "Closed (2)", "Status: open", "All"."""
    return names_a_part(text, locale) or _named_for_all(text, locale)


def names_a_part(text: str, locale: str) -> bool:
    """Whether a name is that of a part of the items: "Closed (2)", "Status: open", "Show resolved requests"."""
    words = re.sub(r"\b\d+\b", " ", fold_words(text)).split()
    said = " ".join(words)
    bare = _LABEL.sub("", said)
    if not said or len(words) > _MOST_WORDS_OF_A_SECTION or _is_an_item(text, locale):
        return False
    if any(known.fullmatch(each) for known in (states_in(locale), _FOLDER, _OPEN) for each in (said, bare)):
        return True
    turns = any(known(locale).fullmatch(said) for known in (turning_in, more_in))
    acts = bare.startswith("open ") or (bare == said and _COMMANDS.match(said) is not None)
    return not turns and not acts and _OF_SOME.search(bare) is not None


def _is_an_item(text: str, locale: str) -> bool:
    """Whether a name says more than a status and a day: "Your objection · Answered · 21 May 2026"."""
    *before, when = SEPARATED.split(" ".join(text.split()))
    status = before and re.search(rf"(?:{_UNDER_WAY}|{_ENDED})$", fold(before[-1]))
    rest = re.findall(r"[^\W\d_]+", _OF_A_VIEW.sub(" ", _OF_SOME.sub(" ", fold(" ".join(before)))))
    return bool(status) and find_date(when, locale).at is not None and bool(rest)


def _named_for_all(text: str, locale: str) -> bool:
    said = " ".join(re.sub(r"\b\d+\b", " ", fold_words(text)).split())
    return any(everything_in(locale).fullmatch(each) is not None for each in (said, _LABEL.sub("", said)))


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

    The harm: "nothing was filed" would be said of the open cases alone, with the answer among the closed ones.

    Args:
        view: the list's page.
        surface: the inbox.
        inside: indexes of what stands in the items.
        items: indexes of the links that open them.
        read: addresses of the list's pages that were read.
        all_tabs: every tab was read, so that none of them hides items.
    """
    main = {n.index for n in view.within(main_of(view) or 0)} if main_of(view) is not None else None
    outer = [
        node
        for node in view.shown_nodes()
        if node.index not in inside and not any(a.role in FRAME for a in view.ancestors(node.index))
    ]
    by_role = {node.index for node in filters_of(view) if not (all_tabs and node.role == "tab")}
    views = [
        node
        for node in outer
        if node.index in by_role
        or (
            _PRESSED in node.attributes
            and (main is None or node.index in main)
            and not _marks_one_item(view, node, items)
        )
        or (_may_show_another(view, node) and names_a_view(_said(view, node), view.locale))
    ]
    return (
        any(_narrows(view, group, by_role) for group in _groups(view, views))
        or any(_leads_to_a_part(view, surface, each, inside, read, main) for each in view.links())
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
        return _elsewhere(view, href := node.attributes.get("href", "")) is None and (
            not is_chosen(node) or "#" in href
        )
    return node.role in _USED or node.attributes.get("tabindex", "").isdigit()


def _elsewhere(view: PageView, href: str) -> str | None:
    """The address to which a link leads; None where it stays on the page."""
    if href.lower().startswith("javascript:"):
        return None
    target = urljoin(view.url, href).partition("#")[0]
    return target if href and target != view.url.partition("#")[0] else None


def _marks_one_item(view: PageView, node: Node, items: AbstractSet[int]) -> bool:
    """Whether a pressed button is the mark of one item, a star say: it stands beside that, and no other does."""
    for around in view.ancestors(node.index):
        held = {n.index for n in view.within(around.index)}
        if held & items or around.role == "main":
            marks = sum(_PRESSED in view.nodes[index].attributes for index in held)
            return around.role != "main" and marks == len(held & items) == 1
    return False


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
    return node.role in _CHOICES or node.attributes.get(_POPUP, "false") != "false"


def _narrows(view: PageView, group: Sequence[Node], by_role: AbstractSet[int]) -> bool:
    """Whether views that stand together show anything but all items, or do not say what they show."""
    locale = view.locale
    told = {node.index: _said(view, node) for node in group}
    group = [node for node in group if not arranging_in(locale).fullmatch(fold_label(told[node.index]))]
    chosen = [node for node in group if is_chosen(node) or node.ticked or _drops_down(node)]
    alone = len(group) == 1 and not chosen
    if chosen:
        return not all(is_for_all(view, node, locale) or _named_for_all(told[node.index], locale) for node in chosen)
    if alone and group[0].role == "link" and not group[0].attributes.get("href", "#").startswith("#"):
        return False  # the page itself, by its address
    if alone and _PRESSED not in group[0].attributes and fold(told[group[0].index]) in _VERBS:
        return False
    return any(node.index in by_role or names_a_view(told[node.index], locale) for node in group)


def _leads_to_a_part(
    view: PageView,
    surface: Surface,
    link: tuple[Node, str],
    inside: AbstractSet[int],
    read: AbstractSet[str],
    main: AbstractSet[int] | None,
) -> bool:
    """Whether a link leads to another view of the list that was not read: "Closed", at an address without a number."""
    node, href = link
    near = (main is None or node.index in main) and node.index not in inside
    target = _elsewhere(view, href) or ""
    numbered = any(map(str.isdigit, urlsplit(target).path))
    if target in {"", *read} or numbered or _is_home(target, surface):
        return False
    return is_of_view(view, node, surface) or (near and names_a_view(_said(view, node), view.locale))


def is_of_view(view: PageView, node: Node, surface: Surface) -> bool:
    """Whether a link leads to a view of the list under the inbox's own paths, and is called so: `/support/closed/`."""
    parts = urlsplit(target := urljoin(view.url, node.attributes.get("href", "")))
    own = parts.hostname == view.host and any(fnmatchcase(parts.path, path) for path in surface.paths)
    plain = not parts.query and not any(map(str.isdigit, parts.path)) and not _is_home(target, surface)
    return own and plain and names_a_view(_said(view, node), view.locale)


def _is_home(target: str, surface: Surface) -> bool:
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
        names = [name for name in _BETWEEN.split(text.text) if name.strip()]
        if _SHOWING.match(fold(text.text)) and names_a_part(text.text, view.locale):
            return True
        if all(names_a_view(name, view.locale) for name in names):
            for around in islice(lineage, _NEAR):
                told.setdefault(around.index, []).append((view.nodes[text.parent], names))
    for index, views in told.items():
        said = [name for _, names in views for name in names]
        held = {n.index for n in view.within(index)}
        row = len(view.text(index, chrome=True).split()) <= _MOST_WORDS_OF_A_ROW and not held & items
        current = [n for node, names in views if is_chosen(node) or is_chosen(view.nodes[node.parent]) for n in names]
        whole = bool(current) and all(_named_for_all(name, view.locale) for name in current)
        if row and not whole and _are_views(said, view.locale):
            return True
    return False


def _are_views(names: Sequence[str], locale: str) -> bool:
    """Whether names exclude one another, or one is for all: "Open" beside "Closed", and not "Open · Updated"."""
    for_all = any(_named_for_all(name, locale) for name in names)
    parts = [name for name in names if names_a_part(name, locale) and not _OF_A_STATUS.fullmatch(fold_words(name))]
    ended = [_AT_AN_END.search(fold_words(name)) is not None for name in parts]
    return bool(parts) and (for_all or len(set(ended)) > 1)


def closed_section(view: PageView, tried: AbstractSet[int] = frozenset()) -> Node | None:
    """
    The first part of a list that is shut and says so: "Closed (3)"; None where none is.

    Its name tells which of the items it holds; a row of an item bears a date, and a command begins with a verb.

    Args:
        view: the list's page.
        tried: backend ids of the controls that were followed.
    """
    for node in view.shown_nodes(main_of(view)):
        if node.role not in _UNFOLDING or is_open(node) is not False or node.backend_id in tried:
            continue
        lineage = {a.role for a in view.ancestors(node.index)}
        name = view.text(node.index).strip() or node.name
        short = len(name.split()) <= _MOST_WORDS_OF_A_SECTION and not name.endswith(("?", ":"))
        headed = _OF_SOME.search(fold_label(name)) is not None and _COMMANDS.match(fold_label(name)) is None
        framed = not lineage.isdisjoint({*FRAME, "navigation", "listitem", "row", "article", "option", "form"})
        menu = node.properties.get("hasPopup") not in {None, False, "false"}
        if short and headed and not framed and not menu and not find_date(name, view.locale).dated:
            return node
    return None
