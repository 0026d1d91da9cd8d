"""
What a person means by what they clicked on a form, in an inbox and in a reply: found with the reader's own rules.

Pure, from a page's view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.core.wording import Wording
from automation.flow.site import EmbeddedId
from automation.page import walk
from automation.reading.forms import FoundForm, find_forms
from automation.text.labels import Labels, Phrase
from automation.text.normalizing import sentences
from automation.text.page_words import PageWords

if TYPE_CHECKING:
    from automation.page import Node, PageView

_LONGEST_TITLE = 140
_ABOVE = 4
"""How many elements above the one that was clicked a paragraph may begin."""
OTHER = "other"
"""Purpose of a field that the engine cannot tell by itself."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form as the page calls it."""

    label: str
    purpose: str
    """As `find_forms` tells it; `OTHER` where it cannot."""


def title_at(view: PageView, backend_id: int) -> str:
    """The heading that an element belongs to, else its own short text; empty where there is neither."""
    lineage = _lineage(view, backend_id)
    heading = next((n.name for n in lineage if n.role == "heading" and n.name.strip()), "")
    return " ".join(heading.split()) or _short(view, lineage)


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


def fields_of(found: FoundForm) -> tuple[FormField, ...]:
    """Its fields, each label once."""
    return tuple(dict.fromkeys(FormField(field.label, field.role) for field in found.form.fields))


def id_of(url: str) -> tuple[str, str]:
    """
    The form's id as its address carries it, and the expression that finds it there.

    The last part of the path stands for the id: it is what tells one form of a service from another.
    """
    before, _, last = urlsplit(url).path.rstrip("/").rpartition("/")
    return last, f"{_escaped(before)}/([^/]+)/?"


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


def _short(view: PageView, lineage: list[Node]) -> str:
    for node in lineage[:_ABOVE]:
        text = " ".join((view.text(node.index) or (node.text if node.tag == "#text" else "")).split())
        if text:
            return text if len(text) <= _LONGEST_TITLE else ""
    return ""


def _escaped(path: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "/_-" else f"\\{letter}" for letter in path)
