"""The states that a flow declares, and the signals that they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from automation.core.signals import FlowKind, SignalName, vocabulary
from automation.core.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class State:
    """One state that a flow can recognise, as its manifest declares it."""

    verdict: Verdict
    needs: tuple[SignalName, ...]
    """Signals that must all be there."""
    forbids: tuple[SignalName, ...]
    """Signals of which none may be there."""
    because: str
    """Name of the sentence that explains it to a person; translated where it is shown."""


def needed(names: Iterable[str], kind: FlowKind) -> tuple[SignalName, ...]:
    """
    The signals of these names.

    Raises:
        ValueError: a flow of this kind reads no signal of that name.
    """
    known = {str(name): name for name in vocabulary(kind)}
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            raise ValueError(f"a flow with [{kind}] reads no signal '{name}'")
    return tuple(known[name] for name in wanted)


def forbidden(patterns: Iterable[str], needs: Iterable[SignalName], kind: FlowKind) -> tuple[SignalName, ...]:
    """
    The signals that these names and patterns stand for, without those that the same state needs.

    Args:
        patterns: names, in which `*` stands for any letters.
        needs: what the state needs.
        kind: of the flow.

    Raises:
        ValueError: a flow of this kind reads no such signal, or the state forbids by its name what it needs.
    """
    wanted = frozenset(needs)
    found: list[SignalName] = []
    for pattern in patterns:
        expression = ".*".join(map(re.escape, pattern.split("*")))
        matching = [name for name in vocabulary(kind) if re.fullmatch(expression, name)]
        if not matching:
            raise ValueError(f"a flow with [{kind}] reads no signal '{pattern}'")
        left = [name for name in matching if name not in wanted]
        if not left:
            raise ValueError(f"'{pattern}' is what the same state needs")
        found += left
    return tuple(dict.fromkeys(found))
