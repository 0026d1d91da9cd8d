"""A recording on disk: whole or not at all, a further language beside the first, and nothing private in any file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import flows as shipped
from automation.authoring.audit import audit
from automation.authoring.pointing import Proposal
from automation.authoring.replica import load_site
from automation.authoring.storing import (
    move_in,
    refuse_private,
    refuse_secrets,
    room,
    shown_alone,
    write_flow,
    write_table,
)
from automation.authoring.writing import Draft, RecordedReply, site_toml
from automation.browser.capture import Masks
from automation.core.errors import FlowError, OutputError
from automation.flow.recorded_page import RecordedPage, Recording
from automation.flow.site import Masking
from automation.reading.letters.sentences import Meaning
from automation.text.labels import Labels
from automation.text.redaction import Secrets

NAME = "studio.ai_training"
SWITCH = Proposal("switch", "Train on my posts", "", ("Privacy",), (), "on", "role")
LIST = Proposal("select", "Use of my posts", "", ("Privacy",), ("Allowed", "Not allowed"), "Allowed", "select")


def a_draft(control: Proposal = SWITCH, *, locale: str = "en", **changes: object) -> Draft:
    """What a person recorded."""
    meaning: Mapping[str, object] = {"on": "trains", "off": "protects"}
    if not control.two_states:
        meaning = dict(zip(control.values, ("trains", "protects"), strict=True))
    draft = Draft(
        name=NAME, title="Studio", url="https://www.studio.example/settings", locale=locale, on=date(2026, 11, 25),
        control=control, section=control.sections[0], meaning=meaning,  # type: ignore[arg-type]
    )  # fmt: skip
    return replace(draft, **changes)  # type: ignore[arg-type]


def recorded(into: Path, draft: Draft) -> list[Path]:
    """Write a draft as the command does."""
    with room(into, NAME) as place:
        if not (place.service / "site.toml").exists():
            (place.service / "site.toml").write_text(
                site_toml("Studio", draft.url, ("studio.example", "*.studio.example"), ())
            )
        write_flow(place, draft)
        return move_in(place)


@pytest.mark.parametrize(
    "draft",
    [
        a_draft(),
        a_draft(reveal=("Settings", 'Say "hi" \\ bye')),
        a_draft(replace(SWITCH, description="We learn from it.", kind="checkbox", style="input")),
        a_draft(LIST),
        a_draft(replace(LIST, kind="state_button", style="state_button")),
        a_draft(replace(LIST, kind="menu_button", style="menu_button"), told=frozenset({"Not allowed"})),
        a_draft(locale=""),
        a_draft(url="https://www.studio.example/#privacy"),
    ],
    ids=["switch", "behind two", "description", "list", "state button", "menu button", "no language", "fragment"],
)
def test_every_draft_is_a_flow_in_order(draft: Draft, tmp_path: Path) -> None:
    """Its files load, pass the audit, give every source, and have a stand-in with all ways to mislead."""
    recorded(tmp_path, draft)
    flow = shipped.load([tmp_path])[NAME]
    assert audit(flow)[0] == []
    assert len(load_site("studio", tmp_path).cast) > 15
    sources = {p.source for table in flow.labels.entries.values() for ps in table.values() for p in ps}
    told = {f"said by a person on {draft.on}, not seen on the page"} if draft.told else set()
    assert sources == {draft.source} | told
    assert flow.rule.confidence.meaning == "M"  # type: ignore[union-attr]
    assert flow.verified == ()


def test_another_language_is_added(tmp_path: Path) -> None:
    """The second recording adds its words and its stand-in; which value is which is told by what they mean."""
    recorded(tmp_path, a_draft(LIST))
    french = replace(LIST, label="Usage", sections=("Vie privée",), values=("Non autorisé", "Autorisé"))
    meaning = {"Non autorisé": "protects", "Autorisé": "trains"}
    changed = recorded(tmp_path, a_draft(french, locale="fr", meaning=meaning))
    assert [path.name for path in changed] == ["flow.toml"]
    flow = shipped.load([tmp_path])[NAME]
    values = {key: flow.labels.entries[key]["fr"][0].text for key in flow.rule.values}  # type: ignore[union-attr]
    assert {flow.rule.values[key]: text for key, text in values.items()} == {  # type: ignore[union-attr]
        "trains": "Autorisé", "protects": "Non autorisé",
    }  # fmt: skip
    assert {actor.locale for actor in load_site("studio", tmp_path).cast} >= {"en", "fr"}


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (a_draft(), "words for en already"),
        (a_draft(LIST, locale="fr"), "another kind of control"),
        (a_draft(locale="fr", meaning={"on": "protects", "off": "trains"}), "something else"),
        (a_draft(locale="fr", reveal=("Onglet",)), "something else"),
    ],
)
def test_a_contradiction_loses_nothing(draft: Draft, says: str, tmp_path: Path) -> None:
    """What does not fit the flow that is there is refused, and its files stay as they were."""
    recorded(tmp_path, a_draft())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(FlowError, match=says):
        recorded(tmp_path, draft)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("draft", "what"),
    [
        (a_draft(replace(SWITCH, label="Claire's posts train models")), "label"),
        (a_draft(section="Account 100080001234567"), "section"),
        (a_draft(reveal=("claire@atelier.example",)), "way"),
        (a_draft(url="https://www.studio.example/u/claire/settings"), "address"),
    ],
)
def test_words_and_address_name_nobody(draft: Draft, what: str) -> None:
    """A label, heading, step or address that holds something of the account is refused without repeating it."""
    masks = Masks(Masking(), Labels({}), ids=["Claire", "claire"])
    with pytest.raises(FlowError, match=f"the {what}") as refused:
        refuse_private(draft, masks)
    assert "laire" not in str(refused.value)
    assert "1000800" not in str(refused.value)
    refuse_private(a_draft(), masks)


def test_a_page_says_alone_what_it_shows(tmp_path: Path) -> None:
    """A recording that a refused request left unproven is filed with what its pages show without that request."""
    page = RecordedPage(url="https://www.studio.example/settings", status=200, file="en.html")
    live = Recording(
        date=date(2026, 11, 25), locale="en", source="x", verdict="unknown", reason="guard_blocked", pages=(page,)
    )
    with room(tmp_path, NAME) as place:
        (place.setting / "replica" / "recorded").mkdir(parents=True)
        write_table(place, a_draft(), shown_alone(live, "not_objected"))
        [file] = place.setting.rglob("*.toml")
        assert Recording.read(file) == live.model_copy(update={"verdict": "not_objected", "reason": ""})


def test_a_secret_in_any_file_stops_it(tmp_path: Path) -> None:
    """The last search sees every file; it names the file, never the value."""
    with room(tmp_path, NAME) as place:
        deep = place.setting / "replica" / "recorded"
        deep.mkdir(parents=True)
        (deep / "en.html").write_text("<p>x c0ffee-Token-91827 y</p>")
        with pytest.raises(FlowError, match="holds something of the account") as refused:
            refuse_secrets(place, Secrets(own=("c0ffee-Token-91827",)))
        assert "c0ffee" not in str(refused.value)
        assert "en.html" in str(refused.value)
        refuse_secrets(place, Secrets(own=("another-one-55",)))


def test_the_room_is_gone_and_a_place_that_cannot_be_is_told(tmp_path: Path) -> None:
    """Whatever goes wrong inside, nothing is left beside the flows; a file in place of the folder is one message."""
    with pytest.raises(ZeroDivisionError), room(tmp_path / "ours", NAME):
        raise ZeroDivisionError
    assert list((tmp_path / "ours").iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"), room(tmp_path / "file", NAME):
        pass


@pytest.mark.parametrize("sentence", ["We will … your objection", "We will(not) honour it", "We honour it, {either}"])
def test_a_sentence_that_would_be_a_pattern_is_not_recorded(sentence: str) -> None:
    """What stands for other words in a file of labels; names and addresses taken out of other sentences may stand."""
    kept = RecordedReply("We will honour your objection", Meaning.ACCEPTED, "", "", "", ("Hello {name}, see {link}",))
    with pytest.raises(FlowError, match="stands for other words"):
        replace(kept, sentence=sentence)
    with pytest.raises(FlowError, match="stands for other words"):
        replace(kept, beside=(sentence,))
