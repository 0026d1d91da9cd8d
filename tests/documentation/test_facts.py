"""What flows refer to is there: sections of the facts, keys of sources, and the signals that docs/flows.md lists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from automation.core.signals import FlowKind, vocabulary
from tests.documents import ROOT

FLOWS = ROOT / "flows"
PAGES = {"services": "services.md", "facts": "sources.md", "sources": "sources.md"}
KEYS = tomllib.loads((FLOWS / "sources.toml").read_text(encoding="utf-8"))


def _values(table: Any, name: str) -> Iterator[Any]:
    """Every value under this key, however deep."""
    for key, value in table.items() if isinstance(table, dict) else enumerate(table):
        if key == name:
            yield value
        elif isinstance(value, dict | list):
            yield from _values(value, name)


def test_every_section_that_a_note_names_is_there() -> None:
    """`facts 3.2: …` in a flow's file leads to a heading of that number."""
    for path in FLOWS.rglob("*.toml"):
        for page, section in re.findall(
            r"\b(services|facts|sources) (\d+(?:\.\d+)?)", path.read_text(encoding="utf-8")
        ):
            text = (ROOT / "docs" / PAGES[page]).read_text(encoding="utf-8")
            assert re.search(rf"^##+ {re.escape(section)}[. ]", text, re.MULTILINE), (path, page, section)


def test_every_key_of_a_control_is_explained() -> None:
    """The sources of shipped controls, and of places without one, are keys of `flows/sources.toml`, or the page itself."""
    found = 0
    for path in (*FLOWS.glob("*/*/flow.toml"), FLOWS / "no_control.toml"):
        for keys in _values(tomllib.loads(path.read_text(encoding="utf-8")), "sources"):
            assert {key for key in keys if key != "docs/services.md"} <= set(KEYS["services"]), path
            found += 1
    assert found > 30


def test_every_signal_is_listed() -> None:
    """The page names each signal that such a flow can read, once, and no other."""
    text = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
    signals = text.partition("\n## The signals\n")[2].partition("\n## ")[0].partition("Of declared settings:")[2]
    controls, _, objections = signals.partition("\nOf forms with an inbox:")
    for section, kind in ((controls, FlowKind.CONTROL), (objections, FlowKind.OBJECTION)):
        assert sorted(re.findall(r"`([a-z_.]+)`", section)) == sorted(map(str, vocabulary(kind)))
