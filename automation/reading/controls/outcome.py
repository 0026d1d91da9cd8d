"""
What one page shows of a control, what keeps that from being believed, and what a person can be asked about it.

A look is bound to a control's label, role and headings, and to the words beside it that raised a doubt: with one more
doubt, or under another heading, it holds no longer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from automation.core.looks import Look, Says, Shown, ShownKind
from automation.core.observations import Observation
from automation.core.signals import SignalKind, SignalName, Wording
from automation.flow.control_table import ControlTable, Meaning
from automation.page import Node, PageView
from automation.reading.controls.doubts import (
    doubted,
    offer_doubt,
    others_doubt,
    page_doubt,
    place_doubt,
    row_doubt,
    said_around,
)
from automation.reading.controls.finding import candidates_of, with_states
from automation.reading.controls.rows import is_disabled, label_of, operable_by, row_of, shown_texts, ticked
from automation.reading.controls.sections import dialog_of, holders, level_of, place_of
from automation.reading.controls.worded import Entry, lines_beside
from automation.reading.controls.words import PLAIN_STATES, Wanted
from automation.text.labels import Phrase
from automation.text.normalizing import fold, fold_label, fold_words, sentences
from automation.text.page_words import PageWords

_TRAINS = re.compile(
    r"(?=.*\b(?:train(?:s|ed|ing)?|entraîn\w+|trainier\w+|schul(?:en|ung)|entren\w+|addestr\w+|treinar)\b)"
    r".*\b(?:ai|ia|ki|models?|modèles?|modell\w*|modelos?|machine[ -]learning)\b"
)
"""A sentence on what such a setting is for."""
_A_WHOLE_PHRASE, _OF_A_VALUE = 5, 2
"""Words by which a label or a value is no other setting's."""
_MOST = 40
"""Controls of one page that a person is asked about."""
STATE_SIGNALS: dict[Meaning, SignalName] = {
    "trains": SignalName.CONTROL_TRAINS,
    "protects": SignalName.CONTROL_PROTECTS,
}
_FIRM = frozenset(
    {
        SignalName.CONTROL_UNREAD, SignalName.CONTROL_CHANGED, SignalName.CONTROL_DATA_REFUSED,
        SignalName.CONTROL_DATA_MISSING, SignalName.CONTROL_CONTRADICTED, SignalName.CONTROL_COVERED,
    }
)  # fmt: skip
"""Faults that no look settles: what the page shows may be false, or something there says otherwise."""
_POSITIONS = frozenset({"on", "off"})


