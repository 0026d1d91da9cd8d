"""
What a page says against the state that a control shows. A doubt withholds, and ends in a person's look.

`doubts.toml` is the one table of words that do so. Nothing here can make a state more believable.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from automation.reading.controls.rows import (
    BUTTONS,
    CHOICES,
    PICTURES,
    described_by,
    label_of,
    lineage,
    row_of,
    said_in,
    shown_texts,
    texts_in,
)
from automation.reading.controls.sections import (
    DIALOGS,
    headings_above,
    heads_of_column,
    level_of,
    names_of_table,
    table_row_of,
)
from automation.reading.controls.words import (
    NO,
    OFFERS,
    SENTENCE_ENDS,
    YES,
    Wanted,
    is_generic,
    own_words,
    speaks_of_itself,
    stated,
)
from automation.text.normalizing import fold, fold_label, fold_words, sentences, spell_out

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from automation.flow.control_table import Meaning
    from automation.page import Block, Node, PageView

_LONGEST_LINE = 160
"""What is longer explains something; it is no message."""
_ITS_SCOPE = re.compile(r"\b(?:to|for|across|of|in) (?:everyone in |all of )?your (?:organi[sz]ation|team|workspace)\b")
"""Of the setting of an organisation: for whom it holds, and no limit."""
_OF_SOMEBODY = re.compile(r"^(?!what|here|it|that|let|who|today|how|there|where)(?P<who>[^\W\d]+)'s (?=\w)")
"""Whose settings they are, where it is a person of whom one speaks: "Lena's privacy"."""
_OF_ITSELF = re.compile(r"(?:this|it|its|the|your|that|currently|current|now|status|state|setting|value|is)\b")
"""How the beginning of a line speaks of the setting at hand before it tells a state."""
_FEWEST_WORDS_TO_GO_ON, _LONG_WORD = 3, 4
"""Words of a line; letters, as shorter words are in any two names."""
_DRAWN_TO_SHOW = frozenset({"FIGURE", "BLOCKQUOTE", "PRE", "SAMP", "TEMPLATE"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """One row of the table; what its columns are is written there."""

    where: str
    pattern: re.Pattern[str]
    example: str
    of: str = ""
    on: str = ""
    state: str = ""
    own: bool = False
    most: int = _LONGEST_LINE


@lru_cache(maxsize=1)
def doubts() -> tuple[Doubt, ...]:
    """The table."""
    rows = tomllib.loads((files(__package__) / "doubts.toml").read_text(encoding="utf-8"))["doubt"]
    return tuple(Doubt(**{**row, "pattern": re.compile(row["pattern"])}) for row in rows)


def doubted(
    where: str, text: str, wanted: Wanted | None = None, meaning: Meaning | None = None, *, of: Collection[str] = ()
) -> bool:
    """
    Whether a row of the table for this place speaks of one line, heading or name.

    Rows for only some settings or states count where these are `wanted` and the `meaning`; some, where they are `of`.
    """
    said = spell_out(fold(text)).strip(" .…!›>:*")
    on, own = (wanted.on, not wanted.shared) if wanted is not None else (None, False)
    few = len(said.split())
    return any(
        row.pattern.search(said)
        for row in doubts()
        if row.where == where and few <= row.most and (not row.own or own) and row.of in {"", *of}
        if row.on in {"", on} and row.state in {"", meaning}
    )


def has_caveat(wanted: Wanted, line: str, *of: str) -> bool:
    """Whether a line says of a state in words that it is not the present one, holds for some, or is not to be set."""
    told = _ITS_SCOPE.sub("", fold(line)) if wanted.shared else line
    return fold_label(line) not in wanted.descriptions and doubted("row", told, of=("words", *of))


# -- what the page says of the control ---------------------------------------------------------------------------


def page_doubt(view: PageView) -> str:
    """The line by which the page says that what it shows may not be what is stored, or is a child's or guest's."""
    notices = (n for n in view.shown_nodes() if n.role in {"alert", "status", "banner"})
    blocks = [*view.blocks(), *(block for notice in notices for block in view.blocks(notice.index, chrome=True))]
    lines = (line for block in blocks if not block.quoted for line in block.text.split("\n"))
    told = (sentence for line in dict.fromkeys(lines) for sentence in (sentences(line) or [line]))
    if doubted("title", view.title):
        return view.title
    return next((one for one in told if len(one) <= _LONGEST_LINE and doubted("page", one)), "")


def offer_doubt(view: PageView, node: Node) -> str:
    """The button by which the dialog around a control waits to be accepted: what it shows is an offer, not stored."""
    dialog = next((a for a in view.ancestors(node.index) if a.role in DIALOGS or a.tag == "DIALOG"), None)
    shown = view.shown_nodes(dialog.index) if dialog is not None else ()
    pressed = (n.name for n in shown if n.role == "button" and n.properties.get("disabled") is not True)
    return next((name for name in pressed if doubted("dialog", name)), "")


def place_doubt(view: PageView, wanted: Wanted, node: Node) -> str:
    """What says that a control is an example, leaves out what is ticked, or is another's by its table."""
    around = list(view.ancestors(node.index))
    groups = (a.name for a in around if a.role in {"group", "radiogroup"} and wanted.names(a.name) is None)
    row = table_row_of(view, node.index)
    heads = (*heads_of_column(view, row, node), *names_of_table(view, row))
    told = (name for name in groups if doubted("group", name, wanted))
    headed = (head for head in heads if doubted("heading", head))
    drawn = (a.role or a.tag.lower() for a in around if a.tag in _DRAWN_TO_SHOW or a.role == "figure")
    return next(chain(told, headed, drawn), "")


