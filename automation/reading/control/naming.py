"""Which control a label belongs to: by the control's own name or description, or by the row in which both stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.page import DISCLOSURES
from automation.reading.control.belonging import below_another, in_row, is_own, nearest
from automation.reading.control.cells import table_row_of
from automation.reading.control.operable import SWITCHES, label_of, operable_by
from automation.reading.control.rows import SETTABLE, is_landmark, operable_in, texts_in
from automation.reading.control.sections import under_heading
from automation.reading.control.state_words import TURNING
from automation.reading.control.wanted import SENTENCE_ENDS, Wanted
from automation.text.labels import Phrase
from automation.text.normalizing import fold, fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView

_BUTTONS = frozenset({"button"}) | DISCLOSURES
_ROLES = {
    "switch": SWITCHES | _BUTTONS,
    "checkbox": SWITCHES | _BUTTONS,
    "select": frozenset({"combobox", "listbox"}) | _BUTTONS,
    "menu_button": _BUTTONS,
    "state_button": _BUTTONS | {"link"},
    "radio": frozenset({"radio"}) | _BUTTONS,
}
_POPUPS = frozenset({"menu", "listbox", "true"})
_PRESSED = "aria-pressed"
_ALLOWS = re.compile(
    r"(?:yes, )?(?:i )?(?:allow|let|permit|agree|consent)\b"
    r"(?!.*\b(?:not|never|stop|opt|with|see|view|colleagues?|team|others?|every(?:one|body)|notif\w*|e?-?mails?)\b)"
)
"""How the name of a switch begins that lets something be done when it is on."""
_OF_A_SETTING = frozenset({"your", "the", "this", "setting"})
_FEWEST_LETTERS, _STEM = 4, 5
"""Of a word that counts; and those by which "analysis" and "analyzed" are one word."""
LabelTexts = list[tuple[int, Phrase]]
"""Indexes of elements, and the words of the label that each is."""


def candidates_of(view: PageView, kind: str) -> list[Node]:
    """Every control of a kind that a person can use."""
    found = [n for n in view.everything() if n.role in _ROLES[kind] and operable_by(view, n) is not None]
    if kind == "radio":
        return [n for n in found if n.role not in _BUTTONS or _PRESSED in n.attributes or is_segment(n)]
    if kind in {"switch", "checkbox"}:  # a button is one of them where it says that it is pressed or not
        return [n for n in found if n.role not in _BUTTONS or _PRESSED in n.attributes]
    if kind in {"menu_button", "select"}:
        return [n for n in found if n.role not in _BUTTONS or _opens(n)]
    return [n for n in found if _PRESSED not in n.attributes]


def is_segment(node: Node) -> bool:
    """Whether a button says that it is the current one of several or not, as segmented controls do."""
    return node.role == "button" and node.attributes.get("aria-current") in {"true", "false"}


def _opens(node: Node) -> bool:
    return node.attributes.get("aria-haspopup") in _POPUPS or node.tag == "SUMMARY"


def find(view: PageView, kind: str, wanted: Wanted, labels: LabelTexts | None = None) -> list[tuple[Node, Phrase]]:
    """
    Every control of a kind that bears the label; of a choice, the element that holds all its radios.

    Args:
        view: the page at rest.
        kind: as in a flow's table.
        wanted: the words.
        labels: what `label_texts` found, where several kinds are sought in turn.
    """
    candidates = candidates_of(view, kind)
    if not candidates:
        return []
    labels = label_texts(view, wanted) if labels is None else labels
    if kind == "radio":
        return _groups(view, candidates, wanted, labels)
    found: dict[int, tuple[Node, Phrase]] = {}
    for node in candidates:
        phrase = _named(view, node, wanted) or _described(view, node, wanted) or _grouped(view, node, wanted)
        if phrase is None and node.role in _BUTTONS and kind != "radio":
            phrase = _offered(view, wanted, node)
        if phrase:
            found[node.index] = (node, phrase)
    telling = candidates
    if kind == "state_button":  # any button may stand in a row; one that shows a state is the row's own
        telling = [n for n in candidates if wanted.tells(" ".join(_lines(view, n.index)))]
    for holder, phrase in labels:
        node_in_row = in_row(view, wanted, holder, telling)
        if node_in_row is None or node_in_row.index in found or _is_of_another(view, node_in_row, wanted):
            continue
        open_name = wanted.says_nothing(node_in_row.name) or _spelled_out(view, wanted, holder, node_in_row)
        if open_name or kind == "menu_button" or _offers(view, wanted, node_in_row):
            found[node_in_row.index] = (node_in_row, phrase)
    if not found and kind == "switch" and wanted.on == "trains":
        found.update((node.index, (node, phrase)) for node, phrase in _headed(view, labels))
    if found:
        found.update(_shut_out(view, wanted, labels, [node for node, _ in found.values()]))
    nodes = [node for node, _ in found.values()]
    return [
        one
        for one in found.values()
        if not any(_is_part(view, one[0], whole) or _unfolds(view, one[0], whole) for whole in nodes)
    ]


def _unfolds(view: PageView, opener: Node, node: Node) -> bool:
    """Whether a disclosure only shows another control of its name."""
    return opener.tag == "SUMMARY" and node.index != opener.index and view.is_inside(node.index, opener.parent)


def _headed(view: PageView, labels: LabelTexts) -> Iterator[tuple[Node, Phrase]]:
    """
    The only switch beneath a heading that is the label, where its own name says the same at length, and allows it.

    "Content analysis", and beneath it "Allow my content to be analyzed".
    """
    for holder, phrase in labels:
        main = next((a.index for a in view.ancestors(holder) if is_landmark(a)), holder)
        beneath = [n for n in under_heading(view, holder) if n.role in SETTABLE and view.is_inside(n.index, main)]
        beneath = [n for n in beneath if operable_by(view, n) is not None]
        if len(beneath) != 1 or beneath[0].role not in SWITCHES:
            continue
        named = fold_label(beneath[0].name)
        stems = [word[:_STEM] for word in fold_label(phrase.text).split() if len(word) >= _FEWEST_LETTERS]
        if stems and _ALLOWS.match(named) and all(f" {stem}" in named for stem in stems):
            yield beneath[0], phrase


def _is_of_another(view: PageView, node: Node, wanted: Wanted) -> bool:
    """Whether a box without a name chooses a table's row, or is named by the words that follow it in its line."""
    if node.role != "checkbox" or node.name:
        return False
    row = table_row_of(view, node.index)
    if (
        row is not None
        and len(operable_in(view, row.index)) > 1
        and node.index == min(n.index for n in operable_in(view, row.index))
    ):
        return True
    beside = [view.nodes[i] for i in view.children.get(node.parent, ()) if i > node.index]
    following = next((n for n in beside if n.shown and view.text(n.index).strip()), None)
    if following is None or following.block:
        return False
    said = view.text(following.index).strip()
    return not (wanted.tells(said) or wanted.names(said) or wanted.beginning(said) or said.endswith(SENTENCE_ENDS))


