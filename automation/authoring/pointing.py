"""
What a person means by what they clicked: a control, or part of a form, an inbox and a reply; by the reader's own rules.

What the reader could not find again by these words is not proposed at all. Pure, from a page's view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin, urlsplit

from automation.core.signals import Wording
from automation.flow.site import EmbeddedId
from automation.page import walk
from automation.reading.controls.finding import candidates_of, find
from automation.reading.controls.rows import ticked
from automation.reading.controls.sections import holders
from automation.reading.controls.words import Wanted
from automation.reading.forms import FoundForm, find_forms
from automation.text.labels import Labels, Phrase
from automation.text.normalizing import fold_label, sentences
from automation.text.page_words import PageWords

if TYPE_CHECKING:
    from automation.page import Node, PageView

Kind = Literal["switch", "checkbox", "select", "radio", "menu_button", "state_button"]
_KINDS: tuple[Kind, ...] = ("switch", "radio", "select", "menu_button", "state_button")
_GLUE = " .:,-–—"
_LONGEST_LABEL = 200
_ABOVE = 4
"""How many elements above the one that was clicked its label may begin."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One control as a flow would describe it, and as it stands now."""

    kind: Kind
    label: str
    description: str
    """Text that belongs to its name behind the label; empty where there is none."""
    sections: tuple[str, ...]
    """Names of the headings and landmarks that hold it, nearest first."""
    values: tuple[str, ...]
    """What it can be set to, as far as the page shows; empty for what is on or off."""
    shown: str
    """`on`, `off` or the value that is shown now; empty where none is stated."""
    style: str
    """How it is made, in the words of `replica.toml`."""

    @property
    def two_states(self) -> bool:
        """Whether it is on or off."""
        return self.kind in {"switch", "checkbox"}


def propose(view: PageView, backend_id: int) -> Proposal | None:
    """
    The control that an element, or a text in it, names; by the browser's id of that, on the page at rest.

    None where its words name no control, more than one, or one that no heading or landmark holds.
    """
    texts = dict.fromkeys(_texts(view, _lineage(view, backend_id)[: _ABOVE + 1]))
    found = (_proposal(view, kind, text) for text in texts for kind in _KINDS if 0 < len(text) <= _LONGEST_LABEL)
    return next((proposal for proposal in found if proposal is not None), None)


def _texts(view: PageView, roots: list[Node]) -> Iterator[str]:
    """What the first of these, which stand in each other, may be called; nearest first."""
    yield from (node.name for node in roots[:1] if node.name and node.tag != "#text")
    for root in roots:
        for node in view.within(root.index):
            if node.tag == "#text" and node.shown and node.text.strip():
                yield " ".join(node.text.split())
                break
        for block in view.blocks(root.index, chrome=True)[:1]:
            yield from (line.strip() for line in block.text.split("\n") if line.strip())
        if root.name and root.tag != "#text":
            yield root.name


def _proposal(view: PageView, kind: Kind, text: str) -> Proposal | None:
    phrase = Phrase(text, "", Wording.SOURCED, "", "names")
    for description, value in _endings(view, kind, text):
        wanted = Wanted(
            labels={fold_label(text): phrase},
            descriptions={fold_label(description): replace(phrase, text=description)} if description else {},
            values={fold_label(value): "value.a"} if value else {},
            openings={},
            states={},
        )
        found = find(view, kind, wanted)
        if len(found) != 1:
            continue
        node = found[0][0]
        sections = tuple(dict.fromkeys(n for n in holders(view, node.index) if fold_label(n) != fold_label(text)))
        precise: Kind = "checkbox" if kind == "switch" and node.role == "checkbox" else kind
        values, shown = _values(view, kind, node, value)
        return Proposal(precise, text, description, sections, values, shown, _style(kind, node)) if sections else None
    return None


def _endings(view: PageView, kind: Kind, label: str) -> Iterator[tuple[str, str]]:
    """What may follow the label in the control's name: nothing, a description, or the value of a button."""
    if kind != "state_button":
        yield "", ""
    for node in candidates_of(view, kind):
        rest = _rest(node.name, label)
        if rest and kind == "state_button":
            yield "", rest
        elif rest and kind == "switch":
            yield rest, ""


def _rest(name: str, label: str) -> str:
    """The end of a name that begins with a label as a word; empty where it does not, or says no more."""
    words, first = name.split(), label.split()
    if fold_label(" ".join(words[: len(first)])) != fold_label(label):
        return ""
    return " ".join(words[len(first) :]).strip(_GLUE)


def _values(view: PageView, kind: Kind, node: Node, value: str) -> tuple[tuple[str, ...], str]:
    """What a control can be set to, as far as the page shows, and what it shows now; `value` is in a button's name."""
    if kind == "switch":
        return (), {True: "on", False: "off", None: ""}[ticked(node)]
    if kind == "radio":
        ways = [n for n in view.within(node.index) if n.role == "radio"]
        return tuple(n.name.strip() for n in ways), _only(n.name.strip() for n in ways if ticked(n))
    said = value or " ".join(
        line.strip() for block in view.blocks(node.index, chrome=True) for line in block.text.split("\n")
    )
    return _listed(view, node, said) if kind == "select" else ((said,) if said else (), said)


