"""Declared settings in every state and way to mislead, in words alone, and in an overview."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

import flows as shipped
from automation.authoring.replica import Actor, load_site
from automation.core.verdicts import Reason, Verdict
from automation.flow import ControlTable, Flow
from automation.reading.controls.outcome import ControlReading
from automation.reading.controls.reading import read_page
from automation.text.normalizing import fold_label
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.stored.visits import declared, label, play, unconfirmed

ACTORS = declared()


UNCONFIRMED = unconfirmed()


def of_way(way: str) -> list[Actor]:
    """Of each declared setting the actor that shows one way to mislead."""
    found = [actor for actor in ACTORS if actor.scenario.endswith(way)]
    assert len(found) == len({actor.flow for actor in ACTORS})
    return found


@pytest.mark.parametrize("actor", ACTORS, ids=label)
async def test_the_page_is_read_right_or_honestly_not(flows: dict[str, Flow], actor: Actor) -> None:
    """What the stand-in shows is what is said; what it does not prove is not said, with the reason why."""
    answer = await play(actor, flows[actor.flow])
    assert actor.expected.allows(answer.verdict, answer.reason), answer


@pytest.mark.parametrize("actor", of_way("renamed"), ids=label)
async def test_a_control_of_another_name_says_which_names_were_looked_for(flows: dict[str, Flow], actor: Actor) -> None:
    """A renamed control is told by the key of the names that the page did not show, never by a verdict."""
    answer = await play(actor, flows[actor.flow])
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.how("control.absent").endswith(": control.label")


@pytest.mark.parametrize("actor", of_way("strange"), ids=label)
async def test_a_language_without_words_names_the_missing_ones(flows: dict[str, Flow], actor: Actor) -> None:
    """On a page in a language that no source covers, the answer names the keys that lack words there."""
    answer = await play(actor, flows[actor.flow])
    assert {"nl:control.label", "nl:control.section"} <= set(answer.missing)


@pytest.mark.parametrize("actor", UNCONFIRMED, ids=lambda actor: label(actor, None))
async def test_a_session_that_nobody_confirmed_proves_nothing_unless_the_page_names_the_account(
    flows: dict[str, Flow], actor: Actor
) -> None:
    """Where no source says how a service names who is signed in, an unconfirmed session is `identity_unconfirmed`."""
    answer = await play(actor, flows[actor.flow], None)
    if load_site(actor.service).options["pages"][actor.flow].link:
        assert actor.expected.allows(answer.verdict, answer.reason), answer
        assert answer.how("identity.same")
    else:
        assert (answer.verdict, answer.reason) == (Verdict.NEEDS_HUMAN, Reason.IDENTITY_UNCONFIRMED), answer
        assert answer.observation
        seen = {signal.name for signal in answer.observation.signals}
        assert any(name.startswith("control.") for name in seen), "what was read must still be reported"


def test_every_declared_service_has_a_stand_in_in_both_states() -> None:
    """Each declared flow is played with content kept out and with content used, at least in one language."""
    played = {(actor.flow, actor.world["state"]) for actor in ACTORS if "state" in actor.world}
    assert played == {
        (name, state)
        for service in shipped.DECLARED
        for name in load_site(service).options["pages"]
        for state in ("good", "bad")
    }


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


TITLE, LABEL = "Data for Generative AI Improvement", "Use my data for training content creation AI models"


ABOVE = el("h2", "How LinkedIn uses your data")


def line(name: str, value: str) -> Part:
    """A row that leads to a page of its own."""
    return el("a", el("div", name), el("div", value), href="/mypreferences/d/settings/x")


def switch(state: str, name: str = "") -> Part:
    """A drawn switch."""
    return el("button", role="switch", aria_checked=state, name=name)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ((ABOVE, line("Salary insights", "On"), line(TITLE, "Off"), line("Job seeking", "On")), "protects"),
        ((ABOVE, line("Salary insights", "Off"), line(TITLE, "On ❯")), "trains"),
        ((ABOVE, line("Salary insights", "Off"), line(TITLE, "")), "nothing"),
        ((ABOVE, el("div", TITLE), el("div", el("span", "Salary insights"), switch("false"))), "nothing"),
        ((el("h2", "Recommended settings"), line(TITLE, "Off")), "nothing"),
        ((el("h1", TITLE), el("div", el("p", LABEL), switch("true", LABEL))), "trains"),
        ((el("h1", TITLE), el("div", el("p", "Salary insights"), switch("false"))), "nothing"),
        ((line(TITLE, "Off"), el("h1", TITLE), el("div", el("p", LABEL), switch("true", LABEL))), "nothing"),
    ],
)
def test_linkedins_overview_shows_the_state(flows: dict[str, Flow], inside: tuple[Part, ...], said: str) -> None:
    """Beside the name of the setting's page; a switch of another name there is none of its own."""
    flow = flows["linkedin.ai_training"]
    assert isinstance(flow.rule, ControlTable)
    reading = read_page(page(el("main", *inside)), flow.rule, PageWords.of(flow.labels, "en"))
    assert ("nothing" if reading.faults else reading.meaning) == said