def _is_part(view: PageView, node: Node, whole: Node) -> bool:
    """Whether a control stands inside another and is set alike: a component bears the role, and so does its box."""
    inside = node.index != whole.index and view.is_inside(node.index, whole.index)
    return inside and _raw_state(node) == _raw_state(whole) != ""


def _raw_state(node: Node) -> str:
    stated = node.attributes.get("aria-checked", node.attributes.get(_PRESSED, ""))
    return stated if node.ticked is None else str(node.ticked).lower()


def _offered(view: PageView, wanted: Wanted, node: Node) -> Phrase | None:
    """The label in the name of a button that offers the other state than it shows: "Turn on your …", drawn as "Off"."""
    named = fold_label(node.name)
    offer = _offer_of(named)
    if offer is None or _states_in(view, wanted, node) != {TURNING[offer]}:
        return None
    rest = " ".join(word for word in named.removeprefix(offer).split() if word not in _OF_A_SETTING)
    return wanted.labels.get(rest)


def _offer_of(named: str) -> str | None:
    return next((doing for doing in TURNING if named.startswith(f"{doing} ")), None)


def _states_in(view: PageView, wanted: Wanted, node: Node) -> set[bool | None]:
    return {wanted.state(line) for line in _lines(view, node.index)}


def _offers(view: PageView, wanted: Wanted, node: Node) -> bool:
    """
    Whether a button, called by what it does, speaks of the setting: "Turn off your …".

    It opens a menu, or shows the state in which that is offered.
    """
    named = fold_label(node.name)
    if not any(label in named for label in wanted.labels):
        return False
    offer = _offer_of(named)
    return _opens(node) or (offer is not None and _states_in(view, wanted, node) == {TURNING[offer]})