def others_doubt(held_by: Iterable[str], known: Collection[str], host: str, wanted: Wanted) -> str:
    """
    The name of somebody else that holds a control right beneath its section: "Team workspace: Acme".

    Of the names that hold it, nearest first, what stands above its `known` section may be called as it likes. The
    service's own name in the `host` is nobody else's, and the setting of a team or site may stand beneath its name.
    """
    for name in held_by:
        if (folded := fold_label(name)) in known:
            return ""
        somebody = None if wanted.shared else _OF_SOMEBODY.search(folded)
        if doubted("heading", name, wanted) or (somebody is not None and somebody["who"] not in host):
            return name
    return ""


# -- what its row says -------------------------------------------------------------------------------------------


def said_around(view: PageView, node: Node, others: Iterable[Node]) -> list[tuple[int, str]]:
    """
    The lines of text in the widest element around a control that holds no other one, each with what holds it.

    Among them what pictures there are called. "Enable" on a box is what it is called, and no offer to do so.
    """
    row = row_of(view, node, [n for n in others if not view.is_inside(n.index, node.index)])
    label = label_of(view, node) if node.role == "checkbox" and OFFERS.get(fold_label(node.name)) is False else None
    said = said_in(view, [row]) if row is not None else []
    return [(at, text) for at, text in said if label is None or not view.is_inside(at, label.index)]


def row_doubt(
    view: PageView,
    wanted: Wanted,
    node: Node,
    meaning: Meaning | None,
    around: Collection[tuple[int, str]],
    known: Collection[str],
    *,
    choice: bool,
) -> str:
    """
    The text in the lines `around` a control that says that its state does not hold, or tells another one.

    What holds it, folded in `known`, and what is known to describe it are no caveats. Beside a choice a word for a
    state alone counts, too.
    """
    goes_on = _goes_on(view, wanted, around)
    if meaning is None:
        return goes_on
    own = (text for at, text in around if not _in_a_choice(view, at) and wanted.names(text) is None)
    told = [text for text in own if fold_label(text) not in {*wanted.descriptions, *known}]
    offers = ((text, OFFERS.get(fold_label(text))) for text in told)
    offered = (text for text, on in offers if on is not None and wanted.switched(on=on) not in {None, meaning})
    against = (text for text in told if doubted("row", text, wanted, meaning))
    found = next(chain(offered, against), "") or goes_on
    return found or _told_against(view, wanted, node, meaning, around, choice=choice)