@dataclass(frozen=True, slots=True)
class ControlReading:
    """What one page shows of the control."""

    found: int = 0
    """How many controls are called so; only one counts."""
    meaning: Meaning | None = None
    """None where the state is not stated, or its statements disagree."""
    value: str = ""
    """The state as seen: `on`, `off`, or the words of a value."""
    at: int = -1
    """Index of the control, or of what tells its state in words; -1 where there is not exactly one."""
    label: Phrase | None = None
    section: Phrase | None = None
    """The known heading or landmark that holds it; None where none does."""
    described: Phrase | None = None
    """Where no known section holds it: known words, its own or beside it, that no other setting has."""
    headings: tuple[str, ...] = ()
    """What holds it, nearest first."""
    disabled: bool = False
    covered: bool = False
    contradicted: bool = False
    """Another control for the same thing is there, whose states mean something else."""
    unread: bool = False
    """The page was an error, or did not come to rest."""
    doubt: str = ""
    """The words that a row of the table of doubts speaks of, or that tell another state; empty without any."""
    unsettled: bool = False
    """Whether these say that what is shown may not be what is stored: no look can settle that."""
    data_missing: bool = False
    """The page did not get all of its data: what it shows may be what stands there when nothing is known."""
    missed: tuple[str, ...] = ()
    """What it asked for and did not get."""
    refused: bool = False
    """Whether any of that was refused by the guard."""
    trouble: str = ""
    """Why the page could not be read, in short."""
    missing: tuple[str, ...] = ()
    """Label keys that the page's language lacks, as `locale:key`."""
    worded: bool = False
    """Whether words tell the state, and no control does."""
    anchor: Node | None = field(default=None, repr=False)
    """What a person sees of it."""

    @property
    def faults(self) -> tuple[SignalName, ...]:
        """What keeps this from being believed; the state is told when there are none."""
        if self.unread and not self.refused:  # a page that waits for what the guard refused never comes to rest
            return (SignalName.CONTROL_UNREAD,)
        if not self.found:
            return (SignalName.CONTROL_ABSENT, *((SignalName.CONTROL_DATA_REFUSED,) if self.refused else ()))
        if self.found > 1:
            return (SignalName.CONTROL_TWICE,)
        told = {
            SignalName.CONTROL_STATELESS: self.meaning is None,
            SignalName.CONTROL_DATA_REFUSED: self.refused,
            SignalName.CONTROL_DATA_MISSING: self.data_missing and not self.refused,
            SignalName.CONTROL_DOUBTED: self.doubt != "",
            SignalName.CONTROL_DISABLED: self.disabled,
            SignalName.CONTROL_COVERED: self.covered,
            SignalName.CONTROL_CONTRADICTED: self.contradicted,
            SignalName.CONTROL_MISPLACED: self.section is None and self.described is None,
        }
        return tuple(name for name, there in told.items() if there)


def doubt_of(
    view: PageView,
    wanted: Wanted,
    node: Node,
    meaning: Meaning | None,
    around: Collection[tuple[int, str]],
    held: tuple[Sequence[str], Collection[str]],
    *,
    choice: bool = False,
) -> str:
    """
    The words that a row of the table speaks of, or that tell another state; empty where nothing doubts the control.

    It is `held` by names, nearest first, and the folded words of its section among them. A choice has several to choose
    from.
    """
    own = (*wanted.labels, *wanted.descriptions, *wanted.sections)
    above = lines_beside(view, wanted, node, below=False, links=False)
    introducing = (line for line in above if not fold(line).startswith(own) and doubted("above", line, wanted))
    return (
        place_doubt(view, wanted, node)
        or row_doubt(view, wanted, node, meaning, around, held[1], choice=choice)
        or others_doubt(*held, view.host, wanted)
        or next(introducing, "")
    )


# -- whose setting it is ---------------------------------------------------------------------------------------


def place_in(
    view: PageView,
    wanted: Wanted,
    node: Node,
    own: str,
    sections: Collection[str],
    meaning: Meaning | None,
    entries: Collection[Entry],
) -> str | None:
    """
    The known section in which a control of the folded name `own` stands, or that the button beside its state leads to.

    A dialog has a title of its own: there, what the page behind it says of the same setting in words counts, too, where
    it tells the same state; and so does the button called as the setting that says that it opens a dialog.
    """
    present = [entry for entry in entries if entry.present]
    led_to = (fold_label(control.name) for entry in present for control in entry.controls)
    place = place_of(view, node.index, sections, own) or next((name for name in led_to if name in sections), None)
    dialog = dialog_of(view, node.index)
    if place is not None or dialog is None or meaning is None:
        return place
    told = [entry.holder.index for entry in present if wanted.meaning(entry.state) == meaning]
    for button in view.everything():
        if button.attributes.get("aria-haspopup") == "dialog":  # behind a dialog browsers give it no name
            called = {fold_label(button.name), fold_label(view.text(button.index))}
            told += [button.index] if called.intersection(wanted.labels) else []
    behind = (place_of(view, at, sections, own) for at in told if not view.is_inside(at, dialog))
    return next((one for one in behind if one is not None), None)