# -- by its own name -------------------------------------------------------------------------------------------


def _named(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label that a control's name is, also where the name goes on with a text that stands apart from the label."""
    phrase = wanted.names(node.name) or wanted.spoken(node.name)
    if phrase is not None:
        return phrase
    if wanted.beginning(node.name) is None:
        return _behind_state(view, node, wanted)
    for root in _naming(view, node):
        lines = _lines(view, root)
        first = wanted.labels.get(fold_label(lines[0])) if lines and not _goes_on(view, wanted, root) else None
        first = first or _set_apart(view, root, wanted)
        if first is not None:
            return first
        if lines:
            return None
    return None


def _goes_on(view: PageView, wanted: Wanted, root: int) -> bool:
    """Whether the first line of a paragraph is broken and goes on as no sentence: "Share data" and "sheets by mail"."""
    first = next((block.text for block in view.blocks(root) if not block.quoted), "")
    _, _, rest = first.partition("\n")
    return rest != "" and not rest.rstrip().endswith(SENTENCE_ENDS) and not any(map(wanted.tells, rest.split("\n")))


def _behind_state(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label in a name that begins with the state, where the page writes both apart: a track may say "On"."""
    texts = [n.text for root in _naming(view, node) for n in view.within(root) if n.tag == "#text" and n.text.strip()]
    others = [text for text in texts if not wanted.tells(text)]
    return wanted.names(" ".join(others)) if len(others) < len(texts) else None


def _naming(view: PageView, node: Node) -> Iterator[int]:
    """Elements that a control takes its name from, if it takes it from the page's text."""
    if "aria-label" in node.attributes and "aria-labelledby" not in node.attributes:
        return
    ids, own = node.attributes.get("aria-labelledby", "").split(), node.attributes.get("id")
    if ids:
        by_id = {n.attributes["id"]: n.index for n in view.everything() if n.attributes.get("id") in ids}
        yield from (by_id[i] for i in ids if i in by_id)
        return
    yield from (a.index for a in view.ancestors(node.index) if a.tag == "LABEL")
    yield from (n.index for n in view.everything() if own and n.tag == "LABEL" and n.attributes.get("for") == own)
    if node.tag != "INPUT":
        yield node.index


def _set_apart(view: PageView, root: int, wanted: Wanted) -> Phrase | None:
    """The label where it is all of the first element in a line, and what follows begins anew."""
    more = [n.index for n in view.within(root) if n.role == "link" and wanted.tells_more(n.name)]
    texts = [
        n
        for n in view.within(root)
        if n.tag == "#text" and n.shown and n.text.strip() and not any(view.is_inside(n.index, link) for link in more)
    ]
    if len(texts) < 2 or texts[0].parent == texts[1].parent:
        return None
    small = any(a.tag == "SMALL" for a in view.ancestors(texts[1].index))
    whole = texts[-1].text.rstrip().endswith(SENTENCE_ENDS)
    if texts[0].parent == root and not small and not (whole and _broken(view, texts)):
        return None
    return wanted.labels.get(fold_label(texts[0].text)) if texts[1].text.strip()[0].isupper() else None


def _broken(view: PageView, texts: Sequence[Node]) -> bool:
    """Whether a line ends between the first two of some texts."""
    first, second = texts[0].index, texts[1].index
    between = (n for n in view.everything() if first < n.index < second)
    return any(n.tag == "BR" or (n.block and view.is_inside(second, n.index)) for n in between)


def _described(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label that describes a control whose own name leaves open what it is for."""
    if not wanted.says_nothing(node.name):
        return None
    ids = node.attributes.get("aria-describedby", "").split()
    texts = [view.text(n.index) for n in view.everything() if n.attributes.get("id") in ids] if ids else []
    return next((phrase for text in texts if (phrase := wanted.names(text))), None)


def _grouped(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label that names a group in which a control is the only one, and says of itself what any could: "Enable"."""
    if not wanted.says_nothing(node.name):
        return None
    group = next((a for a in view.ancestors(node.index) if a.role == "group" and a.name), None)
    alone = group is not None and [n.index for n in operable_in(view, group.index)] == [node.index]
    return wanted.labels.get(fold_label(group.name)) if group is not None and alone else None


# -- by its row ------------------------------------------------------------------------------------------------


def label_texts(view: PageView, wanted: Wanted) -> LabelTexts:
    """Elements whose text is the label, with or without the state, each with its words."""
    found = ((holder, wanted.heads(text)) for holder, text in texts_in(view))
    return [(holder, phrase) for holder, phrase in found if phrase is not None]


def _spelled_out(view: PageView, wanted: Wanted, holder: int, node: Node) -> bool:
    """Whether a control's own name is the label and what its row says beside it, read out in one."""
    rest = (wanted.rest(node.name) or "").strip(" –").rstrip(".")
    if not rest or wanted.beginning(node.name) is None or any(True for _ in _naming(view, node)):
        return False
    around = [view.nodes[holder], *view.ancestors(holder)]
    row = next((a for a in around if view.is_inside(node.index, a.index)), None)
    said = fold(view.text(row.index)) if row is not None else ""
    return re.search(rf"(?<!\w){re.escape(rest)}(?!\w)", said) is not None


def _shut_out(
    view: PageView, wanted: Wanted, labels: LabelTexts, found: list[Node]
) -> Iterable[tuple[int, tuple[Node, Phrase]]]:
    """
    Switches of the label that are drawn and cannot be used: behind a dialog, say, that asks the same question anew.

    The accessibility tree leaves them out, so their names are what their own attributes, labels and rows say. What
    stands right beside a control that was found is part of it: libraries keep a box of their own there.
    """
    unnamed = [n for n in view.everything() if not n.role and _drawn_switch(n) and operable_by(view, n) is not None]
    drawn = [n for n in unnamed if not any(view.is_inside(f.index, n.parent) for f in found)]
    for node in drawn:
        names = [
            node.attributes.get("aria-label", ""),
            *("".join(t.text for t in view.within(root)) for root in _naming(view, node)),
        ]
        phrase = next((phrase for name in names if name and (phrase := wanted.beginning(name))), None)
        if phrase is not None:
            yield node.index, (node, phrase)
    for holder, phrase in labels if drawn else ():
        beside = in_row(view, wanted, holder, drawn)
        if beside is not None:
            yield beside.index, (beside, phrase)


def _drawn_switch(node: Node) -> bool:
    box = node.tag == "INPUT" and node.attributes.get("type", "").lower() == "checkbox"
    return box or node.attributes.get("role") in SWITCHES or _PRESSED in node.attributes


# -- choices ---------------------------------------------------------------------------------------------------


def _groups(view: PageView, radios: list[Node], wanted: Wanted, labels: LabelTexts) -> list[tuple[Node, Phrase]]:
    """Elements that hold radios, or buttons of which one is pressed, by their own name or the label's row."""
    radios = [n for n in radios if n.role == "radio" or wanted.tells(n.name)]
    found: dict[int, tuple[Node, Phrase]] = {}
    for radio in radios:
        group = next((a for a in view.ancestors(radio.index) if a.role in {"radiogroup", "group"}), None)
        phrase = wanted.names(group.name) if group is not None else None
        if group is not None and phrase is not None:
            found[group.index] = (group, phrase)
    if found:
        return list(found.values())
    own = {fold_label(text) for radio in radios for text in (radio.name, *_label_lines(view, radio))}
    known = replace(wanted, values={**wanted.values, **dict.fromkeys(own, "")})
    for holder, phrase in labels:
        beside = nearest(view, holder, radios)
        its = bool(beside) and is_own(view, known, holder, beside[0])
        root = _around(view, beside) if its and not below_another(view, known, holder, beside[0]) else None
        if root is not None and beside == [n for n in radios if view.is_inside(n.index, root.index)]:
            found[root.index] = (root, phrase)
    return list(found.values())


def _label_lines(view: PageView, radio: Node) -> list[str]:
    """The lines of the label that a radio hangs on; its name joins them."""
    label = label_of(view, radio)
    return [n.text for n in view.within(label.index) if n.text] if label is not None else []


def _around(view: PageView, nodes: list[Node]) -> Node | None:
    """The smallest element that holds all of these."""
    return next(
        (a for a in view.ancestors(nodes[0].index) if all(view.is_inside(n.index, a.index) for n in nodes)), None
    )


def _lines(view: PageView, root: int) -> list[str]:
    return [line.strip() for block in view.blocks(root) for line in block.text.split("\n") if not block.quoted]
