"""The signals that docs/flows.md lists are the vocabulary of the code."""

from __future__ import annotations

import re

from automation.core.signals import FlowKind, vocabulary
from tests.documents import ROOT


def test_every_signal_is_listed() -> None:
    """The page names each signal that such a flow can read, once, and no other."""
    text = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
    signals = text.partition("\n## The signals\n")[2].partition("\n## ")[0].partition("Of declared settings:")[2]
    controls, _, objections = signals.partition("\nOf forms with an inbox:")
    for section, kind in ((controls, FlowKind.CONTROL), (objections, FlowKind.OBJECTION)):
        assert sorted(re.findall(r"`([a-z_.]+)`", section)) == sorted(map(str, vocabulary(kind)))