def _listed(view: PageView, node: Node, said: str) -> tuple[tuple[str, ...], str]:
    """The same of a list, all of whose text is `said`."""
    options = [n for n in view.within(node.index) if n.role == "option" or n.tag == "OPTION"]
    names = [(n.name or "".join(t.text for t in view.within(n.index))).strip() for n in options]
    chosen = [n.name.strip() for n in options if n.tag == "OPTION" and n.selected]
    values = dict.fromkeys(filter(None, names)) or dict.fromkeys(filter(None, [said]))
    return tuple(values), _only(chosen or [said])


def _only(texts: Iterable[str]) -> str:
    found = list(texts)
    return found[0] if len(found) == 1 else ""


def _style(kind: Kind, node: Node) -> str:
    """The stand-in's nearest way of making such a control."""
    if kind != "switch":
        return kind
    if node.tag == "INPUT":
        return "input" if node.shown and node.role == "checkbox" else "styled"
    return "role" if node.name else "unnamed"


_LONGEST_TITLE = 140
"""How many elements above the one that was clicked a paragraph may begin."""
OTHER = "other"
"""Purpose of a field that the engine cannot tell by itself."""


def title_at(view: PageView, backend_id: int) -> str:
    """The heading that an element belongs to, else its own short text; empty where there is neither."""
    lineage = _lineage(view, backend_id)
    heading = next((n.name for n in lineage if n.role == "heading" and n.name.strip()), "")
    if heading:
        return " ".join(heading.split())
    texts = (view.text(node.index) or (node.text if node.tag == "#text" else "") for node in lineage[:_ABOVE])
    text = next(filter(None, (" ".join(text.split()) for text in texts)), "")
    return text if len(text) <= _LONGEST_TITLE else ""


def button_at(view: PageView, backend_id: int) -> Node | None:
    """The button that an element belongs to."""
    return next((n for n in _lineage(view, backend_id) if n.role == "button" and n.name.strip()), None)


def link_at(view: PageView, backend_id: int) -> str:
    """Where the link leads that an element belongs to; a row that holds exactly one link counts. Empty for none."""
    targets = {node.index: urljoin(view.url, href) for node, href in view.links()}
    lineage = _lineage(view, backend_id)
    around = next((targets[n.index] for n in lineage if n.index in targets), "")
    if around:
        return around
    row = next((n for n in lineage if n.role in {"listitem", "row", "article", "option"}), None)
    inside = [targets[n.index] for n in view.within(row.index) if n.index in targets] if row else []
    return inside[0] if len(set(inside)) == 1 else ""


def sentences_at(view: PageView, backend_id: int) -> tuple[str, ...]:
    """The sentences of the paragraph that an element belongs to, in order."""
    for node in _lineage(view, backend_id)[:_ABOVE]:
        text = view.text(node.index) or (node.text if node.tag == "#text" else "")
        found = tuple(" ".join(part.split()) for part in sentences(text.replace("\n", " ")))
        if found:
            return found
    return ()


def form_of(view: PageView, submit: Node, labels: Labels) -> FoundForm | None:
    """The form that a button sends, by the reader's own rules once the button's name is known."""
    locale = view.locale or "any"
    known = dict(labels.entries.get("form.submit", {}))
    known[locale] = (*known.get(locale, ()), Phrase(submit.name, locale, Wording.SOURCED, "", "names"))
    words = PageWords.of(Labels({**labels.entries, "form.submit": known}), view.locale)
    return next((found for found in find_forms(view, "form", words) if found.submit == submit.index), None)


def id_of(url: str) -> tuple[str, str]:
    """
    The form's id as its address carries it, and the expression that finds it there.

    The last part of the path stands for the id: it is what tells one form of a service from another.
    """
    before, _, last = urlsplit(url).path.rstrip("/").rpartition("/")
    escaped = "".join(letter if letter.isalnum() or letter in "/_-" else f"\\{letter}" for letter in before)
    return last, f"{escaped}/([^/]+)/?"


def item_pattern(url: str) -> str:
    """The pattern of the addresses of an inbox's items, from one of them: its last part differs."""
    before, _, _ = urlsplit(url).path.rstrip("/").rpartition("/")
    return f"{before}/*"


def place_naming(view: PageView, identities: Iterable[str]) -> tuple[EmbeddedId, str] | None:
    """Where the page's own data names the account by one of these, and by which; None where it names it nowhere."""
    for identity in identities:
        found = list(_places(view, identity.strip()))
        # The shortest names first: `id` says more of whose data it is than a key that only repeats it.
        if found:
            return min(found, key=lambda place: (len(place.near) + len(place.field), place.near)), identity.strip()
    return None


def _places(view: PageView, identity: str) -> Iterator[EmbeddedId]:
    for piece in view.handed_over:
        for value in walk(piece):
            if not isinstance(value, Mapping):
                continue
            for near, inner in value.items():
                for field, said in inner.items() if isinstance(inner, Mapping) else ():
                    if isinstance(said, str | int) and not isinstance(said, bool) and str(said) == identity:
                        yield EmbeddedId(near=str(near), field=str(field))


def _lineage(view: PageView, backend_id: int) -> list[Node]:
    picked = next((n for n in view.nodes if n.backend_id == backend_id), None)
    return [picked, *view.ancestors(picked.index)] if picked is not None else []