def identified_by(
    view: PageView,
    wanted: Wanted,
    words: PageWords,
    node: Node,
    label: Phrase,
    value: str,
    around: Collection[tuple[int, str]],
) -> Phrase | None:
    """
    Where no known section holds a control: words that tell it from any other. None where nothing does.

    What describes it, its value, or its label, where that is a whole phrase or what stands beside it says that models
    are trained: the page's address is sourced, too. "On" is any control's, and a value of a word likely another's. In
    a section of another name all of these may be another setting's.
    """
    first = next((n.name for n in view.headings() if level_of(n) == 1), "")
    known = {*wanted.labels, fold_label(first)}
    if any(fold_label(name) not in known for name in holders(view, node.index)):
        return None
    texts = [fold_label(text) for _, text in around]
    described = next((p for text in texts for known, p in wanted.descriptions.items() if text.startswith(known)), None)
    valued = words.phrases(wanted.value(value) or "") if len(value.split()) >= _OF_A_VALUE else ()
    named = next((phrase for phrase in valued if fold_label(phrase.text) in wanted.values), None)
    own = _words_in(label.text) >= _A_WHOLE_PHRASE or _says_what_for(wanted, around)
    return described or named or (label if own else None)


def _says_what_for(wanted: Wanted, around: Collection[tuple[int, str]]) -> bool:
    """Whether a sentence beside a control, and not its name, says that models are trained."""
    told = (sentence for _, text in around if wanted.heads(text) is None for sentence in sentences(text))
    return any(_TRAINS.search(fold(sentence)) for sentence in told)


def _words_in(text: str) -> int:
    """How many words a text has; where its script sets none apart, as Chinese does, each has a sign or two."""
    return len(text.split()) if text.isascii() or " " in text else len(text) * 2 // 3


# -- what a person is asked and says --------------------------------------------------------------------------


def shown_controls(
    view: PageView, reading: ControlReading, wanted: frozenset[str], surface: str, masked: Callable[[str], str]
) -> list[Shown]:
    """
    The controls of a page whose setting was not read, for a person to say which it is and how it stands.

    None where the page itself may be false: unread, without all of its data, or telling that it could not load or save.
    The control that was found comes first, then names that share words with the `wanted` ones of the setting.
    """
    if not reading.faults or reading.unread or reading.refused or reading.data_missing or page_doubt(view):
        return []
    likely = {word for name in wanted for word in fold_words(name).split()}

    def rank(one: tuple[Node, str]) -> tuple[bool, int]:
        node, label = one
        suspected = any(view.is_inside(*pair) for pair in ((node.index, reading.at), (reading.at, node.index)))
        return not (suspected and reading.found == 1), -len(likely.intersection(fold_words(label).split()))

    labelled = ((node, _label_of(view, node)) for node in _settings_on(view))
    nodes = sorted(((node, label) for node, label in labelled if label), key=rank)
    shown = (_shown(view, node, label, surface, masked) for node, label in nodes[:_MOST])
    if not (reading.worded and reading.anchor):
        return list(shown)
    doubt = [reading.doubt] if reading.doubt else []  # of a state that words tell and no control does
    lines = (reading.label.text if reading.label else "", "text", *reading.headings, *doubt)
    told = Shown(ShownKind.CONTROL, surface, view.locale, tuple(map(masked, lines)), state=masked(reading.value))
    return [told, *shown][:_MOST]


def _settings_on(view: PageView) -> Iterator[Node]:
    """Switches, lists, and of every choice the element that holds all its radios; none that is covered or an offer."""
    seen: set[int] = set()
    for node in with_states(view):
        holder = node
        if node.role == "radio":
            groups = (a for a in view.ancestors(node.index) if len(_radios_in(view, a)) > 1)
            holder = next(groups, node)
        drawn = operable_by(view, node) or node
        if holder.index not in seen and not view.covered(drawn.index) and not offer_doubt(view, node):
            seen.add(holder.index)
            yield holder


def _radios_in(view: PageView, node: Node) -> list[Node]:
    return [n for n in view.within(node.index) if n.role == "radio"]


