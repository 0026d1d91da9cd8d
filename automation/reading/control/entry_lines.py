"""What the lines of an entry say: the state, nothing about it, or something that may be another setting's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.page import Node
from automation.reading.control.caveats import PICTURES, has_caveat
from automation.reading.control.changing import changed_by
from automation.reading.control.rows import QUOTING, is_a_name, is_badge, qualifies
from automation.reading.control.wanted import SENTENCE_ENDS
from automation.text.normalizing import fold_label, sentences

if TYPE_CHECKING:
    from automation.page import PageView
    from automation.reading.control.wanted import Wanted

_NAME_OF_STATE = re.compile(
    r"^(?:(?:current )?(?:status|state|setting|value)|currently|statut|état|zustand|aktuell|estado|stato)\s*:\s*",
    re.IGNORECASE,
)
"""What may stand before a state in its own line: "Status: Off"."""
_CHANGED = re.compile(
    r"(?:last )?(?:changed|updated|modified|edited|change|update|edit)(?: (?:on|at))?"
    r"|(?:dernière modification|modifié le|zuletzt geändert|geändert am|última modificación|ultima modifica)"
)
_DAY = re.compile(r"[–—-]|never|jamais|nie|nunca|mai|(?=.*\d)[\w./-]+(?:,? [\w./-]+){0,3}(?:,? \d{1,2}:\d{2})?")
_DRAWN = frozenset({"SVG", "IMG", "I", "SPAN"})
"""Elements that are an icon where they hold no text."""
_NAMING = ("aria-label", "alt", "title")
_MOST_WORDS_OF_A_NAME = 5
_NOT_SAID = QUOTING | {"DEL", "S", "STRIKE"}
_DOT = re.compile(r"^[●•·✓✔]\s*")
"""What some draw before a state."""
_CHOICE = re.compile("[☐☑☒□▢■⬜⬛○◯◎◉⚪⚫🔘✗✘]")
"""How some draw a box or circle by a letter: the word behind it may be what one would choose."""
_TICKED = re.compile("[☑☒■⬛◎◉⚫🔘✓✔✅]")
_NOT_TICKED = re.compile("[☐□▢⬜○◯⚪✗✘✕✖❌🚫⛔]")
"""Signs of what is so, and of what is not."""


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

    @property
    def may_be_chosen(self) -> bool:
        """Whether a picture is drawn by a sign that tells a state, such as a box or circle that one may tick."""
        return any(signs.search(self.sign) for signs in (_CHOICE, _TICKED, _NOT_TICKED))


def lines_of(view: PageView, roots: Iterable[int], left_out: Collection[int]) -> Iterator[Line]:
    """
    The lines of some elements, without what is quoted or taken back, and without the nodes that are left out.

    A picture is a line of its own, by its name; it is given where it has one.
    """
    held: list[Node] = []
    before = (-1, 0)
    breaks, drawn = 0, -1
    for root in roots:
        for node in view.within(root):
            breaks += node.tag == "BR"
            if node.index in left_out or not node.shown or (drawn >= 0 and view.is_inside(node.index, drawn)):
                continue
            if (name := _name_of_picture(view, node)) != "":
                drawn = node.index
                yield Line((node,), (name,), name, sign=_shown_in(view, node))
            if node.tag != "#text" or not node.text.strip() or _is_taken_back(view, node):
                continue
            place = (next((a.index for a in view.ancestors(node.index) if a.block), -1), breaks)
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
    shown = _shown_in(view, node)
    if shown and (node.role not in PICTURES or any(map(str.isalnum, shown))):
        return ""
    titles = [n.text for n in view.within(node.index) if n.tag == "#text" and view.nodes[n.parent].tag == "TITLE"]
    named = [node.name, *(node.attributes.get(key, "") for key in _NAMING), *titles]
    told = {fold_label(name): name.strip() for name in named if name.strip()}
    return next(iter(told.values())) if len(told) == 1 else " ".join(told.values())


def _shown_in(view: PageView, node: Node) -> str:
    return "".join(n.text for n in view.within(node.index) if n.tag == "#text" and n.shown).strip()


def _is_taken_back(view: PageView, text: Node) -> bool:
    return text.struck or any(a.tag in _NOT_SAID for a in view.ancestors(text.index))


def state_in(wanted: Wanted, line: Line) -> str | None:
    """
    The state that a line tells, in its own words; empty where it says nothing of it, None where it may be another's.

    It is the line itself, stands behind the label or what any state is called, or is one piece of a line whose others
    are nothing but the label and what hangs on it.
    """
    text = without_day(line.text)
    on = wanted.state(text)
    if on is not None and (_NOT_TICKED if on else _TICKED).search(line.sign) is not None:
        return None
    if told := _told(wanted, line, text):
        return told
    if beside := _beside_sentences(wanted, line):
        return beside
    if _is_known(wanted, text) or not (names_another(wanted, line) or qualifies(wanted, text)):
        return ""
    states = [piece for piece in line.pieces if _is_state(wanted, piece)]
    others = (piece for piece in line.pieces if piece not in states)
    apart = len(states) <= 1 and all(_is_mark(wanted, piece) for piece in others)
    return "".join(states) if apart else None


def _beside_sentences(wanted: Wanted, line: Line) -> str:
    """The state of a line that begins with the label and the state, each in an element, and goes on in sentences."""
    label, said, *others = (*line.pieces, "", "")
    explained = [piece for piece in others if piece]
    if wanted.heads(label) is None or not _is_state(wanted, said) or not explained:
        return ""
    told = all(len(p.split()) > _MOST_WORDS_OF_A_NAME and p.endswith(SENTENCE_ENDS) for p in explained)
    return said if told and not any(qualifies(wanted, p) or has_caveat(wanted, p) for p in explained) else ""


def names_another(wanted: Wanted, line: Line) -> bool:
    """
    Whether a line may be the name of another setting, or begins with one.

    A name at its beginning stands in an element of its own, and what follows begins anew.
    """
    if is_a_name(line.text):
        return True
    first, *others = line.nodes
    apart = bool(others) and first.parent not in {line.block, others[0].parent} and line.pieces[1][:1].isupper()
    return apart and is_a_name(line.pieces[0]) and wanted.heads(line.pieces[0]) is None


def shows_state(wanted: Wanted, line: Line) -> bool:
    """Whether a line, or a part of it, is a word for a state, whatever it is that has it: "Location: On"."""
    return any(wanted.tells(part) for part in (line.text, *line.pieces, line.text.rpartition(":")[2]))


def without_day(text: str) -> str:
    """A text without what says, in brackets behind it, when it was last changed."""
    before, opened, behind = text.strip().removesuffix(")").rpartition("(")
    return before.strip() if opened and text.strip().endswith(")") and _says_when(behind) else text.strip()


def is_day(text: str) -> bool:
    """Whether a text is a day, or a dash in its place."""
    return _DAY.fullmatch(fold_label(text)) is not None


def heads_changes(text: str) -> bool:
    """Whether a text says, above a column of a table, that the days of the last changes stand there."""
    return _CHANGED.fullmatch(fold_label(text)) is not None


def _says_when(text: str) -> bool:
    """Whether a text says when something was last changed."""
    changed = _CHANGED.match(fold_label(text))
    return changed is not None and is_day(fold_label(text)[changed.end() :].strip(" :"))


def _told(wanted: Wanted, line: Line, text: str) -> str:
    said = _DOT.sub("", _NAME_OF_STATE.sub("", f"{text} ").strip())
    if _is_state(wanted, said):
        return said
    ending = wanted.ending(text) if wanted.heads(text) is not None else ""
    if _is_state(wanted, ending) and _is_set_apart(wanted, line, text):
        return ending
    return _opening(wanted, said)


def _is_set_apart(wanted: Wanted, line: Line, text: str) -> bool:
    """Whether a mark, an element or "is" stands between a label and the state: "Keep activity on" asks for it."""
    alone = any(wanted.heads(piece) is not None and not wanted.ending(piece) for piece in line.pieces)
    return alone or not wanted.joins(text)


def _opening(wanted: Wanted, text: str) -> str:
    """The state as a sentence before others that explain it, and neither take it back nor tell another."""
    first, *others = sentences(text) or [""]
    if not others or not _is_state(wanted, first) or not others[-1].endswith(SENTENCE_ENDS):
        return ""
    begun = any(_is_state(wanted, re.split(r"\W", one, maxsplit=1)[0]) for one in others)
    return "" if begun or any(has_caveat(wanted, one) for one in others) else first.rstrip(".")


def _is_state(wanted: Wanted, text: str) -> bool:
    """Whether a text is a word for a state, be it with the day since when; what a button would do is none."""
    if wanted.state(text) is not None:
        return True
    since = wanted.since(text)
    return wanted.value(text) is not None and (not since or is_day(since))


def _is_mark(wanted: Wanted, text: str) -> bool:
    """Whether a text in a state's line is the label, what stands before any state, or a mark that hangs on one."""
    named = wanted.heads(text) is not None or wanted.heads_state(text) or is_badge(text)
    offers = wanted.changes(text) and changed_by(text) == ""
    return named or offers or _is_sign(text) or not _NAME_OF_STATE.sub("", f"{text} ").strip()


def _is_known(wanted: Wanted, text: str) -> bool:
    """Whether a line names the setting, its section or its state, or says when it was changed."""
    folded = fold_label(text)
    if folded in wanted.sections or folded in wanted.descriptions or wanted.names(text) is not None:
        return True
    return wanted.heads_state(text) or _says_when(text) or _is_sign(text)


def _is_sign(text: str) -> bool:
    """Whether a text is made of signs that choose nothing: arrows, bullets, strokes."""
    return not any(letter.isalnum() for letter in text) and _CHOICE.search(text) is None
