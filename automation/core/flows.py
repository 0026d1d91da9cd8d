"""What a flow declares: its states with the signals they speak of, and what it tells the people who read results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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
    """The signals of these names. Raises ValueError: a flow of this kind reads no signal of that name."""
    known = {str(name): name for name in vocabulary(kind)}
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            raise ValueError(f"a flow with [{kind}] reads no signal '{name}'")
    return tuple(known[name] for name in wanted)


def forbidden(patterns: Iterable[str], needs: Iterable[SignalName], kind: FlowKind) -> tuple[SignalName, ...]:
    """
    The signals that these names and patterns (`*`: any letters) stand for, without those that the same state needs.

    Raises ValueError: a flow of this kind reads no such signal, or the state forbids by its name what it needs.
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


Text = Mapping[str, str]
"""Language (`en`, `fr`) → words."""


@dataclass(frozen=True, slots=True)
class FlowGuide:
    """The part of a manifest that a report needs; plain data, both languages."""

    id: str
    title: Text
    service: str
    """Name of the service as a person writes it, such as `Acme`."""
    form_urls: tuple[str, ...]
    """Direct addresses of the form or setting."""
    states: Mapping[str, Text] = field(default_factory=dict)
    """Name of a sentence (`because_key`) → what it says."""
    remedies: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Verdict or reason or sentence name → language → numbered steps."""
    reason_text: Text = field(default_factory=dict)
    """Locale → a reason ready to copy into the form."""
    not_covered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Language → what an objection does not cover."""
    surfaces: Mapping[str, Text] = field(default_factory=dict)
    """Name of a surface or step → what a person calls that page."""
    shapes: Mapping[str, Text] = field(default_factory=dict)
    """Name of a form's shape → what it is."""
    exposure: Mapping[str, Text] = field(default_factory=dict)
    """Name of what decides how far the account is concerned → its words."""
    words: Mapping[str, Text] = field(default_factory=dict)
    """Step name → locale → the service's own words for it, where they are known."""
    is_control: bool = False
    """Whether the setting is one control, which is turned, and not a form, which is filed."""
    number: str = ""
    """Of the setting, with its version: `TEMOIN.ACME.1.1`; empty for a flow of a user's own."""