def _goes_on(view: PageView, wanted: Wanted, lines: Iterable[tuple[int, str]]) -> str:
    """
    The line right behind the label that goes on with it, in small letters or behind a dash.

    "Block AI training" with "digest in my inbox each Monday" beneath it is another setting.
    """
    told = [text.strip() for at, text in lines if view.nodes[at].role not in PICTURES]
    behind = (following for line, following in pairwise(told) if wanted.heads(line) is not None)
    goes = (text for text in behind if not wanted.tells(text) and len(text.split()) >= _FEWEST_WORDS_TO_GO_ON)
    return next((text for text in goes if text[:1].islower() or text[:1] in "-–—"), "")


def _told_against(
    view: PageView, wanted: Wanted, node: Node, meaning: Meaning, around: Collection[tuple[int, str]], *, choice: bool
) -> str:
    """
    The words in the row of a control, or what hangs on it, that tell another state than it has.

    A tooltip, a description and a picture that are called by a state count alone; so does a word for one beside a
    choice. Where one such word agrees, and another does not, both are drawn for whoever presses it.
    """
    known = {*wanted.labels, *wanted.sections, *wanted.descriptions}
    own = [(at, text) for at, text in around if _may_speak(view, at, text) and fold_label(text) not in known]
    own = [(at, text) for at, text in own if not of_another(view, wanted, node, at)]
    lines = (*(text for _, text in own), *_next_to(view, node, around))
    if found := next((line for line in lines if any(told != meaning for told in stated(wanted, line))), ""):
        return found
    words = [t for at, t in own if view.nodes[at].role in PICTURES or (choice and not view.is_inside(at, node.index))]
    said = (node.attributes.get(key, "") for key in ("title", "aria-description", "aria-valuetext"))
    hanging = (text for text in (*said, *described_by(view, node)) if text and fold_label(text) not in known)
    return _told_alone(wanted, meaning, (*words, *hanging))


def _told_alone(wanted: Wanted, meaning: Meaning, texts: Iterable[str]) -> str:
    """The first of some texts that tells another state, where none tells the same."""
    told = {text: {wanted.meaning(text), *stated(wanted, text)} - {None} for text in texts}
    agreed = any(meaning in meanings for meanings in told.values())
    return "" if agreed else next((text for text, meanings in told.items() if meanings), "")


def _next_to(view: PageView, node: Node, around: Collection[tuple[int, str]]) -> Iterator[str]:
    """
    The lines of the paragraph right behind the row of a control, and of the one above it that stands below a heading.

    A row ends where the page's main part begins; what is said between it and the next name is said of it.
    """
    blocks, row = view.blocks(), {at for at, _ in around}
    within = [number for number, block in enumerate(blocks) if block.node in row]
    beside: list[Block] = []
    if not within:  # its label stands above it, and nothing holds both
        beside += [block for block in blocks if block.node < node.index][-1:]
        beside += [block for block in blocks if block.node > node.index][:1]
    else:
        first, last = within[0], within[-1]
        beside += blocks[last + 1 : last + 2]
        heading = blocks[first - 2].node if first > 1 else -1
        if heading >= 0 and any(n.role == "heading" for n in lineage(view, heading)):
            beside.append(blocks[first - 1])
    for block in beside:
        if block.node < 0 or _may_speak(view, block.node, block.text):
            yield from block.text.split("\n")


def _may_speak(view: PageView, holder: int, text: str) -> bool:
    """Whether a text may say something of the setting: not what may be chosen, nor the "Yes" of a button."""
    answers = fold_label(text) in YES | NO and any(n.role == "button" for n in lineage(view, holder))
    return not (answers or _in_a_choice(view, holder))


def _in_a_choice(view: PageView, holder: int) -> bool:
    """Whether a text is what one of several choices is called."""
    return any(n.role in CHOICES or n.tag == "OPTION" for n in lineage(view, holder))


# -- whether it is said of another setting -----------------------------------------------------------------------


def of_another(view: PageView, wanted: Wanted, control: Node, holder: int) -> bool:
    """Whether what stands in an element is said of another setting, by its row or by its heading."""
    return _of_another_row(view, wanted, control, holder) or _of_another_section(view, wanted, control, holder)


