"""The lines of a page as a setting's state may stand in them, and the state that one of them tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.page import Node
from automation.reading.controls.doubts import has_caveat
from automation.reading.controls.rows import PICTURES, QUOTING, block_of, has_words, is_a_name, shown_texts
from automation.reading.controls.words import BADGES, SENTENCE_ENDS, changed_by
from automation.text.normalizing import fold_label, sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from automation.page import PageView
    from automation.reading.controls.words import Wanted

_NAME_OF_STATE = re.compile(
    r"^(?:(?:current )?(?:status|state|setting|value)|currently|statut|état|zustand|aktuell|estado|stato)\s*:\s*",
    re.IGNORECASE,
)
"""What may stand before a state in its own line: "Status: Off"."""
CHANGED = re.compile(
    r"(?:last )?(?:changed|updated|modified|edited|change|update|edit)(?: (?:on|at))?"
    r"|(?:dernière modification|modifié le|zuletzt geändert|geändert am|última modificación|ultima modifica)"
)
_DAY = re.compile(r"[–—-]|never|jamais|nie|nunca|mai|(?=.*\d)[\w./-]+(?:,? [\w./-]+){0,3}(?:,? \d{1,2}:\d{2})?")
_DOT = re.compile(r"^[●•·✓✔]\s*")
"""What some draw before a state."""
_CHOICE = re.compile("[☐☑☒□▢■⬜⬛○◯◎◉⚪⚫🔘✗✘]")
"""How some draw a box or circle by a letter: the word behind it may be what one would choose."""
_TICKED, _NOT_TICKED = re.compile("[☑☒■⬛◎◉⚫🔘✓✔✅]"), re.compile("[☐□▢⬜○◯⚪✗✘✕✖❌🚫⛔]")
STATE_SIGN = re.compile("|".join(signs.pattern for signs in (_CHOICE, _TICKED, _NOT_TICKED)))
_DRAWN = frozenset({"SVG", "IMG", "I", "SPAN"})
"""Elements that are an icon where they hold no text."""
_NOT_SAID = QUOTING | {"DEL", "S", "STRIKE"}


@dataclass(frozen=True, slots=True)
class Line:
    """Texts that a person reads in one line, or a picture that is read out."""

    nodes: tuple[Node, ...]
    pieces: tuple[str, ...]
    text: str
    block: int = -1
    """The element whose line it is."""
    sign: str = ""
    """By what a picture is drawn, where that is a letter."""


def lines_of(view: PageView, roots: Iterable[int], left_out: Collection[int] = ()) -> Iterator[Line]:
    """
    The lines of some elements, without what is quoted or taken back, and without the nodes that are left out.

    A picture is a line of its own, by its name; it is given where it has one.
    """
    held: list[Node] = []
    before, breaks, drawn = (-1, 0), 0, -1
    for node in (node for root in roots for node in view.within(root)):
        breaks += node.tag == "BR"
        if node.index in left_out or not node.shown or (drawn >= 0 and view.is_inside(node.index, drawn)):
            continue
        if (name := _name_of_picture(view, node)) != "":
            drawn = node.index
            yield Line((node,), (name,), name, sign="".join(n.text for n in shown_texts(view, node.index)).strip())
        taken_back = node.struck or any(a.tag in _NOT_SAID for a in view.ancestors(node.index))
        if node.tag != "#text" or not node.text.strip() or taken_back:
            continue
        place = (block_of(view, node.parent), breaks)
        if held and place != before:
            yield _line(held, before[0])
            held = []
        before = place
        held.append(node)
    if held:
        yield _line(held, before[0])


def _line(nodes: list[Node], block: int) -> Line:
    pieces = tuple(node.text.strip() for node in nodes)
    return Line(tuple(nodes), pieces, " ".join("".join(node.text for node in nodes).split()), block)


def _name_of_picture(view: PageView, node: Node) -> str:
    """
    What an icon without any words is called: by its accessible name, its tooltip or its drawing's title.

    One that says of itself that it is a picture may be drawn by a sign, which then is no text.
    """
    if node.tag not in _DRAWN and node.role not in PICTURES:
        return ""
    shown = "".join(n.text for n in shown_texts(view, node.index)).strip()
    if shown and (node.role not in PICTURES or has_words(shown)):
        return ""
    titles = [n.text for n in view.within(node.index) if n.tag == "#text" and view.nodes[n.parent].tag == "TITLE"]
    named = [node.name, *(node.attributes.get(key, "") for key in ("aria-label", "alt", "title")), *titles]
    return " ".join({fold_label(name): name.strip() for name in named if name.strip()}.values())


def state_in(wanted: Wanted, line: Line) -> str | None:
    """
    The state that a line tells, in its own words; empty where it says nothing of it, None where it may be another's.

    It is the line itself, stands behind the label or what any state is called, or is one piece of a line whose others
    are nothing but the label and what hangs on it.
    """
    text = line.text.strip()
    before, opened, behind = text.removesuffix(")").rpartition("(")
    if opened and text.endswith(")") and _changed_on(behind):  # "Off (changed on 3 May)"
        text = before.strip()
    on = wanted.state(text)
    if on is not None and (_NOT_TICKED if on else _TICKED).search(line.sign) is not None:
        return None
    told = _told(wanted, line, text)
    if told or _is_known(wanted, text) or not (names_another(wanted, line) or has_caveat(wanted, text)):
        return told
    states = [piece for piece in line.pieces if _is_state(wanted, piece)]
    others = (piece for piece in line.pieces if piece not in states)
    return "".join(states) if len(states) <= 1 and all(_is_mark(wanted, piece) for piece in others) else None


def _told(wanted: Wanted, line: Line, text: str) -> str:
    """The state that is all of a line, its end behind the label, or its first sentence before others that explain."""
    said = _DOT.sub("", _NAME_OF_STATE.sub("", f"{text} ").strip())
    if _is_state(wanted, said):
        return said
    ending = wanted.ending(text) if wanted.heads(text) is not None else ""
    alone = any(wanted.heads(piece) is not None and not wanted.ending(piece) for piece in line.pieces)
    if _is_state(wanted, ending) and (alone or not wanted.joins(text)):  # "Keep activity on" asks for it
        return ending
    first, *others = sentences(said) or [""]
    if not others or not _is_state(wanted, first) or not others[-1].endswith(SENTENCE_ENDS):
        return ""
    begun = any(_is_state(wanted, re.split(r"\W", one, maxsplit=1)[0]) for one in others)
    return "" if begun or any(has_caveat(wanted, one) for one in others) else first.rstrip(".")


def _is_state(wanted: Wanted, text: str) -> bool:
    """Whether a text is a word for a state, be it with the day since when; what a button would do is none."""
    since = wanted.since(text)
    valued = wanted.value(text) is not None and (not since or is_day(since))
    return valued or wanted.state(text) is not None


def _is_known(wanted: Wanted, text: str) -> bool:
    """Whether a line names the setting, its section or its state, or says when it was changed."""
    named = fold_label(text) in {*wanted.sections, *wanted.descriptions} or wanted.names(text) is not None
    return named or _changed_on(text) or wanted.heads_state(text) or _is_sign(text)


def _is_mark(wanted: Wanted, text: str) -> bool:
    """Whether a text in a state's line is the label, what stands before any state, or a mark that hangs on one."""
    named = wanted.heads(text) is not None or wanted.heads_state(text) or fold_label(text) in BADGES
    offers = wanted.changes(text) and changed_by(text) == ""
    return named or offers or _is_sign(text) or not _NAME_OF_STATE.sub("", f"{text} ").strip()


def _changed_on(text: str) -> bool:
    """Whether a text says when something was last changed."""
    changed = CHANGED.match(fold_label(text))
    return changed is not None and is_day(fold_label(text)[changed.end() :].strip(" :"))


def _is_sign(text: str) -> bool:
    """Whether a text is made of signs that choose nothing: arrows, bullets, strokes."""
    return not has_words(text) and _CHOICE.search(text) is None


def is_day(text: str) -> bool:
    """Whether a text is a day, and nothing else."""
    return _DAY.fullmatch(fold_label(text)) is not None


def names_another(wanted: Wanted, line: Line) -> bool:
    """
    Whether a line may be the name of another setting, or begins with one.

    A name at its beginning stands in an element of its own, and what follows begins anew.
    """
    first, *others = line.nodes
    apart = bool(others) and first.parent not in {line.block, others[0].parent} and line.pieces[1][:1].isupper()
    begins = apart and is_a_name(line.pieces[0]) and wanted.heads(line.pieces[0]) is None
    return begins or is_a_name(line.text)
