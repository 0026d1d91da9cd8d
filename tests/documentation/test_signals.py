"""The tables of signals in docs/flows.md are the vocabulary of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from automation.core.signals import FlowKind, vocabulary
from tests.documents import ROOT


def _rows(section: str) -> Iterator[tuple[str, str]]:
    """Each signal of a section's table, written out in full, and the kinds that its row gives."""
    for names, kinds in re.findall(r"^\| (`[^|]+) \| ([a-z ]+) \|", section, re.MULTILINE):
        group = ""
        for name in re.findall(r"`([a-z_.]+)`", names):
            group = group if name.startswith(".") else name.partition(".")[0]
            yield (group + name if name.startswith(".") else name), kinds


def test_every_signal_has_its_row_and_kind() -> None:
    """Both tables name each signal that such a flow can read, once, with its kinds, and no other."""
    text = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
    signals = text.partition("\n## The signals\n")[2].partition("\n## ")[0]
    controls, _, objections = signals.partition("\nOf forms with an inbox:\n")
    for section, kind in ((controls, FlowKind.CONTROL), (objections, FlowKind.OBJECTION)):
        rows = list(_rows(section))
        assert len(rows) == len(dict(rows))
        assert dict(rows) == {str(name): " or ".join(name.kinds) for name in vocabulary(kind)}
