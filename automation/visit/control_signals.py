"""What two readings of a control prove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.signals import Signal, SignalName, Way
from automation.core.wording import Wording
from automation.text.normalizing import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.flow.control_table import ControlTable, Meaning
    from automation.reading.controls.outcome import ControlReading

_ON_REQUESTS = {SignalName.CONTROL_DATA_REFUSED, SignalName.CONTROL_DATA_MISSING}
_STATES: Mapping[Meaning, SignalName] = {
    "trains": SignalName.CONTROL_TRAINS,
    "protects": SignalName.CONTROL_PROTECTS,
}
_WAYS = {
    "switch": Way.STATE,
    "checkbox": Way.STATE,
    "radio": Way.STATE,
    "select": Way.CHOSEN_VALUE,
    "menu_button": Way.SHOWN_TEXT,
    "state_button": Way.NAME_AND_TEXT,
}


def signals_of(
    first: ControlReading,
    second: ControlReading,
    table: ControlTable,
    surface: str,
    *,
    picture: str | None = None,
    locale: str = "",
) -> list[Signal]:
    """What two readings of one place prove: the state and its section where both agree, else what is wrong."""

    def signal(name: SignalName, shown: str, source: str = "", way: Way | None = None) -> Signal:
        return name.seen(surface, way, quote=quote(shown), locale=locale, source=source, picture=picture)

    faults, second_word = _faults(first, second, table), first.section or first.described
    if faults or first.label is None or second_word is None or first.meaning is None:
        label = first.label.text if first.label else table.label  # the key says which names were looked for
        seen = f"{label}: {first.value}" if first.value else label
        requests = ", ".join(dict.fromkeys((*first.missed, *second.missed)))
        trouble = first.trouble or second.trouble
        told = {SignalName.CONTROL_UNREAD: trouble, **dict.fromkeys(_ON_REQUESTS, requests)}
        if first.headings:
            told[SignalName.CONTROL_MISPLACED] = f"{seen}; under: {', '.join(first.headings)}"
        return [signal(name, told.get(name) or seen) for name in faults]
    shown = f"{first.label.text}: {first.value}"
    return [
        signal(_STATES[first.meaning], shown, first.label.source, Way.WORDED if first.worded else _WAYS[table.kind]),
        signal(
            SignalName.CONTROL_SECTION,
            second_word.text,
            second_word.source,
            Way.DESCRIBED if first.section is None else None,
        ),
    ]


def _faults(first: ControlReading, second: ControlReading, table: ControlTable) -> list[SignalName]:
    """What keeps a state from being believed, of both readings, and of how well its words are known."""
    faults = dict.fromkeys((*first.faults, *second.faults))
    if _said(first) != _said(second):
        faults[SignalName.CONTROL_CHANGED] = None
    known = (first.label, first.section or first.described)
    weak = any(phrase is not None and phrase.wording is Wording.ASSUMED for phrase in known)
    if first.found == 1 and (weak or not table.confidence.proves):
        faults[SignalName.CONTROL_UNPROVEN] = None
    return list(faults)


def _said(reading: ControlReading) -> tuple[object, ...]:
    """What two readings must agree in."""
    return reading.found, reading.meaning, reading.value, reading.worded
