"""What `[[states]]` in a flow's manifest may say."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from automation.core.errors import FlowError
from automation.core.signals import FlowKind
from automation.core.states import State, forbidden, needed
from automation.core.verdicts import Verdict


class StateTable(BaseModel):
    """One state of the page, and the verdict that it gives."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    verdict: Verdict
    needs: tuple[str, ...] = Field(min_length=1)
    """Signals without which it does not hold."""
    forbids: tuple[str, ...] = ()
    """Signals with which it does not hold; `*` stands for any letters, and never for what the state needs."""
    because: str
    """Name of the sentence that explains it."""


def read_states(tables: Sequence[StateTable], kind: FlowKind, where: str) -> tuple[State, ...]:
    """
    The states of a flow, with every name of a signal looked up and every pattern written out.

    Raises:
        FlowError: naming the file, the state and the key, where a name or pattern fits no signal.
    """
    found: list[State] = []
    for number, table in enumerate(tables):
        key = "needs"
        try:
            needs = needed(table.needs, kind)
            key = "forbids"
            forbids = forbidden(table.forbids, needs, kind)
        except ValueError as error:
            raise FlowError(
                f"{where}: states.{number}.{key} ({table.because}): {error}",
                'The names stand in docs/flows.md, under "The signals".',
            ) from None
        found.append(State(table.verdict, needs, forbids, table.because))
    return tuple(found)
