"""
What a person can be asked about a setting that was not read, and what their look at it says from then on.

A look is bound to a control's label, role and headings, and to the words beside it that raised a doubt: with one more
doubt, or under another heading, it holds no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.core.looks import Look, Says, Shown, ShownKind
from automation.core.observations import Observation
from automation.core.signals import SignalKind, SignalName
from automation.core.wording import Wording
from automation.reading.controls.doubts import offer_doubt, page_doubt, said_around
from automation.reading.controls.finding import candidates_of
from automation.reading.controls.outcome import ControlReading, doubt_of
from automation.reading.controls.rows import label_of, operable_by, row_of, shown_texts, ticked
from automation.reading.controls.sections import holders
from automation.reading.controls.words import PLAIN_STATES, Wanted
from automation.text.labels import Phrase
from automation.text.normalizing import fold_label, fold_words

if TYPE_CHECKING:
    from automation.flow.control_table import ControlTable, Meaning
    from automation.page import Node, PageView

_MOST = 40
"""Controls of one page that a person is asked about."""
_STATES: dict[Meaning, SignalName] = {"trains": SignalName.CONTROL_TRAINS, "protects": SignalName.CONTROL_PROTECTS}
_FIRM = frozenset(
    {
        SignalName.CONTROL_UNREAD, SignalName.CONTROL_CHANGED, SignalName.CONTROL_DATA_REFUSED,
        SignalName.CONTROL_DATA_MISSING, SignalName.CONTROL_CONTRADICTED, SignalName.CONTROL_COVERED,
    }
)  # fmt: skip
"""Faults that no look settles: what the page shows may be false, or something there says otherwise."""
_POSITIONS = frozenset({"on", "off"})


def shown_controls(
    view: PageView, reading: ControlReading, wanted: frozenset[str], surface: str, masked: Callable[[str], str]
) -> list[Shown]:
    """
    The controls of a page whose setting was not read, for a person to say which it is and how it stands.

    None where the page itself may be false: unread, without all of its data, or telling that it could not load or save.

    Args:
        view: the page.
        reading: what was read of it; the control that it found comes first, then names that share words with it.
        wanted: folded names of the setting.
        surface: the page's.
        masked: a text without the person's particulars.
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
    worded = [_worded(reading, surface, view.locale, masked)] if reading.worded and reading.anchor else []
    return [*worded, *shown][:_MOST]


def _settings_on(view: PageView) -> Iterator[Node]:
    """Switches, lists, and of every choice the element that holds all its radios; none that is covered or an offer."""
    seen: set[int] = set()
    for node in (*candidates_of(view, "switch"), *candidates_of(view, "select"), *candidates_of(view, "radio")):
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
    doubt = doubt_of(view, wanted, node, meaning, said_around(view, node, _others(view, node)), (headings, ()))
    disabled = node.properties.get("disabled") is True or node.attributes.get("aria-disabled") == "true"
    role = f"{node.role or node.tag.lower()}, disabled" if disabled else node.role or node.tag.lower()
    lines = (label, role, *headings, *([doubt] if doubt else []))
    return Shown(ShownKind.CONTROL, surface, view.locale, tuple(map(masked, lines)), state=masked(state))


def _others(view: PageView, node: Node) -> list[Node]:
    return [n for kind in ("switch", "select", "radio") for n in candidates_of(view, kind) if n is not node]


def _worded(reading: ControlReading, surface: str, locale: str, masked: Callable[[str], str]) -> Shown:
    """A state that words tell and no control does."""
    label = reading.label.text if reading.label else ""
    lines = (label, "text", *reading.headings, *([reading.doubt] if reading.doubt else []))
    return Shown(ShownKind.CONTROL, surface, locale, tuple(map(masked, lines)), state=masked(reading.value))


def with_control_looks(observation: Observation, looks: Sequence[Look], table: ControlTable) -> Observation:
    """
    What was observed, with the state that a person's look gives in place of the control's faults.

    As it was where the setting was read, where no look is bound to exactly one control of it, where looks disagree, and
    where a fault says that the page may be false. Of a setting that there is once for each blog or team, a look at one
    says nothing of the others.

    Args:
        observation: of one visit.
        looks: those that may count for this account.
        table: of the flow, for what "on" means.
    """
    names = observation.names()
    if table.objects is not None or names & {*_STATES.values(), *_FIRM}:
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
        _STATES[meaning].seen(shown.surface, quote=f"{label}: {shown.state}", source=look.source),
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