def _label_of(view: PageView, node: Node) -> str:
    """What a control is called, or the first text of its row."""
    label = label_of(view, node)
    row = row_of(view, node, candidates_of(view, "switch"))
    texts = [shown_texts(view, one) for one in (label.index if label else None, row) if one is not None]
    return next(filter(None, (node.name.strip(), *(found[0].text.strip() for found in texts if found))), "")


def _state_of(view: PageView, node: Node) -> str:
    radios = _radios_in(view, node)
    options = [n for n in view.within(node.index) if n.role == "option" or n.tag == "OPTION"]
    if radios or options:
        chosen = [n for n in radios if ticked(n)] + [n for n in options if n.selected]
        return chosen[0].name.strip() if len(chosen) == 1 else ""
    return {True: "on", False: "off", None: ""}[ticked(node)]


def _shown(view: PageView, node: Node, label: str, surface: str, masked: Callable[[str], str]) -> Shown:
    state, headings = _state_of(view, node), tuple(dict.fromkeys(holders(view, node.index)))
    phrase = Phrase(label, view.locale, Wording.NONE, "", "names")
    wanted = Wanted({fold_label(label): phrase}, {}, {}, {}, PLAIN_STATES, on="trains")
    meaning = wanted.switched(on=state == "on") if state in _POSITIONS else None
    others = [n for n in with_states(view) if n is not node]
    doubt = doubt_of(view, wanted, node, meaning, said_around(view, node, others), (headings, ()))
    role = (node.role or node.tag.lower()) + (", disabled" if is_disabled(node) else "")
    lines = (label, role, *headings, *([doubt] if doubt else []))
    return Shown(ShownKind.CONTROL, surface, view.locale, tuple(map(masked, lines)), state=masked(state))


def with_control_looks(observation: Observation, looks: Sequence[Look], table: ControlTable) -> Observation:
    """
    What was observed, with the state that a person's look gives in place of the control's faults.

    As it was where the setting was read, where no look is bound to exactly one control of it, where looks disagree, and
    where a fault says that the page may be false. Of a setting that there is once for each blog or team, a look at one
    says nothing of the others.
    """
    names = observation.names()
    if table.objects is not None or names & {*STATE_SIGNALS.values(), *_FIRM}:
        return observation
    told = {}
    for look in looks:
        bound = [one for one in observation.shown if one.kind is ShownKind.CONTROL and (one.lines,) == look.lines]
        meaning = _meaning(look, bound[0].state, table) if len(bound) == 1 else None
        if meaning is not None and look.kind is ShownKind.CONTROL and look.subject in {"", observation.subject}:
            told[meaning, bound[0]] = look
    if len(told) != 1:
        return observation
    (((meaning, shown), look),) = told.items()
    label, _, *headings = shown.lines
    seen = (
        STATE_SIGNALS[meaning].seen(shown.surface, quote=f"{label}: {shown.state}", source=look.source),
        SignalName.CONTROL_SECTION.seen(shown.surface, quote=", ".join(headings) or label, source=look.source),
    )
    marked = (replace(s, wording=Wording.CONFIRMED, locale=shown.locale, picture=shown.picture) for s in seen)
    kept = (signal for signal in observation.signals if signal.kind is not SignalKind.CONTROL)
    return replace(observation, signals=(*marked, *kept))


def _meaning(look: Look, state: str, table: ControlTable) -> Meaning | None:
    """
    What a state means after a look: what was said of the state that was looked at, and of "on" and "off" the opposite.

    None for any other state, where none is shown, and where the person saw another position than the page states.
    """
    said = {Says.ACCEPTED: "protects", Says.NOTHING: "trains"}.get(look.says)
    if look.says in {Says.ON, Says.OFF} and table.on is not None and look.state == look.says:
        said = table.meaning(on=look.says is Says.ON)
    if said is None or not state:
        return None
    if state == look.state:
        return "trains" if said == "trains" else "protects"
    if {state, look.state} == _POSITIONS:
        return "protects" if said == "trains" else "trains"
    return None
