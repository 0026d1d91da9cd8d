"""
What is to be hidden on one page: which letters and elements of the picture, and the page without them.

Pictures and texts follow from one plan, so nothing can be masked in one and stand in the other. Pure: it works on
a `PageView` and can be tested without a browser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.browser.capture.people import leads_to_a_person
from automation.page import PageView
from automation.text.names import looks_like_a_name, may_name_somebody
from automation.text.normalizing import fold_label
from automation.text.page_words import PageWords

if TYPE_CHECKING:
    from automation.browser.capture.masks import Masks
    from automation.page import Node

_SILENT = frozenset({"SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE"})
_ADDRESSES = frozenset({"href", "xlink:href", "src", "action", "formaction", "poster", "cite", "data"})
_WORDS = frozenset(
    {"aria-label", "aria-description", "aria-valuetext", "aria-placeholder", "aria-roledescription",
     "title", "alt", "placeholder", "content", "label", "summary"}
)  # fmt: skip
_KEPT = _ADDRESSES | _WORDS | frozenset(
    {"role", "type", "name", "id", "for", "lang", "dir", "method", "rel", "target", "checked", "selected", "disabled",
     "required", "readonly", "multiple", "hidden", "open", "tabindex", "autocomplete", "inputmode", "maxlength",
     "contenteditable", "inert", "value", "xml:lang", "http-equiv", "charset", "colspan", "rowspan", "popover"}
)  # fmt: skip
"""Attributes that evidence keeps, with `aria-*` and `data-*`; classes, styles and event handlers say nothing."""
_FIELDS = frozenset({"textbox", "searchbox"})
_STATEFUL = frozenset({"radio", "switch", "checkbox", "menuitemradio", "menuitemcheckbox", "slider"})
_HOLDERS = frozenset({"link", "button", "row", "option", "treeitem", "menuitem", "cell", "gridcell", "listitem"})
_PICTURES = frozenset({"IMG", "IMAGE", "VIDEO", "CANVAS", "OBJECT", "EMBED"})
_FORM_TAGS = frozenset({"INPUT", "SELECT", "TEXTAREA"})
_STYLED = _PICTURES | {"INPUT", "TEXTAREA"}
"""What the style sheet hides by itself, and inside a shadow tree only when that tree gets it too."""
_BUTTONS = frozenset({"submit", "button", "reset"})
_AROUND = {"banner": "menu", "navigation": "menu", "complementary": "covered"}
"""Role of what frames a page → what it holds: no signal is read there, and other people stand there."""
_IN_PART = frozenset({"covered", "menu"})
"""States of which some texts stay."""
_IMAGES = frozenset({"img", "image"})
_TITLE_PARTS = re.compile(r"(\s+[-–—|·•:/]\s+|\s*\|\s*)")
_AVATAR_PX = 24
_LONGEST_ATTRIBUTE = 400


@dataclass(frozen=True, slots=True)
class Cover:
    """One thing to hide in the picture."""

    rule: str
    """A rule of `automation.browser.capture.masks.RULES`; empty for what only makes others work."""
    document: int
    backend_id: int
    how: str
    """`text`: letters of a text node; `field`, `backdrop`, `whole`: an element; `root`: the shadow tree around it."""
    start: int = 0
    """Of the letters, in UTF-16 units as browsers count them."""
    end: int = 0
    pseudo: str = ""
    """`::before` or `::after` of the element."""


@dataclass(frozen=True, slots=True)
class MaskPlan:
    """All of it, for one page."""

    covers: tuple[Cover, ...]
    view: PageView
    """The page with its texts masked. Whatever is written of a page is made from this."""
    counts: Mapping[str, int]
    """Rule → how often a text was hidden."""
    pictures: tuple[int, ...]
    """Indexes of the shown elements whose colours the style sheet takes away."""


def plan(
    view: PageView, masks: Masks, step: str, *, bare: bool = False, frame: bool = True, focus: Node | None = None
) -> MaskPlan:
    """
    Decide what is hidden on a page.

    Args:
        view: the page; names that it gives are learnt first.
        masks: the visit's rules.
        step: name of the step, such as `inbox-item`.
        bare: the page is no evidence: only texts that the service's labels hold stay.
        frame: hide what frames the page, and leave out texts that are not shown; not where whoever asks keeps known
            words only anyway.
        focus: the form or control that is read on it; what holds it is no mere frame.
    """
    masks.learn(view)
    return _Planner(view, masks, step, bare=bare, frame=frame, focus=focus).run()


class _Planner:
    def __init__(self, view: PageView, masks: Masks, step: str, *, bare: bool, frame: bool, focus: Node | None) -> None:
        self.view, self.masks, self.around = view, masks, _AROUND if frame else {}
        self.keeps_hidden = not frame
        self.base = "covered" if bare else ""
        self.holders = {a.index for a in view.ancestors(focus.index)} | {focus.index} if focus is not None else set()
        self.written = {block.node for block in view.blocks(chrome=True) if masks.is_written(block.text)}
        self.counts: Counter[str] = Counter()
        self.covers: list[Cover] = []
        self.pictures: list[int] = []
        self.private = self._private(step)
        self.speaking = {a.index for root in self.private for a in view.ancestors(root) if a.role in _HOLDERS}
        self.state: dict[int, str] = {-1: self.base}
        """Index → what holds the node: `message`, `typed`, `name`, `avatar`, `silent`, `covered`, `menu`; or ``."""

    def run(self) -> MaskPlan:
        """One pass over the page, parents first."""
        nodes = list(self.view.nodes)
        for node in self.view.everything():
            state = self._state(node)
            self.state[node.index] = state
            if node.tag == "#text":
                nodes[node.index] = self._text(node, state)
            else:
                self._element(node, state)
                nodes[node.index] = self._without_words(node, state)
        view = PageView(
            url=self.masks.masked_url(self.view.url, self.counts),
            title=self._kept(self._title(), self.base),
            nodes=tuple(nodes),
            frames=self.view.frames,
        )
        return MaskPlan(tuple(self.covers), view, dict(self.counts), tuple(self.pictures))

    def _title(self) -> str:
        """The page's title, without a part that nothing on the page explains and that may be somebody's name."""
        names = self.masks.names
        headings = {fold_label(heading.name) for heading in self.view.headings()}

        def may_name(part: str) -> bool:
            ordinary = any(map(names.is_word, part.split())) or fold_label(part) in headings
            return looks_like_a_name(part) and not ordinary and not self.masks.is_known(part)

        parts = _TITLE_PARTS.split(self.view.title)
        return "".join(self.masks.mark("name") if may_name(part) else part for part in parts)

    def _state(self, node: Node) -> str:
        above = self.state.get(node.parent, self.base)
        if node.tag in _SILENT or above == "silent":
            return "silent"
        if above == "avatar" or self._is_avatar(node):
            return "avatar"
        if node.role == "heading" and above == "message":
            return self.base
        if node.index in self.private:
            return "message"
        if node.role in _FIELDS or node.attributes.get("contenteditable", "false") != "false":
            return "typed"
        if (not above or above in _IN_PART) and node.tag == "A" and self._leads_to_a_person(node):
            return "name"
        if above in _IN_PART and node.role in _STATEFUL and not self.base:
            return ""
        if above in {"", "menu"} and node.index not in self.holders:
            return self.around.get(node.role, above)
        return above

    # -- the picture ----------------------------------------------------------------------------------------

    def _text(self, node: Node, state: str) -> Node:
        node = replace(node, name="")  # the browser repeats the text there
        if state == "silent" or not (node.shown or self.keeps_hidden):
            return replace(node, text="")
        if not node.text.strip():
            return node
        if not state and self._is_written(node):
            state = "written"
        if self._goes(node.text, state) and not (state == "name" and node.text.strip().isdigit()):
            self.counts[_rule_of(state)] += 1
            if node.box is not None and state != "typed":  # the style sheet hides what is typed
                self._cover(_rule_of(state), node, 0, len(node.text))
            return replace(node, text=self.masks.mark(_rule_of(state)))
        for span in self.masks.spans(node.text) if node.box is not None else ():
            self._cover(span.rule, node, span.start, span.end)
        return replace(node, text=self.masks.masked(node.text, self.counts))

    def _is_written(self, node: Node) -> bool:
        """Whether a text stands in a paragraph that the account's holder wrote."""
        above = self.view.ancestors(node.index) if self.written else ()
        return next((a.index for a in above if a.block), -1) in self.written

    def _cover(self, rule: str, node: Node, start: int, end: int) -> None:
        before, inside = (len(part.encode("utf-16-le")) // 2 for part in (node.text[:start], node.text[start:end]))
        self.covers.append(Cover(rule, node.document, node.backend_id, "text", before, before + inside))

    def _element(self, node: Node, state: str) -> None:
        if node.box is None or state == "silent":
            return
        if node.shadow and (node.tag in _STYLED or state == "typed" or not self.view.nodes[node.parent].shadow):
            self.covers.append(Cover("", node.document, node.backend_id, "root"))
        if node.tag in _PICTURES:
            self.pictures.append(node.index)
        elif node.tag.startswith("::"):
            if node.backdrop == "picture":
                holder = self.view.nodes[node.parent]
                pseudo = node.tag.lower()
                self.covers.append(Cover("picture", node.document, holder.backend_id, "backdrop", pseudo=pseudo))
        elif self._filled(node, state):
            self.covers.append(Cover("typed", node.document, node.backend_id, "field"))
        elif self._drawn(node, state):  # the browser draws it, and no highlight reaches it
            self.covers.append(Cover("name", node.document, node.backend_id, "field"))
        elif state == "avatar" and self.state.get(node.parent, "") != "avatar":
            self.covers.append(Cover("avatar", node.document, node.backend_id, "whole"))
        elif node.backdrop and node.role in _IMAGES:
            self.covers.append(Cover("picture", node.document, node.backend_id, "whole"))
        elif node.backdrop == "picture":
            self.covers.append(Cover("picture", node.document, node.backend_id, "backdrop"))

    def _filled(self, node: Node, state: str) -> bool:
        if node.tag in {"INPUT", "TEXTAREA"}:
            kind = node.attributes.get("type", "").lower()
            hidden = {"checkbox", "radio", "submit", "button", "reset", "image", "range", "color"}
            placeholder = node.attributes.get("placeholder", "")
            told = bool(self.masks.spans(placeholder)) or (bool(self.base) and self._goes(placeholder, self.base))
            return kind not in hidden and (bool(node.filled) or told)
        field = state == "typed" and self.state.get(node.parent, "") != "typed"
        return field and any(n.tag == "#text" and n.text.strip() for n in self.view.within(node.index))

    def _drawn(self, node: Node, state: str) -> bool:
        """Whether a button's value or a list's chosen entry is to be hidden."""
        if node.tag == "INPUT" and node.attributes.get("type", "").lower() in _BUTTONS:
            texts = [node.attributes.get("value", "")]
        elif node.tag == "SELECT":
            chosen = (n.index for n in self.view.within(node.index) if n.tag == "OPTION" and n.selected)
            texts = [n.text for index in chosen for n in self.view.within(index) if n.tag == "#text"]
        else:
            return False
        return any(self._goes(text, state) or self.masks.spans(text) for text in texts if text.strip())

    def _is_avatar(self, node: Node) -> bool:
        if not node.round or node.box is None or min(node.box.width, node.box.height) < _AVATAR_PX:
            return False
        if node.role in _STATEFUL or any(a.role in _STATEFUL for a in self.view.ancestors(node.index)):
            return False
        if max(node.box.width, node.box.height) > 2 * min(node.box.width, node.box.height):
            return False  # a round-ended bar
        letters = "".join(n.text for n in self.view.within(node.index) if n.tag == "#text").strip()
        return bool(node.backdrop) or (len(letters) in {1, 2} and letters.isalpha())

    # -- whose text it is -----------------------------------------------------------------------------------

    def _private(self, step: str) -> frozenset[int]:
        """Indexes of what holds private text at this step; empty where the page's language has no words to tell."""
        masking, words = self.masks.masking, PageWords.of(self.masks.labels, self.view.locale)
        roles = {
            rule.role
            for rule in masking.private
            if not rule.steps or any(fnmatchcase(step, pattern) for pattern in rule.steps)
        }
        known = all(words.covered(key) for key in masking.about)
        if not roles or not known:
            return frozenset()
        return frozenset(
            node.index
            for node in self.view.nodes
            if node.role in roles
            and self._pieces(node) > 1
            and not any(words.with_english.find_word(key, self.view.text(node.index)) for key in masking.about)
        )

    def _pieces(self, node: Node) -> int:
        return sum(1 for n in self.view.within(node.index) if n.tag == "#text" and n.text.strip())

    def _leads_to_a_person(self, node: Node) -> bool:
        return leads_to_a_person(self.view, node, self.masks.masking.links, self.masks.ids)

    def _goes(self, text: str, state: str) -> bool:
        """Whether a whole text is hidden because of what holds it."""
        if state not in _IN_PART:
            return bool(state)
        if self.masks.is_known(text) or not any(letter.isalpha() for letter in text):
            return False
        return state == "covered" or may_name_somebody(text, self.masks.names)

    # -- the texts ------------------------------------------------------------------------------------------

    def _without_words(self, node: Node, state: str) -> Node:
        silent = not (node.shown or self.keeps_hidden or node.role in _STATEFUL or node.tag in _FORM_TAGS)
        kept = {
            name: self._attribute(node, name, value, state)
            for name, value in node.attributes.items()
            if (name in _KEPT or name.startswith(("aria-", "data-"))) and not (silent and name in _WORDS)
        }
        name = "" if silent else node.name
        if name and (state in {"message", "name", "avatar"} or node.index in self.speaking):
            name = self.masks.mark(state if state in {"name", "avatar"} else "message")
        return replace(node, name=self._kept(name, state), attributes=kept)

    def _kept(self, text: str, state: str) -> str:
        """A text with what is hidden in it; or its mark, where only known words stay and it is none."""
        if state in _IN_PART and self._goes(text, state):
            return self.masks.mark("covered")
        return self.masks.masked(text, self.counts)

    def _attribute(self, node: Node, name: str, value: str, state: str) -> str:
        if name in _ADDRESSES:
            told = self.masks.masked_url(value, self.counts)
            return told if state not in _IN_PART | {"name"} or node.tag != "A" else _without_path(told)
        if name in _WORDS and state in {"message", "name", "typed", "avatar"} and value.strip():
            return self.masks.mark(state)
        if name in _WORDS and state in _IN_PART:
            return self._kept(value, state)
        if name == "value" and node.tag == "INPUT" and node.attributes.get("type", "").lower() == "hidden":
            return self.masks.masked(value, self.counts) if self.masks.is_public(value) else self.masks.mark("token")
        if name == "content" and node.tag == "META" and len(value) >= 16 and " " not in value:
            return self.masks.mark("token")
        masked = self.masks.masked(value, self.counts)
        return masked if len(masked) <= _LONGEST_ATTRIBUTE else masked[: _LONGEST_ATTRIBUTE - 1] + "…"


def _rule_of(state: str) -> str:
    """The rule under which a state is declared."""
    return "covered" if state == "menu" else state


def _without_path(url: str) -> str:
    """Of an address that may lead to a person, the host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…" if parts.netloc else "/…"
