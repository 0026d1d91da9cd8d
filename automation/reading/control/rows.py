"""Rows of settings: how wide one is, which texts it holds, and what in it explains the setting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.reading.control.wanted import BADGES, SENTENCE_ENDS, Wanted
from automation.text.normalizing import fold_label, sentences

if TYPE_CHECKING:
    from automation.page import Node, PageView

HIGHEST = 5
"""How many elements above its label a control may stand and still be in the label's row."""
_WORDED_STEPS = 2
"""How often what is around a control may gain words: by its label, and by what stands beneath both."""
_LANDMARKS = frozenset({"main", "dialog", "alertdialog", "form", "RootWebArea", "document"})
QUOTING = frozenset({"BLOCKQUOTE", "Q", "CITE"})
_HELP = re.compile(r"help|support|learn|faq|article|polic|privacy|legal|terms|about", re.IGNORECASE)
"""What stands in the path of an address that explains something."""
_NOT_THE_PRESENT = re.compile(
    r"\b(?:default|recommend\w*|suggest\w*|region|country|countries|not available"
    r"|do(?:es)?(?:n't| not) apply(?! to (?:content|files|documents|data|information|chats|conversations|images)\b)"
    r"|no effect(?! on who (?:can )?(?:see|read|find)s?\b)"
    r"|appl(?:y|ies) only to|(?<!not )(?<!n't )appl(?:y|ies) to|until|again on"
    r"|from \d|before \d|it was|was on|was off|(?<!be )(?:turned|switched) (?:on|off)"
    r"|on this device|this device only|not saved|by itself|paused|last choice|example|saving|when you save|confirm"
    r"|finish|your (?:child|school|organi[sz]ation|employer)"
    r"|other profile|par défaut|recommandé|région|jusqu'au|exemple|standardmäßig|empfohlen|beispiel|bis zum)\b"
)
_ITS_SCOPE = re.compile(r"\b(?:to|for|across|of|in) (?:everyone in |all of )?your (?:organi[sz]ation|team|workspace)\b")
"""Of the setting of an organisation: for whom it holds, and no limit."""
SETTABLE = frozenset(
    {
        "switch", "checkbox", "menuitemcheckbox", "radio", "combobox", "listbox", "textbox", "slider", "spinbutton",
        "button",
    }
)  # fmt: skip


def is_landmark(node: Node) -> bool:
    """Whether an element is too wide to be a row."""
    return node.role in _LANDMARKS or node.tag in {"BODY", "MAIN", "HTML"}


def texts_in(view: PageView, root: int | None = None) -> Iterable[tuple[int, str]]:
    """
    Everything that a person reads as one piece, with the element that holds it.

    Whole lines, and the single texts of which lines are made: `label` and `On` may share one.
    """
    for block in view.blocks(root):
        if not block.quoted and block.node >= 0:
            yield from ((block.node, line.strip()) for line in block.text.split("\n"))
    for node in view.everything() if root is None else view.within(root):
        if node.tag != "#text" or not node.shown or not node.text.strip() or node.struck:
            continue
        if not any(a.tag in QUOTING for a in view.ancestors(node.index)):
            yield node.parent, node.text.strip()


def qualifies(wanted: Wanted, text: str) -> bool:
    """
    Whether a sentence in the row says of the state that it is not the present one, or holds for a time or place only.

    The harm: "Off", beside "Default for new accounts.", would be what protects this one.
    """
    said = fold_label(text)
    told = _ITS_SCOPE.sub("", said) if wanted.shared else said
    return said not in wanted.descriptions and _NOT_THE_PRESENT.search(told) is not None


def is_a_name(text: str) -> bool:
    """Whether a text is no sentence, and so may be the name of another setting."""
    return not text.rstrip().endswith(SENTENCE_ENDS) and not is_badge(text)


def is_badge(text: str) -> bool:
    """Whether a text only hangs on a label and changes nothing about it."""
    return fold_label(text) in BADGES and _NOT_THE_PRESENT.search(fold_label(text)) is None


def row_of(view: PageView, node: Node, others: Iterable[Node]) -> int | None:
    """
    The widest element around a control that holds no other control; None where it has none.

    Elements that only wrap the control or what is around it, and add no words, are no step on the way.
    """
    chosen = {n.index for n in others}
    row: int | None = None
    steps, said = 0, view.text(node.index)
    for number, root in enumerate(view.ancestors(node.index)):
        text = view.text(root.index)
        steps, said = steps + (text != said), text
        if is_landmark(root) or (number >= HIGHEST - 2 and steps > _WORDED_STEPS):
            break
        if any(n.index in chosen and n.index != node.index for n in view.within(root.index)):
            break
        row = root.index
    return row


def operable_in(view: PageView, root: int) -> list[Node]:
    """What can be set or followed within an element, but for links in what explains it."""
    return [
        n
        for n in view.within(root)
        if n.shown and (n.role in SETTABLE or (n.role == "link" and not explained_by(view, n)))
    ]


def explained_by(view: PageView, link: Node) -> bool:
    """Whether a link stands in a line with sentences that explain something: "… to improve it. Learn more"."""
    target = urlsplit(urljoin(view.url, link.attributes.get("href", "")))
    if target.hostname == view.host and _HELP.search(target.path) is None:
        return False  # "… when you save. Save" acts
    shown, holder = view.text(link.index).strip(), next((a.index for a in view.ancestors(link.index) if a.block), -1)
    lines = (text for _, text in texts_in(view, holder) if shown and shown in text) if holder >= 0 else ()
    return any(line.replace(shown, "", 1).rstrip().endswith(SENTENCE_ENDS) for line in lines)


def explains(view: PageView, root: int) -> bool:
    """Whether a paragraph is made of whole sentences; a name is not."""
    text = view.text(root).strip() if root >= 0 else ""
    return text.endswith(SENTENCE_ENDS) or len(sentences(text)) > 1
