"""
The shipped settings, told in words on a page without any control: each by its own label, section and words.

Pages are outlines; no source shows these settings so, and what the words mean is each setting's own.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from automation.flow import ControlTable, Flow
from automation.reading.controls.outcome import ControlReading
from automation.reading.controls.reading import read_page
from automation.text.normalizing import fold_label
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

NAME = "atelier"
"""Of the blog or site, where a label speaks of one."""
Drawn = Callable[[str, str], Part]
DRAWN: dict[str, Drawn] = {
    "terms": lambda label, state: el("dl", el("dt", label), el("dd", state)),
    "line": lambda label, state: el("ul", el("li", f"{label}: {state}")),
    "row": lambda label, state: el("div", el("div", label), el("div", state)),
    "table": lambda label, state: el(
        "table",
        el("tr", el("th", "Setting", role="columnheader"), el("th", "Status", role="columnheader"), role="row"),
        el("tr", el("td", label), el("td", state), role="row"),
        role="table",
        name="",
    ),
    "icon": lambda label, state: el("li", el("span", label), el("svg", role="img", name=state)),
}


def _words(flow: Flow, table: ControlTable) -> tuple[str, str, dict[str, str]]:
    """A label, a section of another name, and the words for each meaning."""
    english = PageWords.of(flow.labels, "en")
    labels = [phrase.text.replace("{object}", NAME) for phrase in english.phrases(table.label)]
    sections = [phrase.text for phrase in english.phrases(table.section)]
    label, apart = next(pair for pair in product(labels, sections) if fold_label(pair[0]) != fold_label(pair[1]))
    if table.two_states:
        return label, apart, {table.meaning(on=True): "On", table.meaning(on=False): "Off"}
    values = ((key, meaning) for key, meaning in table.values.items())
    return label, apart, {meaning: english.phrases(key)[0].text for key, meaning in values}


def _settings(flows: dict[str, Flow]) -> list[tuple[Flow, ControlTable]]:
    return [(flow, flow.rule) for flow in flows.values() if isinstance(flow.rule, ControlTable)]


def _read(flow: Flow, table: ControlTable, *inside: Part) -> ControlReading:
    return read_page(page(el("main", *inside)), table, PageWords.of(flow.labels, "en"), NAME)


@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("meaning", ["trains", "protects"])
def test_every_setting_is_read_from_words(flows: dict[str, Flow], drawn: str, meaning: str) -> None:
    """In its section, whatever kind its control has; under a heading that makes it an example, never."""
    for flow, table in _settings(flows):
        label, section, states = _words(flow, table)
        entry = DRAWN[drawn](label, states[meaning])
        said = _read(flow, table, el("h2", section), entry)
        assert (flow.id, said.faults, said.meaning) == (flow.id, (), meaning)
        assert _read(flow, table, el("h2", section), el("h3", "Example"), entry).faults, flow.id
        assert _read(flow, table, el("h2", "Newsletters"), entry).faults, flow.id


def test_a_state_beside_the_name_of_another_setting_is_no_settings(flows: dict[str, Flow]) -> None:
    """The label stands above, and its row has no state of its own."""
    for flow, table in _settings(flows):
        label, section, states = _words(flow, table)
        rows = [
            el("div", el("div", name), el("div", told)) for name, told in ((label, ""), ("News", states["protects"]))
        ]
        assert _read(flow, table, el("h2", section), el("div", *rows)).faults, flow.id
