"""What one page shows of a control, and what keeps that from being believed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from automation.core.signals import SignalName
from automation.flow.control_table import Meaning
from automation.page import Node, PageView
from automation.reading.controls.doubts import (
    doubted,
    others_doubt,
    place_doubt,
    row_doubt,
)
from automation.reading.controls.worded import lines_beside
from automation.reading.controls.words import Wanted
from automation.text.labels import Phrase
from automation.text.normalizing import fold


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

    Args:
        view: the page.
        wanted: the words of the control.
        node: the control, or what tells its state.
        meaning: what that means.
        around: the lines of its row, each with what holds it.
        held: names of what holds it, nearest first, and the folded words of its section among them.
        choice: whether it is one of several to choose from.
    """
    return (
        place_doubt(view, wanted, node)
        or row_doubt(view, wanted, node, meaning, around, held[1], choice=choice)
        or others_doubt(*held, view.host, wanted)
        or _introduction_doubt(view, wanted, node)
    )


def _introduction_doubt(view: PageView, wanted: Wanted, control: Node) -> str:
    """The line above a control that says that it is another person's, another time's, or there to be tried."""
    own = (*wanted.labels, *wanted.descriptions, *wanted.sections)
    above = lines_beside(view, wanted, control, below=False, links=False)
    told = (line for line in above if not fold(line).startswith(own))
    return next((line for line in told if doubted("above", line, wanted)), "")