def _of_another_row(view: PageView, wanted: Wanted, control: Node, holder: int) -> bool:
    """
    Whether what stands in an element is said of another setting, whose row lies beside that of a control.

    Both are parts of one element: the control's holds its label, the other one begins with a name of its own. That has
    no word of the label, and both parts are drawn alike; or its state leads to where that setting is changed.
    """
    mine, theirs = lineage(view, control.index), lineage(view, holder)
    around = {n.index for n in mine}
    at = next((i for i, n in enumerate(theirs) if n.index in around), 0)
    if at == 0 or theirs[at].index == control.index:
        return False
    part, own = theirs[at - 1], next(n for n in mine if n.parent == theirs[at].index)
    name = _name_of_row(view, wanted, part, holder) if _is_labelled(view, wanted, own) else ""
    if not name:
        return False
    whole = own.index == control.index and part.block
    alike = part.tag == own.tag or (whole and any(wanted.tells(n.text) for n in shown_texts(view, control.index)))
    may_be_its = _OF_ITSELF.match(fold(name)) is not None or _may_head_it(wanted, name)
    return (alike and not may_be_its) or _leads_on(view, wanted, part, holder)


def _leads_on(view: PageView, wanted: Wanted, part: Node, holder: int) -> bool:
    """Whether a state is that of a link or button, or has a button beside it that changes it."""
    pressed = [n for n in view.within(part.index) if n.shown and n.role in BUTTONS | {"link"}]
    held = any(view.is_inside(holder, n.index) for n in pressed)
    return held or any(wanted.changes(n.name) or fold_label(n.name) in OFFERS for n in pressed)


def _is_labelled(view: PageView, wanted: Wanted, part: Node) -> bool:
    return any(wanted.heads(text) is not None for _, text in texts_in(view, part.index))


def _name_of_row(view: PageView, wanted: Wanted, part: Node, holder: int) -> str:
    """The name of another setting with which a part of a page begins; empty where it is none."""
    texts = shown_texts(view, part.index)
    if len(texts) < 2 or _is_labelled(view, wanted, part):
        return ""
    name = texts[0].text.strip()
    pressed = next((a for a in view.ancestors(texts[0].index) if a.role == "button"), None)
    offered = pressed is not None and not view.is_inside(holder, pressed.index)  # what a press does names no setting
    told = wanted.tells(name) or speaks_of_itself(wanted, name) or any(stated(wanted, name))
    return "" if offered or told or name.endswith(SENTENCE_ENDS) else name


def _of_another_section(view: PageView, wanted: Wanted, control: Node, holder: int) -> bool:
    """
    Whether what stands in an element is headed by another name than what holds the control, and so is another's.

    That section has ended before the control, or begins after it at the level of its section or above; or its heading
    says that it tells what has been. A heading that may speak of the setting itself separates nothing, and a text that
    names the setting speaks of it wherever it stands, but in a log.
    """
    own, others = headings_above(view, control.index), headings_above(view, holder)
    known = {heading.index for heading in own}
    least = max((level_of(h) for h in own if wanted.heads(h.name) is None), default=0)
    foreign = [heading for heading in others if heading.index not in known]
    if any(doubted("log", heading.name) for heading in foreign):
        return True
    text = fold(view.text(holder, chrome=True))
    apart = (h for h in foreign if h.index < control.index or level_of(h) <= least)
    return not any(label in text for label in wanted.labels) and any(not _may_head_it(wanted, h.name) for h in apart)


def of_another_line(wanted: Wanted, text: str, lines: list[str]) -> bool:
    """Whether a state is only a part of a line that has a name of its own: "Auto-delete Off · after 18 months"."""

    def begins_otherwise(line: str) -> bool:
        before = f" {fold_words(line)} ".partition(f" {fold_words(text)} ")[0].strip()
        own = wanted.beginning(line) is not None or wanted.heads(line) is not None or _OF_ITSELF.match(before)
        return bool(before) and not own and not speaks_of_itself(wanted, before)

    holding = [line for line in lines if f" {fold_words(text)} " in f" {fold_words(line)} "]
    return wanted.tells(text) and bool(holding) and all(map(begins_otherwise, holding))


def _may_head_it(wanted: Wanted, name: str) -> bool:
    shared = {word for word in fold_words(name).split() if len(word) >= _LONG_WORD} & own_words(wanted)
    return bool(shared) or is_generic(wanted, name)
