"""
A page without its account: what is not known to be the service's own words is gone.

First the rules that mask evidence, then the other way round: a text stays only where it is part of the words that the
flow's files give anyway. Names, ids and addresses of elements are numbered anew. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from automation.browser.capture.plan import plan
from automation.flow.recorded_page import IDENTITY, SOMEBODY_ELSE
from automation.flow.site import embedded_values
from automation.page import PageView
from automation.reading.letters.sentences import without_names
from automation.text.normalizing import fold_label, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from automation.browser.capture import Masks
    from automation.flow.site import Site
    from automation.page import Node

TEXT = "[text]"
TYPED = "[typed]"
WORDED = frozenset(
    {"aria-label", "aria-description", "aria-valuetext", "aria-roledescription", "title", "alt", "placeholder", "label"}
)
"""Attributes that hold words for people."""
_IDS = frozenset(
    {"aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details", "aria-activedescendant",
     "aria-errormessage", "for", "id", "list", "form", "popovertarget"}
)  # fmt: skip
_STATED = frozenset(
    {"role", "type", "dir", "disabled", "required", "readonly", "multiple", "hidden", "open", "tabindex",
     "contenteditable", "inert", "popover", "colspan", "rowspan", "inputmode", "method"}
)  # fmt: skip
_TOKEN = re.compile(r"[a-z][a-z_-]{0,20}|-?\d{1,4}|")
_STATE = re.compile(
    r"true|false|mixed|undefined|page|step|location|date|time|menu|listbox|tree|grid|dialog|off|polite|assertive|"
    r"horizontal|vertical|none|inline|list|both|ascending|descending|grammar|spelling|\d{1,4}"
)
"""Values of `aria-*` that say a state or a small number, and nobody's name."""
_LONGEST_WORDS = 40
_BUTTONS = frozenset({"submit", "button", "reset"})


@dataclass(frozen=True)
class Kept:
    """The words that may stay: those that the flow's own files give."""

    words: frozenset[str]
    """Folded."""

    @cached_property
    def _joined(self) -> str:
        return "\n".join(sorted(self.words))

    def part(self, text: str) -> str:
        """
        What may stay of a text: all of it, or its beginning where that is one of the words; the rest is a mark.

        Names and addresses for which the words have holes are holes then. A line that begins as a known one and goes on
        otherwise must not become the known one.
        """
        if not text.strip() or self.has(text):
            return text
        if self.has(holed := without_names(text, ())):
            return holed
        pieces = sentences(text)
        if len(pieces) > 1:
            return " ".join(self.part(piece) for piece in pieces)
        words = text.split()
        for length in range(min(len(words) - 1, _LONGEST_WORDS), 0, -1):
            start = " ".join(words[:length])
            if fold_label(start) in self.words:
                return f"{start} {self.part(' '.join(words[length:]))}"
        return TEXT

    @classmethod
    def of(cls, texts: Iterable[str]) -> Kept:
        """From texts as they are written."""
        return cls(frozenset(fold_label(text) for text in texts if text.strip()))

    def has(self, text: str) -> bool:
        """Whether a text is one of them, or whole words of one: a label may be made of several pieces."""
        folded = fold_label(text)
        return bool(folded) and bool(re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", self._joined))


def scrubbed(
    view: PageView, masks: Masks, kept: Kept, site: Site, identity: str, places: Mapping[str, str] | None = None
) -> PageView:
    """
    The page with nothing of the account on it.

    Args:
        view: the page as it was.
        masks: rules of the visit; what they learn on this page counts.
        kept: words that may stay.
        site: where the service names who is signed in; that place gets `IDENTITY`.
        identity: what the service calls the account; empty where it is not known.
        places: address of another page of the recording, without query → where it stands on file, for links to it.
    """
    masked = plan(view, masks, "recording", frame=False).view
    numbers: dict[str, str] = {}
    nodes = []
    for raw, after in ((raw, masked.nodes[raw.index]) for raw in view.nodes):
        if raw.tag == "#text":
            nodes.append(replace(after, text=_spaced(after.text, kept), name=""))
            continue
        attributes = dict(_attributes(raw, after, kept, numbers))
        if raw.tag == "A" and (href := raw.attributes.get("href")):
            there = (places or {}).get(plain_address(urljoin(view.url, href)))
            attributes["href"] = there or _target(href, view, site, identity)
        nodes.append(replace(after, attributes=attributes, name=""))
    return PageView(url=masked.url, title=kept.part(masked.title), nodes=tuple(nodes), frames=view.frames)


def plain_address(url: str) -> str:
    """An address without what follows its path."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _attributes(raw: Node, masked: Node, kept: Kept, numbers: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What stays of an element's attributes; names of elements get numbers, the same for the same."""
    for name, value in raw.attributes.items():
        plain = value.strip().lower()
        if name in _IDS or (name == "name" and raw.attributes.get("type", "").lower() == "radio"):
            yield name, " ".join(numbers.setdefault(one, f"n{len(numbers) + 1}") for one in value.split())
        elif name in WORDED:
            yield name, kept.part(masked.attributes.get(name, ""))
        elif name in {"lang", "xml:lang"} and re.fullmatch(r"[A-Za-z0-9-]{1,20}", value):
            yield name, value
        elif name.startswith("aria-") and _STATE.fullmatch(plain):
            yield name, plain
        elif name in _STATED:
            yield name, plain if _TOKEN.fullmatch(plain) else ""
        elif name == "value" and raw.tag in {"INPUT", "BUTTON"} and raw.attributes.get("type") in _BUTTONS:
            yield name, kept.part(masked.attributes.get(name, ""))


def _target(href: str, view: PageView, site: Site, identity: str) -> str:
    """Where a link leads: only whether it names the account is kept."""
    pattern = site.identity.link
    before, _, after = pattern.partition("*")
    fitting = re.fullmatch(re.escape(before) + "([^/]+)" + re.escape(after) + "/?", urlsplit(href).path)
    if pattern and fitting and site.owns(urljoin(view.url, href)):
        named = IDENTITY if unquote(fitting[1]) == identity.strip() else SOMEBODY_ELSE
        return before + named + after
    return "#"


def _spaced(text: str, kept: Kept) -> str:
    """A text with its white space, which parts words, but without what it says."""
    if not text.strip() or kept.has(text):
        return text
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{start[:1]}{kept.part(text)}{end[:1]}"


def named_in(view: PageView, site: Site, identity: str) -> Mapping[str, Mapping[str, str]]:
    """
    What the page's own data said of who is signed in, without saying who: name → field → stand-in for the id.

    For the places that the service's `[identity]` gives as `embedded`.
    """
    found: dict[str, dict[str, str]] = {}
    for source in site.identity.embedded:
        for value in sorted(embedded_values(view, source)):
            own = value == identity.strip()
            nobody = value in site.identity.nobody
            found.setdefault(source.near, {})[source.field] = value if nobody else IDENTITY if own else SOMEBODY_ELSE
    return found
